import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { cutThePower, failEachCall, isWhole } from './disk-faults.js';
import { FailingDisk, whyNoFailingDisk } from './failing-disk.js';
import { restoreByHand } from './hand-made-restores.js';

const why = whyNoFailingDisk();
if (why !== null) console.log(`disks that fail: not tried, ${why}`);

/** `npm run proof -- --only faults` tries each call. */
(why === null ? describe : describe.skip)('a disk that fails', () => {
  let disk: FailingDisk;
  beforeAll(() => {
    disk = new FailingDisk();
  });
  afterAll(() => disk.close());

  it.each([
    ['fsync', { call: 'sync', error: 'EIO', goesOn: false, step: 5 }],
    ['each fsync from one on', { call: 'sync', error: 'EIO', goesOn: true, step: 5 }],
    ['write', { call: 'write', error: 'ENOSPC', goesOn: false, step: 29 }],
  ] as const)(
    'in one %s: what was acknowledged is there, what was refused is not, also after a power cut (G8)',
    async (_, given) => {
      const { step, ...fault } = given;
      const figures = await failEachCall({ disk, fault, step });
      expect([figures, isWhole(figures)]).toEqual([figures, true]);
      expect(figures.faults).toBeGreaterThan(1);
      expect(figures.refused).toBeGreaterThan(0);
    },
  );

  it('and whose power is cut has all that was acknowledged', async () => {
    const figures = await cutThePower(disk, { cuts: 8, seed: 1 });
    expect([figures, isWhole(figures)]).toEqual([figures, true]);
    expect(figures.acknowledgedEvents).toBeGreaterThan(100);
  });

  it('the seeded bug, a disk that is not asked to sync, is caught', async () => {
    expect((await cutThePower(disk, { cuts: 1, seed: 1, isDeaf: true })).lostEvents).toBeGreaterThan(0);
  });

  it('the seeded bug, a COMMIT that fails taken for done, is caught', async () => {
    const fault = { call: 'sync', error: 'EIO', goesOn: false } as const;
    expect((await failEachCall({ disk, fault, step: 5, swallowCommit: true })).lostEvents).toBeGreaterThan(0);
  });
});

describe('a backup that is copied back by hand over a kept -wal (G1)', () => {
  it('is refused, or the log is whole and tells its end', async () => {
    const figures = await restoreByHand({ sizes: [100, 600], perSize: 25, seed: 1 });
    expect(figures).toMatchObject({ restores: 50, elsewhere: 0, broken: 0, untold: 0 });
    expect(figures.refused).toBeGreaterThan(0);
  });
});
