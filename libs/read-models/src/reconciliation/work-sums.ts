import { Decimal, Money, type MoneyJson } from '@billtrail/kernel';
import type { WorkKind } from '@billtrail/contracts';
import {
  DISPOSITIONS,
  type Accounted,
  type Disposition,
  type Holding,
  type Imbalance,
  type Recorded,
} from '@billtrail/billing';

/** Items of one disposition, kind, currency and quantity, added up by the database. Quantities are exact decimals, so they are multiplied here. */
export interface ItemSum {
  disposition: Disposition;
  kind: WorkKind;
  currency: string | null;
  /** null for time: its measure is minutes. */
  quantity: string | null;
  items: bigint;
  minutes: bigint | null;
  billable_minutes: bigint | null;
  net_minor: bigint | null;
}

export interface WorkSum {
  kind: WorkKind;
  quantity: string;
  items: bigint;
  minutes: bigint | null;
}

class Sum {
  private items = 0;
  private minutes = 0;
  private billable = 0;
  private material = new Decimal(0);
  private expenses = new Decimal(0);
  private readonly money = new Map<string, bigint>();

  add(row: ItemSum): void {
    this.items += Number(row.items);
    this.minutes += Number(row.minutes ?? 0n);
    this.billable += Number(row.billable_minutes ?? 0n);
    const quantity = new Decimal(row.quantity ?? 0).times(Number(row.items));
    if (row.kind === 'material') this.material = this.material.plus(quantity);
    if (row.kind === 'expense') this.expenses = this.expenses.plus(quantity);
    if (row.net_minor === null || row.currency === null) return;
    this.money.set(row.currency, (this.money.get(row.currency) ?? 0n) + row.net_minor);
  }

  holding(): Holding {
    return {
      items: this.items,
      minutes: this.minutes,
      billableMinutes: this.billable,
      materialQuantity: this.material.toFixed(),
      expenses: this.expenses.toFixed(),
      money: moneyList(this.money),
    };
  }
}

export function moneyList(byCurrency: ReadonlyMap<string, bigint>): readonly MoneyJson[] {
  return [...byCurrency]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([currency, minor]) => Money.ofMinor(minor, currency).toJSON());
}

export function accountedOf(rows: readonly ItemSum[]): Accounted {
  const sums = new Map(DISPOSITIONS.map((disposition) => [disposition, new Sum()]));
  const total = new Sum();
  for (const row of rows) {
    sums.get(row.disposition)?.add(row);
    total.add(row);
  }
  const of = (disposition: Disposition): Holding => (sums.get(disposition) ?? new Sum()).holding();
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

export function recordedOf(rows: readonly WorkSum[]): Recorded {
  let minutes = 0;
  let material = new Decimal(0);
  let expenses = new Decimal(0);
  for (const row of rows) {
    minutes += Number(row.minutes ?? 0n);
    const quantity = new Decimal(row.quantity).times(Number(row.items));
    if (row.kind === 'material') material = material.plus(quantity);
    if (row.kind === 'expense') expenses = expenses.plus(quantity);
  }
  return { minutes, materialQuantity: material.toFixed(), expenses: expenses.toFixed() };
}

/** Law L1: each measure in which the items don't hold what was recorded. Empty: conserved. */
export function imbalancesOf(recorded: Recorded, { total }: Accounted): readonly Imbalance[] {
  return (['minutes', 'materialQuantity', 'expenses'] as const)
    .map((measure) => ({ measure, recorded: String(recorded[measure]), accounted: String(total[measure]) }))
    .filter((one) => one.recorded !== one.accounted);
}
