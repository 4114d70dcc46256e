import { describe, expect, it } from '@jest/globals';
import { warningsOfBlocks } from '../contract-warnings.js';
import type { PrepaidBlock } from '../events.js';
import { contractOf, rule, termsOf, version } from '../testing/contracts-to-analyse.js';
import { blocksOutOfReach } from './blocks-out-of-reach.js';

const prepaid = termsOf(rule('all', 'prepaid'));
const billable = termsOf(rule('all', 'billable'));
const block = (blockId: string, purchasedOn: string, expiresOn: string | null): PrepaidBlock => ({
  blockId,
  amount: { unit: 'minutes', minutes: 600 },
  purchasedOn,
  expiresOn,
  price: null,
});
const contract = (blocks: readonly PrepaidBlock[], ...versions: ReturnType<typeof version>[]) => ({
  ...contractOf('c1', 10, ...versions),
  blocks,
});
const found = (...asked: Parameters<typeof contract>): readonly string[] =>
  blocksOutOfReach(contract(...asked)).map(
    ({ blockId, versionNumber, days }) => `${blockId} ${versionNumber} ${days.from} ${days.to ?? 'open'}`,
  );

describe('a block that no rule draws on any more', () => {
  const [one, two] = [version(1, '2026-01-01', null, prepaid), version(2, '2026-11-01', null, billable)];
  const year = block('A', '2026-03-01', '2026-12-31');

  it('is told from the day of the version that has no such rule, to its last day', () => {
    expect(found([year], one)).toEqual([]);
    expect(found([year], one, two)).toEqual(['A 2 2026-11-01 2026-12-31']);
    expect(found([block('B', '2026-03-01', null)], one, two)).toEqual(['B 2 2026-11-01 open']);
  });

  it('is not one that has expired by then, nor one that a later version draws on again', () => {
    expect(found([block('A', '2026-03-01', '2026-10-31')], one, two)).toEqual([]);
    expect(found([year], one, two, version(3, '2026-12-31', null, prepaid))).toEqual([]);
    expect(found([year], one, two, version(3, '2027-01-01', null, prepaid))).toEqual(['A 2 2026-11-01 2026-12-31']);
  });

  it('is one that was bought when nothing drew on it, and waits for no version where there is none', () => {
    expect(found([block('A', '2026-11-15', null)], one, two)).toEqual(['A 2 2026-11-15 open']);
    expect(found([year], version(1, '2027-01-01', null, billable))).toEqual([]);
  });

  it('is warned of with what is left, and not where nothing is', () => {
    const both = contract([year, block('B', '2026-03-01', null)], one, two);
    expect(warningsOfBlocks(both, new Map([['A', '240 min']]))).toEqual([
      {
        code: 'BlockOutOfReach',
        message:
          '240 min are left: block A of contract c1 is good to 2026-12-31, and from 2026-11-01 on version 2 has no rule that draws on it: keep a rule with the outcome prepaid, or return what is left: POST /v1/contracts/c1/prepaid-blocks/A/return.',
        details: { contractId: 'c1', versionNumber: 2, blockId: 'A', from: '2026-11-01', left: '240 min' },
      },
    ]);
  });
});
