import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Msp } from '../scenarios/msp.js';
import { BROKEN_TODAY } from './kit/broken-today.js';
import { brokenLaws } from './kit/laws.js';
import { lookAt } from './kit/look.js';

async function broken(msp: Msp): Promise<readonly string[]> {
  await msp.house.settle();
  return brokenLaws(await lookAt(msp, { isSettled: true }));
}

/**
 * Random histories leave these facts out. Each must still break its law: one that does not any more is mended, comes off the list, and goes into the
 * histories.
 */
describe('the laws over all periods of a client, broken today', () => {
  it.each(BROKEN_TODAY.map((one) => [one.case, one.law, one.says, one] as const))(
    '%s breaks %s: %s',
    async (_, law, __, { day, before, fact }) => {
      const folder = mkdtempSync(join(tmpdir(), 'laws-'));
      try {
        const msp = await Msp.opens(day, {}, folder);
        try {
          await before(msp);
          expect(await broken(msp)).toEqual([]);
          await fact(msp);
          expect((await broken(msp)).filter((one) => one.startsWith(law))).not.toEqual([]);
        } finally {
          await msp.closes();
        }
      } finally {
        rmSync(folder, { recursive: true });
      }
    },
  );
});
