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
  /** It was recorded as a request, and has no effect until another person approves it. */
  waits: 6,
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

/** A command has done what it could, and told it: what it asked for waits for another person. */
export class WaitsForAnother extends Error {
  override readonly name = 'WaitsForAnother';
  constructor() {
    super('what was asked for waits for another person');
  }
}
