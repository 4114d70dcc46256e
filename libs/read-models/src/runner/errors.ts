import type { Position } from '@billtrail/event-store';

/** Another process moved this read model's checkpoint first. Nothing was written; the runner looks again and goes on from there. */
export class FenceLost extends Error {
  override readonly name = 'FenceLost';
  constructor(readonly model: string) {
    super(`the checkpoint of read model "${model}" was moved by another process`);
  }
}

/** A read model stopped at an event or a rating that its projection could not take. The others go on. */
export class ReadModelStopped extends Error {
  override readonly name = 'ReadModelStopped';
  constructor(
    readonly model: string,
    readonly position: Position | null,
    cause: string,
  ) {
    super(
      `read model "${model}" has stopped${position === null ? '' : ` at position ${position}`}: ${cause}. ` +
        'The log is unharmed; start again with a version that can take it, or rebuild the read model',
    );
  }
}

/** The read models had not reached a position after all the steps that the caller waited for. */
export class ReadModelsBehind extends Error {
  override readonly name = 'ReadModelsBehind';
  constructor(
    readonly wanted: Position,
    readonly reached: Position,
  ) {
    super(`the read models are at position ${reached}, not yet at ${wanted}; ask again`);
  }
}
