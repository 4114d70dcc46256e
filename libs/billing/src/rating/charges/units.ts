import { Decimal, InvariantViolation, invariant } from '@billtrail/kernel';
import type { RecurringCharge } from '@billtrail/contracts';

type UnitPrices = Pick<RecurringCharge, 'id' | 'price' | 'tiers' | 'tierPricing'>;

/** So many units at one price of a whole cycle. Negative of what units that joined replace: others that cost something else without them. */
export interface UnitsAtPrice {
  readonly quantity: number;
  readonly price: string;
}

/**
 * What units of a charge cost, tier by tier: of one without tiers, all at its price; graduated, each as its own tier says; by volume, all as the tier of
 * their number says. `before`: units that are charged elsewhere already; theirs is taken off, so that both together are what all of them cost.
 */
export function unitsAtPrices(charge: UnitPrices, count: number, before = 0): readonly UnitsAtPrice[] {
  const { price, tiers } = charge;
  if (tiers === undefined) return [{ quantity: count, price: priceOf(charge, price) }];
  if (before === 0) return inTiers(charge, count);
  const byPrice = new Map<string, number>();
  const less = inTiers(charge, before).map((one) => ({ ...one, quantity: -one.quantity }));
  for (const one of [...inTiers(charge, before + count), ...less])
    byPrice.set(one.price, (byPrice.get(one.price) ?? 0) + one.quantity);
  return [...byPrice].flatMap(([at, quantity]) => (quantity === 0 ? [] : [{ quantity, price: at }]));
}

function priceOf({ id }: UnitPrices, price: string | undefined): string {
  if (price === undefined) throw new InvariantViolation(`charge ${id} has neither a price nor a tier for its units`);
  return price;
}

/** Without units, none at the price of the first. */
function inTiers(charge: UnitPrices, count: number): readonly UnitsAtPrice[] {
  const { tiers = [], tierPricing = 'graduated' } = charge;
  if (count === 0 || tierPricing === 'volume') {
    const reached = tiers.find(({ upTo }) => upTo === null || upTo >= count);
    return [{ quantity: count, price: priceOf(charge, reached?.price) }];
  }
  const filled: UnitsAtPrice[] = [];
  let from = 0;
  for (const { upTo, price } of tiers) {
    const to = Math.min(upTo ?? count, count);
    if (to > from) filled.push({ quantity: to - from, price });
    from = Math.max(from, to);
  }
  invariant(from === count, () => `the tiers of charge ${charge.id} end before the ${count} units that they price`);
  return filled;
}

/** What units at their prices come to in a whole cycle. */
export function sumOfUnits(units: readonly UnitsAtPrice[]): Decimal {
  return units.reduce((sum, { quantity, price }) => sum.plus(new Decimal(price).times(quantity)), new Decimal(0));
}

/** `10 at 30.00, 2 at 25.00`. */
export function unitsText(units: readonly UnitsAtPrice[]): string {
  return units.map(({ quantity, price }) => `${quantity} at ${price}`).join(', ');
}
