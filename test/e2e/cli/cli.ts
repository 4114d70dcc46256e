import { run } from '../../../libs/command-line/src/program.js';

export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs `billtrail ARGUMENTS` to its end, in this process: a process of its own spends most of its time on loading the program. One after the other, for there is one standard
 * output. What only a process can show, `built` (`built.ts`) proves.
 */
export function billtrail(...args: readonly string[]): Promise<Run> {
  return billtrail.with({}, ...args);
}

let before: Promise<unknown> = Promise.resolve();

/** The same, with variables of its own. */
billtrail.with = (variables: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<Run> => {
  const mine = before.then(() => captured(variables, args));
  before = mine.catch(() => undefined);
  return mine;
};

async function captured(variables: Readonly<Record<string, string>>, args: readonly string[]): Promise<Run> {
  const written = { stdout: '', stderr: '' };
  const { stdout, stderr } = process;
  const kept = { env: process.env, stdout: stdout.write, stderr: stderr.write };
  process.env = { ...kept.env, NO_COLOR: '1', ...variables };
  stdout.write = (text: string | Uint8Array) => ((written.stdout += String(text)), true);
  stderr.write = (text: string | Uint8Array) => ((written.stderr += String(text)), true);
  try {
    return { code: await run(args), ...written };
  } finally {
    stdout.write = kept.stdout;
    stderr.write = kept.stderr;
    process.env = kept.env;
  }
}

export interface FailureJson {
  readonly error: {
    readonly code: string;
    readonly message: string;
    readonly remedy: string;
    readonly details: Readonly<Record<string, unknown>>;
  };
}

/** A failure as `--json` tells it: the last line of stderr, and nothing on stdout. */
export function failureOf({ stderr }: Run): FailureJson['error'] {
  return (JSON.parse(stderr.trim().split('\n').at(-1) ?? '') as FailureJson).error;
}
