import { amountOf } from '@billtrail/contracts';
import type { BillableItem } from '../../item/billable-item.js';
import type { Draw } from '../../item/draw.js';

/**
 * The statement of a period: every draw with its item, the frozen ones first, as they are taken first, then what is given back of them, then in
 * the order of the items.
 */
export function drawsOf(items: readonly BillableItem[], frozen: readonly Draw[]): readonly Draw[] {
  const known = new Set(frozen.map((draw) => draw.itemId));
  const taken: Draw[] = [];
  const returned: Draw[] = [];
  for (const { itemId, draw } of items) {
    if (draw === undefined || known.has(itemId)) continue;
    const now = { ...draw, frozen: false, itemId };
    if (amountOf(draw.amount).isNegative()) returned.push(now);
    else taken.push(now);
  }
  return [...frozen, ...returned, ...taken];
}
