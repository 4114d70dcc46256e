import type { ExplainedItem } from './item/billable-item.js';
import type { FrozenItem } from './item/frozen-item.js';
import type { ChargeItem, FrozenCharge } from './item/charge-item.js';
import type { Explanation, TraceFact, TraceStep } from './item/trace.js';

/** What can be explained: an item or a charge as it is, or as it was frozen on a line. */
export type Explained = ExplainedItem | FrozenItem | ChargeItem | FrozenCharge;

/** Facts of a step that list what was asked, each with its answer. */
const TRIED = ['tried', 'inForce', 'equal'] as const;

/**
 * Why this price: the item at the root, under it the steps of rating in their order, under each step what was tried in it (coverage
 * rules, contracts in force, blocks). Nothing is computed again: it is the item's own trace, so it explains a frozen item as it was.
 */
export function explain(item: Explained): Explanation {
  return { step: 'item', text: headline(item), facts: factsOf(item), parts: item.trace.map(stepNode) };
}

function headline(item: Explained): string {
  const id = 'itemId' in item ? item.itemId : item.chargeItemId;
  const net = item.net === null ? 'no price' : `${item.net.amount} ${item.net.currency}`;
  const disposition = 'disposition' in item ? `${item.disposition}, ` : '';
  const price = item.unitPrice === null ? '' : ` at ${item.unitPrice.amount}`;
  return `${id}: ${disposition}${item.quantity} ${item.unit}${price} -> ${net} (${item.description})`;
}

function factsOf(item: Explained): Record<string, TraceFact> {
  const common: Record<string, TraceFact> = {
    quantity: item.quantity,
    unit: item.unit,
    unitPrice: item.unitPrice?.amount ?? null,
    net: item.net?.amount ?? null,
    currency: item.net?.currency ?? item.unitPrice?.currency ?? null,
    taxCategory: item.taxCategory,
    contractId: item.contractId,
    contractVersion: item.contractVersion,
    disposition: 'disposition' in item ? item.disposition : null,
    sourceEventIds: item.sourceEventIds,
  };
  if ('chargeItemId' in item) {
    return { itemId: item.chargeItemId, kind: item.kind, from: item.from, to: item.to, ...common };
  }
  return {
    itemId: item.itemId,
    workItemId: item.workItemId,
    ticketId: item.ticketId,
    kind: item.kind,
    workDate: item.workDate,
    actualMinutes: item.actualMinutes,
    billableMinutes: item.billableMinutes,
    ...common,
  };
}

function stepNode({ step, text, facts }: TraceStep): Explanation {
  const tried = TRIED.flatMap((name): readonly string[] => {
    const list = facts[name];
    return Array.isArray(list) ? list : [];
  });
  return {
    step,
    text,
    facts,
    parts: tried.map((one) => ({ step: 'tried', text: one, facts: {}, parts: [] })),
  };
}
