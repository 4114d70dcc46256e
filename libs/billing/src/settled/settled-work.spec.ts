import { describe, expect, it } from '@jest/globals';
import type { ContractTerms } from '@billtrail/contracts';
import type { ExplainedItem } from '../item/billable-item.js';
import type { FrozenItem } from '../item/frozen-item.js';
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
  ticketFacts,
  time,
} from '../testing/facts.js';
import type { ClientPeriodFacts } from '../client-period.js';
import type { ContractFacts, WorkItem } from '../rating/facts.js';
import { rateExplained as rate } from '../rate.js';
import { placedThen, pricedUnder } from './priced-then.js';
import { nextAdjustment, settledWork } from './settled-work.js';

const aud = (amount: string) => ({ amount, currency: 'AUD' });
const named = (items: readonly ExplainedItem[], ...ids: readonly string[]) =>
  items.filter(({ itemId }) => ids.includes(itemId));
const shown = (items: readonly ExplainedItem[]): unknown[] =>
  items.map(({ itemId, disposition, actualMinutes, net }) => [itemId, disposition, actualMinutes, net?.amount ?? null]);
const again = (work: WorkItem): WorkItem => ({ ...work, sourceEventIds: [...work.sourceEventIds, 'ev-again'] });

/** Half an hour before five at 150.00 an hour, an hour after it at 225.00. */
const byClass: ContractTerms = {
  ...terms({ rateClassMultipliers: [{ rateClass: 'after-hours', multiplier: '1.5' }] }),
  timeZone: 'Australia/Sydney',
  rateCalendar: { hours: { tuesday: [{ opens: '09:00', closes: '17:00' }] }, holidays: [] },
};
const evening = time({ minutes: 90, startedAt: '2026-03-10T16:30:00+11:00', endedAt: '2026-03-10T18:00:00+11:00' });
const under = (ofVersion: ContractTerms): Partial<ClientPeriodFacts> => ({
  contracts: [contractFacts({ terms: ofVersion })],
});

/** Items of one piece of work under these ids, frozen. */
function frozenAs(...itemIds: readonly string[]) {
  const whole = only(asWrittenOff(rate(facts([time()])).items));
  return only([
    ...settledWork({
      tickets: new Map(),
      period: '2026-03',
      invoiced: [],
      writtenOff: itemIds.map((itemId) => ({ ...whole, itemId })),
    }).here.values(),
  ]);
}

describe('what is frozen of one piece of work', () => {
  it('is told in the order of its numbers: the work or its parts, then its adjustments, however it was recorded', () => {
    const order = (...ids: readonly string[]) => frozenAs(...ids).parts.map(({ item }) => item.itemId);
    const inOrder = ['w-1@p1', 'w-1@p2', 'w-1@p10', 'w-1@a3', 'w-1@x3', 'w-1@a12'];
    expect(order(...inOrder)).toEqual(inOrder);
    expect(order(...inOrder.toReversed())).toEqual(inOrder);
    expect(order('w-1@x3', 'w-1@p10', 'w-1@a12', 'w-1@p1', 'w-1@a3', 'w-1@p2')).toEqual(inOrder);
    expect(order('w-1@a1', 'w-1')).toEqual(['w-1', 'w-1@a1']);
    expect(order('w-1@a1', 'w-1@p19')).toEqual(['w-1@p19', 'w-1@a1']);
    expect(order('w-1@p19', 'w-1@a1')).toEqual(['w-1@p19', 'w-1@a1']);
    expect(order('w-1', 'w-1@a1')).toEqual(['w-1', 'w-1@a1']);
    expect(frozenAs('w-1@a1', 'w-1').latest.itemId).toBe('w-1@a1');
  });

  it('leaves the next adjustment a number that none has', () => {
    expect(nextAdjustment(frozenAs('w-1'))).toBe(1);
    expect(nextAdjustment(frozenAs('w-1@p1', 'w-1@p2'))).toBe(2);
    expect(nextAdjustment(frozenAs('w-1@p19'))).toBe(1);
    expect(nextAdjustment(frozenAs('w-1@a1'))).toBe(2);
    expect(nextAdjustment(frozenAs('w-1', 'w-1@a1', 'w-1@x4'))).toBe(5);
  });

  it('has the stretches of its parts in the order of time, which their numbers need not follow', () => {
    const { items } = rate(facts([evening], under(byClass)));
    const [first, second] = asWrittenOff(items);
    if (first?.segment === undefined || second === undefined) throw new Error('two parts');
    const stretch = (itemId: string, fromMinute: number, toMinute: number): FrozenItem => ({
      ...second,
      itemId,
      segment: { date: '2026-03-10', rateClass: 'business', fromMinute, toMinute },
    });
    const { segment: _whole, ...adjustment } = first;
    const writtenOff = [
      stretch('w-1@p1', 15, 30),
      stretch('w-1@p2', 30, 90),
      stretch('w-1@p3', 15, 15),
      stretch('w-1@p4', 0, 15),
      { ...adjustment, itemId: 'w-1@a4' },
    ];
    const { stretches } = only([
      ...settledWork({ period: '2026-03', tickets: new Map(), invoiced: [], writtenOff }).here.values(),
    ]);
    expect(stretches.map(({ fromMinute, toMinute }) => [fromMinute, toMinute])).toEqual([
      [0, 15],
      [15, 15],
      [15, 30],
      [30, 90],
    ]);
  });
});

describe('what other periods of the client hold of work', () => {
  it('stands beside what this one holds, and is counted by no rule yet', () => {
    const invoiced = asInvoiced(rate(facts([time()])).items);
    const april = [{ period: '2026-04', invoiced: asInvoiced(rate(facts([time()])).items, 'inv-4'), writtenOff: [] }];
    const alone = settledWork({ period: '2026-03', tickets: new Map(), invoiced, writtenOff: [] });
    const both = settledWork({ period: '2026-03', tickets: new Map(), invoiced, writtenOff: [], elsewhere: april });
    const there = settledWork({
      period: '2026-03',
      tickets: new Map(),
      invoiced: [],
      writtenOff: [],
      elsewhere: april,
    });
    const inApril = { period: '2026-04', invoiceId: 'inv-4' };
    expect(both.here).toEqual(alone.here);
    expect([alone.elsewhere.size, there.here.size]).toEqual([0, 0]);
    for (const { elsewhere } of [both, there])
      expect([...elsewhere]).toMatchObject([['w-1', [{ settled: { period: '2026-04', parts: [inApril] } }]]]);
    expect(() =>
      settledWork({ period: '2026-04', tickets: new Map(), invoiced: [], writtenOff: [], elsewhere: april }),
    ).toThrow('the account of 2026-04 is given twice');
    const work = time({ minutes: 90, sourceEventIds: ['ev-w-1', 'ev-w-1b'] });
    expect(rate(facts([work], { invoiced, elsewhere: april }))).toEqual(rate(facts([work], { invoiced })));
  });
});

describe('the version that priced what is frozen', () => {
  it('is that of the part in which the minute lies, else of the last part with a price', () => {
    const contracts = ['con-1', 'con-2', 'con-3'].map((contractId) => contractFacts({ contractId }));
    const [first, second] = asWrittenOff(rate(facts([evening], under(byClass))).items);
    if (first === undefined || second === undefined) throw new Error('two parts');
    const { segment: _none, ...adjustment } = second;
    // Numbers need not follow the time: here the second part is the earlier one.
    const writtenOff = [
      { ...second, itemId: 'w-1@p1', contractId: 'con-2' },
      { ...first, itemId: 'w-1@p2' },
      { ...adjustment, itemId: 'w-1@a2', contractId: 'con-3', net: null, unitPrice: null },
      { ...adjustment, itemId: 'w-1@a3', contractId: null, contractVersion: null },
    ];
    const frozen = only([
      ...settledWork({ period: '2026-03', tickets: new Map(), invoiced: [], writtenOff }).here.values(),
    ]);
    const at = (minute: number) => pricedUnder(frozen, published(contracts), minute)?.inForce.contract.contractId;
    // The parts are minutes 0 to 30 and 30 to 90.
    expect([0, 29, 30, 89, 90, 500].map(at)).toEqual(['con-1', 'con-1', 'con-2', 'con-2', 'con-1', 'con-1']);
    expect(pricedUnder(frozen, published(contracts), 0)?.step()).toEqual({
      step: 'contract',
      text: 'contract Support (con-1), version 1: the one that priced the frozen item',
      facts: { contractId: 'con-1', contractVersion: 1, chosenBy: 'frozen' },
    });
    const [version] = contractFacts().versions;
    if (version === undefined) throw new Error('a version');
    const versions = [{ ...version, versionNumber: 2 }, version];
    expect(pricedUnder(frozen, published([contractFacts({ versions })]), 0)?.inForce.version).toBe(version);
    expect(pricedUnder(frozen, published([]), 0)).toBeNull();
    expect(pricedUnder(frozen, published([contractFacts({ versions: [] })]), 0)).toBeNull();
  });
});

function published(contracts: readonly ContractFacts[]) {
  return facts([], { contracts });
}

describe('where work was put when it was frozen', () => {
  const then = (ruleId: string | null) => {
    const [item] = asWrittenOff(rate(facts([time()])).items);
    if (item === undefined) throw new Error('an item');
    const writtenOff = [{ ...item, basis: { ...item.basis, ruleId } }];
    return only([...settledWork({ period: '2026-03', tickets: new Map(), invoiced: [], writtenOff }).here.values()]);
  };
  const ruled = (outcome: 'included' | 'prepaid' | 'excluded') =>
    contractFacts({
      terms: terms({}, [
        { ...ALL_BILLABLE, id: 'other' },
        { ...ALL_BILLABLE, outcome },
      ]),
    });

  it('is under the very rule that its basis names, whatever matches now', () => {
    expect(placedThen(then('all'), published([ruled('prepaid')]), 0)).toMatchObject({
      as: 'prepaid',
      rule: { id: 'all' },
    });
    const placed = placedThen(then('other'), published([ruled('included')]), 0);
    expect(placed).toMatchObject({ as: 'billable', rule: { id: 'other' }, inForce: { version: { versionNumber: 1 } } });
    expect(placed?.steps.map((step) => step().text)).toEqual([
      'contract Support (con-1), version 1: the one that priced the frozen item',
      'rule All work (other) of contract con-1 version 1, as it was taken then: billable',
    ]);
  });

  it('can no longer be told where the rule, its price or its contract is gone', () => {
    expect(placedThen(then('gone'), published([ruled('included')]), 0)).toBeNull();
    expect(placedThen(then(null), published([ruled('included')]), 0)).toBeNull();
    expect(placedThen(then('all'), published([ruled('excluded')]), 0)).toBeNull();
    expect(placedThen(then('all'), published([]), 0)).toBeNull();
  });
});

describe('work of which all is frozen', () => {
  it('leaves nothing to rate, in whatever parts it was frozen', () => {
    const caps = [{ id: 'cap', name: 'Limit', scope: 'ticket', amount: '15.00', above: 'write-down' } as const];
    const capped = under({ ...terms(), caps });
    for (const work of [material(), expense(), time()]) {
      const before = rate(facts([work], capped)).items;
      expect(before.map(({ disposition }) => disposition)).toEqual(['billable', 'written-off']);
      const invoiced = asInvoiced(before.slice(0, 1));
      const { items, gaps } = rate(facts([work], { ...capped, invoiced, writtenOff: asWrittenOff(before.slice(1)) }));
      expect(items.map(({ itemId, net }) => [itemId, net])).toEqual(before.map(({ itemId, net }) => [itemId, net]));
      expect(gaps).toEqual([]);
    }
  });

  it('over a month’s end its adjustment counts too: nothing of the month is asked twice', () => {
    const overnight = (from: string, minutes: number): WorkItem =>
      time({
        minutes,
        workDate: '2026-03-31',
        startedAt: `2026-03-31T${from}:00+11:00`,
        endedAt: '2026-04-01T01:00:00+11:00',
      });
    const account = under({ ...terms(), timeZone: 'Australia/Sydney' });
    const first = { ...account, invoiced: asInvoiced(rate(facts([overnight('23:00', 120)], account)).items) };
    expect(first.invoiced.map(({ line }) => [line.itemId, line.net.amount])).toEqual([['w-1@p1', '150.00']]);
    const longer = again(overnight('22:30', 150));
    const open = rate(facts([longer], first)).items.filter(({ disposition }) => disposition === 'billable');
    expect(shown(open)).toEqual([['w-1@a1', 'billable', 30, '75.00']]);
    const invoiced = [...first.invoiced, ...asInvoiced(open, 'inv-2')];
    expect(shown(rate(facts([longer], { ...account, invoiced })).items)).toEqual([
      ['w-1@p1', 'invoiced', 60, '150.00'],
      ['w-1@a1', 'invoiced', 30, '75.00'],
    ]);
  });

  it('and of which a credit note freed a part, lacks that part beside its adjustment', () => {
    const account = under(byClass);
    const parts = rate(facts([evening], account)).items;
    const longer = again({ ...evening, minutes: 120, endedAt: '2026-03-10T18:30:00+11:00' });
    const adjusted = rate(facts([longer], { ...account, invoiced: asInvoiced(parts) })).items;
    const invoiced = asInvoiced(named(adjusted, 'w-1@p1', 'w-1@a2'));
    const creditedWork = new Set(['w-1']);
    expect(shown(rate(facts([longer], { ...account, invoiced, creditedWork })).items)).toEqual([
      ['w-1@p1', 'invoiced', 30, '75.00'],
      ['w-1@a2', 'invoiced', 30, '112.50'],
      ['w-1@a3', 'billable', 60, '225.00'],
    ]);
  });

  it('with its adjustment, is not re-priced by a ticket that was classified otherwise since', () => {
    const rules = [
      { id: 'net', name: 'Network', match: { categories: ['network'] }, outcome: 'included' } as const,
      ALL_BILLABLE,
    ];
    const account = under(terms({}, rules));
    const longer = again(time({ minutes: 90 }));
    const first = { ...account, invoiced: asInvoiced(rate(facts([time()], account)).items) };
    const open = rate(facts([longer], first)).items.filter(({ disposition }) => disposition === 'billable');
    const tickets = new Map([['T-1', ticketFacts({ category: 'network' })]]);
    const invoiced = [...first.invoiced, ...asInvoiced(open, 'inv-2')];
    expect(shown(rate(facts([longer], { ...account, tickets, invoiced })).items)).toEqual([
      ['w-1', 'invoiced', 60, '150.00'],
      ['w-1@a1', 'invoiced', 30, '75.00'],
    ]);
  });
});

describe('a line of which a credit note took money back', () => {
  it('keeps its work; what went back holds no minute and no piece', () => {
    const parts = (work: WorkItem) => {
      const invoiced = asInvoiced(rate(facts([work])).items).map((line) => ({
        ...line,
        credited: aud('20.00'),
        creditNoteId: 'cn-1',
      }));
      return rate(facts([work], { invoiced })).items.map(
        ({ itemId, actualMinutes, billableMinutes, quantity, net, approval }) => ({
          itemId,
          minutes: [actualMinutes, billableMinutes],
          quantity,
          net: net?.amount,
          approval,
        }),
      );
    };
    expect(parts(time())).toEqual([
      { itemId: 'w-1', minutes: [60, 60], quantity: '1', net: '130.00', approval: 'approved' },
      { itemId: 'w-1@c1', minutes: [0, 0], quantity: '0', net: '20.00', approval: null },
    ]);
    expect(parts(material())).toEqual([
      { itemId: 'm-1', minutes: [null, null], quantity: '3', net: '25.00', approval: null },
      { itemId: 'm-1@c1', minutes: [null, null], quantity: '0', net: '20.00', approval: null },
    ]);
  });
});
