import type { ExpectedVersion, StreamName, StreamVersion } from './port.js';

/** A request outside the limits of the port, or not a well-formed event. Nothing was written or read. */
export class InvalidStoreRequest extends Error {
  override readonly name = 'InvalidStoreRequest';
}

/** Another writer was first. Load, decide and append again, if the command allows it. */
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

/** The same command id was used again with different events. Nothing was written. */
export class CommandIdReused extends Error {
  override readonly name = 'CommandIdReused';
  constructor(
    readonly stream: StreamName,
    readonly commandId: string,
  ) {
    super(`command ${commandId} was already carried out on ${stream} with different content; use a new command id`);
  }
}

/** An event unknown to this version of the software. Reading stops: nothing is skipped silently. */
export class UnknownStoredEvent extends Error {
  override readonly name = 'UnknownStoredEvent';
}
