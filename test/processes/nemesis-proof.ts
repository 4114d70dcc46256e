import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Nemesis, type NemesisOptions, type NemesisRun } from './nemesis.js';
import { lookAtHistory, type HistoryFindings } from './nemesis-history.js';
import { SEEDED_BUGS, type SeededBug } from './seeded-bugs.js';

export interface NemesisProofOptions {
  /** How long the servers are tormented at least. */
  readonly seconds: number;
  /** Kills right after an append, before what follows, that there must be at least; 500 is the figure of the issue. */
  readonly between: number;
  readonly seed: number;
  readonly print?: (line: string) => void;
}

/** For how long a server is stopped, in seconds: 5 to 40, and less where the whole is short. */
const STOPPED = [5, 40] as const;
const SHORT_STOPS = [1, 4] as const;
const SHORT_SECONDS = 120;
/** Looks by all laws on the way; fewer where the whole is short. */
const LOOKS = 40;
const SHORT_LOOKS = 8;
/** What each seeded bug gets, at most: it is looked for in one run after the other. */
const BUG_SECONDS = 30;
const BUG_RUNS = 6;
const SHOWN = 12;

/** Three servers on one folder against stops, kills and wrong clocks; and what is seeded into them must be found. */
export async function runNemesisProof({
  seconds,
  between,
  seed,
  print = console.log,
}: NemesisProofOptions): Promise<boolean> {
  const started = performance.now();
  const isShort = seconds <= SHORT_SECONDS;
  const stopped = isShort ? SHORT_STOPS : STOPPED;
  const [run, seen] = await once({ seed, seconds, between, stopped }, isShort ? SHORT_LOOKS : LOOKS);
  const answered = run.asked.filter(({ answer }) => answer !== null && answer.status !== 503).length;
  const isClean = seen.findings.length === 0 && run.killsBetween >= between;
  print(
    `${isClean ? 'ok  ' : 'FAIL'} three servers on one folder: ${run.asked.length} requests, ${answered} answered, ${seen.acknowledged} writes acknowledged, ${seen.events} events; ` +
      `${run.kills} kills, ${run.killsBetween} right after an append (${[...run.diedAfter].map((one) => one.join(' ')).join(', ') || 'none'}), ${run.freezes} stops, ${run.clocks} wrong clocks; ` +
      `${seen.looks} looks by all laws; ${seen.findings.length} findings`,
  );
  for (const finding of seen.findings.slice(0, SHOWN)) print(`       ${finding}`);
  print(`     503: ${unavailable(run)}`);
  const caught: boolean[] = [];
  for (const bug of SEEDED_BUGS) caught.push(await catches(bug, seed, print));
  print(`     seed ${seed}, ${((performance.now() - started) / 1000).toFixed(0)} s`);
  return isClean && caught.every(Boolean);
}

async function once(
  options: Omit<NemesisOptions, 'folder'>,
  looks: number,
): Promise<readonly [NemesisRun, HistoryFindings]> {
  const folder = mkdtempSync(join(tmpdir(), 'billtrail-nemesis-'));
  try {
    const run = await Nemesis.run({ ...options, folder });
    return [run, await lookAtHistory(folder, run, looks)];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function catches(bug: SeededBug, seed: number, print: (line: string) => void): Promise<boolean> {
  for (let run = 1; run <= BUG_RUNS; run++) {
    const options = { seed: seed + run, seconds: BUG_SECONDS, between: 0, stopped: SHORT_STOPS, bug };
    const [, { findings }] = await once(options, SHORT_LOOKS);
    if (findings.length === 0) continue;
    print(`ok   seeded bug, ${bug}: ${findings.length} findings in run ${run}, such as: ${findings[0]?.slice(0, 200)}`);
    return true;
  }
  print(`FAIL seeded bug, ${bug}: not found in ${BUG_RUNS} runs`);
  return false;
}

function unavailable({ asked }: NemesisRun): string {
  const codes = new Map<string, number>();
  for (const { answer } of asked) {
    const { code } = (answer?.body ?? {}) as { code?: string };
    if (answer?.status === 503) codes.set(String(code), (codes.get(String(code)) ?? 0) + 1);
  }
  return [...codes].map(([code, count]) => `${code} ${count}`).join(', ') || 'none in the end';
}
