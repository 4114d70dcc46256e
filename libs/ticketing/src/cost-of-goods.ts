import { Money, type MoneyJson } from '@billtrail/kernel';
import type { MaterialFacts } from './events.js';

/** What a piece costs, without tax that is claimed back; null: nobody stated it. */
export function netUnitCost({
  unitCost,
  taxIncluded,
}: Pick<MaterialFacts, 'unitCost' | 'taxIncluded'>): MoneyJson | null {
  if (unitCost === null || taxIncluded === undefined) return unitCost;
  return Money.from(unitCost).minus(Money.from(taxIncluded)).toJSON();
}

/** Of two currencies the first: they can't be compared. */
export function higherCost(one: MoneyJson | null, other: MoneyJson | null): MoneyJson | null {
  if (one === null || other === null) return one ?? other;
  if (one.currency !== other.currency) return one;
  return Money.from(one).compare(Money.from(other)) < 0 ? other : one;
}
