import { describe, expect, it } from '@jest/globals';
import { aud, minutes, money } from './testing/charges.js';
import { isSameCarryOver } from './carry-over.js';
import { type LaterPeriod, rateOnward } from './testing/rate-onward.js';
import type { CapUsed, CarriedOver, PrepaidBalance } from './rating/prepaid/prepaid-facts.js';

const NOTHING_CARRIED_OVER: CarriedOver = { balances: [], caps: [] };

const balance = (blockId: string, left: PrepaidBalance['left'], contractId = 'con-1'): PrepaidBalance => ({
  source: { from: 'block', contractId, blockId },
  left,
});
const capUsed = (changes: Partial<CapUsed> = {}): CapUsed => ({
  contractId: 'con-1',
  capId: 'cap',
  ticketId: 'T-1',
  billed: aud('10.00'),
  ...changes,
});
const carriedIn = (changes: Partial<CarriedOver>): CarriedOver => ({ ...NOTHING_CARRIED_OVER, ...changes });
const hours = (many: number): CarriedOver => carriedIn({ balances: [balance('b', minutes(many))] });

describe('two carry-overs are the same', () => {
  it('where all balances and caps are equal, in whatever order', () => {
    const [one, other] = [balance('a', minutes(10)), balance('b', money('5.00'))];
    const [first, second] = [capUsed(), capUsed({ ticketId: 'T-2' })];
    expect(
      isSameCarryOver(
        carriedIn({ balances: [one, other], caps: [first, second] }),
        carriedIn({ balances: [other, one], caps: [second, first] }),
      ),
    ).toBe(true);
    expect(isSameCarryOver(null, null)).toBe(true);
    expect(isSameCarryOver(NOTHING_CARRIED_OVER, NOTHING_CARRIED_OVER)).toBe(true);
  });

  it('and not where one was never rated', () => {
    expect(isSameCarryOver(null, NOTHING_CARRIED_OVER)).toBe(false);
    expect(isSameCarryOver(NOTHING_CARRIED_OVER, null)).toBe(false);
  });

  it.each<[string, Partial<CarriedOver>, Partial<CarriedOver>]>([
    ['a minute', hours(10), hours(11)],
    ['a cent', { balances: [balance('b', money('5.00'))] }, { balances: [balance('b', money('5.01'))] }],
    [
      'a currency',
      { balances: [balance('b', money('5.00'))] },
      { balances: [balance('b', { unit: 'money', money: { amount: '5.00', currency: 'NZD' } })] },
    ],
    ['a block', hours(10), { balances: [balance('c', minutes(10))] }],
    ['a contract', hours(10), { balances: [balance('b', minutes(10), 'con-2')] }],
    ['one block more', hours(10), { balances: [balance('b', minutes(10)), balance('c', minutes(10))] }],
    ['what a cap let through', { caps: [capUsed()] }, { caps: [capUsed({ billed: aud('10.01') })] }],
    [
      'the currency of that',
      { caps: [capUsed()] },
      { caps: [capUsed({ billed: { amount: '10.00', currency: 'NZD' } })] },
    ],
    ['the cap', { caps: [capUsed()] }, { caps: [capUsed({ capId: 'other' })] }],
    ['the ticket', { caps: [capUsed()] }, { caps: [capUsed({ ticketId: 'T-2' })] }],
    ['the contract of the cap', { caps: [capUsed()] }, { caps: [capUsed({ contractId: 'con-2' })] }],
  ])('nor where they differ by %s', (_case, one, other) => {
    expect(isSameCarryOver(carriedIn(one), carriedIn(other))).toBe(false);
  });
});

describe('periods after the one that changed', () => {
  const later = (period: string, ratedWith: CarriedOver | null): LaterPeriod => ({ period, ratedWith });
  /** Each month uses 10 min of its carry-over. */
  const rated = (changed: { period: string; carriedOver: CarriedOver }, periods: readonly LaterPeriod[]) => {
    const asked: unknown[] = [];
    const again = rateOnward(changed, periods, (period, given) => {
      const left = given.balances[0]?.left;
      const many = left?.unit === 'minutes' ? left.minutes : 0;
      asked.push([period, many]);
      return { carriedOver: hours(many - 10) };
    });
    expect(again.map(({ period }) => period)).toEqual(asked.map((one) => (one as unknown[])[0]));
    expect(again.every(({ result }) => result.carriedOver.balances.length === 1)).toBe(true);
    return asked;
  };

  it('are rated again in their order, each with the carry-over of the one before', () => {
    const periods = [later('2026-05', hours(90)), later('2026-04', hours(100)), later('2026-06', null)];
    expect(rated({ period: '2026-03', carriedOver: hours(50) }, periods)).toEqual([
      ['2026-04', 50],
      ['2026-05', 40],
      ['2026-06', 30],
    ]);
  });

  it('up to the first whose carry-over is the one it was rated with', () => {
    const periods = [later('2026-04', hours(100)), later('2026-05', hours(40)), later('2026-06', hours(99))];
    expect(rated({ period: '2026-03', carriedOver: hours(50) }, periods)).toEqual([['2026-04', 50]]);
    expect(rated({ period: '2026-03', carriedOver: hours(100) }, periods)).toEqual([]);
  });

  it('and never the period itself nor one before it', () => {
    const periods = [later('2026-02', null), later('2026-03', null), later('2026-04', null)];
    expect(rated({ period: '2026-03', carriedOver: hours(50) }, periods)).toEqual([['2026-04', 50]]);
  });
});
