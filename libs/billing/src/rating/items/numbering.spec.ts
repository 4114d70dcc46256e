import { describe, expect, it } from '@jest/globals';
import { contractFacts, only } from '../../testing/facts.js';
import { minutes, part, spent } from '../../testing/charges.js';
import { inOrderOfParts, placesOf } from './numbering.js';
import { shareMinutes } from '../share-minutes.js';
import { cutInto, flatShares, quantityFor } from './part-splitting.js';
import type { PricedPart } from './priced-part.js';
import { Decimal, Money } from '@billtrail/kernel';
import type { Segment } from '../../item/billable-item.js';

const stretch = (fromMinute: number, toMinute: number): Segment => ({
  fromMinute,
  toMinute,
  date: '2026-03-10',
  rateClass: null,
});
const partOf = (count: number, changes: Partial<PricedPart> = {}): PricedPart =>
  part(contractFacts(), spent(count, '2026-03-10'), changes);
const draw: NonNullable<PricedPart['draw']> = {
  source: { from: 'block', contractId: 'con-1', blockId: 'b' },
  workItemId: 'w-1',
  workDate: '2026-03-10',
  amount: minutes(20),
  frozen: false,
};

describe('the numbers of the items of one piece of work', () => {
  it('the whole has the id of the work, unless a part of it is frozen', () => {
    const whole = [{ segment: null, parts: [partOf(60)] }];
    expect(placesOf('w-1', null, whole)).toEqual([[{ itemId: 'w-1', segment: null }]]);
    expect(placesOf('w-1', null, [{ segment: null, parts: [] }])).toEqual([[{ itemId: 'w-1', segment: null }]]);
    expect(placesOf('w-1', new Set([1]), whole)).toEqual([[{ itemId: 'w-1@p2', segment: stretch(0, 60) }]]);
    expect(placesOf('w-1', null, [])).toEqual([]);
  });

  it('parts are numbered in their order, each with a stretch of as many minutes as it holds', () => {
    const cut = [
      { segment: stretch(0, 30), parts: [] },
      { segment: stretch(30, 90), parts: [partOf(20), partOf(40)] },
      { segment: stretch(90, 100), parts: [partOf(10)] },
    ];
    expect(placesOf('w-1', null, cut)).toEqual([
      [{ itemId: 'w-1@p1', segment: stretch(0, 30) }],
      [
        { itemId: 'w-1@p2', segment: stretch(30, 50) },
        { itemId: 'w-1@p3', segment: stretch(50, 90) },
      ],
      [{ itemId: 'w-1@p4', segment: stretch(90, 100) }],
    ]);
  });

  it('a number that is frozen is not given again', () => {
    const cut = [{ segment: stretch(0, 30), parts: [partOf(10), partOf(10), partOf(10)] }];
    const ids = (...taken: readonly number[]) => only(placesOf('w-1', new Set(taken), cut)).map(({ itemId }) => itemId);
    expect(ids(2)).toEqual(['w-1@p1', 'w-1@p3', 'w-1@p4']);
    expect(ids(1, 2)).toEqual(['w-1@p3', 'w-1@p4', 'w-1@p5']);
  });

  it('of one segment the draws come first, then what is billed, then what is above a cap', () => {
    const above = partOf(10, { aboveCap: 'gap' });
    const billed = partOf(20);
    const drawn = partOf(30, { draw });
    for (const parts of [
      [above, billed, drawn],
      [billed, drawn, above],
      [drawn, above, billed],
    ])
      expect(inOrderOfParts(parts)).toEqual([drawn, billed, above]);
    expect(inOrderOfParts([billed, drawn])).toEqual([drawn, billed]);
    expect(inOrderOfParts([billed])).toEqual([billed]);
  });
});

describe('what is cut into parts', () => {
  it.each([
    [100, [1, 1, 1], [34, 33, 33]],
    [100, [1, 2], [33, 67]],
    [10, [3, 3, 4], [3, 3, 4]],
    [5, [1, 1, 1], [2, 2, 1]],
    [7, [0, 0], [7, 0]],
    [7, [0, 5], [0, 7]],
    [2, [10, 20, 70], [0, 1, 1]],
    [0, [4, 6], [0, 0]],
    [-7, [3, 4], [-3, -4]],
    [-5, [1, 1, 0], [-3, -2, 0]],
    // Products beyond what a number holds: 4.7999... and 0.2000... of five.
    [5, [9_007_199_254_740_991, 375_299_968_947_541], [5, 0]],
    [1440, [9_007_199_254_740_991, 9_007_199_254_740_991], [720, 720]],
  ])(
    '%i minutes over weights %j are %j: the largest remainder has what is left, the earlier of equals',
    (all, weights, parts) => {
      expect(shareMinutes(all, weights)).toEqual(parts);
    },
  );

  it('actual minutes follow the billable ones; goods have none', () => {
    const hour = partOf(50, { billableMinutes: 60, actualMinutes: 50, quantity: '60' });
    const pieces = [40, 20].map((billableMinutes) => ({ billableMinutes, quantity: new Decimal(0) }));
    expect(cutInto(hour, pieces).map((one) => [one.actualMinutes, one.billableMinutes, one.quantity])).toEqual([
      [33, 40, '40'],
      [17, 20, '20'],
    ]);
    const goods = { ...hour, actualMinutes: null, billableMinutes: null, quantity: '3' };
    const cut = ['1.25', '1.75'].map((quantity) => ({ billableMinutes: null, quantity: new Decimal(quantity) }));
    expect(cutInto(goods, cut).map((one) => [one.actualMinutes, one.billableMinutes, one.quantity])).toEqual([
      [null, null, '1.25'],
      [null, null, '1.75'],
    ]);
  });

  it('a quantity is cut by money to six digits, down, and the rest is exact', () => {
    const aud = (amount: string) => Money.of(amount, 'AUD');
    expect(quantityFor(new Decimal(3), aud('25.00'), aud('45.00')).toFixed()).toBe('1.666666');
    expect(flatShares(partOf(60), aud('20.00'), aud('30.00'))).toEqual(['0.666666', '0.333334']);
    expect(flatShares(partOf(60, { flatShare: '0.5' }), aud('20.00'), aud('30.00'))).toEqual(['0.333333', '0.166667']);
  });
});
