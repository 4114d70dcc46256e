import { describe, expect, it } from '@jest/globals';
import type { CoverageRule } from '@billtrail/contracts';
import type { ExplainedItem } from '../item/billable-item.js';
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
} from '../testing/facts.js';
import type { ClientPeriodFacts } from '../client-period.js';
import type { WorkItem } from '../rating/facts.js';
import { rateExplained as rate } from '../rate.js';

function invoiced(work: WorkItem, changes: Partial<ClientPeriodFacts> = {}): Partial<ClientPeriodFacts> {
  return { ...changes, invoiced: asInvoiced(rate(facts([work], changes)).items) };
}

function writtenOff(work: WorkItem, changes: Partial<ClientPeriodFacts> = {}): Partial<ClientPeriodFacts> {
  return { ...changes, writtenOff: asWrittenOff(rate(facts([work], changes)).items) };
}

function shown(items: readonly ExplainedItem[]): unknown[] {
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
      ['w-1@a1', 'billable', 20, '50.00'],
    ]);
  });

  it.each([
    ['more minutes', 90, 30, '75.00'],
    ['fewer minutes', 40, -20, '-50.00'],
  ])('%s after the invoice: an adjustment carries the difference', (_case, minutes, difference, net) => {
    const [, adjustment] = rate(facts([corrected(minutes)], invoiced(hour))).items;
    expect(adjustment).toMatchObject({
      itemId: 'w-1@a1',
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
      ['w-1@a1', 'billable', -60, '-150.00'],
    ]);
    expect(only(gaps)).toMatchObject({
      kind: 'unbilled',
      workItemId: 'w-1',
      valueAtRisk: { money: { amount: '-150.00' }, minutes: -60 },
      dueOn: '2026-04-03',
    });
  });

  it('an adjustment that is invoiced and corrected again has the next number', () => {
    const first = invoiced(hour);
    const second = rate(facts([corrected(90)], first)).items.filter((item) => item.disposition === 'billable');
    const account = { ...first, invoiced: [...asInvoiced(second, 'inv-2'), ...(first.invoiced ?? [])] };
    expect(shown(rate(facts([corrected(90)], account)).items)).toEqual([
      ['w-1', 'invoiced', 60, '150.00'],
      ['w-1@a1', 'invoiced', 30, '75.00'],
    ]);
    expect(shown(rate(facts([corrected(100)], account)).items).at(-1)).toEqual(['w-1@a2', 'billable', 10, '25.00']);
  });

  it('materials by quantity, expenses by cost', () => {
    expect(rate(facts([material({ quantity: '1' })], invoiced(material()))).items[1]).toMatchObject({
      itemId: 'm-1@a1',
      quantity: '-2',
      net: { amount: '-30.00' },
      actualMinutes: null,
    });
    expect(
      rate(facts([expense({ cost: { amount: '50.00', currency: 'AUD' } })], invoiced(expense()))).items[1],
    ).toMatchObject({ itemId: 'x-1@a1', quantity: '0', net: { amount: '33.00' } });
    expect(rate(facts([], invoiced(expense()))).items[1]).toMatchObject({
      itemId: 'x-1@a1',
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
      'w-1@a1',
      'billable',
      0,
      '-150.00',
    ]);
    const { items, gaps } = rate(facts([time({ workType: 'project', minutes: 70 })], account));
    expect(shown(items).at(-1)).toEqual(['w-1@a1', 'unpriced', 10, null]);
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

describe('corrected work under a cap', () => {
  const capped = (above: 'write-down' | 'gap', amount = '200.00') => ({
    contracts: [
      contractFacts({
        terms: { ...terms(), caps: [{ id: 'cap', name: 'Budget', scope: 'period' as const, amount, above }] },
      }),
    ],
  });
  const increased = (above: 'write-down' | 'gap') => rate(facts([corrected(120)], invoiced(hour, capped(above)))).items;

  it('an increase is billed up to the cap; what is above is written down, and all together is the work', () => {
    const items = increased('write-down');
    expect(shown(items)).toEqual([
      ['w-1', 'invoiced', 60, '150.00'],
      ['w-1@a1', 'billable', 20, '50.00'],
      ['w-1@x1', 'written-off', 40, '100.00'],
    ]);
    const cap = { contractId: 'con-1', capId: 'cap', currency: 'AUD' };
    expect(items.slice(1).map(({ basis }) => basis.cap)).toEqual([
      { ...cap, above: null, heldBack: '100.00' },
      { ...cap, above: '100.00', heldBack: null },
    ]);
    expect(items[2]?.trace.at(-1)).toMatchObject({ step: 'cap', facts: { capId: 'cap', above: '100.00' } });
  });

  it('or is gap cap-exceeded, of the value that is above', () => {
    const { items, gaps } = rate(facts([corrected(120)], invoiced(hour, capped('gap'))));
    expect(shown(items).slice(1)).toEqual([
      ['w-1@a1', 'billable', 20, '50.00'],
      ['w-1@x1', 'unpriced', 40, null],
    ]);
    expect(gaps.find(({ kind }) => kind === 'cap-exceeded')).toMatchObject({
      workItemId: 'w-1',
      valueAtRisk: { money: { amount: '100.00', currency: 'AUD' }, minutes: 40 },
    });
    expect(gaps.map(({ kind }) => kind)).not.toContain('unpriced');
  });

  it.each(['write-down', 'gap'] as const)('stays held when the adjustment is invoiced too (%s)', (above) => {
    const account = invoiced(hour, capped(above));
    const [, adjustment] = increased(above);
    const both = [...(account.invoiced ?? []), ...asInvoiced(adjustment === undefined ? [] : [adjustment], 'inv-2')];
    const { items, gaps } = rate(facts([corrected(120)], { ...account, invoiced: both }));
    expect(items.map(({ itemId, disposition, actualMinutes }) => [itemId, disposition, actualMinutes])).toEqual([
      ['w-1', 'invoiced', 60],
      ['w-1@a1', 'invoiced', 20],
      ['w-1@x2', above === 'gap' ? 'unpriced' : 'written-off', 40],
    ]);
    expect(gaps.map(({ kind }) => kind)).toEqual(above === 'gap' ? ['cap-exceeded'] : []);
  });

  it('below the cap nothing is held, and it is met exactly', () => {
    const within = (minutes: number) => rate(facts([corrected(minutes)], invoiced(hour, capped('gap')))).items;
    expect(shown(within(80)).slice(1)).toEqual([['w-1@a1', 'billable', 20, '50.00']]);
    expect(shown(within(70)).slice(1)).toEqual([['w-1@a1', 'billable', 10, '25.00']]);
  });

  it('a full cap lets no increase through, and takes nothing of what was invoiced back', () => {
    const account = invoiced(hour, capped('write-down', '150.00'));
    expect(shown(rate(facts([corrected(80)], account)).items).slice(1)).toEqual([
      ['w-1@x1', 'written-off', 20, '50.00'],
    ]);
    const lowered = { ...account, ...capped('write-down', '100.00') };
    expect(shown(rate(facts([corrected(80)], lowered)).items).slice(1)).toEqual([
      ['w-1@x1', 'written-off', 20, '50.00'],
    ]);
  });

  it('a decrease makes room for other work, an increase takes it in the order of rating', () => {
    const other = time({ workItemId: 'w-2', position: 2, minutes: 60, workDate: '2026-03-11' });
    const account = invoiced(hour, capped('write-down'));
    const billed = (minutes: number) =>
      shown(rate(facts([corrected(minutes), other], account)).items.filter((item) => item.disposition === 'billable'));
    expect(billed(40)).toEqual([
      ['w-1@a1', 'billable', -20, '-50.00'],
      ['w-2@p1', 'billable', 40, '100.00'],
    ]);
    expect(billed(72)).toEqual([
      ['w-1@a1', 'billable', 12, '30.00'],
      ['w-2@p1', 'billable', 8, '20.00'],
    ]);
  });

  it('work that was voided after the invoice makes room too', () => {
    const other = time({ workItemId: 'w-2', position: 2, minutes: 80, workDate: '2026-03-11' });
    expect(shown(rate(facts([other], invoiced(hour, capped('write-down')))).items)).toEqual([
      ['w-2', 'billable', 80, '200.00'],
      ['w-1', 'invoiced', 60, '150.00'],
      ['w-1@a1', 'billable', -60, '-150.00'],
    ]);
  });

  it('what a person wrote off of the work asks for no room', () => {
    const first = invoiced(hour, capped('write-down'));
    const more = rate(facts([corrected(80)], first)).items.filter((item) => item.disposition === 'billable');
    const account = { ...first, writtenOff: asWrittenOff(more) };
    expect(shown(rate(facts([corrected(100)], account)).items).slice(2)).toEqual([['w-1@a2', 'billable', 20, '50.00']]);
  });
});

describe('written-off work', () => {
  it('stays as it was', () => {
    expect(shown(rate(facts([hour], writtenOff(hour))).items)).toEqual([['w-1', 'written-off', 60, '150.00']]);
  });

  it('more of it is billable; less of it makes the write-off smaller and asks the client for nothing', () => {
    const account = writtenOff(hour);
    expect(shown(rate(facts([corrected(80)], account)).items).at(-1)).toEqual(['w-1@a1', 'billable', 20, '50.00']);
    expect(shown(rate(facts([corrected(40)], account)).items).at(-1)).toEqual(['w-1@a1', 'written-off', -20, '-50.00']);
    expect(shown(rate(facts([], account)).items).at(-1)).toEqual(['w-1@a1', 'written-off', -60, '-150.00']);
  });

  it('of work partly invoiced, partly written off, a decrease takes the write-off first', () => {
    const first = invoiced(hour);
    const more = rate(facts([corrected(90)], first)).items.filter((item) => item.disposition === 'billable');
    const account = { ...first, writtenOff: asWrittenOff(more) };
    expect(shown(rate(facts([corrected(70)], account)).items).slice(2)).toEqual([
      ['w-1@a2', 'written-off', -20, '-50.00'],
    ]);
    expect(shown(rate(facts([corrected(40)], account)).items).slice(2)).toEqual([
      ['w-1@a2', 'billable', -20, '-50.00'],
      ['w-1@w2', 'written-off', -30, '-75.00'],
    ]);
  });

  it('without a price: more of it is unpriced, less of it makes the write-off smaller', () => {
    const account = { ...writtenOff(hour, { contracts: [] }), contracts: [contractFacts()] };
    expect(shown(rate(facts([hour], account)).items)).toEqual([['w-1', 'written-off', 60, null]]);
    const { items, gaps } = rate(facts([corrected(80)], account));
    expect(shown(items).at(-1)).toEqual(['w-1@a1', 'unpriced', 20, null]);
    expect(only(gaps).cause).toContain('written off without a price');
    expect(shown(rate(facts([corrected(40)], account)).items).at(-1)).toEqual(['w-1@a1', 'written-off', -20, null]);
  });
});
