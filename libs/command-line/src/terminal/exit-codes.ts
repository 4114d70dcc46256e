/** Exit codes, for scripts. Shown by `billtrail --help` and tested. */
export const EXIT = {
  done: 0,
  /** A bug or an unforeseen failure. */
  broken: 1,
  /** The command line or an input file is wrong. */
  badInput: 2,
  /** The rules forbid it. */
  refused: 3,
  /** It ran and found something: a changed event, or gaps with `--fail-on-gaps`. */
  found: 4,
  /** The store is unavailable: locked, full, damaged, read-only. */
  storeUnavailable: 5,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Ends a command with an exit code, a message and a remedy. */
export class CommandFailed extends Error {
  override readonly name = 'CommandFailed';
  constructor(
    readonly exitCode: ExitCode,
    readonly code: string,
    message: string,
    readonly remedy: string,
    readonly details: Readonly<Record<string, unknown>> = {},
  ) {
    super(message);
  }
}
