import { describe, expect, it } from '@jest/globals';
import type { ExplainedItem } from '../item/billable-item.js';
import { aud, block, contractWith, minutes } from '../testing/charges.js';
import {
  asInvoiced,
  asWrittenOff,
  contractFacts,
  expense,
  facts,
  material,
  only,
  terms,
  time,
} from '../testing/facts.js';
import { rateExplained as rate } from '../rate.js';
import type { ClientPeriodFacts } from '../client-period.js';
import type { Courtesy, WorkItem } from './facts.js';

const courtesy = (amount: string, changes: Partial<Courtesy> = {}): Courtesy => ({
  amount: aud(amount),
  isAll: false,
  reason: 'late start',
  grantedBy: 'anna',
  eventId: 'ev-courtesy',
  ...changes,
});
const itemsOf = (work: readonly WorkItem[], changes: Partial<ClientPeriodFacts> = {}): readonly ExplainedItem[] =>
  rate(facts(work, changes)).items;
const told = (items: readonly ExplainedItem[]) =>
  items.map(({ itemId, disposition, net, courtesy: given }) =>
    [itemId, disposition, net?.amount ?? '-', ...(given === undefined ? [] : [`given ${given.amount.amount}`])].join(
      ' ',
    ),
  );

describe('a courtesy', () => {
  it('is taken off what the work comes to, and said with its reason: 150.00 less 50.00', () => {
    const item = only(itemsOf([time({ courtesy: courtesy('50.00') })]));
    expect(item).toMatchObject({
      disposition: 'billable',
      net: aud('100.00'),
      standardValue: aud('150.00'),
      courtesy: { amount: aud('50.00'), reason: 'late start' },
    });
    expect(item.trace.at(-1)).toEqual({
      step: 'courtesy',
      text: 'courtesy -50.00 AUD, given by anna: late start; net 100.00 AUD',
      facts: {
        amount: '50.00',
        currency: 'AUD',
        reason: 'late start',
        grantedBy: 'anna',
        eventId: 'ev-courtesy',
        isAll: false,
        net: '100.00',
      },
    });
  });

  it('is never more than the work comes to, and none of other work', () => {
    const work = [time({ courtesy: courtesy('200.00') }), material(), expense({ courtesy: courtesy('10.00') })];
    expect(told(itemsOf(work))).toEqual([
      'w-1 billable 0.00 given 150.00',
      'm-1 billable 45.00',
      'x-1 billable 12.00 given 10.00',
    ]);
  });

  it('of work in parts is taken off part by part, in their order', () => {
    const versions = ['2026-01-01', '2026-03-10'].map((effectiveFrom, index) => ({
      versionNumber: index + 1,
      effectiveFrom,
      effectiveTo: null,
      terms: { ...terms(), timeZone: 'UTC' },
    }));
    const night = time({
      workDate: '2026-03-09',
      startedAt: '2026-03-09T23:30:00Z',
      endedAt: '2026-03-10T00:30:00Z',
      courtesy: courtesy('100.00'),
    });
    expect(told(itemsOf([night], { contracts: [contractFacts({ versions })] }))).toEqual([
      'w-1@p1 billable 0.00 given 75.00',
      'w-1@p2 billable 50.00 given 25.00',
    ]);
  });

  it('is none of what a block covers, of what is above a cap, and of what has no price', () => {
    const prepaid = contractWith(
      { coverage: [{ id: 'p', name: 'Prepaid', match: {}, outcome: 'prepaid' }] },
      { blocks: [block('b', minutes(40))] },
    );
    expect(told(itemsOf([time({ courtesy: courtesy('30.00') })], { contracts: [prepaid] }))).toEqual([
      'w-1@p1 covered 0.00',
      'w-1@p2 billable 20.00 given 30.00',
    ]);
    const cap = { id: 'cap', name: 'Budget', scope: 'period', amount: '100.00', above: 'write-down' } as const;
    expect(
      told(itemsOf([time({ courtesy: courtesy('120.00') })], { contracts: [contractWith({ caps: [cap] })] })),
    ).toEqual(['w-1@p1 billable 0.00 given 100.00', 'w-1@p2 written-off 50.00']);
    expect(told(itemsOf([time({ workType: 'onsite', courtesy: courtesy('10.00') })]))).toEqual(['w-1 unpriced -']);
  });

  it('is none in other money, and none of what costs nothing', () => {
    const foreign = courtesy('10.00', { amount: { amount: '10.00', currency: 'NZD' } });
    expect(told(itemsOf([time({ courtesy: foreign })]))).toEqual(['w-1 billable 150.00']);
    expect(told(itemsOf([time({ minutes: 0, courtesy: courtesy('10.00') })]))).toEqual(['w-1 billable 0.00']);
    expect(told(itemsOf([time({ courtesy: courtesy('0.00') })]))).toEqual(['w-1 billable 150.00']);
  });

  it('is given once: what an invoice gave is given', () => {
    const given = time({ courtesy: courtesy('50.00') });
    const invoiced = asInvoiced(itemsOf([given]));
    expect(told(itemsOf([given], { invoiced }))).toEqual(['w-1 invoiced 100.00 given 50.00']);
    // Ten minutes more are 25.00, with nothing given of them.
    const longer = time({ minutes: 70, courtesy: courtesy('50.00'), sourceEventIds: ['ev-w-1', 'ev-2'] });
    expect(told(itemsOf([longer], { invoiced }))).toEqual(['w-1 invoiced 100.00 given 50.00', 'w-1@a1 billable 25.00']);
    // Ten minutes are 25.00, all of it given: what was asked goes back, and 25.00 of what was given.
    const shorter = time({ minutes: 10, courtesy: courtesy('50.00'), sourceEventIds: ['ev-w-1', 'ev-2'] });
    expect(told(itemsOf([shorter], { invoiced }))).toEqual([
      'w-1 invoiced 100.00 given 50.00',
      'w-1@a1 billable -100.00 given -25.00',
    ]);
  });

  it('of work that was written off stays with it, and that of a part that is left is what is left of it', () => {
    const versions = ['2026-01-01', '2026-03-10'].map((effectiveFrom, index) => ({
      versionNumber: index + 1,
      effectiveFrom,
      effectiveTo: null,
      terms: { ...terms(), timeZone: 'UTC' },
    }));
    const contracts = [contractFacts({ versions })];
    const night = time({
      workDate: '2026-03-09',
      startedAt: '2026-03-09T23:30:00Z',
      endedAt: '2026-03-10T00:30:00Z',
      courtesy: courtesy('100.00'),
    });
    const before = itemsOf([night], { contracts });
    const invoiced = asInvoiced(before.slice(0, 1));
    expect(told(itemsOf([night], { contracts, invoiced }))).toEqual([
      'w-1@p1 invoiced 0.00 given 75.00',
      'w-1@p2 billable 50.00 given 25.00',
    ]);
    const writtenOff = asWrittenOff(before.slice(1));
    expect(told(itemsOf([night], { contracts, writtenOff }))).toEqual([
      'w-1@p2 written-off 50.00 given 25.00',
      'w-1@p1 billable 0.00 given 75.00',
    ]);
  });
});
