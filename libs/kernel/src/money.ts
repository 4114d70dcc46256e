import { Decimal as BaseDecimal } from 'decimal.js';
import { InvariantViolation } from './refusal.js';
import {
  COMPUTED_DECIMAL,
  LONGEST_UNITS_TEXT,
  MAX_UNIT_DIGITS,
  UNITS_LIMIT,
  powerOfTen,
  scaledOf,
  unitsText,
} from './scaled.js';

/** Decimal arithmetic of the house: 40 digits, half away from zero (decimal.js calls it ROUND_HALF_UP). */
export const Decimal = BaseDecimal.clone({
  precision: 40,
  rounding: BaseDecimal.ROUND_HALF_UP,
  toExpNeg: -30,
  toExpPos: 40,
});
export type Decimal = BaseDecimal;

/** ISO 4217 code: `AUD`. */
export type Currency = string;

/** An amount as it travels in events and answers: `{ amount: "187.50", currency: "AUD" }`. */
export interface MoneyJson {
  readonly amount: string;
  readonly currency: Currency;
}

const MINOR_UNITS: ReadonlyMap<string, number> = new Map([
  ...'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'.split(' ').map((c) => [c, 0] as const),
  ...'BHD IQD JOD KWD LYD OMR TND'.split(' ').map((c) => [c, 3] as const),
  ...'CLF UYW'.split(' ').map((c) => [c, 4] as const),
]);
/** What this machine's Intl knows, and the units of account that it leaves out. */
const CURRENCIES = new Set([...Intl.supportedValuesOf('currency'), ...MINOR_UNITS.keys()]);

export function isCurrency(code: string): boolean {
  return CURRENCIES.has(code);
}

/** Digits after the point of a currency's minor unit (ISO 4217: JPY 0, AUD 2, KWD 3). */
export function minorUnitDigits(currency: Currency): number {
  return MINOR_UNITS.get(currency) ?? 2;
}

const PLAIN_DECIMAL = /^-?\d{1,20}(\.\d{1,12})?$/;
/** True for a plain decimal number in a string, without exponent: what amounts and quantities must look like on the way in. */
export function isDecimalString(value: string): boolean {
  return PLAIN_DECIMAL.test(value);
}

/** Digits that an exact quotient is looked for in, before it is left to decimal arithmetic: 60ths need two. */
const MAX_QUOTIENT_DIGITS = 4;

/**
 * An exact amount in one currency. Immutable. Adding two currencies throws. Nothing is rounded until {@link rounded} says so,
 * once per line net (rating.md, "Money and numbers").
 *
 * Nearly every amount is a whole number of minor units or of a small fraction of them: it is kept and computed as an integer, which is
 * exact and many times faster than decimal arithmetic. Whatever leaves the integers is a Decimal. Which of the two an amount is depends
 * on its value alone, so that equal amounts are equal structures.
 */
export class Money {
  private constructor(
    /** The amount in units of `10 ** -digits`; 0 where it is not such an integer. */
    private readonly units: number,
    /** The currency's digits, or as many more as the amount needs. */
    private readonly digits: number,
    /** An amount that has too many digits for an integer; else null. */
    private readonly large: Decimal | null,
    readonly currency: Currency,
  ) {}

  /**
   * Throws {@link InvariantViolation} on anything but a plain decimal string (no exponent, no `0x`), a safe integer or a finite
   * decimal, and on an unknown currency.
   */
  static of(amount: string | number | Decimal, currency: Currency): Money {
    if (!isCurrency(currency)) throw new InvariantViolation(`unknown currency: ${currency}`);
    const scaled = scaledOf(amount);
    return scaled === null
      ? Money.exactly(exactDecimal(amount), currency)
      : Money.scaled(scaled.units, scaled.digits, currency);
  }

  private static exactly(value: Decimal, currency: Currency): Money {
    const digits = Math.max(minorUnitDigits(currency), value.decimalPlaces());
    const text = digits > MAX_UNIT_DIGITS ? null : value.toFixed(digits);
    if (text !== null && text.length <= LONGEST_UNITS_TEXT) {
      const units = Number(text.replace('.', ''));
      // A zero has no sign here: `-0` would be another value to a comparison of structures.
      if (Math.abs(units) < UNITS_LIMIT) return new Money(units === 0 ? 0 : units, digits, null, currency);
    }
    return new Money(0, 0, value, currency);
  }

  /** `units` is a safe integer. */
  private static scaled(units: number, digits: number, currency: Currency): Money {
    const minorDigits = minorUnitDigits(currency);
    let least = units;
    let leastDigits = digits;
    if (leastDigits < minorDigits) {
      least *= powerOfTen(minorDigits - leastDigits);
      leastDigits = minorDigits;
    }
    for (; leastDigits > minorDigits && least % 10 === 0; leastDigits -= 1) least /= 10;
    if (Math.abs(least) < UNITS_LIMIT && leastDigits <= MAX_UNIT_DIGITS)
      return new Money(least === 0 ? 0 : least, leastDigits, null, currency);
    return Money.exactly(decimalOf(units, digits), currency);
  }

  static zero(currency: Currency): Money {
    let zero = zeros.get(currency);
    if (zero === undefined) zeros.set(currency, (zero = Money.of(0, currency)));
    return zero;
  }

  static from(json: MoneyJson): Money {
    return Money.of(json.amount, json.currency);
  }

  /** From integer minor units, as read models store them. */
  static ofMinor(minor: bigint, currency: Currency): Money {
    return Money.of(new Decimal(minor.toString()).div(new Decimal(10).pow(minorUnitDigits(currency))), currency);
  }

  static sum(amounts: Iterable<Money>, currency: Currency): Money {
    let total = Money.zero(currency);
    for (const amount of amounts) total = total.plus(amount);
    return total;
  }

  /** The amount as a decimal number. */
  get value(): Decimal {
    return this.large ?? decimalOf(this.units, this.digits);
  }

  plus(other: Money): Money {
    this.assertSameCurrency(other);
    return this.added(other, 1);
  }

  minus(other: Money): Money {
    this.assertSameCurrency(other);
    return this.added(other, -1);
  }

  private added(other: Money, sign: 1 | -1): Money {
    const { currency, digits } = this;
    if (this.large === null && other.large === null) {
      if (digits === other.digits) return Money.scaled(this.units + sign * other.units, digits, currency);
      const most = Math.max(digits, other.digits);
      const mine = this.units * powerOfTen(most - digits);
      const others = other.units * powerOfTen(most - other.digits);
      const sum = mine + sign * others;
      if (Number.isSafeInteger(mine) && Number.isSafeInteger(others) && Number.isSafeInteger(sum))
        return Money.scaled(sum, most, currency);
    }
    return Money.exactly(sign === 1 ? this.value.plus(other.value) : this.value.minus(other.value), currency);
  }

  /** Exact up to 40 digits. A number must be whole: no float touches money. */
  times(factor: Decimal | string | number): Money {
    if (typeof factor === 'number' && this.large === null && Number.isSafeInteger(factor)) {
      const units = this.units * factor;
      if (Number.isSafeInteger(units)) return Money.scaled(units, this.digits, this.currency);
    }
    const scaled = this.large === null && typeof factor !== 'number' ? scaledOf(factor) : null;
    if (scaled !== null) {
      const units = this.units * scaled.units;
      if (Number.isSafeInteger(units)) return Money.scaled(units, this.digits + scaled.digits, this.currency);
    }
    return Money.exactly(this.value.times(exactDecimal(factor)), this.currency);
  }

  /**
   * To 40 digits. Multiply first and divide last: a third of an hour at 0.045 is `times(20).dividedBy(60)`, 0.015, which rounds
   * to 0.02; a factor of 0.333... would give 0.01.
   */
  dividedBy(divisor: Decimal | string | number): Money {
    const whole = this.large === null && typeof divisor === 'number' ? divisor : 0;
    if (whole !== 0 && Number.isSafeInteger(whole)) {
      let units = this.units;
      for (let more = 0; more <= MAX_QUOTIENT_DIGITS && Number.isSafeInteger(units); more += 1) {
        if (units % whole === 0) return Money.scaled(units / whole, this.digits + more, this.currency);
        units *= 10;
      }
    }
    const exact = exactDecimal(divisor);
    if (exact.isZero()) throw new InvariantViolation('money divided by zero');
    return Money.exactly(this.value.div(exact), this.currency);
  }

  negated(): Money {
    return this.large === null
      ? Money.scaled(-this.units, this.digits, this.currency)
      : Money.exactly(this.large.negated(), this.currency);
  }

  /** Half away from zero, to the currency's minor unit. */
  rounded(): Money {
    const minorDigits = minorUnitDigits(this.currency);
    if (this.large !== null)
      return Money.exactly(this.large.toDecimalPlaces(minorDigits, Decimal.ROUND_HALF_UP), this.currency);
    if (this.digits === minorDigits) return this;
    const minor = powerOfTen(this.digits - minorDigits);
    const rest = Math.abs(this.units) % minor;
    const whole = (Math.abs(this.units) - rest) / minor + (2 * rest >= minor ? 1 : 0);
    return Money.scaled(this.units < 0 ? -whole : whole, minorDigits, this.currency);
  }

  isZero(): boolean {
    return this.large === null && this.units === 0;
  }

  isNegative(): boolean {
    return this.large === null ? this.units < 0 : this.large.isNegative();
  }

  equals(other: Money): boolean {
    if (this.currency !== other.currency) return false;
    if (this.large === null || other.large === null)
      return this.large === other.large && this.units === other.units && this.digits === other.digits;
    return this.large.equals(other.large);
  }

  compare(other: Money): number {
    this.assertSameCurrency(other);
    if (this.large === null && other.large === null && this.digits === other.digits)
      return Math.sign(this.units - other.units);
    return this.value.comparedTo(other.value);
  }

  /** Integer minor units. Throws if the amount was not rounded: a fraction of a cent must never be dropped in silence. */
  toMinor(): bigint {
    const minorDigits = minorUnitDigits(this.currency);
    if (this.large === null && this.digits === minorDigits) return BigInt(this.units);
    const minor = this.value.times(powerOfTen(minorDigits));
    if (!minor.isInteger())
      throw new InvariantViolation(`${this.toString()} has fractions of its minor unit; round it first`);
    return BigInt(minor.toFixed(0));
  }

  /**
   * Splits a rounded amount over weights by largest remainder: the parts are in minor units and sum to the whole.
   * Equal remainders go to the earlier part. All weights zero: equal parts. Counted in integers, so no digit is lost.
   * Throws {@link InvariantViolation} on no weights, a negative one, and an amount that was not rounded.
   */
  allocate(weights: readonly (Decimal | number | string)[]): Money[] {
    if (weights.length === 0) throw new InvariantViolation('nothing to allocate over');
    const shares = wholeShares(weights.map(exactDecimal));
    const total = shares.reduce((sum, share) => sum + share, 0n);
    const minor = this.toMinor();
    const sign = minor < 0n ? -1n : 1n;
    const absolute = minor * sign;
    const parts = shares.map((share, index) => {
      const scaled = absolute * share;
      return { index, floor: scaled / total, remainder: scaled % total };
    });
    let left = absolute - parts.reduce((sum, part) => sum + part.floor, 0n);
    const byRemainder = [...parts].sort((a, b) =>
      a.remainder === b.remainder ? a.index - b.index : a.remainder < b.remainder ? 1 : -1,
    );
    for (const part of byRemainder) {
      if (left === 0n) break;
      part.floor += 1n;
      left -= 1n;
    }
    return parts.map((part) => Money.ofMinor(part.floor * sign, this.currency));
  }

  /** `187.50 AUD`. */
  toString(): string {
    return `${this.amount} ${this.currency}`;
  }

  /** At least the minor unit's digits; more only where the amount has not been rounded (a unit price). */
  toJSON(): MoneyJson {
    return { amount: this.amount, currency: this.currency };
  }

  /** The amount in digits, as {@link toJSON} has it: `187.50`. */
  get amount(): string {
    if (this.large === null) return unitsText(this.units, this.digits);
    return this.large.toFixed(Math.max(minorUnitDigits(this.currency), this.large.decimalPlaces()));
  }

  /** The amount as a number is written, without zeros at its end: `187.5`. Of a long one at most so many digits after the point, half away from zero. */
  plain(mostDigits = Infinity): string {
    if (this.large !== null || this.digits > mostDigits)
      return (mostDigits === Infinity ? this.value : this.value.toDecimalPlaces(mostDigits)).toFixed();
    let { units, digits } = this;
    for (; digits > 0 && units % 10 === 0; digits -= 1) units /= 10;
    return unitsText(units, digits);
  }

  private assertSameCurrency(other: Money): void {
    if (other.currency !== this.currency) {
      throw new InvariantViolation(`can't combine ${this.currency} and ${other.currency}`);
    }
  }
}

/** One zero for each currency: sums begin with it, and amounts are immutable. */
const zeros = new Map<Currency, Money>();

function decimalOf(units: number, digits: number): Decimal {
  return new Decimal(unitsText(units, digits));
}

function exactDecimal(value: string | number | Decimal): Decimal {
  if (typeof value === 'number' && !Number.isSafeInteger(value)) {
    throw new InvariantViolation(`money from a float: ${value}; pass a decimal string`);
  }
  if (typeof value === 'string' && !COMPUTED_DECIMAL.test(value)) {
    throw new InvariantViolation(`not a decimal number: ${value}`);
  }
  const decimal = new Decimal(value);
  if (!decimal.isFinite()) throw new InvariantViolation(`not a finite number: ${decimal.toString()}`);
  return decimal;
}

/** The weights in their proportion, as integers; equal ones where all are zero. */
function wholeShares(weights: readonly Decimal[]): bigint[] {
  if (weights.some((weight) => weight.isNegative() && !weight.isZero()))
    throw new InvariantViolation('a weight is negative');
  if (weights.every((weight) => weight.isZero())) return weights.map(() => 1n);
  const digits = Math.max(...weights.map((weight) => weight.decimalPlaces()));
  return weights.map((weight) => {
    const [whole = '0', fraction = ''] = weight.toFixed(digits).replace('-', '').split('.');
    return BigInt(whole + fraction);
  });
}

/** Between groups of three digits of a whole number. */
const GROUPS = /\B(?=(?:\d{3})+$)/g;

/** As people read an amount: `1,462.50 AUD`. */
export function readableMoney({ amount, currency }: MoneyJson): string {
  const [whole = '', fraction] = amount.split('.');
  return `${whole.replaceAll(GROUPS, ',')}${fraction === undefined ? '' : `.${fraction}`} ${currency}`;
}
