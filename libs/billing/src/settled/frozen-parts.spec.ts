import { describe, expect, it } from '@jest/globals';
import type { ContractTerms } from '@billtrail/contracts';
import type { ExplainedItem } from '../item/billable-item.js';
import { imbalances } from '../reconcile.js';
import { asInvoiced, asWrittenOff, contractFacts, facts, material, terms, time } from '../testing/facts.js';
import type { ClientPeriodFacts } from '../client-period.js';
import { rateExplained as rate } from '../rate.js';

const nineToFive = [{ opens: '09:00', closes: '17:00' }];
const cut: ContractTerms = {
  ...terms({ rateClassMultipliers: [{ rateClass: 'after-hours', multiplier: '1.5' }] }),
  timeZone: 'Australia/Sydney',
  rateCalendar: { hours: { tuesday: nineToFive }, holidays: [] },
};
const evening = time({
  minutes: 90,
  startedAt: '2026-03-10T16:30:00+11:00',
  endedAt: '2026-03-10T18:00:00+11:00',
});
const under = (ofVersion: ContractTerms): Partial<ClientPeriodFacts> => ({
  contracts: [contractFacts({ terms: ofVersion })],
});

function shown(items: readonly ExplainedItem[]): unknown[] {
  return items.map(({ itemId, disposition, actualMinutes, billableMinutes, net }) => [
    itemId,
    disposition,
    actualMinutes,
    billableMinutes,
    net?.amount ?? null,
  ]);
}
const named = (items: readonly ExplainedItem[], itemId: string) => items.filter((item) => item.itemId === itemId);

describe('work that is frozen by part', () => {
  it('a frozen part takes its stretch out of the work; the rest keeps its price and never its number', () => {
    const { items } = rate(facts([evening], under(cut)));
    const account = { ...under(cut), invoiced: asInvoiced(named(items, 'w-1@p1')) };
    expect(shown(rate(facts([evening], account)).items)).toEqual([
      ['w-1@p1', 'invoiced', 30, 30, '75.00'],
      ['w-1@p2', 'billable', 60, 60, '225.00'],
    ]);
    const second = { ...under(cut), writtenOff: asWrittenOff(named(items, 'w-1@p2')) };
    expect(shown(rate(facts([evening], second)).items)).toEqual([
      ['w-1@p2', 'written-off', 60, 60, '225.00'],
      ['w-1@p1', 'billable', 30, 30, '75.00'],
    ]);
  });

  it('the rest is rated as it is now: a back-dated version reaches it and not the frozen part', () => {
    const { items } = rate(facts([evening], under(cut)));
    const dearer = {
      ...cut,
      rateCard: { ...cut.rateCard, labour: [{ workType: null, engineerRole: null, pricePerHour: '200' }] },
    };
    const contracts = [
      contractFacts({
        versions: [
          { versionNumber: 1, effectiveFrom: '2026-01-01', effectiveTo: null, terms: cut },
          { versionNumber: 2, effectiveFrom: '2026-03-01', effectiveTo: null, terms: dearer },
        ],
      }),
    ];
    expect(shown(rate(facts([evening], { contracts, invoiced: asInvoiced(named(items, 'w-1@p1')) })).items)).toEqual([
      ['w-1@p1', 'invoiced', 30, 30, '75.00'],
      ['w-1@p2', 'billable', 60, 60, '300.00'],
    ]);
  });

  it('all parts frozen: nothing is left', () => {
    const { items } = rate(facts([evening], under(cut)));
    expect(
      rate(facts([evening], { ...under(cut), invoiced: asInvoiced(items) })).items.map((one) => one.disposition),
    ).toEqual(['invoiced', 'invoiced']);
  });

  it('a correction after parts were frozen is one adjustment of the whole', () => {
    const { items } = rate(facts([evening], under(cut)));
    const account = { ...under(cut), invoiced: asInvoiced(items) };
    const longer = time({
      ...evening,
      minutes: 120,
      endedAt: '2026-03-10T18:30:00+11:00',
      sourceEventIds: ['ev-w-1', 'ev-w-1b'],
    });
    const after = rate(facts([longer], account)).items;
    expect(shown(after)).toEqual([
      ['w-1@p1', 'invoiced', 30, 30, '75.00'],
      ['w-1@p2', 'invoiced', 60, 60, '225.00'],
      ['w-1@a2', 'billable', 30, 30, '112.50'],
    ]);
    expect(imbalances([longer], after)).toEqual([]);
    expect(shown(rate(facts([], account)).items).at(-1)).toEqual(['w-1@a2', 'billable', -90, -90, '-300.00']);
  });

  it('the minimum of a segment is not asked twice where a draw of it is frozen', () => {
    const prepaid: ContractTerms = terms({ minimumMinutes: 120 }, [
      { id: 'p', name: 'Prepaid', match: {}, outcome: 'prepaid' },
    ]);
    const block = {
      blockId: 'b-1',
      eventId: 'ev-b',
      amount: { unit: 'minutes', minutes: 60 } as const,
      purchasedOn: '2026-01-01',
      expiresOn: null,
      price: null,
    };
    const contracts = [contractFacts({ terms: prepaid, blocks: [block] })];
    const short = time({ minutes: 20 });
    const { items } = rate(facts([short], { contracts }));
    expect(shown(items)).toEqual([
      ['w-1@p1', 'covered', 10, 60, '0.00'],
      ['w-1@p2', 'billable', 10, 60, '150.00'],
    ]);
    const account = { contracts, invoiced: asInvoiced(named(items, 'w-1@p1')) };
    const after = rate(facts([short], account));
    expect(shown(after.items)).toEqual([
      ['w-1@p1', 'invoiced', 10, 60, '0.00'],
      ['w-1@p2', 'billable', 10, 60, '150.00'],
    ]);
    expect(after.draws).toEqual([expect.objectContaining({ itemId: 'w-1@p1', frozen: true })]);
    expect(after.carriedOver).toEqual(rate(facts([short], { contracts })).carriedOver);
  });

  it('of materials the quantity that is not frozen is left', () => {
    const capped: ContractTerms = {
      ...terms(),
      caps: [{ id: 'cap', name: 'Limit', scope: 'ticket', amount: '15.00', above: 'gap' }],
    };
    const { items, gaps } = rate(facts([material()], under(capped)));
    expect(items.map((item) => [item.itemId, item.disposition, item.quantity, item.net?.amount ?? null])).toEqual([
      ['m-1@p1', 'billable', '1', '15.00'],
      ['m-1@p2', 'unpriced', '2', null],
    ]);
    expect(gaps.find((gap) => gap.kind === 'cap-exceeded')?.valueAtRisk.money).toEqual({
      amount: '30.00',
      currency: 'AUD',
    });
    const account = { ...under(capped), invoiced: asInvoiced(named(items, 'm-1@p1')) };
    const after = rate(facts([material()], account)).items;
    expect(after.map((item) => [item.itemId, item.disposition, item.quantity])).toEqual([
      ['m-1@p1', 'invoiced', '1'],
      ['m-1@p2', 'unpriced', '2'],
    ]);
    expect(imbalances([material()], after)).toEqual([]);
  });

  it('what a price charges once, or counts in tiers, counts what is frozen first', () => {
    const tiered = terms({
      workTypes: [
        {
          workType: 'remote',
          mode: 'tiers',
          per: 'ticket',
          tiers: [
            { upToMinutes: 60, pricePerHour: '150' },
            { upToMinutes: null, pricePerHour: '225' },
          ],
        },
        { workType: 'visit', mode: 'flat', price: '220', per: 'ticket' },
      ],
    });
    const first = time({ minutes: 60 });
    const visit = time({ workItemId: 'w-2', position: 2, workType: 'visit' });
    const invoiced = asInvoiced(rate(facts([first, visit], under(tiered))).items);
    const work = [
      first,
      visit,
      time({ workItemId: 'w-3', position: 3, minutes: 60, workDate: '2026-03-02' }),
      time({ workItemId: 'w-4', position: 4, workType: 'visit' }),
    ];
    const { items } = rate(facts(work, { ...under(tiered), invoiced }));
    expect(items.map((item) => [item.itemId, item.net?.amount])).toEqual([
      ['w-3', '225.00'],
      ['w-1', '150.00'],
      ['w-2', '220.00'],
      ['w-4', '0.00'],
    ]);
  });

  it('the parts of one piece of work show one gap of a kind, with their value together', () => {
    const { gaps } = rate(facts([evening], under(cut)));
    expect(gaps.map((gap) => [gap.kind, gap.workItemId, gap.valueAtRisk])).toEqual([
      ['unbilled', 'w-1', { money: { amount: '300.00', currency: 'AUD' }, minutes: 90 }],
    ]);
  });
});

describe('prepaid work that is corrected after its draws were frozen', () => {
  const prepaid: ContractTerms = {
    ...terms({}, [{ id: 'p', name: 'Prepaid', match: {}, outcome: 'prepaid' }]),
    prepaid: { overage: { pricePerHour: '180.00', multiplied: false } },
  };
  const block = {
    blockId: 'b-1',
    eventId: 'ev-b',
    amount: { unit: 'minutes', minutes: 60 } as const,
    purchasedOn: '2026-01-01',
    expiresOn: null,
    price: null,
  };
  const contracts = [contractFacts({ terms: prepaid, blocks: [block] })];
  const hour = time({ minutes: 60 });
  const account = () => ({ contracts, invoiced: asInvoiced(rate(facts([hour], { contracts })).items) });

  it('its draws stand, and what is beyond them is overage', () => {
    const longer = time({ minutes: 90, sourceEventIds: ['ev-w-1', 'ev-w-1b'] });
    const { items, draws } = rate(facts([longer], account()));
    expect(shown(items)).toEqual([
      ['w-1', 'invoiced', 60, 60, '0.00'],
      ['w-1@a1', 'billable', 30, 30, '90.00'],
    ]);
    expect(draws.map((draw) => [draw.itemId, draw.frozen])).toEqual([['w-1', true]]);
  });

  it('less of it gives its minutes back and no money, for none was asked', () => {
    const shorter = time({ minutes: 40, sourceEventIds: ['ev-w-1', 'ev-w-1b'] });
    expect(shown(rate(facts([shorter], account())).items).at(-1)).toEqual(['w-1@d1', 'covered', -20, -20, '0.00']);
  });
});
