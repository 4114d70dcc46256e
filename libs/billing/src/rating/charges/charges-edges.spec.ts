import { describe, expect, it } from '@jest/globals';
import { Money } from '@billtrail/kernel';
import type { BlockReturn, ContractTerms, Discount, ServiceLevels } from '@billtrail/contracts';
import type { ExplainedItem } from '../../item/billable-item.js';
import { rate, rateExplained } from '../../rate.js';
import { asInvoiced, card, facts, only } from '../../testing/facts.js';
import type { ClientPeriodFacts } from '../../client-period.js';
import type { BlockFacts, ContractFacts, SlaBreach, WorkItem } from '../facts.js';
import type { Draw } from '../../item/draw.js';
import type { ChargeItem } from '../../item/charge-item.js';
import { takeOff, workLines } from './charge-lines.js';
import {
  aud,
  block,
  contractWith,
  fee,
  itemOf,
  minimumOf,
  minutes,
  monthOf,
  onInvoice,
  part,
  spent,
  versionsFrom,
} from '../../testing/charges.js';
import { charged, made } from '../../testing/steps.js';
import type { DiscountBasis } from '../../item/basis.js';
import { NO_BASIS } from '../../item/made-item.js';

type Changes = Partial<ClientPeriodFacts>;

function chargesIn(contracts: readonly ContractFacts[], changes: Changes = {}, items: readonly ExplainedItem[] = []) {
  return charged(monthOf('2026-03', contracts, changes), items);
}
const march = (contract: ContractFacts, changes: Changes = {}, items: readonly ExplainedItem[] = []) =>
  chargesIn([contract], changes, items).charges;
const shown = (charges: readonly ChargeItem[]): readonly string[] =>
  charges.map((one) => `${one.chargeItemId} ${one.from}..${one.to} ${one.net.amount}`);
const ofKind = (charges: readonly ChargeItem[], kind: ChargeItem['kind']): readonly string[] =>
  charges.filter((one) => one.kind === kind).map((one) => one.net.amount);

/** An item of an hour at 150.00. */
function hour(contract: ContractFacts, changes: Partial<ExplainedItem> = {}, number = 1): ExplainedItem {
  const priced = part(contract, spent(60, '2026-03-10', number), { outcome: 'billable' });
  return { ...itemOf(priced, `w-${number}`, '2026-03'), ...changes };
}
const percentOff = (percent: string, changes: Partial<Discount> = {}): Discount =>
  ({ id: 'd', name: 'Loyal', kind: 'percent', percent, order: 'before-minimum', ...changes }) as Discount;

describe('fees of several contracts and terms', () => {
  it('a minimum counts the fees of its own contract, each once, and no block', () => {
    const own = contractWith(
      {
        recurringCharges: [fee({ price: '100.00' }), fee({ id: 'backup', price: '200.00' })],
        minimumCommitment: minimumOf('400.00', { countsRecurring: true }),
      },
      {
        blocks: [
          block('fee', minutes(60), { purchasedOn: '2026-03-05', price: { net: aud('50.00'), taxCategory: 'GST' } }),
        ],
      },
    );
    const other = contractWith({ recurringCharges: [fee({ price: '70.00' })] }, { contractId: 'con-2' });
    expect(ofKind(chargesIn([own, other]).charges, 'minimum')).toEqual(['100.00']);
  });

  it('contracts of another client, and terms in another currency than the client has, ask for nothing here', () => {
    const terms: Partial<ContractTerms> = { recurringCharges: [fee()], minimumCommitment: minimumOf('400.00') };
    expect(march(contractWith(terms, { clientId: 'cli-2' }))).toEqual([]);
    const inEuro = contractWith({ minimumCommitment: minimumOf('400.00'), rateCard: card({ currency: 'EUR' }) });
    expect(march(inEuro)).toEqual([]);
  });

  it('gaps are told in the order of their charges, whatever made them', () => {
    const uncounted = contractWith(
      { recurringCharges: [fee({ basis: 'per-user', countOf: 'user' })] },
      { contractId: 'con-2' },
    );
    const { gaps } = chargesIn([uncounted, contractWith({ recurringCharges: [fee()] })]);
    expect(gaps.map(({ charge }) => [charge?.chargeId, charge?.contractId])).toEqual([
      ['con-1@fee@fee@2026-03-01', 'con-1'],
      ['con-2@fee@fee@2026-03-01', 'con-2'],
    ]);
    expect(gaps[1]).toMatchObject({
      cause: 'Managed service from 2026-03-01 to 2026-03-31: nobody recorded how many user there are',
      sourceEventIds: [],
    });
  });

  it('a fee in another currency is a gap of its charge and its contract', () => {
    const inEuro = contractWith({ rateCard: card({ currency: 'EUR' }), recurringCharges: [fee()] });
    expect(only(chargesIn([inEuro]).gaps)).toMatchObject({
      charge: { contractId: 'con-1', chargeId: 'con-1@fee@fee@2026-03-01' },
      cause: 'Managed service is in EUR, the client is invoiced in AUD',
    });
  });

  it('a monthly and a quarterly fee that end together are each for their own days', () => {
    const contract = contractWith({
      recurringCharges: [
        fee({ price: '31.00', billed: 'in-arrears' }),
        fee({ id: 'quarter', price: '90.00', billed: 'in-arrears', everyMonths: 3 }),
      ],
    });
    expect(shown(march(contract))).toEqual([
      'con-1@fee@fee@2026-03-01 2026-03-01..2026-03-31 31.00',
      'con-1@fee@quarter@2026-01-01 2026-01-01..2026-03-31 90.00',
    ]);
  });

  it('a new version in the middle of the month has its own price for its own days', () => {
    const versions = versionsFrom(
      ['2026-01-01', { recurringCharges: [fee({ price: '310.00' })] }],
      ['2026-03-11', { recurringCharges: [fee({ price: '620.00' })] }],
    );
    expect(shown(march(contractWith({}, versions)))).toEqual([
      'con-1@fee@fee@2026-03-01 2026-03-01..2026-03-10 100.00',
      'con-1@fee@fee@2026-03-11 2026-03-11..2026-03-31 420.00',
    ]);
  });

  it('cycles are counted from the month of the first version, in whatever order versions are told', () => {
    const { versions } = versionsFrom(
      ['2026-01-15', { recurringCharges: [fee({ everyMonths: 3, billed: 'in-arrears', price: '90.00' })] }],
      ['2026-02-01', { recurringCharges: [fee({ everyMonths: 3, billed: 'in-arrears', price: '90.00' })] }],
    );
    expect(shown(march(contractWith({}, { versions: versions.toReversed() })))).toEqual([
      'con-1@fee@fee@2026-01-15 2026-01-15..2026-01-31 17.00',
      'con-1@fee@fee@2026-02-01 2026-02-01..2026-03-31 59.00',
    ]);
  });
});

describe('counts at their edges', () => {
  const counted = (...counts: readonly (readonly [count: number, from: string])[]) =>
    contractWith(
      { recurringCharges: [fee({ basis: 'per-device', countOf: 'server', price: '31.00' })] },
      { counts: counts.map(([count, from], index) => ({ countOf: 'server', count, from, eventId: `ev-${index}` })) },
    );

  it.each<[string, readonly (readonly [number, string])[], readonly string[]]>([
    [
      'from the first day of the month',
      [
        [1, '2026-01-01'],
        [2, '2026-03-01'],
      ],
      ['03-01..2026-03-31 62.00'],
    ],
    [
      'from its last day',
      [
        [1, '2026-01-01'],
        [2, '2026-03-31'],
      ],
      ['03-01..2026-03-30 30.00', '03-31..2026-03-31 2.00'],
    ],
    [
      'from the month after',
      [
        [1, '2026-01-01'],
        [2, '2026-04-01'],
      ],
      ['03-01..2026-03-31 31.00'],
    ],
    [
      'recorded in another order than they begin',
      [
        [3, '2026-03-21'],
        [2, '2026-03-11'],
        [1, '2026-01-01'],
      ],
      ['03-01..2026-03-10 10.00', '03-11..2026-03-20 20.00', '03-21..2026-03-31 33.00'],
    ],
  ])('%s', (_case, counts, expected) => {
    const said = expected.map((one) => `con-1@fee@fee@2026-${one.slice(0, 5)} 2026-${one}`);
    expect(shown(march(counted(...counts)))).toEqual(said);
  });

  it('what a change of the count gives back names the events of the count that was billed and of the one that counts now', () => {
    const invoicedCharges = onInvoice(march(counted([10, '2026-01-01'])));
    const [, adjustment] = march(counted([10, '2026-01-01'], [0, '2026-03-22']), { invoicedCharges });
    expect(adjustment).toMatchObject({
      net: aud('-100.00'),
      sourceEventIds: ['ev-0', 'ev-1'],
      billableFrom: '2026-03-01',
    });
  });
});

describe('discounts of fees', () => {
  it.each<[string, Partial<Discount>, string, readonly string[]]>([
    ['only where they include recurring charges', {}, '1000.00', []],
    ['before the minimum: it lacks what they take', { includesRecurring: true }, '900.00', ['100.00']],
    ['after the minimum: it is reached', { includesRecurring: true, order: 'after-minimum' }, '900.00', []],
  ])('%s', (_case, changes, expected, minimum) => {
    const contract = contractWith({
      recurringCharges: [fee()],
      discounts: [percentOff('10', changes)],
      minimumCommitment: minimumOf('1000.00', { countsRecurring: true }),
    });
    const charges = march(contract);
    expect(ofKind(charges, 'recurring')).toEqual([expected]);
    expect(ofKind(charges, 'minimum')).toEqual(minimum);
  });

  it('a percentage before the minimum does not lower what lacks to it', () => {
    const contract = contractWith({ discounts: [percentOff('10')], minimumCommitment: minimumOf('500.00') });
    expect(ofKind(march(contract), 'minimum')).toEqual(['500.00']);
  });
});

describe('work that counts towards a minimum', () => {
  const contract = contractWith({ minimumCommitment: minimumOf('500.00') });
  const discounted = (net: string, changes: Partial<DiscountBasis>): ExplainedItem => {
    const discount = {
      exactBefore: '1.04',
      exact: '0',
      beforeMinimumPercent: '0',
      afterMinimumPercent: '0',
      ...changes,
    };
    return hour(contract, { net: aud(net), basis: { ...NO_BASIS, discount } });
  };

  it('is all that is asked of the client: billable, on a draft and on an invoice, in its currency', () => {
    const items = [
      hour(contract, {}, 1),
      hour(contract, { disposition: 'claimed' }, 2),
      hour(contract, { disposition: 'invoiced' }, 3),
      hour(contract, { net: { amount: '40.00', currency: 'EUR' } }, 4),
    ];
    expect(ofKind(march(contract, {}, items), 'minimum')).toEqual(['50.00']);
  });

  it.each<[string, string, string, string, string]>([
    ['the whole item: what its price was before', '1.04', '90', '0.10', '1.04'],
    ['a part of it, cut at a cap: in proportion', '1.04', '90', '0.05', '0.50'],
    ['another price before: in proportion', '0', '90', '0.10', '1.00'],
    ['all of it given away: the whole price', '1.04', '100', '0.00', '1.04'],
    ['all of it given away, and yet it has a price: that', '1.04', '100', '0.30', '0.30'],
    ['no discount after the minimum', '1.04', '0', '1.04', '1.04'],
  ])('is measured before the discounts that come after it: %s', (_case, exactBefore, after, net, measured) => {
    const item = discounted(net, { exactBefore, afterMinimumPercent: after });
    const lines =
      workLines(monthOf('2026-03', [contract]), [made(item)], { recipientOf: () => 'cli-1' }).get('con-1') ?? [];
    expect(only(lines).measured.toJSON()).toEqual(aud(measured));
    expect(only(lines).remaining.toJSON()).toEqual(aud(net));
  });

  it('is measured after the discounts that come before it', () => {
    const item = discounted('140.00', { beforeMinimumPercent: '10', afterMinimumPercent: '20', exactBefore: '200' });
    const lines =
      workLines(monthOf('2026-03', [contract]), [made(item)], { recipientOf: () => 'cli-1' }).get('con-1') ?? [];
    expect(only(lines).measured.toJSON()).toEqual(aud('180.00'));
  });
});

describe('an amount taken off lines', () => {
  const line = (amount: string, taxCategory = 'GST') => ({
    work: null,
    contractVersion: 1,
    taxCategory,
    on: '2026-03-10',
    invoiceId: null,
    recipientId: 'cli-1',
    remaining: Money.of(amount, 'AUD'),
    measured: Money.of(amount, 'AUD'),
  });
  const after = (lines: readonly ReturnType<typeof line>[]): readonly string[] =>
    lines.map(({ remaining }) => remaining.toJSON().amount);
  const taken = (lines: readonly ReturnType<typeof line>[], amount: string): readonly string[] =>
    takeOff(lines, Money.of(amount, 'AUD')).map((share) => `${share.taxCategory} ${share.taken.toJSON().amount}`);

  it('leaves lines that give money back, and lines of nothing, as they are', () => {
    const lines = [line('100.00'), line('-20.00'), line('0.00'), line('60.00')];
    expect(taken(lines, '80.00')).toEqual(['GST 80.00']);
    expect(after(lines)).toEqual(['50.00', '-20.00', '0.00', '30.00']);
  });

  it('is nothing where nothing is left, or less than that', () => {
    const lines = [line('10.00'), line('-20.00')];
    expect(taken(lines, '80.00')).toEqual([]);
    expect(taken([line('0.00')], '80.00')).toEqual([]);
    expect(after(lines)).toEqual(['10.00', '-20.00']);
  });

  it('is shared over the tax categories by what remains of each', () => {
    const lines = [line('10.00', 'TEN'), line('200.00', 'TWENTY')];
    expect(taken(lines, '35.00')).toEqual(['TEN 1.67', 'TWENTY 33.33']);
    expect(after(lines)).toEqual(['8.33', '166.67']);
  });

  it('takes no tax category below zero, where a line gives money back either', () => {
    const lines = [line('10.00', 'TEN'), line('-8.00', 'TEN'), line('200.00', 'TWENTY')];
    expect(taken(lines, '500.00')).toEqual(['TEN 2.00', 'TWENTY 200.00']);
    const owing = [line('-50.00', 'TEN'), line('200.00', 'TWENTY')];
    expect(taken(owing, '500.00')).toEqual(['TWENTY 150.00']);
  });
});

describe('invoiced fees', () => {
  const at = (price: string, from: string) => [from, { recurringCharges: [fee({ price })] }] as const;
  const running = contractWith({}, versionsFrom(at('310.00', '2026-01-01')));

  it('of two contracts and of two terms are each settled by their own', () => {
    const two = contractWith({ recurringCharges: [fee({ price: '310.00' }), fee({ id: 'backup', price: '62.00' })] });
    const other = contractWith({ recurringCharges: [fee({ price: '31.00' })] }, { contractId: 'con-2' });
    const invoicedCharges = onInvoice(chargesIn([two, other]).charges);
    expect(chargesIn([two, other], { invoicedCharges }).charges).toHaveLength(3);
    const ended = { ...other, lastDay: '2026-03-10' };
    expect(shown(chargesIn([two, ended], { invoicedCharges }).charges).at(-1)).toBe(
      'con-2@fee@fee@2026-03-01@a1 2026-03-01..2026-03-31 -21.00',
    );
    expect(chargesIn([two, ended], { invoicedCharges }).charges).toHaveLength(4);
  });

  it('leave a term that was added later to be charged', () => {
    const invoicedCharges = onInvoice(march(running));
    const more = contractWith({ recurringCharges: [fee({ price: '310.00' }), fee({ id: 'backup', price: '62.00' })] });
    expect(shown(march(more, { invoicedCharges }))).toEqual([
      'con-1@fee@backup@2026-03-01 2026-03-01..2026-03-31 62.00',
      'con-1@fee@fee@2026-03-01 2026-03-01..2026-03-31 310.00',
    ]);
  });

  it('of two versions keep the price of each', () => {
    const contract = contractWith({}, versionsFrom(at('310.00', '2026-01-01'), at('620.00', '2026-03-11')));
    const invoicedCharges = onInvoice(march(contract));
    expect(march(contract, { invoicedCharges })).toHaveLength(2);
  });

  it.each<[string, ContractFacts]>([
    ['the version', contractWith({ recurringCharges: [fee({ price: '9.00' })] }, { versions: [] })],
    ['the fees', contractWith({})],
    ['the term', contractWith({ recurringCharges: [fee({ id: 'backup', price: '0.00' })] })],
  ])('are given back where %s is not among the facts any more (K1)', (_case, gone) => {
    const invoicedCharges = onInvoice(march(running));
    const own = march(gone, { invoicedCharges }).filter(({ chargeId }) => chargeId.includes('@fee@fee@'));
    expect(shown(own)).toEqual([
      'con-1@fee@fee@2026-03-01 2026-03-01..2026-03-31 310.00',
      'con-1@fee@fee@2026-03-01@a1 2026-03-01..2026-03-31 -310.00',
    ]);
  });

  it('take their days out of what is charged now', () => {
    const short = contractWith({}, { ...versionsFrom(at('310.00', '2026-03-10')), lastDay: '2026-03-20' });
    const invoicedCharges = onInvoice(march(short));
    expect(shown(march(running, { invoicedCharges }))).toEqual([
      'con-1@fee@fee@2026-03-01 2026-03-01..2026-03-09 90.00',
      'con-1@fee@fee@2026-03-10 2026-03-10..2026-03-20 110.00',
      'con-1@fee@fee@2026-03-21 2026-03-21..2026-03-31 110.00',
    ]);
  });

  it.each(['2026-03-10', '2026-03-12'])('are charged once where a version begins on %s instead of the 11th', (day) => {
    const billed = contractWith({}, versionsFrom(at('310.00', '2026-01-01'), at('310.00', '2026-03-11')));
    const moved = contractWith({}, versionsFrom(at('310.00', '2026-01-01'), at('310.00', day)));
    expect(march(moved, { invoicedCharges: onInvoice(march(billed)) })).toHaveLength(2);
  });

  it('are taken in the order of their adjustments, also beyond the ninth', () => {
    const original = only(march(running));
    const more = Array.from({ length: 10 }, (_, index) => ({
      ...original,
      chargeItemId: `${original.chargeId}@a${index + 1}`,
      net: aud('1.00'),
    }));
    const shuffled = [4, 9, 0, 7, 2, 5, 1, 8, 3, 6].flatMap((index) => more[index] ?? []);
    const charges = march(running, {
      invoicedCharges: onInvoice([...shuffled.slice(0, 5), original, ...shuffled.slice(5)]),
    });
    const taken = charges.find(({ disposition }) => disposition === 'billable');
    expect(taken).toMatchObject({ chargeItemId: `${original.chargeId}@a11`, net: aud('-10.00') });
    expect(taken?.trace.at(-1)?.facts['frozenItemIds']).toEqual(
      [original, ...more].map(({ chargeItemId }) => chargeItemId),
    );
  });

  it('make a minimum count what they are by the version in force (K1)', () => {
    const dearer = contractWith({
      recurringCharges: [fee({ price: '620.00' })],
      minimumCommitment: minimumOf('400.00', { countsRecurring: true }),
    });
    const republished = { ...dearer, versions: dearer.versions.map((one) => ({ ...one, versionNumber: 2 })) };
    const kept = { ...running, versions: [...running.versions, ...republished.versions] };
    const charges = march(kept, { invoicedCharges: onInvoice(march(running)) });
    expect(ofKind(charges, 'recurring')).toEqual(['310.00', '310.00']);
    expect(ofKind(charges, 'minimum')).toEqual([]);
  });

  it('count at what was asked where nobody recorded a count of what they are by now (K27)', () => {
    const minimumCommitment = minimumOf('400.00', { countsRecurring: true });
    const invoicedCharges = onInvoice(
      march(contractWith({ recurringCharges: [fee({ price: '310.00' })], minimumCommitment })),
    );
    const bySeat = [fee({ price: '31.00', basis: 'per-user', countOf: 'seat' })];
    const later = march(contractWith({ recurringCharges: bySeat, minimumCommitment }), { invoicedCharges });
    // 400.00 - 310.00 = 90.00, as it was.
    expect(ofKind(later, 'recurring')).toEqual(['310.00']);
    expect(ofKind(later, 'minimum')).toEqual(['90.00']);
  });
});

describe('invoiced minimums', () => {
  const committed = (amount: string, rest: Partial<ContractFacts> = {}) =>
    contractWith({ minimumCommitment: minimumOf(amount) }, rest);
  const invoicedCharges = () => onInvoice(march(committed('310.00')));

  it('are what the terms and the covered days of now say (K1)', () => {
    expect(
      ofKind(march(committed('620.00', { lastDay: '2026-03-10' }), { invoicedCharges: invoicedCharges() }), 'minimum'),
    ).toEqual(['310.00', '-110.00']);
    expect(ofKind(march(committed('400.00'), { invoicedCharges: invoicedCharges() }), 'minimum')).toEqual([
      '310.00',
      '90.00',
    ]);
  });

  it('follow by an adjustment that may be billed when the minimum may, and tells both', () => {
    const contract = committed('310.00');
    const [, less] = march(contract, { invoicedCharges: invoicedCharges() }, [hour(contract)]);
    expect(less).toMatchObject({ net: aud('-150.00'), billableFrom: '2026-04-01', quantity: '-1', unit: 'adjustment' });
    expect(less?.trace.map(({ step }) => step)).toEqual(['charge', 'proration', 'amount', 'adjustment']);
    const [, more] = march(contract, { invoicedCharges: onInvoice(march(contract, {}, [hour(contract)])) });
    expect(more).toMatchObject({ net: aud('150.00'), quantity: '1', unitPrice: aud('150.00') });
  });
});

describe('when a charge is missed', () => {
  const contract = contractWith({ recurringCharges: [fee()] });
  const feeGap = (changes: Changes) => only(chargesIn([contract], changes).gaps);

  it('at once where a draft or an invoice of the period lacks it, else after the delay', () => {
    const delayed = {
      dueOn: '2026-03-15',
      cause: 'Managed service (con-1@fee@fee@2026-03-01) is on no issued invoice',
    };
    const missed = {
      dueOn: '2026-03-01',
      cause: 'Managed service (con-1@fee@fee@2026-03-01) is on no draft or invoice of the period',
    };
    expect(feeGap({})).toMatchObject(delayed);
    expect(feeGap({ invoicedCharges: [] })).toMatchObject(delayed);
    expect(feeGap({ claimed: new Map([['w-1', 'inv-1']]) })).toMatchObject(missed);
    expect(feeGap({ invoiced: asInvoiced([hour(contract)]) })).toMatchObject(missed);
    expect(feeGap({ claimed: new Map([['con-1@fee@fee@2026-03-01', 'inv-1']]) })).toMatchObject(delayed);
  });
});

describe('blocks that were sold', () => {
  const priced = (net: string) =>
    block('b', minutes(600), { purchasedOn: '2026-03-05', price: { net: aud(net), taxCategory: 'GST' } });

  it('cost less by what was returned, rounded once over all returns; withdrawn, what frozen work drew', () => {
    const returned = (number: number) => ({
      returnId: `r-${number}`,
      amount: minutes(number),
      net: null,
      returnedOn: '2026-03-10',
      reason: 'x',
    });
    const hours = { ...priced('100.00'), amount: { unit: 'minutes', minutes: 7 } as const };
    const sold = contractWith({}, { blocks: [hours] });
    const invoicedCharges = onInvoice(march(sold));
    const back = contractWith({}, { blocks: [{ ...hours, returns: [returned(1), returned(2)] }] });
    expect(shown(march(back))).toEqual(['con-1@block@b@2026-03-05 2026-03-05..2026-03-05 57.14']);
    expect(shown(march(back, { invoicedCharges })).at(-1)).toContain('-42.86');
    const draw = (number: number) => ({
      source: { from: 'block', contractId: 'con-1', blockId: 'b' } as const,
      itemId: 'w-9',
      workItemId: 'w-9',
      workDate: '2026-04-02',
      amount: minutes(number),
      frozen: true,
    });
    const gone = contractWith({}, { blocks: [], withdrawnBlocks: [hours] });
    expect(shown(march(gone, { invoicedCharges, laterDraws: [draw(4), draw(-1)] })).at(-1)).toContain('-57.14');
    expect(shown(march(gone, { invoicedCharges })).at(-1)).toContain('-100.00');
  });

  it('withdrawn, are a gap where a correction of a later month gives back what was drawn', () => {
    const hours = {
      ...block('b', minutes(600), { purchasedOn: '2026-01-05' }),
      price: { net: aud('100.00'), taxCategory: 'GST' },
    };
    const prepaid = { coverage: [{ id: 'p', name: 'Prepaid', match: {}, outcome: 'prepaid' }] } as const;
    const contracts = [contractWith(prepaid, { blocks: [hours] })];
    const work = spent(90, '2026-03-10');
    const invoiced = asInvoiced(rateExplained(facts([work], { contracts })).items);
    const gone = [contractWith(prepaid, { blocks: [], withdrawnBlocks: [hours] })];
    const gapsOf = (now: readonly WorkItem[], changes: Changes = {}) =>
      rate(facts(now, { contracts: gone, invoiced, ...changes }))
        .gaps.filter(({ charge }) => charge !== undefined)
        .map(({ charge, valueAtRisk, cause, endsBy }) => [charge?.chargeId, valueAtRisk.money?.amount, cause, endsBy]);
    expect(gapsOf([work])).toEqual([]);
    // 90 of 600 min at 100.00 are 15.00.
    expect(gapsOf([])).toEqual([
      [
        'con-1@block@b@2026-01-05',
        '-15.00',
        '90 min of block b, which was withdrawn, are given back by w-1@d1: 15.00 AUD of its price follow in 2026-01 when a document of this month carries that',
        { by: 'draft-tickets', ticketIds: ['T-1'] },
      ],
    ]);
    // 60 min are still drawn: 30 min at 100.00 / 600 are 5.00.
    expect(gapsOf([{ ...work, minutes: 60, sourceEventIds: ['ev-2'] } as WorkItem]).map(([, value]) => value)).toEqual([
      '-5.00',
    ]);
    const free = [contractWith(prepaid, { blocks: [], withdrawnBlocks: [{ ...hours, price: null }] })];
    expect(gapsOf([], { contracts: free })).toEqual([]);
    const back = rateExplained(facts([], { contracts: gone, invoiced })).items.filter(
      ({ itemId }) => itemId === 'w-1@d1',
    );
    expect(gapsOf([], { invoiced: [...invoiced, ...asInvoiced(back, 'inv-2')] })).toEqual([]);
  });

  it('are a gap where credit notes gave their money back, and their hours were not returned', () => {
    const hours = { ...priced('100.00'), amount: { unit: 'minutes', minutes: 10 } as const };
    const invoicedCharges = onInvoice(march(contractWith({}, { blocks: [hours] }))).map((one) => ({
      ...one,
      credited: { amount: '40.00', currency: 'AUD' },
      creditNoteId: 'cn-1',
    }));
    const gaps = (returns: readonly BlockReturn[]) =>
      rate(facts([], { contracts: [contractWith({}, { blocks: [{ ...hours, returns }] })], invoicedCharges }))
        .gaps.filter(({ cause }) => cause.includes('return them'))
        .map(({ valueAtRisk: { money } }) => money?.amount);
    const back = { returnId: 'r', net: null, returnedOn: '2026-03-10', reason: 'x' };
    expect(gaps([])).toEqual(['40.00']);
    expect(gaps([{ ...back, amount: { unit: 'minutes', minutes: 1 } }])).toEqual(['30.00']);
    expect(gaps([{ ...back, amount: { unit: 'minutes', minutes: 4 } }])).toEqual([]);
  });

  it('are a gap for what is left when their contract ended, until it is returned', () => {
    const hours = {
      ...priced('800.00'),
      returns: [{ returnId: 'r', amount: minutes(40), net: null, returnedOn: '2026-03-10', reason: 'x' }],
    };
    const invoicedCharges = onInvoice(march(contractWith({}, { blocks: [hours] })));
    const draw: Draw = {
      source: { from: 'block', contractId: 'con-1', blockId: 'b' },
      itemId: 'w-9',
      workItemId: 'w-9',
      workDate: '2026-04-02',
      amount: minutes(60),
      frozen: true,
    };
    const renews = { renewal: { automatic: true, months: 12, noticeDays: 30 } } as const;
    const term = (effectiveTo: string, terms = {}) => ({
      versions: versionsFrom(['2025-03-01', terms]).versions.map((one) => ({ ...one, effectiveTo })),
    });
    const gaps = (ends: Partial<ContractFacts>, changes: Changes = {}, more: Partial<BlockFacts> = {}) =>
      rate(
        facts([], {
          contracts: [contractWith({}, { blocks: [{ ...hours, ...more }], ...ends })],
          invoicedCharges,
          laterDraws: [draw],
          ...changes,
        }),
      )
        .gaps.filter(({ cause }) => cause.includes('can be drawn by nothing'))
        .map(({ valueAtRisk: { money }, dueOn }) => `${money?.amount}${dueOn === null ? '' : ` from ${dueOn}`}`);
    const given = { givenOn: '2026-01-05', reason: 'x', isWithdrawn: false };
    // 600 min for 800.00: 40 went back, 60 are drawn, 500 are left, 666.67.
    expect(gaps({ ...term('2026-02-28', renews), notice: given })).toEqual(['-666.67']);
    expect(gaps({ lastDay: '2026-03-04' })).toEqual(['-666.67']);
    // Credited to be billed again, the work draws nothing: 560 min, 746.67.
    expect(gaps({ lastDay: '2026-03-04' }, { laterDraws: [] })).toEqual(['-746.67']);
    // On the day of the purchase it was in force: work until then has its time to be billed, 14 days.
    expect(gaps({ lastDay: '2026-03-05' })).toEqual(['-666.67 from 2026-03-20']);
    // Expired by then; the term may still renew; nobody paid here; nobody has paid yet; all went back.
    expect(gaps({ lastDay: '2026-04-30' }, {}, { expiresOn: '2026-04-30' })).toEqual([]);
    expect(gaps(term('2026-02-28', renews))).toEqual([]);
    expect(gaps({ lastDay: '2026-03-04' }, {}, { price: null })).toEqual([]);
    expect(gaps({ lastDay: '2026-03-04' }, { invoicedCharges: [] })).toEqual([]);
    const all = [...hours.returns, { ...hours.returns[0], returnId: 'r-2', amount: minutes(500) } as BlockReturn];
    expect(gaps({ lastDay: '2026-03-04' }, {}, { returns: all })).toEqual([]);
  });

  it('stay at what was invoiced, whatever their price is said to be later', () => {
    const invoicedCharges = onInvoice(march(contractWith({}, { blocks: [priced('1200.00')] })));
    expect(shown(march(contractWith({}, { blocks: [priced('900.00')] }), { invoicedCharges }))).toEqual([
      'con-1@block@b@2026-03-05 2026-03-05..2026-03-05 1200.00',
    ]);
  });

  it.each([
    ['the version in force', ['2026-01-01', '2026-05-01'], 1],
    ['before any is in force, the latest', ['2026-04-01', '2026-05-01'], 2],
  ] as const)('name a version: %s', (_case, days, expected) => {
    const versions = versionsFrom(...days.map((day) => [day, {}] as const));
    expect(only(march(contractWith({}, { ...versions, blocks: [priced('1200.00')] }))).contractVersion).toBe(expected);
  });

  it('cannot be sold by a contract without a version', () => {
    const contract = contractWith({}, { versions: [], blocks: [priced('1200.00')] });
    expect(() => march(contract)).toThrow('the version of contract con-1 is missing');
  });
});

describe('service credits at their edges', () => {
  const levels = (maximum?: string): ServiceLevels => ({
    policy: {
      id: 'sla',
      name: 'Gold',
      calendar: { timeZone: 'Australia/Sydney', openingHours: {}, holidays: [] },
      targets: {},
      pausesOnThirdParty: false,
      warnAtPercent: [],
    },
    credits: [
      {
        id: 'any',
        name: 'Missed',
        target: 'response',
        credit: { kind: 'amount', amount: '50.00' },
        taxCategory: 'GST',
      },
    ],
    ...(maximum === undefined ? {} : { maximumCreditPerPeriod: maximum }),
  });
  const granting = (maximum?: string, price = '1000.00') =>
    contractWith({ recurringCharges: [fee({ price })], serviceLevels: levels(maximum) });
  const breach = (ticketId: string, changes: Partial<SlaBreach> = {}): SlaBreach => ({
    ticketId,
    target: 'response',
    priority: 'high',
    breachedOn: '2026-03-12',
    contractId: 'con-1',
    eventId: `ev-${ticketId}`,
    ...changes,
  });
  const creditsOf = (contract: ContractFacts, slaBreaches: readonly SlaBreach[], changes: Changes = {}) =>
    march(contract, { slaBreaches, ...changes })
      .filter(({ kind }) => kind === 'service-credit')
      .map(({ ticketId, net }) => `${ticketId} ${net.amount}`);

  it('are for breaches under the contract, once a ticket and target', () => {
    const again = breach('T-1', { breachedOn: '2026-03-20', eventId: 'ev-again' });
    expect(creditsOf(granting(), [breach('T-1'), again, breach('T-2', { contractId: 'con-2' })])).toEqual([
      'T-1 -50.00',
    ]);
  });

  it('are none before the contract, and none of a contract without service levels', () => {
    const later = contractWith(
      {},
      versionsFrom(['2026-03-13', { recurringCharges: [fee()], serviceLevels: levels() }]),
    );
    expect(creditsOf(later, [breach('T-1')])).toEqual([]);
    expect(creditsOf(later, [breach('T-1', { breachedOn: '2026-03-13' })])).toEqual(['T-1 -50.00']);
    expect(creditsOf(contractWith({ recurringCharges: [fee()] }), [breach('T-1')])).toEqual([]);
  });

  it('share the maximum in the order of day, ticket and target', () => {
    const breaches = ['T-3', 'T-1', 'T-4', 'T-2'].map((ticketId) => breach(ticketId));
    expect(creditsOf(granting('120.00'), breaches)).toEqual(['T-1 -50.00', 'T-2 -50.00', 'T-3 -20.00', 'T-4 0.00']);
  });

  it('that are invoiced stay as they are, and count towards the maximum first', () => {
    const late = breach('T-9', { breachedOn: '2026-03-30' });
    const before = march(granting('70.00'), { slaBreaches: [late] });
    const invoicedCharges = onInvoice(before);
    expect(creditsOf(granting('70.00'), [late, breach('T-1')], { invoicedCharges })).toEqual([
      'T-1 -20.00',
      'T-9 -50.00',
    ]);
    expect(creditsOf(granting('10.00'), [late], { invoicedCharges })).toEqual(['T-9 -50.00']);
  });

  it('that are invoiced are not measured again where the fee of their month is another since (C7)', () => {
    const granted = (price: string): ContractFacts => {
      const { credits, ...rest } = levels();
      const ten = credits.map((one) => ({ ...one, credit: { kind: 'percent-of-recurring', percent: '10' } as const }));
      return contractWith({ recurringCharges: [fee({ price })], serviceLevels: { ...rest, credits: ten } });
    };
    const slaBreaches = [breach('T-1')];
    const invoicedCharges = onInvoice(march(granted('3100.00'), { slaBreaches }));
    // 10 % of 3,100.00 were given; of 2,000.00 it would be 200.00.
    const now = march(granted('2000.00'), { slaBreaches, invoicedCharges });
    expect(now.map(({ kind, net }) => [kind, net.amount])).toEqual([
      ['service-credit', '-310.00'],
      ['recurring', '3100.00'],
      ['recurring', '-1100.00'],
    ]);
  });

  it('of an amount say so', () => {
    const credit = march(granting('120.00'), { slaBreaches: [breach('T-1')] }).find(
      ({ kind }) => kind === 'service-credit',
    );
    expect(credit?.trace.at(-1)?.text).toBe(
      '50.00 AUD = 50.00 AUD, at most 120.00 AUD left of 120.00 a period -> -50.00 AUD',
    );
  });
});
