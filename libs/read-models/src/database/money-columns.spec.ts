import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { InvariantViolation, Money } from '@billtrail/kernel';
import { fromColumns, minorOf, moneyOf, toColumns } from './money-columns.js';

const currency = fc.constantFrom('AUD', 'JPY', 'KWD');

describe('money columns', () => {
  it('hold the same minor units as the arithmetic of money, whatever the currency', () => {
    fc.assert(
      fc.property(fc.bigInt({ min: -(10n ** 18n), max: 10n ** 18n }), currency, (minor, code) => {
        const money = Money.ofMinor(minor, code).toJSON();
        expect(minorOf(money)).toBe(Money.from(money).toMinor());
        expect(toColumns(money)).toEqual({ minor, currency: code });
        expect(moneyOf(minor, code)).toEqual(money);
      }),
    );
  });

  it('refuse an amount that was not rounded, and take one with fewer digits', () => {
    expect(() => minorOf({ amount: '1.005', currency: 'AUD' })).toThrow(InvariantViolation);
    expect(() => minorOf({ amount: '1.5', currency: 'JPY' })).toThrow(InvariantViolation);
    expect(minorOf({ amount: '1.5', currency: 'AUD' })).toBe(150n);
    expect(minorOf({ amount: '-7', currency: 'AUD' })).toBe(-700n);
    expect(minorOf({ amount: '1.500', currency: 'AUD' })).toBe(150n);
  });

  it('refuse a JavaScript number where money is read', () => {
    expect(() => fromColumns(12_345, 'AUD')).toThrow(/JavaScript number/);
    expect(fromColumns(null, 'AUD')).toBeNull();
  });
});
