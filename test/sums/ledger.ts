/** Minor units of a currency, as far as the proof needs them: told here anew, so that nothing is checked by itself. */
const DIGITS: Readonly<Record<string, number>> = { JPY: 0, KWD: 3 };
const DIGITS_OF_MOST = 2;

function digitsOf(currency: string): number {
  return DIGITS[currency] ?? DIGITS_OF_MOST;
}

/** The minor units of a decimal string, half away from zero. In integers alone: no part of it is the product's. */
export function roundedMinor(amount: string, currency: string): bigint {
  const match = /^(-?)(\d+)(?:\.(\d+))?$/.exec(amount);
  if (match === null) throw new Error(`${amount} is no decimal number`);
  const [, sign, whole = '0', fraction = ''] = match;
  const digits = digitsOf(currency);
  const kept = fraction.slice(0, digits).padEnd(digits, '0');
  const up = (fraction[digits] ?? '0') >= '5' ? 1n : 0n;
  const minor = BigInt(whole + kept) + up;
  return sign === '-' ? -minor : minor;
}

/** The minor units of an amount that is in whole ones. @throws where it is not. */
export function wholeMinor({ amount, currency }: { readonly amount: string; readonly currency: string }): bigint {
  const fraction = amount.split('.')[1] ?? '';
  if (/[1-9]/.test(fraction.slice(digitsOf(currency)))) throw new Error(`${amount} ${currency} is no whole amount`);
  return roundedMinor(amount, currency);
}

/** Sums by currency. */
export class Sums {
  private readonly byCurrency = new Map<string, bigint>();

  add(currency: string, minor: bigint): void {
    this.byCurrency.set(currency, (this.byCurrency.get(currency) ?? 0n) + minor);
  }

  of(currency: string): bigint {
    return this.byCurrency.get(currency) ?? 0n;
  }

  currencies(): readonly string[] {
    return [...this.byCurrency.keys()].sort();
  }
}
