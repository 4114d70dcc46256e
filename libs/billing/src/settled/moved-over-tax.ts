import { Decimal, type LocalDate, Money, addTo, at, invariant, known } from '@billtrail/kernel';
import { itemKeyOf } from '../item/item-key.js';
import { type MadeItem, changed } from '../item/made-item.js';
import { shareMinutes } from '../rating/share-minutes.js';
import { taxOfDay } from '../tax-rules.js';
import { type Compared, adjustment } from './adjustment-item.js';
import { type Holding, NOTHING, holdingOf, isNothing, minus, moneyAlone, plus } from './holding.js';
import { type SettledPart, nextAdjustment } from './settled-work.js';

/** What of the work is supplied on days that are taxed alike. */
interface Supplied {
  /** What invoices ask for it, less what went back. */
  readonly before: Holding;
  readonly parts: readonly SettledPart[];
  /** What is asked for now. */
  readonly present: readonly MadeItem[];
}

/**
 * Invoiced work of which the day of supply has another tax now: what was asked goes back, at the rate that was asked, and what is right is asked
 * at the rate of its new day; also where the net is the same. One adjustment for each rate takes the place of the one difference. `rest`: the
 * adjustments without regard to tax; they stay as they are where no rate is another, or the day of supply does not decide.
 */
export function byDayOfSupply(of: Compared, rest: readonly MadeItem[]): readonly MadeItem[] {
  const { settled, present } = of;
  if (settled.hasUnpricedPart) return rest;
  const supplies = suppliesOf(of);
  const asked = [...supplies.values()].filter((one) => one.present.length > 0);
  if (supplies.size < 2 || asked.length === 0 || present.some(({ item }) => item.disposition === 'unpriced'))
    return rest;
  const [only] = rest;
  const isOne = rest.length === 1 && only?.item.disposition === 'billable';
  const kept = isOne ? [] : rest;
  const before = [...supplies.values()].reduce((sum, one) => plus(sum, one.before), NOTHING);
  const whole = isOne ? plus(before, holdingOf([only.item])) : before;
  const shares = new Map(sharesOf(whole, asked));
  let number = nextAdjustment(settled) + kept.filter(({ item }) => itemKeyOf(item.itemId).role === 'adjustment').length;
  const made: MadeItem[] = [];
  // What goes back stands first.
  for (const one of [...supplies.values()].sort((a, b) => a.present.length - b.present.length)) {
    const change = minus(shares.get(one) ?? NOTHING, one.before);
    if (!isNothing(change)) made.push(ofSupply(of, one, change, number++));
  }
  return [...kept, ...made];
}

/** The supplies of work before and now, by what tells their tax. What a block covers, or nobody pays, has none. */
function suppliesOf({ settled, present, account, representative }: Compared): ReadonlyMap<string, Supplied> {
  const category = representative?.item.taxCategory ?? settled.latest.taxCategory;
  const taxOf = (on: LocalDate): string => (category === null ? '' : taxOfDay(category, on, account.configuration));
  const parts = new Map<string, SettledPart[]>();
  for (const part of settled.parts)
    if (part.invoiceId !== null && isPaid(part.item.net)) addTo(parts, taxOf(part.item.workDate), part);
  const items = new Map<string, MadeItem[]>();
  for (const made of present)
    if (made.item.disposition === 'billable' && isPaid(made.item.net)) addTo(items, taxOf(made.item.workDate), made);
  const supplied = new Map<string, Supplied>();
  for (const tax of new Set([...parts.keys(), ...items.keys()])) {
    const ofTax = parts.get(tax) ?? [];
    const now = items.get(tax) ?? [];
    const before = askedBy(ofTax);
    if (!isNothing(before) || now.length > 0) supplied.set(tax, { before, parts: ofTax, present: now });
  }
  return supplied;
}

function isPaid(net: { readonly amount: string } | null): boolean {
  return net !== null && !new Decimal(net.amount).isZero();
}

function askedBy(parts: readonly SettledPart[]): Holding {
  const credited = parts.flatMap((one) => (one.credited === null ? [] : [moneyAlone(Money.from(one.credited))]));
  return minus(holdingOf(parts.map(({ item }) => item)), credited.reduce(plus, NOTHING));
}

/** What is asked in all, over the supplies of now: money by their nets, minutes by theirs. */
function sharesOf(whole: Holding, asked: readonly Supplied[]): readonly (readonly [Supplied, Holding])[] {
  if (asked.length === 1) return [[at(asked, 0, 'what is asked'), whole]];
  invariant(whole.quantity.isZero(), 'only time is supplied on several days');
  invariant(whole.currency !== null, 'what is asked has no currency');
  const nows = asked.map((one) => holdingOf(one.present.map(({ item }) => item)));
  const nets = Money.of(whole.net, whole.currency).allocate(nows.map(({ net }) => net.abs()));
  const share = (of: 'actualMinutes' | 'billableMinutes'): readonly number[] => {
    const shares = shareMinutes(
      Math.abs(whole[of]),
      nows.map((now) => Math.abs(now[of])),
    );
    return whole[of] < 0 ? shares.map((minutes) => -minutes) : shares;
  };
  const [actual, billable] = [share('actualMinutes'), share('billableMinutes')];
  return asked.map((one, index) => {
    const { value: net, currency } = at(nets, index, 'a share of what is asked');
    const actualMinutes = at(actual, index, 'the minutes of a share');
    const billableMinutes = at(billable, index, 'the billable minutes of a share');
    return [one, { actualMinutes, billableMinutes, quantity: NOTHING.quantity, net, currency }];
  });
}

function ofSupply(of: Compared, { before, parts, present }: Supplied, change: Holding, number: number): MadeItem {
  const { settled, representative } = of;
  const all = new Map(settled.parts.map((part, index) => [part, index]));
  const latest = parts.toSorted((a, b) => known(all, a, 'part') - known(all, b, 'part')).at(-1)?.item ?? settled.latest;
  const [first = null] = present;
  const made = adjustment(
    {
      ...of,
      // What stays on other days is no concern of this one.
      settled: { ...settled, latest, invoiced: before, writtenOff: NOTHING, givenBack: null },
      present,
      representative: first,
      why: 'the work was moved to a day with another tax',
    },
    change,
    'billable',
    { role: 'adjustment', number },
  );
  const now = representative?.item;
  const sourceEventIds = [...new Set([...made.item.sourceEventIds, ...(now?.sourceEventIds ?? [])])];
  return changed(made, { item: { ...made.item, approval: now?.approval ?? null, sourceEventIds } });
}
