import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type {
  Cap,
  ContractTerms,
  CoverageRule,
  Discount,
  RateCard,
  RoundingScope,
  WorkTypePricing,
} from '@billtrail/contracts';
import { Decimal } from '@billtrail/kernel';
import type { ExplainedItem } from './item/billable-item.js';
import { ALL_BILLABLE, contractFacts, expense, facts, material, terms, time } from './testing/facts.js';
import type { ClientPeriodFacts } from './client-period.js';
import type { WorkItem } from './rating/facts.js';
import { rateExplained as rate } from './rate.js';
import type { TraceFact, TraceStep } from './item/trace.js';

const PREPAID: CoverageRule = { id: 'pre', name: 'Prepaid', match: {}, outcome: 'prepaid' };

const figure = (value: TraceFact | undefined): Decimal => {
  if (typeof value !== 'string' && typeof value !== 'number') throw new Error(`no figure: ${JSON.stringify(value)}`);
  return new Decimal(value);
};
const first = (text: string): string => text.split(' ')[0] ?? '';

/** What a step about the price makes of what came before it. */
function afterRate(before: Decimal, { text, facts: of }: TraceStep, item: ExplainedItem): Decimal {
  // A share is taken of what all the minutes cost, so all of them were priced before it.
  const share = item.trace.find((step) => step.facts['mode'] === 'share');
  const minutes = share === undefined ? (item.billableMinutes ?? 0) : figure(share.facts['ofMinutes']).toNumber();
  switch (of['mode']) {
    case 'tiers':
      return [...text.matchAll(/(\d+) min at ([\d.]+)/g)].reduce(
        (sum, [, many = '', price = '']) => sum.plus(new Decimal(price).times(many).div(60)),
        new Decimal(0),
      );
    case 'flat':
      return of['charged'] === true ? new Decimal(first(text)) : new Decimal(0);
    case 'share':
      return before.times(figure(of['minutes'])).div(figure(of['ofMinutes']));
    case 'amount-on-top':
      if (of['per'] === 'hour') return before.plus(figure(of['amount']).times(minutes).div(60));
      return of['charged'] === true ? before.plus(figure(of['amount'])) : before;
    default:
      if (item.kind !== 'time') return figure(of['unitPrice']).times(quantityOf(item));
      return figure(of['pricePerHour'] ?? of['overagePricePerHour'])
        .times(minutes)
        .div(figure(of['priceMinutes'] ?? 60));
  }
}

/** The recorded quantity: an item that a block or a cap cut holds a part of it. */
function quantityOf(item: ExplainedItem): Decimal {
  const { kind, quantity } = item.trace[0]?.facts ?? {};
  return kind === 'material' ? figure(quantity) : new Decimal(1);
}

/** The amount of an item from the figures of its trace alone, step after step. */
function reckoned(item: ExplainedItem): string {
  let amount = new Decimal(0);
  for (const step of item.trace) {
    const { facts: of } = step;
    switch (step.step) {
      case 'rate':
      case 'override':
        amount = afterRate(amount, step, item);
        break;
      case 'multiplier':
        amount = amount.times(figure(of['multiplier']));
        break;
      case 'discount':
        amount = amount.times(new Decimal(100).minus(figure(of['percent']))).div(100);
        break;
      case 'prepaid':
        if (of['paid'] !== undefined) amount = amount.minus(figure(of['paid']));
        break;
      case 'cap':
        amount = figure(of['billed'] ?? of['above']);
        break;
      default:
    }
  }
  return amount.toDecimalPlaces(2, Decimal.ROUND_HALF_UP).toFixed(2);
}

const per = fc.constantFrom<RoundingScope>('entry', 'ticket-day', 'ticket');
const pricing: fc.Arbitrary<WorkTypePricing | null> = fc.oneof(
  fc.constant(null),
  fc.constant<WorkTypePricing>({ workType: 'remote', mode: 'multiplier', multiplier: '1.25' }),
  fc.constantFrom('hour' as const, 'entry' as const, 'ticket' as const).map((scope): WorkTypePricing => ({
    workType: 'remote',
    mode: 'amount-on-top',
    amount: '20.00',
    per: scope,
  })),
  per.map((scope): WorkTypePricing => ({ workType: 'remote', mode: 'flat', price: '99.99', per: scope })),
  per.map((scope): WorkTypePricing => ({
    workType: 'remote',
    mode: 'tiers',
    per: scope,
    tiers: [
      { upToMinutes: 60, pricePerHour: '133.33' },
      { upToMinutes: null, pricePerHour: '200.01' },
    ],
  })),
);
const card: fc.Arbitrary<Partial<RateCard>> = fc
  .record({
    pricing,
    pricePerHour: fc.constantFrom('150.00', '133.33', '0.07'),
    priceMinutes: fc.constantFrom(60, 450),
    minimumMinutes: fc.constantFrom(0, 15, 60),
    incrementMinutes: fc.constantFrom(1, 6, 15),
    roundingScope: per,
    multiplied: fc.boolean(),
  })
  .map(({ pricing: of, pricePerHour, priceMinutes, multiplied, ...rest }) => ({
    ...rest,
    labour: [{ workType: null, engineerRole: null, pricePerHour, priceMinutes }],
    ...(of === null ? {} : { workTypes: [of] }),
    ...(multiplied ? { rateClassMultipliers: [{ rateClass: 'after-hours', multiplier: '1.5' }] } : {}),
  }));
const cap = fc
  .record({ scope: fc.constantFrom('ticket', 'period'), amount: fc.constantFrom('100.00', '333.33') })
  .map(({ scope, amount }): Cap => ({ id: 'cap', name: 'Budget', scope, amount, above: 'write-down' }));
const discount = fc
  .constantFrom('5', '33.3')
  .map((percent): Discount => ({ id: 'd', name: 'Loyal', kind: 'percent', percent, order: 'before-minimum' }));
const blocks = fc
  .tuple(fc.option(fc.constantFrom(30, 77, 100)), fc.option(fc.constantFrom('7.00', '50.00', '123.45')))
  .map(([many, amount]) => [
    ...(many === null ? [] : [{ blockId: 'b', amount: { unit: 'minutes', minutes: many } as const }]),
    ...(amount === null
      ? []
      : [{ blockId: 'm', amount: { unit: 'money', money: { amount, currency: 'AUD' } } as const }]),
  ])
  .map((some) =>
    some.map((one) => ({
      ...one,
      purchasedOn: '2026-01-01',
      expiresOn: null,
      price: null,
      eventId: `ev-${one.blockId}`,
    })),
  );
const account: fc.Arbitrary<Partial<ClientPeriodFacts>> = fc
  .record({
    card,
    blocks,
    cap: fc.option(cap),
    discount: fc.option(discount),
    isPrepaid: fc.boolean(),
    overage: fc.option(fc.record({ pricePerHour: fc.constantFrom(null, '180.00'), multiplied: fc.boolean() })),
  })
  .map(({ card: of, blocks: some, cap: limit, discount: off, isPrepaid, overage }) => {
    const version: ContractTerms = {
      ...terms(of, [isPrepaid ? PREPAID : ALL_BILLABLE]),
      ...(limit === null ? {} : { caps: [limit] }),
      ...(off === null ? {} : { discounts: [off] }),
      ...(overage === null ? {} : { prepaid: { overage } }),
    };
    return { contracts: [contractFacts({ terms: version, blocks: some })] };
  });
const override = {
  pricePerHour: { amount: '88.88', currency: 'AUD' },
  reason: 'agreed',
  overriddenBy: 'a',
  eventId: 'ev-o',
};
const work = fc
  .array(
    fc.oneof(
      fc
        .record({
          minutes: fc.constantFrom(1, 3, 20, 45, 60, 90, 200),
          rateClass: fc.constantFrom('business', 'after-hours', null),
          isOverridden: fc.constantFrom(false, false, true),
          workDate: fc.constantFrom('2026-03-10', '2026-03-11'),
        })
        .map(({ isOverridden, ...changes }): WorkItem => time({ ...changes, ...(isOverridden ? { override } : {}) })),
      fc.constantFrom('3', '0.333', '7.5').map((quantity): WorkItem => material({ quantity })),
      fc.constantFrom('20.00', '333.33').map((amount): WorkItem => expense({ cost: { amount, currency: 'AUD' } })),
    ),
    { minLength: 1, maxLength: 4 },
  )
  .map((some) => some.map((one, index): WorkItem => ({ ...one, workItemId: `w-${index + 1}`, position: index + 1 })));

describe('laws of traces', () => {
  it('every tree recomputes: the amount of an item follows from the figures in its trace', () => {
    fc.assert(
      fc.property(work, account, (some, of) => {
        for (const item of rate(facts(some, of)).items) {
          if (item.net === null || item.disposition === 'covered') continue;
          expect([item.itemId, reckoned(item)]).toEqual([item.itemId, item.net.amount]);
        }
      }),
      { numRuns: 500, seed: 20261129 },
    );
  });
});

describe('lines that quantity times price does not make', () => {
  it('a part of a minute that a block of money paid is said, with what is left of its price', () => {
    const block = {
      blockId: 'm',
      amount: { unit: 'money', money: { amount: '7.00', currency: 'AUD' } },
      purchasedOn: '2026-01-01',
      expiresOn: null,
      price: null,
      eventId: 'ev-m',
    } as const;
    const contracts = [contractFacts({ terms: terms({}, [PREPAID]), blocks: [block] })];
    const [, overage] = rate(facts([time({ minutes: 3 })], { contracts })).items;
    expect(overage?.net?.amount).toBe('0.50');
    expect(overage?.trace.find(({ step }) => step === 'prepaid')).toMatchObject({
      text: expect.stringContaining('of 2.5 2 is paid: 0.5 AUD is left') as unknown,
      facts: { exactBefore: '2.5', paid: '2', exact: '0.5' },
    });
  });

  it('an amount on top that is charged once is said on the line', () => {
    const workTypes = [{ workType: 'remote', mode: 'amount-on-top', amount: '20.00', per: 'ticket' }] as const;
    const contracts = [contractFacts({ terms: terms({ workTypes }) })];
    const some = [time({}), time({ workItemId: 'w-2', position: 2 })];
    const { items } = rate(facts(some, { contracts }));
    expect(items.map(({ description, net }) => [description, net?.amount])).toEqual([
      ['Worked on the printer (20.00 AUD on top, once for the ticket)', '170.00'],
      ['Worked on the printer', '150.00'],
    ]);
    expect(items[0]?.trace.at(-1)?.text).toBe('60 min (1 h) x 150.00 + 20.00 on top = 170 -> 170.00 AUD');
  });
});
