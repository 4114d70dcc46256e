import { describe, expect, it } from '@jest/globals';
import { billableMinutes } from '@billtrail/kernel';
import type { RateCard } from '@billtrail/contracts';
import { rateExplained as rate } from '../../rate.js';
import { ALL_BILLABLE, asInvoiced, contractFacts, facts, terms, time } from '../../testing/facts.js';
import type { ClientPeriodFacts } from '../../client-period.js';
import type { WorkItem } from '../facts.js';

const under = (card: Partial<RateCard>): Partial<ClientPeriodFacts> => ({
  contracts: [contractFacts({ terms: terms(card, [ALL_BILLABLE]) })],
});
const entry = (minutes: number, number = 1, changes = {}): WorkItem =>
  time({ workItemId: `w-${number}`, position: number, minutes, sourceEventIds: [`ev-${number}`], ...changes });
const billed = (work: readonly WorkItem[], account: Partial<ClientPeriodFacts>): readonly string[] =>
  rate(facts(work, account)).items.map(
    ({ itemId, billableMinutes: minutes, net }) => `${itemId} ${minutes} ${net?.amount}`,
  );

describe('rounding up, to the nearest and down', () => {
  it.each([
    ['up', 22, 0, 15, 30],
    ['nearest', 22, 0, 15, 15],
    ['nearest', 23, 0, 15, 30],
    ['nearest', 7, 0, 15, 0],
    ['nearest', 15, 0, 30, 30],
    ['nearest', 45, 0, 30, 60],
    ['down', 29, 0, 15, 15],
    ['down', 14, 0, 15, 0],
    ['down', 60, 0, 60, 60],
    ['nearest', 7, 10, 15, 10],
    ['down', 22, 20, 15, 20],
    ['down', 5, 30, 15, 30],
    ['up', 5, 20, 15, 30],
    ['down', 0, 30, 15, 0],
  ] as const)('%s: %i min, minimum %i, increment %i are %i', (direction, actual, minimum, increment, expected) => {
    expect(billableMinutes(actual, minimum, increment, direction)).toBe(expected);
  });

  it('prices what is rounded: 70 min to the nearest quarter are 75, 187.50; down 60, 150.00', () => {
    const at = (rounding: RateCard['rounding']) =>
      billed([entry(70)], under({ incrementMinutes: 15, ...(rounding && { rounding }) }));
    expect([at(undefined), at('nearest'), at('down')]).toEqual([
      ['w-1 75 187.50'],
      ['w-1 75 187.50'],
      ['w-1 60 150.00'],
    ]);
  });

  it('tells the way in the explanation, and what is rounded to nothing on the line', () => {
    const { items } = rate(facts([entry(6)], under({ incrementMinutes: 15, rounding: 'nearest' })));
    const [item] = items;
    expect([item?.disposition, item?.net?.amount, item?.actualMinutes, item?.billableMinutes]).toEqual([
      'billable',
      '0.00',
      6,
      0,
    ]);
    expect(item?.description).toBe('Worked on the printer (6 min, rounded to 0 min)');
    const step = item?.trace.find((one) => one.step === 'billable-time');
    expect(step?.text).toBe('6 min, minimum 0, increment 15, to the nearest -> 0 min (0 h)');
    expect(step?.facts).toMatchObject({ rounding: 'nearest', billableMinutes: 0 });
  });

  it('rounds a scope once and shares what comes out: 20 + 20 + 5 min of a ticket', () => {
    const account = (rounding: 'nearest' | 'down') =>
      under({ incrementMinutes: 30, rounding, roundingScope: 'ticket' });
    const work = [entry(20, 1), entry(20, 2), entry(5, 3)];
    // 45 to the nearest half hour are 60: 26.67, 26.67 and 6.67 by minutes; down 30: 13.33, 13.33 and 3.33.
    expect(billed(work, account('nearest'))).toEqual(['w-1 27 67.50', 'w-2 27 67.50', 'w-3 6 15.00']);
    expect(billed(work, account('down'))).toEqual(['w-1 14 35.00', 'w-2 13 32.50', 'w-3 3 7.50']);
  });

  it('a cut at a class edge rounds once too', () => {
    const rateClassMultipliers = [{ rateClass: 'after-hours', multiplier: '2' }];
    const hours = { tuesday: [{ opens: '09:00', closes: '17:00' }] };
    const account = (rounding: 'nearest' | 'down') => ({
      clientTimeZone: 'UTC',
      contracts: [
        contractFacts({
          terms: {
            ...terms({ incrementMinutes: 15, rounding, rateClassMultipliers }),
            timeZone: 'UTC',
            rateCalendar: { hours, holidays: [] },
          },
        }),
      ],
    });
    const across = entry(20, 1, { startedAt: '2026-03-10T16:50:00Z', endedAt: '2026-03-10T17:10:00Z' });
    // 20 min are 15, 8 + 7: 20.00 and 35.00.
    expect(billed([across], account('down'))).toEqual(['w-1@p1 8 20.00', 'w-1@p2 7 35.00']);
    expect(billed([across], account('nearest'))).toEqual(['w-1@p1 8 20.00', 'w-1@p2 7 35.00']);
  });

  it('rules of one scope that round in different ways take nothing from each other', () => {
    const account = under({
      incrementMinutes: 15,
      rounding: 'down',
      roundingScope: 'ticket',
      labour: [{ workType: null, engineerRole: null, pricePerHour: '150.00' }],
      roundingRules: [{ workTypes: ['onsite'], rounding: 'up' }],
    });
    // Down 10 min are nothing; up 15 min are 15.
    expect(billed([entry(10, 1), entry(15, 2, { workType: 'onsite' })], account)).toEqual([
      'w-1 0 0.00',
      'w-2 15 37.50',
    ]);
  });

  it('an entry that is added finds what is settled of its scope: nothing is taken back, nothing asked twice', () => {
    const account = under({ incrementMinutes: 30, rounding: 'down', roundingScope: 'ticket' });
    const invoiced = asInvoiced(rate(facts([entry(40, 1)], account)).items);
    const again = rate(facts([entry(40, 1), entry(25, 2)], { ...account, invoiced }));
    // 65 down are 60, of which 30 are invoiced.
    expect(
      again.items.map(({ itemId, disposition, billableMinutes: minutes }) => [itemId, disposition, minutes]),
    ).toEqual([
      ['w-1', 'invoiced', 30],
      ['w-2', 'billable', 30],
    ]);
    const little = rate(facts([entry(40, 1), entry(5, 2)], { ...account, invoiced }));
    expect(little.items.at(-1)).toMatchObject({ itemId: 'w-2', billableMinutes: 0 });
  });

  it('a correction is held against what was rounded then', () => {
    const account = under({ incrementMinutes: 15, rounding: 'nearest' });
    const invoiced = asInvoiced(rate(facts([entry(22, 1)], account)).items);
    const corrected = entry(23, 1, { sourceEventIds: ['ev-1', 'ev-1b'] });
    expect(billed([corrected], { ...account, invoiced })).toEqual(['w-1 15 37.50', 'w-1@a1 15 37.50']);
  });

  it('a version that rounds otherwise since leaves the line, and opens the gap', () => {
    const versions = (['nearest', 'down'] as const).map((rounding, index) => ({
      versionNumber: index + 1,
      effectiveFrom: index === 0 ? '2026-01-01' : '2026-03-01',
      effectiveTo: null,
      terms: terms({ incrementMinutes: 15, rounding }),
    }));
    const [first] = versions;
    if (first === undefined) throw new Error('there is a version');
    const invoiced = asInvoiced(rate(facts([entry(23)], { contracts: [contractFacts({ versions: [first] })] })).items);
    const { gaps } = rate(facts([entry(23)], { contracts: [contractFacts({ versions })], invoiced }));
    // 30 min asked, 15 min now: 37.50 too much.
    expect(gaps.map(({ kind, valueAtRisk }) => [kind, valueAtRisk.money?.amount])).toEqual([
      ['contract-mismatch', '-37.50'],
    ]);
  });
});
