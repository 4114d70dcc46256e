import { piecesOf } from './rating/quantities.js';
import { type Currency, Decimal, type Minutes, Money, type MoneyJson, known } from '@billtrail/kernel';
import type { WorkKind } from '@billtrail/contracts';
import { type BillableItem, DISPOSITIONS, type Disposition } from './item/billable-item.js';
import type { WorkItem } from './rating/facts.js';

/** What one disposition (or the whole) holds. */
export interface Sums {
  readonly items: number;
  /** Actual minutes of time. */
  readonly minutes: Minutes;
  readonly billableMinutes: Minutes;
  /** Pieces of material, decimal string. */
  readonly materialQuantity: string;
  /** Expenses, decimal string. */
  readonly expenses: string;
  /** Nets by currency; work without a price adds nothing. */
  readonly money: readonly MoneyJson[];
}

export interface Accounted {
  readonly byDisposition: Readonly<Record<Disposition, Sums>>;
  readonly total: Sums;
}

/** Items that are alike in disposition, kind and quantity, with their sums. One item is the least of them. */
export interface Counted {
  readonly disposition: Disposition;
  readonly kind: WorkKind;
  readonly items: number;
  readonly minutes: Minutes;
  readonly billableMinutes: Minutes;
  /** Of each one: quantities are exact decimals. */
  readonly quantity: string;
  /** null: without a price. */
  readonly net: MoneyJson | null;
}

class Tally {
  private items = 0;
  private minutes = 0;
  private billable = 0;
  private readonly quantities: Record<WorkKind, Decimal> = {
    time: new Decimal(0),
    material: new Decimal(0),
    expense: new Decimal(0),
  };
  private readonly money = new Map<Currency, Money>();

  add({ kind, items, minutes, billableMinutes, quantity, net: price }: Omit<Counted, 'disposition'>): void {
    this.items += items;
    this.minutes += minutes;
    this.billable += billableMinutes;
    if (kind !== 'time') this.quantities[kind] = this.quantities[kind].plus(new Decimal(quantity).times(items));
    if (price === null) return;
    const net = Money.from(price);
    this.money.set(net.currency, this.money.get(net.currency)?.plus(net) ?? net);
  }

  sums(): Sums {
    return {
      items: this.items,
      minutes: this.minutes,
      billableMinutes: this.billable,
      materialQuantity: this.quantities.material.toFixed(),
      expenses: this.quantities.expense.toFixed(),
      money: [...this.money.values()].map((net) => net.toJSON()).sort((a, b) => (a.currency < b.currency ? -1 : 1)),
    };
  }
}

/** Adds items up by disposition: minutes, quantities and money (law L1, reconciliation). */
export function accountFor(items: Iterable<BillableItem>): Accounted {
  return accountedBy([...items].map(countedAsOne));
}

function countedAsOne(item: BillableItem): Counted {
  const { disposition, kind, actualMinutes, billableMinutes, quantity, net } = item;
  return {
    disposition,
    kind,
    items: 1,
    quantity,
    net,
    minutes: actualMinutes ?? 0,
    billableMinutes: billableMinutes ?? 0,
  };
}

/** The same from items that somebody counted. */
export function accountedBy(counted: Iterable<Counted>): Accounted {
  const tallies = new Map(DISPOSITIONS.map((disposition) => [disposition, new Tally()]));
  const total = new Tally();
  for (const one of counted) {
    known(tallies, one.disposition, 'the sum of').add(one);
    total.add(one);
  }
  const of = (disposition: Disposition): Sums => known(tallies, disposition, 'the sum of').sums();
  return {
    byDisposition: {
      billable: of('billable'),
      claimed: of('claimed'),
      invoiced: of('invoiced'),
      covered: of('covered'),
      deferred: of('deferred'),
      'written-off': of('written-off'),
      unpriced: of('unpriced'),
    },
    total: total.sums(),
  };
}

/** Recorded work as it stands, in the measures that law L1 conserves. */
export interface Recorded {
  readonly minutes: Minutes;
  readonly materialQuantity: string;
  readonly expenses: string;
}

export function recordedIn(work: Iterable<WorkItem>): Recorded {
  return recordedBy(
    [...work].map((one) => ({
      kind: one.kind,
      items: 1,
      minutes: one.kind === 'time' ? one.minutes : 0,
      quantity: one.kind === 'time' ? '1' : piecesOf(one),
    })),
  );
}

/** The same from work that somebody counted. */
export function recordedBy(counted: Iterable<Pick<Counted, 'kind' | 'items' | 'minutes' | 'quantity'>>): Recorded {
  const sum = new Tally();
  for (const one of counted) sum.add({ ...one, billableMinutes: 0, net: null });
  const { minutes, materialQuantity, expenses } = sum.sums();
  return { minutes, materialQuantity, expenses };
}

/** One measure in which the items don't hold what was recorded. */
export interface Imbalance {
  readonly measure: keyof Recorded;
  readonly recorded: string;
  readonly accounted: string;
}

/** Law L1 on live work and its items: every measure in which they differ. Empty: conserved. */
export function imbalances(work: Iterable<WorkItem>, items: Iterable<BillableItem>): readonly Imbalance[] {
  return imbalancesBetween(recordedIn(work), accountFor(items));
}

export function imbalancesBetween(recorded: Recorded, { total }: Accounted): readonly Imbalance[] {
  return (['minutes', 'materialQuantity', 'expenses'] as const)
    .map((measure) => ({ measure, recorded: String(recorded[measure]), accounted: String(total[measure]) }))
    .filter((one) => one.recorded !== one.accounted);
}
