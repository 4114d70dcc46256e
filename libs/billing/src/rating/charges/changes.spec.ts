import { describe, expect, it } from '@jest/globals';
import { Money, monthsBetween } from '@billtrail/kernel';
import type { ContractTerms, Proration, ProrationRule, RecurringCharge } from '@billtrail/contracts';
import { allotment, contractWith, fee, minutes, monthOf, onInvoice, versionsFrom } from '../../testing/charges.js';
import { charged } from '../../testing/steps.js';
import type { ContractFacts, CountFacts } from '../facts.js';
import { grantsOf } from '../prepaid/grants.js';

const RULES: readonly ProrationRule[] = ['daily', 'whole-period', 'next-period', 'thirtieths'];

const chargesIn = (period: string, contract: ContractFacts, changes = {}) =>
  charged(monthOf(period, [contract], changes), []).charges;
const nets = (period: string, contract: ContractFacts, changes = {}): readonly string[] =>
  chargesIn(period, contract, changes).map(({ net }) => net.amount);
function sumOf(list: readonly string[]): string {
  return Money.sum(
    list.map((one) => Money.of(one, 'AUD')),
    'AUD',
  ).toJSON().amount;
}
const sum = (period: string, contract: ContractFacts, changes = {}): string => sumOf(nets(period, contract, changes));
const count = (number: number, from: string): CountFacts => ({
  countOf: 'user',
  count: number,
  from,
  eventId: `ev-${from}`,
});
const NEXT_UP: Proration = { increases: 'next-period', decreases: 'daily' };
const NEXT_DOWN: Proration = { increases: 'daily', decreases: 'next-period' };

describe('a suspension within a cycle', () => {
  const TEN_DAYS = [{ from: '2026-10-11', resumedOn: '2026-10-21' }];
  const rested = (proration: Proration, suspensions: ContractFacts['suspensions'] = TEN_DAYS) =>
    contractWith({ recurringCharges: [fee({ price: '3100.00', proration })] }, { suspensions });

  it.each([
    // 100.00 a day: 31 days less ten. When it is over, the fee is what it was.
    ['daily', 'daily', '2100.00'],
    ['next-period', 'daily', '2100.00'],
    ['whole-period', 'daily', '2100.00'],
    // 20 of 30.
    ['next-period', 'thirtieths', '2066.67'],
    // What ends with the cycle only is not interrupted in it either.
    ['daily', 'next-period', '3100.00'],
    ['next-period', 'whole-period', '3100.00'],
  ] as const)(
    'is a decrease, and its end no increase: increases %s, decreases %s',
    (increases, decreases, expected) => {
      const contract = rested({ increases, decreases });
      expect(sum('2026-10', contract)).toBe(expected);
      expect(sum('2026-11', contract)).toBe('3100.00');
      const invoiced = { invoicedCharges: onInvoice(chargesIn('2026-10', rested({ increases, decreases }, []))) };
      expect(sum('2026-10', contract, invoiced)).toBe(expected);
    },
  );
  it('of a year: 3,650.00 less 30 days, invoiced before and afterwards', () => {
    const terms = { recurringCharges: [fee({ price: '3650.00', everyMonths: 12, proration: NEXT_UP })] };
    const year = contractWith({}, versionsFrom(['2026-08-01', terms]));
    const november = { ...year, suspensions: [{ from: '2026-11-01', resumedOn: '2026-12-01' }] };
    expect(sum('2026-08', november)).toBe('3350.00');
    expect(nets('2026-08', november, { invoicedCharges: onInvoice(chargesIn('2026-08', year)) })).toEqual([
      '3650.00',
      '-300.00',
    ]);
  });
  it('into a month of 31 days: what is left of it by the rule of decreases', () => {
    const since = [{ from: '2026-09-11', resumedOn: '2026-10-09' }];
    // From the 9th on: 23 of 31 days at 100.00, or 22 of 30.
    expect(sum('2026-10', rested({ increases: 'daily', decreases: 'daily' }, since))).toBe('2300.00');
    expect(sum('2026-10', rested({ increases: 'daily', decreases: 'thirtieths' }, since))).toBe('2273.33');
    expect(sum('2026-10', rested({ increases: 'thirtieths', decreases: 'thirtieths' }, since))).toBe('2273.33');
  });
  it('into the next cycle: by any rule of that one only the days after it', () => {
    for (const increases of RULES)
      for (const decreases of RULES) {
        const contract = rested({ increases, decreases }, [{ from: '2026-10-11', resumedOn: '2026-11-16' }]);
        // 15 of 30 days.
        expect([increases, decreases, sum('2026-11', contract)]).toEqual([increases, decreases, '1550.00']);
      }
  });
  it('lets another price of its days wait, where increases do', () => {
    const [before, after] = ['3100.00', '6200.00'].map((price) => ({
      recurringCharges: [fee({ price, proration: NEXT_UP })],
    }));
    const contract = contractWith(
      {},
      { ...versionsFrom(['2026-01-01', before ?? {}], ['2026-10-15', after ?? {}]), suspensions: TEN_DAYS },
    );
    expect([sum('2026-10', contract), sum('2026-11', contract)]).toEqual(['2100.00', '6200.00']);
  });
  it('is a start where the charge began in it', () => {
    const begun = { recurringCharges: [fee({ price: '3100.00', proration: NEXT_UP })] };
    const contract = contractWith(
      {},
      { ...versionsFrom(['2026-01-01', {}], ['2026-10-15', begun]), suspensions: TEN_DAYS },
    );
    expect([nets('2026-10', contract), sum('2026-11', contract)]).toEqual([[], '3100.00']);
  });
  it('is the same of an allotment: 600 minutes less 10 of 31 days', () => {
    const one = allotment({ base: minutes(600), proration: NEXT_UP });
    const contract = contractWith({ prepaid: { allotment: one } }, { suspensions: TEN_DAYS });
    expect(grantsOf(contract, '2026-10').map(({ allotment: { base } }) => base)).toEqual([minutes(406)]);
  });
});

describe('a price and a count', () => {
  const seat = (price: string, proration: Proration): Partial<ContractTerms> => ({
    recurringCharges: [fee({ basis: 'per-user', countOf: 'user', price, proration })],
  });
  const of = (proration: Proration, prices: readonly (readonly [string, string])[], counts: readonly CountFacts[]) =>
    contractWith(
      {},
      { ...versionsFrom(...prices.map(([from, price]) => [from, seat(price, proration)] as const)), counts },
    );

  it('that change on one day are each judged by itself', () => {
    const prices = [
      ['2026-09-01', '30.00'],
      ['2026-09-16', '45.00'],
    ] as const;
    const counts = [count(10, '2026-09-01'), count(6, '2026-09-16')];
    // 10 x 30.00 x 15/30 + 10 x 45.00 x 15/30; six from October on.
    expect([sum('2026-09', of(NEXT_DOWN, prices, counts)), sum('2026-10', of(NEXT_DOWN, prices, counts))]).toEqual([
      '375.00',
      '270.00',
    ]);
    // 10 x 30.00 x 15/30 + 6 x 30.00 x 15/30; 45.00 from October on.
    expect([sum('2026-09', of(NEXT_UP, prices, counts)), sum('2026-10', of(NEXT_UP, prices, counts))]).toEqual([
      '240.00',
      '270.00',
    ]);
    // 10 x 45.00 x 15/30 + 6 x 45.00 x 15/30: a whole price, and seats by the day.
    expect(sum('2026-09', of({ increases: 'whole-period' }, prices, counts))).toBe('360.00');
  });
  it('that change on two days neither hide each other', () => {
    const prices = [
      ['2026-10-01', '31.00'],
      ['2026-10-10', '62.00'],
    ] as const;
    // 10 x 31.00 x 19/31 + 7 x 31.00 x 12/31 = 190.00 + 84.00.
    expect(nets('2026-10', of(NEXT_UP, prices, [count(10, '2026-10-01'), count(7, '2026-10-20')]))).toEqual([
      '190.00',
      '84.00',
    ]);
  });
  it('come after an invoice to what they come to without', () => {
    const counts = [count(10, '2026-10-01'), count(6, '2026-10-12'), count(9, '2026-10-25')];
    for (const increases of RULES)
      for (const decreases of RULES) {
        const first = of({ increases, decreases }, [['2026-10-01', '31.00']], counts.slice(0, 1));
        const then = of(
          { increases, decreases },
          [
            ['2026-10-01', '31.00'],
            ['2026-10-08', '62.00'],
            ['2026-10-20', '46.50'],
          ],
          counts,
        );
        const invoiced = { invoicedCharges: onInvoice(chargesIn('2026-10', first)) };
        expect([increases, decreases, sum('2026-10', then, invoiced)]).toEqual([
          increases,
          decreases,
          sum('2026-10', then),
        ]);
      }
  });
  it('that rises for a whole period takes nothing from days on which there was more', () => {
    const counts = [count(10, '2026-10-01'), count(3, '2026-10-11'), count(4, '2026-10-21')];
    // 10 x 10/31 + 4 x 21/31, of 31.00.
    expect(sum('2026-10', of({ increases: 'whole-period' }, [['2026-10-01', '31.00']], counts))).toBe('184.00');
  });
  it('of which a discount is part: half off is a lower price', () => {
    const half = {
      id: 'half',
      name: 'Half',
      kind: 'percent',
      percent: '50',
      order: 'before-minimum',
      includesRecurring: true,
    } as const;
    const halved = (proration: Proration) =>
      contractWith(
        {},
        {
          ...versionsFrom(
            ['2026-09-01', seat('30.00', proration)],
            ['2026-09-16', { ...seat('30.00', proration), discounts: [half] }],
          ),
          counts: [count(10, '2026-09-01')],
        },
      );
    expect([sum('2026-09', halved(NEXT_DOWN)), sum('2026-10', halved(NEXT_DOWN))]).toEqual(['300.00', '150.00']);
    expect(sum('2026-09', halved(NEXT_UP))).toBe('225.00');
  });
});

describe('seats of a year in advance', () => {
  const seats = (
    proration: Proration,
    price = '365.00',
    more: Partial<RecurringCharge> = {},
  ): Partial<ContractTerms> => ({
    recurringCharges: [
      fee({
        basis: 'per-user',
        countOf: 'user',
        price,
        everyMonths: 12,
        cycleAnchor: 'contract-day',
        proration,
        ...more,
      }),
    ],
  });
  const accounts = (contract: ContractFacts, list = monthsBetween('2026-08', '2027-07')) =>
    Object.fromEntries(
      list.flatMap((month) => {
        const all = nets(month, contract);
        return all.length === 0 ? [] : [[month, all]];
      }),
    );
  const of = (terms: Partial<ContractTerms>, ...counts: readonly CountFacts[]) =>
    contractWith({}, { ...versionsFrom(['2026-08-01', terms]), counts });

  it.each(['whole-period', 'next-period'] as const)(
    'that are paid to its end (%s) are not charged again',
    (decreases) => {
      const terms = seats({ increases: 'daily', decreases });
      // Twelve are paid to July: eight and eleven are no more than that.
      expect(accounts(of(terms, count(12, '2026-08-01'), count(8, '2026-10-01'), count(11, '2026-11-01')))).toEqual({
        '2026-08': ['4380.00'],
      });
      // Two more from 15 September: 2 x 320; nine and thirteen are within fourteen.
      const joined = of(
        terms,
        count(12, '2026-08-01'),
        count(14, '2026-09-15'),
        count(9, '2026-10-01'),
        count(13, '2026-11-01'),
      );
      expect(accounts(joined)).toEqual({ '2026-08': ['4380.00'], '2026-09': ['640.00'] });
      // Fifteen are one more than the fourteen that are paid: 243 days from 1 December to 31 July.
      expect(accounts({ ...joined, counts: [...(joined.counts ?? []), count(15, '2026-12-01')] })).toEqual({
        '2026-08': ['4380.00'],
        '2026-09': ['640.00'],
        '2026-12': ['243.00'],
      });
      // And from the next cycle on as many as there are.
      expect(accounts(joined, ['2027-08'])).toEqual({ '2027-08': ['4745.00'] });
    },
  );
  it('of quarters the same', () => {
    const terms = seats({ increases: 'daily', decreases: 'next-period' }, '92.00', {
      everyMonths: 3,
      cycleAnchor: 'calendar',
    });
    const contract = of(terms, count(12, '2026-08-01'), count(8, '2026-09-01'), count(11, '2026-09-15'));
    expect(accounts(contract, ['2026-08', '2026-09', '2026-10'])).toEqual({ '2026-08': ['1104.00'] });
  });
  it('that leave go back at what was paid for them, not at a price that waits for the next cycle', () => {
    const contract = (left: number) =>
      contractWith(
        {},
        {
          ...versionsFrom(['2026-08-01', seats(NEXT_UP)], ['2026-10-01', seats(NEXT_UP, '730.00')]),
          counts: [count(10, '2026-08-01'), count(left, '2026-11-01')],
        },
      );
    // 365.00 a year is 1.00 a day: ten, or three, of 273 days from 1 November to 31 July.
    expect(accounts(contract(0))).toEqual({ '2026-08': ['3650.00'], '2026-11': ['-2730.00'] });
    expect(accounts(contract(7))).toEqual({ '2026-08': ['3650.00'], '2026-11': ['-819.00'] });
    expect(accounts(contract(7), ['2027-08'])).toEqual({ '2027-08': ['5110.00'] });
    const invoiced = { invoicedCharges: onInvoice(chargesIn('2026-08', contract(10))) };
    expect(nets('2026-08', contract(0), invoiced)).toEqual(['3650.00']);
  });
  it('that join by the day and leave by thirtieths are each counted by their own rule, in whichever account (K22, K28)', () => {
    // 365.00 and 360 thirtieths a year. Two more from 15 September: 2 x 320 days of 365. Three fewer from 11 December: 3 x 365.00 x 230/360 = 699.583.
    const rules = { increases: 'daily', decreases: 'thirtieths' } as const;
    const terms = seats(rules);
    const [ten, twelve, nine] = [count(10, '2026-08-01'), count(12, '2026-09-15'), count(9, '2026-12-11')];
    const known = of(terms, ten, twelve, nine);
    expect(accounts(known)).toEqual({ '2026-08': ['3650.00'], '2026-09': ['640.00'], '2026-12': ['-699.58'] });
    // Known together, in one account: ten to 14 September, twelve to 10 December, nine from then on.
    const arrears = {
      ...of(seats(rules, '365.00', { billed: 'in-arrears' }), ten, twelve, nine),
      lastDay: '2027-07-31',
    };
    const together = monthsBetween('2026-08', '2027-08').flatMap((month) => nets(month, arrears));
    // 3650.00 + 640.00 - 699.58, but for a cent of rounding a line.
    expect(Math.abs(Number(sumOf(together)) - 3590.42)).toBeLessThan(0.02);
    // Two more by the day afterwards are as dear as before: 2 x 212 days from 1 January.
    expect(accounts({ ...known, counts: [ten, twelve, nine, count(11, '2027-01-01')] })).toEqual({
      '2026-08': ['3650.00'],
      '2026-09': ['640.00'],
      '2026-12': ['-699.58'],
      '2027-01': ['424.00'],
    });
  });
  it('come over all accounts to what one account of the cycle would have, by every rule', () => {
    const changes = [count(12, '2026-08-01'), count(8, '2026-10-01'), count(15, '2026-12-10'), count(11, '2027-02-01')];
    const dearer = (proration: Proration, more: Partial<RecurringCharge>) =>
      contractWith(
        {},
        {
          ...versionsFrom(
            ['2026-08-01', seats(proration, '365.00', more)],
            ['2026-11-01', seats(proration, '730.00', more)],
          ),
          counts: changes,
          lastDay: '2027-07-31',
        },
      );
    for (const increases of RULES)
      for (const decreases of RULES) {
        const total = (billed: RecurringCharge['billed']) => {
          const contract = dearer({ increases, decreases }, { billed });
          return Number(sumOf(monthsBetween('2026-08', '2027-08').flatMap((month) => nets(month, contract))));
        };
        // In arrears the whole cycle is in one account. Each line is rounded once.
        const apart = Math.abs(total('in-advance') - total('in-arrears'));
        expect([increases, decreases, apart < 0.05]).toEqual([increases, decreases, true]);
      }
  });
});
