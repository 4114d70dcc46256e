import type { ExpectedVersion, StreamName, StreamVersion } from './port.js';

/** The request can't be meant: outside a limit of the port, or not what an event looks like. Nothing was written or read. */
export class InvalidStoreRequest extends Error {
  override readonly name = 'InvalidStoreRequest';
}

/** Another writer was first. Load, decide and append again, where the command allows it. */
export class WrongExpectedVersion extends Error {
  override readonly name = 'WrongExpectedVersion';
  constructor(
    readonly stream: StreamName,
    readonly expected: ExpectedVersion,
    readonly actual: StreamVersion,
  ) {
    super(`stream ${stream} is at version ${actual}, expected ${expected}`);
  }
}

/** The same command id came again with other events. Nothing was written. */
export class CommandIdReused extends Error {
  override readonly name = 'CommandIdReused';
  constructor(
    readonly stream: StreamName,
    readonly commandId: string,
  ) {
    super(`command ${commandId} was already carried out on ${stream} with another content; use a new command id`);
  }
}

export type StoreProblem =
  'locked' | 'disk-full' | 'read-only' | 'corrupt' | 'newer-schema' | 'not-a-store' | 'io-error' | 'closed';

/** The store can't do its work. `problem` names the cause, `remedy` what an operator does about it. Nothing was acknowledged. */
export class StoreUnavailable extends Error {
  override readonly name = 'StoreUnavailable';
  constructor(
    readonly problem: StoreProblem,
    message: string,
    readonly remedy: string,
    options?: { cause?: unknown },
  ) {
    super(`${message}. ${remedy}`, options);
  }
}

/** An event that this version of the software does not know. Reading stops: nothing is skipped in silence. */
export class UnknownStoredEvent extends Error {
  override readonly name = 'UnknownStoredEvent';
}
