import { describe, expect, it } from '@jest/globals';
import type { ContractTerms, Discount, RateCard, WorkTypePricing } from '@billtrail/contracts';
import { ALL_BILLABLE, contractFacts, facts, only, terms, ticketFacts, time } from '../../testing/facts.js';
import { aud, contractWith, itemOf, monthOf, onInvoice, part, spent } from '../../testing/charges.js';
import { charged } from '../../testing/steps.js';
import type { ClientPeriodFacts } from '../../client-period.js';
import type { WorkItem } from '../facts.js';
import { rateExplained as rate } from '../../rate.js';
import { Pricer } from './pricing.js';

const under = (changes: Partial<RateCard>, more: Partial<ContractTerms> = {}): Partial<ClientPeriodFacts> => ({
  contracts: [contractFacts({ terms: { ...terms(changes), ...more } })],
});
const nets = (work: readonly WorkItem[], changes: Partial<ClientPeriodFacts>) =>
  rate(facts(work, changes)).items.map((item) => item.net?.amount ?? null);
const entry = (number: number, changes: Partial<Extract<WorkItem, { kind: 'time' }>> = {}) =>
  time({ workItemId: `w-${number}`, position: number, ...changes });
const override = { pricePerHour: aud('99.00'), reason: 'agreed by phone', overriddenBy: 'accounts-1', eventId: 'ev-o' };
const tiers: WorkTypePricing = {
  workType: 'remote',
  mode: 'tiers',
  per: 'entry',
  tiers: [
    { upToMinutes: 60, pricePerHour: '150.00' },
    { upToMinutes: null, pricePerHour: '225.00' },
  ],
};
const visit: WorkTypePricing = { workType: 'remote', mode: 'flat', price: '220.00', per: 'ticket' };
const twice = { rateClassMultipliers: [{ rateClass: 'after-hours', multiplier: '2' }] };

describe('the price of an hour that a card gives', () => {
  const pricer = () =>
    new Pricer(terms({ ...twice, labour: [{ workType: 'remote', engineerRole: null, pricePerHour: '150.00' }] }));
  const asked = { workType: 'remote', engineerRole: 'engineer', rateClass: null };

  it('is multiplied by the class, and none where the card has no rate', () => {
    expect(pricer().hourly(asked)?.toJSON()).toEqual(aud('150.00'));
    expect(
      pricer()
        .hourly({ ...asked, rateClass: 'after-hours' })
        ?.toJSON(),
    ).toEqual(aud('300.00'));
    expect(pricer().hourly({ ...asked, workType: 'onsite' })).toBeNull();
  });

  it('prices other minutes of the same work, but not what a scope shares, unless a person set the price', () => {
    const same = (changes: Partial<RateCard>, work: ReturnType<typeof time>) =>
      new Pricer(terms(changes)).sameFor(part(contractFacts(), work).assessed, work, 30)?.exact?.toJSON() ?? null;
    expect(same({}, time())).toEqual(aud('75.00'));
    expect(same({ workTypes: [visit] }, time())).toBeNull();
    expect(same({ workTypes: [visit] }, time({ override }))).toEqual(aud('49.50'));
  });
});

describe('the price that a line shows', () => {
  const price = (pricePerHour: string, priceMinutes = 60) =>
    only(
      rate(
        facts(
          [time({ minutes: 1 })],
          under({ labour: [{ workType: null, engineerRole: null, pricePerHour, priceMinutes }] }),
        ),
      ).items,
    ).unitPrice?.amount;

  it('has all the digits that were agreed, and six of a price of an hour that has no end', () => {
    expect(price('99.1234567')).toBe('99.1234567');
    expect(price('0.123456789012')).toBe('0.123456789012');
    expect(price('1000.00', 450)).toBe('133.333333');
  });

  it('says whose factor it has where only one of them is', () => {
    const factor = (workTypes: RateCard['workTypes'], rateClass: string | null) =>
      only(
        rate(facts([time({ rateClass })], under({ ...twice, ...(workTypes === undefined ? {} : { workTypes }) })))
          .items,
      ).trace.find(({ step }) => step === 'multiplier')?.text;
    const half = [{ workType: 'remote', mode: 'multiplier', multiplier: '0.5' }] as const;
    expect(factor(half, null)).toBe('x 0.5 for work type remote');
    expect(factor(undefined, 'after-hours')).toBe('x 2 for after-hours');
    expect(factor(half, 'after-hours')).toBe('x 2 for after-hours (of 2 and 0.5 the larger wins)');
  });
});

describe('overage', () => {
  const prepaid = (
    overage: NonNullable<ContractTerms['prepaid']>['overage'] | undefined,
    changes: Partial<RateCard> = {},
  ) =>
    under(changes, {
      coverage: [{ ...ALL_BILLABLE, outcome: 'prepaid' }],
      ...(overage === undefined ? {} : { prepaid: { overage } }),
    });
  const at180 = { pricePerHour: '180.00', multiplied: false };
  const late = { rateClass: 'after-hours' };

  it('is multiplied by the class of each entry only where the contract says so', () => {
    const work = [entry(1), entry(2, late), entry(3)];
    expect(nets(work, prepaid({ ...at180, multiplied: true }, twice))).toEqual(['180.00', '360.00', '180.00']);
    expect(nets(work, prepaid(at180, twice))).toEqual(['180.00', '180.00', '180.00']);
  });

  it.each([
    ['no overage is stated', undefined],
    ['the overage has no price of its own', { pricePerHour: null, multiplied: false }],
  ])("is the card's full price where %s (K3)", (_, overage) => {
    const work = [entry(1), entry(2, late)];
    expect(nets(work, prepaid(overage, twice))).toEqual(['150.00', '300.00']);
    const onTop = { workType: 'remote', mode: 'amount-on-top', amount: '40.00', per: 'entry' } as const;
    expect(nets([entry(1)], prepaid(overage, { workTypes: [onTop] }))).toEqual(['190.00']);
    const ofType = { workType: 'remote', mode: 'multiplier', multiplier: '1.5' } as const;
    expect(nets([entry(1), entry(2, late)], prepaid(overage, { ...twice, workTypes: [ofType] }))).toEqual([
      '225.00',
      '300.00',
    ]);
  });

  it('says that no multiplier raises a stated price, unless the contract says so', () => {
    const rateText = (multiplied: boolean): readonly string[] =>
      rate(facts([entry(1, late)], prepaid({ ...at180, multiplied }, twice)))
        .items.flatMap(({ trace }) => trace)
        .filter(({ step }) => step === 'rate' || step === 'multiplier')
        .map(({ text }) => text);
    expect(rateText(false)).toEqual(['180.00 AUD an hour: overage of the contract, which no multiplier raises']);
    expect(rateText(true)[0]).toBe('180.00 AUD an hour: overage of the contract');
    expect(rateText(true)).toHaveLength(2);
  });

  it('is multiplied by a class of which the card has a price of an hour: the stated price is not that of the class', () => {
    const labour = [
      { workType: 'remote', engineerRole: null, pricePerHour: '150.00' },
      { workType: 'remote', engineerRole: null, rateClass: 'after-hours', pricePerHour: '170.00' },
    ];
    const account = prepaid({ ...at180, multiplied: true }, { ...twice, labour });
    expect(nets([entry(1, late), entry(2)], account)).toEqual(['360.00', '180.00']);
    expect(nets([entry(1, late)], prepaid(at180, { ...twice, labour }))).toEqual(['180.00']);
  });

  it('has the factor of each class of its own', () => {
    const classes = [...twice.rateClassMultipliers, { rateClass: 'weekend', multiplier: '3' }];
    const work = [entry(1, late), entry(2, { rateClass: 'weekend' }), entry(3)];
    const account = prepaid({ ...at180, multiplied: true }, { rateClassMultipliers: classes });
    expect(nets(work, account)).toEqual(['360.00', '540.00', '180.00']);
  });

  it('is none of one price whatever the minutes', () => {
    const pricer = new Pricer({ ...terms({ workTypes: [visit] }), prepaid: { overage: at180 } });
    expect(pricer.overage(part(contractFacts(), time()).assessed, time(), 30)).toBeNull();
    const hourly = new Pricer({ ...terms(), prepaid: { overage: at180 } });
    expect(hourly.overage(part(contractFacts(), time()).assessed, time(), 30)?.exact?.toJSON()).toEqual(aud('90.00'));
  });

  it('without a price of its own is at the card, and a price that a person set wins', () => {
    expect(nets([entry(1), entry(2, { override })], prepaid(undefined))).toEqual(['150.00', '99.00']);
    expect(nets([entry(1), entry(2, { override })], prepaid(at180))).toEqual(['180.00', '99.00']);
    const allotment = { id: 'base', name: 'Hours', base: { unit: 'minutes', minutes: 20 }, rollOver: 'none' } as const;
    const monthly = { coverage: [{ ...ALL_BILLABLE, outcome: 'prepaid' as const }], prepaid: { allotment } };
    expect(nets([entry(1)], under({}, monthly))).toEqual(['0.00', '100.00']);
  });

  it('of tiers is at its own price where it has one, else in the tiers', () => {
    expect(nets([entry(1, { minutes: 120 })], prepaid(at180, { workTypes: [tiers] }))).toEqual(['360.00']);
    expect(nets([entry(1, { minutes: 120 })], prepaid(undefined, { workTypes: [tiers] }))).toEqual(['375.00']);
  });
});

describe('what is no price', () => {
  it('an amount on top of no price is no price', () => {
    const onTop: WorkTypePricing = { workType: 'remote', mode: 'amount-on-top', amount: '45.00', per: 'ticket' };
    const { items, gaps } = rate(facts([time()], under({ labour: [], workTypes: [onTop] })));
    expect(only(items)).toMatchObject({ disposition: 'unpriced', net: null, unpriced: { reason: 'no-rate' } });
    expect(only(items).basis).toMatchObject({ unpriced: 'no-rate', price: null });
    expect(only(items).trace.at(-1)?.facts['unpriced']).toBe('no-rate');
    expect(only(items).trace.at(-1)?.step).toBe('rate');
    expect(only(gaps).kind).toBe('unpriced');
  });

  it('no minutes in tiers are a line of nothing', () => {
    const item = only(rate(facts([time({ minutes: 0 })], under({ workTypes: [tiers] }))).items);
    expect(item).toMatchObject({ net: aud('0.00'), unitPrice: aud('0.00') });
    expect(item.trace.find(({ step }) => step === 'rate')?.text).toContain('no minutes of the entry');
  });
});

describe('discounts of some work only', () => {
  const off = (id: string, percent: string, category: string): Discount => ({
    id,
    name: id,
    kind: 'percent',
    percent,
    order: 'before-minimum',
    match: { categories: [category] },
  });
  const rebate: Discount = {
    id: 'r',
    name: 'Rebate',
    kind: 'amount',
    amount: '10.00',
    taxCategory: 'GST',
    order: 'before-minimum',
  };

  it('lower the work of their own tickets, and an amount lowers no item', () => {
    const tickets = new Map(
      ['printer', 'network', 'other'].map((category, index) => [
        `T-${index + 1}`,
        ticketFacts({ ticketId: `T-${index + 1}`, category }),
      ]),
    );
    const work = [1, 2, 3].map((number) => entry(number, { ticketId: `T-${number}` }));
    const discounts = [off('a', '10', 'printer'), off('b', '20', 'network'), rebate];
    expect(nets(work, { ...under({}, { discounts }), tickets })).toEqual(['135.00', '120.00', '150.00']);
    const set = work.map((one) => ({ ...one, override }));
    expect(nets(set, { ...under({}, { discounts }), tickets })).toEqual(['89.10', '79.20', '99.00']);
  });

  it('an amount that is on an invoice follows the version in force (K1)', () => {
    const of = (amount: string) => contractWith({ discounts: [{ ...rebate, amount }] });
    const hour = itemOf(part(of('10.00'), spent(60, '2026-03-10'), { outcome: 'billable' }), 'w-1', '2026-03');
    const invoicedCharges = onInvoice(charged(monthOf('2026-03', [of('10.00')]), [hour]).charges);
    const { charges } = charged(monthOf('2026-03', [of('80.00')], { invoicedCharges }), [hour]);
    expect(charges.map(({ net }) => net.amount)).toEqual(['-10.00', '-70.00']);
  });
});
