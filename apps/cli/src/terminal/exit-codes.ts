/** What a script can tell from the exit code. Shown by `billtrail help exit-codes` and tested. */
export const EXIT = {
  done: 0,
  /** A bug or an unforeseen failure. */
  broken: 1,
  /** The command line or an input file is not as it must be. */
  badInput: 2,
  /** The rules forbid it. */
  refused: 3,
  /** It ran and found something: a changed event, a gap where `--fail-on-gaps` was asked for. */
  found: 4,
  /** The store can't be used: locked, full, damaged, read-only. */
  storeUnavailable: 5,
} as const;
export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Ends a command with a code and what a person needs to know. */
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
