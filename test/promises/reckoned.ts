import { Decimal } from '@billtrail/kernel';
import type { AnalysedOutcome } from '@billtrail/contracts';
import type { ExplainedItem } from '@billtrail/billing';

type AnalysedPrice = NonNullable<AnalysedOutcome['price']>;

export interface Promised {
  /** Before it is rounded. */
  readonly exact: Decimal;
  readonly isOverage: boolean;
}

/** The amount of an item's billable minutes, or of its quantity, at the price that the check shows. null: the item alone does not tell it. */
export function reckoned(price: AnalysedPrice, item: ExplainedItem, items: readonly ExplainedItem[]): Promised | null {
  const minutes = new Decimal(item.billableMinutes ?? 0);
  const exactly = (exact: Decimal, isOverage: boolean = false): Promised => ({ exact, isOverage });
  switch (price.mode) {
    case 'hourly': {
      const { onTop } = price;
      const base = minutes.times(price.price).times(price.multiplier).dividedBy(price.priceMinutes);
      if (onTop === null) return exactly(base);
      if (onTop.per === 'hour') return exactly(base.plus(minutes.times(onTop.amount).dividedBy(60)));
      const charged = isOnceCharged(item, items);
      return charged === null ? null : exactly(charged ? base.plus(onTop.amount) : base);
    }
    case 'flat': {
      const charged = isOnceCharged(item, items);
      return charged === null ? null : exactly(new Decimal(charged ? price.price : 0).times(price.multiplier));
    }
    case 'tiers': {
      if (!isAloneInScope(item, items)) return null;
      return exactly(inTiers(price.tiers, item.billableMinutes ?? 0).times(price.multiplier));
    }
    case 'overage':
      return exactly(minutes.times(price.pricePerHour).times(price.multiplier).dividedBy(60), true);
    case 'list-price':
      return item.basis.work?.kind === 'material' && item.basis.work.listPrice !== null
        ? exactly(new Decimal(item.basis.work.listPrice.amount).times(item.quantity))
        : null;
    case 'cost-plus': {
      const { work } = item.basis;
      const cost = work?.kind === 'material' ? work.unitCost : work?.kind === 'expense' ? work.cost : undefined;
      if (cost === null || cost === undefined || price.markupPercent === undefined) return null;
      const quantity = work?.kind === 'material' ? item.quantity : '1';
      return exactly(new Decimal(price.markupPercent).plus(100).dividedBy(100).times(cost.amount).times(quantity));
    }
    default:
      return null;
  }
}

/** True of the one item of a scope that is charged with what is charged once; null: a block or a cap cut what is, so several are. */
function isOnceCharged(
  { basis: { price }, draw, segment }: ExplainedItem,
  items: readonly ExplainedItem[],
): boolean | null {
  if (price === null || price.scope === null || draw !== undefined) return null;
  const charged = items.filter(({ basis }) => basis.price?.scope === price.scope && basis.price.charged);
  return charged.length === 1 && segment === undefined ? price.charged : null;
}

function isAloneInScope({ basis: { price }, draw }: ExplainedItem, items: readonly ExplainedItem[]): boolean {
  if (price === null || price.scope === null || draw !== undefined) return false;
  return items.filter(({ basis }) => basis.price?.scope === price.scope).length === 1;
}

type Tiers = Extract<AnalysedPrice, { readonly mode: 'tiers' }>['tiers'];

function inTiers(tiers: Tiers, minutes: number): Decimal {
  let below = 0;
  let sum = new Decimal(0);
  for (const { upToMinutes, pricePerHour } of tiers) {
    const upTo = Math.min(minutes, upToMinutes ?? minutes);
    if (upTo > below) sum = sum.plus(new Decimal(upTo - below).times(pricePerHour).dividedBy(60));
    below = Math.max(below, upTo);
  }
  return sum;
}
