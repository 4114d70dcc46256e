import { describe, expect, it } from '@jest/globals';
import { Money } from '@billtrail/kernel';
import type { ContractTerms } from '@billtrail/contracts';
import { gapKey } from './gaps/identity.js';
import type { ExplainedItem } from './item/billable-item.js';
import { itemKeyOf } from './item/item-key.js';
import { rateExplained as rate } from './rate.js';
import type { ClientPeriodFacts } from './client-period.js';
import type { RatingResult, WorkItem } from './rating/facts.js';
import { imbalances } from './reconcile.js';
import { block, fee, minutes, monthOf, onInvoice } from './testing/charges.js';
import { asInvoiced, asWrittenOff, contractFacts, facts, material, terms, time } from './testing/facts.js';

type Time = Extract<WorkItem, { kind: 'time' }>;

/** Ids that a person may type, and that ids made from `E1` looked like until schema version 2. */
const TYPED = ['E1', 'E1~1', 'E1~2', 'E1-a1', 'E1-a2', 'E1-c1', 'E1-d1', 'E1-n1', 'E1-w1', 'E1-x1'];

/** From 16:00 on, in Sydney. */
const entry = (workItemId: string, count: number, changes: Partial<Time> = {}): Time => {
  const start = Date.parse('2026-03-10T16:00:00+11:00');
  const moment = (millis: number) => new Date(millis).toISOString();
  return time({
    workItemId,
    position: TYPED.indexOf(workItemId) + 1,
    minutes: count,
    startedAt: moment(start),
    endedAt: moment(start + count * 60_000),
    sourceEventIds: [`ev-${workItemId}`],
    ...changes,
  });
};
const all = (count: number): readonly Time[] => TYPED.map((workItemId) => entry(workItemId, count));

const byClass: Partial<ContractTerms> = {
  timeZone: 'Australia/Sydney',
  rateCalendar: { hours: { tuesday: [{ opens: '09:00', closes: '17:00' }] }, holidays: [] },
};
const under = (more: Partial<ContractTerms>, outcome: 'billable' | 'prepaid' = 'billable', ofBlock = 0) => ({
  contracts: [
    contractFacts({
      terms: { ...terms({}, [{ id: 'all', name: 'All', match: {}, outcome }]), ...more },
      blocks: ofBlock === 0 ? [] : [block('b', minutes(ofBlock))],
    }),
  ],
});
const cap = (amount: string, above: 'write-down' | 'gap') => [
  { id: 'cap', name: 'Limit', scope: 'ticket', amount, above } as const,
];

function sound(given: ClientPeriodFacts): RatingResult<ExplainedItem> {
  const result = rate(given);
  const ids = result.items.map(({ itemId }) => itemId);
  expect(ids).toHaveLength(new Set(ids).size);
  // No made id is one that is typed, and each tells its work.
  for (const { itemId, workItemId } of result.items) {
    expect(itemId === workItemId || !TYPED.includes(itemId)).toBe(true);
    expect(itemKeyOf(itemId).workItemId).toBe(workItemId);
  }
  expect(new Set(result.gaps.map(gapKey)).size).toBe(result.gaps.length);
  expect(imbalances(given.work, result.items)).toEqual([]);
  return result;
}

/** All that has a price put on an invoice, what a cap holds or a person forgoes written off. */
function frozen(given: ClientPeriodFacts, invoiceId: string): ClientPeriodFacts {
  const open = sound(given).items.filter(({ disposition }) => disposition !== 'invoiced');
  const known = new Set(given.writtenOff.map(({ itemId }) => itemId));
  const asked = open.filter(
    ({ disposition, draw }) => disposition === 'billable' || (disposition === 'covered' && draw !== undefined),
  );
  const forgone = open.filter(
    ({ itemId, disposition }) =>
      disposition === 'written-off' && !known.has(itemId) && itemKeyOf(itemId).role !== 'credit',
  );
  return {
    ...given,
    invoiced: [...given.invoiced, ...asInvoiced(asked, invoiceId)],
    writtenOff: [...given.writtenOff, ...asWrittenOff(forgone)],
  };
}

/** A tenth of each line given back by a credit note. */
function credited(given: ClientPeriodFacts): ClientPeriodFacts {
  return {
    ...given,
    invoiced: given.invoiced.map((one) => {
      const tenth = Money.from(one.line.net).dividedBy(10).rounded();
      const isOwed = !tenth.isNegative() && !tenth.isZero();
      return isOwed ? { ...one, credited: tenth.toJSON(), creditNoteId: 'cn-1' } : one;
    }),
  };
}
const rolesOf = ({ items }: RatingResult): readonly string[] =>
  [...new Set(items.map(({ itemId }) => itemKeyOf(itemId).role))].sort();

describe('entries whose ids look like ids that were made from `E1` once (K11, X2)', () => {
  it.each<[string, Partial<ClientPeriodFacts>, readonly string[]]>([
    ['nothing is cut', under({}), ['adjustment', 'credit', 'whole', 'write-off-reversal']],
    ['they are cut at five', under(byClass), ['adjustment', 'credit', 'part', 'write-off-reversal']],
    [
      'a cap writes down what is above it',
      under({ caps: cap('1000.00', 'write-down') }),
      ['above-cap', 'adjustment', 'credit', 'part', 'whole', 'write-off-reversal'],
    ],
    [
      'a block covers them in part',
      under({}, 'prepaid', 700),
      ['adjustment', 'credit', 'draw-change', 'part', 'whole', 'write-off-reversal'],
    ],
  ])('where %s: invoiced, corrected, credited and corrected again', (_case, account, roles) => {
    const seen = new Set<string>();
    const note = (given: ClientPeriodFacts): ClientPeriodFacts => {
      for (const role of rolesOf(sound(given))) seen.add(role);
      return given;
    };
    const first = note(frozen(note(facts(all(90), account)), 'inv-1'));
    const longer = note({ ...first, work: all(120) });
    const second = note(frozen(longer, 'inv-2'));
    const third = note(credited(second));
    for (const work of [all(60), all(150), []]) note(frozen(note({ ...third, work }), 'inv-3'));
    expect([...seen].sort()).toEqual(roles);
  });

  it('written off in part and then made less: the reversal is no entry’s', () => {
    const given = facts(all(60));
    const { items } = sound(given);
    const more = { ...given, invoiced: asInvoiced(items), work: all(90) };
    const writtenOff = asWrittenOff(sound(more).items.filter(({ disposition }) => disposition === 'billable'));
    const less = sound({ ...more, writtenOff, work: all(40) });
    expect(rolesOf(less)).toEqual(['adjustment', 'whole', 'write-off-reversal']);
    expect(less.items).toHaveLength(4 * TYPED.length);
  });

  it('K11: `W1` and `W1-a1` invoiced, `W1` corrected to 90 min: 30 min more of `W1` alone', () => {
    const ofTwo = (count: number): readonly WorkItem[] => [
      time({ workItemId: 'W1', minutes: count, sourceEventIds: ['ev-1', `ev-${count}`] }),
      time({ workItemId: 'W1-a1', position: 2 }),
    ];
    const invoiced = asInvoiced(rate(facts(ofTwo(60))).items);
    const { items } = rate(facts(ofTwo(90), { invoiced }));
    expect(items.map(({ itemId, disposition, net }) => [itemId, disposition, net?.amount])).toEqual([
      ['W1', 'invoiced', '150.00'],
      ['W1@a1', 'billable', '75.00'],
      ['W1-a1', 'invoiced', '150.00'],
    ]);
  });

  it('X2: `E1` over the end of a month beside `E1~1`, and a credit on `E1` beside `E1-c1`', () => {
    const night = { startedAt: '2026-03-31T23:00:00+11:00', endedAt: '2026-04-01T01:00:00+11:00' };
    const work = [
      time({ workItemId: 'E1', minutes: 120, workDate: '2026-03-31', ...night }),
      time({ workItemId: 'E1~1', position: 2 }),
      time({ workItemId: 'E1-c1', position: 3 }),
    ];
    const { items } = rate(facts(work));
    const ids = (list: readonly ExplainedItem[]) => list.map(({ itemId }) => itemId);
    expect(ids(items)).toEqual(['E1~1', 'E1-c1', 'E1@p1']);
    const invoiced = asInvoiced(items).map((one) => ({
      ...one,
      credited: { amount: '10.00', currency: 'AUD' },
      creditNoteId: 'cn-1',
    }));
    const after = rate(facts(work, { invoiced })).items;
    expect(ids(after)).toEqual(['E1~1', 'E1~1@c1', 'E1-c1', 'E1-c1@c1', 'E1@p1', 'E1@p1@c1']);
    expect(after.map(({ net }) => net?.amount)).toEqual(['140.00', '10.00', '140.00', '10.00', '140.00', '10.00']);
  });

  it('goods are told apart as time is', () => {
    const goods = (quantity: string) =>
      TYPED.map((workItemId, index) =>
        material({ workItemId, position: index + 1, quantity, sourceEventIds: [`ev-${workItemId}`, quantity] }),
      );
    const account = under({ caps: cap('300.00', 'write-down') });
    const first = frozen(facts(goods('3'), account), 'inv-1');
    expect(rolesOf(sound(first))).toEqual(['part', 'whole']);
    sound(credited({ ...first, work: goods('2') }));
  });
});

describe('charges whose names could be read two ways (Y6)', () => {
  const sold = block('support', minutes(600), {
    purchasedOn: '2026-03-01',
    price: { net: { amount: '1200.00', currency: 'AUD' }, taxCategory: 'GST' },
  });
  const charging = (contractId: string, id: string, price: string) =>
    contractFacts({ contractId, terms: { ...terms(), recurringCharges: [fee({ id, price })] } });
  const shown = (changes: Partial<ClientPeriodFacts>) =>
    rate(facts([], changes)).charges.map(({ chargeItemId, kind, net }) => [chargeItemId, kind, net.amount]);

  it('a fee and a block of one name from one day are both charged, and both found invoiced', () => {
    const contract = contractFacts({
      terms: { ...terms(), recurringCharges: [fee({ id: 'support', price: '300.00' })] },
      blocks: [sold],
    });
    const account = { contracts: [contract] };
    expect(shown(account)).toEqual([
      ['con-1@block@support@2026-03-01', 'prepaid-block', '1200.00'],
      ['con-1@fee@support@2026-03-01', 'recurring', '300.00'],
    ]);
    const invoicedCharges = onInvoice(rate(facts([], account)).charges);
    const { charges, gaps } = rate(facts([], { ...account, invoicedCharges }));
    expect(charges.map(({ disposition, net }) => [disposition, net.amount])).toEqual([
      ['invoiced', '1200.00'],
      ['invoiced', '300.00'],
    ]);
    expect(gaps).toEqual([]);
  });

  it('contract `k` with fee `a:b` and contract `k:a` with fee `b` are both charged', () => {
    const contracts = [charging('k', 'a:b', '100.00'), charging('k:a', 'b', '20.00')];
    expect(shown({ contracts })).toEqual([
      ['k:a@fee@b@2026-03-01', 'recurring', '20.00'],
      ['k@fee@a:b@2026-03-01', 'recurring', '100.00'],
    ]);
    const { charges } = rate(facts([], { contracts }));
    // One of the two invoiced leaves the other to be billed.
    const [first] = onInvoice(charges);
    if (first === undefined) throw new Error('a charge');
    const after = rate({ ...monthOf('2026-03', contracts), invoicedCharges: [first] });
    expect(after.charges.map(({ disposition }) => disposition)).toEqual(['invoiced', 'billable']);
    expect(after.gaps.map(({ charge }) => charge?.chargeId)).toEqual(['k@fee@a:b@2026-03-01']);
  });
});
