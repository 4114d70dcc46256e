import { Money } from '@billtrail/kernel';
import type { BillableItem } from '../rating/facts.js';
import type { TraceStep } from '../item/trace.js';
import type { FrozenPart } from './settled-work.js';
import { type Account, frozenItem } from '../rating/items/step-8-item.js';

/**
 * The items of a frozen part. What a credit note took back of a line that stays invoiced is written off: the line's item keeps the work and
 * what is left of its money, `{itemId}-c1` holds the rest, so that both together are what was invoiced (law L1).
 */
export function frozenItems(part: FrozenPart, account: Account): readonly BillableItem[] {
  const item = frozenItem(part, account);
  if (part.credited === null || item.net === null) return [item];
  const net = Money.from(item.net);
  const credited = Money.from(part.credited);
  const left = net.minus(credited);
  const step: TraceStep = {
    step: 'credit',
    text: `invoiced at ${net.toString()}, of which ${credited.toString()} was given back on credit notes, the last ${part.creditNoteId ?? ''}: ${left.toString()} left`,
    facts: {
      creditNoteId: part.creditNoteId,
      invoiced: net.toJSON().amount,
      credited: credited.toJSON().amount,
      left: left.toJSON().amount,
      currency: net.currency,
    },
  };
  const trace = [...item.trace, step];
  const { draw: _draw, segment: _segment, ...whole } = item;
  return [
    { ...item, net: left.toJSON(), trace },
    {
      ...whole,
      itemId: `${item.itemId}-c1`,
      disposition: 'written-off',
      actualMinutes: item.actualMinutes === null ? null : 0,
      billableMinutes: item.billableMinutes === null ? null : 0,
      quantity: '0',
      net: credited.toJSON(),
      approval: null,
      trace,
    },
  ];
}
