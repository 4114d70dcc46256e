import { type Minutes, Money } from '@billtrail/kernel';
import type { FrozenItem } from '../events.js';
import type { FrozenWork } from './settled-work.js';

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
export function flatPricesLeft({ parts }: Pick<FrozenWork, 'parts'>): readonly Minutes[] {
  const prices = new Map<string, FlatPrice>();
  for (const { item } of parts) {
    const rate = item.trace.find(({ facts }) => facts['mode'] === 'flat' && facts['charged'] === true)?.facts;
    const asked = rate === undefined ? null : askedOf(item, rate['flatPrice'], rate['currency']);
    if (rate === undefined || asked === null || item.segment === undefined) continue;
    const scope = String(rate['pricedOver']);
    const known = prices.get(scope) ?? { asked, taken: Money.zero(asked.currency), endMinute: 0 };
    prices.set(scope, known);
    known.taken = known.taken.plus(takenBy(item, asked.currency));
    known.endMinute = Math.max(known.endMinute, item.segment.toMinute);
  }
  return [...prices.values()].flatMap(({ asked, taken, endMinute }) => (asked.compare(taken) > 0 ? [endMinute] : []));
}

/** The whole price as it was asked then, less its discount; null: the item was frozen before that was said. */
function askedOf({ trace }: FrozenItem, flatPrice: unknown, currency: unknown): Money | null {
  if (typeof flatPrice !== 'string' || typeof currency !== 'string') return null;
  const discounted = trace.find(({ step }) => step === 'discount')?.facts['exact'];
  return Money.of(typeof discounted === 'string' ? discounted : flatPrice, currency).rounded();
}

/** What of the price a frozen item stands for: asked or forgone, drawn on a block of money, or above a cap. */
function takenBy({ net, draw, trace }: FrozenItem, currency: string): Money {
  if (draw !== undefined) return draw.amount.unit === 'money' ? Money.from(draw.amount.money) : Money.zero(currency);
  if (net !== null) return Money.from(net);
  const above = trace.findLast(({ step }) => step === 'cap')?.facts['above'];
  return typeof above === 'string' ? Money.of(above, currency) : Money.zero(currency);
}
