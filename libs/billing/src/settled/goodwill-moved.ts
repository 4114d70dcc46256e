import { Decimal, Money } from '@billtrail/kernel';
import { itemIdOf, itemKeyOf } from '../item/item-key.js';
import { type MadeItem, changed } from '../item/made-item.js';
import type { Causes } from './adjustment-item.js';
import type { SettledWork } from './settled-work.js';

/** Settled work with what adjusts it. */
export interface AdjustedWork {
  readonly settled: SettledWork;
  readonly causes: Causes;
  readonly items: readonly MadeItem[];
}

type Listed = readonly MadeItem[] | AdjustedWork;

/**
 * The items in their order, and of money that was given back on credit notes what moved with its price. Work that shares a minimum or a price was
 * corrected or voided, so its share of that is asked of other work; what was forgiven of the share is not asked there again, but stays written off.
 * Work that changed itself has no part in that: what it is asked more is its own.
 */
export function withGoodwillMoved(all: readonly Listed[]): readonly MadeItem[] {
  const ended = new Map(all.filter(isAdjusted).map((one) => [one.settled.workItemId, endedGoodwill(one)]));
  return all.flatMap((one) => {
    if (!isAdjusted(one)) return one;
    const sources = one.causes ?? [];
    return one.items.flatMap((made) => {
      const asked = askedMore(made);
      let left = asked;
      const from = sources.filter((workItemId) => {
        const goodwill = ended.get(workItemId);
        if (left === null || left.isZero() || goodwill === undefined || goodwill.lte(0)) return false;
        const moved = Decimal.min(goodwill, left.value);
        ended.set(workItemId, goodwill.minus(moved));
        left = left.minus(Money.of(moved, left.currency));
        return true;
      });
      return asked === null || left === null || from.length === 0
        ? made
        : forgiven(made, asked.minus(left), left, from);
    });
  });
}

function isAdjusted(one: Listed): one is AdjustedWork {
  return 'settled' in one;
}

/** What of the money that credit notes gave back ends with what it was given of. */
function endedGoodwill({ settled: { parts, givenBack }, items }: AdjustedWork): Decimal {
  const whole = parts.flatMap(({ item, key, invoiceId, creditNoteId }) =>
    invoiceId === null && creditNoteId !== null && key.role !== 'credit' && item.net !== null ? [item.net.amount] : [],
  );
  const given = whole.reduce((sum, amount) => sum.plus(amount), givenBack?.net ?? new Decimal(0));
  const less = items.flatMap(({ item }) =>
    item.disposition === 'written-off' && item.net !== null && new Decimal(item.net.amount).isNegative()
      ? [item.net.amount]
      : [],
  );
  return Decimal.min(
    given,
    less.reduce((sum, amount) => sum.minus(amount), new Decimal(0)),
  );
}

/** null: it asks no more than before. */
function askedMore({ item }: MadeItem): Money | null {
  if (item.disposition !== 'billable' || item.net === null) return null;
  const net = Money.from(item.net);
  return net.isNegative() || net.isZero() ? null : net;
}

/** An increase less what moved with it, and that beside it; where nothing is left of the increase it is written off whole. */
function forgiven(made: MadeItem, moved: Money, left: Money, from: readonly string[]): readonly MadeItem[] {
  const text = `${moved.toString()} of what was given back of ${from.join(', ')} moved here with the price, and stays forgone`;
  const trace = (): ReturnType<MadeItem['trace']> => [
    ...made.trace(),
    {
      step: 'adjustment',
      text,
      facts: { goodwillOf: from, moved: moved.toJSON().amount, left: left.toJSON().amount, currency: moved.currency },
    },
  ];
  const { item } = made;
  if (left.isZero()) return [changed({ ...made, trace }, { item: { ...item, disposition: 'written-off' } })];
  const { number } = itemKeyOf(item.itemId);
  const { courtesy: _courtesy, ...whole } = item;
  const { workItemId, standardValue, cost } = item;
  return [
    changed({ ...made, trace }, { item: { ...item, net: left.toJSON() } }),
    changed(
      { ...made, trace },
      {
        item: {
          ...whole,
          itemId: itemIdOf({ workItemId, role: 'write-off-reversal', number }),
          disposition: 'written-off',
          actualMinutes: item.actualMinutes === null ? null : 0,
          billableMinutes: item.billableMinutes === null ? null : 0,
          quantity: '0',
          net: moved.toJSON(),
          standardValue: standardValue && Money.zero(standardValue.currency).toJSON(),
          cost: cost && Money.zero(cost.currency).toJSON(),
        },
      },
    ),
  ];
}
