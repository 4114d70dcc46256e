import { FILL_ANEW, ReadModelsUnavailable } from './read-models-unavailable.js';

/** A row of the read models holds what was never written there: something else has changed their file. The log holds all that it should say. */
export class RowUnreadable extends ReadModelsUnavailable {
  constructor(
    readonly what: string,
    options?: { cause?: unknown },
  ) {
    super(`The read models' file was changed by something else: ${what}`, true, FILL_ANEW, options);
  }
}

/** What stands in a row as JSON. @throws RowUnreadable */
export function fromJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new RowUnreadable('a row holds a text that is no JSON', { cause });
  }
}
