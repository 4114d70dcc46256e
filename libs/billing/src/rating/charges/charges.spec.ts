import { describe, expect, it } from '@jest/globals';
import type { ContractTerms, Discount, RecurringCharge, ServiceLevels } from '@billtrail/contracts';
import type { ExplainedItem } from '../../item/billable-item.js';
import { card, only } from '../../testing/facts.js';
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
import { charged } from '../../testing/steps.js';
import type { ChargeItem } from '../../item/charge-item.js';
import type { ClientPeriodFacts } from '../../client-period.js';
import type { ContractFacts, SlaBreach } from '../facts.js';
import { rateExplained as rate } from '../../rate.js';

function chargesIn(
  period: string,
  contract: ContractFacts,
  changes: Partial<ClientPeriodFacts> = {},
  items: readonly ExplainedItem[] = [],
) {
  return charged(monthOf(period, [contract], changes), items);
}
const shown = (charges: readonly ChargeItem[]): readonly string[] =>
  charges.map((one) => `${one.chargeItemId} ${one.from}..${one.to} ${one.quantity} ${one.net.amount}`);

/** An item of work at 150.00 an hour. */
function worked(contract: ContractFacts, count: number, number = 1, period = '2026-03'): ExplainedItem {
  return itemOf(part(contract, spent(count, `${period}-10`, number), { outcome: 'billable' }), `w-${number}`, period);
}

describe('recurring charges', () => {
  it('R7: a fee of 2,400.00 for 22 of 31 days is 1,703.23', () => {
    const contract = contractWith({}, versionsFrom(['2026-03-10', { recurringCharges: [fee({ price: '2400.00' })] }]));
    expect(shown(chargesIn('2026-03', contract).charges)).toEqual([
      'con-1@fee@fee@2026-03-10 2026-03-10..2026-03-31 1 1703.23',
    ]);
  });

  it('R8: a fee of 19.95 for 8 and 22 of 30 days is 5.32 and 14.63', () => {
    const terms = { recurringCharges: [fee({ price: '19.95' })] };
    const contract = contractWith({}, versionsFrom(['2026-01-01', terms], ['2026-04-09', terms]));
    expect(chargesIn('2026-04', contract).charges.map(({ net }) => net.amount)).toEqual(['5.32', '14.63']);
  });

  it('sums a fee cut by a version that leaves it alone to the whole fee', () => {
    const terms = { recurringCharges: [fee({ price: '10.01' })] };
    const contract = contractWith({}, versionsFrom(['2026-01-01', terms], ['2026-04-16', terms]));
    const { charges } = chargesIn('2026-04', contract);
    expect(charges.map(({ net }) => net.amount)).toEqual(['5.01', '5.00']);
    expect(charges[1]?.trace.at(-1)?.text).toBe(
      'with the 15 days before that are charged alike 10.01 AUD, less 5.01 AUD for those -> 5.00 AUD',
    );
    expect(shown(chargesIn('2026-04', contract, { invoicedCharges: onInvoice(charges) }).charges)).toEqual(
      shown(charges),
    );
  });

  it('sums the rest of a fee to the whole where its first part is invoiced', () => {
    const terms = { recurringCharges: [fee({ price: '10.01' })] };
    const whole = contractWith({}, versionsFrom(['2026-01-01', terms]));
    const invoiced = chargesIn('2026-04', { ...whole, lastDay: '2026-04-15' }).charges;
    expect(
      chargesIn('2026-04', whole, { invoicedCharges: onInvoice(invoiced) }).charges.map(({ net }) => net.amount),
    ).toEqual(['5.01', '5.00']);
  });

  it('rounds days with another price or count by themselves', () => {
    const price = (amount: string) => ({ recurringCharges: [fee({ price: amount })] });
    const contract = contractWith({}, versionsFrom(['2026-01-01', price('10.01')], ['2026-04-16', price('10.03')]));
    expect(chargesIn('2026-04', contract).charges.map(({ net }) => net.amount)).toEqual(['5.01', '5.02']);
  });

  it('charges a leap February by its 29 days', () => {
    const contract = contractWith({}, versionsFrom(['2028-02-15', { recurringCharges: [fee({ price: '290.00' })] }]));
    expect(only(chargesIn('2028-02', contract).charges).net.amount).toBe('150.00');
  });

  it('charges nothing before the contract and after its last day', () => {
    const contract = contractWith({ recurringCharges: [fee()] }, { lastDay: '2026-03-31' });
    expect(chargesIn('2025-12', contract).charges).toEqual([]);
    expect(chargesIn('2026-04', contract).charges).toEqual([]);
    expect(only(chargesIn('2026-03', contract).charges).net.amount).toBe('1000.00');
  });

  it('does not charge the days of a suspension', () => {
    const contract = contractWith(
      { recurringCharges: [fee({ price: '310.00' })] },
      { suspensions: [{ from: '2026-03-10', resumedOn: '2026-03-20' }] },
    );
    const { charges } = chargesIn('2026-03', contract);
    expect(shown(charges)).toEqual([
      'con-1@fee@fee@2026-03-01 2026-03-01..2026-03-09 1 90.00',
      'con-1@fee@fee@2026-03-20 2026-03-20..2026-03-31 1 120.00',
    ]);
    // The second fee keeps what the nine days before it cost, so that both are rounded as one.
    expect(charges.map(({ basis }) => basis.exactOfDaysBefore)).toEqual([null, '90']);
    expect(charges[1]?.trace[0]?.facts['exactOfDaysBefore']).toBe('90');
  });

  it('charges each count for its days', () => {
    const perDevice = fee({ basis: 'per-device', countOf: 'server', price: '31.00' });
    const counts = [
      { countOf: 'server', count: 10, from: '2026-02-01', eventId: 'ev-c1' },
      { countOf: 'server', count: 12, from: '2026-03-16', eventId: 'ev-c2' },
      { countOf: 'workstation', count: 99, from: '2026-03-02', eventId: 'ev-c3' },
    ];
    const charges = chargesIn('2026-03', contractWith({ recurringCharges: [perDevice] }, { counts })).charges;
    expect(shown(charges)).toEqual([
      'con-1@fee@fee@2026-03-01 2026-03-01..2026-03-15 10 150.00',
      'con-1@fee@fee@2026-03-16 2026-03-16..2026-03-31 12 192.00',
    ]);
    expect(charges.map((one) => [one.unit, one.sourceEventIds])).toEqual([
      ['server', ['ev-c1']],
      ['server', ['ev-c2']],
    ]);
  });

  it('takes the count recorded last of one day, and does not cut where the count stays', () => {
    const counts = [
      { countOf: 'user', count: 5, from: '2026-01-01', eventId: 'ev-1' },
      { countOf: 'user', count: 7, from: '2026-01-01', eventId: 'ev-2' },
      { countOf: 'user', count: 7, from: '2026-03-10', eventId: 'ev-3' },
    ];
    const contract = contractWith(
      { recurringCharges: [fee({ basis: 'per-user', countOf: 'user', price: '10.00' })] },
      { counts },
    );
    expect(shown(chargesIn('2026-03', contract).charges)).toEqual([
      'con-1@fee@fee@2026-03-01 2026-03-01..2026-03-31 7 70.00',
    ]);
  });

  it('says a count of zero, and makes a gap of a count that nobody recorded', () => {
    const contract = contractWith(
      { recurringCharges: [fee({ basis: 'per-device', countOf: 'server' })] },
      { counts: [{ countOf: 'server', count: 0, from: '2026-03-11', eventId: 'ev-1' }] },
    );
    const { charges, gaps } = chargesIn('2026-03', contract);
    expect(shown(charges)).toEqual(['con-1@fee@fee@2026-03-11 2026-03-11..2026-03-31 0 0.00']);
    expect(only(gaps)).toMatchObject({
      kind: 'contract-mismatch',
      charge: { contractId: 'con-1', chargeId: 'con-1@fee@fee@2026-03-01' },
      valueAtRisk: { money: null },
      dueOn: null,
    });
  });

  it('makes a gap of a fee in another currency than the client has', () => {
    const contract = contractWith({ rateCard: card({ currency: 'EUR' }), recurringCharges: [fee()] });
    const { charges, gaps } = chargesIn('2026-03', contract);
    expect(charges).toEqual([]);
    expect(only(gaps).valueAtRisk.money).toEqual({ amount: '1000.00', currency: 'EUR' });
  });

  it.each([
    ['in-advance', '2026-02', '2026-02-01'],
    ['in-arrears', '2026-04', '2026-05-01'],
  ] as const)(
    'bills a quarter %s in its month, cycles counted from the first version',
    (billed, month, billableFrom) => {
      const contract = contractWith(
        {},
        versionsFrom(['2026-02-01', { recurringCharges: [fee({ billed, everyMonths: 3 })] }]),
      );
      const months = ['2026-02', '2026-03', '2026-04'].filter((one) => chargesIn(one, contract).charges.length > 0);
      expect(months).toEqual([month]);
      expect(only(chargesIn(month, contract).charges)).toMatchObject({ net: aud('1000.00'), billableFrom });
    },
  );

  it('charges an ended contract in arrears in its last month (K16)', () => {
    const charges: Partial<ContractTerms> = { recurringCharges: [fee({ billed: 'in-arrears', everyMonths: 3 })] };
    const contract = contractWith(charges, { lastDay: '2026-04-10' });
    expect(shown(chargesIn('2026-04', contract).charges)).toEqual([
      'con-1@fee@fee@2026-04-01 2026-04-01..2026-04-10 1 109.89',
    ]);
  });

  it.each([
    ['a cycle that goes on', {}, '2026-05-01'],
    ['one that ends with the contract', { lastDay: '2026-04-10' }, '2026-04-11'],
  ])('in arrears, asks for no part of %s before its last day has passed', (_, life, billableFrom) => {
    const terms = fee({ billed: 'in-arrears', everyMonths: 3, basis: 'per-device', countOf: 'server' });
    const counts = [
      { countOf: 'server', count: 1, from: '2026-02-01', eventId: 'c1' },
      { countOf: 'server', count: 2, from: '2026-03-10', eventId: 'c2' },
    ];
    const contract = contractWith(
      {},
      { ...versionsFrom(['2026-02-01', { recurringCharges: [terms] }]), counts, ...life },
    );
    const { charges } = chargesIn('2026-04', contract);
    expect(charges.map((one) => [one.from, one.billableFrom])).toEqual([
      ['2026-02-01', billableFrom],
      ['2026-03-10', billableFrom],
    ]);
  });

  it('lowers a fee by percent discounts that include recurring charges', () => {
    const discount: Discount = {
      id: 'd',
      name: 'Loyal',
      kind: 'percent',
      percent: '10',
      includesRecurring: true,
      order: 'before-minimum',
    };
    expect(
      only(chargesIn('2026-03', contractWith({ recurringCharges: [fee()], discounts: [discount] })).charges).net,
    ).toEqual(aud('900.00'));
  });

  it('says in the trace what was charged, for which days, and the one rounding', () => {
    const contract = contractWith({}, versionsFrom(['2026-03-10', { recurringCharges: [fee({ price: '2400.00' })] }]));
    expect(only(chargesIn('2026-03', contract).charges).trace.map(({ text }) => text)).toEqual([
      'Managed service (fee), fixed of contract con-1 version 1, 2026-03-10 to 2026-03-31',
      '2400.00 AUD x 22 of 31 days of 2026-03-01 to 2026-03-31',
      '1703.22580645, rounded half up -> 1703.23 AUD',
    ]);
  });
});

const LOYAL: Discount = {
  id: 'loyal',
  name: 'Loyal',
  kind: 'percent',
  percent: '10',
  includesRecurring: true,
  order: 'before-minimum',
};

describe('charges that are on an invoice', () => {
  const running = contractWith({ recurringCharges: [fee({ price: '310.00' })] });
  const frozen = () => onInvoice(chargesIn('2026-03', running).charges);

  it('stay quiet while nothing changes', () => {
    const { charges, gaps } = chargesIn('2026-03', running, { invoicedCharges: frozen() });
    expect(charges.map(({ disposition, invoiceId }) => [disposition, invoiceId])).toEqual([['invoiced', 'inv-1']]);
    expect(gaps).toEqual([]);
  });

  it('are taken back for the days after a termination, once', () => {
    const ended = { ...running, lastDay: '2026-03-10' };
    const first = chargesIn('2026-03', ended, { invoicedCharges: frozen() });
    expect(first.charges.map(({ chargeItemId, net, disposition }) => [chargeItemId, net.amount, disposition])).toEqual([
      ['con-1@fee@fee@2026-03-01', '310.00', 'invoiced'],
      ['con-1@fee@fee@2026-03-01@a1', '-210.00', 'billable'],
    ]);
    const again = chargesIn('2026-03', ended, { invoicedCharges: onInvoice(first.charges) });
    expect(again.charges.every(({ disposition }) => disposition === 'invoiced')).toBe(true);
  });

  describe('follow the versions in force (K1)', () => {
    const at = (price: string, rest: Partial<RecurringCharge> = {}): Partial<ContractTerms> => ({
      recurringCharges: [fee({ price, ...rest })],
    });
    const adjustments = (
      before: readonly [string, Partial<ContractTerms>][],
      now: readonly [string, Partial<ContractTerms>][],
      period = '2026-03',
    ): readonly string[] => {
      const contract = (versions: typeof before) => ({ ...running, ...versionsFrom(...versions) });
      const invoicedCharges = onInvoice(chargesIn(period, contract(before)).charges);
      const { charges } = chargesIn(period, contract(now), { invoicedCharges });
      return charges.filter(({ disposition }) => disposition === 'billable').map(({ net }) => net.amount);
    };
    const first = ['2026-01-01', at('3100.00')] as [string, Partial<ContractTerms>];

    it.each([
      ['a dearer fee from the 10th', ['2026-03-10', at('3410.00')], ['220.00']],
      ['a cheaper fee for the whole month', ['2026-03-01', at('2790.00')], ['-310.00']],
      ['a fee that is dropped from the 10th', ['2026-03-10', {}], ['-2200.00']],
      ['a percent off from the 17th', ['2026-03-17', { ...at('3100.00'), discounts: [LOYAL] }], ['-150.00']],
      ['the same fee again', ['2026-03-10', at('3100.00')], []],
      ['a fee of another name', ['2026-03-01', at('3100.00', { name: 'Care' })], []],
    ] as const)('%s', (_, version, expected) => {
      expect(adjustments([first], [first, version as [string, Partial<ContractTerms>]])).toEqual(expected);
    });

    it('also of a fee by the year: 3,650.00 that is 4,015.00 from 1 July on is 184.00 more', () => {
      const yearly = (price: string) => at(price, { everyMonths: 12 });
      const of = (price: string, from: string): [string, Partial<ContractTerms>] => [from, yearly(price)];
      expect(
        adjustments(
          [of('3650.00', '2026-01-01')],
          [of('3650.00', '2026-01-01'), of('4015.00', '2026-07-01')],
          '2026-01',
        ),
      ).toEqual(['184.00']);
    });

    it('once more after an adjustment was invoiced, and back to nothing', () => {
      const contract = (...versions: [string, Partial<ContractTerms>][]) => ({
        ...running,
        ...versionsFrom(...versions),
      });
      const before = chargesIn('2026-03', contract(first)).charges;
      const dearer = contract(first, ['2026-03-10', at('3410.00')]);
      const invoiced = onInvoice(before);
      const more = chargesIn('2026-03', dearer, { invoicedCharges: invoiced }).charges;
      const both = [...invoiced, ...onInvoice(more.filter(({ disposition }) => disposition === 'billable'))];
      expect(chargesIn('2026-03', dearer, { invoicedCharges: both }).charges).toHaveLength(2);
      const back = chargesIn('2026-03', contract(first), { invoicedCharges: both }).charges;
      expect(back.map(({ chargeItemId, net }) => `${chargeItemId} ${net.amount}`)).toEqual([
        'con-1@fee@fee@2026-03-01 3100.00',
        'con-1@fee@fee@2026-03-01@a1 220.00',
        'con-1@fee@fee@2026-03-01@a2 -220.00',
      ]);
    });

    it('a fee that becomes one by device keeps what was invoiced until somebody counts, and tells of it', () => {
      const byDevice = {
        ...running,
        ...versionsFrom(first, ['2026-03-10', at('310.00', { basis: 'per-device', countOf: 'server' })]),
      };
      const invoicedCharges = onInvoice(chargesIn('2026-03', contractOf(first)).charges);
      const { charges, gaps } = chargesIn('2026-03', byDevice, { invoicedCharges });
      expect(charges).toHaveLength(1);
      expect(gaps.map(({ cause }) => cause)).toEqual([
        'Managed service from 2026-03-10 to 2026-03-31: nobody recorded how many server there are',
      ]);
      const counted = { ...byDevice, counts: [{ countOf: 'server', count: 12, from: '2026-03-01', eventId: 'ev-1' }] };
      expect(chargesIn('2026-03', counted, { invoicedCharges }).charges.map(({ net }) => net.amount)).toEqual([
        '3100.00',
        '440.00',
      ]);
    });

    function contractOf(...versions: [string, Partial<ContractTerms>][]) {
      return { ...running, ...versionsFrom(...versions) };
    }
  });

  it('a yearly fee in arrears is due after the last day that is charged for (K16): 900.00 of 3,650.00 to 31 March', () => {
    const yearly = contractWith({
      recurringCharges: [fee({ price: '3650.00', everyMonths: 12, billed: 'in-arrears' })],
    });
    const told = (contract: ContractFacts, period: string) =>
      chargesIn(period, contract).charges.map(
        ({ to, net, billableFrom }) => `..${to} ${net.amount} from ${billableFrom}`,
      );
    expect(['2026-03', '2026-12'].map((period) => told(yearly, period))).toEqual([
      [],
      ['..2026-12-31 3650.00 from 2027-01-01'],
    ]);
    const left = { ...yearly, lastDay: '2026-03-31' };
    expect(['2026-03', '2026-12'].map((period) => told(left, period))).toEqual([
      ['..2026-03-31 900.00 from 2026-04-01'],
      [],
    ]);
    const [version] = yearly.versions;
    const ended = { ...yearly, versions: [{ ...version!, effectiveTo: '2026-06-30' }] };
    expect(told(ended, '2026-06')).toEqual(['..2026-06-30 1810.00 from 2026-07-01']);
    const dropped = {
      ...yearly,
      versions: [
        ...yearly.versions,
        { ...version!, versionNumber: 2, effectiveFrom: '2026-04-01', terms: contractWith({}).versions[0]!.terms },
      ],
    };
    expect(told(dropped, '2026-03')).toEqual(['..2026-03-31 900.00 from 2026-04-01']);
  });

  it('a new billing frequency counts its cycles from the version that brings it (K19)', () => {
    const monthly = ['2026-01-01', { recurringCharges: [fee({ price: '300.00' })] }] as [
      string,
      Partial<ContractTerms>,
    ];
    const quarterly = [
      '2026-03-01',
      { recurringCharges: [fee({ price: '900.00', everyMonths: 3 })] },
    ] as typeof monthly;
    const contract = { ...running, ...versionsFrom(monthly, quarterly) };
    const told = (period: string) =>
      chargesIn(period, contract).charges.map(({ from, to, net }) => `${from}..${to} ${net.amount}`);
    expect(['2026-01', '2026-02', '2026-03', '2026-04', '2026-05', '2026-06'].map(told)).toEqual([
      ['2026-01-01..2026-01-31 300.00'],
      ['2026-02-01..2026-02-28 300.00'],
      ['2026-03-01..2026-05-31 900.00'],
      [],
      [],
      ['2026-06-01..2026-08-31 900.00'],
    ]);
  });

  it('follow the count of devices', () => {
    const terms = { recurringCharges: [fee({ basis: 'per-device', countOf: 'server', price: '31.00' })] };
    const ten = { countOf: 'server', count: 10, from: '2026-01-01', eventId: 'ev-1' };
    const before = contractWith(terms, { counts: [ten] });
    const after = contractWith(terms, {
      counts: [ten, { countOf: 'server', count: 8, from: '2026-03-22', eventId: 'ev-2' }],
    });
    const { charges } = chargesIn('2026-03', after, {
      invoicedCharges: onInvoice(chargesIn('2026-03', before).charges),
    });
    expect(charges.map(({ net }) => net.amount)).toEqual(['310.00', '-20.00']);
  });

  it('are put on the draft that claims them', () => {
    const claimed = new Map([['con-1@fee@fee@2026-03-01', 'inv-2']]);
    expect(only(chargesIn('2026-03', running, { claimed }).charges)).toMatchObject({
      disposition: 'claimed',
      invoiceId: 'inv-2',
    });
  });
});

describe('purchased blocks', () => {
  const sold = block('b', minutes(600), {
    purchasedOn: '2026-03-05',
    price: { net: aud('1200.00'), taxCategory: 'GST' },
  });

  it('are paid for in the period of the purchase', () => {
    const contract = contractWith({}, { blocks: [sold, block('free', minutes(60), { purchasedOn: '2026-03-05' })] });
    expect(shown(chargesIn('2026-03', contract).charges)).toEqual([
      'con-1@block@b@2026-03-05 2026-03-05..2026-03-05 1 1200.00',
    ]);
    expect(chargesIn('2026-04', contract).charges).toEqual([]);
  });

  it('are taken back when an invoiced one is withdrawn', () => {
    const invoicedCharges = onInvoice(chargesIn('2026-03', contractWith({}, { blocks: [sold] })).charges);
    const { charges } = chargesIn('2026-03', contractWith({}), { invoicedCharges });
    expect(charges.map(({ net }) => net.amount)).toEqual(['1200.00', '-1200.00']);
  });

  it('make a gap where their price is in another currency', () => {
    const odd = { ...sold, price: { net: { amount: '100.00', currency: 'EUR' }, taxCategory: 'GST' } };
    const { charges, gaps } = chargesIn('2026-03', contractWith({}, { blocks: [odd] }));
    expect(charges).toEqual([]);
    expect(only(gaps)).toMatchObject({ charge: { chargeId: 'con-1@block@b@2026-03-05' }, sourceEventIds: ['ev-b'] });
  });
});

describe('minimum commitment', () => {
  it.each([
    [60, ['350.00']],
    [200, []],
    [240, []],
    [199, ['2.50']],
  ])('charges what %i minutes of work lack to 500.00', (count, expected) => {
    const contract = contractWith({ minimumCommitment: minimumOf('500.00') });
    const { charges } = chargesIn('2026-03', contract, {}, [worked(contract, count)]);
    expect(charges.map(({ net }) => net.amount)).toEqual(expected);
  });

  it('is prorated by covered days', () => {
    const contract = contractWith({ minimumCommitment: minimumOf('310.00') }, { lastDay: '2026-03-10' });
    expect(only(chargesIn('2026-03', contract).charges).net.amount).toBe('100.00');
  });

  it.each([
    [true, '100.00'],
    [false, '400.00'],
  ])('counts recurring charges where it says so: %s', (countsRecurring, expected) => {
    const contract = contractWith({
      recurringCharges: [fee({ price: '300.00' })],
      minimumCommitment: minimumOf('400.00', { countsRecurring }),
    });
    const { charges } = chargesIn('2026-03', contract);
    expect(charges.find(({ kind }) => kind === 'minimum')?.net.amount).toBe(expected);
  });

  it("counts the month's share of a yearly fee", () => {
    const yearly = fee({ price: '3650.00', everyMonths: 12 });
    const contract = contractWith({
      recurringCharges: [yearly],
      minimumCommitment: minimumOf('400.00', { countsRecurring: true }),
    });
    // A twelfth, 304.1667: three of them are 912.50, less 608.33 for the two months before.
    expect(only(chargesIn('2026-03', contract).charges).net.amount).toBe('95.83');
  });

  it('does not count work that is unapproved, rejected, written off or of another contract', () => {
    const contract = contractWith({ minimumCommitment: minimumOf('500.00') });
    const item = worked(contract, 60);
    const items: readonly ExplainedItem[] = [
      { ...item, approval: 'unapproved' },
      { ...item, approval: 'rejected' },
      { ...item, disposition: 'written-off' },
      { ...item, contractId: 'con-2' },
    ];
    expect(only(chargesIn('2026-03', contract, {}, items).charges).net.amount).toBe('500.00');
  });

  it('shrinks by an adjustment when more work comes after it was invoiced, and goes when nothing lacks', () => {
    const contract = contractWith({ minimumCommitment: minimumOf('500.00') });
    const invoicedCharges = onInvoice(chargesIn('2026-03', contract).charges);
    const after = (count: number) => {
      const { charges } = chargesIn('2026-03', contract, { invoicedCharges }, [worked(contract, count)]);
      return { nets: charges.map(({ net }) => net.amount), why: charges.at(-1)?.trace.at(-1)?.text };
    };
    const invoiced = 'after con-1@minimum@min@2026-03-01 was invoiced at 500.00 AUD: now';
    expect(after(60)).toEqual({
      nets: ['500.00', '-150.00'],
      why: `recalculated: 150.00 AUD reached instead of 0.00 AUD ${invoiced} 350.00 AUD, difference -150.00 AUD`,
    });
    expect(after(600)).toEqual({
      nets: ['500.00', '-500.00'],
      why: `no longer due ${invoiced} 0.00 AUD, difference -500.00 AUD`,
    });
  });

  it('follows a version that raises it, or drops it (K1)', () => {
    const contract = contractWith({ minimumCommitment: minimumOf('500.00') });
    const invoicedCharges = onInvoice(chargesIn('2026-03', contract).charges);
    const raised = contractWith({ minimumCommitment: minimumOf('900.00') });
    const nets = (now: ContractFacts) =>
      chargesIn('2026-03', now, { invoicedCharges }).charges.map(({ net }) => net.amount);
    expect(nets(raised)).toEqual(['500.00', '400.00']);
    expect(nets(contractWith({}))).toEqual(['500.00', '-500.00']);
  });
});

describe('percent discounts that come after the minimum', () => {
  it('do not count against it, and lower its item', () => {
    const contract = contractWith({
      minimumCommitment: minimumOf('500.00'),
      discounts: [{ id: 'd', name: 'Loyal', kind: 'percent', percent: '10', order: 'after-minimum' }],
    });
    const result = rate(monthOf('2026-03', [contract], { work: [spent(60, '2026-03-10')] }));
    expect([...result.items, ...result.charges].map(({ net }) => net?.amount)).toEqual(['135.00', '315.00']);
  });
});

describe('amount discounts', () => {
  const amountOff = (amount: string, changes: Partial<Discount> = {}): Discount =>
    ({
      id: 'd',
      name: 'Rebate',
      kind: 'amount',
      amount,
      taxCategory: 'GST',
      order: 'before-minimum',
      ...changes,
    }) as Discount;

  it('are never more than what they reduce', () => {
    const contract = contractWith({ discounts: [amountOff('200.00')] });
    expect(only(chargesIn('2026-03', contract, {}, [worked(contract, 60)]).charges).net.amount).toBe('-150.00');
    expect(chargesIn('2026-03', contract).charges).toEqual([]);
  });

  it('share what two of them reduce', () => {
    const contract = contractWith({ discounts: [amountOff('100.00'), amountOff('100.00', { id: 'e' })] });
    const { charges } = chargesIn('2026-03', contract, {}, [worked(contract, 60)]);
    expect(charges.map(({ net }) => net.amount)).toEqual(['-100.00', '-50.00']);
  });

  it('have the tax of what they reduce, and take no category below zero (K7)', () => {
    const lines = (ten: string, twenty: string) => [
      fee({ id: 'ten', price: ten, taxCategory: 'TEN' }),
      fee({ id: 'twenty', price: twenty, taxCategory: 'TWENTY' }),
    ];
    const off = (amount: string, ten: string, stated: object = { taxCategory: 'TEN' }): readonly string[] => {
      const { taxCategory: _, ...plain } = amountOff(amount, { includesRecurring: true }) as Discount & {
        kind: 'amount';
      };
      const discounts = [{ ...plain, ...stated }];
      const contract = contractWith({ discounts, recurringCharges: lines(ten, '200.00') });
      return chargesIn('2026-03', contract)
        .charges.filter(({ kind }) => kind === 'discount')
        .map(({ chargeItemId, taxCategory, net }) => `${chargeItemId} ${taxCategory} ${net.amount}`);
    };
    expect(off('35.00', '10.00')).toEqual([
      'con-1@discount@d@2026-03-01 TEN -1.67',
      'con-1@discount@d@2026-03-01@tax-TWENTY TWENTY -33.33',
    ]);
    expect(off('35.00', '0.00')).toEqual(['con-1@discount@d@2026-03-01@tax-TWENTY TWENTY -35.00']);
    expect(off('1000.00', '10.00')).toEqual([
      'con-1@discount@d@2026-03-01 TEN -10.00',
      'con-1@discount@d@2026-03-01@tax-TWENTY TWENTY -200.00',
    ]);
    expect(off('35.00', '10.00', {})).toEqual([
      'con-1@discount@d@2026-03-01@tax-TEN TEN -1.67',
      'con-1@discount@d@2026-03-01@tax-TWENTY TWENTY -33.33',
    ]);
  });

  it('say what they take off the supplies of each day, and which invoice asked for them (K7)', () => {
    // 35.00 over 10.00 (4 min at 150.00) and 200.00 (80 min): 1.67 and 33.33.
    const contract = contractWith({ discounts: [amountOff('35.00')] });
    const items = [worked(contract, 4), { ...worked(contract, 80, 2), workDate: '2026-03-20' }];
    const invoiced = items.map((item) => ({ ...item, disposition: 'invoiced' as const, invoiceId: 'inv-1' }));
    const off = (work: readonly ExplainedItem[]) =>
      only(chargesIn('2026-03', contract, {}, work).charges).basis.reduces;
    expect(off(items)).toEqual([
      { on: '2026-03-10', invoiceId: null, net: '1.67' },
      { on: '2026-03-20', invoiceId: null, net: '33.33' },
    ]);
    expect(off(invoiced)?.map(({ invoiceId }) => invoiceId)).toEqual(['inv-1', 'inv-1']);
  });

  it('say of a fee the first day of its cycle, and the invoice that asked for it', () => {
    const yearly = fee({ price: '365.00', everyMonths: 12, cycleAnchor: 'contract-day' });
    const off = (charges: readonly RecurringCharge[], changes: Partial<ClientPeriodFacts> = {}) => {
      const contract = contractWith({
        discounts: [amountOff('10.00', { includesRecurring: true })],
        recurringCharges: charges,
      });
      return chargesIn('2026-03', contract, changes).charges.find(({ kind }) => kind === 'discount')?.basis.reduces;
    };
    expect(off([yearly])).toEqual([{ on: '2026-01-01', invoiceId: null, net: '10.00' }]);
    const monthly = contractWith({ recurringCharges: [fee()] });
    const invoicedCharges = onInvoice(chargesIn('2026-03', monthly).charges);
    expect(off([fee()], { invoicedCharges })).toEqual([{ on: '2026-03-01', invoiceId: 'inv-1', net: '10.00' }]);
  });

  it('say what is not used, where nothing remains for them too', () => {
    const contract = contractWith({
      discounts: [amountOff('100.00'), amountOff('100.00', { id: 'e' }), amountOff('100.00', { id: 'f' })],
    });
    const { charges } = chargesIn('2026-03', contract, {}, [worked(contract, 60)]);
    expect(charges.map(({ description, net }) => `${description}: ${net.amount}`)).toEqual([
      'Rebate: -100.00',
      'Rebate, 50.00 of 100.00 AUD not used: -50.00',
      'Rebate, 100.00 of 100.00 AUD not used: 0.00',
    ]);
  });

  it('reduce only what they match, and fees where they say so', () => {
    const discounts = [amountOff('50.00', { match: { workTypes: ['onsite'] } })];
    const contract = contractWith({ discounts, recurringCharges: [fee()] });
    expect(chargesIn('2026-03', contract, {}, [worked(contract, 60)]).charges.map(({ kind }) => kind)).toEqual([
      'recurring',
    ]);
    const withFees = contractWith({
      discounts: [amountOff('50.00', { includesRecurring: true })],
      recurringCharges: [fee()],
    });
    expect(chargesIn('2026-03', withFees).charges.find(({ kind }) => kind === 'discount')?.net.amount).toBe('-50.00');
  });

  it.each([
    ['before-minimum', ['-50.00', '400.00']],
    ['after-minimum', ['-50.00', '350.00']],
  ] as const)('come %s', (order, expected) => {
    const contract = contractWith({
      discounts: [amountOff('50.00', { order })],
      minimumCommitment: minimumOf('500.00'),
    });
    const { charges } = chargesIn('2026-03', contract, {}, [worked(contract, 60)]);
    expect(charges.map(({ net }) => net.amount)).toEqual(expected);
  });

  it('lower the minimum too where they come after it', () => {
    const contract = contractWith({
      discounts: [amountOff('600.00', { order: 'after-minimum' })],
      minimumCommitment: minimumOf('500.00'),
    });
    expect(chargesIn('2026-03', contract).charges.map(({ net }) => net.amount)).toEqual(['-500.00', '500.00']);
  });
});

describe('service credits', () => {
  const levels = (changes: Partial<ServiceLevels> = {}): ServiceLevels => ({
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
        id: 'crit',
        name: 'Critical missed',
        target: 'response',
        priorities: ['critical'],
        credit: { kind: 'amount', amount: '80.00' },
        taxCategory: 'GST',
      },
      {
        id: 'any',
        name: 'Response missed',
        target: 'response',
        credit: { kind: 'percent-of-recurring', percent: '5' },
        taxCategory: 'GST',
      },
    ],
    ...changes,
  });
  const breach = (changes: Partial<SlaBreach> = {}): SlaBreach => ({
    ticketId: 'T-1',
    target: 'response',
    priority: 'high',
    breachedOn: '2026-03-12',
    contractId: 'con-1',
    eventId: 'ev-breach',
    ...changes,
  });
  const credits = (changes: Partial<ServiceLevels>, slaBreaches: readonly SlaBreach[]) =>
    chargesIn('2026-03', contractWith({ recurringCharges: [fee()], serviceLevels: levels(changes) }), {
      slaBreaches,
    }).charges.filter(({ kind }) => kind === 'service-credit');

  it('give a percentage of the recurring charges, or an amount, for the first credit that fits', () => {
    expect(only(credits({}, [breach()]))).toMatchObject({
      chargeItemId: 'con-1@credit@any@T-1@response',
      net: aud('-50.00'),
      ticketId: 'T-1',
      sourceEventIds: ['ev-breach'],
    });
    expect(only(credits({}, [breach({ priority: 'critical' })])).net).toEqual(aud('-80.00'));
  });

  it('rest on the month\u2019s days of the cycle where a monthly fee counts from the contract\u2019s day, and minimums on a share of the month', () => {
    const recurringCharges = [fee({ price: '310.00', cycleAnchor: 'contract-day' })];
    const minimumCommitment = minimumOf('310.00', { countsRecurring: true });
    const terms = { recurringCharges, minimumCommitment, serviceLevels: levels() };
    const contract = contractWith({}, { ...versionsFrom(['2026-03-15', terms]), lastDay: '2026-04-14' });
    const all = (period: string, slaBreaches: readonly SlaBreach[] = []) =>
      chargesIn(period, contract, { slaBreaches }).charges.map(({ kind, net }) => `${kind} ${net.amount}`);
    // 17 of 31 days of the fee are March's, and of the minimum too: 170.00.
    expect(all('2026-03')).toEqual(['recurring 310.00']);
    // 14 of 30 days of April, of both. 14 of the 31 days that the fee is for: 140.00; 5 % of that.
    expect(all('2026-04', [breach({ breachedOn: '2026-04-10' })])).toEqual(['service-credit -7.00']);
  });

  it('give nothing for a target without a credit', () => {
    expect(credits({}, [breach({ target: 'resolution' })])).toEqual([]);
  });

  it('are at most the maximum of the period, in order of the breaches', () => {
    const slaBreaches = [breach({ ticketId: 'T-2', breachedOn: '2026-03-14' }), breach()];
    expect(credits({ maximumCreditPerPeriod: '70.00' }, slaBreaches).map(({ net }) => net.amount)).toEqual([
      '-50.00',
      '-20.00',
    ]);
  });

  it('are given once for each life of a ticket, and name the event of the breach', () => {
    const found = credits({}, [breach(), breach({ run: 2, eventId: 'ev-again', breachedOn: '2026-03-20' })]);
    expect(found.map(({ chargeItemId }) => chargeItemId)).toEqual([
      'con-1@credit@any@T-1@response',
      'con-1@credit@any@T-1@response@2',
    ]);
    expect(found[1]?.trace[0]).toMatchObject({ text: expect.stringContaining('event ev-again') });
  });

  it('take the stated tax category only while there is room, else that in which most remains (K7)', () => {
    const given = (gst: string, free: string, slaBreaches: readonly SlaBreach[] = [breach()]) => {
      const recurringCharges = [fee({ price: gst }), fee({ id: 'free', price: free, taxCategory: 'FREE' })];
      const contract = contractWith({ recurringCharges, serviceLevels: levels() });
      return chargesIn('2026-03', contract, { slaBreaches })
        .charges.filter(({ kind }) => kind === 'service-credit')
        .map(({ taxCategory, net }) => `${taxCategory} ${net.amount}`);
    };
    expect(given('10.00', '990.00')).toEqual(['FREE -50.00']);
    expect(given('50.00', '950.00')).toEqual(['GST -50.00']);
    expect(given('60.00', '940.00', [breach(), breach({ ticketId: 'T-2' })])).toEqual(['GST -50.00', 'FREE -50.00']);
  });

  it('are at most the recurring charges without a maximum', () => {
    const small = contractWith({ recurringCharges: [fee({ price: '60.00' })], serviceLevels: levels() });
    const { charges } = chargesIn('2026-03', small, { slaBreaches: [breach({ priority: 'critical' })] });
    expect(charges.find(({ kind }) => kind === 'service-credit')?.net).toEqual(aud('-60.00'));
  });

  it('are a gap while no invoice carries them, at once where a document of the period lacks them', () => {
    const contract = contractWith({ recurringCharges: [fee()], serviceLevels: levels() });
    const slaBreaches = [breach()];
    const gapOf = (changes: Partial<ClientPeriodFacts>) =>
      chargesIn('2026-03', contract, { slaBreaches, ...changes }).gaps.find(({ charge }) =>
        charge?.chargeId.endsWith('response'),
      );
    expect(gapOf({})).toMatchObject({ valueAtRisk: { money: aud('-50.00') } });
    const feeOnly = onInvoice(chargesIn('2026-03', contract).charges);
    expect(gapOf({ invoicedCharges: feeOnly })).toMatchObject({ dueOn: '2026-03-13', charge: { contractId: 'con-1' } });
  });

  it('are taken back when the breach turns out to be none', () => {
    const contract = contractWith({ recurringCharges: [fee()], serviceLevels: levels() });
    const invoicedCharges = onInvoice(chargesIn('2026-03', contract, { slaBreaches: [breach()] }).charges);
    const { charges } = chargesIn('2026-03', contract, { invoicedCharges });
    expect(charges.filter(({ kind }) => kind === 'service-credit').map(({ net }) => net.amount)).toEqual([
      '-50.00',
      '50.00',
    ]);
  });
});
