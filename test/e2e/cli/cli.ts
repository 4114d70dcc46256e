import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The built program: `npm test` builds it before the tests run; BILLTRAIL_DIST names another build. */
export const DIST = process.env['BILLTRAIL_DIST'] ?? fileURLToPath(new URL('../../../dist', import.meta.url));

export interface Run {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `billtrail ARGUMENTS` to its end. */
export function billtrail(...args: readonly string[]): Promise<Run> {
  return billtrail.with({}, ...args);
}

/** The same, with variables of its own. */
billtrail.with = (variables: Readonly<Record<string, string>>, ...args: readonly string[]): Promise<Run> => {
  const child = spawn(process.execPath, ['--enable-source-maps', join(DIST, 'apps/cli/src/main.js'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // Colours and terminals have no part in what a script reads.
    env: { ...process.env, NO_COLOR: '1', ...variables },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
};

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
