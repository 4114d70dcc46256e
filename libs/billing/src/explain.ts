import type { Explanation, TraceFact, TraceStep } from './item/trace.js';
import { type DocumentNumbers, type Explained, type StoryLine, storyOf } from './story.js';

/** Facts of a step that list what was asked, each with its answer. */
const TRIED = ['tried', 'inForce', 'equal'] as const;

/**
 * Why this price: the item at the root, under it the steps of rating in their order, under each step what was tried in it (coverage
 * rules, contracts in force, blocks); and beside it the story of it, as people read it. Nothing is computed again: it is the item's own trace, so it
 * explains a frozen item as it was. `numbers`: as of {@link storyOf}.
 */
export function explain(
  item: Explained,
  numbers: DocumentNumbers = new Map(),
): Explanation & { readonly story: readonly StoryLine[] } {
  const parts = item.trace.map(stepNode);
  return { step: 'item', text: headline(item), facts: factsOf(item), story: storyOf(item, numbers), parts };
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
