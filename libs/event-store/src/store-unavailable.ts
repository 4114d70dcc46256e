export type StoreProblem =
  'locked' | 'disk-full' | 'read-only' | 'corrupt' | 'lost' | 'newer-schema' | 'not-a-store' | 'io-error' | 'closed';

/** The store is unavailable. `problem` names the cause, `remedy` what an operator can do about it. Nothing was acknowledged. */
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
