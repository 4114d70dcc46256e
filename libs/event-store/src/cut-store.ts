import { StoreUnavailable } from './store-unavailable.js';
import { PositionUnknown } from './errors.js';
import type {
  AllSlice,
  Appended,
  Claimed,
  EventStore,
  Loaded,
  Newest,
  ReadAllOptions,
  ReadStreamOptions,
  RecordedEvent,
  StreamName,
  StreamSlice,
  StreamVersion,
} from './port.js';
import type { Position } from './position.js';

/** Events of a stream looked at in one read, from its end, for the last that was there: mostly little has happened since. */
const LOOKED_AT = 50;

/**
 * The log as it was when it ended at a position: what was recorded after it is in no answer, so that a question of then can't see what came later. Nothing
 * is appended to the past, and nobody waits there for what comes. The store behind it stays open, and stays its owner's to close.
 */
export class CutStore implements EventStore {
  constructor(
    private readonly whole: EventStore,
    protected readonly end: Position,
  ) {}

  async readStream(stream: StreamName, options: ReadStreamOptions = {}): Promise<StreamSlice> {
    const version = await this.versionThen(stream);
    if (version === 0) return { stream, version, events: [] };
    const bound = options.direction === 'backwards' ? 'from' : 'to';
    const most = Math.min(options[bound] ?? version, version);
    const { events } = await this.whole.readStream(stream, { ...options, [bound]: most });
    return { stream, version, events };
  }

  async load(stream: StreamName, commandId: string, options?: ReadStreamOptions): Promise<Loaded> {
    const { done } = await this.whole.load(stream, commandId, { limit: 1 });
    return {
      ...(await this.readStream(stream, options)),
      done: done !== null && !done.position.isAfter(this.end) ? done : null,
    };
  }

  async claimed(key: StreamName): Promise<Claimed | null> {
    return (await this.versionThen(key)) === 0 ? null : this.whole.claimed(key);
  }

  async readAll(options: ReadAllOptions): Promise<AllSlice> {
    const { after, upTo = this.end } = options;
    this.assertThen(after);
    this.assertThen(upTo);
    const slice = await this.whole.readAll({ ...options, upTo });
    return { ...slice, atEnd: !this.end.isAfter(slice.next) };
  }

  async *subscribe(): AsyncIterable<AllSlice> {
    await this.append();
    yield* [];
  }

  async eventAt(position: Position): Promise<RecordedEvent | null> {
    this.assertThen(position);
    return this.whole.eventAt(position);
  }

  async head(): Promise<Position> {
    return this.end;
  }

  async newest(): Promise<Newest | null> {
    const last = await this.whole.eventAt(this.end);
    return last === null ? null : { position: this.end, recordedAt: last.recordedAt };
  }

  damage(): StoreUnavailable | null {
    return this.whole.damage();
  }

  async append(): Promise<Appended> {
    throw new StoreUnavailable('read-only', `this is the log as it was at position ${this.end}`, 'Use the log of now');
  }

  /** What a store has of its file is of the whole log. */
  capability(): null {
    return null;
  }

  async close(): Promise<void> {
    // Its owner closes the store behind it.
  }

  protected assertThen(position: Position): void {
    if (position.isAfter(this.end)) throw new PositionUnknown(position);
  }

  private async versionThen(stream: StreamName): Promise<StreamVersion> {
    for (let from: StreamVersion | undefined; from !== 0;) {
      const read = { direction: 'backwards', limit: LOOKED_AT, ...(from !== undefined && { from }) } as const;
      const { events } = await this.whole.readStream(stream, read);
      const last = events.find(({ position }) => position <= this.end.at);
      if (last) return last.version;
      from = (events.at(-1)?.version ?? 1) - 1;
    }
    return 0;
  }
}
