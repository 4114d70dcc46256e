import { createProgram, run } from '../../../libs/command-line/src/program.js';

const COMMANDS: ReadonlySet<string> = new Set(createProgram(true).commands.map((one) => one.name()));

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
    const code = await run(args);
    assertOnSameStore(args, written);
    return { code, ...written };
  } finally {
    stdout.write = kept.stdout;
    stderr.write = kept.stderr;
    process.env = kept.env;
  }
}

/** Commands that ask no store. */
const OF_NO_STORE = /^(audit|schema|cluster|config example)\b/;

/** Whoever names a folder is told commands with it: copied without it, they would act on another store. */
function assertOnSameStore(args: readonly string[], { stdout, stderr }: Omit<Run, 'code'>): void {
  // An example of a configuration is a file, whatever store it is for, and the record of who asked tells what was typed.
  if (!args.includes('--data') || ['--help', 'example', 'access'].some((word) => args.includes(word))) return;
  const told = args.includes('--json') ? stderr : `${stdout}\n${stderr}`;
  const named = [...told.matchAll(/\bbilltrail (?:-- )?([a-z][\w-]*[^\n]*)/g)].map(([, words = '']) => words);
  const elsewhere = named.filter(
    (words) => COMMANDS.has(words.split(' ')[0] ?? '') && !OF_NO_STORE.test(words) && !words.includes('--data '),
  );
  if (elsewhere.length > 0) throw new Error(`A message names commands without the store: ${elsewhere.join('; ')}`);
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
