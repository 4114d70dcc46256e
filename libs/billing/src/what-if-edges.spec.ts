import { describe, expect, it } from '@jest/globals';
import type { ContractTerms, RateCard } from '@billtrail/contracts';
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
} from './testing/facts.js';
import { aud, block, contractWith, fee, minutes, onInvoice, spent } from './testing/charges.js';
import type { ClientPeriodFacts } from './client-period.js';
import type { ContractFacts, WorkItem } from './rating/facts.js';
import { rateExplained as rate } from './rate.js';
import { type Supposed, whatIf } from './what-if.js';

const at = (pricePerHour: string, changes: Partial<RateCard> = {}): ContractTerms =>
  terms({ labour: [{ workType: 'remote', engineerRole: null, pricePerHour }], ...changes });
const under = (ofVersion: ContractTerms, rest: Partial<ContractFacts> = {}): ContractFacts =>
  contractFacts({ terms: ofVersion, ...rest });
const shown = ({ differences }: Supposed): unknown[] =>
  differences.map(({ itemId, kind, changed, net }) => [itemId, kind, changed, net.amount]);
const suppose = (
  contract: ContractFacts,
  work: readonly WorkItem[] = [time()],
  changes: Partial<ClientPeriodFacts> = {},
) => whatIf(facts(work, changes), { contract });

describe('what of an item would be different', () => {
  it.each<[string, ContractFacts, readonly WorkItem[], readonly string[], string]>([
    ['the price', under(at('180.00')), [time()], ['unit-price', 'net'], '30.00'],
    [
      'the minutes that are billed',
      under(at('150.00', { minimumMinutes: 120 })),
      [time()],
      ['billable-minutes', 'quantity', 'net'],
      '150.00',
    ],
    [
      'the currency alone: then nothing of it is asked in that of the client',
      under(at('150.00', { currency: 'NZD' })),
      [time()],
      ['unit-price', 'net'],
      '-150.00',
    ],
    [
      'the tax',
      under(terms({ taxCategories: { time: 'EXEMPT', material: 'GST', expense: 'GST' } })),
      [time()],
      ['tax'],
      '0.00',
    ],
    [
      'whether it is asked at all',
      under(terms({}, [{ ...ALL_BILLABLE, outcome: 'included' }])),
      [time()],
      ['disposition', 'billable-minutes', 'unit-price', 'net'],
      '-150.00',
    ],
    [
      'whether it has a price',
      under(terms({ labour: [] })),
      [time()],
      ['disposition', 'billable-minutes', 'unit-price', 'net'],
      '-150.00',
    ],
    [
      'what a block covers',
      under(terms({}, [{ ...ALL_BILLABLE, outcome: 'prepaid' }]), { blocks: [block('b', minutes(600))] }),
      [time()],
      ['disposition', 'unit-price', 'net', 'draw'],
      '-150.00',
    ],
    [
      'the markup of an expense',
      under(terms({ expenses: { markupPercent: '20' } })),
      [expense()],
      ['unit-price', 'net'],
      '2.00',
    ],
  ])('%s', (_case, contract, work, changed, net) => {
    const supposed = suppose(contract, work);
    const [item] = work;
    expect(shown(supposed)).toEqual([[item?.workItemId, 'changed', changed, net]]);
    expect(supposed.net).toEqual(aud(net));
  });

  it('the contract, where another one would take it at the same price', () => {
    const draft = under(at('150.00'), { contractId: 'draft', priority: 1 });
    expect(shown(suppose(draft))).toEqual([['w-1', 'changed', ['contract'], '0.00']]);
    const next = contractFacts({
      versions: [
        ...contractFacts().versions,
        { versionNumber: 2, effectiveFrom: '2026-03-01', effectiveTo: null, terms: terms() },
      ],
    });
    expect(shown(suppose(next))).toEqual([['w-1', 'changed', ['contract'], '0.00']]);
  });

  it('the minutes, where it would be cut: parts come and the whole goes', () => {
    const evening = time({
      minutes: 90,
      startedAt: '2026-03-10T16:30:00+11:00',
      endedAt: '2026-03-10T18:00:00+11:00',
    });
    const byClass: ContractTerms = {
      ...at('150.00', { rateClassMultipliers: [{ rateClass: 'after-hours', multiplier: '2' }] }),
      timeZone: 'Australia/Sydney',
      rateCalendar: { hours: { tuesday: [{ opens: '09:00', closes: '17:00' }] }, holidays: [] },
    };
    const supposed = suppose(under(byClass), [evening]);
    expect(shown(supposed)).toEqual([
      ['w-1', 'gone', [], '-225.00'],
      ['w-1@p1', 'added', [], '75.00'],
      ['w-1@p2', 'added', [], '300.00'],
    ]);
    const later: ContractTerms = {
      ...byClass,
      rateCalendar: { hours: { tuesday: [{ opens: '09:00', closes: '17:30' }] }, holidays: [] },
    };
    const longer = whatIf(facts([evening], { contracts: [under(byClass)] }), { contract: under(later) });
    expect(shown(longer)).toEqual([
      ['w-1@p1', 'changed', ['actual-minutes', 'billable-minutes', 'quantity', 'net'], '75.00'],
      ['w-1@p2', 'changed', ['actual-minutes', 'billable-minutes', 'quantity', 'net'], '-150.00'],
    ]);
    expect([supposed.totals, longer.net]).toEqual([{ before: aud('225.00'), after: aud('375.00') }, aud('-75.00')]);
  });

  it('of a draw also which block it is on', () => {
    const prepaid = terms({}, [{ ...ALL_BILLABLE, outcome: 'prepaid' }]);
    const [one, other] = ['a', 'b'].map((blockId) => under(prepaid, { blocks: [block(blockId, minutes(600))] }));
    if (one === undefined || other === undefined) throw new Error('two contracts');
    expect(shown(suppose(other, [time()], { contracts: [one] }))).toEqual([['w-1', 'changed', ['draw'], '0.00']]);
  });
});

describe('what the client is asked for in all', () => {
  const dearer = under(at('180.00'));

  it('is what is billable, on a draft or on an invoice, and nothing else', () => {
    const [w1, w2, w3] = [spent(60, '2026-03-10', 1), spent(60, '2026-03-11', 2), spent(60, '2026-03-12', 3)];
    if (w1 === undefined || w2 === undefined || w3 === undefined) throw new Error('three');
    const items = rate(facts([w1, w2, w3])).items;
    const given = {
      invoiced: asInvoiced(items.slice(0, 1)),
      writtenOff: asWrittenOff(items.slice(1, 2)),
      claimed: new Map([['w-3', 'inv-2']]),
    };
    // An invoiced and a claimed hour of three.
    expect(suppose(contractFacts(), [w1, w2, w3], given).totals.before).toEqual(aud('300.00'));
    expect(suppose(dearer, [w1, w2, w3], given).totals).toEqual({ before: aud('300.00'), after: aud('330.00') });
    const onsite = time({ workType: 'onsite' });
    expect(suppose(contractFacts(), [onsite]).totals.before).toEqual(aud('0.00'));
  });

  it('of one piece of work is asked without the others and without charges', () => {
    const contract = contractWith({ recurringCharges: [fee()] });
    const given = facts([time(), spent(30, '2026-03-11', 2)], { contracts: [contract] });
    const dear = contractWith({ recurringCharges: [fee({ price: '9.00' })], ...at('180.00') });
    const supposed = whatIf(given, { contract: dear, workItemId: 'w-2' });
    expect(shown(supposed)).toEqual([['w-2', 'changed', ['unit-price', 'net'], '15.00']]);
    expect(supposed.totals).toEqual({ before: aud('75.00'), after: aud('90.00') });
  });

  it('counts charges, and says what of one would be different', () => {
    const contract = contractWith({ recurringCharges: [fee()] });
    const dear = contractWith({ recurringCharges: [fee({ price: '1200.00', taxCategory: 'EXEMPT' })] });
    const supposed = whatIf(facts([], { contracts: [contract] }), { contract: dear });
    expect(shown(supposed)).toEqual([['con-1@fee@fee@2026-03-01', 'changed', ['unit-price', 'net', 'tax'], '200.00']]);
    expect(supposed.totals).toEqual({ before: aud('1000.00'), after: aud('1200.00') });
  });

  it('is rated with what the period before would carry over, where that is supposed', () => {
    const prepaid = under(terms({}, [{ ...ALL_BILLABLE, outcome: 'prepaid' }]), { blocks: [block('b', minutes(600))] });
    const left = (many: number) => ({
      balances: [{ source: { from: 'block', contractId: 'con-1', blockId: 'b' } as const, left: minutes(many) }],
      caps: [],
    });
    const given = facts([time()], { contracts: [prepaid], carriedOver: left(60) });
    expect(shown(whatIf(given, { contract: prepaid }))).toEqual([]);
    expect(shown(whatIf(given, { contract: prepaid }, { carriedOver: left(0) }))).toEqual([
      ['w-1', 'changed', ['disposition', 'unit-price', 'net', 'draw'], '150.00'],
    ]);
  });
});

describe('what is frozen', () => {
  const dearer = under(at('180.00'));

  it('is compared as it stands, unless it is thawed', () => {
    const given = { claimed: new Map([['w-1', 'inv-1']]) };
    expect(shown(suppose(dearer, [time()], given))).toEqual([['w-1', 'changed', ['unit-price', 'net'], '30.00']]);
    const thawed = whatIf(facts([time()], given), { contract: contractFacts() }, { thaw: true });
    expect([thawed.differences, only(thawed.result.items).disposition]).toEqual([[], 'billable']);
    // Without thawing it matters on which document an item is.
    const included = under(terms({}, [{ ...ALL_BILLABLE, outcome: 'included' }]));
    expect(shown(whatIf(facts([time()], given), { contract: included }))[0]).toEqual([
      'w-1',
      'changed',
      ['disposition', 'billable-minutes', 'unit-price', 'net'],
      '-150.00',
    ]);
  });

  it('stays where a person decided on its money, also thawed', () => {
    const invoiced = asInvoiced(rate(facts([time()])).items);
    const credited = invoiced.map((line) => ({ ...line, credited: aud('50.00'), creditNoteId: 'cn-1' }));
    const of = (lines: typeof invoiced) =>
      whatIf(facts([time()], { invoiced: lines }), { contract: dearer }, { thaw: true }).net;
    expect([of(invoiced), of(credited)]).toEqual([aud('30.00'), aud('0.00')]);
    const contract = contractWith({ recurringCharges: [fee()] });
    const charges = onInvoice(rate(facts([], { contracts: [contract] })).charges);
    const dear = contractWith({ recurringCharges: [fee({ price: '1200.00' })] });
    const ofCharges = (invoicedCharges: typeof charges) =>
      shown(whatIf(facts([], { contracts: [contract], invoicedCharges }), { contract: dear }, { thaw: true }));
    const id = 'con-1@fee@fee@2026-03-01';
    expect(ofCharges(charges)).toEqual([[id, 'changed', ['unit-price', 'net'], '200.00']]);
    // The charge stands, and what it would ask more is an adjustment beside it.
    expect(ofCharges(charges.map((one) => ({ ...one, credited: aud('100.00') })))).toEqual([
      [`${id}@a1`, 'added', [], '200.00'],
    ]);
  });

  it('and was covered by a block is covered again when it is thawed: no difference', () => {
    const prepaid = under(terms({}, [{ ...ALL_BILLABLE, outcome: 'prepaid' }]), { blocks: [block('b', minutes(600))] });
    const invoiced = asInvoiced(rate(facts([time(), material()], { contracts: [prepaid] })).items);
    const given = facts([time(), material()], {
      contracts: [prepaid],
      invoiced,
      tickets: new Map([['T-1', ticketFacts()]]),
    });
    expect(shown(whatIf(given, { contract: prepaid }, { thaw: true }))).toEqual([]);
  });
});
