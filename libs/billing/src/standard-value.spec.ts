import { describe, expect, it } from '@jest/globals';
import type { ContractTerms, CoverageRule, Discount, RateCard, WorkTypePricing } from '@billtrail/contracts';
import type { ExplainedItem } from './item/billable-item.js';
import { rateExplained as rate } from './rate.js';
import type { ClientPeriodFacts, FrozenLine } from './client-period.js';
import type { WorkItem } from './rating/facts.js';
import { aud, block, minutes } from './testing/charges.js';
import {
  asInvoiced,
  asWrittenOff,
  contractFacts,
  expense,
  facts,
  material,
  terms,
  ticketFacts,
  time,
} from './testing/facts.js';

type Account = Partial<ClientPeriodFacts>;

const under = (changes: Partial<RateCard>, more: Partial<ContractTerms> = {}): Account => ({
  contracts: [contractFacts({ terms: { ...terms(changes), ...more } })],
});
const covering = (outcome: CoverageRule['outcome'], changes: Partial<RateCard> = {}): Account =>
  under(changes, { coverage: [{ id: 'all', name: 'All', match: {}, outcome }] });
const off = (percent: string): Partial<ContractTerms> => {
  const discount: Discount = { id: 'd', name: 'Loyal', kind: 'percent', percent, order: 'before-minimum' };
  return { discounts: [discount] };
};
const capped = (amount: string, above: 'write-down' | 'gap'): Partial<ContractTerms> => ({
  caps: [{ id: 'cap', name: 'Limit', scope: 'ticket', amount, above }],
});
const priced = (pricing: WorkTypePricing): Account => under({ workTypes: [pricing] });
const free = ticketFacts({ noCharge: { reasonCode: 'goodwill', reason: 'our mistake', eventId: 'ev-nc' } });
const declared: Account = { tickets: new Map([['T-1', free]]) };

/** What is asked, what it is worth by the card, what it cost us. */
const shown = (items: readonly ExplainedItem[]): readonly string[] =>
  items.map(
    ({ itemId, disposition, net, standardValue, cost }) =>
      `${itemId} ${disposition} ${net?.amount ?? '-'} worth ${standardValue?.amount ?? '-'} cost ${cost?.amount ?? '-'}`,
  );
const of = (work: WorkItem | readonly WorkItem[], account: Account = {}): readonly string[] =>
  shown(rate(facts('kind' in work ? [work] : work, account)).items);
const invoicedOf = (work: readonly WorkItem[], account: Account = {}): readonly FrozenLine[] =>
  asInvoiced(rate(facts(work, account)).items);
const again = (work: WorkItem): WorkItem => ({ ...work, sourceEventIds: [...work.sourceEventIds, 'ev-again'] });

/** Whatever is asked for it, an item says what was done is worth, and what goods cost us (K29). */
describe('what work is worth by the card', () => {
  it.each<[string, WorkItem, Account, readonly string[]]>([
    ['is its price where it is billed', time(), {}, ['w-1 billable 150.00 worth 150.00 cost -']],
    [
      'counts minimum, increment and multiplier',
      time({ minutes: 70, rateClass: 'after-hours' }),
      under({ incrementMinutes: 15, rateClassMultipliers: [{ rateClass: 'after-hours', multiplier: '2' }] }),
      ['w-1 billable 375.00 worth 375.00 cost -'],
    ],
    ['is the price before a discount', time(), under({}, off('10')), ['w-1 billable 135.00 worth 150.00 cost -']],
    ['is there where all is discounted', time(), under({}, off('100')), ['w-1 billable 0.00 worth 150.00 cost -']],
    [
      'is shared by the parts where a cap writes down what is above it',
      time(),
      under({}, capped('100.00', 'write-down')),
      ['w-1@p1 billable 100.00 worth 100.00 cost -', 'w-1@p2 written-off 50.00 worth 50.00 cost -'],
    ],
    [
      'is there where what is above a cap has no price',
      time(),
      under({}, capped('100.00', 'gap')),
      ['w-1@p1 billable 100.00 worth 100.00 cost -', 'w-1@p2 unpriced - worth 50.00 cost -'],
    ],
    [
      'is shared by a discounted price that a cap cuts',
      time(),
      under({}, { ...off('20'), ...capped('90.00', 'write-down') }),
      ['w-1@p1 billable 90.00 worth 112.50 cost -', 'w-1@p2 written-off 30.00 worth 37.50 cost -'],
    ],
    [
      'is there where the contract includes the work, of its own minutes',
      time({ minutes: 50 }),
      covering('included', { minimumMinutes: 60 }),
      ['w-1 covered 0.00 worth 125.00 cost -'],
    ],
    [
      'is there where the contract includes the work, of the minutes that were stated',
      time({ statedBillableMinutes: 20 }),
      covering('included'),
      ['w-1 covered 0.00 worth 50.00 cost -'],
    ],
    ['is there where it was declared free of charge', time(), declared, ['w-1 covered 0.00 worth 150.00 cost -']],
    [
      'is none where it was declared free of charge and no contract has a price',
      time(),
      { ...declared, contracts: [] },
      ['w-1 covered 0.00 worth - cost -'],
    ],
    [
      'is the card’s where a person set another price',
      time({ override: { pricePerHour: aud('99.00'), reason: 'agreed', overriddenBy: 'acc-1', eventId: 'ev-o' } }),
      {},
      ['w-1 billable 99.00 worth 150.00 cost -'],
    ],
    ['is none where no card has a rate', time(), under({ labour: [] }), ['w-1 unpriced - worth - cost -']],
    ['is none without a contract', time(), { contracts: [] }, ['w-1 unpriced - worth - cost -']],
    [
      'is one price whatever the minutes',
      time({ minutes: 20 }),
      priced({ workType: 'remote', mode: 'flat', per: 'entry', price: '220.00' }),
      ['w-1 billable 220.00 worth 220.00 cost -'],
    ],
  ])('%s', (_case, work, account, expected) => {
    expect(of(work, account)).toEqual(expected);
  });

  it('is shared by what a block covers and what it does not, which is asked at the overage’s price', () => {
    const overage = { pricePerHour: '180.00', multiplied: false };
    const coverage: readonly CoverageRule[] = [{ id: 'pre', name: 'Prepaid', match: {}, outcome: 'prepaid' }];
    const contracts = [
      contractFacts({ terms: { ...terms({}, coverage), prepaid: { overage } }, blocks: [block('b', minutes(60))] }),
    ];
    expect(of(time({ minutes: 90 }), { contracts })).toEqual([
      'w-1@p1 covered 0.00 worth 150.00 cost -',
      'w-1@p2 billable 90.00 worth 75.00 cost -',
    ]);
  });

  it('is nothing more where one price for a ticket is on earlier work', () => {
    const account = priced({ workType: 'remote', mode: 'flat', per: 'ticket', price: '220.00' });
    expect(of([time(), time({ workItemId: 'w-2', position: 2 })], account)).toEqual([
      'w-1 billable 220.00 worth 220.00 cost -',
      'w-2 billable 0.00 worth 0.00 cost -',
    ]);
  });
});

describe('what goods and expenses are worth, and what they cost us', () => {
  it.each<[string, WorkItem, Account, readonly string[]]>([
    ['a material at its list price', material(), {}, ['m-1 billable 45.00 worth 45.00 cost 24.00']],
    [
      'a material at cost with a markup, in pieces of which there are 2.5',
      material({ quantity: '2.5' }),
      under({ materials: { pricing: 'cost-plus', markupPercent: '12.5' } }),
      ['m-1 billable 22.50 worth 22.50 cost 20.00'],
    ],
    ['one of no known cost', material({ unitCost: null }), {}, ['m-1 billable 45.00 worth 45.00 cost -']],
    ['one of no price', material({ listPrice: null }), {}, ['m-1 unpriced - worth - cost 24.00']],
    ['one under warranty', material({ underWarranty: true }), {}, ['m-1 covered 0.00 worth 45.00 cost 24.00']],
    ['one that is included', material(), covering('included'), ['m-1 covered 0.00 worth 45.00 cost 24.00']],
    [
      'one that a cap cuts',
      material(),
      under({}, capped('30.00', 'write-down')),
      ['m-1@p1 billable 30.00 worth 30.00 cost 16.00', 'm-1@p2 written-off 15.00 worth 15.00 cost 8.00'],
    ],
    ['an expense with a markup of 10 %', expense(), {}, ['x-1 billable 22.00 worth 22.00 cost 20.00']],
    ['an expense less a discount', expense(), under({}, off('50')), ['x-1 billable 11.00 worth 22.00 cost 20.00']],
    ['an expense without a contract', expense(), { contracts: [] }, ['x-1 unpriced - worth - cost 20.00']],
  ])('%s', (_case, work, account, expected) => {
    expect(of(work, account)).toEqual(expected);
  });
});

describe('what settled work is worth', () => {
  it('is what was frozen, whatever the card says since', () => {
    const invoiced = invoicedOf([time(), material()]);
    const dearer = under({ labour: [{ workType: 'remote', engineerRole: null, pricePerHour: '999.00' }] });
    expect(of([time(), material()], { ...dearer, invoiced })).toEqual([
      'w-1 invoiced 150.00 worth 150.00 cost -',
      'm-1 invoiced 45.00 worth 45.00 cost 24.00',
    ]);
    const writtenOff = asWrittenOff(rate(facts([time()])).items);
    expect(of(time(), { ...dearer, writtenOff })).toEqual(['w-1 written-off 150.00 worth 150.00 cost -']);
  });

  it('differs, where it is corrected, by what the card asks for the difference', () => {
    const account = under({}, off('10'));
    const invoiced = invoicedOf([time()], account);
    expect(of(again(time({ minutes: 90 })), { ...account, invoiced })).toEqual([
      'w-1 invoiced 135.00 worth 150.00 cost -',
      'w-1@a1 billable 67.50 worth 75.00 cost -',
    ]);
    expect(of(again(time({ minutes: 20 })), { ...account, invoiced }).at(-1)).toBe(
      'w-1@a1 billable -90.00 worth -100.00 cost -',
    );
    expect(of([], { ...account, invoiced }).at(-1)).toBe('w-1@a1 billable -135.00 worth -150.00 cost -');
  });

  it('stands on the first of several adjustments, the others have none', () => {
    const account = under({}, capped('200.00', 'write-down'));
    const invoiced = invoicedOf([time()], account);
    expect(of(again(time({ minutes: 120 })), { ...account, invoiced })).toEqual([
      'w-1 invoiced 150.00 worth 150.00 cost -',
      'w-1@a1 billable 50.00 worth 150.00 cost -',
      'w-1@x1 written-off 100.00 worth 0.00 cost -',
    ]);
  });

  it('is not known of an adjustment of what was frozen before it was recorded', () => {
    const invoiced = invoicedOf([time()]).map((one) => ({ ...one, line: { ...one.line, standardValue: null } }));
    expect(of(again(time({ minutes: 90 })), { invoiced })).toEqual([
      'w-1 invoiced 150.00 worth - cost -',
      'w-1@a1 billable 75.00 worth - cost -',
    ]);
  });

  it('and what it costs us differs likewise for goods and expenses', () => {
    const invoiced = invoicedOf([material(), expense()]);
    const work = [again(material({ quantity: '4' })), again(expense({ cost: aud('15.00') }))];
    expect(of(work, { invoiced })).toEqual([
      'm-1 invoiced 45.00 worth 45.00 cost 24.00',
      'm-1@a1 billable 15.00 worth 15.00 cost 8.00',
      'x-1 invoiced 22.00 worth 22.00 cost 20.00',
      'x-1@a1 billable -5.50 worth -5.50 cost -5.00',
    ]);
  });

  it('stays with the line of which a credit note took money back, once', () => {
    const invoiced = invoicedOf([time(), material()]).map((one) => ({
      ...one,
      credited: aud('20.00'),
      creditNoteId: 'cn-1',
    }));
    expect(of([time(), material()], { invoiced })).toEqual([
      'w-1 invoiced 130.00 worth 150.00 cost -',
      'w-1@c1 written-off 20.00 worth 0.00 cost -',
      'm-1 invoiced 25.00 worth 45.00 cost 24.00',
      'm-1@c1 written-off 20.00 worth 0.00 cost 0.00',
    ]);
  });
});
