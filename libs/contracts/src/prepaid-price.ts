import { Decimal, Money, invariant, type MoneyJson } from '@billtrail/kernel';
import type { OwnedBlock, PrepaidAmount } from './terms/prepaid.js';

/** In its own unit: minutes, or money. */
export function amountOf(amount: PrepaidAmount): Decimal {
  return new Decimal(amount.unit === 'minutes' ? amount.minutes : amount.money.amount);
}

/** As people read it: `600 min`, `1300.00 AUD`. */
export function amountText(amount: PrepaidAmount): string {
  return amount.unit === 'minutes' ? `${amount.minutes} min` : `${amount.money.amount} ${amount.money.currency}`;
}

/** What of a block was returned in all, in its unit. */
export function returnedOf({ returns = [] }: Pick<OwnedBlock, 'returns'>): Decimal {
  return Decimal.sum(0, ...returns.map(({ amount }) => amountOf(amount)));
}

/**
 * What a block costs of which so much was returned: its price, less the share of what went back. Rounded once over all that went back, so that several
 * returns never come to another sum than one.
 */
export function priceLess(
  { amount, net }: { readonly amount: PrepaidAmount; readonly net: MoneyJson },
  returned: Decimal,
): Money {
  const whole = amountOf(amount);
  invariant(!returned.isNegative() && returned.lte(whole), 'more of a block is returned than it held');
  const price = Money.from(net).rounded();
  return price.minus(price.times(returned).dividedBy(whole).rounded());
}
