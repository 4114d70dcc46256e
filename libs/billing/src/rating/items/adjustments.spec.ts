import { describe, expect, it } from '@jest/globals';
import type { CoverageRule } from '@billtrail/contracts';
import {
  ALL_BILLABLE,
  asInvoiced,
  asWrittenOff,
  contractFacts,
  expense,
  facts,
  material,
  only,
  terms,
  time,
} from '../../testing/facts.js';
import type { BillableItem, ClientPeriodFacts, WorkItem } from '../facts.js';
import { rate } from '../rate.js';

function invoiced(work: WorkItem, changes: Partial<ClientPeriodFacts> = {}): Partial<ClientPeriodFacts> {
  return { ...changes, invoiced: asInvoiced(rate(facts([work], changes)).items) };
}

function writtenOff(work: WorkItem, changes: Partial<ClientPeriodFacts> = {}): Partial<ClientPeriodFacts> {
  return { ...changes, writtenOff: asWrittenOff(rate(facts([work], changes)).items) };
}

function shown(items: readonly BillableItem[]): unknown[] {
  return items.map(({ itemId, disposition, actualMinutes, net }) => [
    itemId,
    disposition,
    actualMinutes,
    net?.amount ?? null,
  ]);
}

const hour = time({ minutes: 60 });
const corrected = (minutes: number) => time({ minutes, sourceEventIds: ['ev-w-1', 'ev-w-1b'] });

describe('frozen work', () => {
  it('is given as it was on the invoice', () => {
    const account = invoiced(hour);
    const item = only(rate(facts([hour], account)).items);
    expect(item).toEqual({ ...only(rate(facts([hour])).items), disposition: 'invoiced', invoiceId: 'inv-1' });
    expect(rate(facts([hour], account)).gaps).toEqual([]);
  });

  it('is not re-priced by a back-dated version, a no-charge declaration or another description', () => {
    const account = invoiced(hour);
    const dearer = terms({ labour: [{ workType: 'remote', engineerRole: null, pricePerHour: '300.00' }] });
    const { versions } = contractFacts();
    const contracts = [
      contractFacts({
        versions: [...versions, { versionNumber: 2, effectiveFrom: '2026-01-01', effectiveTo: null, terms: dearer }],
      }),
    ];
    expect(shown(rate(facts([hour], { ...account, contracts })).items)).toEqual([['w-1', 'invoiced', 60, '150.00']]);
    const described = time({ description: 'Other words', sourceEventIds: ['ev-w-1', 'ev-w-1b'] });
    expect(shown(rate(facts([described], account)).items)).toEqual([['w-1', 'invoiced', 60, '150.00']]);
    // Work that did change is priced by the version that the invoice used, so that only the change shows.
    expect(shown(rate(facts([corrected(80)], { ...account, contracts })).items)).toEqual([
      ['w-1', 'invoiced', 60, '150.00'],
      ['w-1-a1', 'billable', 20, '50.00'],
    ]);
  });

  it.each([
    ['more minutes', 90, 30, '75.00'],
    ['fewer minutes', 40, -20, '-50.00'],
  ])('%s after the invoice: an adjustment carries the difference', (_case, minutes, difference, net) => {
    const [, adjustment] = rate(facts([corrected(minutes)], invoiced(hour))).items;
    expect(adjustment).toMatchObject({
      itemId: 'w-1-a1',
      workItemId: 'w-1',
      disposition: 'billable',
      actualMinutes: difference,
      billableMinutes: difference,
      net: { amount: net, currency: 'AUD' },
      unitPrice: { amount: '150.00' },
      contractId: 'con-1',
      contractVersion: 1,
      sourceEventIds: ['ev-w-1', 'ev-w-1b'],
    });
    expect(adjustment?.trace.at(-1)).toMatchObject({
      step: 'adjustment',
      facts: { frozenItemIds: ['w-1'], invoiceIds: ['inv-1'], frozenNet: '150.00', difference: net },
    });
  });

  it('voided after the invoice: the whole is given back, and its gap waits for the ticket', () => {
    const { items, gaps } = rate(facts([], invoiced(hour)));
    expect(shown(items)).toEqual([
      ['w-1', 'invoiced', 60, '150.00'],
      ['w-1-a1', 'billable', -60, '-150.00'],
    ]);
    expect(only(gaps)).toMatchObject({
      kind: 'unbilled',
      workItemId: 'w-1',
      valueAtRisk: { money: { amount: '-150.00' }, minutes: -60 },
      dueOn: '2026-04-03',
    });
    expect(only(rate(facts([], { ...invoiced(hour), tickets: new Map() })).gaps)).toMatchObject({
      kind: 'unbilled',
      dueOn: null,
    });
  });

  it('an adjustment that is invoiced and corrected again has the next number', () => {
    const first = invoiced(hour);
    const second = rate(facts([corrected(90)], first)).items.filter((item) => item.disposition === 'billable');
    const account = { ...first, invoiced: [...asInvoiced(second, 'inv-2'), ...(first.invoiced ?? [])] };
    expect(shown(rate(facts([corrected(90)], account)).items)).toEqual([
      ['w-1', 'invoiced', 60, '150.00'],
      ['w-1-a1', 'invoiced', 30, '75.00'],
    ]);
    expect(shown(rate(facts([corrected(100)], account)).items).at(-1)).toEqual(['w-1-a2', 'billable', 10, '25.00']);
  });

  it('materials by quantity, expenses by cost', () => {
    expect(rate(facts([material({ quantity: '1' })], invoiced(material()))).items[1]).toMatchObject({
      itemId: 'm-1-a1',
      quantity: '-2',
      net: { amount: '-30.00' },
      actualMinutes: null,
    });
    expect(
      rate(facts([expense({ cost: { amount: '50.00', currency: 'AUD' } })], invoiced(expense()))).items[1],
    ).toMatchObject({ itemId: 'x-1-a1', quantity: '0', net: { amount: '33.00' } });
    expect(rate(facts([], invoiced(expense()))).items[1]).toMatchObject({
      itemId: 'x-1-a1',
      quantity: '-1',
      net: { amount: '-22.00' },
    });
  });

  it('work that became included gives back its price and keeps its minutes; work that lost its price is a gap', () => {
    const rules: CoverageRule[] = [
      { id: 'inc', name: 'Onsite', match: { workTypes: ['onsite'] }, outcome: 'included' },
      ALL_BILLABLE,
    ];
    const account = invoiced(hour, { contracts: [contractFacts({ terms: terms({}, rules) })] });
    expect(shown(rate(facts([time({ workType: 'onsite' })], account)).items).at(-1)).toEqual([
      'w-1-a1',
      'billable',
      0,
      '-150.00',
    ]);
    const { items, gaps } = rate(facts([time({ workType: 'project', minutes: 70 })], account));
    expect(shown(items).at(-1)).toEqual(['w-1-a1', 'unpriced', 10, null]);
    expect(only(gaps)).toMatchObject({ kind: 'unpriced', workItemId: 'w-1' });
  });

  it('in a shared scope the minutes on the invoice count, and later work gets the rest', () => {
    const contracts = [
      contractFacts({ terms: terms({ minimumMinutes: 60, incrementMinutes: 60, roundingScope: 'ticket' }) }),
    ];
    const first = time({ workItemId: 'w-1', position: 1, minutes: 45 });
    const account = invoiced(first, { contracts });
    const rest = (minutes: number, workDate: string) =>
      rate(facts([first, time({ workItemId: 'w-2', position: 2, minutes, workDate })], account)).items.find(
        (item) => item.itemId === 'w-2',
      );
    expect(rest(5, '2026-03-11')?.billableMinutes).toBe(0);
    expect(rest(45, '2026-03-11')?.billableMinutes).toBe(60);
    // Back-dated before the invoiced entry: that keeps its minutes all the same.
    expect(rest(45, '2026-03-02')?.billableMinutes).toBe(60);
  });
});

describe('written-off work', () => {
  it('stays as it was', () => {
    expect(shown(rate(facts([hour], writtenOff(hour))).items)).toEqual([['w-1', 'written-off', 60, '150.00']]);
  });

  it('more of it is billable; less of it makes the write-off smaller and asks the client for nothing', () => {
    const account = writtenOff(hour);
    expect(shown(rate(facts([corrected(80)], account)).items).at(-1)).toEqual(['w-1-a1', 'billable', 20, '50.00']);
    expect(shown(rate(facts([corrected(40)], account)).items).at(-1)).toEqual(['w-1-a1', 'written-off', -20, '-50.00']);
    expect(shown(rate(facts([], account)).items).at(-1)).toEqual(['w-1-a1', 'written-off', -60, '-150.00']);
  });

  it('of work partly invoiced, partly written off, a decrease takes the write-off first', () => {
    const first = invoiced(hour);
    const more = rate(facts([corrected(90)], first)).items.filter((item) => item.disposition === 'billable');
    const account = { ...first, writtenOff: asWrittenOff(more) };
    expect(shown(rate(facts([corrected(70)], account)).items).slice(2)).toEqual([
      ['w-1-a2', 'written-off', -20, '-50.00'],
    ]);
    expect(shown(rate(facts([corrected(40)], account)).items).slice(2)).toEqual([
      ['w-1-a2', 'billable', -20, '-50.00'],
      ['w-1-w2', 'written-off', -30, '-75.00'],
    ]);
  });

  it('without a price: more of it is unpriced, less of it makes the write-off smaller', () => {
    const account = { ...writtenOff(hour, { contracts: [] }), contracts: [contractFacts()] };
    expect(shown(rate(facts([hour], account)).items)).toEqual([['w-1', 'written-off', 60, null]]);
    const { items, gaps } = rate(facts([corrected(80)], account));
    expect(shown(items).at(-1)).toEqual(['w-1-a1', 'unpriced', 20, null]);
    expect(only(gaps).cause).toContain('written off without a price');
    expect(shown(rate(facts([corrected(40)], account)).items).at(-1)).toEqual(['w-1-a1', 'written-off', -20, null]);
  });
});
