/** Of a file. */
export type FileProblem =
  'locked' | 'disk-full' | 'read-only' | 'corrupt' | 'lost' | 'newer-schema' | 'not-a-store' | 'io-error' | 'closed';

/** Of an engine that is asked over a network. */
export type EngineProblem =
  | 'unreachable'
  | 'no-leader'
  | 'not-allowed'
  | 'wrong-password'
  | 'untrusted-certificate'
  | 'tls-required'
  | 'deleted'
  | 'closed';

export type StoreProblem = FileProblem | EngineProblem;

const MAY_PASS: ReadonlySet<StoreProblem> = new Set([
  'disk-full',
  'unreachable',
  'no-leader',
  'not-allowed',
  'wrong-password',
  'untrusted-certificate',
  'tls-required',
]);

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

  /** It may end while the process runs: somebody makes room, or the engine can be reached and used again. Who follows the log waits for it. */
  get mayPass(): boolean {
    return MAY_PASS.has(this.problem);
  }
}
