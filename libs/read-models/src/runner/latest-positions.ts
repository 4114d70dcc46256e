import { Position, type PositionNumber, type RecordedEvent } from '@billtrail/event-store';

/** More than whoever has just written is behind by. */
const MOST = 4_096;

/** Of the last events that were read, where they stand: a position of them is of this log, and nobody need ask the log, which may be away. */
export class LatestPositions {
  private readonly tags = new Map<PositionNumber, string>();

  constructor(private readonly most = MOST) {}

  read(events: readonly RecordedEvent[]): void {
    for (const event of events.slice(-this.most)) {
      const { at, tag } = Position.of(event);
      this.tags.set(at, tag);
    }
    for (const first of this.tags.keys()) {
      if (this.tags.size <= this.most) return;
      this.tags.delete(first);
    }
  }

  has({ at, tag }: Position): boolean {
    return this.tags.get(at) === tag;
  }
}
