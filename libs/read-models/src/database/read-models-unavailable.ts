export const FILL_ANEW = 'Fill it anew from the log: billtrail rebuild';

/** The read models' file can't be used. It holds nothing that the log doesn't hold: deleting it is always a way out. */
export class ReadModelsUnavailable extends Error {
  override readonly name = 'ReadModelsUnavailable';
  constructor(
    message: string,
    /** The file itself is broken, and not its folder or its rights: filling it anew is the remedy. */
    readonly isDamaged: boolean,
    readonly remedy: string,
    options?: { cause?: unknown },
  ) {
    super(`${message}. ${remedy}`, options);
  }
}
