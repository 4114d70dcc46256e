import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Run } from './cli.js';

/** The built program: `npm test` builds it before the tests run; BILLTRAIL_DIST names another build. */
export const DIST = process.env['BILLTRAIL_DIST'] ?? fileURLToPath(new URL('../../../dist', import.meta.url));

/** Runs `billtrail ARGUMENTS` to its end, in a process of its own and as it was built: what a shell is told is proved so. */
export function built(...args: readonly string[]): Promise<Run> {
  const child = spawn(process.execPath, ['--enable-source-maps', join(DIST, 'apps/cli/src/main.js'), ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    // Colours and terminals have no part in what a script reads.
    env: { ...process.env, NO_COLOR: '1' },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
  child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}
