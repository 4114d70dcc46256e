import { cutThePower, failEachCall, isWhole, noDiskFigures, type DiskFigures, type Workload } from './disk-faults.js';
import { FailingDisk, whyNoFailingDisk, type DiskFault } from './failing-disk.js';
import { restoreByHand } from './hand-made-restores.js';

export interface FaultsProofOptions {
  /** How many children are killed, each also with the power. */
  readonly kills: number;
  readonly seed: number;
}

const FAULTS: readonly (readonly [string, Omit<DiskFault, 'nth'>])[] = [
  ['one fsync fails (EIO)', { call: 'sync', error: 'EIO', goesOn: false }],
  ['all fsyncs fail from one on (EIO)', { call: 'sync', error: 'EIO', goesOn: true }],
  ['one write fails (ENOSPC)', { call: 'write', error: 'ENOSPC', goesOn: false }],
  ['all writes fail from one on (ENOSPC)', { call: 'write', error: 'ENOSPC', goesOn: true }],
  ['one write fails (EIO)', { call: 'write', error: 'EIO', goesOn: false }],
];

/** Commits one by one, and in groups. A commit has one sync and many writes, so that these are tried with fewer. */
const WORKLOADS: Readonly<Record<DiskFault['call'], readonly Workload[]>> = {
  sync: [
    { callers: 1, appendsPerCaller: 40 },
    { callers: 4, appendsPerCaller: 10 },
    { callers: 16, appendsPerCaller: 4 },
  ],
  write: [{ callers: 4, appendsPerCaller: 4 }],
};

/** Sizes of the logs that are restored by hand, in events. */
const SIZES = [200, 2_000, 9_000];
const RESTORES_PER_SIZE = 300;

/**
 * Disks that fail, processes that are killed and power that is cut, backups that are copied back by hand: prints what came of it and answers whether all
 * of it is as promised. Where no disk can be made to fail it says why, and is not passed.
 */
export async function runFaultsProof({ kills, seed }: FaultsProofOptions): Promise<boolean> {
  const started = performance.now();
  const verdicts: boolean[] = [];
  const check = (line: string, holds: boolean): void => {
    verdicts.push(holds);
    console.log(`${holds ? 'ok  ' : 'FAIL'} ${line}`);
  };
  const why = whyNoFailingDisk();
  if (why === null) await withFailingDisk(check, { kills, seed });
  else check(`disks that fail: not run, ${why}`, false);
  const restored = await restoreByHand({ sizes: SIZES, perSize: RESTORES_PER_SIZE, seed });
  check(
    `${restored.restores} files copied back by hand over a kept -wal: ${restored.refused} refused, ${restored.atHeadOfKill} whole at the end of the kill, ` +
      `${restored.atHeadOfBackup} whole at the end of the backup, ${restored.elsewhere} elsewhere, ${restored.broken} broken, ${restored.untold} untold`,
    restored.elsewhere + restored.broken + restored.untold === 0,
  );
  console.log(`     seed ${seed}, ${((performance.now() - started) / 1000).toFixed(0)} s`);
  return verdicts.every(Boolean);
}

async function withFailingDisk(
  check: (line: string, holds: boolean) => void,
  { kills, seed }: FaultsProofOptions,
): Promise<void> {
  const disk = new FailingDisk();
  try {
    for (const [name, fault] of FAULTS) {
      const figures = noDiskFigures();
      for (const workload of WORKLOADS[fault.call]) await failEachCall({ disk, fault, workload }, figures);
      check(`${name}, each in turn: ${described(figures)}`, isWhole(figures) && figures.faults > 0);
    }
    const cut = await cutThePower(disk, { cuts: kills, seed });
    check(
      `killed at a random acknowledgement or failpoint, also with the power: ${described(cut)}`,
      isWhole(cut) && cut.acknowledgedEvents > 0,
    );
    const deaf = await cutThePower(disk, { cuts: 16, seed, isDeaf: true });
    check(`seeded bug, no sync is asked for: ${deaf.lostEvents} lost events found`, deaf.lostEvents > 0);
    const bug = await failEachCall({ disk, fault: { call: 'sync', error: 'EIO', goesOn: false }, swallowCommit: true });
    check(
      `seeded bug, a COMMIT that fails is taken for done: ${bug.lostEvents} lost events found, ${bug.failed} logs that can't be read`,
      bug.lostEvents > 0,
    );
  } finally {
    disk.close();
  }
}

function described(figures: DiskFigures): string {
  return [
    `${figures.faults} lives`,
    `${figures.acknowledgedEvents} acknowledged events, ${figures.lostEvents} lost`,
    `${figures.refused} commands refused, ${figures.toldUnknown} of them as unknown, ${figures.refusedAndThere} refused and there`,
    `${figures.partialAppends} partial appends, ${figures.notExactlyOnce} not exactly once when sent again`,
    `${figures.chainFindings} chain findings, ${figures.failed} that did not open`,
  ].join('; ');
}
