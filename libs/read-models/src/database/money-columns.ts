import { Money, invariant, type MoneyJson } from '@billtrail/kernel';

/** Money in two columns: integer minor units and the currency. Both null, or neither. */
export interface MoneyColumns {
  readonly minor: bigint | null;
  readonly currency: string | null;
}

/** Throws on an amount with a fraction of its minor unit: what is stored here was rounded once, before. */
export function toColumns(money: MoneyJson | null): MoneyColumns {
  return money === null
    ? { minor: null, currency: null }
    : { minor: Money.from(money).toMinor(), currency: money.currency };
}

export function fromColumns(minor: bigint | number | null, currency: string | null): MoneyJson | null {
  if (minor === null || currency === null) return null;
  invariant(typeof minor === 'bigint', 'a money column was read as a JavaScript number');
  return Money.ofMinor(minor, currency).toJSON();
}

/** For a column that is never null. */
export function moneyOf(minor: bigint, currency: string): MoneyJson {
  return Money.ofMinor(minor, currency).toJSON();
}

export function numberOrNull(value: bigint | null): number | null {
  return value === null ? null : Number(value);
}
