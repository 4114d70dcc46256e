import { Decimal, Money, invariant, known } from '@billtrail/kernel';
import { itemIdOf, itemKeyOf } from '../item/item-key.js';
import { type MadeItem, changed } from '../item/made-item.js';
import type { BillableItem } from '../item/billable-item.js';
import { holdingOf } from './holding.js';
import type { SettledWork } from './settled-work.js';

/** What is on no document of a piece of work. */
export interface ItemsOfWork {
  readonly workItemId: string;
  /** What `items` adjust; null: nothing that is frozen. */
  readonly settled: SettledWork | null;
  /** The work as it is now; of work that is settled in part the rest of it. */
  readonly present: readonly MadeItem[];
  readonly items: readonly MadeItem[];
}

/**
 * The items in their order, and of money that was given back on credit notes what moved with its price. Work that shares a minimum or a price was
 * corrected or voided, so its share of that is asked of other work of the same `groups`: settled or new. What was forgiven of the share is not asked
 * there again, but stays written off. What work asks for more minutes of its own has no part in that.
 */
export function withGoodwillMoved(
  all: readonly (readonly MadeItem[] | ItemsOfWork)[],
  groups: ReadonlyMap<string, string>,
): readonly MadeItem[] {
  const ofWork = all.filter((one) => 'workItemId' in one);
  const ended = new Map<string, Money>();
  for (const { workItemId, settled, items } of ofWork) {
    const goodwill = settled === null ? null : endedGoodwill(settled, items);
    if (goodwill !== null) ended.set(workItemId, goodwill);
  }
  return all.flatMap((one) => {
    if (!('workItemId' in one)) return one;
    const group = groups.get(one.workItemId);
    if (ended.size === 0 || group === undefined) return one.items;
    const others = [...ended.keys()].filter((id) => id !== one.workItemId && groups.get(id) === group);
    const items = others.length === 0 ? one.items : forgivenOf(one, others, ended);
    invariant(
      netOf(items).equals(netOf(one.items)),
      () => `what was forgiven of ${others.join(', ')} changes what ${one.workItemId} comes to`,
    );
    return items;
  });
}

/** The items of work that takes over a price of `others`, less what was forgiven of that; takes it from `ended`. */
function forgivenOf(one: ItemsOfWork, others: readonly string[], ended: Map<string, Money>): readonly MadeItem[] {
  let shared = askedWithoutMinutes(one);
  return one.items.flatMap((made) => {
    const asked = askedMore(made);
    if (asked === null || shared === null) return made;
    let left = asked;
    const from: string[] = [];
    for (const workItemId of others) {
      const goodwill = known(ended, workItemId, 'goodwill that ended,');
      const moved = [left, shared].reduce((least, amount) => (least.compare(amount) <= 0 ? least : amount), goodwill);
      if (moved.isZero()) continue;
      from.push(workItemId);
      ended.set(workItemId, goodwill.minus(moved));
      shared = shared.minus(moved);
      left = left.minus(moved);
    }
    return from.length === 0 ? made : forgiven(made, asked.minus(left), left, from);
  });
}

function netOf(items: readonly MadeItem[]): Decimal {
  return holdingOf(items.map(({ item }) => item)).net;
}

const MINUTES_PER_HOUR = 60;

/** What it asks more than before, less what it asks for minutes of its own: that came with the price that it shares. null: it asks no more. */
function askedWithoutMinutes({ settled, present, items }: ItemsOfWork): Money | null {
  const before = settled === null ? [] : settled.parts.map(({ item }) => item);
  const own = worth(present.map(({ item }) => item)).minus(worth(before));
  const asked = items.flatMap((made) => askedMore(made) ?? []);
  const [first] = asked;
  if (first === undefined) return null;
  const { currency } = first;
  const ofMinutes = Money.of(Decimal.max(0, own), currency).rounded();
  const rest = Money.sum(asked, currency).minus(ofMinutes);
  return rest.isNegative() ? Money.zero(currency) : rest;
}

/** Minutes at their price an hour. Where the price is of no hour they are worth nothing by themselves. */
function worth(items: readonly Pick<BillableItem, 'actualMinutes' | 'unit' | 'unitPrice'>[]): Decimal {
  return items.reduce(
    (sum, { actualMinutes, unit, unitPrice }) =>
      unit === 'h' && unitPrice !== null
        ? sum.plus(new Decimal(unitPrice.amount).times(actualMinutes ?? 0).div(MINUTES_PER_HOUR))
        : sum,
    new Decimal(0),
  );
}

/** What of the money that credit notes gave back ends with what it was given of; null: none. */
function endedGoodwill({ parts, givenBack }: SettledWork, items: readonly MadeItem[]): Money | null {
  const given = parts.flatMap(({ item, key, invoiceId, creditNoteId }) =>
    invoiceId === null && creditNoteId !== null && key.role !== 'credit' && item.net !== null
      ? [Money.from(item.net)]
      : [],
  );
  const currency = given[0]?.currency ?? givenBack?.currency;
  if (currency === undefined || currency === null) return null;
  const partly = givenBack === null ? [] : [Money.of(givenBack.net, givenBack.currency ?? currency)];
  const less = items.flatMap(({ item }) =>
    item.disposition === 'written-off' && item.net !== null && Money.from(item.net).isNegative()
      ? [Money.from(item.net).negated()]
      : [],
  );
  const [all, ends] = [Money.sum([...given, ...partly], currency), Money.sum(less, currency)];
  const goodwill = all.compare(ends) <= 0 ? all : ends;
  return goodwill.isNegative() || goodwill.isZero() ? null : goodwill;
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
  if (left.isZero()) return [changed(made, { trace, item: { ...item, disposition: 'written-off' } })];
  const { number } = itemKeyOf(item.itemId);
  const { courtesy: _courtesy, ...whole } = item;
  const { workItemId, standardValue, cost } = item;
  return [
    changed(made, { trace, item: { ...item, net: left.toJSON() } }),
    changed(made, {
      trace,
      item: {
        ...whole,
        itemId: itemIdOf({ workItemId, role: 'write-off-reversal', number: Math.max(1, number) }),
        disposition: 'written-off',
        actualMinutes: item.actualMinutes === null ? null : 0,
        billableMinutes: item.billableMinutes === null ? null : 0,
        quantity: '0',
        net: moved.toJSON(),
        standardValue: standardValue && Money.zero(standardValue.currency).toJSON(),
        cost: cost && Money.zero(cost.currency).toJSON(),
      },
    }),
  ];
}
