import { describe, expect, it } from '@jest/globals';
import { Decimal, Money } from '@billtrail/kernel';
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
import { grantsOf } from '../prepaid/prepaid-stock.js';
import { sharesOf } from './proration.js';

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
  it('of a suspension is a decrease, and its end an increase', () => {
    const proration = { increases: 'next-period', decreases: 'daily' } as const;
    const rested = contractWith(retainer(proration), {
      suspensions: [{ from: '2026-10-11', resumedOn: '2026-10-21' }],
    });
    // 10 of 31 days, and nothing more until November.
    expect(nets('2026-10', rested)).toEqual(['419.35']);
    expect(nets('2026-11', rested)).toEqual(['1300.00']);
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
              : [{ from: text(from), to: text(to), size: new Decimal(size), proration: { increases, decreases } }];
          });
          const shares = sharesOf(sized, { from: text(1), to: text(31) });
          if (shares === null) return;
          expect(shares.reduce((sum, { counted }) => sum.plus(counted), new Decimal(0)).toNumber()).toBe(shares[0]?.of);
        },
      ),
    );
  });
});
