import type { Instant } from '@billtrail/kernel';

/** An event as the engine holds it. */
export interface EngineEvent {
  readonly id: string;
  readonly stream: string;
  /** From 0. */
  readonly revision: number;
  readonly position: number;
  readonly type: string;
  /** Parsed JSON; bytes where it was not appended as JSON. */
  readonly data: unknown;
  readonly metadata: unknown;
  /** By the engine's clock. */
  readonly created: Instant;
}

export interface EngineEventToAppend {
  readonly id: string;
  readonly type: string;
  /** Plain JSON; bytes are kept as they are. */
  readonly data: object | Uint8Array;
  readonly metadata: object;
}

/** The place of the last event that was appended. */
export interface EngineAppended {
  readonly revision: number;
  readonly position: number;
}

export interface EngineRead<From> {
  readonly from: From | 'start' | 'end';
  readonly direction: 'forwards' | 'backwards';
  readonly most: number;
}

/** Told by the engine to whoever follows its log, in this order. */
export interface Heard {
  event(event: EngineEvent): void;
  /** All that was there has been told. */
  caughtUp(): void;
  /** It was not told all meanwhile; it goes on until it has caught up again. */
  fellBehind(): void;
  /** Nothing more is told. */
  ended(error: unknown): void;
}

export interface Following {
  pause(): void;
  resume(): void;
  stop(): void;
}

/** What the adapter needs of a client of the engine: one that speaks its protocol can fill it. Every error is an {@link EngineFailure}. */
export interface Engine {
  /** `revision`: of the last event of the stream, -1: it must not exist. Null: it is another. */
  append(stream: string, revision: number, events: readonly EngineEventToAppend[]): Promise<EngineAppended | null>;
  /** Empty where there is no such stream. */
  readStream(stream: string, read: EngineRead<number>): Promise<EngineEvent[]>;
  /** Forwards from a position with the event there, backwards without it. */
  readAll(read: EngineRead<number>): AsyncIterable<EngineEvent>;
  /** After a position. */
  follow(after: number | 'start', heard: Heard): Following;
  /** Takes the place of the one reader of a subscription that the engine keeps, until {@link Holding.stop} or `ended`. Null: another reader has it. */
  hold(group: string, ended: () => void): Promise<Holding | null>;
  /** Makes a subscription for {@link hold}; only an administrator may, and one that is there stays. */
  makeHoldable(group: string): Promise<void>;
  close(): Promise<void>;
}

export interface Holding {
  stop(): void;
}

/**
 * Why the engine did not answer. `outage`: it or the way to it is away, which passes. `not-leader`: another node leads, and the client goes there. `no-event`: it was asked to begin at a position that is
 * no event's, or it can't say what is wrong (UNKNOWN): asked again it says the same. `no-group`: nobody made the subscription. All others are an operator's to mend.
 */
export type FailureKind =
  | 'outage'
  | 'no-leader'
  | 'not-leader'
  | 'no-event'
  | 'not-allowed'
  | 'wrong-password'
  | 'untrusted-certificate'
  | 'tls-required'
  | 'too-large'
  | 'no-group'
  | 'deleted';

export class EngineFailure extends Error {
  override readonly name = 'EngineFailure';
  /** What was asked for, in words: the right that is missing where it is not allowed. */
  act: string | null = null;
  constructor(
    readonly kind: FailureKind,
    message: string,
    /** It was not even sent. */
    readonly isNotSent: boolean,
    options?: { cause?: unknown },
  ) {
    super(message, options);
  }
}
