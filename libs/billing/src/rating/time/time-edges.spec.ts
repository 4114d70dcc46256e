import { describe, expect, it } from '@jest/globals';
import type { ContractTerms, RateCalendar, RateCard } from '@billtrail/contracts';
import { card, contractFacts, facts, material, terms, time, only } from '../../testing/facts.js';
import type { ClientPeriodFacts } from '../../client-period.js';
import type { WorkItem } from '../facts.js';
import { rateExplained as rate } from '../../rate.js';
import { RateClasses, dayNumberAt, midnightOf, momentOfWall } from './rate-classes.js';
import { hasTimes } from './step-2-segments.js';
import { rounded } from '../../testing/steps.js';
import { roundingOf } from './rounding.js';
import type { TimeToRound } from './step-4-billable-time.js';
import { classOf } from '../../settled/priced-then.js';
import { statedIn } from './times-to-round.js';
import { NO_BASIS } from '../../item/made-item.js';

const utc = (text: string): number => Date.parse(text);
const DAY_MILLIS = 86_400_000;
const dayNumber = (date: string): number => utc(`${date}T00:00:00Z`) / DAY_MILLIS;
const nineToFive = [{ opens: '09:00', closes: '17:00' }];
const office: RateCalendar = {
  hours: { monday: nineToFive, tuesday: nineToFive, wednesday: nineToFive, thursday: nineToFive, friday: nineToFive },
  holidays: [{ date: '2026-03-09', name: 'Labour Day' }],
};
const under = (changes: Partial<RateCard>, more: Partial<ContractTerms> = {}): Partial<ClientPeriodFacts> => ({
  contracts: [contractFacts({ terms: { ...terms(changes), ...more } })],
});
const billable = (work: readonly WorkItem[], changes: Partial<ClientPeriodFacts>) =>
  rate(facts(work, changes)).items.map((item) => item.billableMinutes);

describe('moments of a wall clock', () => {
  it.each<[string, 'earlier' | 'later', string]>([
    ['2026-04-05T01:00:00Z', 'later', '2026-04-04T14:00:00.000Z'],
    ['2026-04-05T02:30:00Z', 'earlier', '2026-04-04T15:30:00.000Z'],
    ['2026-04-05T02:30:00Z', 'later', '2026-04-04T16:30:00.000Z'],
    ['2026-04-05T03:00:00Z', 'earlier', '2026-04-04T17:00:00.000Z'],
    ['2026-10-04T01:30:00Z', 'later', '2026-10-03T15:30:00.000Z'],
    ['2026-10-04T02:30:00Z', 'later', '2026-10-03T16:00:00.000Z'],
    ['2026-10-04T02:30:00Z', 'earlier', '2026-10-03T16:00:00.000Z'],
    ['2026-10-04T03:00:00Z', 'earlier', '2026-10-03T16:00:00.000Z'],
    ['2026-07-01T12:00:00Z', 'later', '2026-07-01T02:00:00.000Z'],
  ])('in Sydney, around the changes of the clock: %s, the %s', (wall, twice, expected) => {
    expect(new Date(momentOfWall('Australia/Sydney', utc(wall), twice)).toISOString()).toBe(expected);
  });

  it('where midnight comes twice the day begins at the first, and the day before ends there', () => {
    const havana = 'America/Havana';
    const first = utc('2026-11-01T04:00:00Z');
    expect(midnightOf(havana, dayNumber('2026-11-01'))).toBe(first);
    expect(dayNumberAt(havana, first)).toBe(dayNumber('2026-11-01'));
    expect(dayNumberAt(havana, first - 1)).toBe(dayNumber('2026-10-31'));
    const allDay = [{ opens: '00:00', closes: '24:00' }];
    const classes = new RateClasses({ hours: { saturday: allDay }, holidays: [] }, havana);
    expect(classes.edgesOf(dayNumber('2026-10-31'))).toEqual([first - DAY_MILLIS, first - DAY_MILLIS, first]);
  });
});

describe('the class of a day and of a moment', () => {
  const classes = () => new RateClasses(office, 'Australia/Sydney');

  it.each([
    ['2026-03-10', 'business'],
    ['2026-03-14', 'weekend'],
    ['2026-03-09', 'holiday'],
  ])('%s is %s where only the day is known', (date, expected) => {
    expect(classes().ofDate(date)).toBe(expected);
  });

  it.each([
    ['2026-03-10T08:59:59.999+11:00', 'after-hours'],
    ['2026-03-10T09:00:00+11:00', 'business'],
    ['2026-03-10T16:59:59.999+11:00', 'business'],
    ['2026-03-10T17:00:00+11:00', 'after-hours'],
    ['2026-03-14T12:00:00+11:00', 'weekend'],
    ['2026-03-09T12:00:00+11:00', 'holiday'],
  ])('%s is %s', (moment, expected) => {
    expect(classes().at(utc(moment))).toBe(expected);
  });

  it('a holiday has no hours, so it has no edge but its beginning', () => {
    expect(classes().edgesOf(dayNumber('2026-03-09'))).toStrictEqual([utc('2026-03-09T00:00:00+11:00')]);
  });

  it('of a frozen item is that of its segment, else what step 2 said, else what was declared', () => {
    const basis = { ...NO_BASIS, rateClass: 'holiday' } as const;
    const segment = { fromMinute: 0, toMinute: 60, date: '2026-03-10', rateClass: 'weekend' };
    expect(classOf({ segment, basis })).toBe('weekend');
    expect(classOf({ segment: { ...segment, rateClass: null }, basis })).toBeNull();
    expect(classOf({ basis })).toBe('holiday');
    expect(classOf({ basis: NO_BASIS })).toBeNull();
    const declared = time({ rateClass: 'holiday' });
    const classed = time({ workDate: '2026-03-14', rateClass: null });
    const byCalendar = under({}, { rateCalendar: office });
    const basisOf = (work: WorkItem, changes: Partial<ClientPeriodFacts> = {}) =>
      only(rate(facts([work], changes)).items);
    expect(classOf(basisOf(declared))).toBe('holiday');
    expect(classOf(basisOf(classed, byCalendar))).toBe('weekend');
    expect(classOf(basisOf(time()))).toBeNull();
  });
});

describe('work with and without times', () => {
  const startedAt = '2026-03-10T10:00:00+11:00';
  const endedAt = '2026-03-10T11:00:00+11:00';

  it('has times where both its start and its end are recorded', () => {
    expect(hasTimes(time({ startedAt, endedAt }))).toBe(true);
    expect(hasTimes(time({ startedAt }))).toBe(false);
    expect(hasTimes(time({ endedAt }))).toBe(false);
    expect(hasTimes(material())).toBe(false);
  });

  it.each([
    ['seconds before the hours end', '2026-03-10T16:59:50+11:00', '2026-03-10T17:30:00+11:00', 'after-hours'],
    ['seconds after it', '2026-03-10T16:30:00+11:00', '2026-03-10T17:00:05+11:00', 'business'],
  ])('%s that come to no minute are no segment', (_case, from, to, expected) => {
    const changes = under({}, { timeZone: 'Australia/Sydney', rateCalendar: office });
    const { items } = rate(facts([time({ minutes: 30, startedAt: from, endedAt: to })], changes));
    expect(items.map((item) => [item.itemId, item.actualMinutes, item.basis.rateClass])).toEqual([
      ['w-1', 30, expected],
    ]);
  });

  it.each<[number | null, number, number, number, number | null]>([
    [null, 60, 0, 30, null],
    [45, 0, 0, 0, 45],
    [45, 60, 0, 30, 23],
    [45, 60, 30, 60, 22],
    [45, 60, 0, 60, 45],
    [0, 60, 0, 30, 0],
  ])('of %s stated of %d min, the minutes %d to %d hold %s', (statedBillableMinutes, minutes, from, to, expected) => {
    expect(statedIn(time({ statedBillableMinutes, minutes }), from, to)).toBe(expected);
  });
});

describe('which minimum and increment', () => {
  const ruled = card({
    minimumMinutes: 15,
    incrementMinutes: 5,
    roundingRules: [
      { workTypes: ['onsite'], rateClasses: ['weekend'], minimumMinutes: 120 },
      { rateClasses: ['after-hours', 'weekend'], incrementMinutes: 30 },
      { workTypes: ['onsite'], minimumMinutes: 60 },
    ],
  });

  it.each<[string, string | null, number, number, string]>([
    ['onsite', 'weekend', 120, 5, '[["onsite"],["weekend"]]'],
    ['remote', 'weekend', 15, 30, '[null,["after-hours","weekend"]]'],
    ['onsite', 'after-hours', 15, 30, '[null,["after-hours","weekend"]]'],
    ['onsite', 'business', 60, 5, '[["onsite"],null]'],
    ['onsite', null, 60, 5, '[["onsite"],null]'],
    ['remote', 'business', 15, 5, ''],
    ['remote', null, 15, 5, ''],
  ])(
    '%s in %s: minimum %d, increment %d, by rule %s',
    (workType, rateClass, minimumMinutes, incrementMinutes, rule) => {
      expect(roundingOf(ruled, workType, rateClass)).toEqual({
        minimumMinutes,
        incrementMinutes,
        scope: 'entry',
        direction: 'up',
        rule,
      });
      expect(roundingOf(card(), workType, rateClass).rule).toBe('');
    },
  );

  it('each entry has that of its own class', () => {
    const labour = [{ workType: null, engineerRole: null, pricePerHour: '100' }];
    const changes = under({ ...ruled, labour });
    const work = ['after-hours', null, 'business'].map((rateClass, index) =>
      time({ workItemId: `w-${index}`, position: index + 1, minutes: 20, rateClass }),
    );
    expect(billable(work, changes)).toEqual([30, 20, 20]);
  });

  it('entries of equal length have each what was stated of them', () => {
    const work = [null, 30, null, 45].map((statedBillableMinutes, index) =>
      time({ workItemId: `w-${index}`, position: index + 1, statedBillableMinutes }),
    );
    expect(billable(work, {})).toEqual([60, 30, 60, 45]);
  });
});

describe('time in a scope', () => {
  const hourly = { minimumMinutes: 60, incrementMinutes: 30, scope: 'ticket', rule: '', direction: 'up' } as const;
  const plain = { ...hourly, minimumMinutes: 0, incrementMinutes: 1 };
  const of = (actualMinutes: number, changes: Partial<TimeToRound> = {}): TimeToRound => ({
    actualMinutes,
    statedBillableMinutes: null,
    rounding: hourly,
    scopeId: 'a',
    ...changes,
  });
  const minutesOf = (...args: Parameters<typeof rounded>) => rounded(...args).map((one) => one.minutes);

  it('is its share of what the scope comes to, by minutes and largest remainder, the earlier of two that are equal', () => {
    expect(minutesOf([of(45), of(20), of(26)])).toEqual([59, 27, 34]);
    expect(minutesOf([of(20), of(20), of(20)])).toEqual([20, 20, 20]);
    expect(minutesOf([of(7), of(7)])).toEqual([30, 30]);
    expect(minutesOf([of(31), of(31), of(31)])).toEqual([40, 40, 40]);
    expect(minutesOf([of(35), of(35), of(31)])).toEqual([42, 41, 37]);
    expect(minutesOf([of(20), of(20, { statedBillableMinutes: 10 })])).toEqual([40, 20]);
    expect(minutesOf([of(0), of(0)])).toEqual([0, 0]);
  });

  it('comes after what is settled in its scope, and takes nothing of that back', () => {
    const settled = [
      { rounding: hourly, basisMinutes: 20, billableMinutes: 60 },
      { rounding: hourly, basisMinutes: 10, billableMinutes: 0 },
    ];
    expect(minutesOf([of(31)], settled)).toEqual([30]);
    const muchSettled = [{ rounding: hourly, basisMinutes: 10, billableMinutes: 120 }];
    expect(minutesOf([of(95), of(30)], muchSettled)).toEqual([23, 7]);
    expect(minutesOf([of(20)], muchSettled)).toEqual([0]);
  });

  it('keeps its own minutes where its rounding changes none, and asks no minimum that is met', () => {
    expect(minutesOf([of(10, { rounding: plain }), of(10)])).toEqual([10, 50]);
    expect(minutesOf([of(10), of(10, { rounding: plain })])).toEqual([50, 10]);
    expect(minutesOf([of(70, { rounding: plain }), of(10)])).toEqual([70, 20]);
    expect(
      minutesOf([of(5, { rounding: plain })], [{ rounding: null, basisMinutes: 10, billableMinutes: 60 }]),
    ).toEqual([0]);
  });

  it('of two minima in one scope asks for the larger, never for both, and never loses a minute', () => {
    const half = { ...hourly, minimumMinutes: 30 };
    expect(minutesOf([of(10), of(10, { rounding: half })])).toEqual([30, 30]);
    expect(minutesOf([of(10, { rounding: half }), of(10)])).toEqual([30, 30]);
    const exact = [
      { rounding: hourly, basisMinutes: 30, billableMinutes: 60 },
      { rounding: plain, basisMinutes: 30, billableMinutes: 0 },
    ];
    expect(minutesOf([of(30)], exact)).toEqual([30]);
  });
});

describe('a declared rate class that the contract does not know (K9)', () => {
  const multipliers = { rateClassMultipliers: [{ rateClass: 'night', multiplier: '2' }] };
  const nights: RateCalendar = { ...office, outside: { weekday: 'night', weekend: 'sunday', holiday: 'holiday' } };
  const shown = (work: readonly WorkItem[], changes: Partial<ClientPeriodFacts>) =>
    rate(facts(work, changes)).items.map(({ net, unpriced }) => net?.amount ?? unpriced?.reason);
  const at = { startedAt: '2026-03-10T02:00:00Z', endedAt: '2026-03-10T03:00:00Z' };

  it('is a price of its own where a calendar names it, of the contract or of the place', () => {
    const night = time({ rateClass: 'night' });
    expect(shown([night], under(multipliers, { rateCalendar: nights }))).toEqual(['300.00']);
    const { holidays: _holidays, ...calendar } = nights;
    expect(shown([night], { ...under(multipliers), places: { calendar, sites: [] } })).toEqual(['300.00']);
  });

  it('is no price where none does, of a duration or of times without class hours; a calendar classes times by itself', () => {
    const night = time({ rateClass: 'night' });
    expect(shown([night], under({}))).toEqual(['rate-class-unknown']);
    expect(shown([night], under({}, { rateCalendar: office }))).toEqual(['rate-class-unknown']);
    expect(shown([time({ ...at, rateClass: 'night' })], under({}))).toEqual(['rate-class-unknown']);
    expect(shown([time({ ...at, rateClass: 'night' })], under({}, { rateCalendar: office }))).toEqual(['150.00']);
    expect(shown([time({ rateClass: 'weekend' })], under({}))).toEqual(['150.00']);
  });

  it('is a gap also where a rule includes the work, for the rules that ask for classes were asked for another', () => {
    const coverage = [{ id: 'all', name: 'All', match: {}, outcome: 'included' }] as const;
    const { gaps } = rate(facts([time({ rateClass: 'nigth' })], under({}, { coverage })));
    expect(gaps.map(({ kind }) => kind)).toEqual(['unpriced']);
    expect(gaps[0]?.cause).toBe(
      'nigth, as it was declared, is no rate class of contract con-1 version 1; known: business, after-hours, weekend, holiday',
    );
  });
});
