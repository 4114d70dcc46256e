import { Decimal as BaseDecimal } from 'decimal.js';
import { InvariantViolation } from './refusal.js';

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
/** Amounts that were computed may have more digits than those that are typed in. */
const COMPUTED_DECIMAL = /^-?\d+(\.\d+)?$/;
/** True for a plain decimal number in a string, without exponent: what amounts and quantities must look like on the way in. */
export function isDecimalString(value: string): boolean {
  return PLAIN_DECIMAL.test(value);
}

/**
 * An exact amount in one currency. Immutable. Adding two currencies throws. Nothing is rounded until {@link rounded} says so,
 * once per line net (rating.md, "Money and numbers").
 */
export class Money {
  private constructor(
    readonly value: Decimal,
    readonly currency: Currency,
  ) {}

  /**
   * Throws {@link InvariantViolation} on anything but a plain decimal string (no exponent, no `0x`), a safe integer or a finite
   * decimal, and on an unknown currency.
   */
  static of(amount: string | number | Decimal, currency: Currency): Money {
    if (!isCurrency(currency)) throw new InvariantViolation(`unknown currency: ${currency}`);
    return Money.exactly(exactDecimal(amount), currency);
  }

  /** A zero has no sign here: `-0` would be another value to a comparison of structures. */
  private static exactly(value: Decimal, currency: Currency): Money {
    return new Money(value.isZero() ? ZERO : value, currency);
  }

  static zero(currency: Currency): Money {
    return Money.of(0, currency);
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

  plus(other: Money): Money {
    this.assertSameCurrency(other);
    return Money.exactly(this.value.plus(other.value), this.currency);
  }

  minus(other: Money): Money {
    this.assertSameCurrency(other);
    return Money.exactly(this.value.minus(other.value), this.currency);
  }

  /** Exact up to 40 digits. A number must be whole: no float touches money. */
  times(factor: Decimal | string | number): Money {
    return Money.exactly(this.value.times(exactDecimal(factor)), this.currency);
  }

  /**
   * To 40 digits. Multiply first and divide last: a third of an hour at 0.045 is `times(20).dividedBy(60)`, 0.015, which rounds
   * to 0.02; a factor of 0.333... would give 0.01.
   */
  dividedBy(divisor: Decimal | string | number): Money {
    const exact = exactDecimal(divisor);
    if (exact.isZero()) throw new InvariantViolation('money divided by zero');
    return Money.exactly(this.value.div(exact), this.currency);
  }

  negated(): Money {
    return Money.exactly(this.value.negated(), this.currency);
  }

  /** Half away from zero, to the currency's minor unit. */
  rounded(): Money {
    return Money.exactly(
      this.value.toDecimalPlaces(minorUnitDigits(this.currency), Decimal.ROUND_HALF_UP),
      this.currency,
    );
  }

  isZero(): boolean {
    return this.value.isZero();
  }

  isNegative(): boolean {
    return this.value.isNegative();
  }

  equals(other: Money): boolean {
    return this.currency === other.currency && this.value.equals(other.value);
  }

  compare(other: Money): number {
    this.assertSameCurrency(other);
    return this.value.comparedTo(other.value);
  }

  /** Integer minor units. Throws if the amount was not rounded: a fraction of a cent must never be dropped in silence. */
  toMinor(): bigint {
    const minor = this.value.times(new Decimal(10).pow(minorUnitDigits(this.currency)));
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
    return `${this.toJSON().amount} ${this.currency}`;
  }

  /** At least the minor unit's digits; more only where the amount has not been rounded (a unit price). */
  toJSON(): MoneyJson {
    const digits = Math.max(minorUnitDigits(this.currency), this.value.decimalPlaces());
    return { amount: this.value.toFixed(digits), currency: this.currency };
  }

  private assertSameCurrency(other: Money): void {
    if (other.currency !== this.currency) {
      throw new InvariantViolation(`can't combine ${this.currency} and ${other.currency}`);
    }
  }
}

const ZERO = new Decimal(0);

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
