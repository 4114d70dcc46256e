import { describe, expect, it } from '@jest/globals';
import type { Cap, ContractTerms, CoverageRule } from '@billtrail/contracts';
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

type Time = Extract<WorkItem, { kind: 'time' }>;

const under = (ofVersion: ContractTerms): Partial<ClientPeriodFacts> => ({
  contracts: [contractFacts({ terms: ofVersion })],
});
const invoiced = (work: WorkItem, changes: Partial<ClientPeriodFacts> = {}): Partial<ClientPeriodFacts> => ({
  ...changes,
  invoiced: asInvoiced(rate(facts([work], changes)).items),
});
const writtenOff = (work: WorkItem, changes: Partial<ClientPeriodFacts> = {}): Partial<ClientPeriodFacts> => ({
  ...changes,
  writtenOff: asWrittenOff(rate(facts([work], changes)).items),
});
/** What the account makes of the work, beside what is frozen of it as it was. */
const after = (work: readonly WorkItem[], account: Partial<ClientPeriodFacts>): readonly ExplainedItem[] => {
  const frozen = new Set([
    ...(account.invoiced ?? []).map(({ line }) => line.itemId),
    ...(account.writtenOff ?? []).map(({ itemId }) => itemId),
  ]);
  return rate(facts(work, account)).items.filter(({ itemId }) => !frozen.has(itemId));
};
const shown = (items: readonly ExplainedItem[]): unknown[] =>
  items.map(({ itemId, disposition, actualMinutes, billableMinutes, net }) => [
    itemId,
    disposition,
    actualMinutes,
    billableMinutes,
    net?.amount ?? null,
  ]);
const hour = time({ minutes: 60 });
const corrected = (changes: Partial<Time>): Time => time({ sourceEventIds: ['ev-w-1', 'ev-w-1b'], ...changes });
const cap = (changes: Partial<Cap>): Cap => ({
  id: 'cap',
  name: 'Budget',
  scope: 'period',
  amount: '150.00',
  above: 'gap',
  ...changes,
});
const aud = (amount: string) => ({ amount, currency: 'AUD' });

/** Half an hour before five, an hour after it. */
const evening = time({ minutes: 90, startedAt: '2026-03-10T16:30:00+11:00', endedAt: '2026-03-10T18:00:00+11:00' });
const longer = corrected({
  minutes: 180,
  startedAt: '2026-03-10T16:00:00+11:00',
  endedAt: '2026-03-10T19:00:00+11:00',
});
const withHours = (coverage: readonly CoverageRule[], changes: Partial<ContractTerms> = {}): ContractTerms => ({
  ...terms({ labour: [{ workType: null, engineerRole: null, pricePerHour: '150.00' }] }, coverage),
  timeZone: 'Australia/Sydney',
  rateCalendar: { hours: { tuesday: [{ opens: '09:00', closes: '17:00' }] }, holidays: [] },
  ...changes,
});
const ofClass = (rateClass: string, outcome: CoverageRule['outcome']): CoverageRule => ({
  id: rateClass,
  name: rateClass,
  match: { rateClasses: [rateClass] },
  outcome,
});

describe('what an adjustment says', () => {
  it('the price, the contract and the words of the work as it is now, and which invoices it corrects', () => {
    const card = terms({
      labour: [
        { workType: 'remote', engineerRole: null, pricePerHour: '150.00' },
        { workType: 'remote', engineerRole: 'senior', pricePerHour: '200.00' },
      ],
    });
    const first = invoiced(hour, under(card));
    const more = asWrittenOff(after([corrected({ minutes: 90 })], first));
    const senior = corrected({ minutes: 90, engineerRole: 'senior', description: 'Rebuilt the queue' });
    const item = only(after([senior], { ...first, writtenOff: more }));
    expect(item).toMatchObject({
      itemId: 'w-1@a2',
      disposition: 'billable',
      actualMinutes: 0,
      net: aud('75.00'),
      unitPrice: aud('200.00'),
      description: 'Rebuilt the queue',
      contractId: 'con-1',
      contractVersion: 1,
    });
    expect(item.trace.at(-1)?.facts).toEqual({
      frozenItemIds: ['w-1', 'w-1@a1'],
      invoiceIds: ['inv-1'],
      frozenNet: '225.00',
      presentNet: '300.00',
      difference: '75.00',
      currency: 'AUD',
    });
  });

  it('the currency of the contract, whatever that of the account', () => {
    const account = invoiced(hour, under(terms({ currency: 'NZD' })));
    const item = only(after([corrected({ minutes: 80 })], account));
    expect(item.net).toEqual({ amount: '50.00', currency: 'NZD' });
    expect(item.trace.at(-1)?.facts['currency']).toBe('NZD');
  });

  it('the minutes also where no money differs', () => {
    const free = under(terms({ labour: [{ workType: 'remote', engineerRole: null, pricePerHour: '0.00' }] }));
    const account = invoiced(time({ statedBillableMinutes: 45 }), free);
    expect(shown(after([corrected({ statedBillableMinutes: 30 })], account))).toEqual([
      ['w-1@a1', 'billable', 0, -15, '0.00'],
    ]);
  });

  it('the billable part speaks for work of which another part is included', () => {
    const contract = under(withHours([ofClass('business', 'included'), ALL_BILLABLE]));
    const { items } = rate(facts([evening], contract));
    const account = {
      ...contract,
      invoiced: asInvoiced(items.filter(({ disposition }) => disposition === 'billable')),
    };
    const item = only(after([longer], account));
    expect(shown([item])).toEqual([['w-1@a1', 'billable', 120, 60, '150.00']]);
    expect(item.trace.find(({ step }) => step === 'coverage')?.facts['ruleId']).toBe('all');
    expect(item.trace.find(({ step }) => step === 'rate')?.facts['pricePerHour']).toBe('150.00');
  });

  it('a part without a price speaks for all: the whole difference has none, and a gap says why', () => {
    const contract = under(withHours([ofClass('after-hours', 'billable')]));
    const business = time({ startedAt: '2026-03-10T17:00:00+11:00', endedAt: '2026-03-10T18:00:00+11:00' });
    const account = invoiced(business, contract);
    const { items, gaps } = rate(facts([longer], account));
    expect(shown(items)).toEqual([
      ['w-1', 'invoiced', 60, 60, '150.00'],
      ['w-1@a1', 'unpriced', 120, null, null],
    ]);
    expect(only(gaps)).toMatchObject({ kind: 'unpriced', valueAtRisk: { money: null, minutes: 120 } });
    expect(only(gaps).cause).toBe('none of the 1 coverage rules of contract con-1 version 1 matches');
    expect(items[1]?.trace.at(-1)?.text).toContain('now without a price, difference');
  });
});

describe('frozen work that loses its price', () => {
  it('is told with no minute of difference too, by the reason that it has now', () => {
    const { items, gaps } = rate(facts([corrected({ workType: 'project' })], invoiced(hour)));
    expect(shown(items)).toEqual([
      ['w-1', 'invoiced', 60, 60, '150.00'],
      ['w-1@a1', 'unpriced', 0, null, null],
    ]);
    expect(items[1]).toMatchObject({ unitPrice: null });
    expect(items[1]?.trace.at(-1)).toMatchObject({
      step: 'adjustment',
      facts: { frozenNet: '150.00', presentNet: null },
    });
    expect(only(gaps).cause).toContain('project');
  });
});

describe('work that was written off without a price', () => {
  const none = { contracts: [] };
  const now = () => ({ ...writtenOff(hour, none), contracts: [contractFacts()] });

  it('more of it has none either, whatever it would cost now: the last step says why', () => {
    const item = only(after([corrected({ minutes: 80 })], now()));
    expect(shown([item])).toEqual([['w-1@a1', 'unpriced', 20, null, null]]);
    expect(item).toMatchObject({ unitPrice: null, contractId: 'con-1', contractVersion: 1 });
    expect(item.basis.unpriced).toBe('written-off-without-price');
    expect(item.unpriced?.reason).toBe('written-off-without-price');
    expect(item.trace.at(-1)).toMatchObject({
      step: 'adjustment',
      text: item.unpriced?.cause,
      facts: { unpriced: 'written-off-without-price' },
    });
    const still = only(after([corrected({ minutes: 80 })], { ...now(), ...none }));
    expect(shown([still])).toEqual([['w-1@a1', 'unpriced', 20, null, null]]);
  });

  it('less of it, and nothing of it, makes the write-off smaller, and that is no gap', () => {
    const item = only(after([corrected({ minutes: 40 })], now()));
    expect(shown([item])).toEqual([['w-1@a1', 'written-off', -20, null, null]]);
    expect([item.unpriced, item.basis.unpriced]).toEqual([undefined, null]);
    const { items, gaps } = rate(facts([], now()));
    expect(shown(items).slice(1)).toEqual([['w-1@a1', 'written-off', -60, null, null]]);
    expect(gaps).toEqual([]);
  });

  it('nothing follows from a correction that leaves its minutes, with a price now or without', () => {
    const other = corrected({ engineerRole: 'senior' });
    expect(after([other], now())).toEqual([]);
    expect(after([other], { ...now(), ...none })).toEqual([]);
  });

  it('where only a part of it was, the whole difference has none', () => {
    const contract = under(withHours([ofClass('business', 'billable')]));
    const { items } = rate(facts([evening], contract));
    const account = {
      ...contract,
      invoiced: asInvoiced(items.slice(0, 1)),
      writtenOff: asWrittenOff(items.slice(1)),
    };
    expect(account.writtenOff.map(({ net }) => net)).toEqual([null]);
    const earlier = corrected({
      minutes: 105,
      startedAt: '2026-03-10T16:15:00+11:00',
      endedAt: '2026-03-10T18:00:00+11:00',
    });
    const item = only(after([earlier], account));
    expect(shown([item])).toEqual([['w-1@a2', 'unpriced', 15, null, null]]);
    expect(item.basis.unpriced).toBe('written-off-without-price');
    expect(item.unpriced).toEqual({ reason: 'written-off-without-price', cause: item.trace.at(-1)?.text });
  });

  it('of materials the pieces count', () => {
    const priceless = (quantity: string) => material({ quantity, listPrice: null });
    const account = writtenOff(priceless('3'));
    const pieces = (quantity: string): unknown[] =>
      after([priceless(quantity)], account).map((item) => [item.disposition, item.quantity, item.net]);
    expect(pieces('5')).toEqual([['unpriced', '2', null]]);
    expect(pieces('2')).toEqual([['written-off', '-1', null]]);
  });

  it('keeps the contract that it was written off under where none is in force any more', () => {
    const project = time({ workType: 'project' });
    const account = { ...writtenOff(project), ...none };
    const item = only(after([corrected({ workType: 'project', minutes: 80 })], account));
    expect(item).toMatchObject({ disposition: 'unpriced', contractId: 'con-1', contractVersion: 1 });
  });

  it('names the currency of the contract that would price it now', () => {
    const inNewZealand = { ...now(), ...under(terms({ currency: 'NZD' })) };
    const item = only(after([corrected({ minutes: 80 })], inNewZealand));
    expect(item.trace.find(({ step }) => step === 'adjustment')?.facts['currency']).toBe('NZD');
    expect(only(after([], now())).trace.at(-1)?.facts['currency']).toBe('AUD');
  });
});

describe('an adjustment whose work was credited and then voided', () => {
  it('is given back itself: what it took off is asked no more, what it asked is', () => {
    const base = invoiced(hour);
    const less = after([corrected({ minutes: 40 })], base);
    expect(shown(less)).toEqual([['w-1@a1', 'billable', -20, -20, '-50.00']]);
    const account = { invoiced: asInvoiced(less, 'inv-2'), creditedWork: new Set(['w-1']) };
    expect(shown(after([], account))).toEqual([['w-1@a2', 'billable', 20, 20, '50.00']]);
  });
});

describe('what a cap holds back of a correction', () => {
  it('is cut by its money: minutes and hours of both parts, and both say why', () => {
    const account = invoiced(hour, under({ ...terms(), caps: [cap({ amount: '200.00' })] }));
    const [billed, above] = after([corrected({ minutes: 120 })], account);
    expect(billed).toMatchObject({ itemId: 'w-1@a1', actualMinutes: 20, billableMinutes: 20, quantity: '0.333333' });
    expect(billed?.net).toEqual(aud('50.00'));
    expect(billed?.trace.at(-2)?.step).toBe('adjustment');
    expect(billed?.trace.at(-1)).toEqual({
      step: 'cap',
      text: 'of the difference 100.00 AUD is above what the cap lets through',
      facts: { contractId: 'con-1', capId: 'cap', heldBack: '100.00' },
    });
    expect(above).toMatchObject({ itemId: 'w-1@x1', actualMinutes: 40, billableMinutes: null, quantity: '0.666667' });
    expect(above).toMatchObject({ disposition: 'unpriced', unitPrice: null, net: null });
    expect(above?.trace.at(-1)?.text).toBe(
      'not-to-exceed Budget (cap), 200.00 AUD a period, 150.00 billed before: 100.00 AUD above it has no price; ' +
        'of the difference 100.00 AUD is above what the cap lets through',
    );
  });

  it('that is a gap is told in the hours that were worked, not in those of an increment', () => {
    const hours = terms({ minimumMinutes: 60, incrementMinutes: 60 });
    const account = invoiced(hour, under({ ...hours, caps: [cap({})] }));
    const item = only(after([corrected({ minutes: 75 })], account));
    expect(item).toMatchObject({ itemId: 'w-1@x1', actualMinutes: 15, billableMinutes: null, quantity: '0.25' });
  });

  it('of materials is told in pieces', () => {
    const account = invoiced(material(), under({ ...terms(), caps: [cap({ amount: '60.00' })] }));
    const items = after([material({ quantity: '5' })], account);
    expect(items.map(({ itemId, quantity, net }) => [itemId, quantity, net?.amount ?? null])).toEqual([
      ['m-1@a1', '1', '15.00'],
      ['m-1@x1', '1', null],
    ]);
  });

  it('asks for room beside what a person wrote off of it, and is held the same way', () => {
    const account = invoiced(hour, under({ ...terms(), caps: [cap({ amount: '200.00', above: 'write-down' })] }));
    const more = asWrittenOff(after([corrected({ minutes: 80 })], account));
    expect(shown(after([corrected({ minutes: 150 })], { ...account, writtenOff: more }))).toEqual([
      ['w-1@a2', 'billable', 20, 20, '50.00'],
      ['w-1@x2', 'written-off', 50, 50, '125.00'],
    ]);
  });

  it.each([
    ['gap', 'write-down'],
    ['write-down', 'gap'],
  ] as const)('of two caps, one %s and one %s, nothing is forgone: all that is above is a gap', (early, late) => {
    const caps = [
      cap({ id: 'early', match: { rateClasses: ['business'] }, amount: '100.00', above: early }),
      cap({ id: 'late', match: { rateClasses: ['after-hours'] }, amount: '200.00', above: late }),
    ];
    const account = invoiced(evening, under(withHours([ALL_BILLABLE], { caps })));
    expect(account.invoiced?.map(({ line }) => line.net.amount)).toEqual(['75.00', '150.00']);
    // Business hours ask 75.00 more and have 25.00 left; after hours it is 150.00 more and 50.00 left.
    const items = after([longer], account);
    expect(shown(items)).toEqual([
      ['w-1@a2', 'billable', 30, 30, '75.00'],
      ['w-1@x2', 'unpriced', 60, null, null],
    ]);
    const capId = early === 'gap' ? 'early' : 'late';
    expect(items.map(({ basis }) => basis.cap)).toMatchObject([
      { capId, above: null, heldBack: '150.00' },
      { capId, above: '150.00', heldBack: null },
    ]);
    expect(items[1]?.trace.at(-1)?.facts).toMatchObject({ above: '150.00', capId });
  });
});

describe('draws of corrected work', () => {
  const blockOf = (blockId: string, expiresOn: string | null) => ({
    blockId,
    amount: { unit: 'minutes', minutes: 60 } as const,
    purchasedOn: '2026-01-01',
    expiresOn,
    price: null,
    eventId: `ev-${blockId}`,
  });
  const prepaid = (currency: string): Partial<ClientPeriodFacts> => ({
    contracts: [
      contractFacts({
        terms: terms({ currency }, [{ ...ALL_BILLABLE, outcome: 'prepaid' }]),
        blocks: [blockOf('b', '2026-03-15'), blockOf('c', null)],
      }),
    ],
  });

  it('are zero lines in the currency of the contract, that say what was corrected and are open', () => {
    const account = invoiced(hour, prepaid('NZD'));
    const moved = after([corrected({ workDate: '2026-03-20' })], account);
    expect(shown(moved)).toEqual([
      ['w-1@d1', 'covered', -60, -60, '0.00'],
      ['w-1@d2', 'covered', 60, 60, '0.00'],
    ]);
    expect(moved[1]?.trace.find(({ step }) => step === 'prepaid')?.facts).toMatchObject({ blockId: 'c', drawn: '60' });
    for (const { net, unitPrice, draw, approval, trace } of moved) {
      expect([net?.currency, unitPrice]).toEqual(['NZD', net]);
      expect([draw?.frozen, approval]).toEqual([false, 'approved']);
      expect(trace.at(-1)?.text).toContain('the work was corrected');
    }
  });

  it('show each its own draw, beside what is asked beyond it', () => {
    const account = invoiced(hour, prepaid('AUD'));
    const grown = after([corrected({ minutes: 150 })], account);
    expect(shown(grown)).toEqual([
      ['w-1@a1', 'billable', 30, 30, '75.00'],
      ['w-1@d1', 'covered', 60, 60, '0.00'],
    ]);
    expect(grown.map(({ basis }) => basis.prepaid)).toEqual(['overage', 'covered']);
    expect(grown.map(({ trace }) => trace.find(({ step }) => step === 'prepaid')?.facts['outcome'])).toEqual([
      'overage',
      'covered',
    ]);
  });

  it('go back of an expense that cost less, for which nobody has to approve', () => {
    const [contract] = prepaid('AUD').contracts ?? [];
    if (contract === undefined) throw new Error('a contract');
    const money = { unit: 'money', money: aud('200.00') } as const;
    const contracts = [{ ...contract, blocks: [{ ...blockOf('m', null), amount: money }] }];
    const account = invoiced(expense({ cost: aud('100.00') }), { contracts });
    const less = only(after([expense({ cost: aud('60.00') })], account));
    expect(less).toMatchObject({ itemId: 'x-1@d1', disposition: 'covered', net: aud('0.00') });
    expect(less.draw?.amount).toEqual({ unit: 'money', money: aud('-44.00') });
  });
});
