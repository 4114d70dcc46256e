import type { Actor, DomainEvent, Instant } from '@billtrail/kernel';
import type { Capabilities } from './capabilities.js';
import type { AskedFor } from './fingerprint.js';
import type { Position, PositionNumber } from './position.js';
import type { StoreUnavailable } from './store-unavailable.js';

/** Version of a stream: the number of its events; its first event has version 1. */
export type StreamVersion = number;

/** `ticket-INC0001`: the category before the first hyphen, the id after it. */
export type StreamName = string;

export function streamName(category: string, id: string): StreamName {
  return `${category}-${id}`;
}

export function categoryOf(stream: StreamName): string {
  const hyphen = stream.indexOf('-');
  return hyphen < 0 ? stream : stream.slice(0, hyphen);
}

export interface RecordedEvent<Event extends DomainEvent = DomainEvent> {
  readonly id: string;
  readonly stream: StreamName;
  readonly version: StreamVersion;
  /** Where it stands in the order of the log; its full position is {@link Position.of}. */
  readonly position: PositionNumber;
  readonly type: Event['type'];
  readonly data: Event['data'];
  /**
   * Why this version of the software can't read it: an unknown name, or a newer schema version. Then `type` is no type of ours, and `data` is as it was
   * stored. Reads of the whole log deliver such events and never skip one; reads of a stream are refused (`UnknownStoredEvent`). Absent: it can.
   */
  readonly unknown?: string;
  /** It is unknown because its personal fields are sealed, and can't be opened. */
  readonly sealed?: true;
  /** It is unknown because its data, of an earlier schema version, can't be lifted to the present one: no version wrote them so. */
  readonly unlifted?: true;
  /** The schema version under which it was stored; `data` is already lifted to the present one. */
  readonly schemaVersion: number;
  readonly occurredAt: Instant;
  readonly recordedAt: Instant;
  readonly actor: Actor;
  readonly commandId: string;
  readonly correlationId: string;
  readonly causationId: string | null;
}

/** The version that the stream must have: a number (0: it must not exist yet), `none` (the same as 0) or `any`. */
export type ExpectedVersion = StreamVersion | 'none' | 'any';

export interface AppendRequest {
  readonly stream: StreamName;
  /** Not looked at where the command id has already been carried out: a repeat gets its first answer. */
  readonly expected: ExpectedVersion;
  /** 1 to {@link MAX_EVENTS_PER_APPEND}, of {@link MAX_APPEND_BYTES} at most (`TooLarge`); they are recorded all or none. */
  readonly events: readonly DomainEvent[];
  readonly actor: Actor;
  /** The same command id on the same stream has one effect, however often it is sent. */
  readonly commandId: string;
  readonly correlationId: string;
  readonly causationId: string | null;
  /**
   * What was asked for, by `fingerprintOf`. The same command id with another fingerprint is refused (`CommandIdReused`). Where a type among the events lists personal fields it is stored under the
   * key of the stream, so that nobody can try guesses of what was sent; once that key is gone, a repeat is refused.
   */
  readonly fingerprint: string;
  /**
   * Longest wait from being asked until its turn to be written, as for a key of the vault or another process's lock; then it is refused (`DecisionTooOld`), for what it was decided from may have
   * changed. Absent: as long as it takes, for it rests on its own stream alone.
   */
  readonly maxWaitMs?: number;
  /** An operator vouches for the clock: record at its time, however far from the last event. */
  readonly acceptsClock?: boolean;
  /** It can't wait until a clock is sure: where the clock is suspect, it is recorded at the time of the last event. */
  readonly needsNoClock?: boolean;
}

/**
 * A key that an append takes for good. It is free, or it was taken for the same stream and the same fingerprint: then the append is what completes it.
 */
export interface Claim {
  /** The stream that stands for the key; its first event is the claim. */
  readonly key: StreamName;
  /** Of what is asked for under the key. One that is the fingerprint of the append itself is stored as that is. */
  readonly fingerprint: string;
}

export interface Appended {
  /** Version of the stream after the append. */
  readonly version: StreamVersion;
  /** Position of the last event appended. */
  readonly position: Position;
  /** True if this command id had already been appended: nothing was written, this is the first answer again. */
  readonly repeated: boolean;
}

export interface StreamSlice {
  readonly stream: StreamName;
  /** Version of the whole stream now: 0 where it does not exist. */
  readonly version: StreamVersion;
  readonly events: readonly RecordedEvent[];
}

/** What a command did before. What was recorded when callers need not give a fingerprint is for none. */
export interface Done extends Appended, AskedFor {}

/** What a key was claimed for. */
export interface Claimed extends Claim, AskedFor {
  /** Where it takes effect: a repeat goes there, and nobody looks for its stream again. */
  readonly stream: StreamName;
}

/** A stream, and what one command did on it before, as they were in one moment. */
export interface Loaded extends StreamSlice {
  /** What a repeat of the command is answered; null: it has done nothing on this stream yet. */
  readonly done: Done | null;
}

export interface ReadStreamOptions {
  readonly direction?: 'forwards' | 'backwards';
  /** First version to read, inclusive (backwards: the highest). */
  readonly from?: StreamVersion;
  /** Last version to read, inclusive (backwards: the lowest). */
  readonly to?: StreamVersion;
  /** At most this many; without it the whole range, however large: what decides on a stream folds all of it. */
  readonly limit?: number;
}

/** Where the log ends, and since when. */
export interface Newest {
  readonly position: Position;
  readonly recordedAt: Instant;
}

export interface EventFilter {
  readonly categories?: readonly string[];
  /** What the software does not know is delivered beside them: it may be of any type. */
  readonly types?: readonly string[];
}

export interface ReadAllOptions extends EventFilter {
  /** Only events after this position. */
  readonly after: Position;
  /** Only events up to this position, inclusive. */
  readonly upTo?: Position;
  /** At most this many events, 1 to {@link MAX_READ}; fewer where they are more than {@link MAX_READ_BYTES}. */
  readonly limit: number;
}

export interface AllSlice {
  readonly events: readonly RecordedEvent[];
  /**
   * Go on reading after this position, which is always that of an event. With a filter it may lie far beyond the last event returned,
   * so that a reader of rare events moves its checkpoint too; `events` may then be empty though more is to come.
   */
  readonly next: Position;
  /** True if nothing more was in the log after `next` at the time of reading. */
  readonly atEnd: boolean;
}

export interface SubscribeOptions extends EventFilter {
  readonly after: Position;
  /** At most this many events a slice, 1 to {@link MAX_READ}. */
  readonly batchSize?: number;
  /** Ends the subscription, cleanly: the iteration finishes, nothing throws. */
  readonly signal: AbortSignal;
}

export const MAX_READ = 20_000;
export const MAX_EVENTS_PER_APPEND = 10_000;
/** Most bytes of events in a slice of the log, counted as they are stored; one event is always in it. */
export const MAX_READ_BYTES = 32_000_000;
/** Largest data of one event, in bytes of its JSON in UTF-8 as it is appended: sealed, it is stored about a third larger. */
export const MAX_EVENT_BYTES = 1_000_000;
/**
 * Largest append: the data of its events as they are stored, sealed where they are, and for each of them its stored name, what the append says of all of them and {@link EVENT_BESIDE_BYTES}. An
 * EventStoreDB takes 16 MiB at most and its versions count differently: a quarter of a megabyte is left for what goes along with them.
 */
export const MAX_APPEND_BYTES = 16_500_000;
/** Counted for what else is stored with an event: its id, its times, names of fields. */
export const EVENT_BESIDE_BYTES = 200;
/** Longest stream name, command id, correlation id, causation id, actor id or fingerprint, in bytes of UTF-8. What is longer in old logs is read as it is. */
export const MAX_NAME_BYTES = 250;

/**
 * The log. Refusals of `append`, in the order in which they are looked for: `InvalidStoreRequest`, `TooLarge`, `CommandIdReused`,
 * `ClaimTaken`, `WrongExpectedVersion`, `DecisionTooOld`, `ClockSuspect`; `StoreUnavailable` where the store can't work, and `OutcomeUnknown` where it failed so that it can't tell. One append is atomic; an acknowledged append is on the disk. Appends to different streams are not atomic together:
 * what must happen in two streams is carried by a policy that can be interrupted anywhere.
 */
export interface EventStore {
  /**
   * Claims are recorded before it, each in its own stream. A store with transactions over streams records all or nothing; one without records the claims first, in
   * their order, so that a repeat finds them and completes what was interrupted.
   */
  append(request: AppendRequest, claims?: readonly Claim[]): Promise<Appended>;
  /** What a decision begins with: the stream, and whether the command was carried out on it already, so that a repeat is not decided again. */
  load(stream: StreamName, commandId: string, options?: ReadStreamOptions): Promise<Loaded>;
  /** What a key was claimed for; null: it is free. Its fingerprint is as it is stored, to be handed to an append that completes it. */
  claimed(key: StreamName): Promise<Claimed | null>;
  readStream(stream: StreamName, options?: ReadStreamOptions): Promise<StreamSlice>;
  /** @throws PositionUnknown where `after` or `upTo` is not of this log */
  readAll(options: ReadAllOptions): Promise<AllSlice>;
  /**
   * Catches up from a position, then follows live: no event missed, none twice, in the order of the log. The next slice is
   * read when it is asked for, so a slow reader costs nothing. Every slice moves `next`; with a filter its `events` may be empty.
   * Ends when the store is closed.
   * @throws PositionUnknown where `after` is not of this log, or the log was put back behind its reader
   */
  subscribe(options: SubscribeOptions): AsyncIterable<AllSlice>;
  /**
   * The event at a position; null at {@link START}. Whoever kept a position asks so whether it is of this log.
   * @throws PositionUnknown where another event is there, or none
   */
  eventAt(position: Position): Promise<RecordedEvent | null>;
  /** Position of the last event; {@link START} for an empty log. */
  head(): Promise<Position>;
  /** What this kind of store can do beyond the port; null: it can't. Ask by name, and say plainly where it is missing. */
  capability<Name extends keyof Capabilities>(name: Name): Capabilities[Name] | null;
  /** Why nothing can be appended until an operator has acted, such as a damaged or a lost file; null where all is well. Reading goes on as far as it can. */
  damage(): StoreUnavailable | null;
  /** The event recorded last; null for an empty log. Told at start, where an operator may see that the log is an older one. */
  newest(): Promise<Newest | null>;
  close(): Promise<void>;
}
