import { Decimal, Money, addDays, daysBetween, monthOf, type LocalDate, type Month } from '@billtrail/kernel';
import type { PrepaidAmount } from '@billtrail/contracts';

/** A block or a month's allotment, as far as burning down goes. */
export interface Fuel {
  readonly whole: PrepaidAmount;
  readonly firstDay: LocalDate;
  /** Last day on which work draws on it; null: it does not expire. */
  readonly lastDay: LocalDate | null;
  readonly draws: readonly { readonly workDate: LocalDate; readonly amount: PrepaidAmount }[];
}

/** How what is prepaid in one unit goes down. */
export interface BurnDown {
  /** `minutes`, or the currency of money. */
  readonly unit: string;
  /** Of all that began by the day asked. */
  readonly whole: PrepaidAmount;
  /** By work up to the day asked. */
  readonly drawn: PrepaidAmount;
  /** Not drawn, and past its last day. */
  readonly lapsed: PrepaidAmount;
  /** Still to be drawn. */
  readonly left: PrepaidAmount;
  /** What was drawn month by month, in order; months without a draw are left out. */
  readonly months: readonly { readonly month: Month; readonly drawn: PrepaidAmount }[];
  /**
   * The day on which nothing is left, if it goes on as it has on the average of all days since the first began. null where nothing was
   * drawn yet. Where nothing is left, the day of the last draw.
   */
  readonly forecastOn: LocalDate | null;
}

/**
 * Burn-down on a day, one for each unit, in the order of units. Draws of later days are left out, and what begins later. An exhaustion further
 * off than {@link MAX_FORECAST_DAYS} has no date: at such a rate nobody knows.
 */
export function burnDownsOf(fuels: readonly Fuel[], asOf: LocalDate): readonly BurnDown[] {
  const begun = fuels.filter((fuel) => fuel.firstDay <= asOf);
  const units = [...new Set(begun.map((fuel) => unitOf(fuel.whole)))].sort();
  return units.map((unit) =>
    burnDownOf(
      unit,
      begun.filter((fuel) => unitOf(fuel.whole) === unit),
      asOf,
    ),
  );
}

export const MAX_FORECAST_DAYS = 36_500;

function burnDownOf(unit: string, fuels: readonly Fuel[], asOf: LocalDate): BurnDown {
  let whole = new Decimal(0);
  let drawn = new Decimal(0);
  let lapsed = new Decimal(0);
  let first = asOf;
  let last: LocalDate | null = null;
  const months = new Map<Month, Decimal>();
  for (const fuel of fuels) {
    const draws = fuel.draws.filter((draw) => draw.workDate <= asOf);
    const taken = Decimal.sum(0, ...draws.map((draw) => valueOf(draw.amount)));
    const rest = Decimal.max(0, valueOf(fuel.whole).minus(taken));
    whole = whole.plus(valueOf(fuel.whole));
    drawn = drawn.plus(taken);
    if (fuel.lastDay !== null && fuel.lastDay < asOf) lapsed = lapsed.plus(rest);
    if (fuel.firstDay < first) first = fuel.firstDay;
    for (const { workDate, amount } of draws) {
      const month = monthOf(workDate);
      months.set(month, (months.get(month) ?? new Decimal(0)).plus(valueOf(amount)));
      if (last === null || workDate > last) last = workDate;
    }
  }
  const left = Decimal.max(0, whole.minus(drawn).minus(lapsed));
  return {
    unit,
    whole: amountIn(unit, whole),
    drawn: amountIn(unit, drawn),
    lapsed: amountIn(unit, lapsed),
    left: amountIn(unit, left),
    months: [...months]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([month, value]) => ({ month, drawn: amountIn(unit, value) })),
    forecastOn: forecast({ left, drawn, last, days: daysBetween(first, asOf) + 1 }, asOf),
  };
}

function forecast(
  so: { readonly left: Decimal; readonly drawn: Decimal; readonly last: LocalDate | null; readonly days: number },
  asOf: LocalDate,
): LocalDate | null {
  if (so.last === null || so.drawn.isZero()) return null;
  if (so.left.isZero()) return so.last;
  const days = so.left.times(so.days).div(so.drawn).ceil();
  return days.gt(MAX_FORECAST_DAYS) ? null : addDays(asOf, days.toNumber());
}

export function unitOf(amount: PrepaidAmount): string {
  return amount.unit === 'minutes' ? MINUTES : amount.money.currency;
}

export function valueOf(amount: PrepaidAmount): Decimal {
  return new Decimal(amount.unit === 'minutes' ? amount.minutes : amount.money.amount);
}

/** An amount in a unit that {@link unitOf} gave. */
export function amountIn(unit: string, value: Decimal): PrepaidAmount {
  return unit === MINUTES
    ? { unit: 'minutes', minutes: value.toNumber() }
    : { unit: 'money', money: Money.of(value, unit).toJSON() };
}

const MINUTES = 'minutes';
