import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';

const LOCK = new URL('../../scripts/lock.mjs', import.meta.url).href;

/** A process that takes the lock, says so, and ends it when it is told to: as a build does, without looking at anything else. */
const HOLDS = `
import { readSync } from 'node:fs';
import { alone } from ${JSON.stringify(LOCK)};
const say = (line) => process.stdout.write(line + '\\n');
alone(process.argv[1], () => { say('has it'); readSync(0, Buffer.alloc(1)); say('gives it back'); }, (pid) => say('waits for ' + pid));
`;

describe('two commands that install or build at once', () => {
  let folder: string;
  let lock: string;
  const running: ChildProcess[] = [];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'billtrail-lock-'));
    lock = join(folder, 'lock');
  });
  afterEach(() => {
    for (const child of running.splice(0)) child.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  function command() {
    const child = spawn(process.execPath, ['--input-type=module', '-e', HOLDS, lock], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    running.push(child);
    const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
    const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    return {
      pid: child.pid,
      says: async (): Promise<string> => (await lines.next()).value as string,
      ends: () => child.stdin.write('.'),
      isKilled: () => {
        child.kill('SIGKILL');
        return ended;
      },
      ended,
    };
  }
  const left = (pid: number, host = hostname()): void =>
    writeFileSync(lock, JSON.stringify({ pid, host, at: '2026-01-01T00:00:00Z' }));

  it('the second waits for the first and says so, then has its turn', async () => {
    const first = command();
    expect(await first.says()).toBe('has it');
    const second = command();
    expect(await second.says()).toBe(`waits for ${first.pid}`);
    first.ends();
    expect(await first.says()).toBe('gives it back');
    expect(await second.says()).toBe('has it');
    second.ends();
    await second.ended;
    expect(existsSync(lock)).toBe(false);
  });

  it('what a killed process left behind is taken over, also by whoever waited for it', async () => {
    const first = command();
    expect(await first.says()).toBe('has it');
    const second = command();
    expect(await second.says()).toBe(`waits for ${first.pid}`);
    await first.isKilled();
    expect(await second.says()).toBe('has it');
    const third = command();
    expect(await third.says()).toBe(`waits for ${second.pid}`);
  });

  it('one that is older than any build is taken over, whoever has its process id by now', async () => {
    left(process.pid);
    const then = new Date(Date.now() - 31 * 60_000);
    utimesSync(lock, then, then);
    const third = command();
    expect(await third.says()).toBe('has it');
    expect(JSON.parse(readFileSync(lock, 'utf8'))).toMatchObject({ pid: third.pid });
  });

  it('one of its own process id was left by another that had it: a container that is started again gives the same ones', async () => {
    left(process.pid);
    const { alone } = (await import(LOCK)) as {
      alone: (file: string, act: () => string, waiting: () => void) => string;
    };
    const waiting = () => {
      throw new Error('it waits for itself');
    };
    expect(alone(lock, () => 'done', waiting)).toBe('done');
    expect(existsSync(lock)).toBe(false);
  });

  it('one of another machine is waited for: its processes can not be seen from here', async () => {
    left(999_999_999, 'elsewhere');
    expect(await command().says()).toBe('waits for 999999999');
  });

  it('is Node alone: nothing is installed when it is asked for', () => {
    const source = readFileSync(fileURLToPath(LOCK), 'utf8');
    expect([...source.matchAll(/from '([^']+)'/g)].every(([, from]) => from?.startsWith('node:'))).toBe(true);
  });
});
