import { type Currency, Decimal, type Minutes, Money, type MoneyJson, known } from '@billtrail/kernel';
import type { WorkKind } from '@billtrail/contracts';
import { type BillableItem, DISPOSITIONS, type Disposition } from './item/billable-item.js';
import type { WorkItem } from './rating/facts.js';

/** What one disposition (or the whole) holds. */
export interface Holding {
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
  readonly byDisposition: Readonly<Record<Disposition, Holding>>;
  readonly total: Holding;
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

  add(item: BillableItem): void {
    this.items += 1;
    this.minutes += item.actualMinutes ?? 0;
    this.billable += item.billableMinutes ?? 0;
    if (item.kind !== 'time') this.quantities[item.kind] = this.quantities[item.kind].plus(item.quantity);
    if (item.net === null) return;
    const net = Money.from(item.net);
    this.money.set(net.currency, this.money.get(net.currency)?.plus(net) ?? net);
  }

  holding(): Holding {
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
  const tallies = new Map(DISPOSITIONS.map((disposition) => [disposition, new Tally()]));
  const total = new Tally();
  for (const item of items) {
    known(tallies, item.disposition, 'the sum of').add(item);
    total.add(item);
  }
  const of = (disposition: Disposition): Holding => known(tallies, disposition, 'the sum of').holding();
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
    total: total.holding(),
  };
}

/** Recorded work as it stands, in the measures that law L1 conserves. */
export interface Recorded {
  readonly minutes: Minutes;
  readonly materialQuantity: string;
  readonly expenses: string;
}

export function recordedIn(work: Iterable<WorkItem>): Recorded {
  let minutes = 0;
  let material = new Decimal(0);
  let expenses = 0;
  for (const one of work) {
    if (one.kind === 'time') minutes += one.minutes;
    else if (one.kind === 'material') material = material.plus(one.quantity);
    else expenses += 1;
  }
  return { minutes, materialQuantity: material.toFixed(), expenses: String(expenses) };
}

/** One measure in which the items don't hold what was recorded. */
export interface Imbalance {
  readonly measure: keyof Recorded;
  readonly recorded: string;
  readonly accounted: string;
}

/** Law L1 on live work and its items: every measure in which they differ. Empty: conserved. */
export function imbalances(work: Iterable<WorkItem>, items: Iterable<BillableItem>): readonly Imbalance[] {
  const recorded = recordedIn(work);
  const { total } = accountFor(items);
  return (['minutes', 'materialQuantity', 'expenses'] as const)
    .map((measure) => ({ measure, recorded: String(recorded[measure]), accounted: String(total[measure]) }))
    .filter((one) => one.recorded !== one.accounted);
}
