import { describe, expect, it } from '@jest/globals';
import { type Issued, fold } from '@billtrail/kernel';
import { renewedBlock } from './block-renewal.js';
import { contract } from './contract.js';
import type { ContractEvent } from './events.js';
import { rule, termsOf } from './testing/contracts-to-analyse.js';
import { problemsOfTerms } from './terms.js';

const at = '2026-03-05T00:00:00Z';
const issued: Issued = { at, by: { id: 'renew-blocks', role: 'system' } };
const below = { unit: 'minutes', minutes: 60 } as const;
const renewBlocks = { below, goodForMonths: 6 };
const terms = { ...termsOf(rule('pre', 'prepaid')), prepaid: { renewBlocks } };
const A = {
  contractId: 'c-1',
  blockId: 'renewed-1',
  amount: { unit: 'minutes', minutes: 600 },
  purchasedOn: '2026-03-01',
  expiresOn: '2026-12-31',
  price: { net: { amount: '1300.00', currency: 'AUD' }, taxCategory: 'GST' },
  burn: { by: 'multiplier' },
} as const;
const begun: readonly ContractEvent[] = [
  {
    type: 'ContractActivated',
    data: { contractId: 'c-1', clientId: 'cli-1', name: 'c-1', priority: 10, allowOverlap: false },
    occurredAt: at,
  } as unknown as ContractEvent,
  {
    type: 'ContractVersionPublished',
    data: { contractId: 'c-1', versionNumber: 1, effectiveFrom: '2026-01-01', effectiveTo: null, terms },
    occurredAt: at,
  },
  { type: 'PrepaidBlockPurchased', data: A, occurredAt: at },
];
const due = { contractId: 'c-1', on: '2026-08-31', workItemId: 'W1', follows: 'renewed-1', ofBlocks: 1 };
const bought = (events: readonly ContractEvent[], changes: Partial<typeof due> = {}) =>
  renewedBlock(fold(contract, events), { ...due, ...changes }, issued);

describe('the block that a contract renews', () => {
  it('is of the size and at the price of the one before, good as long as the terms say, under an id that is free', () => {
    expect(bought(begun).map(({ data }) => data)).toEqual([
      {
        ...A,
        blockId: 'renewed-2',
        purchasedOn: '2026-08-31',
        // Six months from the last day of August end on that of February.
        expiresOn: '2027-02-27',
        renews: { blockId: 'renewed-1', workItemId: 'W1' },
      },
    ]);
  });

  it('is not bought where another was bought since: what one process found, another did', () => {
    const once = [...begun, ...bought(begun)];
    expect(bought(once)).toEqual([]);
    expect(bought(once, { ofBlocks: 2 })).toHaveLength(1);
  });

  it('is not bought for a contract that is not there, without the block, the terms or the day', () => {
    expect(bought([])).toEqual([]);
    expect(bought(begun, { follows: 'gone' })).toEqual([]);
    expect(bought(begun, { on: '2025-12-31' })).toEqual([]);
    const ended = { type: 'ContractTerminated', data: { contractId: 'c-1', lastDay: '2026-06-30', reason: 'x' } };
    expect(bought([...begun, { ...ended, occurredAt: at } as ContractEvent])).toEqual([]);
  });

  it('is drawable when it is purchased; paid is refused by name', () => {
    const asked = (drawable: 'purchased' | 'paid') =>
      problemsOfTerms({ ...terms, prepaid: { renewBlocks: { ...renewBlocks, drawable } } }, { clientCurrency: 'AUD' });
    expect(asked('purchased')).toEqual([]);
    expect(asked('paid')).toEqual([
      {
        path: 'terms.prepaid.renewBlocks.drawable',
        problem:
          'paid is not possible yet, for payments are not recorded: state purchased, or leave it out, and the block can be drawn when it is bought',
      },
    ]);
  });
});
