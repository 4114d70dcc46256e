import { describe, expect, it } from '@jest/globals';
import { Decimal, Money, addDays, dayMonthsLater } from '@billtrail/kernel';
import type { ContractTerms, Proration, ProrationRule } from '@billtrail/contracts';
import fc from 'fast-check';
import {
  fee,
  contractWith,
  allotment,
  aud,
  minutes,
  money,
  monthOf,
  onInvoice,
  versionsFrom,
} from '../../testing/charges.js';
import { charged } from '../../testing/steps.js';
import type { ContractFacts } from '../facts.js';
import { dayCount } from './covered-days.js';
import { grantsOf } from '../prepaid/grants.js';
import type { Cycle } from './cycle.js';
import { type Sized, countingDays, withShares } from './proration.js';

const chargesIn = (period: string, contract: ContractFacts, changes = {}) =>
  charged(monthOf(period, [contract], changes), []);
const nets = (period: string, contract: ContractFacts, changes = {}): readonly string[] =>
  chargesIn(period, contract, changes).charges.map(({ net }) => net.amount);
const retainer = (proration?: Proration, price = '1300.00'): Partial<ContractTerms> => ({
  recurringCharges: [fee({ price, ...(proration === undefined ? {} : { proration }) })],
});
const RULES: readonly ProrationRule[] = ['daily', 'whole-period', 'next-period', 'thirtieths'];

describe('the proration of a fee of 1,300.00 (K28)', () => {
  it.each([
    [undefined, ['503.23']],
    ['daily', ['503.23']],
    ['whole-period', ['1300.00']],
    ['next-period', []],
    // The 20th to the 30th of thirty.
    ['thirtieths', ['476.67']],
  ] as const)('begun on 20 October, by %s', (increases, expected) => {
    const contract = contractWith({}, versionsFrom(['2026-10-20', retainer(increases && { increases })]));
    expect(nets('2026-10', contract)).toEqual(expected);
    expect(nets('2026-11', contract)).toEqual(['1300.00']);
  });
  it.each([
    [undefined, ['838.71']],
    ['daily', ['838.71']],
    ['whole-period', ['1300.00']],
    ['next-period', ['1300.00']],
    ['thirtieths', ['866.67']],
  ] as const)('ended on 20 October, by %s', (decreases, expected) => {
    const terms = retainer(decreases && { decreases });
    const contract = contractWith({}, { ...versionsFrom(['2026-01-01', terms]), lastDay: '2026-10-20' });
    expect(nets('2026-10', contract)).toEqual(expected);
    expect(nets('2026-11', contract)).toEqual([]);
  });
  it.each([
    [{ increases: 'whole-period' }, '1300.00', '1950.00', ['1950.00']],
    [{ increases: 'next-period' }, '1300.00', '1950.00', ['1300.00']],
    [{ decreases: 'whole-period' }, '1300.00', '650.00', ['1300.00']],
    [{ decreases: 'next-period' }, '1300.00', '650.00', ['1300.00']],
    [{ increases: 'thirtieths' }, '1300.00', '1950.00', ['823.33', '715.00']],
    // The other way is by the day, as ever.
    [{ decreases: 'next-period' }, '1300.00', '1950.00', ['796.77', '754.84']],
  ] as const)('of another price from 20 October on, %j: %s becomes %s', (proration, before, after, expected) => {
    const contract = contractWith(
      {},
      versionsFrom(['2026-01-01', retainer(proration, before)], ['2026-10-20', retainer(proration, after)]),
    );
    expect(nets('2026-10', contract)).toEqual(expected);
    expect(nets('2026-11', contract)).toEqual([after]);
  });
  it('of fewer seats on the 15th lets the invoice stand until the next period', () => {
    const seats = fee({ basis: 'per-user', countOf: 'user', price: '31.00', proration: { decreases: 'next-period' } });
    const counts = [
      { countOf: 'user', count: 44, from: '2026-01-01', eventId: 'ev-1' },
      { countOf: 'user', count: 38, from: '2026-10-15', eventId: 'ev-2' },
    ];
    const terms = { recurringCharges: [seats] };
    const before = contractWith(terms, { counts: counts.slice(0, 1) });
    const invoiced = { invoicedCharges: onInvoice(chargesIn('2026-10', before).charges) };
    expect(nets('2026-10', before)).toEqual(['1364.00']);
    expect(
      chargesIn('2026-10', contractWith(terms, { counts }), invoiced).charges.map(
        ({ chargeItemId, net }) => `${chargeItemId} ${net.amount}`,
      ),
    ).toEqual(['con-1@fee@fee@2026-10-01 1364.00']);
    expect(nets('2026-11', contractWith(terms, { counts }))).toEqual(['1178.00']);
    const byDay = contractWith({ recurringCharges: [{ ...seats, proration: {} }] }, { counts });
    expect(nets('2026-10', byDay, invoiced)).toEqual(['1364.00', '-102.00']);
  });
  it('of a quarter counts in the quarter', () => {
    const terms = {
      recurringCharges: [fee({ price: '900.00', everyMonths: 3, proration: { increases: 'thirtieths' } })],
    };
    const later = contractWith({}, versionsFrom(['2026-01-01', {}], ['2026-02-16', terms]));
    // Of a cycle that begins in February: 16 February to 30 April, 75 of 90.
    expect(nets('2026-02', later)).toEqual(['750.00']);
  });
  it.each([
    // From the 30th and from the 31st the last thirtieth: 1300.00 / 30.
    ['2026-05-30', null, ['43.33']],
    ['2026-05-31', null, ['43.33']],
    // To the 29th 29 of 30; to the 30th and to the 31st all of May.
    ['2026-01-01', '2026-05-29', ['1256.67']],
    ['2026-01-01', '2026-05-30', ['1300.00']],
    ['2026-01-01', '2026-05-31', ['1300.00']],
  ] as const)('of thirtieths from %s to %s in May', (from, lastDay, expected) => {
    const terms = retainer({ increases: 'thirtieths', decreases: 'thirtieths' });
    expect(nets('2026-05', contractWith({}, { ...versionsFrom([from, terms]), lastDay }))).toEqual(expected);
  });
  it.each([
    // The last day of February is its 30th: from it on one thirtieth, from the day before 30 - 27 + 1 = 4.
    ['2026-02-28', null, ['43.33']],
    ['2026-02-27', null, ['173.33']],
    ['2028-02-29', null, ['43.33']],
    ['2026-01-01', '2026-02-27', ['1170.00']],
    ['2026-01-01', '2026-02-28', ['1300.00']],
    ['2026-01-01', '2028-02-28', ['1213.33']],
    ['2026-01-01', '2028-02-29', ['1300.00']],
  ] as const)('of thirtieths from %s to %s in February', (from, lastDay, expected) => {
    const terms = retainer({ increases: 'thirtieths', decreases: 'thirtieths' });
    const contract = contractWith({}, { ...versionsFrom([from, terms]), lastDay });
    expect(nets((lastDay ?? from).slice(0, 7), contract)).toEqual(expected);
  });
  it.each([
    // 900.00 and 1200.00 a month: the new price for the last thirtieth, 29 x 30.00 + 1 x 40.00.
    ['2026-05-30', ['870.00', '40.00']],
    ['2026-05-31', ['870.00', '40.00']],
    ['2026-02-28', ['870.00', '40.00']],
    ['2026-02-27', ['780.00', '160.00']],
  ] as const)('of another price by thirtieths on %s comes to the whole', (day, expected) => {
    const proration = { increases: 'thirtieths', decreases: 'thirtieths' } as const;
    const contract = contractWith(
      {},
      versionsFrom(['2026-01-01', retainer(proration, '900.00')], [day, retainer(proration, '1200.00')]),
    );
    expect(nets(day.slice(0, 7), contract)).toEqual(expected);
  });
  it('of thirtieths of two contracts, one after the other, comes to the whole but for a cut before the last day of February or the 31st', () => {
    const terms = retainer({ increases: 'thirtieths', decreases: 'thirtieths' });
    const price = Number(terms.recurringCharges?.[0]?.price);
    const thirtieths = (month: string, lastDay: string): number => {
      const first = contractWith({}, { ...versionsFrom(['2026-01-01', terms]), lastDay });
      const second = contractWith({}, { ...versionsFrom([addDays(lastDay, 1), terms]), contractId: 'con-2' });
      const { charges } = charged(monthOf(month, [first, second]), []);
      return Math.round((charges.reduce((sum, { net }) => sum + Number(net.amount), 0) * 30) / price);
    };
    const other = (month: string, days: number) =>
      Array.from({ length: days - 1 }, (_none, index) => addDays(`${month}-01`, index))
        .map((lastDay) => [lastDay, thirtieths(month, lastDay)] as const)
        .filter(([, counted]) => counted !== 30);
    // To the 27th 27, and from the 28th 1; to the 30th 30, and from the 31st 1.
    expect(other('2026-02', 28)).toEqual([['2026-02-27', 28]]);
    expect(other('2028-02', 29)).toEqual([['2028-02-28', 29]]);
    expect(other('2026-04', 30)).toEqual([]);
    expect(other('2026-03', 31)).toEqual([['2026-03-30', 31]]);
  });
  it('of thirtieths has thirty in every month from the day of the contract, around February too', () => {
    const seats = (price: string) => ({
      recurringCharges: [
        fee({ price, cycleAnchor: 'contract-day' as const, proration: { increases: 'thirtieths' as const } }),
      ],
    });
    for (const begins of ['2026-01-28', '2026-01-29', '2026-01-30', '2026-01-31']) {
      const contract = contractWith(
        {},
        versionsFrom([begins, seats('900.00')], ['2026-02-10', seats('1200.00')], ['2026-03-15', seats('1500.00')]),
      );
      const all = ['2026-01', '2026-02', '2026-03'].map((month) => [month, nets(month, contract)]);
      // Begun on the 28th 10 February is the 14th day of its month, from the 29th to the 31st the 13th, 12th and 11th: 30.00 a thirtieth, then 40.00.
      const day = 42 - Number(begins.slice(-2));
      const first = [`${30 * (day - 1)}.00`, `${40 * (31 - day)}.00`];
      // The second month begins on 28 February whichever it is: 15 March is its 16th day: 15 x 40.00 and 15 x 50.00. The third is whole.
      expect([begins, all]).toEqual([
        begins,
        [
          ['2026-01', first],
          ['2026-02', ['600.00', '750.00']],
          ['2026-03', ['1500.00']],
        ],
      ]);
    }
  });
  it.each([
    // For what a line pays stands on it: all of October, or the days until the end.
    [{ increases: 'whole-period' }, '1950.00', ['2026-10-01 2026-10-31 31']],
    [{ increases: 'next-period' }, '1950.00', ['2026-10-01 2026-10-31 31']],
    [{ decreases: 'next-period' }, '650.00', ['2026-10-01 2026-10-31 31']],
    [{ decreases: 'daily' }, '650.00', ['2026-10-01 2026-10-19 19', '2026-10-20 2026-10-31 12']],
  ] as const)('of another price from 20 October on, %j: %s for the days %j', (proration, after, expected) => {
    const contract = contractWith(
      {},
      versionsFrom(['2026-01-01', retainer(proration)], ['2026-10-20', retainer(proration, after)]),
    );
    const shown = chargesIn('2026-10', contract).charges.map(({ from, to, basis: { fee: of } }) => {
      expect(of).toMatchObject([{ from, to }]);
      return `${from} ${to} ${of?.[0]?.days ?? ''}`;
    });
    expect(shown).toEqual(expected);
  });
  it('pays for the whole month where it begins or ends in it, and shows no day that counts nothing', () => {
    const days = (contract: ContractFacts, changes = {}) =>
      chargesIn('2026-10', contract, changes).charges.map(({ from, to, net, basis: { fee: of = [] } }) => [
        `${from} ${to} ${net.amount}`,
        ...of.map((one) => `${one.from} ${one.to} ${one.days}`),
      ]);
    const begun = contractWith({}, versionsFrom(['2026-10-20', retainer({ increases: 'whole-period' })]));
    expect(days(begun)).toEqual([['2026-10-01 2026-10-31 1300.00', '2026-10-01 2026-10-31 31']]);
    const ended = versionsFrom(['2026-01-01', retainer({ decreases: 'next-period' })]);
    expect(days(contractWith({}, { ...ended, lastDay: '2026-10-20' }))).toEqual([
      ['2026-10-01 2026-10-31 1300.00', '2026-10-01 2026-10-31 31'],
    ]);
    const increases = 'whole-period' as const;
    const before = contractWith(retainer({ increases }));
    const after = contractWith(
      {},
      versionsFrom(['2026-01-01', retainer({ increases })], ['2026-10-20', retainer({ increases }, '1950.00')]),
    );
    const invoiced = { invoicedCharges: onInvoice(chargesIn('2026-10', before).charges) };
    expect(days(after, invoiced)[1]).toEqual(['2026-10-01 2026-10-31 650.00', '2026-10-01 2026-10-31 31']);
  });
  it('is named where the fee is explained', () => {
    const contract = contractWith({}, versionsFrom(['2026-10-20', retainer({ increases: 'thirtieths' })]));
    const [, step] = chargesIn('2026-10', contract).charges[0]?.trace ?? [];
    expect(step?.text).toBe('1300.00 AUD x 11 of 30, for 12 of 31 days by thirtieths, of 2026-10-01 to 2026-10-31');
    expect(step?.facts).toMatchObject({ counted: '11', of: 30, rules: 'thirtieths', coveredDays: 12, cycleDays: 31 });
  });
  it('asks for what a version of the middle of the month adds to an invoice, whichever rule it has', () => {
    for (const increases of RULES) {
      const before = contractWith(retainer({ increases }));
      const invoiced = { invoicedCharges: onInvoice(chargesIn('2026-10', before).charges) };
      const after = contractWith(
        {},
        versionsFrom(['2026-01-01', retainer({ increases })], ['2026-10-20', retainer({ increases }, '1950.00')]),
      );
      const all = (list: readonly string[]) =>
        Money.sum(
          list.map((one) => Money.from(aud(one))),
          'AUD',
        ).plain();
      expect([increases, all(nets('2026-10', after, invoiced))]).toEqual([increases, all(nets('2026-10', after))]);
    }
  });
});

describe('the proration of an allotment of 600 minutes (K28)', () => {
  const granted = (proration: Proration | undefined, from: string, to: string | null = null) => {
    const one = allotment({ base: minutes(600), ...(proration === undefined ? {} : { proration }) });
    const contract = contractWith({}, { ...versionsFrom([from, { prepaid: { allotment: one } }]), lastDay: to });
    return grantsOf(contract, '2026-10').map(({ allotment: { base } }) => base);
  };
  it.each([
    [undefined, [minutes(600)]],
    ['whole-period', [minutes(600)]],
    ['daily', [minutes(232)]],
    ['thirtieths', [minutes(220)]],
    ['next-period', []],
  ] as const)('begun on 20 October, by %s', (increases, expected) =>
    expect(granted(increases && { increases }, '2026-10-20')).toEqual(expected),
  );
  it.each([
    [undefined, [minutes(600)]],
    ['whole-period', [minutes(600)]],
    ['daily', [minutes(387)]],
    ['thirtieths', [minutes(400)]],
    ['next-period', [minutes(600)]],
  ] as const)('ended on 20 October, by %s', (decreases, expected) =>
    expect(granted(decreases && { decreases }, '2026-01-01', '2026-10-20')).toEqual(expected),
  );
  it('is of money rounded to the cent, and says its rule', () => {
    const one = allotment({ base: money('100.00'), proration: { increases: 'daily' } });
    const contract = contractWith({}, versionsFrom(['2026-10-20', { prepaid: { allotment: one } }]));
    expect(grantsOf(contract, '2026-10')).toMatchObject([{ allotment: { base: money('38.71') }, proratedBy: 'daily' }]);
    expect(grantsOf(contract, '2026-11')).toEqual([{ allotment: one, from: '2026-11-01', to: '2026-11-30' }]);
  });
});

describe('units that join by the day and leave by thirtieths in one month (K28)', () => {
  const seats = (proration: Proration) =>
    fee({ id: 'seats', basis: 'per-user', countOf: 'seat', price: '31.00', billed: 'in-arrears', proration });
  const counted = (count: number, from: string) => ({ countOf: 'seat', count, from, eventId: `ev-${from}` });
  const netsOf = (proration: Proration) => {
    const versions = versionsFrom(['2026-10-01', { recurringCharges: [seats(proration)] }]);
    const counts = [counted(10, '2026-10-01'), counted(12, '2026-10-10'), counted(11, '2026-10-20')];
    const contract = contractWith({}, { ...versions, counts });
    return charged(monthOf('2026-10', [contract]), []).charges.map(({ net }) => net.amount);
  };

  it('each count by its own rule: 310.00 + 62.00 x 22/31 - 31.00 x 11/30 = 342.63', () => {
    // Ten for 9 of 31 days; twelve from there to the 19th thirtieth, 19/30 - 9/31 of the month; eleven for 11 of 30.
    expect(netsOf({ increases: 'daily', decreases: 'thirtieths' })).toEqual(['90.00', '127.60', '125.03']);
  });

  it('and the other way round: 310.00 + 62.00 x 21/30 - 31.00 x 12/31 = 341.40', () => {
    expect(netsOf({ increases: 'thirtieths', decreases: 'daily' })).toEqual(['93.00', '116.40', '132.00']);
  });
});

/** null: nothing changed. */
function sharesOf(sized: readonly Sized[], cycle: Cycle) {
  const { days, ...by } = countingDays(sized, { rests: [], elsewhere: [] }, cycle);
  return by.rules.length === 0 ? null : withShares(days, by, cycle).map(({ share }) => share);
}

describe('shares of a cycle', () => {
  it('come to the whole cycle where something counts on all of its days', () => {
    const rule = fc.constantFrom(...RULES);
    fc.assert(
      fc.property(
        fc.array(fc.tuple(fc.integer({ min: 1, max: 5 }), fc.integer({ min: 1, max: 10 }), rule, rule), {
          minLength: 1,
          maxLength: 5,
        }),
        (parts) => {
          let day = 1;
          const text = (number: number) => `2026-10-${String(number).padStart(2, '0')}`;
          const sized = parts.flatMap(([size, days, increases, decreases], index) => {
            const from = day;
            const to = index === parts.length - 1 ? 31 : Math.min(31, from + days - 1);
            day = to + 1;
            return from > 31
              ? []
              : [{ from: text(from), to: text(to), sizes: [new Decimal(size)], proration: { increases, decreases } }];
          });
          const shares = sharesOf(sized, { from: text(1), to: text(31) });
          if (shares === null) return;
          // Of days, of thirtieths, or of both where each change counts by its own rule.
          const whole = shares.reduce((sum, { counted, of }) => sum.plus(counted.dividedBy(of)), new Decimal(0));
          expect(whole.toDecimalPlaces(12).toNumber()).toBe(1);
        },
      ),
    );
  });
  it('are thirtieths of thirty a month, never less than none and never more than all, wherever a cycle is cut', () => {
    const proration = { increases: 'thirtieths', decreases: 'thirtieths' } as const;
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 1500 }),
        fc.constantFrom(1, 3, 12),
        fc.integer({ min: 0, max: 40 }),
        fc.array(fc.tuple(fc.integer({ min: 1, max: 40 }), fc.boolean()), { minLength: 1, maxLength: 6 }),
        (offset, months, passed, parts) => {
          const anchor = addDays('2026-01-01', offset);
          const from = dayMonthsLater(anchor, passed);
          const cycle = { from, to: addDays(dayMonthsLater(anchor, passed + months), -1), anchor };
          let next = from;
          const sized = parts.flatMap(([days, isCharged], index) => {
            const begins = next;
            const to = index === parts.length - 1 ? cycle.to : addDays(begins, days - 1);
            next = addDays(to, 1);
            if (begins > cycle.to || !isCharged) return [];
            const sizes = [new Decimal(index + 1)];
            return [{ from: begins, to: to < cycle.to ? to : cycle.to, sizes, proration }];
          });
          const shares = sharesOf(sized, cycle);
          if (shares === null) return;
          for (const { counted, of } of shares) {
            expect(of).toBe(30 * months);
            expect(counted.gte(0)).toBe(true);
          }
          const sum = shares.reduce((all, { counted }) => all.plus(counted), new Decimal(0)).toNumber();
          const isWhole = sized.length > 0 && sized.reduce((all, one) => all + dayCount(one), 0) === dayCount(cycle);
          if (isWhole) expect(sum).toBe(30 * months);
          else expect(sum).toBeLessThanOrEqual(30 * months);
        },
      ),
    );
  });
});
