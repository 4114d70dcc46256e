import type { Instant } from '@billtrail/kernel';
import type { Position } from './position.js';
import type { ExpectedVersion, StreamName, StreamVersion } from './port.js';

/** A request outside the limits of the port, or not a well-formed event. Nothing was written or read. */
export class InvalidStoreRequest extends Error {
  override readonly name = 'InvalidStoreRequest';
}

/** What would be recorded is larger than the log takes, at once or in one event. Nothing was written. */
export class TooLarge extends Error {
  override readonly name = 'TooLarge';
  constructor(
    /** What it is: an append, or the data of a type. */
    what: string,
    readonly bytes: number,
    readonly limit: number,
  ) {
    super(`${what} has ${bytes} bytes, the limit is ${limit}`);
  }
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

/** It waited too long for its turn to be written. Nothing was written: collect the facts, decide and append again. */
export class DecisionTooOld extends Error {
  override readonly name = 'DecisionTooOld';
  constructor(
    readonly stream: StreamName,
    readonly waitedMs: number,
  ) {
    super(`the append to ${stream} waited ${Math.round(waitedMs)} ms for its turn`);
  }
}

/** The same command id was used again for something else. Nothing was written. */
export class CommandIdReused extends Error {
  override readonly name = 'CommandIdReused';
  constructor(
    readonly stream: StreamName,
    readonly commandId: string,
  ) {
    super(`command ${commandId} was already carried out on ${stream}, for something else; use a new command id`);
  }
}

/** A key is claimed for another stream or another request. Nothing was written: see what it is claimed for. */
export class ClaimTaken extends Error {
  override readonly name = 'ClaimTaken';
  constructor(
    /** The stream that stands for the key. */
    readonly key: StreamName,
  ) {
    super(`${key} is claimed for another stream or another request`);
  }
}

/**
 * The disk failed while the append was being made sure of, or the engine went away before it answered: it may be in the log, or not. Sent again with the same command id it has one effect.
 */
export class OutcomeUnknown extends Error {
  override readonly name = 'OutcomeUnknown';
  constructor(
    /** Of all appends that shared the write. */
    readonly commandIds: readonly string[],
    options?: { cause?: unknown },
  ) {
    super(
      `whether ${commandIds.join(', ')} was recorded is not known, for the store failed in that moment. ` +
        'Send it again with the same command id: it has one effect',
      options,
    );
  }
}

/** How two clocks are brought together. */
const CLOCK_APART_REMEDY =
  'Let one time server set the clocks of this machine and of the nodes of EventStoreDB: it goes on by itself then. Other servers go on meanwhile.';
/** How a suspected clock is mended; or it was right, and the log slept, or the last event has a wrong time. */
const CLOCK_REMEDY = 'Set the clock right. If it is right, say so once: billtrail clock accept';

/**
 * The clock of this machine is more than an hour behind the last event, or more than seven days ahead of it. Nothing was written: one bad clock must not date
 * the log. Reading goes on.
 */
export class ClockSuspect extends Error {
  override readonly name: string = 'ClockSuspect';
  /** How it is mended. */
  readonly remedy: string = CLOCK_REMEDY;
  constructor(
    /** What the clock says. */
    readonly clock: Instant,
    /** When the last event was recorded: what can't wait is recorded at that time. */
    readonly last: Instant,
    message = `the clock of this machine says ${clock}, and the last event was recorded ${last}: nothing is recorded until one of the two is sure`,
  ) {
    super(message);
  }
}

/**
 * The clock of this machine and that of the engine that keeps the log are more than two seconds apart: several processes must date one log alike. Nothing was written, and this process does not lead.
 */
export class ClockApart extends ClockSuspect {
  override readonly name = 'ClockApart';
  override readonly remedy = CLOCK_APART_REMEDY;
  constructor(
    clock: Instant,
    /** What that of the engine says. */
    readonly store: Instant,
  ) {
    super(
      clock,
      store,
      `the clock of this machine says ${clock}, and that of EventStoreDB ${store}: this server neither records nor leads until they are within two seconds`,
    );
  }
}

/** What to do where the vault lacks the key of a stream, wherever it is told. */
export const VAULT_INCOMPLETE_REMEDY =
  'Put back the vault that holds the key, or the last backup of it that does, and restart a server that is running. Nothing is lost from the log.';

/** What to do where data of an event are none that any version wrote, wherever it is told. */
export const UNLIFTED_REMEDY =
  'See whether the log is as it was written: billtrail verify. If it is not, put back the last backup that is. If it is, report it, and start a version that can read the event: it is tried again at each start.';

/** Why an event can't be read. `newer`: this version of the software doesn't know it. `sealed`: the vault lacks the key of its personal fields. `unlifted`: its data are none that any version wrote. */
export type WhyUnread = 'newer' | 'sealed' | 'unlifted';

/** A stream holds an event that can't be read, so nothing can be decided on it. */
export class UnknownStoredEvent extends Error {
  override readonly name = 'UnknownStoredEvent';
  constructor(
    readonly stream: StreamName,
    readonly why: string,
    readonly kind: WhyUnread = 'newer',
  ) {
    super(`${stream}: ${why}`);
  }
}

/** Another event is at that position of the log, or none: the position is of another log, or of one that was restored since. */
export class PositionUnknown extends Error {
  override readonly name = 'PositionUnknown';
  constructor(readonly position: Position) {
    super(`position ${position} is not of this log: another event is there, or none`);
  }
}

/** A whole log is copied into an empty one only: this one holds events that the other does not begin with. */
export class LogNotEmpty extends Error {
  override readonly name = 'LogNotEmpty';
  constructor(
    /** The first that differs. */
    readonly stream: StreamName,
    readonly version: StreamVersion,
  ) {
    super(
      `the log holds version ${version} of ${stream}, which the log that is copied in does not have there: copy it into a file that does not exist yet`,
    );
  }
}
