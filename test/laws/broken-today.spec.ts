import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { Msp } from '../scenarios/msp.js';
import { BROKEN_TODAY } from './kit/broken-today.js';
import { brokenLaws } from './kit/laws.js';
import { lookAt } from './kit/look.js';

/** What is broken; a read model that stops keeps no law. */
async function broken(msp: Msp): Promise<readonly string[]> {
  try {
    await msp.house.settle();
    return brokenLaws(await lookAt(msp, { isSettled: true }));
  } catch (error) {
    return [`no law can be asked: ${(error as Error).message}`];
  }
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
      const msp = await Msp.opens(day, {}, folder);
      await before(msp);
      expect(await broken(msp)).toEqual([]);
      await fact(msp);
      const findings = await broken(msp);
      expect(findings).not.toEqual([]);
      expect(findings.some((one) => one.startsWith(law) || one.startsWith('no law'))).toBe(true);
      await msp.closes();
      rmSync(folder, { recursive: true });
    },
  );
});
