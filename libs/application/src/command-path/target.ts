import type { StreamName } from '@billtrail/event-store';

/**
 * What a command needs to know of its stream and its caller does not say, because it is looked up: the client and month of an invoice. What was found may be
 * another thing the next time, so a repeat asks the claim of its key, and nobody looks again.
 */
export interface Target {
  /** What the caller said to find it by, beside the command's own fields. */
  readonly by?: object;
  /** What it finds: fields of the command that nobody sends. */
  readonly fields: readonly string[];
  readonly find: () => Promise<object>;
  /** The same, from the stream that a claim names. */
  readonly of: (stream: StreamName) => object;
}
