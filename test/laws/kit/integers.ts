import type { MoneyJson } from '@billtrail/kernel';

/** Of ISO 4217, as far as it is not two; written down here, for laws take no table of what they look at. */
const WITHOUT_MINOR = 'BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF'.split(' ');
const IN_THOUSANDTHS = 'BHD IQD JOD KWD LYD OMR TND'.split(' ');
const MINOR_DIGITS: ReadonlyMap<string, number> = new Map([
  ...WITHOUT_MINOR.map((currency) => [currency, 0] as const),
  ...IN_THOUSANDTHS.map((currency) => [currency, 3] as const),
  ['CLF', 4],
  ['UYW', 4],
]);

/** A decimal text as an integer over a power of ten. */
export function fraction(text: string): { readonly over: bigint; readonly under: bigint } {
  const [whole = '0', digits = ''] = text.split('.');
  return { over: BigInt(whole + digits), under: 10n ** BigInt(digits.length) };
}

export function minorUnits(currency: string): bigint {
  return 10n ** BigInt(MINOR_DIGITS.get(currency) ?? 2);
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
