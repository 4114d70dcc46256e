import { isRefusal } from '@billtrail/kernel';
import { foreseen } from '@billtrail/application';
import { CommandFailed, EXIT, type ExitCode } from './exit-codes.js';
import { here } from './host.js';
import { forTerminal } from './output.js';

interface Failure {
  readonly exitCode: ExitCode;
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** What to do where nobody can tell whether a command was done; `key`: under which it was sent. */
export function againRemedy(key?: string): string {
  return key === undefined
    ? 'See whether it is there, then run the command again.'
    : `Run the same command again with --again ${key}: what was done is not done twice.`;
}

function failureOf(error: unknown): Failure {
  if (error instanceof CommandFailed) return error;
  const failure = foreseen(error);
  if (failure !== null) {
    const { told, here: otherwise } = failure;
    const again = told.code === 'OutcomeUnknown' && { remedy: againRemedy(here().node?.idempotencyKey) };
    return { exitCode: EXIT.storeUnavailable, ...told, ...otherwise, ...again };
  }
  // Errors that carry a refusal (an input file, a page request) are printed as that refusal.
  const refusal = (error as { refusal?: unknown } | null)?.refusal;
  if (isRefusal(refusal)) return { exitCode: EXIT.badInput, ...refusal };
  // Whoever is elsewhere has no use for it, and may not see all that it says.
  const { node } = here();
  if (node !== null) return { exitCode: EXIT.broken, ...node.broke(error) };
  const message = error instanceof Error ? error.message : String(error);
  return {
    exitCode: EXIT.broken,
    code: 'Broken',
    message,
    remedy: 'Run it again. If it happens again, report it.',
    details: {},
  };
}

/** Prints a failure to stderr, as JSON with `--json`, and returns the exit code. */
export function printFailure(error: unknown, json: boolean): ExitCode {
  const failure = toldHere(failureOf(error));
  if (json) {
    const { code, message, remedy, details } = failure;
    here().stderr.write(forTerminal(JSON.stringify({ error: { code, message, remedy, details } })));
  } else {
    here().stderr.write(forTerminal(`${failure.code}: ${failure.message}`));
    for (const problem of problemsOf(failure.details))
      here().stderr.write(forTerminal(`  - ${here().byCommand(problem)}`));
    if (!failure.message.includes(failure.remedy)) here().stderr.write(forTerminal(failure.remedy));
  }
  if (
    failure.exitCode === EXIT.broken &&
    here().node === null &&
    process.env['BILLTRAIL_DEBUG'] !== undefined &&
    error instanceof Error
  ) {
    here().stderr.write(forTerminal(String(error.stack)));
  }
  return failure.exitCode;
}

function toldHere(failure: Failure): Failure {
  const { byCommand } = here();
  return { ...failure, message: byCommand(failure.message), remedy: byCommand(failure.remedy) };
}

function problemsOf(details: Readonly<Record<string, unknown>>): string[] {
  const { problems } = details;
  if (!Array.isArray(problems)) return [];
  return problems.map((problem: unknown) => {
    if (typeof problem === 'string') return problem;
    const { path, message } = problem as { path?: string; message?: string };
    return [path, message].filter(Boolean).join(': ');
  });
}
