import { describe, expect, it, jest } from '@jest/globals';
import { Decimal, Money } from './money.js';
import { InvariantViolation } from './refusal.js';
import { powerOfTen, scaledOf, unitsText } from './scaled.js';

const aud = (amount: string | number | Decimal) => Money.of(amount, 'AUD');
const yen = (amount: string | number | Decimal) => Money.of(amount, 'JPY');
const third = (money: Money) => money.dividedBy(3);

describe('exact money, whatever it is kept in', () => {
  it.each<[string, () => Money, () => Money]>([
    ['more zeros than the minor unit has', () => aud('1.5000'), () => aud('1.5')],
    ['zeros that a product brings', () => aud('0.500').times('0.20'), () => aud('0.1')],
    ['zeros that a sum brings', () => aud('0.005').plus(aud('0.005')), () => aud('0.01')],
    ['a whole quotient', () => aud('150.00').dividedBy(60), () => aud('2.5')],
    ['a quotient that returns', () => third(aud('10.00')).times(3).rounded(), () => aud('10.00')],
    ['many digits that a product brings', () => aud('0.0000001').times('0.0000001'), () => aud('0.00000000000001')],
    ['twelve digits', () => aud('0.000001').times('0.000001'), () => aud('0.000000000001')],
    ['thirteen digits', () => aud('0.000001').times('0.0000001'), () => aud('0.0000000000001')],
    ['twelve digits that a quotient brings', () => aud(1).dividedBy('1000000000000'), () => aud('0.000000000001')],
    [
      'the largest in units below zero, as a quotient',
      () => aud('-19999999999999.98').dividedBy('2'),
      () => aud('-9999999999999.99'),
    ],
    ['a large amount', () => aud('900000000000').times(100), () => aud('90000000000000')],
    [
      'the least amount that is too large for units',
      () => aud('5000000000000').times(2),
      () => aud('10000000000000.00'),
    ],
    ['the same below zero', () => aud('-5000000000000').times(2), () => aud('-10000000000000.00')],
    ['the largest in units', () => aud('9999999999999.99').plus(aud('0')), () => aud('9999999999999.99')],
    ['a large amount less itself', () => aud('90000000000000').minus(aud('90000000000000')), () => Money.zero('AUD')],
    ['nothing of less than nothing', () => third(aud('-1')).times(0), () => Money.zero('AUD')],
    ['nothing of an amount below zero', () => aud('-1').times(0), () => Money.zero('AUD')],
    ['less than nothing, of nothing', () => Money.zero('AUD').negated(), () => Money.zero('AUD')],
  ])('is one value, and one structure: %s', (_case, moneyOf, sameOf) => {
    const [money, same] = [moneyOf(), sameOf()];
    expect(money).toStrictEqual(same);
    expect(money.equals(same)).toBe(true);
    expect(money.compare(same)).toBe(0);
  });

  it.each([
    ['1.00', '0.005', '1.005', '0.995'],
    ['0.005', '1.00', '1.005', '-0.995'],
    ['0.10', '0.001', '0.101', '0.099'],
    ['-0.10', '0.003', '-0.097', '-0.103'],
    ['9000000000000.00', '0.0000001', '9000000000000.0000001', '8999999999999.9999999'],
    ['0.0000001', '9000000000000.00', '9000000000000.0000001', '-8999999999999.9999999'],
    ['90000000000000000000', '0.01', '90000000000000000000.01', '89999999999999999999.99'],
    ['0.01', '90000000000000000000', '90000000000000000000.01', '-89999999999999999999.99'],
  ])('%s plus and minus %s are %s and %s', (a, b, sum, difference) => {
    expect(aud(a).plus(aud(b)).toJSON().amount).toBe(sum);
    expect(aud(a).minus(aud(b)).toJSON().amount).toBe(difference);
  });

  it('computes to 40 digits, and multiplies and divides beyond the integers', () => {
    expect(third(aud(1)).value.toFixed()).toBe(`0.${'3'.repeat(40)}`);
    expect(aud('9007199254740993').times('1.01').toJSON().amount).toBe('9097271247288402.93');
    expect(aud('90071992547409.93').times(1_000_000).toJSON().amount).toBe('90071992547409930000.00');
    expect(aud('90071992547409930000').dividedBy(1_000_000).toJSON().amount).toBe('90071992547409.93');
    expect(aud('1.00').dividedBy('8').toJSON().amount).toBe('0.125');
    expect(aud(new Decimal(10).pow(41)).toJSON().amount).toBe(`1${'0'.repeat(41)}.00`);
  });

  it('tells unequal amounts apart, large and small, and of many digits', () => {
    const amounts = [
      third(aud('-1')),
      aud('0'),
      aud('0.101'),
      third(aud('1')),
      aud('1.00'),
      aud('1.01'),
      aud('10.1'),
      aud('90000000000000'),
    ];
    for (const [i, a] of amounts.entries()) {
      for (const [j, b] of amounts.entries()) {
        expect([a.equals(b), a.compare(b)]).toEqual([i === j, Math.sign(i - j)]);
      }
    }
    expect(third(aud(1)).equals(third(aud(1)))).toBe(true);
    expect(yen(0).equals(third(yen(1)))).toBe(false);
    expect(third(yen(1)).equals(yen(0))).toBe(false);
    expect(aud('1.00').equals(Money.of('1.00', 'NZD'))).toBe(false);
    expect([yen(0).compare(third(yen(1))), third(yen(1)).compare(yen(0))]).toEqual([-1, 1]);
    expect([yen(1).compare(third(yen(1))), third(yen(-1)).compare(yen(0))]).toEqual([1, -1]);
  });

  it('is divided by whole numbers and decimals, never by a float', () => {
    expect(() => aud(1).dividedBy(0.5)).toThrow(InvariantViolation);
    expect(() => aud(1).dividedBy(Infinity)).toThrow(InvariantViolation);
    expect(aud(1).dividedBy('0.5').toJSON().amount).toBe('2.00');
  });

  it('never drops a part of a minor unit in silence', () => {
    expect(() => third(yen(1)).toMinor()).toThrow('has fractions of its minor unit');
    expect(() => aud('0.005').toMinor()).toThrow('0.005 AUD has fractions of its minor unit; round it first');
    expect(aud('90000000000000.01').toMinor()).toBe(9_000_000_000_000_001n);
    expect(yen('7').toMinor()).toBe(7n);
  });

  it.each([
    ['0.005', '0.01'],
    ['0.004', '0.00'],
    ['0.0049', '0.00'],
    ['-0.005', '-0.01'],
    ['-0.004', '0.00'],
    ['2.675', '2.68'],
    ['90000000000000.005', '90000000000000.01'],
    ['-90000000000000.005', '-90000000000000.01'],
    ['90000000000000.004', '90000000000000.00'],
  ])('rounds %s half away from zero: %s', (exact, rounded) => {
    expect(aud(exact).rounded()).toStrictEqual(aud(rounded));
  });
});

describe('the money of a line never leaves the integers: rating spends its time on that', () => {
  it.each<[string, string, () => Money]>([
    ['a price as it is written', '150.00', () => aud('150.00')],
    ['a sum', '175.05', () => aud('150.00').plus(aud('25.05'))],
    ['a sum with a fraction of a cent', '150.005', () => aud('150.00').plus(aud('0.005'))],
    ['a fraction of a cent less cents', '-149.995', () => aud('0.005').minus(aud('150.00'))],
    ['an amount below zero', '-150.00', () => aud('150.00').negated()],
    ['three and a half hours', '525.00', () => aud('150.00').times('3.5')],
    ['a quarter of an hour', '37.50', () => aud('150.00').times(15).dividedBy(60)],
    ['20 of 60 min at 0.045, which have half a cent', '0.015', () => aud('0.045').times(20).dividedBy(60)],
    ['a sixteenth of a cent, four digits more', '0.000625', () => aud('0.01').dividedBy(16)],
    ['half a cent up', '0.02', () => aud('0.015').rounded()],
  ])('%s: %s', (_case, expected, moneyOf) => {
    const decimals = jest.spyOn(Decimal.prototype, 'decimalPlaces');
    const amount = moneyOf().toJSON().amount;
    const times = decimals.mock.calls.length;
    decimals.mockRestore();
    expect([amount, times]).toEqual([expected, 0]);
  });

  it('is compared and written to minor units so, and is itself once it is rounded', () => {
    const [more, less] = [aud('150.00'), aud('149.99')];
    const decimals = [jest.spyOn(Decimal.prototype, 'comparedTo'), jest.spyOn(Decimal.prototype, 'isInteger')];
    const answers = [more.compare(less), less.compare(more), more.toMinor(), more.rounded() === more];
    const times = decimals.map(({ mock }) => mock.calls.length);
    for (const one of decimals) one.mockRestore();
    expect(answers).toEqual([1, -1, 15_000n, true]);
    expect(times).toEqual([0, 0]);
  });
});

describe('numbers as units of a power of ten', () => {
  it.each<[string | number | Decimal, { units: number; digits: number } | null]>([
    ['123.45', { units: 12_345, digits: 2 }],
    ['-0.5', { units: -5, digits: 1 }],
    ['7', { units: 7, digits: 0 }],
    [7, { units: 7, digits: 0 }],
    [0.5, null],
    [new Decimal('1.25'), { units: 125, digits: 2 }],
    ['1e3', null],
    ['', null],
    ['1.', null],
    ['x1', null],
    ['1x', null],
    ['0.123456789012', { units: 123_456_789_012, digits: 12 }],
    ['0.1234567890123', null],
    ['12345678901234567', null],
    ['9007199254740991', { units: 9_007_199_254_740_991, digits: 0 }],
    ['9007199254740993', null],
    ['900719925474099.1', { units: 9_007_199_254_740_991, digits: 1 }],
    ['9007199254740.9912', null],
    ['-900719925474.0991', null],
  ])('%s', (value, expected) => {
    expect(scaledOf(value)).toEqual(expected);
  });

  it.each([
    [12_345, 2, '123.45'],
    [5, 2, '0.05'],
    [-5, 2, '-0.05'],
    [0, 2, '0.00'],
    [-7, 0, '-7'],
    [100, 2, '1.00'],
  ])('%d with %d digits is written %s', (units, digits, text) => {
    expect(unitsText(units, digits)).toBe(text);
  });

  it('powers of ten are exact', () => {
    expect([0, 1, 12, 15, 16, 22].map(powerOfTen)).toEqual([1, 10, 1e12, 1e15, 1e16, 1e22]);
  });
});
