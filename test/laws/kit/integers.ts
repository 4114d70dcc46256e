import type { MoneyJson } from '@billtrail/kernel';

const MINOR_DIGITS: Readonly<Record<string, number>> = { JPY: 0 };

/** A decimal text as an integer over a power of ten. */
export function fraction(text: string): { readonly over: bigint; readonly under: bigint } {
  const [whole = '0', digits = ''] = text.split('.');
  return { over: BigInt(whole + digits), under: 10n ** BigInt(digits.length) };
}

export function minorUnits(currency: string): bigint {
  return 10n ** BigInt(MINOR_DIGITS[currency] ?? 2);
}

/** Half away from zero. */
export function halfUp(over: bigint, under: bigint): bigint {
  const sign = over < 0n ? -1n : 1n;
  return (sign * (2n * sign * over + under)) / (2n * under);
}

/** The minor units of an amount. */
export function minorOf({ amount, currency }: MoneyJson): bigint {
  const { over, under } = fraction(amount);
  return halfUp(over * minorUnits(currency), under);
}

export function sumOf(amounts: readonly bigint[]): bigint {
  return amounts.reduce((total, amount) => total + amount, 0n);
}
