import { describe, expect, it } from '@jest/globals';
import type { ContractTerms, CoverageRule, RateCalendar } from '@billtrail/contracts';
import type { ExplainedItem } from '../../item/billable-item.js';
import { ALL_BILLABLE, contractFacts, facts, only, terms, time } from '../../testing/facts.js';
import type { ClientPeriodFacts } from '../../client-period.js';
import type { ContractFacts, WorkItem } from '../facts.js';
import { RateClasses } from './rate-classes.js';
import { rateExplained as rate } from '../../rate.js';

const nineToFive = [{ opens: '09:00', closes: '17:00' }];
const calendar: RateCalendar = {
  hours: { monday: nineToFive, tuesday: nineToFive, wednesday: nineToFive, thursday: nineToFive, friday: nineToFive },
  holidays: [{ date: '2026-03-09', name: 'Labour Day' }],
};
const sydney = (
  changes: Partial<ContractTerms> = {},
  rules: readonly CoverageRule[] = [ALL_BILLABLE],
): ContractTerms => ({
  ...terms(
    {
      rateClassMultipliers: [
        { rateClass: 'after-hours', multiplier: '1.5' },
        { rateClass: 'weekend', multiplier: '1.75' },
        { rateClass: 'holiday', multiplier: '2' },
      ],
    },
    rules,
  ),
  timeZone: 'Australia/Sydney',
  rateCalendar: calendar,
  ...changes,
});
const under = (ofVersion: ContractTerms): Partial<ClientPeriodFacts> => ({
  contracts: [contractFacts({ terms: ofVersion })],
});

/** Work between two moments; its stated date is the one in Sydney. */
function worked(startedAt: string, endedAt: string, changes: Partial<Extract<WorkItem, { kind: 'time' }>> = {}) {
  const minutes = (Date.parse(endedAt) - Date.parse(startedAt)) / 60_000;
  return time({ startedAt, endedAt, minutes, workDate: startedAt.slice(0, 10), ...changes });
}

function shown(items: readonly ExplainedItem[]): unknown[] {
  return items.map(({ itemId, workDate, actualMinutes, net, segment }) => [
    itemId,
    workDate,
    actualMinutes,
    segment?.rateClass ?? null,
    net?.amount ?? null,
  ]);
}

describe('step 2, segments', () => {
  it('work that lies within one class is one item with the work its id, and says its class', () => {
    const item = only(
      rate(facts([worked('2026-03-10T10:00:00+11:00', '2026-03-10T11:00:00+11:00')], under(sydney()))).items,
    );
    expect(item).toMatchObject({ itemId: 'w-1', net: { amount: '150.00' } });
    expect(item).not.toHaveProperty('segment');
    expect(item.trace.find((step) => step.step === 'segment')?.text).toBe('business on 2026-03-10 in Australia/Sydney');
  });

  it('is cut where the hours end: 16:30 to 18:00 is 30 min of business and 60 min after hours', () => {
    const { items } = rate(facts([worked('2026-03-10T16:30:00+11:00', '2026-03-10T18:00:00+11:00')], under(sydney())));
    expect(shown(items)).toEqual([
      ['w-1@p1', '2026-03-10', 30, 'business', '75.00'],
      ['w-1@p2', '2026-03-10', 60, 'after-hours', '225.00'],
    ]);
    expect(items[1]?.segment).toEqual({ fromMinute: 30, toMinute: 90, date: '2026-03-10', rateClass: 'after-hours' });
  });

  it.each([
    ['up to the very edge', '2026-03-10T16:00:00+11:00', '2026-03-10T17:00:00+11:00', '150.00'],
    ['from the very edge on', '2026-03-10T17:00:00+11:00', '2026-03-10T18:00:00+11:00', '225.00'],
    ['up to the opening', '2026-03-10T08:00:00+11:00', '2026-03-10T09:00:00+11:00', '225.00'],
    ['over midnight on weekdays', '2026-03-10T23:30:00+11:00', '2026-03-11T00:30:00+11:00', '225.00'],
    ['on a holiday', '2026-03-09T10:00:00+11:00', '2026-03-09T11:00:00+11:00', '300.00'],
    ['on a Sunday', '2026-03-08T10:00:00+11:00', '2026-03-08T11:00:00+11:00', '262.50'],
  ])('is not cut %s: no segment of no minutes', (_case, from, to, net) => {
    expect(only(rate(facts([worked(from, to)], under(sydney()))).items)).toMatchObject({
      itemId: 'w-1',
      net: { amount: net },
    });
  });

  it('Friday night to Saturday is cut at midnight; Sunday to a holiday too; a whole day of three classes', () => {
    expect(
      shown(rate(facts([worked('2026-03-13T23:00:00+11:00', '2026-03-14T01:00:00+11:00')], under(sydney()))).items),
    ).toEqual([
      ['w-1@p1', '2026-03-13', 60, 'after-hours', '225.00'],
      ['w-1@p2', '2026-03-14', 60, 'weekend', '262.50'],
    ]);
    expect(
      shown(rate(facts([worked('2026-03-08T23:00:00+11:00', '2026-03-09T01:00:00+11:00')], under(sydney()))).items),
    ).toEqual([
      ['w-1@p1', '2026-03-08', 60, 'weekend', '262.50'],
      ['w-1@p2', '2026-03-09', 60, 'holiday', '300.00'],
    ]);
    const day = rate(facts([worked('2026-03-10T08:00:00+11:00', '2026-03-10T18:00:00+11:00')], under(sydney()))).items;
    expect(day.map((item) => [item.actualMinutes, item.segment?.rateClass])).toEqual([
      [60, 'after-hours'],
      [480, 'business'],
      [60, 'after-hours'],
    ]);
  });

  it('a duration takes its declared class, else the class of its date', () => {
    const net = (changes: Partial<Extract<WorkItem, { kind: 'time' }>>) =>
      only(rate(facts([time(changes)], under(sydney()))).items).net?.amount;
    expect(net({})).toBe('150.00');
    expect(net({ rateClass: 'after-hours' })).toBe('225.00');
    expect(net({ workDate: '2026-03-07' })).toBe('262.50');
    expect(net({ workDate: '2026-03-09' })).toBe('300.00');
    expect(net({ workDate: '2026-03-09', rateClass: 'business' })).toBe('150.00');
  });

  it('work with times has the class of the calendar; without a calendar the declared one', () => {
    const declared = worked('2026-03-10T10:00:00+11:00', '2026-03-10T11:00:00+11:00', { rateClass: 'holiday' });
    expect(only(rate(facts([declared], under(sydney()))).items).net?.amount).toBe('150.00');
    const { rateCalendar: _none, ...without } = sydney();
    expect(only(rate(facts([declared], under(without))).items).net?.amount).toBe('300.00');
  });

  it('a break is laid over the work evenly, and no minute is lost', () => {
    const broken = worked('2026-03-10T16:00:00+11:00', '2026-03-10T18:00:00+11:00', { minutes: 61 });
    const { items } = rate(facts([broken], under(sydney())));
    expect(items.map((item) => item.actualMinutes)).toEqual([31, 30]);
  });

  it('stated billable minutes follow the stretches and sum to what was stated', () => {
    const stated = worked('2026-03-10T16:30:00+11:00', '2026-03-10T18:00:00+11:00', { statedBillableMinutes: 50 });
    const { items } = rate(facts([stated], under(sydney())));
    expect(items.map((item) => item.billableMinutes)).toEqual([17, 33]);
  });

  it('work of no minutes with times is one item of nothing', () => {
    const none = worked('2026-03-10T10:00:00+11:00', '2026-03-10T10:00:00+11:00');
    expect(only(rate(facts([none], under(sydney()))).items)).toMatchObject({
      itemId: 'w-1',
      actualMinutes: 0,
      net: { amount: '0.00' },
    });
  });
});

describe('step 2, days and months in the zone of the contract', () => {
  const late = worked('2026-03-31T12:30:00Z', '2026-03-31T13:30:00Z');

  it('an entry over the end of the month in the zone of the contract is of both months, each its own part', () => {
    const march = rate(facts([late], under(sydney()))).items;
    const april = rate(facts([late], { ...under(sydney()), period: '2026-04' })).items;
    expect(shown(march)).toEqual([['w-1@p1', '2026-03-31', 30, 'after-hours', '112.50']]);
    expect(shown(april)).toEqual([['w-1@p1', '2026-04-01', 30, 'after-hours', '112.50']]);
  });

  it('31 March in Sydney is never billed in April, whatever UTC and the stated date say', () => {
    const evening = worked('2026-03-31T20:00:00+11:00', '2026-03-31T21:00:00+11:00', { workDate: '2026-04-01' });
    expect(only(rate(facts([evening], under(sydney()))).items)).toMatchObject({
      workDate: '2026-03-31',
      itemId: 'w-1',
    });
    expect(rate(facts([evening], { ...under(sydney()), period: '2026-04' })).items).toEqual([]);
    const firstOfApril = worked('2026-03-31T13:00:00Z', '2026-03-31T14:00:00Z');
    expect(rate(facts([firstOfApril], under(sydney()))).items).toEqual([]);
    expect(only(rate(facts([firstOfApril], { ...under(sydney()), period: '2026-04' })).items).workDate).toBe(
      '2026-04-01',
    );
  });

  it('a contract without a zone has the days of the client, else of the organisation', () => {
    const { timeZone: _zone, ...ofClient } = sydney();
    const changes = { ...under(ofClient), clientTimeZone: 'Pacific/Auckland' };
    expect(
      only(rate(facts([worked('2026-03-31T10:30:00Z', '2026-03-31T11:30:00Z')], changes)).items).actualMinutes,
    ).toBe(30);
    expect(rate(facts([worked('2026-03-31T11:00:00Z', '2026-03-31T11:30:00Z')], changes)).items).toEqual([]);
  });

  it('a no-charge declaration is of both months as well', () => {
    const tickets = new Map(
      [...facts([late]).tickets].map(([id, ticket]) => [
        id,
        { ...ticket, noCharge: { reasonCode: 'goodwill', reason: 'ours', eventId: 'ev-nc' } },
      ]),
    );
    const changes = { ...under(sydney()), tickets, clientTimeZone: 'Australia/Sydney' };
    expect(only(rate(facts([late], changes)).items)).toMatchObject({ actualMinutes: 30, disposition: 'covered' });
  });

  it('29 February has its class and its month', () => {
    const leap = worked('2028-02-29T16:30:00+11:00', '2028-02-29T17:30:00+11:00');
    const { items } = rate(facts([leap], { ...under(sydney()), period: '2028-02' }));
    expect(shown(items)).toEqual([
      ['w-1@p1', '2028-02-29', 30, 'business', '75.00'],
      ['w-1@p2', '2028-02-29', 30, 'after-hours', '112.50'],
    ]);
  });
});

describe('step 2, clock changes', () => {
  const round = (rateClass: string) => [{ opens: '00:00', closes: '03:00', rateClass }];
  const night: RateCalendar = {
    hours: { sunday: round('night') },
    holidays: [],
    outside: { weekday: 'day', weekend: 'day', holiday: 'day' },
  };
  const nightly = (timeZone: string): Partial<ClientPeriodFacts> => ({
    ...under({ ...terms({ rateClassMultipliers: [{ rateClass: 'night', multiplier: '2' }] }), rateCalendar: night }),
    clientTimeZone: timeZone,
  });

  it('the hour that comes twice is two hours of night', () => {
    // Sydney, 5 April 2026: 03:00 becomes 02:00, so that midnight to three are four hours.
    const work = worked('2026-04-04T13:00:00Z', '2026-04-04T18:00:00Z');
    const { items } = rate(facts([work], { ...nightly('Australia/Sydney'), period: '2026-04' }));
    expect(items.map((item) => [item.actualMinutes, item.segment?.rateClass])).toEqual([
      [240, 'night'],
      [60, 'day'],
    ]);
  });

  it('the hour that is skipped is no hour of night', () => {
    // London, 29 March 2026: 01:00 becomes 02:00, so that midnight to three are two hours.
    const work = worked('2026-03-29T00:00:00Z', '2026-03-29T03:00:00Z');
    const { items } = rate(facts([work], nightly('Europe/London')));
    expect(items.map((item) => [item.actualMinutes, item.segment?.rateClass])).toEqual([
      [120, 'night'],
      [60, 'day'],
    ]);
  });

  it.each([
    [
      'a time that is skipped is the moment of the change',
      'Europe/London',
      '01:30',
      '04:00',
      '2026-03-29T01:00:00Z',
      '2026-03-29T03:00:00Z',
    ],
    [
      'of a time that comes twice the first opens and the second closes',
      'Australia/Sydney',
      '02:15',
      '02:45',
      '2026-04-04T15:15:00Z',
      '2026-04-04T16:45:00Z',
    ],
  ])('%s', (_case, zone, opens, closes, from, to) => {
    const classes = new RateClasses({ ...night, hours: { sunday: [{ opens, closes, rateClass: 'night' }] } }, zone);
    const at = (moment: number) => classes.at(moment);
    expect([at(Date.parse(from) - 1), at(Date.parse(from)), at(Date.parse(to) - 1), at(Date.parse(to))]).toEqual([
      'day',
      'night',
      'night',
      'day',
    ]);
  });
});

describe('step 2, edges of contracts', () => {
  const dearer = terms({ labour: [{ workType: 'remote', engineerRole: null, pricePerHour: '200.00' }] });
  const versions = (from: string): Partial<ContractFacts> => ({
    versions: [
      {
        versionNumber: 1,
        effectiveFrom: '2026-01-01',
        effectiveTo: null,
        terms: { ...terms(), timeZone: 'Australia/Sydney' },
      },
      { versionNumber: 2, effectiveFrom: from, effectiveTo: null, terms: { ...dearer, timeZone: 'Australia/Sydney' } },
    ],
  });
  const overMidnight = worked('2026-03-10T23:00:00+11:00', '2026-03-11T01:00:00+11:00');

  it('a new version in the middle of an entry prices what comes after it', () => {
    const { items } = rate(facts([overMidnight], { contracts: [contractFacts(versions('2026-03-11'))] }));
    expect(items.map((item) => [item.itemId, item.contractVersion, item.net?.amount])).toEqual([
      ['w-1@p1', 1, '150.00'],
      ['w-1@p2', 2, '200.00'],
    ]);
  });

  it('midnight alone cuts nothing', () => {
    expect(rate(facts([overMidnight], { contracts: [contractFacts(versions('2026-03-12'))] })).items).toHaveLength(1);
  });

  it('the last day of a contract ends in its zone: what comes after has no contract, and its gap the minutes of it', () => {
    const { items, gaps } = rate(
      facts([overMidnight], { contracts: [contractFacts({ ...versions('2026-12-01'), lastDay: '2026-03-10' })] }),
    );
    expect(items.map((item) => [item.disposition, item.actualMinutes])).toEqual([
      ['billable', 60],
      ['unpriced', 60],
    ]);
    expect(gaps.find((gap) => gap.kind === 'unpriced')?.valueAtRisk).toEqual({ money: null, minutes: 60 });
  });

  it('on the days of a suspension work goes along the chain', () => {
    const resting = contractFacts({ suspensions: [{ from: '2026-03-10', resumedOn: '2026-03-12' }] });
    const next = contractFacts({ contractId: 'con-2', priority: 20, terms: dearer });
    const on = (workDate: string) =>
      only(rate(facts([time({ workDate })], { contracts: [resting, next] })).items).contractId;
    expect(['2026-03-09', '2026-03-10', '2026-03-11', '2026-03-12'].map(on)).toEqual([
      'con-1',
      'con-2',
      'con-2',
      'con-1',
    ]);
  });

  it('each contract of the chain has its own calendar: what one excludes after its hours, the next prices by its own', () => {
    const excluding: CoverageRule = {
      id: 'out',
      name: 'After hours',
      match: { rateClasses: ['after-hours'] },
      outcome: 'excluded',
    };
    const first = contractFacts({ terms: sydney({}, [excluding, ALL_BILLABLE]) });
    const second = contractFacts({ contractId: 'con-2', priority: 20, terms: dearer });
    const work = worked('2026-03-10T16:00:00+11:00', '2026-03-10T18:00:00+11:00');
    expect(
      rate(facts([work], { contracts: [first, second] })).items.map((item) => [
        item.contractId,
        item.net?.amount,
        item.segment?.rateClass,
      ]),
    ).toEqual([
      ['con-1', '150.00', 'business'],
      ['con-2', '200.00', null],
    ]);
  });

  it('a block that expires in the middle of an entry covers what came before', () => {
    const rules: CoverageRule[] = [{ id: 'pre', name: 'Prepaid', match: {}, outcome: 'prepaid' }];
    const block = {
      blockId: 'b-1',
      eventId: 'ev-b',
      amount: { unit: 'minutes', minutes: 600 } as const,
      purchasedOn: '2026-01-01',
      expiresOn: '2026-03-10',
      price: null,
    };
    const contracts = [
      contractFacts({ terms: { ...terms({}, rules), timeZone: 'Australia/Sydney' }, blocks: [block] }),
    ];
    const { items, draws } = rate(facts([overMidnight], { contracts }));
    expect(items.map((item) => [item.itemId, item.disposition, item.actualMinutes, item.net?.amount])).toEqual([
      ['w-1@p1', 'covered', 60, '0.00'],
      ['w-1@p2', 'billable', 60, '150.00'],
    ]);
    expect(only(draws)).toMatchObject({ itemId: 'w-1@p1', amount: { unit: 'minutes', minutes: 60 } });
  });
});
