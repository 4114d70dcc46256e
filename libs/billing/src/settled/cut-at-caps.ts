import { type Currency, Decimal, Money } from '@billtrail/kernel';
import { beforeCourtesy } from '../item/courtesy.js';
import type { FrozenItem } from '../item/frozen-item.js';
import { isOfWork } from '../item/item-key.js';
import type { SettledWork } from './settled-work.js';

/**
 * What parts of work ask beyond the price of their minutes or pieces, because a cap let an amount through that no whole minute comes to: 35 min at 170.00 an hour are
 * 99.17, and the cap lets 100.00 through. What is left of the work asks so much less. Below zero where they ask less.
 */
export function beyondTheirMinutes({ parts }: Pick<SettledWork, 'parts'>, currency: Currency): Money {
  let beyond = Money.zero(currency);
  for (const { key, item } of parts) {
    const { cap, isRestOfCut } = item.basis;
    const isCut = isRestOfCut === true || (cap !== null && cap.above === null && cap.heldBack === null);
    if (!isOfWork(key) || !isCut || item.net === null || item.net.currency !== currency) continue;
    const net = Money.from(beforeCourtesy({ ...item, net: item.net }).net);
    const price = priceOfItsOwn(item, currency);
    if (price !== null && !price.rounded().equals(net)) beyond = beyond.plus(net).minus(price);
  }
  return beyond;
}

/** Exactly, after its discount; null: its price is not by minutes or pieces alone. */
function priceOfItsOwn(
  { unitPrice, quantity, billableMinutes: minutes, basis: { price, discount, paidOf } }: FrozenItem,
  currency: Currency,
): Money | null {
  if (price === null || unitPrice === null || paidOf !== undefined) return null;
  const plain = ((): Money | null => {
    if (price.mode === 'quantity') return Money.from(unitPrice).times(quantity);
    if (minutes === null) return null;
    if (price.mode === 'tiers') return price.tiers === undefined ? null : inTiers(price.tiers, minutes, currency);
    if (price.mode !== 'hourly') return null;
    const { price: stated, minutes: each } = price.per ?? { price: unitPrice.amount, minutes: 60 };
    return Money.of(stated, currency).times(minutes).dividedBy(each);
  })();
  if (plain === null || discount === null) return plain;
  const before = new Decimal(discount.exactBefore);
  return before.isZero() ? plain : plain.times(discount.exact).dividedBy(before);
}

/** The first so many minutes of what the tiers are of. */
function inTiers(
  tiers: readonly { readonly minutes: number; readonly pricePerHour: string }[],
  minutes: number,
  currency: Currency,
): Money {
  let [left, sum] = [minutes, Money.zero(currency)];
  for (const tier of tiers) {
    const taken = Math.min(left, tier.minutes);
    sum = sum.plus(Money.of(tier.pricePerHour, currency).times(taken).dividedBy(60));
    left -= taken;
  }
  return sum;
}
