import { describe, expect, it } from '@jest/globals';
import type { ContractTerms, Discount, RateCard } from '@billtrail/contracts';
import type { ExplainedItem } from '../../item/billable-item.js';
import { contractFacts, expense, facts, material, only, terms, time } from '../../testing/facts.js';
import type { ClientPeriodFacts } from '../../client-period.js';
import type { WorkItem } from '../facts.js';
import { rateExplained as rate } from '../../rate.js';

const under = (changes: Partial<RateCard>, more: Partial<ContractTerms> = {}): Partial<ClientPeriodFacts> => ({
  contracts: [contractFacts({ terms: { ...terms(changes), ...more } })],
});
const nets = (work: readonly WorkItem[], changes: Partial<ClientPeriodFacts>): unknown[] =>
  rate(facts(work, changes)).items.map((item) => item.net?.amount ?? null);
const rated = (work: WorkItem, changes: Partial<ClientPeriodFacts>): ExplainedItem =>
  only(rate(facts([work], changes)).items);
const step = (item: ExplainedItem, kind: string) => item.trace.find((one) => one.step === kind);
const entries = (...minutes: number[]) =>
  minutes.map((each, index) => time({ workItemId: `w-${index + 1}`, position: index + 1, minutes: each }));

describe('step 5, prices of work types', () => {
  it('R3: 2 h, first hour at 150.00, beyond at 225.00: 375.00', () => {
    const tiers = [
      { upToMinutes: 60, pricePerHour: '150.00' },
      { upToMinutes: null, pricePerHour: '225.00' },
    ];
    const item = rated(
      time({ minutes: 120 }),
      under({ labour: [], workTypes: [{ workType: 'remote', mode: 'tiers', per: 'entry', tiers }] }),
    );
    expect(item).toMatchObject({ quantity: '2', unitPrice: { amount: '187.50' }, net: { amount: '375.00' } });
    expect(step(item, 'rate')?.text).toContain('60 min at 150.00, 60 min at 225.00');
    const perTicket = under({ workTypes: [{ workType: 'remote', mode: 'tiers', per: 'ticket', tiers }] });
    expect(nets(entries(40, 40, 60), perTicket)).toEqual(['100.00', '125.00', '225.00']);
    expect(nets(entries(60), perTicket)).toEqual(['150.00']);
    expect(nets(entries(61), perTicket)).toEqual(['153.75']);
  });

  it('R14: base 170.00/h, multiplier 1.5, minimum 2 h, worked 20 min after hours: 510.00', () => {
    const changes = under({
      labour: [{ workType: null, engineerRole: null, pricePerHour: '170.00' }],
      rateClassMultipliers: [{ rateClass: 'after-hours', multiplier: '1.5' }],
      roundingRules: [{ rateClasses: ['after-hours'], minimumMinutes: 120 }],
    });
    const item = rated(time({ minutes: 20, rateClass: 'after-hours' }), changes);
    expect(item).toMatchObject({
      actualMinutes: 20,
      billableMinutes: 120,
      unitPrice: { amount: '255.00' },
      net: { amount: '510.00' },
    });
    expect(item.trace.map((one) => one.step)).toEqual([
      'work',
      'segment',
      'contract',
      'coverage',
      'billable-time',
      'rate',
      'multiplier',
      'amount',
    ]);
    expect(rated(time({ minutes: 20 }), changes)).toMatchObject({ billableMinutes: 20, net: { amount: '56.67' } });
  });

  it.each([
    ['1.5', '2', '300.00', 'work-type'],
    ['2', '1.5', '300.00', 'rate-class'],
    ['1.5', '1.5', '225.00', 'work-type'],
    ['1', '0.5', '150.00', 'rate-class'],
    [null, '0.5', '75.00', 'work-type'],
    ['1.5', null, '225.00', 'rate-class'],
  ])('class %s and work type %s: the larger wins, they never multiply', (ofClass, ofWorkType, net, taken) => {
    const item = rated(
      time({ rateClass: 'after-hours' }),
      under({
        ...(ofClass === null ? {} : { rateClassMultipliers: [{ rateClass: 'after-hours', multiplier: ofClass }] }),
        ...(ofWorkType === null
          ? {}
          : { workTypes: [{ workType: 'remote', mode: 'multiplier', multiplier: ofWorkType }] }),
      }),
    );
    expect(item.net?.amount).toBe(net);
    expect(step(item, 'multiplier')?.facts['taken']).toBe(taken);
  });

  it('the closest price wins: work type before role before class; a price of the class takes no class multiplier', () => {
    const labour: RateCard['labour'] = [
      { workType: null, engineerRole: null, pricePerHour: '100' },
      { workType: null, engineerRole: 'senior', pricePerHour: '110' },
      { workType: null, engineerRole: null, rateClass: 'after-hours', pricePerHour: '120' },
      { workType: 'remote', engineerRole: null, pricePerHour: '130' },
    ];
    const changes = under({ labour, rateClassMultipliers: [{ rateClass: 'after-hours', multiplier: '2' }] });
    const price = (work: Partial<Extract<WorkItem, { kind: 'time' }>>) => rated(time(work), changes).net?.amount;
    expect(price({ workType: 'onsite' })).toBe('100.00');
    expect(price({ workType: 'onsite', engineerRole: 'senior' })).toBe('110.00');
    expect(price({ workType: 'onsite', rateClass: 'after-hours' })).toBe('120.00');
    expect(price({ workType: 'onsite', engineerRole: 'senior', rateClass: 'after-hours' })).toBe('220.00');
    expect(price({ rateClass: 'after-hours', engineerRole: 'senior' })).toBe('260.00');
  });

  it('a day rate is divided last: 1,000.00 for 450 min', () => {
    const changes = under({
      labour: [{ workType: 'remote', engineerRole: null, pricePerHour: '1000.00', priceMinutes: 450 }],
    });
    expect(rated(time({ minutes: 450 }), changes)).toMatchObject({
      net: { amount: '1000.00' },
      unitPrice: { amount: '133.333333' },
    });
    expect(rated(time({ minutes: 60 }), changes).net?.amount).toBe('133.33');
  });

  it('an amount on top: once for the ticket, or on each hour, and no multiplier is laid on it', () => {
    const after = { rateClassMultipliers: [{ rateClass: 'after-hours', multiplier: '2' }] };
    const onTop = (per: 'hour' | 'ticket' | 'entry') =>
      under({ ...after, workTypes: [{ workType: 'remote', mode: 'amount-on-top', amount: '45.00', per }] });
    const work = entries(60, 60).map((one) => ({ ...one, rateClass: 'after-hours' }));
    expect(nets(work, onTop('ticket'))).toEqual(['345.00', '300.00']);
    expect(nets(work, onTop('entry'))).toEqual(['345.00', '345.00']);
    expect(nets(entries(30), onTop('hour'))).toEqual(['97.50']);
  });

  it('one price for a visit: the first entry of the ticket day carries it, whatever the minutes; the rest costs nothing more', () => {
    const flat = under({
      labour: [],
      workTypes: [{ workType: 'remote', mode: 'flat', price: '220.00', per: 'ticket-day' }],
    });
    const work = [...entries(10, 90), time({ workItemId: 'w-3', position: 3, workDate: '2026-03-11' })];
    expect(nets(work, flat)).toEqual(['220.00', '0.00', '220.00']);
    const [first, second] = rate(facts(work, flat)).items;
    expect(first).toMatchObject({ quantity: '1', unit: 'flat', unitPrice: { amount: '220.00' }, actualMinutes: 10 });
    expect(second?.trace.map((one) => one.text).join()).toContain('is on earlier work');
  });
});

describe('step 4, minimum and increment', () => {
  const rounding = under({ minimumMinutes: 30, incrementMinutes: 15 });
  it.each([
    [0, 0],
    [1, 30],
    [29, 30],
    [30, 30],
    [31, 45],
    [45, 45],
    [46, 60],
    [1_440, 1_440],
    [1_441, 1_455],
  ])('minimum 30, increment 15: %d min are %d', (minutes, billable) => {
    expect(rated(time({ minutes }), rounding).billableMinutes).toBe(billable);
  });

  it('a minimum that is no multiple of the increment goes up to the next one', () => {
    expect(rated(time({ minutes: 5 }), under({ minimumMinutes: 20, incrementMinutes: 15 })).billableMinutes).toBe(30);
  });

  it('work under different rounding rules shares no scope', () => {
    const changes = under({
      roundingScope: 'ticket',
      minimumMinutes: 60,
      roundingRules: [{ workTypes: ['onsite'], minimumMinutes: 120, incrementMinutes: 30 }],
      labour: [{ workType: null, engineerRole: null, pricePerHour: '100' }],
    });
    const work = [
      time({ minutes: 10 }),
      time({ workItemId: 'w-2', position: 2, minutes: 10, workType: 'onsite' }),
      time({ workItemId: 'w-3', position: 3, minutes: 10 }),
    ];
    expect(rate(facts(work, changes)).items.map((item) => item.billableMinutes)).toEqual([30, 120, 30]);
  });
});

describe('step 5, where the price comes from', () => {
  const override = {
    pricePerHour: { amount: '99.00', currency: 'AUD' },
    reason: 'agreed by phone',
    overriddenBy: 'accounts-1',
    eventId: 'ev-o',
  };

  it('an override wins over every card, without multiplier, with its reason in the trace', () => {
    const changes = under({ rateClassMultipliers: [{ rateClass: 'after-hours', multiplier: '2' }] });
    const item = rated(time({ override, rateClass: 'after-hours', minutes: 120 }), changes);
    expect(item.net?.amount).toBe('198.00');
    expect(step(item, 'override')).toMatchObject({ text: '99.00 AUD an hour, set by accounts-1: agreed by phone' });
    expect(rated(time({ override }), under({ labour: [] })).net?.amount).toBe('99.00');
  });

  it('an override in another currency is no price', () => {
    const foreign = { ...override, pricePerHour: { amount: '99.00', currency: 'USD' } };
    const { items, gaps } = rate(facts([time({ override: foreign })]));
    expect(only(items)).toMatchObject({ disposition: 'unpriced', net: null });
    expect(only(gaps)).toMatchObject({ kind: 'unpriced' });
  });

  it.each([
    ['JPY', '9999', 20, '3333'],
    ['JPY', '9001', 30, '4501'],
    ['KWD', '10.0005', 60, '10.001'],
    ['KWD', '0.001', 30, '0.001'],
    ['AUD', '0.01', 30, '0.01'],
    ['AUD', '0.01', 29, '0.00'],
  ])('%s: %s an hour, %d min -> %s', (currency, pricePerHour, minutes, net) => {
    const changes = {
      ...under({ currency, labour: [{ workType: 'remote', engineerRole: null, pricePerHour }] }),
      currency,
    };
    expect(rated(time({ minutes }), changes).net).toEqual({ amount: net, currency });
  });
});

describe('percent discounts', () => {
  const off = (percent: string, more: Partial<Discount> = {}): Discount =>
    ({ id: `d-${percent}`, name: 'Loyal', kind: 'percent', percent, order: 'before-minimum', ...more }) as Discount;

  it('lower each item before its one rounding', () => {
    const labour = [{ workType: 'remote', engineerRole: null, pricePerHour: '100.00' }];
    const item = rated(time({ minutes: 10 }), under({ labour }, { discounts: [off('50')] }));
    // Half of 16.666... is 8.333...; half of the rounded 16.67 would come out at 8.34.
    expect(item.net?.amount).toBe('8.33');
    const percents = { beforeMinimumPercent: '50', afterMinimumPercent: '0' };
    expect(item.basis.discount).toMatchObject(percents);
    expect(step(item, 'discount')?.facts).toMatchObject({ percent: '50', ...item.basis.discount });
  });

  it('add up, at most to 100, and only those that match', () => {
    const both = under({}, { discounts: [off('10'), off('20')] });
    expect(rated(time(), both).net?.amount).toBe('105.00');
    expect(rated(time(), under({}, { discounts: [off('70'), off('60')] })).net?.amount).toBe('0.00');
    const materials = under({}, { discounts: [off('10', { match: { kinds: ['material'] } })] });
    expect(nets([time(), material(), expense()], materials)).toEqual(['150.00', '40.50', '22.00']);
  });

  it('come after the minimum of minutes, and tell both percents where they differ', () => {
    const item = rated(
      time({ minutes: 1 }),
      under({ minimumMinutes: 60 }, { discounts: [off('10'), off('95', { order: 'after-minimum' })] }),
    );
    expect(item).toMatchObject({ billableMinutes: 60, net: { amount: '0.00' }, unitPrice: { amount: '150.00' } });
    expect(item.basis.discount).toEqual({
      exactBefore: '150',
      exact: '0',
      beforeMinimumPercent: '10',
      afterMinimumPercent: '90',
    });
    expect(step(item, 'discount')?.facts).toMatchObject({ percent: '100', ...item.basis.discount });
  });
});

describe('materials and expenses', () => {
  it('pass contract, coverage and the chain as time does', () => {
    const contracts = [
      contractFacts({
        terms: terms({}, [
          { id: 'no', name: 'No goods', match: { kinds: ['material', 'expense'] }, outcome: 'excluded' },
        ]),
      }),
      contractFacts({
        contractId: 'con-2',
        priority: 20,
        terms: terms({ materials: { pricing: 'cost-plus', markupPercent: '50' } }),
      }),
    ];
    expect(
      rate(facts([material(), expense()], { contracts })).items.map((item) => [item.contractId, item.net?.amount]),
    ).toEqual([
      ['con-2', '36.00'],
      ['con-2', '22.00'],
    ]);
  });

  it('a quantity of nothing is a line of nothing, not a gap', () => {
    const { items, gaps } = rate(facts([material({ quantity: '0' })]));
    expect(only(items)).toMatchObject({ disposition: 'billable', net: { amount: '0.00' } });
    expect(gaps.filter((gap) => gap.kind === 'unpriced')).toEqual([]);
  });
});
