import { describe, expect, it } from '@jest/globals';
import { expense, facts, material, ticketFacts, time, asInvoiced, only } from '../testing/facts.js';
import { type Assessed, keptAsItIs } from './assessed.js';
import type { WorkItem } from './facts.js';
import { rateExplained as rate } from '../rate.js';
import { segmentsInRatingOrder } from './rating-order.js';
import { isRatedAgain, rankOf, standingOf } from './standing.js';
import { EarlierWork } from '../settled/earlier-work.js';
import { settledWork } from '../settled/settled-work.js';

const assessed = (work: WorkItem, changes: Partial<Assessed> = {}): Assessed => ({
  ...keptAsItIs({ work, ticket: ticketFacts(), earlier: null }),
  ...changes,
});
const stretch = (fromMinute: number) => ({ fromMinute, toMinute: 60, date: '2026-03-10', rateClass: null });

describe('work of which nothing is rated again', () => {
  it('keeps its day and its minutes; goods and expenses have none', () => {
    expect(assessed(time({ minutes: 70 }))).toMatchObject({ minutes: 70, date: '2026-03-10', placement: null });
    expect([assessed(material()).minutes, assessed(expense()).minutes]).toEqual([0, 0]);
  });
});

describe('a segment that was cut', () => {
  it('says which minutes of how many it is, on which day in which zone', () => {
    const night = time({
      minutes: 120,
      startedAt: '2026-03-31T23:00:00+11:00',
      endedAt: '2026-04-01T01:00:00+11:00',
      workDate: '2026-03-31',
    });
    const steps = rate(facts([night])).items.map(({ trace }) => trace.find(({ step }) => step === 'segment'));
    expect(steps).toEqual([
      {
        step: 'segment',
        text: 'minutes 0 to 60 of 120: no class on 2026-03-31 in Australia/Sydney',
        facts: { fromMinute: 0, toMinute: 60, date: '2026-03-31', rateClass: null, timeZone: 'Australia/Sydney' },
      },
    ]);
  });
});

describe('where work stands', () => {
  it('approved time and goods are firm, time that nobody decided on is provisional, rejected time stands alone', () => {
    const works = [
      time(),
      material(),
      expense(),
      time({ approval: 'unapproved' }),
      time({ approval: 'rejected' }),
    ] as const;
    expect(works.map(standingOf)).toEqual(['firm', 'firm', 'firm', 'provisional', 'alone']);
    expect(works.map(rankOf)).toEqual([0, 0, 0, 1, 2]);
  });

  it('only settled work with a place, and not the rest beside it, is rated again', () => {
    const placement = { as: 'unpriced', reason: 'no-contract', inForce: null, steps: [] } as const;
    const work = time();
    const known = facts([work]);
    const invoiced = asInvoiced(rate(known).items);
    const earlier = new EarlierWork(only([...settledWork({ ...known, invoiced }).here.values()]), work, known);
    expect(isRatedAgain(assessed(work))).toBe(false);
    expect(isRatedAgain(assessed(work, { placement }))).toBe(false);
    expect(isRatedAgain(assessed(work, { earlier }))).toBe(false);
    expect(isRatedAgain(assessed(work, { earlier, placement }))).toBe(true);
    expect(isRatedAgain(assessed(work, { earlier, placement, isRest: true }))).toBe(false);
  });

  it('segments go by standing, day, position, id and minute', () => {
    const of = (id: string, position: number, changes: Partial<Assessed> = {}) =>
      assessed(time({ workItemId: id, position }), changes);
    const rejected = assessed(time({ workItemId: 'r', position: 0, approval: 'rejected' }));
    const waiting = assessed(time({ workItemId: 'u', position: 0, approval: 'unapproved' }));
    const late = of('late', 0, { date: '2026-03-11' });
    const second = of('second', 9, { segment: stretch(30) });
    const first = of('first', 4);
    const whole = of('second', 9);
    const third = of('third', 9);
    const sorted = [rejected, waiting, late, third, second, whole, first];
    const expected = [first, whole, second, third, late, waiting, rejected];
    for (const order of [sorted, sorted.toReversed(), expected, expected.toReversed()])
      expect(segmentsInRatingOrder(order.map((one) => [one]))).toEqual(expected);
  });
});
