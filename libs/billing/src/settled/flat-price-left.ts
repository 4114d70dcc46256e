import { type Currency, type Minutes, Money, type MoneyJson, invariant } from '@billtrail/kernel';
import type { Draw } from '../item/draw.js';
import type { FrozenItem } from '../item/frozen-item.js';
import type { SettledWork } from './settled-work.js';

/**
 * Of one price whatever the minutes a block or a cap may leave a part that holds no minutes: then no minute tells that it is still to be
 * billed, but the money of the parts that are frozen does.
 */
interface FlatPrice {
  readonly asked: Money;
  taken: Money;
  /** Where in the work its last frozen part ends. */
  endMinute: Minutes;
}

/** Where in the work prices whatever the minutes end of which a part is frozen and a part is not. Nearly always nowhere. */
export function flatPricesLeft({ parts }: Pick<SettledWork, 'parts'>): readonly Minutes[] {
  const prices = new Map<string, FlatPrice>();
  for (const { item } of parts) {
    const asked = askedOf(item);
    if (asked === null || item.segment === undefined) continue;
    const scope = item.basis.price?.scope ?? null;
    invariant(scope !== null, () => `${item.itemId} has one price whatever the minutes, and of no scope`);
    const known = prices.get(scope) ?? { asked, taken: Money.zero(asked.currency), endMinute: 0 };
    prices.set(scope, known);
    known.taken = known.taken.plus(takenBy(item, asked.currency));
    known.endMinute = Math.max(known.endMinute, item.segment.toMinute);
  }
  return [...prices.values()].flatMap(({ asked, taken, endMinute }) => (asked.compare(taken) > 0 ? [endMinute] : []));
}

/** What was taken of its one price, part by part, where a part was charged with it: asked, or drawn on a block of money. */
export function takenOfFlatPrice({ parts }: Pick<SettledWork, 'parts'>, currency: Currency): readonly Money[] {
  return parts.flatMap(({ item }) => {
    if (!isCharged(item)) return [];
    const taken = item.draw === undefined ? item.net : moneyOf(item.draw);
    invariant(
      taken === null || taken.currency === currency,
      () => `${item.itemId} is in ${taken?.currency}, its price in ${currency}`,
    );
    return [taken === null ? Money.zero(currency) : Money.from(taken)];
  });
}

function isCharged({ basis: { price } }: FrozenItem): boolean {
  return price?.mode === 'flat' && price.charged;
}

/** The whole price as it was asked then, less its discount; null: none was, or the item was frozen before that was said. */
function askedOf({ basis: { price, discount } }: FrozenItem): Money | null {
  if (price?.mode !== 'flat' || !price.charged || price.flatPrice === null) return null;
  const { amount, currency } = price.flatPrice;
  return Money.of(discount?.exact ?? amount, currency).rounded();
}

/** What of the price a frozen item stands for: asked or forgone, drawn on a block of money, or above a cap. */
function takenBy({ net, draw, basis: { cap } }: FrozenItem, currency: Currency): Money {
  const taken = draw === undefined ? net : moneyOf(draw);
  if (taken !== null) return Money.from(taken);
  return draw !== undefined || cap === null || cap.above === null
    ? Money.zero(currency)
    : Money.from({ amount: cap.above, currency: cap.currency });
}

/** null: minutes, which stand for none of the price. */
function moneyOf({ amount }: Draw): MoneyJson | null {
  return amount.unit === 'money' ? amount.money : null;
}
