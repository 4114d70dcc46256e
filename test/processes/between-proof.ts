import { execFile } from 'node:child_process';
import { rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Random } from '../crash/random.js';
import { Beside, BetweenAppends, DAYS_LATER, FIRST, type Left } from './between-appends.js';
import type { HeldTask } from './held-child.js';

export interface BetweenProofOptions {
  /** 500 is the figure of the issue. */
  readonly kills: number;
  readonly seed: number;
  readonly print?: (line: string) => void;
}

/** Logs that one process has open when it is killed: starting it is what takes long. */
const AT_ONCE = 10;
const SHOWN = 12;
/** Only in the built product there is code that a process can run. */
const CHILD = join(dirname(fileURLToPath(import.meta.url)), 'held-child.js');

/** Killed between two appends, wherever there are two: what was begun comes to its end, once. */
export async function runBetweenProof({ kills, seed, print = console.log }: BetweenProofOptions): Promise<boolean> {
  const started = performance.now();
  const random = new Random(seed);
  const between = await BetweenAppends.begin();
  const wrong: string[] = [];
  let killed = 0;
  try {
    const places = await between.places();
    for (let turn = 0; killed < kills; turn++) {
      const left = places[turn % places.length]!;
      const folders = Array.from({ length: Math.min(AT_ONCE, kills - killed) }, () => between.copy());
      const thens = folders.map(() => ({ first: random.pick(FIRST), days: random.pick(DAYS_LATER) }));
      const all = await Promise.all(folders.map((folder, at) => Beside.open(folder, between.now, thens[at]!)));
      await killedAt({ folders, now: between.now, left });
      for (const [at, beside] of all.entries()) {
        const { first, days } = thens[at]!;
        const found = await beside.wrongAfter(left);
        await beside.close();
        wrong.push(...found.map((one) => `${told(left)}, ${first} first, ${days} days later: ${one}`));
      }
      for (const folder of folders) rmSync(folder, { recursive: true });
      killed += folders.length;
    }
    print(
      `${wrong.length === 0 ? 'ok  ' : 'FAIL'} ${killed} logs whose process was killed between two appends, at ${places.length} places: ${wrong.length} findings`,
    );
    for (const one of wrong.slice(0, SHOWN)) print(`       ${one}`);
    print(`     ${places.map(told).join(', ')}`);
    print(`     seed ${seed}, ${((performance.now() - started) / 1000).toFixed(0)} s`);
    return wrong.length === 0;
  } finally {
    between.end();
  }
}

function told({ act, after }: Left): string {
  return `${act} (after ${after})`;
}

function killedAt(task: HeldTask): Promise<void> {
  return new Promise((resolve, reject) => {
    execFile(process.execPath, ['--enable-source-maps', CHILD, JSON.stringify(task)], (error, out, err) => {
      if (error?.signal === 'SIGKILL' && out === 'held') resolve();
      else reject(new Error(`${told(task.left)}: it was not killed there: ${error?.message ?? ''} ${out} ${err}`));
    });
  });
}
