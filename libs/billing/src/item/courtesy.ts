import { Money, type MoneyJson } from '@billtrail/kernel';

/** What accounts took off an item by choice: the client sees it with its reason. */
export interface CourtesyGiven {
  /** Positive; of an adjustment what the work is given more than before, or less. */
  readonly amount: MoneyJson;
  readonly reason: string;
}

interface MayBeGiven {
  readonly net: MoneyJson | null;
  readonly courtesy?: CourtesyGiven;
}

/** The item as it was priced, before anything was given: caps, and the terms of later, are held against that. */
export function beforeCourtesy<Item extends MayBeGiven>(item: Item): Item {
  const { net, courtesy } = item;
  if (courtesy === undefined || net === null) return item;
  const { courtesy: _given, ...rest } = item;
  return { ...rest, net: plusGiven(net, courtesy) } as unknown as Item;
}

/** Net and what was given, together. */
export function plusGiven(net: MoneyJson, { amount }: CourtesyGiven): MoneyJson {
  return Money.from(net).plus(Money.from(amount)).toJSON();
}

/** What was given on items, in all. */
export function givenOn(items: readonly MayBeGiven[], currency: string): Money {
  return Money.sum(
    items.flatMap(({ courtesy }) => (courtesy === undefined ? [] : [Money.from(courtesy.amount)])),
    currency,
  );
}
