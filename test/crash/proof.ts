import { crashStore, type CrashFigures } from './store-crash.js';
import { FAULT_NAMES, failingDisk, fsyncsPerCommit, hasStrace } from './store-faults.js';

export interface StoreCrashProofOptions {
  /** How many children are killed; 1,000 is the figure of `quality.md`. */
  readonly kills: number;
  readonly seed: number;
  readonly print?: (line: string) => void;
}

/**
 * The reliability proof of the event store: prints its figures and answers whether all of them hold. Kills, the seeded bug that must
 * be caught, and, where strace is at hand, fsyncs for each commit and a disk that fails.
 */
export async function runStoreCrashProof({
  kills,
  seed,
  print = console.log,
}: StoreCrashProofOptions): Promise<boolean> {
  const verdicts: boolean[] = [];
  const check = (line: string, holds: boolean): void => {
    verdicts.push(holds);
    print(`${holds ? 'ok  ' : 'FAIL'} ${line}`);
  };
  const started = performance.now();
  const figures = await crashStore({
    kills,
    seed,
    onLife: ({ kills: done }) => {
      if (done % 100 === 0) print(`     ${done} of ${kills} kills`);
    },
  });
  check(describe(figures), isClean(figures));
  const bug = await crashStore({ kills: 20, seed, acknowledgeEarly: true, deaths: ['before-commit'] });
  check(
    `seeded bug, acknowledging before the commit: ${bug.lostEvents} lost events found in ${bug.kills} kills`,
    bug.lostEvents > 0,
  );
  if (hasStrace()) await provePhysically(check);
  else print('     fsyncs and disk faults: left out, strace is not at hand');
  print(`     seed ${seed}, ${((performance.now() - started) / 1000).toFixed(0)} s`);
  return verdicts.every(Boolean);
}

function isClean(figures: CrashFigures): boolean {
  const { lostEvents, partialAppends, chainFindings, notExactlyOnce, failedLives } = figures;
  return lostEvents + partialAppends + chainFindings + notExactlyOnce + failedLives === 0;
}

function describe(figures: CrashFigures): string {
  const by = Object.entries(figures.killsBy).map(([death, count]) => `${death} ${count}`);
  return [
    `${figures.kills} kills (${by.join(', ')})`,
    `${figures.acknowledgedEvents} acknowledged events, ${figures.lostEvents} lost`,
    `${figures.partialAppends} partial appends, ${figures.chainFindings} chain findings`,
    `${figures.committedUnacknowledged} committed without an answer, ${figures.notExactlyOnce} not exactly once when sent again`,
    `${figures.failedLives} lives that failed otherwise`,
  ].join('; ');
}

async function provePhysically(check: (line: string, holds: boolean) => void): Promise<void> {
  const { acknowledged, fsyncs } = await fsyncsPerCommit();
  check(
    `${fsyncs} fsyncs for ${acknowledged} acknowledged commits of one caller`,
    fsyncs >= acknowledged && acknowledged > 0,
  );
  for (const fault of FAULT_NAMES) {
    const figures = await failingDisk(fault);
    check(
      `${fault}: ${figures.acknowledged} acknowledged before, ${figures.falseAcknowledgements} of them false; ` +
        `${figures.refused} refused (${figures.problems.join(', ')}); reads go on: ${figures.readsGoOn ? 'yes' : 'no'}; ` +
        `${figures.notExactlyOnce} not exactly once when sent again; ${figures.chainFindings} chain findings`,
      figures.falseAcknowledgements + figures.notExactlyOnce + figures.chainFindings === 0 &&
        figures.acknowledged > 0 &&
        figures.refused > 0 &&
        figures.problems.length === 1 &&
        figures.readsGoOn,
    );
  }
}
