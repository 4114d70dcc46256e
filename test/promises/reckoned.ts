import { Decimal } from '@billtrail/kernel';
import type { AnalysedOutcome } from '@billtrail/contracts';
import type { ExplainedItem } from '@billtrail/billing';

type AnalysedPrice = NonNullable<AnalysedOutcome['price']>;

export interface Promised {
  /** Before it is rounded. */
  readonly exact: Decimal;
  readonly isOverage: boolean;
  /** At the card's price, where that is more. */
  readonly worth?: Decimal;
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
    case 'cost-plus':
      return onCost(price, item);
    default:
      return null;
  }
}

type CostPlus = Extract<AnalysedPrice, { readonly mode: 'cost-plus' }>;

/** Net cost with what the card lays on it; a type of expenses may have a price of its own, or a limit. */
function onCost({ markupPercent, marginPercent, types = [] }: CostPlus, item: ExplainedItem): Promised | null {
  const { work } = item.basis;
  const entered = work?.kind === 'material' ? work.unitCost : work?.kind === 'expense' ? work.cost : undefined;
  if (entered === null || entered === undefined || work?.kind === 'time') return null;
  const type = work?.kind === 'expense' ? types.find((one) => one.type === work.expenseType) : undefined;
  const inAll = (unit: Decimal): Decimal => unit.times(item.quantity);
  if (type?.pricePerUnit !== undefined) return { exact: inAll(new Decimal(type.pricePerUnit)), isOverage: false };
  const laid = (cost: Decimal): Decimal =>
    marginPercent === undefined
      ? cost.times(new Decimal(markupPercent ?? 0).plus(100)).dividedBy(100)
      : // The price of a unit by margin has six decimals: a document shows it.
        cost.times(100).dividedBy(new Decimal(100).minus(marginPercent)).toDecimalPlaces(6);
  const net = new Decimal(entered.amount).minus(work?.taxIncluded?.amount ?? 0);
  const counted = type?.capPerUnit === undefined ? net : Decimal.min(net, type.capPerUnit);
  return { exact: inAll(laid(counted)), isOverage: false, worth: inAll(laid(net)) };
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
