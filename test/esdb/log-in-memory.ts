/** An event as the engine holds it. */
export interface HeldEvent {
  readonly id: string;
  readonly stream: string;
  /** From 0. */
  readonly revision: number;
  /** Bytes from the beginning of the log. */
  readonly position: number;
  readonly type: string;
  readonly contentType: string;
  readonly data: Uint8Array;
  readonly metadata: Uint8Array;
  /** Milliseconds since 1970, of the engine's clock. */
  readonly created: number;
}

export type ProposedEvent = Pick<HeldEvent, 'id' | 'type' | 'contentType' | 'data' | 'metadata'>;

/** The revision that the stream must have. */
export type ExpectedRevision = number | 'no-stream' | 'any' | 'exists';

/** `last`: the event that is the last of what was asked for. */
export type Appended =
  | { readonly last: HeldEvent; readonly isWritten: boolean }
  /** Null: there is no such stream. */
  | { readonly conflict: number | null };

/** Where a read of the whole log begins. */
export type AllFrom = 'start' | 'end' | number;
export type StreamFrom = 'start' | 'end' | number;
export type Direction = 'forwards' | 'backwards';

/** A read from a position that is no event's. */
export class NoEventThere extends Error {}

/** Used servers begin far behind what anybody would count. */
const FIRST_POSITION = 238_000_117;
const BYTES_BESIDE = 96;
/** The engine writes events of its own between those of others. */
const APPENDS_BETWEEN_STATISTICS = 9;

/** What an EventStoreDB promises of its log, in memory: its order, positions, revisions, and how it tells an append that is sent again. */
export class LogInMemory {
  readonly events: HeldEvent[] = [];
  private readonly streams = new Map<string, HeldEvent[]>();
  private readonly indexOfPosition = new Map<number, number>();
  private readonly waiting = new Set<() => void>();
  /** Ids that it remembers while it runs, for appends that expect no revision. */
  private ofThisRun = new Map<string, HeldEvent>();
  private end = FIRST_POSITION;
  private appends = 0;

  constructor(private readonly clock: () => number = Date.now) {
    this.writeStatistics();
  }

  append(stream: string, expected: ExpectedRevision, proposed: readonly ProposedEvent[]): Appended {
    const held = this.streams.get(stream) ?? [];
    const current = held.length - 1;
    const conflict = { conflict: current < 0 ? null : current };
    if (expected === 'any' || expected === 'exists') {
      const again = this.sentAgainInThisRun(stream, proposed);
      if (again) return { last: again, isWritten: false };
      return expected === 'exists' && current < 0 ? conflict : this.write(stream, proposed);
    }
    const revision = expected === 'no-stream' ? -1 : expected;
    if (revision === current) return this.write(stream, proposed);
    // At an older revision the ids are compared, and never the content.
    const after = held.slice(revision + 1, revision + 1 + proposed.length);
    const last = after.at(-1);
    const isAgain = after.length === proposed.length && after.every(({ id }, index) => id === proposed[index]?.id);
    return revision < current && isAgain && last ? { last, isWritten: false } : conflict;
  }

  /** Null: there is no such stream. */
  readStream(stream: string, from: StreamFrom, direction: Direction, count: number): readonly HeldEvent[] | null {
    const held = this.streams.get(stream);
    if (held === undefined) return null;
    const last = held.length - 1;
    if (direction === 'forwards') {
      const first = from === 'start' ? 0 : from === 'end' ? last + 1 : from;
      return held.slice(first, first + count);
    }
    const highest = from === 'end' ? last : from === 'start' ? 0 : Math.min(from, last);
    return held.slice(Math.max(0, highest + 1 - count), highest + 1).toReversed();
  }

  /** Forwards the event at the position is the first, backwards it is left out. @throws NoEventThere */
  readAll(from: AllFrom, direction: Direction, count: number): readonly HeldEvent[] {
    if (direction === 'forwards') {
      const first = from === 'start' ? 0 : from === 'end' ? this.events.length : this.indexOf(from);
      return this.events.slice(first, first + count);
    }
    const before = from === 'end' ? this.events.length : from === 'start' ? 0 : this.indexOf(from);
    return this.events.slice(Math.max(0, before - count), before).toReversed();
  }

  /** How many events lie up to the position. Beyond the end nobody looks what is there. @throws NoEventThere */
  countUpTo(position: AllFrom): number {
    if (position === 'start') return 0;
    if (position === 'end') return this.events.length;
    const index = this.indexOf(position);
    return Math.min(index + 1, this.events.length);
  }

  /** Until something is appended, or the signal aborts. */
  grown(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        this.waiting.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      if (signal.aborted) return resolve();
      this.waiting.add(wake);
      signal.addEventListener('abort', wake, { once: true });
    });
  }

  /** What it remembers only while it runs is gone. */
  restarted(): void {
    this.ofThisRun = new Map();
  }

  private indexOf(position: number): number {
    if (position === 0) return 0;
    if (position >= this.end) return this.events.length;
    const index = this.indexOfPosition.get(position);
    if (index === undefined) throw new NoEventThere();
    return index;
  }

  private sentAgainInThisRun(stream: string, proposed: readonly ProposedEvent[]): HeldEvent | undefined {
    const before = proposed.map(({ id }) => this.ofThisRun.get(`${stream} ${id}`));
    return before.every((event) => event !== undefined) ? before.at(-1) : undefined;
  }

  private write(stream: string, proposed: readonly ProposedEvent[]): Appended {
    const last = this.add(stream, proposed);
    this.appends += 1;
    if (this.appends % APPENDS_BETWEEN_STATISTICS === 0) this.writeStatistics();
    for (const wake of this.waiting) wake();
    return { last, isWritten: true };
  }

  private writeStatistics(): void {
    const data = new TextEncoder().encode('{"proc":{}}');
    this.add('$stats-127.0.0.1:2113', [
      {
        id: crypto.randomUUID(),
        type: '$statsCollected',
        contentType: 'application/json',
        data,
        metadata: new Uint8Array(),
      },
    ]);
  }

  private add(stream: string, proposed: readonly ProposedEvent[]): HeldEvent {
    const held = this.streams.get(stream) ?? [];
    this.streams.set(stream, held);
    const created = this.clock();
    for (const event of proposed) {
      const added = { ...event, stream, revision: held.length, position: this.end, created };
      this.indexOfPosition.set(this.end, this.events.length);
      this.events.push(added);
      held.push(added);
      this.ofThisRun.set(`${stream} ${event.id}`, added);
      this.end += BYTES_BESIDE + event.data.length + event.metadata.length;
    }
    return held.at(-1) as HeldEvent;
  }
}
