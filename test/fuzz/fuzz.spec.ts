import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { DIST } from '../e2e/cli/built.js';

const REQUESTS = 2_000;
const SEED = 9;

/** As `npm run proof -- --only fuzz` does, and in the built product: only there the API documents all that it takes. */
function proved(): Promise<readonly string[]> {
  const args = ['--only', 'fuzz', '--requests', String(REQUESTS), '--seed', String(SEED)];
  const child = spawn(process.execPath, ['--enable-source-maps', join(DIST, 'test/crash/main.js'), ...args]);
  let printed = '';
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text: string) => (printed += text));
  return new Promise((resolve) => child.on('close', () => resolve(printed.split('\n'))));
}

describe('random operations over every command and question', () => {
  it(`come to no failure, are answered as documented, stop nothing and break no law (${REQUESTS}, seed ${SEED})`, async () => {
    const lines = await proved();
    expect(lines.filter((line) => line.startsWith('FAIL')).length === 0 ? [] : lines).toEqual([]);
    expect(lines.filter((line) => line.startsWith('ok  '))).toEqual([
      expect.stringContaining(`${REQUESTS} requests, looked at 16 times by all laws: 0 kinds of findings`),
      expect.stringContaining('seeded bug'),
    ]);
    // Most requests get past the door.
    const done = lines.flatMap((line) => /: ([1-9]\d*) done,/.exec(line)?.slice(1) ?? []);
    expect(done.length).toBeGreaterThan(75);
  });
});
