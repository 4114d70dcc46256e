import type { ParkedStream, ReadModels } from '@billtrail/read-models';

/** What is remembered as told; beyond it, it may be told again. */
const MAX_TOLD = 1_000;

/** Tells once of each stream that is parked, so that an error of the program does not hide in a list that nobody asks for. */
export class ToldParked {
  private readonly told = new Set<string>();

  constructor(
    private readonly models: Pick<ReadModels, 'known'>,
    private readonly tell: (parked: ParkedStream) => void,
  ) {}

  look(): void {
    const { known } = this.models;
    if (known.parkedInShort() === null) return;
    for (const parked of known.parkedStreams().items) {
      const key = `${parked.stream} ${parked.period} ${parked.cause}`;
      if (this.told.has(key)) continue;
      if (this.told.size >= MAX_TOLD) this.told.clear();
      this.told.add(key);
      this.tell(parked);
    }
  }
}
