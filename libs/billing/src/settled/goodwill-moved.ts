import { Decimal, type Minutes, Money, invariant, known } from '@billtrail/kernel';
import { beforeCourtesy } from '../item/courtesy.js';
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
  /** What the work is made of now, what is frozen of it with it; none: it is gone. */
  readonly whole: readonly Priced[];
  /** Minutes that it is rounded up to a multiple of; 0: it is not. */
  readonly increment: Minutes;
  readonly items: readonly MadeItem[];
}

type Priced = Pick<BillableItem, 'actualMinutes' | 'unit' | 'unitPrice' | 'net' | 'courtesy'>;

/**
 * The items in their order, and of money that was given back on credit notes what moved with its price. Work that shares a minimum or a price was
 * corrected or voided, so its share of that is asked of other work of the same `groups`: settled or new. What was forgiven of the share is not asked
 * there again, but stays written off: as far as the work of the group costs more than its minutes alone, rounded up. What minutes cost by themselves
 * is nobody else's price.
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
  const beyondMinutes = new Map<string, Money | null>();
  return all.flatMap((one) => {
    if (!('workItemId' in one)) return one;
    const group = groups.get(one.workItemId);
    if (ended.size === 0 || group === undefined) return one.items;
    const others = [...ended.keys()].filter((id) => id !== one.workItemId && groups.get(id) === group);
    let items = one.items;
    if (others.length > 0) {
      const shared =
        beyondMinutes.get(group) ?? sharedPrice(ofWork.filter(({ workItemId }) => groups.get(workItemId) === group));
      const taken = forgivenOf(one.items, others, ended, shared);
      beyondMinutes.set(group, taken.shared);
      ({ items } = taken);
    }
    invariant(
      netOf(items).equals(netOf(one.items)),
      () => `what was forgiven of ${others.join(', ')} changes what ${one.workItemId} comes to`,
    );
    return items;
  });
}

/** The items of work that takes over a price of `others`, less what was forgiven of that: taken from `ended`, and from `shared`, which it returns. */
function forgivenOf(
  items: readonly MadeItem[],
  others: readonly string[],
  ended: Map<string, Money>,
  beyondMinutes: Money | null,
): { readonly items: readonly MadeItem[]; readonly shared: Money | null } {
  let shared = beyondMinutes;
  const less = items.flatMap((made) => {
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
  return { items: less, shared };
}

function netOf(items: readonly MadeItem[]): Decimal {
  return holdingOf(items.map(({ item }) => item)).net;
}

const MINUTES_PER_HOUR = 60;

/**
 * What the work of a group costs beyond its minutes: a minimum, or a price that is not by the hour; as if no courtesy were given, for that is of its own
 * work, and makes nobody's share of the price smaller. null: nothing of it has a price.
 */
function sharedPrice(group: readonly ItemsOfWork[]): Money | null {
  const nets = group.flatMap(({ whole }) =>
    whole.map(beforeCourtesy).flatMap(({ net }) => (net === null ? [] : [Money.from(net)])),
  );
  const [first] = nets;
  if (first === undefined) return null;
  const minutes = new Map<string, Minutes>();
  for (const { whole, increment } of group)
    for (const { actualMinutes, unit, unitPrice } of whole)
      if (unit === 'h' && unitPrice !== null) {
        const key = `${unitPrice.amount} ${increment}`;
        minutes.set(key, (minutes.get(key) ?? 0) + (actualMinutes ?? 0));
      }
  const alone = [...minutes].map(([key, count]) => {
    const [price = '0', increment] = key.split(' ');
    const step = Math.max(1, Number(increment));
    const hours = new Decimal(Math.ceil(count / step) * step).div(MINUTES_PER_HOUR);
    return Money.of(hours.times(price), first.currency).rounded();
  });
  const shared = Money.sum(nets, first.currency).minus(Money.sum(alone, first.currency));
  return shared.isNegative() ? Money.zero(first.currency) : shared;
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
