import { describe, expect, it } from '@jest/globals';
import type { DerivedGap } from '../rating/facts.js';
import { aud } from '../testing/charges.js';
import { only } from '../testing/facts.js';
import { mergedGaps } from './merge.js';

const unbilled = (changes: Partial<DerivedGap> = {}): DerivedGap => ({
  kind: 'unbilled',
  ticketId: 'T-1',
  clientId: 'cli-1',
  period: '2026-03',
  workItemId: 'w-1',
  valueAtRisk: { money: aud('75.00'), minutes: 30 },
  cause: 'on no issued invoice',
  sourceEventIds: ['ev-1'],
  dueOn: '2026-04-03',
  ...changes,
});
const worth = (money: string | null, minutes: number | null) =>
  unbilled({ valueAtRisk: { money: money === null ? null : aud(money), minutes } });

describe('gaps with one key', () => {
  it('are one gap that is worth all of them, with every cause once, every source once and the earliest day', () => {
    const other = unbilled({
      valueAtRisk: { money: aud('112.50'), minutes: 45 },
      cause: 'on no draft',
      sourceEventIds: ['ev-2', 'ev-1'],
      dueOn: '2026-04-01',
    });
    expect(mergedGaps([unbilled(), other])).toEqual([
      unbilled({
        valueAtRisk: { money: aud('187.50'), minutes: 75 },
        cause: 'on no issued invoice; on no draft',
        sourceEventIds: ['ev-1', 'ev-2'],
        dueOn: '2026-04-01',
      }),
    ]);
    expect(only(mergedGaps([other, unbilled()])).dueOn).toBe('2026-04-01');
    expect(only(mergedGaps([unbilled(), unbilled()])).cause).toBe('on no issued invoice');
    expect(only(mergedGaps([other, unbilled(), other])).cause).toBe('on no draft; on no issued invoice');
    expect(only(mergedGaps([unbilled(), other, unbilled()])).cause).toBe('on no issued invoice; on no draft');
  });

  it('are due at once where one of them is', () => {
    const atOnce = unbilled({ dueOn: null });
    expect(only(mergedGaps([unbilled(), atOnce])).dueOn).toBeNull();
    expect(only(mergedGaps([atOnce, unbilled()])).dueOn).toBeNull();
  });

  it.each([
    ['both have money and minutes', worth('75.00', 30), worth('-25.00', -10), aud('50.00'), 20],
    ['one has no money', worth('75.00', 30), worth(null, 10), aud('75.00'), 40],
    ['the other has none', worth(null, 30), worth('75.00', 10), aud('75.00'), 40],
    ['neither has money', worth(null, 30), worth(null, 10), null, 40],
    ['goods have no minutes', worth('75.00', null), worth('5.00', null), aud('80.00'), null],
    ['one has no minutes', worth('75.00', null), worth('5.00', 10), aud('80.00'), 10],
    ['the other has no minutes', worth('75.00', 10), worth('5.00', null), aud('80.00'), 10],
  ])('add up where %s', (_case, one, other, money, minutes) => {
    expect(only(mergedGaps([one, other])).valueAtRisk).toEqual({ money, minutes });
  });

  it('of two currencies keep the first money, for there is no sum', () => {
    const inNewZealand = unbilled({ valueAtRisk: { money: { amount: '9.00', currency: 'NZD' }, minutes: 5 } });
    expect(only(mergedGaps([unbilled(), inNewZealand])).valueAtRisk).toEqual({ money: aud('75.00'), minutes: 35 });
  });
});

describe('gaps with different keys', () => {
  it('stay apart, in the order in which each was first seen', () => {
    const list = [
      unbilled({ workItemId: 'w-2' }),
      unbilled(),
      unbilled({ period: '2026-04' }),
      unbilled({ clientId: 'cli-2' }),
      unbilled({ ticketId: 'T-2' }),
      unbilled({ kind: 'time-unapproved' }),
    ];
    expect(mergedGaps([...list, unbilled({ workItemId: 'w-2' })])).toHaveLength(list.length);
    expect(mergedGaps(list)).toEqual(list);
    expect(mergedGaps([])).toEqual([]);
  });
});
