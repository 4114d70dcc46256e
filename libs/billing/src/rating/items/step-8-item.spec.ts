import { describe, expect, it } from '@jest/globals';
import type { ContractTerms, RateCard, WorkTypePricing } from '@billtrail/contracts';
import type { ExplainedItem } from '../../item/billable-item.js';
import { asInvoiced, contractFacts, expense, facts, material, only, terms, time } from '../../testing/facts.js';
import { block, minutes, money } from '../../testing/charges.js';
import type { ClientPeriodFacts } from '../../client-period.js';
import type { WorkItem } from '../facts.js';
import { rateExplained as rate } from '../../rate.js';
import { itemWithoutClient } from './step-8-item.js';

const aud = (amount: string) => ({ amount, currency: 'AUD' });
const under = (changes: Partial<RateCard>, more: Partial<ContractTerms> = {}): Partial<ClientPeriodFacts> => ({
  contracts: [contractFacts({ terms: { ...terms(changes), ...more } })],
});
const itemsOf = (work: WorkItem, changes: Partial<ClientPeriodFacts> = {}): readonly ExplainedItem[] =>
  rate(facts([work], changes)).items;

describe('work of a ticket without a client', () => {
  it('is an item without a price, in hours, in pieces, or as one expense', () => {
    const of = (work: WorkItem) => itemWithoutClient(work, '2026-03', 'the ticket has no client');
    const unapproved = time({ minutes: 90, approval: 'unapproved' });
    expect(of(unapproved)).toEqual({
      itemId: 'w-1',
      workItemId: 'w-1',
      ticketId: 'T-1',
      clientId: null,
      period: '2026-03',
      kind: 'time',
      disposition: 'unpriced',
      workDate: '2026-03-10',
      description: 'Worked on the printer',
      actualMinutes: 90,
      billableMinutes: null,
      quantity: '1.5',
      unit: 'h',
      unitPrice: null,
      net: null,
      standardValue: null,
      cost: null,
      taxCategory: null,
      contractId: null,
      contractVersion: null,
      approval: 'unapproved',
      invoiceId: null,
      sourceEventIds: ['ev-w-1'],
      unpriced: { reason: 'no-client', cause: 'the ticket has no client' },
    });
    expect(of(material())).toMatchObject({ actualMinutes: null, quantity: '3', unit: 'piece', approval: null });
    expect(of(expense())).toMatchObject({ actualMinutes: null, quantity: '1', unit: 'expense', approval: null });
  });
});

describe('what an item says', () => {
  it('of work without a price: what was worked, and neither price nor billable time', () => {
    const none = { contracts: [] };
    const shown = (work: WorkItem) => {
      const { disposition, actualMinutes, billableMinutes, quantity, unit, unitPrice, net } = only(itemsOf(work, none));
      return [disposition, actualMinutes, billableMinutes, quantity, unit, unitPrice, net];
    };
    expect(shown(time({ minutes: 45 }))).toEqual(['unpriced', 45, null, '0.75', 'h', null, null]);
    expect(shown(material())).toEqual(['unpriced', null, null, '3', 'piece', null, null]);
    expect(shown(expense())).toEqual(['unpriced', null, null, '1', 'expense', null, null]);
  });

  it('of work that is free: what was worked, at zero, in the currency of its contract or of the account', () => {
    const included = under(
      { currency: 'NZD' },
      { coverage: [{ id: 'i', name: 'All', match: {}, outcome: 'included' }] },
    );
    const shown = (work: WorkItem) => {
      const { disposition, actualMinutes, billableMinutes, quantity, unitPrice, net } = only(itemsOf(work, included));
      return [disposition, actualMinutes, billableMinutes, quantity, unitPrice, net];
    };
    const zero = { amount: '0.00', currency: 'NZD' };
    expect(shown(time({ minutes: 45 }))).toEqual(['covered', 45, 0, '0.75', zero, zero]);
    expect(shown(material())).toEqual(['covered', null, null, '3', zero, zero]);
  });

  it('of material under warranty: why it is free, with its serial number or without', () => {
    const last = (serialNumber: string | null) =>
      only(itemsOf(material({ underWarranty: true, serialNumber }))).trace.at(-1);
    expect(last('SN-1')).toEqual({
      step: 'warranty',
      text: 'under warranty, serial number SN-1: no charge',
      facts: { underWarranty: true, serialNumber: 'SN-1' },
    });
    expect(last(null)?.text).toBe('under warranty: no charge');
    expect(only(itemsOf(material({ underWarranty: false }))).disposition).toBe('billable');
  });

  it('of one price whatever the minutes: one piece of it, not hours', () => {
    const visit: WorkTypePricing = { workType: 'remote', mode: 'flat', per: 'ticket', price: '99.00' };
    const item = only(itemsOf(time({ minutes: 75 }), under({ workTypes: [visit] })));
    expect([item.unit, item.quantity, item.billableMinutes]).toEqual(['flat', '1', 75]);
    expect([item.unitPrice, item.net]).toEqual([aud('99.00'), aud('99.00')]);
  });

  it('of prepaid work that no block covers and that has no rate: that it has no price, in the hours worked', () => {
    const prepaid = { coverage: [{ id: 'p', name: 'Prepaid', match: {}, outcome: 'prepaid' } as const] };
    const contracts = [
      contractFacts({
        terms: { ...terms({ labour: [], minimumMinutes: 60, incrementMinutes: 60 }), ...prepaid },
        blocks: [block('b', minutes(60))],
      }),
    ];
    const items = itemsOf(time({ minutes: 90 }), { contracts });
    const shown = items.map(({ disposition, actualMinutes, billableMinutes, quantity, net }) => [
      disposition,
      actualMinutes,
      billableMinutes,
      quantity,
      net?.amount ?? null,
    ]);
    expect(shown).toEqual([
      ['covered', 45, 60, '1', '0.00'],
      ['unpriced', 45, null, '0.75', null],
    ]);
    const before = ['work', 'contract', 'coverage', 'billable-time'];
    expect(items.map(({ trace }) => trace.map(({ step }) => step))).toEqual([
      [...before, 'prepaid'],
      [...before, 'rate', 'prepaid'],
    ]);
  });

  it('of prepaid goods without a price: that they have none, also where a block has money for them', () => {
    const prepaid = { coverage: [{ id: 'p', name: 'Prepaid', match: {}, outcome: 'prepaid' } as const] };
    const blocks = [block('b', money('500.00'))];
    const contracts = [contractFacts({ terms: { ...terms(), ...prepaid }, blocks })];
    const result = rate(facts([material({ listPrice: null })], { contracts }));
    expect(only(result.items)).toMatchObject({ disposition: 'unpriced', unitPrice: null, net: null, quantity: '3' });
    expect(only(result.gaps).kind).toBe('unpriced');
    expect(result.draws).toEqual([]);
  });

  it('of what a draft claims: its invoice, as long as it is billable', () => {
    const claimed = new Map([['w-1', 'inv-9']]);
    expect(only(itemsOf(time(), { claimed }))).toMatchObject({ disposition: 'claimed', invoiceId: 'inv-9' });
    expect(only(itemsOf(time({ workItemId: 'w-2' }), { claimed }))).toMatchObject({
      disposition: 'billable',
      invoiceId: null,
    });
    expect(only(itemsOf(time(), { claimed, contracts: [] }))).toMatchObject({
      disposition: 'unpriced',
      invoiceId: null,
    });
  });

  it('of a part that is cut: its stretch and its draw, both with its id', () => {
    const prepaid = { coverage: [{ id: 'p', name: 'Prepaid', match: {}, outcome: 'prepaid' } as const] };
    const contracts = [contractFacts({ terms: { ...terms(), ...prepaid }, blocks: [block('b', minutes(40))] })];
    const [covered, billed] = itemsOf(time(), { contracts });
    expect(covered).toMatchObject({
      itemId: 'w-1@p1',
      segment: { fromMinute: 0, toMinute: 40, date: '2026-03-10', rateClass: null },
      draw: {
        source: { from: 'block', contractId: 'con-1', blockId: 'b' },
        itemId: 'w-1@p1',
        workItemId: 'w-1',
        workDate: '2026-03-10',
        amount: minutes(40),
        frozen: false,
      },
    });
    expect(billed).toMatchObject({ itemId: 'w-1@p2', segment: { fromMinute: 40, toMinute: 60 } });
    expect(billed).not.toHaveProperty('draw');
    expect(only(itemsOf(time()))).not.toHaveProperty('segment');
  });

  it('of what is frozen: all of the line, its stretch and its draw with it, and that it was approved', () => {
    const prepaid = { coverage: [{ id: 'p', name: 'Prepaid', match: {}, outcome: 'prepaid' } as const] };
    const contracts = [contractFacts({ terms: { ...terms(), ...prepaid }, blocks: [block('b', minutes(40))] })];
    const before = itemsOf(time(), { contracts });
    const frozen = itemsOf(time(), { contracts, invoiced: asInvoiced(before) });
    expect(frozen).toEqual(before.map((item) => ({ ...item, disposition: 'invoiced', invoiceId: 'inv-1' })));
    const goods = itemsOf(material());
    expect(only(itemsOf(material(), { invoiced: asInvoiced(goods) }))).toEqual({
      ...only(goods),
      disposition: 'invoiced',
      invoiceId: 'inv-1',
    });
  });
});

describe('a price that is not by the hour', () => {
  const tiers: WorkTypePricing = {
    workType: 'remote',
    mode: 'tiers',
    per: 'ticket',
    tiers: [
      { upToMinutes: 60, pricePerHour: '150.00' },
      { upToMinutes: null, pricePerHour: '225.00' },
    ],
  };
  const prepaid = (held: number, overage?: string): Partial<ClientPeriodFacts> => ({
    contracts: [
      contractFacts({
        terms: {
          ...terms({ workTypes: [tiers] }, [{ id: 'p', name: 'Prepaid', match: {}, outcome: 'prepaid' }]),
          ...(overage === undefined ? {} : { prepaid: { overage: { pricePerHour: overage, multiplied: false } } }),
        },
        blocks: held === 0 ? [] : [block('b', minutes(held))],
      }),
    ],
  });
  const long = time({ minutes: 90 });

  it('is shared by minutes where a block covers a part of them', () => {
    // 90 min cost 150.00 and 112.50: 30 of them are a third.
    const [covered, billed] = itemsOf(long, prepaid(60));
    expect([covered?.net, billed?.net, billed?.billableMinutes]).toEqual([aud('0.00'), aud('87.50'), 30]);
    expect(billed?.trace.findLast(({ step }) => step === 'rate')).toEqual({
      step: 'rate',
      text: '30 of the 90 min that cost 262.5 AUD: 87.5',
      facts: { mode: 'share', minutes: 30, ofMinutes: 90, exactBefore: '262.5', exact: '87.5' },
    });
  });

  it('nor is one that a person set asked for twice: it stands once in what is overage', () => {
    const override = { pricePerHour: aud('99.00'), reason: 'agreed', overriddenBy: 'accounts-1', eventId: 'ev-o' };
    const [, billed] = itemsOf(time({ minutes: 90, override }), prepaid(60));
    expect(billed?.net).toEqual(aud('49.50'));
    expect(billed?.trace.filter(({ step }) => step === 'override')).toHaveLength(1);
  });

  it('stays whole where nothing is covered, and gives way to a price of overage', () => {
    const item = only(itemsOf(long, prepaid(0)));
    expect(item.net).toEqual(aud('262.50'));
    expect(item.trace.some((step) => step.facts['mode'] === 'share')).toBe(false);
    const [, overage] = itemsOf(long, prepaid(60, '180.00'));
    expect(overage?.net).toEqual(aud('90.00'));
    expect(overage?.trace.filter(({ step }) => step === 'rate')).toHaveLength(1);
  });
});
