import { describe, expect, it } from '@jest/globals';
import { addDays, monthsBetween } from '@billtrail/kernel';
import type { ContractTerms, RecurringCharge } from '@billtrail/contracts';
import fc from 'fast-check';
import { contractWith, fee, monthOf, onInvoice, versionsFrom } from '../../testing/charges.js';
import { charged } from '../../testing/steps.js';
import type { ContractFacts, CountFacts, FeeDays } from '../facts.js';
import { changesCycles } from './cycles.js';
import { isJoined } from './joined.js';

const chargesIn = (period: string, contract: ContractFacts, changes = {}) =>
  charged(monthOf(period, [contract], changes), []).charges;
const shown = (period: string, contract: ContractFacts, changes = {}): readonly string[] =>
  chargesIn(period, contract, changes).map(
    ({ chargeItemId, from, to, quantity, net }) =>
      `${chargeItemId.slice('con-1@fee@'.length)} ${from}..${to} ${quantity} ${net.amount}`,
  );
const months =
  (...list: readonly string[]) =>
  (contract: ContractFacts) =>
    Object.fromEntries(list.map((month) => [month, shown(month, contract)]));
const yearly = (more: Partial<RecurringCharge> = {}): Partial<ContractTerms> => ({
  recurringCharges: [fee({ price: '12000.00', everyMonths: 12, cycleAnchor: 'contract-day', ...more })],
});
const count = (number: number, from: string): CountFacts => ({
  countOf: 'user',
  count: number,
  from,
  eventId: `ev-${from}`,
});

describe('a year that is the contract\u2019s year (K22)', () => {
  it('is one line of 12,000.00 from 15 March to 14 March', () => {
    const contract = contractWith({}, versionsFrom(['2026-03-15', yearly()]));
    expect(months('2026-03', '2026-04', '2027-02', '2027-03', '2028-03')(contract)).toEqual({
      '2026-03': ['fee@2026-03-15 2026-03-15..2027-03-14 1 12000.00'],
      '2026-04': [],
      '2027-02': [],
      '2027-03': ['fee@2027-03-15 2027-03-15..2028-03-14 1 12000.00'],
      '2028-03': ['fee@2028-03-15 2028-03-15..2029-03-14 1 12000.00'],
    });
  });
  it('is the calendar\u2019s where that is stated, as it is where nothing is', () => {
    for (const cycleAnchor of ['calendar', undefined] as const) {
      const { recurringCharges = [] } = yearly();
      const stated = recurringCharges.map(({ cycleAnchor: _anchor, ...rest }) => ({
        ...rest,
        ...(cycleAnchor && { cycleAnchor }),
      }));
      const contract = contractWith({}, versionsFrom(['2026-03-15', { recurringCharges: stated }]));
      expect(shown('2026-03', contract)).toEqual(['fee@2026-03-15 2026-03-15..2027-02-28 1 11539.73']);
    }
  });
  it('of months and quarters begins on the day too, on the last day of a month without it', () => {
    const monthly = contractWith({}, versionsFrom(['2026-01-31', yearly({ everyMonths: 1, price: '310.00' })]));
    expect(months('2026-01', '2026-02', '2026-03')(monthly)).toEqual({
      '2026-01': ['fee@2026-01-31 2026-01-31..2026-02-27 1 310.00'],
      '2026-02': ['fee@2026-02-28 2026-02-28..2026-03-30 1 310.00'],
      '2026-03': ['fee@2026-03-31 2026-03-31..2026-04-29 1 310.00'],
    });
    const quarterly = contractWith({}, versionsFrom(['2026-03-15', yearly({ everyMonths: 3, price: '900.00' })]));
    expect(months('2026-03', '2026-06', '2026-07')(quarterly)).toEqual({
      '2026-03': ['fee@2026-03-15 2026-03-15..2026-06-14 1 900.00'],
      '2026-06': ['fee@2026-06-15 2026-06-15..2026-09-14 1 900.00'],
      '2026-07': [],
    });
  });
  it('in arrears is in the account of its last day, or of the last day that is charged for', () => {
    const terms = yearly({ billed: 'in-arrears' });
    const contract = contractWith({}, versionsFrom(['2026-03-15', terms]));
    expect(months('2026-03', '2027-03')(contract)).toEqual({
      '2026-03': [],
      '2027-03': ['fee@2026-03-15 2026-03-15..2027-03-14 1 12000.00'],
    });
    const left = contractWith({}, { ...versionsFrom(['2026-03-15', terms]), lastDay: '2026-05-26' });
    // 73 of 365 days.
    expect(months('2026-05', '2027-03')(left)).toEqual({
      '2026-05': ['fee@2026-03-15 2026-03-15..2026-05-26 1 2400.00'],
      '2027-03': [],
    });
  });
  it('gives back what is not covered after its invoice', () => {
    const contract = contractWith({}, versionsFrom(['2026-03-15', yearly()]));
    const invoiced = { invoicedCharges: onInvoice(chargesIn('2026-03', contract)) };
    const left = { ...contract, lastDay: '2026-05-26' };
    expect(chargesIn('2026-03', left, invoiced).map(({ net }) => net.amount)).toEqual(['12000.00', '-9600.00']);
  });
  it('keeps its day over a version that changes the price', () => {
    const contract = contractWith(
      {},
      versionsFrom(['2026-03-15', yearly()], ['2026-10-01', yearly({ price: '14600.00' })]),
    );
    expect(shown('2026-03', contract)).toEqual([
      'fee@2026-03-15 2026-03-15..2026-09-30 1 6575.34',
      'fee@2026-10-01 2026-10-01..2027-03-14 1 6600.00',
    ]);
    expect(shown('2027-03', contract)).toEqual(['fee@2027-03-15 2027-03-15..2028-03-14 1 14600.00']);
  });
});

describe('units that join a cycle (K22)', () => {
  const seats = yearly({ basis: 'per-user', countOf: 'user', price: '372.00' });
  const of = (...counts: readonly ReturnType<typeof count>[]) =>
    contractWith({}, { ...versionsFrom(['2026-03-15', seats]), counts });

  it('are charged to its end in the account of the month in which they join: four from 15 August are 864.26', () => {
    const contract = of(count(10, '2026-03-15'), count(14, '2026-08-15'));
    expect(months('2026-03', '2026-07', '2026-08', '2026-09', '2027-03')(contract)).toEqual({
      '2026-03': ['fee@2026-03-15 2026-03-15..2027-03-14 10 3720.00'],
      '2026-07': [],
      '2026-08': ['fee@2026-08-15 2026-08-15..2027-03-14 4 864.26'],
      '2026-09': [],
      '2027-03': ['fee@2027-03-15 2027-03-15..2028-03-14 14 5208.00'],
    });
  });
  it('leave the invoice of the first month alone', () => {
    const invoiced = { invoicedCharges: onInvoice(chargesIn('2026-03', of(count(10, '2026-03-15')))) };
    expect(shown('2026-03', of(count(10, '2026-03-15'), count(14, '2026-08-15')), invoiced)).toEqual([
      'fee@2026-03-15 2026-03-15..2027-03-14 10 3720.00',
    ]);
  });
  it('are given back in the account of the month in which they leave, and corrected where they joined', () => {
    const joined = of(count(10, '2026-03-15'), count(14, '2026-08-15'));
    const invoiced = { invoicedCharges: onInvoice(chargesIn('2026-08', joined)) };
    const left = of(count(10, '2026-03-15'), count(14, '2026-08-15'), count(11, '2026-12-01'));
    expect(shown('2026-08', left, invoiced)).toEqual(['fee@2026-08-15 2026-08-15..2027-03-14 4 864.26']);
    // 3 x 372.00 x 104/365.
    expect(shown('2026-12', left)).toEqual(['fee@2026-12-01 2026-12-01..2027-03-14 -3 -317.98']);
    const fewer = of(count(10, '2026-03-15'), count(14, '2026-08-15'), {
      ...count(12, '2026-08-15'),
      eventId: 'ev-later',
    });
    expect(chargesIn('2026-08', fewer, invoiced).map(({ net }) => net.amount)).toEqual(['864.26', '-432.13']);
  });
  describe('and are committed to', () => {
    const until = { commitment: { until: '2026-08-15', increaseOnly: true } } as const;
    const held = yearly({ basis: 'per-user', countOf: 'user', price: '365.00', cycleAnchor: 'calendar', ...until });
    const free = yearly({ basis: 'per-user', countOf: 'user', price: '365.00', cycleAnchor: 'calendar' });
    const counts = [count(10, '2026-01-01'), count(4, '2026-06-01')];
    const year = monthsBetween('2026-01', '2026-12');
    const accounts = (contract: ContractFacts) =>
      Object.fromEntries(Object.entries(months(...year)(contract)).filter(([, lines]) => lines.length > 0));
    it('are given back in the account of the month in which they leave: after the commitment', () => {
      // 6 x 365.00 x 138/365, 16 August to 31 December.
      expect(accounts(contractWith({}, { ...versionsFrom(['2026-01-01', held]), counts }))).toEqual({
        '2026-01': ['fee@2026-01-01 2026-01-01..2026-12-31 10 3650.00'],
        '2026-08': ['fee@2026-08-16 2026-08-16..2026-12-31 -6 -828.00'],
      });
    });
    it('or with the version that no longer commits to them', () => {
      // 10 x 212 days and 10 x 153 days from 1 August; 6 x 153 of those go back.
      const contract = contractWith({}, { ...versionsFrom(['2026-01-01', held], ['2026-08-01', free]), counts });
      expect(accounts(contract)).toEqual({
        '2026-01': [
          'fee@2026-01-01 2026-01-01..2026-07-31 10 2120.00',
          'fee@2026-08-01 2026-08-01..2026-12-31 10 1530.00',
        ],
        '2026-08': ['fee@2026-08-01 2026-08-01..2026-12-31 -6 -918.00'],
      });
    });
    it('and what joins while they are held is more than those', () => {
      const contract = contractWith(
        {},
        { ...versionsFrom(['2026-01-01', held]), counts: [...counts, count(12, '2026-07-01')] },
      );
      // 2 x 184 days from 1 July; nobody leaves.
      expect(accounts(contract)).toEqual({
        '2026-01': ['fee@2026-01-01 2026-01-01..2026-12-31 10 3650.00'],
        '2026-07': ['fee@2026-07-01 2026-07-01..2026-12-31 2 368.00'],
      });
    });
    it('are asked no more after the contract that ended before', () => {
      const contract = contractWith({}, { ...versionsFrom(['2026-01-01', held]), counts, lastDay: '2026-06-30' });
      // 10 x 227 days to 15 August.
      expect(accounts(contract)).toEqual({ '2026-01': ['fee@2026-01-01 2026-01-01..2026-08-15 10 2270.00'] });
    });
  });
  it('that join twice in a month, and are priced anew later, are lines of their own that do not meet', () => {
    const dearer = yearly({ basis: 'per-user', countOf: 'user', price: '730.00' });
    const counts = [count(10, '2026-03-15'), count(12, '2026-08-10'), count(15, '2026-08-20')];
    const contract = contractWith({}, { ...versionsFrom(['2026-03-15', seats], ['2026-10-01', dearer]), counts });
    expect(shown('2026-08', contract)).toEqual([
      'fee@2026-08-10 2026-08-10..2026-08-19 2 20.38',
      'fee@2026-08-20 2026-08-20..2026-09-30 5 214.03',
      'fee@2026-10-01 2026-10-01..2027-03-14 5 1650.00',
    ]);
  });
  it('that join twice in a month cost the same, whatever was invoiced between and whichever was recorded first', () => {
    const [first, second] = [count(14, '2026-08-15'), count(15, '2026-08-25')];
    const both = of(count(10, '2026-03-15'), first, second);
    // 4 x 372.00 x 10/365 = 40.77, then 5 x 372.00 x 202/365 = 1,029.37.
    expect(shown('2026-08', both)).toEqual([
      'fee@2026-08-15 2026-08-15..2026-08-24 4 40.77',
      'fee@2026-08-25 2026-08-25..2027-03-14 5 1029.37',
    ]);
    expect(shown('2026-08', of(count(10, '2026-03-15'), second, first))).toEqual(shown('2026-08', both));
    const total = (one: ContractFacts, changes = {}) =>
      chargesIn('2026-08', one, changes).reduce((sum, { net }) => sum + Math.round(Number(net.amount) * 100), 0);
    const after = (counted: ReturnType<typeof count>) => ({
      invoicedCharges: onInvoice(chargesIn('2026-08', of(count(10, '2026-03-15'), counted))),
    });
    expect([total(both), total(both, after(first)), total(both, after(second))]).toEqual([107_014, 107_014, 107_014]);
  });
  describe('whose count is recorded late', () => {
    const late = (recordedOn: string, number = 14, from = '2026-08-15') => ({ ...count(number, from), recordedOn });
    const base = { ...count(10, '2026-03-15'), recordedOn: '2026-03-16' };
    const joined = 'fee@2026-08-15 2026-08-15..2027-03-14 4 864.26';
    const accounts = (contract: ContractFacts, ...list: readonly string[]) =>
      Object.fromEntries(Object.entries(months(...list)(contract)).filter(([, lines]) => lines.length > 0));
    it('are charged in the account of the month in which it is known: recorded in the next month still that of its day', () => {
      for (const [recordedOn, month] of [
        ['2026-08-15', '2026-08'],
        ['2026-09-30', '2026-08'],
        ['2026-10-01', '2026-10'],
        ['2027-01-20', '2027-01'],
      ] as const)
        expect(accounts(of(base, late(recordedOn)), '2026-08', '2026-09', '2026-10', '2027-01')).toEqual({
          [month]: [joined],
        });
      // Known in the next cycle: the days of the one before, once, and all of them in the next.
      expect(accounts(of(base, late('2027-05-02')), '2026-08', '2027-03', '2027-05')).toEqual({
        '2027-03': ['fee@2027-03-15 2027-03-15..2028-03-14 10 3720.00'],
        '2027-05': [joined, 'fee@2027-03-15 2027-03-15..2028-03-14 4 1488.00'],
      });
    });
    it('and lies between two others: the days until the next one, and no more', () => {
      const between = of(
        base,
        { ...count(14, '2026-08-15'), recordedOn: '2026-08-15' },
        late('2026-10-09', 12, '2026-07-01'),
      );
      // 2 x 372.00 x 45/365 for 1 July to 14 August.
      expect(accounts(between, '2026-03', '2026-07', '2026-08', '2026-10')).toEqual({
        '2026-03': ['fee@2026-03-15 2026-03-15..2027-03-14 10 3720.00'],
        '2026-08': [joined],
        '2026-10': ['fee@2026-07-01 2026-07-01..2026-08-14 2 91.73'],
      });
    });
    it('in the last month of a contract that has ended, and with the first counts as if all had been there', () => {
      const ended = { ...of(base, late('2027-01-05')), lastDay: '2026-10-31' };
      // 4 x 372.00 x 78/365 to the end of October.
      expect(accounts(ended, '2026-08', '2026-10', '2027-01')).toEqual({
        '2026-10': ['fee@2026-08-15 2026-08-15..2026-10-31 4 317.98'],
      });
      const golive = of({ ...base, recordedOn: '2026-11-30' }, late('2026-11-30'));
      expect(accounts(golive, '2026-08', '2026-11')).toEqual({ '2026-08': [joined] });
    });
    it('come to the same over all accounts, whenever each was recorded', () => {
      fc.assert(
        fc.property(
          fc.array(
            fc.tuple(
              fc.integer({ min: 0, max: 9 }),
              fc.integer({ min: 0, max: 364 }),
              fc.integer({ min: 0, max: 364 }),
            ),
            {
              minLength: 1,
              maxLength: 5,
            },
          ),
          (facts) => {
            // 365.00 a year: a day of a seat is one dollar, so that no cut rounds.
            const dollars = yearly({ basis: 'per-user', countOf: 'user', price: '365.00' });
            const counts = facts.map(([number, day, lag], index) => ({
              ...count(number, addDays('2026-03-15', day)),
              eventId: `ev-${index}`,
              recordedOn: addDays('2026-03-15', day + lag),
            }));
            const contract = (all: ContractFacts['counts'] = []) =>
              contractWith(
                {},
                { ...versionsFrom(['2026-03-15', dollars]), counts: [base, ...all], lastDay: '2027-03-14' },
              );
            const sum = (one: ContractFacts) =>
              monthsBetween('2026-03', '2028-03')
                .flatMap((month) => chargesIn(month, one))
                .reduce((all, { net }) => all + Math.round(Number(net.amount)), 0);
            expect(sum(contract(counts))).toBe(sum(contract(counts.map(({ recordedOn: _late, ...one }) => one))));
          },
        ),
        { numRuns: 60 },
      );
    });
  });
  it('come to what the days and counts of the cycle come to, over all accounts', () => {
    const contract = of(
      count(3, '2026-03-15'),
      count(9, '2026-05-01'),
      count(4, '2026-05-20'),
      count(7, '2027-01-31'),
      count(1, '2027-03-01'),
    );
    const all = ['03', '04', '05', '06', '07', '08', '09', '10', '11', '12'].map((month) => `2026-${month}`);
    const cents = [...all, '2027-01', '2027-02', '2027-03']
      .flatMap((month) => chargesIn(month, contract).filter(({ to }) => to <= '2027-03-14'))
      .reduce((sum, { net }) => sum + Math.round(Number(net.amount) * 100), 0);
    const exact = (37_200 * (3 * 47 + 9 * 19 + 4 * 256 + 7 * 29 + 1 * 14)) / 365;
    expect(Math.abs(cents - exact)).toBeLessThan(3);
  });
  it('without a count are told as lacking in the first account', () => {
    const { charges, gaps } = charged(monthOf('2026-03', [of(count(3, '2026-05-01'))]), []);
    expect(charges.map(({ net }) => net.amount)).toEqual(['972.30']);
    expect(gaps.map(({ cause }) => cause)).toContain(
      'Managed service from 2026-03-15 to 2026-04-30: nobody recorded how many user there are',
    );
  });
});

describe('a commitment that only rises (K25)', () => {
  const committed = (until: string, more: Partial<RecurringCharge> = {}): Partial<ContractTerms> => ({
    recurringCharges: [
      fee({
        basis: 'per-user',
        countOf: 'user',
        price: '240.00',
        everyMonths: 12,
        commitment: { until, increaseOnly: true },
        ...more,
      }),
    ],
  });
  const counts = [count(44, '2026-01-01'), count(38, '2026-07-02')];

  it('credits nothing for 44 seats that become 38 in the middle of the year', () => {
    const contract = contractWith(committed('2026-12-31'), { counts: counts.slice(0, 1) });
    const invoiced = { invoicedCharges: onInvoice(chargesIn('2026-01', contract)) };
    expect(shown('2026-01', contractWith(committed('2026-12-31'), { counts }), invoiced)).toEqual([
      'fee@2026-01-01 2026-01-01..2026-12-31 44 10560.00',
    ]);
    const free = { recurringCharges: [fee({ basis: 'per-user', countOf: 'user', price: '240.00', everyMonths: 12 })] };
    expect(chargesIn('2026-01', contractWith(free, { counts }), invoiced).map(({ net }) => net.amount)).toEqual([
      '10560.00',
      // 6 x 240.00 x 183/365, of two lines that are each rounded.
      '-721.98',
    ]);
  });
  it('lets fewer seats take effect after it', () => {
    const contract = contractWith(committed('2026-12-31'), { counts });
    expect(shown('2027-01', contract)).toEqual(['fee@2027-01-01 2027-01-01..2027-12-31 38 9120.00']);
    const within = contractWith(committed('2026-09-30', { everyMonths: 1, price: '31.00' }), { counts });
    expect(['2026-07', '2026-09', '2026-10'].map((month) => shown(month, within))).toEqual([
      ['fee@2026-07-01 2026-07-01..2026-07-31 44 1364.00'],
      ['fee@2026-09-01 2026-09-01..2026-09-30 44 1364.00'],
      ['fee@2026-10-01 2026-10-01..2026-10-31 38 1178.00'],
    ]);
    const inTheMiddle = contractWith(committed('2026-09-15', { everyMonths: 1, price: '30.00' }), { counts });
    expect(shown('2026-09', inTheMiddle)).toEqual([
      'fee@2026-09-01 2026-09-01..2026-09-15 44 660.00',
      'fee@2026-09-16 2026-09-16..2026-09-30 38 570.00',
    ]);
  });
  it('lets more seats join, and holds them too', () => {
    const more = [...counts, count(50, '2026-10-01'), count(40, '2026-11-01')];
    const contract = contractWith(committed('2026-12-31', { everyMonths: 1, price: '31.00' }), { counts: more });
    expect(
      ['2026-08', '2026-10', '2026-11', '2027-01'].map((month) => chargesIn(month, contract)[0]?.quantity),
    ).toEqual(['44', '50', '50', '40']);
  });
  it('of a count that was corrected for its own day holds what it was corrected to', () => {
    const corrected = [count(44, '2026-01-01'), { ...count(40, '2026-01-01'), eventId: 'ev-corrected' }];
    expect(shown('2026-01', contractWith(committed('2026-12-31'), { counts: corrected }))[0]).toMatch(/ 40 9600.00$/);
  });
  it('begins with the version that brings it, and holds nothing where it says so', () => {
    const later = contractWith(
      {},
      {
        ...versionsFrom(
          [
            '2026-01-01',
            committed('2026-12-31', { everyMonths: 1, commitment: { until: '2026-12-31', increaseOnly: false } }),
          ],
          ['2026-08-01', committed('2026-12-31', { everyMonths: 1 })],
        ),
        counts,
      },
    );
    expect(['2026-08', '2026-09'].map((month) => chargesIn(month, later)[0]?.quantity)).toEqual(['38', '38']);
  });
  it('names the unused licences where the fee is explained', () => {
    const contract = contractWith(committed('2026-12-31', { everyMonths: 1 }), { counts });
    const texts = chargesIn('2026-08', contract)[0]?.trace.map(({ text }) => text) ?? [];
    expect(texts).toContain('38 user recorded from 2026-07-02 on: 6 unused licences, committed until 2026-12-31');
    expect(chargesIn('2026-06', contract)[0]?.trace.some(({ text }) => text.includes('unused'))).toBe(false);
  });
});

describe('a contract whose fees may come to be in the account of another month', () => {
  const changes = (...list: readonly Partial<RecurringCharge>[]) =>
    changesCycles(
      contractWith(
        {},
        versionsFrom(
          ...list.map((more, index) => [`2026-0${index + 1}-01`, { recurringCharges: [fee(more)] }] as const),
        ),
      ).versions,
    );

  it('has a billing frequency that changes, another beginning of its cycles, or is billed at another end of them', () => {
    expect(changes({ everyMonths: 3 }, { everyMonths: 12 })).toBe(true);
    expect(changes({ everyMonths: 3 }, { everyMonths: 3, cycleAnchor: 'contract-day' })).toBe(true);
    expect(changes({}, { billed: 'in-arrears' })).toBe(true);
    expect(changes({ everyMonths: 3 }, { everyMonths: 3, price: '7.00' })).toBe(false);
    expect(changes({}, { everyMonths: 1, cycleAnchor: 'calendar' })).toBe(false);
    // Two terms are two fees.
    expect(changes({ id: 'a', everyMonths: 3 }, { id: 'b', everyMonths: 12 })).toBe(false);
  });

  it('or cycles that are counted from another day: of a term that is left out in between, or begins earlier by a later version', () => {
    const on = (...list: readonly (readonly [string, Partial<RecurringCharge> | null])[]) =>
      changesCycles(
        contractWith(
          {},
          versionsFrom(
            ...list.map(([day, more]) => [day, more === null ? {} : { recurringCharges: [fee(more)] }] as const),
          ),
        ).versions,
      );
    const byTheYear = { everyMonths: 12 } as const;
    const [january, february, march] = ['2026-01-15', '2026-02-10', '2026-03-01'] as const;
    expect(on([january, byTheYear], [february, null], [march, byTheYear])).toBe(true);
    // Superseded by now.
    expect(on([january, byTheYear], [february, null], [march, byTheYear], [february, byTheYear])).toBe(true);
    expect(on([february, null], [march, byTheYear], [february, byTheYear])).toBe(true);
    expect(on([march, byTheYear], [january, byTheYear])).toBe(true);
    expect(on([january, null], [february, byTheYear], [march, null])).toBe(false);
    expect(on([january, byTheYear], [march, byTheYear], [february, byTheYear])).toBe(false);
    // A month of the calendar is in one account, whatever becomes of it.
    expect(on([january, {}], [february, null], [march, {}])).toBe(false);
    expect(on([january, { cycleAnchor: 'contract-day' }], [february, null], [march, byTheYear])).toBe(true);
  });

  it('or is billed in arrears of more than a month, which end where the contract does', () => {
    expect(changes({ billed: 'in-arrears' })).toBe(false);
    expect(changes({ billed: 'in-arrears', everyMonths: 3 })).toBe(true);
    expect(changes({ billed: 'in-arrears', cycleAnchor: 'contract-day' })).toBe(true);
    expect(changes({ everyMonths: 3 })).toBe(false);
    expect(changesCycles(contractWith({}).versions)).toBe(false);
  });
});

describe('days of a fee that the account of another month has asked for', () => {
  const contract = contractWith({ recurringCharges: [fee({ price: '3100.00' })] });
  const elsewhere = (changes: Partial<FeeDays>) => {
    const days = { period: '2026-02', contractId: 'con-1', termId: 'fee', from: '2026-03-01', to: '2026-03-31' };
    return chargesIn('2026-03', contract, { feesElsewhere: [{ ...days, ...changes }] }).map(
      ({ from, to, net }) => `${from}..${to} ${net.amount}`,
    );
  };

  it('are not asked for again, be they all or some of the month', () => {
    expect(elsewhere({})).toEqual([]);
    expect(elsewhere({ to: '2026-03-10' })).toEqual(['2026-03-11..2026-03-31 2100.00']);
  });

  it('are of this contract and this term', () => {
    expect(elsewhere({ contractId: 'con-2' })).toEqual(['2026-03-01..2026-03-31 3100.00']);
    expect(elsewhere({ termId: 'other' })).toEqual(['2026-03-01..2026-03-31 3100.00']);
  });
});

describe('units that join within a cycle', () => {
  it('are those of several months in advance, by a count, with a beginning that is stated', () => {
    const counted = { basis: 'per-device', countOf: 'server', everyMonths: 12, cycleAnchor: 'contract-day' } as const;
    const of = (changes: Partial<RecurringCharge>) => isJoined(fee({ ...counted, ...changes }));
    expect([of({}), of({ basis: 'per-user' }), of({ cycleAnchor: 'calendar' }), of({ everyMonths: 3 })]).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect([of({ basis: 'fixed' }), of({ billed: 'in-arrears' }), of({ everyMonths: 1 })]).toEqual([
      false,
      false,
      false,
    ]);
    const { cycleAnchor: _anchor, ...unanchored } = counted;
    const { everyMonths: _months, ...monthly } = counted;
    expect([isJoined(fee(unanchored)), isJoined(fee(monthly))]).toEqual([false, false]);
  });
});
