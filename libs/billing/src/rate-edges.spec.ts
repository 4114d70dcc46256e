import { describe, expect, it } from '@jest/globals';
import type { CoverageRule } from '@billtrail/contracts';
import type { ExplainedItem } from './item/billable-item.js';
import {
  ALL_BILLABLE,
  asInvoiced,
  contractFacts,
  facts,
  material,
  only,
  terms,
  ticketFacts,
  time,
} from './testing/facts.js';
import { block, minutes, money } from './testing/charges.js';
import type { ClientPeriodFacts } from './client-period.js';
import type { WorkItem } from './rating/facts.js';
import { rateExplained as rate } from './rate.js';

type Time = Extract<WorkItem, { kind: 'time' }>;

const entry = (number: number, changes: Partial<Time> = {}): Time =>
  time({ workItemId: `w-${number}`, position: number, sourceEventIds: [`ev-w-${number}`], ...changes });
const itemsOf = (work: readonly WorkItem[], changes: Partial<ClientPeriodFacts> = {}): readonly ExplainedItem[] =>
  rate(facts(work, changes)).items;
const shown = (items: readonly ExplainedItem[]): unknown[] =>
  items.map(({ itemId, disposition, net }) => [itemId, disposition, net?.amount ?? null]);
const PREPAID: CoverageRule = { ...ALL_BILLABLE, outcome: 'prepaid' };
const prepaid = (...blocks: readonly ReturnType<typeof block>[]) => ({
  contracts: [contractFacts({ terms: terms({}, [PREPAID]), blocks })],
});

describe('frozen work that is gone', () => {
  it('is given back in the order of its ids, after the work that there is', () => {
    const lines = asInvoiced(itemsOf([entry(3), entry(1), entry(2)]));
    for (const invoiced of [lines, lines.toReversed()])
      expect(shown(itemsOf([entry(2)], { invoiced }))).toEqual([
        ['w-2', 'invoiced', '150.00'],
        ['w-1', 'invoiced', '150.00'],
        ['w-1@a1', 'billable', '-150.00'],
        ['w-3', 'invoiced', '150.00'],
        ['w-3@a1', 'billable', '-150.00'],
      ]);
  });

  it('and what a draft claims of it shows the draft, as do adjustments of work that there is', () => {
    const invoiced = asInvoiced(itemsOf([entry(1), entry(2)]));
    const claimed = new Map([
      ['w-1@a1', 'inv-2'],
      ['w-2@a1', 'inv-2'],
    ]);
    const items = itemsOf([entry(2, { minutes: 90 })], { invoiced, claimed });
    expect(
      items.filter(({ invoiceId }) => invoiceId === 'inv-2').map(({ itemId, disposition }) => [itemId, disposition]),
    ).toEqual([
      ['w-2@a1', 'claimed'],
      ['w-1@a1', 'claimed'],
    ]);
  });

  it('is also what moved out of the period, of which nothing is rated here', () => {
    const night = (day: string, changes: Partial<Time> = {}) =>
      entry(1, { workDate: day, startedAt: `${day}T10:00:00+11:00`, endedAt: `${day}T11:00:00+11:00`, ...changes });
    const invoiced = asInvoiced(itemsOf([night('2026-03-31')]));
    expect(itemsOf([night('2026-04-01')])).toEqual([]);
    expect(shown(itemsOf([night('2026-04-01')], { invoiced }))).toEqual([
      ['w-1', 'invoiced', '150.00'],
      ['w-1@a1', 'billable', '-150.00'],
    ]);
  });

  it('gives what it drew back to the block, corrected work what it needs no more, pending work nothing', () => {
    const account = prepaid(block('b', minutes(120)));
    const invoiced = asInvoiced(itemsOf([entry(1), entry(2)], account));
    const left = (work: readonly WorkItem[]) =>
      only(rate(facts(work, { ...account, invoiced })).carriedOver.balances).left;
    expect(left([entry(1), entry(2)])).toEqual(minutes(0));
    expect(left([entry(2)])).toEqual(minutes(60));
    expect(left([entry(1, { minutes: 20 }), entry(2)])).toEqual(minutes(40));
    expect(left([entry(1, { minutes: 20, approval: 'unapproved' }), entry(2)])).toEqual(minutes(0));
  });
});

describe('material under warranty', () => {
  it('is free under whatever rule, and takes nothing of a block', () => {
    const account = prepaid(block('m', money('500.00')));
    const result = rate(facts([material({ underWarranty: true })], account));
    expect(shown(result.items)).toEqual([['m-1', 'covered', '0.00']]);
    expect(only(result.items).trace.map(({ step }) => step)).toEqual(['work', 'contract', 'coverage', 'warranty']);
    expect(result.draws).toEqual([]);
    const excluded = { contracts: [contractFacts({ terms: terms({}, []) })] };
    expect(shown(itemsOf([material({ underWarranty: true })], excluded))).toEqual([['m-1', 'unpriced', null]]);
  });
});

describe('work that is declared free of charge', () => {
  it('has the day of its client, whose contract is not asked', () => {
    const noCharge = { reasonCode: 'goodwill', reason: 'ours', eventId: 'ev-n' };
    const late = entry(1, {
      workDate: '2026-03-11',
      rateClass: 'after-hours',
      startedAt: '2026-03-11T00:30:00+11:00',
      endedAt: '2026-03-11T01:30:00+11:00',
    });
    const of = (clientTimeZone: string, changes: Partial<ClientPeriodFacts> = {}) =>
      only(itemsOf([late], { clientTimeZone, tickets: new Map([['T-1', ticketFacts({ noCharge })]]), ...changes }));
    expect(of('Australia/Sydney').workDate).toBe('2026-03-11');
    expect(of('Australia/Perth')).toMatchObject({ workDate: '2026-03-10', disposition: 'covered', contractId: null });
    const zoned = { contracts: [contractFacts({ terms: { ...terms(), timeZone: 'Australia/Sydney' } })] };
    expect(of('Australia/Perth', zoned).workDate).toBe('2026-03-10');
    expect(of('Australia/Perth').trace.map(({ step }) => step)).toEqual(['work', 'no-charge']);
    expect(of('Australia/Perth').net).toEqual({ amount: '0.00', currency: 'AUD' });
  });
});

describe('facts that contradict each other', () => {
  it('are refused by name: another month, a ticket that is not there or of another client', () => {
    expect(() => itemsOf([entry(7, { workDate: '2026-04-01' })])).toThrow(
      'work w-7 of 2026-04-01 is not work of 2026-03',
    );
    expect(() => itemsOf([entry(7)], { tickets: new Map() })).toThrow('the facts lack ticket T-1 of work w-7');
    const tickets = new Map([['T-1', ticketFacts({ clientId: 'cli-2' })]]);
    expect(() => itemsOf([entry(7)], { tickets })).toThrow('ticket T-1 is of client cli-2, not of cli-1');
  });
});

describe('what is shared in a scope by work that is partly invoiced and partly forgone', () => {
  it('is both: the minimum of the ticket is not asked again', () => {
    const account = {
      contracts: [
        contractFacts({ terms: terms({ minimumMinutes: 60, incrementMinutes: 60, roundingScope: 'ticket' }) }),
      ],
    };
    const longer = entry(1, { minutes: 75 });
    const first = asInvoiced(itemsOf([entry(1, { minutes: 45 })], account));
    const [, more] = itemsOf([longer], { ...account, invoiced: first });
    if (more === undefined) throw new Error('an adjustment');
    expect([more.itemId, more.billableMinutes]).toEqual(['w-1@a1', 60]);
    const writtenOff = asInvoiced([more]).map(({ line }) => line);
    const items = itemsOf([longer, entry(2, { minutes: 45 })], { ...account, invoiced: first, writtenOff });
    // 75 and 45 min are two hours, of which one is invoiced and one was forgone.
    expect(items.at(-1)).toMatchObject({ itemId: 'w-2', billableMinutes: 0, net: { amount: '0.00' } });
  });
});
