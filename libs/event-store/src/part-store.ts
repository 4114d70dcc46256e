import { CutStore } from './cut-store.js';
import type { AllSlice, EventStore, ReadAllOptions, RecordedEvent, StreamName } from './port.js';
import { latest, Position } from './position.js';

/** Streams read in one turn: a vault is asked for their keys at once. */
const STREAMS_AT_ONCE = 100;
/** Events of a stream read at once: what a long one tells after the end is not read. */
const EVENTS_AT_ONCE = 200;
/** Of more events than this a part is not kept in memory: some 100 MB. */
const MOST_EVENTS = 50_000;

/**
 * Some streams of the log as it was when it ended at a position, merged by position: for a question that needs no others. All else is as in a
 * {@link CutStore}; reads of the whole log deliver these streams alone.
 */
export class PartStore extends CutStore {
  private constructor(
    whole: EventStore,
    end: Position,
    private readonly events: readonly RecordedEvent[],
  ) {
    super(whole, end);
  }

  /** `also`: events that stand for what other streams told. null: they have more than `most` events, so the whole log is better read piece by piece. @throws UnknownStoredEvent */
  static async of(
    whole: EventStore,
    end: Position,
    streams: readonly StreamName[],
    also: readonly RecordedEvent[] = [],
    most = MOST_EVENTS,
  ): Promise<PartStore | null> {
    const events: RecordedEvent[] = [];
    for (let from = 0; from < streams.length; from += STREAMS_AT_ONCE) {
      const some = streams.slice(from, from + STREAMS_AT_ONCE);
      const read = await Promise.all(some.map((stream) => readUpTo(whole, stream, end)));
      for (const event of read.flat()) events.push(event);
      if (events.length > most) return null;
    }
    const taken = new Set(events.map(({ position }) => position));
    events.push(...also.filter(({ position }) => position <= end.at && !taken.has(position)));
    return new PartStore(
      whole,
      end,
      events.sort((one, other) => one.position - other.position),
    );
  }

  override async readAll({ after, upTo = this.end, limit, types, categories }: ReadAllOptions): Promise<AllSlice> {
    if (categories !== undefined) throw new Error('a part of the log is read by types');
    this.assertThen(after);
    this.assertThen(upTo);
    const from = this.events.findIndex(({ position }) => position > after.at);
    const asked = types && new Set(types);
    const found: RecordedEvent[] = [];
    for (const event of from < 0 ? [] : this.events.slice(from)) {
      if (event.position > upTo.at || found.length === limit) break;
      if (asked?.has(event.type) ?? true) found.push(event);
    }
    const last = found.length === limit ? found.at(-1) : undefined;
    const next = last === undefined ? latest([after, upTo]) : Position.of(last);
    return { events: found, next, atEnd: !this.end.isAfter(next) };
  }
}

async function readUpTo(whole: EventStore, stream: StreamName, end: Position): Promise<readonly RecordedEvent[]> {
  const found: RecordedEvent[] = [];
  for (;;) {
    const { events, version } = await whole.readStream(stream, { from: found.length + 1, limit: EVENTS_AT_ONCE });
    const then = events.filter(({ position }) => position <= end.at);
    for (const event of then) found.push(event);
    if (then.length < events.length || found.length >= version) return found;
  }
}
