import type { Actor, Instant } from '@billtrail/kernel';
import type { Lease } from './lease.js';

/** One finding of a verification of the chain. It names the first event that is wrong. */
export interface ChainFinding {
  /** A number alone: the event itself may be missing. */
  readonly position: number;
  readonly stream: string | null;
  readonly version: number | null;
  readonly problem: 'changed' | 'missing' | 'reordered' | 'unreadable' | 'truncated';
  readonly message: string;
}

export interface ChainReport {
  readonly events: number;
  readonly head: number;
  /** Chain value at the head, hexadecimal: keep it elsewhere and hand it to `verify` to prove that the tail is all there. */
  readonly headHash: string;
  /** Up to this position personal fields are in plain text, later ones are sealed; 0: all are. Null: the log was not opened for writing since it can tell. */
  readonly plainUpTo: number | null;
  readonly findings: readonly ChainFinding[];
}

export interface VerifyOptions {
  /** Proves that nothing was cut off the end. */
  readonly expectedHeadHash?: string;
  readonly onProgress?: (position: number) => void;
}

/** Each event's hash covers the one before, so that what was changed, dropped or reordered in its file is found. */
export interface Chain {
  /** Walks the whole of it. */
  verify(options?: VerifyOptions): Promise<ChainReport>;
}

/** An event as it is stored: nothing is lifted to the present schema version, and what is sealed stays so. */
export interface StoredEvent {
  readonly id: string;
  readonly version: number;
  readonly storedName: string;
  readonly schemaVersion: number;
  readonly occurredAt: Instant;
  /** Its data, to the byte. */
  readonly json: string;
}

/** An append as it is stored, with its events. A claim is one in the stream of its key. */
export interface StoredAppend {
  readonly stream: string;
  readonly actor: Actor;
  readonly commandId: string;
  /** Null: its caller gave none, as in old logs. */
  readonly fingerprint: string | null;
  readonly correlationId: string;
  readonly causationId: string | null;
  readonly recordedAt: Instant;
  readonly events: readonly StoredEvent[];
}

/** A log as one store hands it to another. */
export interface WholeLog {
  /** In so many events from the first on personal fields are in plain text; in all later ones they are sealed. */
  readonly plainEvents: number;
  /** In the order of the log, each time from its beginning. */
  appends(): AsyncIterable<StoredAppend>;
}

export interface CopiedIn {
  /** Events that were written. */
  readonly written: number;
  /** Events that a copy which was interrupted had written before. */
  readonly held: number;
}

/** Carries a whole log from one store to another: ids, times, claims and bytes stay, and positions are those that the other store gives. Keys of streams are the vault's, and go with it. */
export interface Copying {
  /** The log up to its present end. What is damaged is not handed on (`StoreUnavailable`). */
  copyOut(): WholeLog;
  /**
   * Writes all of another log. This one is empty, or it holds the beginning of the same: then the copy was interrupted, and goes on there; done twice it writes nothing.
   * What it returns is on the disk.
   * @throws LogNotEmpty where this log holds anything else; from the first event that differs on nothing is written
   */
  copyIn(log: WholeLog): Promise<CopiedIn>;
}

/** What a store may have and another need not: evidence and tools of its own kind of file. Nothing that is decided or billed rests on one. */
export interface Capabilities {
  readonly chain: Chain;
  readonly copying: Copying;
  /** Kept by the store itself, over all processes that use this log. */
  readonly lease: Lease;
}
