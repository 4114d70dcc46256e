import type { BillableItem } from '../item/billable-item.js';
import type { ClientPeriodFacts } from '../client-period.js';

/** A billable item that a draft claims shows the draft. */
export function withClaim<Item extends BillableItem>(item: Item, claimed: ClientPeriodFacts['claimed']): Item {
  if (claimed.size === 0 || item.disposition !== 'billable') return item;
  const invoiceId = claimed.get(item.itemId);
  return invoiceId === undefined ? item : { ...item, disposition: 'claimed', invoiceId };
}
