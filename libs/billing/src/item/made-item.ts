import type { Basis } from './basis.js';
import type { BillableItem, ExplainedItem } from './billable-item.js';
import type { Trace } from './trace.js';

/** An item with how it came to be. Basis and trace are worked out when somebody asks: they cost more than the price. */
export interface MadeItem {
  readonly item: BillableItem;
  basis(): Basis;
  trace(): Trace;
  /** Why this difference has no price, where that is not why the work has none. Absent: as the item says. */
  readonly cause?: string;
}

export function explained(made: MadeItem): ExplainedItem {
  return { ...made.item, basis: made.basis(), trace: made.trace() };
}

/** The same with another item, or more to say of it. */
export function changed(
  made: MadeItem,
  { item = made.item, basis = () => made.basis(), trace = () => made.trace() }: Partial<Omit<MadeItem, 'cause'>>,
): MadeItem {
  return { ...(made.cause === undefined ? {} : { cause: made.cause }), item, basis, trace };
}

/** What is known of an item that nothing priced. */
export const NO_BASIS: Basis = {
  work: null,
  ruleId: null,
  rateClass: null,
  rounding: null,
  price: null,
  discount: null,
  prepaid: null,
  cap: null,
  unpriced: null,
  adjustment: null,
};
