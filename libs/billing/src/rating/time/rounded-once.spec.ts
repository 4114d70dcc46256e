import { describe, expect, it } from '@jest/globals';
import type { ContractTerms, RateCard, RoundingScope } from '@billtrail/contracts';
import type { ClientPeriodFacts } from '../../client-period.js';
import { asInvoiced, contractFacts, facts, terms, time } from '../../testing/facts.js';
import type { WorkItem } from '../facts.js';
import { rateExplained as rate } from '../../rate.js';

const AFTER_HOURS = [{ rateClass: 'after-hours', multiplier: '1.5' }];
const office = [{ opens: '09:00', closes: '17:00' }];
const sydney: Partial<ContractTerms> = {
  timeZone: 'Australia/Sydney',
  rateCalendar: { hours: { monday: office, tuesday: office }, holidays: [] },
};
const EACH: readonly RoundingScope[] = ['entry', 'ticket-day', 'ticket'];

/** Work between two times of days in March, in Sydney. */
function worked(from: string, to: string, changes: Partial<Extract<WorkItem, { kind: 'time' }>> = {}) {
  const [startedAt, endedAt] = [`2026-03-${from}:00+11:00`, `2026-03-${to}:00+11:00`];
  const minutes = (Date.parse(endedAt) - Date.parse(startedAt)) / 60_000;
  return time({ startedAt, endedAt, minutes, workDate: startedAt.slice(0, 10), ...changes });
}
const under = (card: Partial<RateCard>, more: Partial<ContractTerms> = sydney): Partial<ClientPeriodFacts> => ({
  contracts: [contractFacts({ terms: { ...terms(card), ...more } })],
});
/** 150.00 an hour until 9 March, then 165.00. */
function dearer(
  card: Partial<RateCard>,
  then: Partial<RateCard> = {},
  zone: Partial<ContractTerms> = { timeZone: 'Australia/Sydney' },
): Partial<ClientPeriodFacts> {
  const labour = [{ workType: 'remote', engineerRole: null, pricePerHour: '165.00' }];
  const versions = [
    { versionNumber: 1, effectiveFrom: '2026-01-01', effectiveTo: null, terms: { ...terms(card), ...zone } },
    {
      versionNumber: 2,
      effectiveFrom: '2026-03-10',
      effectiveTo: null,
      terms: { ...terms({ ...card, labour, ...then }), ...zone },
    },
  ];
  return { contracts: [contractFacts({ versions })] };
}
const billed = (work: readonly WorkItem[], changes: Partial<ClientPeriodFacts>) =>
  rate(facts(work, changes)).items.map((item) => [item.billableMinutes, item.net?.amount]);

describe('a scope is rounded once, however its work is cut (K4)', () => {
  const half: Partial<RateCard> = { minimumMinutes: 30, incrementMinutes: 15, rateClassMultipliers: AFTER_HOURS };

  it.each(EACH)('16:55 to 17:05 over the end of the day, scope %s: 30 min, shared 15 + 15: 93.75', (roundingScope) => {
    expect(billed([worked('09T16:55', '09T17:05')], under({ ...half, roundingScope }))).toEqual([
      [15, '37.50'],
      [15, '56.25'],
    ]);
  });

  it.each(EACH)('23:30 to 00:30 over a new version, scope %s: 60 min, shared 30 + 30: 157.50', (roundingScope) => {
    const changes = dearer({ incrementMinutes: 60, roundingScope });
    expect(billed([worked('09T23:30', '10T00:30')], changes)).toEqual([
      [30, '75.00'],
      [30, '82.50'],
    ]);
  });

  it('three segments, 7 + 480 + 8 min at an increment of 60: 540, by largest remainder', () => {
    const account = under({ incrementMinutes: 60 });
    expect(rate(facts([worked('09T08:53', '09T17:08')], account)).items.map((one) => one.billableMinutes)).toEqual([
      8, 523, 9,
    ]);
  });

  it('what needs no rounding keeps its minutes', () => {
    expect(billed([worked('09T16:30', '09T17:30')], under(half))).toEqual([
      [30, '75.00'],
      [30, '112.50'],
    ]);
    const late = under({
      rateClassMultipliers: AFTER_HOURS,
      roundingRules: [{ rateClasses: ['after-hours'], minimumMinutes: 60 }],
    });
    expect(billed([worked('09T16:50', '09T17:10')], late).map(([minutes]) => minutes)).toEqual([10, 50]);
    expect(billed([worked('09T15:00', '09T17:10')], late).map(([minutes]) => minutes)).toEqual([120, 10]);
  });

  it('tells how', () => {
    const [, second] = rate(facts([worked('09T16:55', '09T17:05')], under(half))).items;
    expect(second?.trace.find(({ step }) => step === 'billable-time')?.text).toBe(
      '5 min; with it 10 min on the entry, minimum 30, increment 15 -> 30 min; 0 min are counted for other work, the rest is shared by minutes -> 15 min (0.25 h)',
    );
  });
});

describe('a new version never doubles a minimum (K4)', () => {
  const before = time({ minutes: 10, workDate: '2026-03-09' });
  const after = time({ workItemId: 'w-2', position: 2, minutes: 10, workDate: '2026-03-11' });

  it('of a ticket with work on both sides of it', () => {
    const card: Partial<RateCard> = { minimumMinutes: 60, roundingScope: 'ticket' };
    expect(billed([before, after], dearer(card))).toEqual([
      [30, '75.00'],
      [30, '82.50'],
    ]);
  });

  it.each<[string, number, number, number, number]>([
    ['smaller', 60, 30, 30, 30],
    ['larger', 30, 60, 30, 30],
    ['gone', 60, 0, 50, 10],
    ['new', 0, 60, 10, 50],
  ])('also where it is %s in the new version', (_, first, second, ...shares) => {
    const card: Partial<RateCard> = { minimumMinutes: first, roundingScope: 'ticket' };
    const changes = dearer(card, { minimumMinutes: second });
    expect(billed([before, after], changes).map(([minutes]) => minutes)).toEqual(shares);
  });

  it('also where the work before it is invoiced: 60 min are billed, so the rest costs nothing', () => {
    const changes = dearer({ minimumMinutes: 60, roundingScope: 'ticket' });
    const invoiced = asInvoiced(rate(facts([before], changes)).items);
    expect(billed([before, after], { ...changes, invoiced })).toEqual([
      [60, '150.00'],
      [0, '0.00'],
    ]);
  });

  it('nor does a midnight, of a ticket and a day: the entry is of the day on which it began', () => {
    const night = worked('09T23:50', '10T00:10');
    const noon = worked('09T12:00', '09T12:10', { workItemId: 'w-2', position: 2 });
    const changes = dearer({ minimumMinutes: 60, roundingScope: 'ticket-day' });
    expect(billed([night, noon], changes).map(([minutes]) => minutes)).toEqual([20, 20, 20]);
    const [first] = rate(facts([night], changes)).items;
    const invoiced = asInvoiced(first === undefined ? [] : [first]);
    expect(billed([night, noon], { ...changes, invoiced }).map(([minutes]) => minutes)).toEqual([30, 15, 15]);
  });

  it('but a scope never crosses a billing period: each month has a minimum of its own', () => {
    const lastNight = worked('31T23:30', '31T24:00', { endedAt: '2026-04-01T00:30:00+11:00', minutes: 60 });
    const account = under({ minimumMinutes: 60 }, { timeZone: 'Australia/Sydney' });
    expect(billed([lastNight], account)).toEqual([[60, '150.00']]);
    expect(billed([lastNight], { ...account, period: '2026-04' })).toEqual([[60, '150.00']]);
  });
});
