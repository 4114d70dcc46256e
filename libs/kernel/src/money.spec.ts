import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { Decimal, Money, isCurrency, isDecimalString, minorUnitDigits } from './money.js';
import { InvariantViolation } from './refusal.js';

const aud = (amount: string | number) => Money.of(amount, 'AUD');
const amounts = (parts: readonly Money[]) => parts.map((part) => part.toJSON().amount);

describe('Money', () => {
  it('takes plain decimals, whole numbers and finite decimals, and nothing else', () => {
    expect(aud('187.5').toJSON()).toEqual({ amount: '187.50', currency: 'AUD' });
    expect(aud(3).toJSON()).toEqual({ amount: '3.00', currency: 'AUD' });
    expect(Money.from({ amount: '-0.015', currency: 'AUD' }).toJSON().amount).toBe('-0.015');
    for (const amount of ['', 'abc', '1e3', '0x10', '1,5', ' 1', 'NaN', 'Infinity', '.5', '5.']) {
      expect(() => aud(amount)).toThrow(InvariantViolation);
    }
    expect(() => aud(0.1)).toThrow(InvariantViolation);
    expect(() => aud(2 ** 53)).toThrow(InvariantViolation);
    expect(() => Money.of(new Decimal(NaN), 'AUD')).toThrow(InvariantViolation);
    expect(() => Money.of('1', 'aud')).toThrow(InvariantViolation);
  });

  it('adds and subtracts exactly', () => {
    expect(aud('0.1').plus(aud('0.2')).equals(aud('0.3'))).toBe(true);
    expect(aud('0.3').minus(aud('0.1')).toString()).toBe('0.20 AUD');
    expect(Money.sum([aud('1.10'), aud('2.20')], 'AUD').toString()).toBe('3.30 AUD');
    expect(Money.sum([], 'JPY').toString()).toBe('0 JPY');
  });

  it('never combines two currencies', () => {
    const eur = Money.of('1', 'EUR');
    expect(() => aud(1).plus(eur)).toThrow(InvariantViolation);
    expect(() => aud(1).minus(eur)).toThrow(InvariantViolation);
    expect(() => aud(1).compare(eur)).toThrow(InvariantViolation);
    expect(() => Money.sum([aud(1), eur], 'AUD')).toThrow(InvariantViolation);
    expect(aud(1).equals(eur)).toBe(false);
  });

  it.each([
    ['0.005', '0.01'],
    ['-0.005', '-0.01'],
    ['0.0049999999', '0.00'],
    ['1.015', '1.02'],
    ['-1.015', '-1.02'],
    ['2.665', '2.67'],
    ['-2.674999', '-2.67'],
    ['99999999999999999.995', '100000000000000000.00'],
  ])('rounds %s to %s: half away from zero', (amount, rounded) => {
    expect(aud(amount).rounded().toJSON().amount).toBe(rounded);
  });

  it('rounds to the minor unit of the currency: JPY 0, AUD 2, KWD 3, CLF 4 digits', () => {
    expect(Money.of('1234.5', 'JPY').rounded().toJSON().amount).toBe('1235');
    expect(Money.of('1.2345', 'KWD').rounded().toJSON().amount).toBe('1.235');
    expect(Money.of('1.23455', 'CLF').rounded().toJSON().amount).toBe('1.2346');
    expect(['JPY', 'AUD', 'KWD', 'CLF'].map(minorUnitDigits)).toEqual([0, 2, 3, 4]);
  });

  it('is written with the digits of its minor unit, or plainly, without zeros at its end', () => {
    const written = (amount: string, currency = 'AUD'): readonly string[] => {
      const money = Money.of(amount, currency);
      return [money.amount, money.plain(), money.plain(8)];
    };
    expect(written('187.50')).toEqual(['187.50', '187.5', '187.5']);
    expect(written('-100')).toEqual(['-100.00', '-100', '-100']);
    expect(written('0')).toEqual(['0.00', '0', '0']);
    expect(written('1200', 'JPY')).toEqual(['1200', '1200', '1200']);
    expect(written('0.123456789')).toEqual(['0.123456789', '0.123456789', '0.12345679']);
    expect(written('12345678901234567.50')).toEqual([
      '12345678901234567.50',
      '12345678901234567.5',
      '12345678901234567.5',
    ]);
    const third = Money.of('1', 'AUD').dividedBy(3);
    expect([third.plain(8), third.plain(2), third.negated().plain(8)]).toEqual(['0.33333333', '0.33', '-0.33333333']);
    expect(third.plain()).toBe(`0.${'3'.repeat(40)}`);
    expect(Money.of('0.125', 'AUD').plain(2)).toBe('0.13');
  });

  it('has no negative zero', () => {
    for (const zero of [aud('-0'), aud(0).negated(), aud('-0.001').rounded(), aud(1).minus(aud(1)), aud(-1).times(0)]) {
      expect(zero).toEqual(Money.zero('AUD'));
      expect([zero.isZero(), zero.isNegative(), zero.toString()]).toEqual([true, false, '0.00 AUD']);
    }
    expect(aud('-0.01').isNegative()).toBe(true);
  });

  it('compares by value', () => {
    expect(aud('1.5').equals(aud('1.50'))).toBe(true);
    expect([aud(1).compare(aud(2)), aud(2).compare(aud(2)), aud(3).compare(aud(2))]).toEqual([-1, 0, 1]);
  });

  it('multiplies by whole numbers and decimals, never by a float, and divides last', () => {
    expect(aud('150.00').times(70).dividedBy(60).toJSON().amount).toBe('175.00');
    expect(aud('0.045').times(20).dividedBy(60).rounded().toJSON().amount).toBe('0.02');
    expect(aud('19.99').times('1.25').toString()).toBe('24.9875 AUD');
    expect(() => aud(1).times(1.1)).toThrow(InvariantViolation);
    expect(() => aud(1).times('x')).toThrow(InvariantViolation);
    expect(() => aud(1).dividedBy(0)).toThrow(InvariantViolation);
  });

  it('R7, R8, R16: fees for a part of a period, and a tax', () => {
    const share = (fee: string, days: number, of: number) =>
      aud(fee).times(days).dividedBy(of).rounded().toJSON().amount;
    expect(share('2400.00', 22, 31)).toBe('1703.23');
    expect([share('19.95', 8, 30), share('19.95', 22, 30)]).toEqual(['5.32', '14.63']);
    expect(aud('1487.40').times(10).dividedBy(100).rounded().toJSON().amount).toBe('148.74');
  });

  it('goes to minor units and back, and never drops a fraction in silence', () => {
    expect(aud('-187.50').toMinor()).toBe(-18750n);
    expect(Money.of('1235', 'JPY').toMinor()).toBe(1235n);
    expect(Money.ofMinor(1235n, 'KWD').toString()).toBe('1.235 KWD');
    expect(() => aud('0.001').toMinor()).toThrow(InvariantViolation);
    fc.assert(
      fc.property(
        fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }),
        fc.constantFrom('JPY', 'AUD', 'KWD'),
        (minor, currency) => {
          expect(Money.ofMinor(minor, currency).toMinor()).toBe(minor);
          expect(Money.from(Money.ofMinor(minor, currency).toJSON()).toMinor()).toBe(minor);
        },
      ),
    );
  });
});

/** Amounts of every size: cents, fractions of a cent, and more digits than an integer of JavaScript holds. */
const anyAmount = fc.oneof(
  fc.integer({ min: -1_000_000, max: 1_000_000 }).map((cents) => new Decimal(cents).div(100).toFixed()),
  fc
    .tuple(fc.bigInt({ min: -(10n ** 17n), max: 10n ** 17n }), fc.integer({ min: 0, max: 14 }))
    .map(([units, digits]) => new Decimal(units.toString()).div(new Decimal(10).pow(digits)).toFixed()),
  fc.constantFrom('0', '999999999999999', '1000000000000000', '0.000000000001', '-9007199254740993', '0.005', '-0.005'),
);

describe('Money in integers', () => {
  it('computes what decimals compute, whatever the number of digits', () => {
    const currencies = fc.constantFrom('AUD', 'JPY', 'KWD');
    fc.assert(
      fc.property(anyAmount, anyAmount, currencies, fc.integer({ min: 1, max: 9_000 }), (a, b, currency, n) => {
        const [x, y] = [Money.of(a, currency), Money.of(b, currency)];
        const [dx, dy] = [new Decimal(a), new Decimal(b)];
        const same = (money: Money, decimal: Decimal): void => {
          expect(money.value.toFixed()).toBe(decimal.isZero() ? '0' : decimal.toFixed());
          expect(money).toEqual(Money.of(decimal, currency));
          expect(money.isZero()).toBe(decimal.isZero());
          expect(money.isNegative()).toBe(decimal.lt(0));
        };
        same(x.plus(y), dx.plus(dy));
        same(x.minus(y), dx.minus(dy));
        same(x.negated(), dx.negated());
        same(x.times(b), dx.times(dy));
        same(x.times(dy), dx.times(dy));
        same(x.times(n).dividedBy(60), dx.times(n).div(60));
        same(x.dividedBy(n), dx.div(n));
        same(x.rounded(), dx.toDecimalPlaces(minorUnitDigits(currency), Decimal.ROUND_HALF_UP));
        expect(x.compare(y)).toBe(dx.comparedTo(dy));
        expect(x.equals(y)).toBe(dx.equals(dy));
        expect(x.toJSON().amount).toBe(dx.toFixed(Math.max(minorUnitDigits(currency), dx.decimalPlaces())));
        expect(x.rounded().toMinor().toString()).toBe(
          dx
            .times(10 ** minorUnitDigits(currency))
            .toDecimalPlaces(0, Decimal.ROUND_HALF_UP)
            .toFixed(0)
            .replace(/^-0$/, '0'),
        );
      }),
      { numRuns: 500 },
    );
  });
});

describe('Money.allocate', () => {
  it('gives what is left over to the largest remainders, and of equal ones to the earlier', () => {
    expect(amounts(aud('100.00').allocate([1, 1, 1]))).toEqual(['33.34', '33.33', '33.33']);
    expect(amounts(aud('-100.00').allocate([1, 1, 1]))).toEqual(['-33.34', '-33.33', '-33.33']);
    expect(amounts(aud('0.05').allocate([3, 7]))).toEqual(['0.02', '0.03']);
    expect(amounts(aud('1.00').allocate(['0.1', '0.2', '0.3']))).toEqual(['0.17', '0.33', '0.50']);
    expect(amounts(Money.of('100', 'JPY').allocate([1, 2, 0]))).toEqual(['33', '67', '0']);
    expect(amounts(aud('0.03').allocate([0, 0]))).toEqual(['0.02', '0.01']);
    expect(amounts(aud('1.00').allocate([new Decimal('-0'), '1.5']))).toEqual(['0.00', '1.00']);
  });

  it('refuses to allocate over nothing, a negative weight, or an amount that was not rounded', () => {
    expect(() => aud(1).allocate([])).toThrow(InvariantViolation);
    expect(() => aud(1).allocate([1, -1])).toThrow(InvariantViolation);
    expect(() => aud(1).allocate([0.5])).toThrow(InvariantViolation);
    expect(() => aud('0.001').allocate([1])).toThrow(InvariantViolation);
  });

  const weights = fc.array(
    fc
      .tuple(fc.nat(10 ** 9), fc.integer({ min: 0, max: 12 }))
      .map(([digits, places]) => new Decimal(digits).div(new Decimal(10).pow(places))),
    { minLength: 1, maxLength: 20 },
  );
  const minors = fc.bigInt({ min: -(10n ** 15n), max: 10n ** 15n });

  it('parts sum to the whole, each within one minor unit of its exact share; the sign of the whole, or zero', () => {
    fc.assert(
      fc.property(minors, weights, fc.constantFrom('JPY', 'AUD', 'KWD'), (minor, over, currency) => {
        const parts = Money.ofMinor(minor, currency).allocate(over);
        const total = over.reduce((sum, weight) => sum.plus(weight), new Decimal(0));
        expect(parts.reduce((sum, part) => sum + part.toMinor(), 0n)).toBe(minor);
        parts.forEach((part, index) => {
          if (minor >= 0n) expect(part.isNegative()).toBe(false);
          else expect(part.compare(Money.zero(currency))).toBeLessThanOrEqual(0);
          if (total.isZero()) return;
          const exact = new Decimal(minor.toString()).times(over[index] ?? 0).div(total);
          expect(exact.minus(part.toMinor().toString()).abs().lessThan('1.000001')).toBe(true);
          if (over[index]?.isZero() === true) expect(part.isZero()).toBe(true);
        });
      }),
    );
  });

  it('mirrors for the negated amount', () => {
    fc.assert(
      fc.property(minors, weights, (minor, over) => {
        const parts = Money.ofMinor(minor, 'AUD').allocate(over);
        expect(Money.ofMinor(-minor, 'AUD').allocate(over)).toEqual(parts.map((part) => part.negated()));
      }),
    );
  });
});

describe('what money looks like on the way in', () => {
  it('knows currencies', () => {
    expect(['AUD', 'EUR', 'JPY', 'KWD'].every(isCurrency)).toBe(true);
    expect(['', 'aud', 'AU', 'ZZZ', '$'].some(isCurrency)).toBe(false);
  });
  it('knows decimal strings', () => {
    expect(['0', '-1', '187.50', '0.000000000001', '9'.repeat(20)].every(isDecimalString)).toBe(true);
    expect(
      ['', '-', '1.', '.1', '+1', '1e3', '1 000', '1,5', '9'.repeat(21), '0.0000000000001'].some(isDecimalString),
    ).toBe(false);
  });
});
