import { type Currency, Decimal } from '@billtrail/kernel';
import type { PrepaidAmount } from '@billtrail/contracts';
import type { BillableItem } from '../rating/facts.js';
import type { PrepaidSource } from '../rating/prepaid/prepaid-facts.js';
import { amountOf, currencyOf, prepaidAmount, prepaidKey } from '../rating/prepaid/prepaid-stock.js';
import type { FrozenWork, Held } from './settled-work.js';
import { heldBy, minus } from './holding.js';

/** What corrected work draws of one block or allotment more than is frozen of it, or gives back. */
export interface DrawDifference {
  readonly source: PrepaidSource;
  /** Below zero: given back. */
  readonly amount: PrepaidAmount;
  /** What of the work is covered more, or less. */
  readonly held: Held;
  /** What it is covered by now; null: nothing of it is. */
  readonly present: BillableItem | null;
}

type Drawing = Pick<BillableItem, 'draw' | 'kind' | 'actualMinutes' | 'billableMinutes' | 'quantity' | 'net'>;

interface OfSource {
  readonly source: PrepaidSource;
  readonly currency: Currency | null;
  readonly frozen: Drawing[];
  readonly present: BillableItem[];
}

/** One for each block and allotment of which the work holds another amount than is frozen, in the order in which they were drawn. */
export function drawDifferences(frozen: FrozenWork, presentItems: readonly BillableItem[]): readonly DrawDifference[] {
  const bySource = new Map<string, OfSource>();
  const of = (draw: NonNullable<Drawing['draw']>): OfSource => {
    const key = prepaidKey(draw.source);
    const known = bySource.get(key) ?? {
      source: draw.source,
      currency: currencyOf(draw.amount),
      frozen: [],
      present: [],
    };
    bySource.set(key, known);
    return known;
  };
  for (const { item } of frozen.parts) if (item.draw !== undefined) of(item.draw).frozen.push(item);
  for (const item of presentItems) if (item.draw !== undefined) of(item.draw).present.push(item);
  return [...bySource.values()].flatMap(({ source, currency, frozen: then, present }) => {
    const amount = drawnBy(present).minus(drawnBy(then));
    if (amount.isZero()) return [];
    return [
      {
        source,
        amount: prepaidAmount(amount, currency),
        held: minus(heldBy(present), heldBy(then)),
        present: present[0] ?? null,
      },
    ];
  });
}

function drawnBy(items: readonly Drawing[]): Decimal {
  return items.reduce((sum, { draw }) => (draw === undefined ? sum : sum.plus(amountOf(draw.amount))), new Decimal(0));
}
