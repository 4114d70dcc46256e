import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { ContractTerms } from '@billtrail/contracts';
import { PUBLISHED_CARDS, PUBLISHED_SERVICE_LEVELS, card, onWorkdays } from '@billtrail/contracts/testing';
import { problemsInTerms } from './testing/problems-in-terms.js';

const levels = PUBLISHED_SERVICE_LEVELS.find((one) => one.id === 'lucidity_au');
const credit = {
  id: 'late',
  name: 'Late',
  target: 'response',
  priorities: ['critical'],
  credit: { kind: 'percent-of-recurring', percent: '5' },
  taxCategory: 'GST',
};
const step = (from: number, percent: string) => ({ from, percent });
const byBreaches = (...steps: readonly object[]) => ({ id: 'missed', name: 'Missed', steps, taxCategory: 'GST' });
/** Every part of the terms, each sound. */
const terms = {
  timeZone: 'Australia/Sydney',
  rateCalendar: {
    hours: onWorkdays({ opens: '08:00', closes: '12:00' }, { opens: '13:00', closes: '24:00', rateClass: 'late' }),
    holidays: [{ date: '2026-01-26', name: 'Australia Day' }],
    outside: { weekday: 'after-hours', weekend: 'weekend', holiday: 'holiday' },
    weekendDays: ['saturday', 'sunday'],
  },
  coverage: [
    { id: 'prepaid', name: 'Labour', match: { kinds: ['time'], rateClasses: ['late'] }, outcome: 'prepaid' },
    { id: 'rest', name: 'Rest', match: {}, outcome: 'billable' },
  ],
  rateCard: {
    ...card(
      {
        id: 'card-1',
        name: 'Card',
        currency: 'AUD',
        labour: [
          { workType: null, engineerRole: null, pricePerHour: '150.00' },
          { workType: null, engineerRole: null, rateClass: 'late', pricePerHour: '35.00', priceMinutes: 15 },
        ],
      },
      'GST',
    ),
    workTypes: [
      { workType: 'a', mode: 'multiplier', multiplier: '1.5' },
      { workType: 'b', mode: 'amount-on-top', amount: '5', per: 'hour' },
      { workType: 'c', mode: 'flat', price: '0', per: 'ticket' },
      {
        workType: 'd',
        mode: 'tiers',
        per: 'entry',
        tiers: [
          { upToMinutes: 60, pricePerHour: '1' },
          { upToMinutes: null, pricePerHour: '2' },
        ],
      },
    ],
    rateClassMultipliers: [{ rateClass: 'weekend', multiplier: '2' }],
    roundingRules: [{ workTypes: ['a'], rateClasses: ['late'], minimumMinutes: 60, incrementMinutes: 15 }],
  },
  prepaid: {
    allotment: { id: 'hours', name: 'Hours', base: { unit: 'minutes', minutes: 600 }, rollOver: 'one-period' },
    overage: { pricePerHour: null, multiplied: true },
  },
  recurringCharges: [
    {
      id: 'pc',
      name: 'PC',
      basis: 'per-device',
      countOf: 'pc',
      price: '9',
      everyMonths: 3,
      cycleAnchor: 'contract-day',
      commitment: { until: '2026-12-31', increaseOnly: true },
      proration: { increases: 'whole-period', decreases: 'next-period' },
      billed: 'in-arrears',
      taxCategory: 'GST',
    },
  ],
  minimumCommitment: {
    id: 'minimum',
    name: 'Minimum',
    amountPerPeriod: '100',
    countsRecurring: true,
    taxCategory: 'GST',
  },
  caps: [{ id: 'cap', name: 'Cap', scope: 'ticket', amount: '100', match: { kinds: ['time'] }, above: 'gap' }],
  discounts: [
    { id: 'd1', name: 'A tenth', kind: 'percent', percent: '100', order: 'before-minimum', includesRecurring: true },
    { id: 'd2', name: 'Ten', kind: 'amount', amount: '10', taxCategory: 'GST', order: 'after-minimum', match: {} },
  ],
  serviceLevels: { policy: levels?.policy, credits: [credit], maximumCreditPerPeriod: '50' },
  renewal: { automatic: true, months: 12, noticeDays: 30 },
};
type Json = { [key: string]: Json } & Json[];
const paths = (broken: unknown): string[] => problemsInTerms(broken, 'AUD', []).map(({ path }) => path);
/** The terms with one value put in another's place; undefined takes it away. */
function put(at: string, value: unknown): unknown {
  const copy = structuredClone(terms) as unknown as Json;
  const keys = at.split('.');
  const last = keys.pop() ?? '';
  let target = copy;
  for (const key of keys) target = target[key] as Json;
  if (value === undefined) Reflect.deleteProperty(target, last);
  else target[last] = value as Json;
  return copy;
}
const hours = (...intervals: [string, string][]) => intervals.map(([opens, closes]) => ({ opens, closes }));
const target = (minutes: number, clock = 'business') => ({ minutes, clock });

describe('terms with every part', () => {
  it('are sound', () => expect(problemsInTerms(terms, 'AUD', [])).toEqual([]));

  it.each<[string, unknown, string[]]>([
    ['timeZone', 'Mars/Olympus', ['timeZone']],
    ['rateCalendar.hours.monday', hours(['09:00', '09:00']), ['rateCalendar.hours.monday[0]']],
    ['rateCalendar.hours.monday', hours(['09:00', '12:00'], ['11:59', '13:00']), ['rateCalendar.hours.monday[1]']],
    ['rateCalendar.hours.monday', hours(['13:00', '14:00'], ['09:00', '12:00']), ['rateCalendar.hours.monday[1]']],
    ['rateCalendar.hours.monday', hours(['09:00', '24:01']), ['rateCalendar.hours.monday[0].closes']],
    ['rateCalendar.hours.funday', [], ['rateCalendar.hours.funday']],
    [
      'rateCalendar.holidays',
      [
        { date: '2026-01-26', name: 'A' },
        { date: '2026-01-26', name: '' },
      ],
      ['rateCalendar.holidays[1].name', 'rateCalendar.holidays[1]'],
    ],
    ['rateCalendar.outside.weekend', undefined, ['rateCalendar.outside.weekend']],
    ['rateCalendar.weekendDays', ['sunday', 'sunday'], ['rateCalendar.weekendDays[1]']],
    ['rateCalendar.weekendDays', [], []],
    ['coverage.0.match.rateClasses', ['later'], ['coverage[0].match.rateClasses[0]']],
    ['coverage.0.match.kinds', ['time', 'time'], ['coverage[0].match.kinds[1]']],
    ['rateCard.labour.1.rateClass', 'laat', ['rateCard.labour[1].rateClass']],
    ['rateCard.labour.1.rateClass', undefined, ['rateCard.labour[1]']],
    ['rateCard.labour.1.priceMinutes', 0, ['rateCard.labour[1].priceMinutes']],
    ['rateCard.workTypes.0.multiplier', '0.00', ['rateCard.workTypes[0].multiplier']],
    ['rateCard.workTypes.0.mode', 'times', ['rateCard.workTypes[0].mode']],
    ['rateCard.workTypes.0.amount', '5', ['rateCard.workTypes[0].amount']],
    ['rateCard.workTypes.1.workType', 'a', ['rateCard.workTypes[1].workType']],
    ['rateCard.workTypes.1.per', 'day', ['rateCard.workTypes[1].per']],
    ['rateCard.workTypes.2.price', '-1', ['rateCard.workTypes[2].price']],
    ['rateCard.workTypes.3.tiers', [], ['rateCard.workTypes[3].tiers']],
    [
      'rateCard.workTypes.3.tiers.1.upToMinutes',
      60,
      Array<string>(2).fill('rateCard.workTypes[3].tiers[1].upToMinutes'),
    ],
    ['rateCard.workTypes.3.tiers.1.upToMinutes', 61, ['rateCard.workTypes[3].tiers[1].upToMinutes']],
    ['rateCard.workTypes.3.tiers.0.upToMinutes', null, ['rateCard.workTypes[3].tiers[0].upToMinutes']],
    ['rateCard.rateClassMultipliers.0.rateClass', 'week-end', ['rateCard.rateClassMultipliers[0].rateClass']],
    [
      'rateCard.rateClassMultipliers.1',
      { rateClass: 'weekend', multiplier: '1' },
      ['rateCard.rateClassMultipliers[1].rateClass'],
    ],
    ['rateCard.roundingRules.0', { workTypes: ['a'] }, ['rateCard.roundingRules[0]']],
    ['rateCard.roundingRules.0.rateClasses', [], ['rateCard.roundingRules[0].rateClasses']],
    ['rateCard.roundingRules.0.rateClasses', ['x'], ['rateCard.roundingRules[0].rateClasses[0]']],
    ['rateCard.roundingRules.0.incrementMinutes', 0, ['rateCard.roundingRules[0].incrementMinutes']],
    ['prepaid.allotment.base', undefined, ['prepaid.allotment.base']],
    ['prepaid.allotment.base.minutes', 0, ['prepaid.allotment.base.minutes']],
    [
      'prepaid.allotment.base',
      { unit: 'money', money: { amount: '5', currency: 'NZD' } },
      ['prepaid.allotment.base.money.currency'],
    ],
    [
      'prepaid.allotment.base',
      { unit: 'money', money: { amount: '5.001', currency: 'AUD' } },
      ['prepaid.allotment.base.money.amount'],
    ],
    ['prepaid.allotment.rollOver', 'all', ['prepaid.allotment.rollOver']],
    ['prepaid.overage.pricePerHour', '-5', ['prepaid.overage.pricePerHour']],
    ['prepaid.overage.multiplied', 'yes', ['prepaid.overage.multiplied']],
    ['coverage.0.outcome', 'billable', ['prepaid']],
    ['prepaid', undefined, []],
    ['recurringCharges.0.countOf', undefined, ['recurringCharges[0].countOf']],
    ['recurringCharges.0.basis', 'fixed', ['recurringCharges[0].countOf', 'recurringCharges[0].commitment']],
    ['recurringCharges.0.price', '-9', ['recurringCharges[0].price']],
    ['recurringCharges.0.price', undefined, ['recurringCharges[0].price']],
    ['recurringCharges.0.tiers', [{ upTo: null, price: '9' }], ['recurringCharges[0].price']],
    ['recurringCharges.0.tiers', [], ['recurringCharges[0].tiers', 'recurringCharges[0].price']],
    ['recurringCharges.0.tierPricing', 'volume', ['recurringCharges[0].tierPricing']],
    ['recurringCharges.0.minimumCount', 0, ['recurringCharges[0].minimumCount']],
    ['recurringCharges.0.minimumCount', 5, []],
    ['recurringCharges.0.everyMonths', 2, ['recurringCharges[0].everyMonths']],
    ['recurringCharges.0.cycleAnchor', 'month', ['recurringCharges[0].cycleAnchor']],
    [
      'recurringCharges.0.commitment',
      { until: 'soon' },
      ['recurringCharges[0].commitment.increaseOnly', 'recurringCharges[0].commitment.until'],
    ],
    ['recurringCharges.0.proration', 'daily', ['recurringCharges[0].proration']],
    ['recurringCharges.0.proration', {}, ['recurringCharges[0].proration']],
    ['recurringCharges.0.proration', { increases: 'monthly' }, ['recurringCharges[0].proration.increases']],
    ['prepaid.allotment.proration', { decreases: 'half' }, ['prepaid.allotment.proration.decreases']],
    ['recurringCharges.0.billed', 'later', ['recurringCharges[0].billed']],
    ['minimumCommitment.amountPerPeriod', '-100', ['minimumCommitment.amountPerPeriod']],
    ['minimumCommitment.countsRecurring', undefined, ['minimumCommitment.countsRecurring']],
    ['minimumCommitment.id', 'pc', ['minimumCommitment.id']],
    ['caps.0.amount', '-0.01', ['caps[0].amount']],
    ['caps.0.amount', '0', ['caps[0].amount']],
    ['caps.0.match.rateClasses', ['x'], ['caps[0].match.rateClasses[0]']],
    ['caps.0.above', undefined, ['caps[0].above']],
    ['discounts.0.percent', '100.01', ['discounts[0].percent']],
    ['discounts.0.percent', '0', ['discounts[0].percent']],
    ['discounts.0.amount', '5', ['discounts[0].amount']],
    ['discounts.1.percent', '5', ['discounts[1].percent']],
    ['discounts.1.taxCategory', '', ['discounts[1].taxCategory']],
    ['discounts.1.taxCategory', undefined, []],
    ['discounts.1.id', 'd1', ['discounts[1].id']],
    ['discounts.1.order', 'last', ['discounts[1].order']],
    ['serviceLevels.policy.calendar.openingHours', {}, ['serviceLevels.policy.calendar.openingHours']],
    [
      'serviceLevels.policy.calendar.openingHours.monday',
      hours(['09:00', '12:00'], ['10:00', '13:00']),
      ['serviceLevels.policy.calendar.openingHours.monday[1]'],
    ],
    ['serviceLevels.policy.calendar.holidays', ['2026-02-30'], ['serviceLevels.policy.calendar.holidays[0]']],
    ['serviceLevels.policy.calendar.timeZone', 'AEST+', ['serviceLevels.policy.calendar.timeZone']],
    ['serviceLevels.policy.targets.critical.resolution', 240, ['serviceLevels.policy.targets.critical.resolution']],
    [
      'serviceLevels.policy.targets.high.resolution',
      target(239),
      ['serviceLevels.policy.targets.high.resolution.minutes'],
    ],
    ['serviceLevels.policy.targets.high.resolution', target(239, 'elapsed'), []],
    ['serviceLevels.policy.targets.high.response', target(0), ['serviceLevels.policy.targets.high.response.minutes']],
    [
      'serviceLevels.policy.targets.high.response',
      target(5, 'lunar'),
      ['serviceLevels.policy.targets.high.response.clock'],
    ],
    ['serviceLevels.policy.warnAtPercent', [80, 80], ['serviceLevels.policy.warnAtPercent[1]']],
    ['serviceLevels.policy.warnAtPercent', [100], ['serviceLevels.policy.warnAtPercent[0]']],
    ['serviceLevels.creditsByBreaches', [byBreaches(step(1, '2'), step(3, '5'), step(6, '5'))], []],
    ['serviceLevels.creditsByBreaches', [byBreaches(step(3, '2'), { from: 6, amount: '5' })], []],
    ['serviceLevels.creditsByBreaches', [byBreaches()], ['serviceLevels.creditsByBreaches[0].steps']],
    [
      'serviceLevels.creditsByBreaches',
      [byBreaches(step(1, '5'), { from: 3, amount: '1' }, step(6, '2'))],
      ['serviceLevels.creditsByBreaches[0].steps[2].percent'],
    ],
    [
      'serviceLevels.creditsByBreaches',
      [byBreaches(step(1, '2'), step(3, '5'), step(3, '10'))],
      ['serviceLevels.creditsByBreaches[0].steps[2].from'],
    ],
    [
      'serviceLevels.creditsByBreaches',
      [byBreaches(step(1, '2'), { from: 3 }, { from: 4, percent: '5', amount: '5' })],
      ['serviceLevels.creditsByBreaches[0].steps[1].percent', 'serviceLevels.creditsByBreaches[0].steps[2].amount'],
    ],
    [
      'serviceLevels.creditsByBreaches',
      [byBreaches(step(1, '5'), step(3, '2'))],
      ['serviceLevels.creditsByBreaches[0].steps[1].percent'],
    ],
    [
      'serviceLevels.creditsByBreaches',
      [{ ...byBreaches(step(1, '5')), id: 'late', priorities: ['low'], target: 'response' }],
      ['serviceLevels.creditsByBreaches[0].id', 'serviceLevels.creditsByBreaches[0].priorities[0]'],
    ],
    ['serviceLevels.credits.0.credit.percent', '101', ['serviceLevels.credits[0].credit.percent']],
    ['serviceLevels.credits.0.credit', { kind: 'amount', amount: '0' }, ['serviceLevels.credits[0].credit.amount']],
    ['serviceLevels.credits.0.priorities', ['critical', 'P9'], ['serviceLevels.credits[0].priorities[1]']],
    ['serviceLevels.credits.0.priorities', ['low'], ['serviceLevels.credits[0].priorities[0]']],
    ['serviceLevels.credits.0.priorities', undefined, []],
    ['serviceLevels.credits.1', { ...credit, id: 'again' }, ['serviceLevels.credits[1]']],
    ['serviceLevels.credits.1', { ...credit, id: 'other', target: 'resolution' }, []],
    ['serviceLevels.maximumCreditPerPeriod', '-1', ['serviceLevels.maximumCreditPerPeriod']],
    ['recurringCharges', undefined, ['serviceLevels.credits[0].credit']],
    ['renewal.months', 0, ['renewal.months']],
    ['renewal.noticeDays', -1, ['renewal.noticeDays']],
    ['renewal.automatic', null, ['renewal.automatic']],
  ])('with %s = %j have their problem there', (at, value, expected) =>
    expect(paths(put(at, value))).toEqual(expected.map((path) => `terms.${path}`)),
  );

  it('a target that nobody has gives no credit', () => {
    const none = { critical: { response: null, resolution: null } };
    const everyone = put('serviceLevels.credits.0.priorities', undefined) as ContractTerms & { serviceLevels: object };
    const policy = { ...levels?.policy, targets: none };
    expect(paths({ ...everyone, serviceLevels: { ...everyone.serviceLevels, policy } })).toEqual([
      'terms.serviceLevels.credits[0].target',
    ]);
    expect(paths(put('serviceLevels.policy.targets', {}))).toContain('terms.serviceLevels.policy.targets');
  });

  it('an amount as credit needs fees or a maximum to be given from', () => {
    const withAmount = put('serviceLevels.credits.0.credit', { kind: 'amount', amount: '5' }) as typeof terms;
    const { recurringCharges: _fees, ...without } = withAmount;
    expect(paths(without)).toEqual([]);
    const { maximumCreditPerPeriod: _maximum, ...unlimited } = without.serviceLevels;
    expect(paths({ ...without, serviceLevels: unlimited })).toEqual(['terms.serviceLevels.credits[0].credit']);
    expect(paths({ ...withAmount, serviceLevels: unlimited })).toEqual([]);
  });

  it('all problems of all parts come in one answer', () => {
    const broken = { coverage: 1, rateCard: 2, prepaid: 3, recurringCharges: 4, caps: 5, discounts: 6, renewal: 7 };
    expect(paths({ ...broken, serviceLevels: 8, minimumCommitment: 9, rateCalendar: 0, timeZone: 0 }).sort()).toEqual(
      [...Object.keys(broken), 'minimumCommitment', 'rateCalendar', 'serviceLevels', 'timeZone']
        .map((part) => `terms.${part}`)
        .sort(),
    );
  });

  it('never crash the inspection, whatever stands in them', () => {
    const places = fc.constantFrom(...placesIn(terms));
    fc.assert(
      fc.property(places, fc.jsonValue({ maxDepth: 3 }), (place, value) => {
        const problems = problemsInTerms(put(place, value), 'AUD');
        for (const { path, problem } of problems)
          expect([path.startsWith('terms'), problem !== '']).toEqual([true, true]);
      }),
      { numRuns: 500 },
    );
    fc.assert(fc.property(fc.jsonValue(), (value) => expect(problemsInTerms(value, null).length).toBeGreaterThan(0)));
  });
});

/** Every place in a document, as a path of keys. */
function placesIn(value: unknown, at: readonly string[] = []): string[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, part]) => [[...at, key].join('.'), ...placesIn(part, [...at, key])]);
}

describe('published cards', () => {
  const plans = PUBLISHED_CARDS.flatMap(({ id, plans: all }) =>
    all.map((plan) => [id, plan.contractId, plan.terms] as const),
  );
  it('are at least eight', () => expect(new Set(plans.map(([id]) => id)).size).toBe(11));
  it.each(plans)('%s, %s is sound', (_id, _plan, published) =>
    expect(problemsInTerms(published, published.rateCard.currency)).toEqual([]),
  );
  it.each(PUBLISHED_SERVICE_LEVELS.map(({ id, policy }) => [id, policy] as const))(
    'the policy of %s is sound',
    (_id, policy) => expect(paths({ ...terms, serviceLevels: { policy, credits: [] } })).toEqual([]),
  );
});

describe('tiers of units', () => {
  const { price: _price, ...tiered } = terms.recurringCharges[0] as Readonly<Record<string, unknown>>;
  const tiersOf = (...ends: readonly (number | null)[]) => ({
    ...terms,
    recurringCharges: [{ ...tiered, tierPricing: 'volume', tiers: ends.map((upTo) => ({ upTo, price: '9' })) }],
  });
  it('rise to the last unit', () => {
    expect(paths(tiersOf(10, 20, null))).toEqual([]);
    expect(problemsInTerms(tiersOf(10, 10, null), 'AUD', [])).toEqual([
      { path: 'terms.recurringCharges[0].tiers[1].upTo', problem: 'must be more than the 10 of the tier before' },
    ]);
    expect(problemsInTerms(tiersOf(10), 'AUD', [])).toEqual([
      {
        path: 'terms.recurringCharges[0].tiers[0].upTo',
        problem: 'must be null on the last tier: units beyond would have no price',
      },
    ]);
    expect(paths(tiersOf(null, 10))).toEqual([
      'terms.recurringCharges[0].tiers[0].upTo',
      'terms.recurringCharges[0].tiers[1].upTo',
    ]);
  });
});
