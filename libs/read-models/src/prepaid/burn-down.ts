import {
  Decimal,
  Money,
  addDays,
  daysBetween,
  minorUnitDigits,
  monthOf,
  type LocalDate,
  type Month,
} from '@billtrail/kernel';
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
   * The day on which the last of it is drawn, if it goes on as it has on the average of all days since the first began. null where nothing was
   * drawn yet, and where the last of it lapses before. Where nothing is left and nothing lapsed, the day of the last draw.
   */
  readonly forecastOn: LocalDate | null;
  /** What will not have been drawn by its last day, at the same pace. In order of days. */
  readonly lapses: readonly { readonly on: LocalDate; readonly amount: PrepaidAmount }[];
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
  const remaining: Remaining[] = [];
  for (const fuel of fuels) {
    const draws = fuel.draws.filter((draw) => draw.workDate <= asOf);
    const taken = Decimal.sum(0, ...draws.map((draw) => valueOf(draw.amount)));
    const rest = Decimal.max(0, valueOf(fuel.whole).minus(taken));
    whole = whole.plus(valueOf(fuel.whole));
    drawn = drawn.plus(taken);
    if (fuel.lastDay !== null && fuel.lastDay < asOf) lapsed = lapsed.plus(rest);
    else if (!rest.isZero()) remaining.push({ rest, lastDay: fuel.lastDay });
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
    ...forecast(unit, remaining, { drawn, days: daysBetween(first, asOf) + 1, asOf }),
    ...(left.isZero() ? { forecastOn: lapsed.isZero() ? last : null } : {}),
  };
}

/** What is left of a block or allotment, and the last day on which it may be drawn. */
interface Remaining {
  readonly rest: Decimal;
  readonly lastDay: LocalDate | null;
}

/**
 * Draws what is left day by day as so far, what lapses first before the rest. `reached` counts amount x days, so that nothing is divided before
 * the end: at the pace `drawn / days`, an amount is drawn after `amount x days / drawn` days.
 */
function forecast(
  unit: string,
  remaining: readonly Remaining[],
  { drawn, days, asOf }: { readonly drawn: Decimal; readonly days: number; readonly asOf: LocalDate },
): Pick<BurnDown, 'forecastOn' | 'lapses'> {
  const lapses: BurnDown['lapses'][number][] = [];
  let reached = new Decimal(0);
  let endsByDraw = false;
  for (const { rest, lastDay } of [...remaining].sort((a, b) => ((a.lastDay ?? '~') < (b.lastDay ?? '~') ? -1 : 1))) {
    const needed = reached.plus(rest.times(days));
    const until = lastDay === null ? null : drawn.times(daysBetween(asOf, lastDay));
    endsByDraw = lastDay === null || until === null || needed.lte(until);
    if (endsByDraw || until === null || lastDay === null) {
      reached = needed;
      continue;
    }
    const left = Decimal.min(rest, needed.minus(Decimal.max(reached, until)).div(days));
    lapses.push({
      on: lastDay,
      amount: amountIn(unit, left.toDecimalPlaces(unit === MINUTES ? 0 : minorUnitDigits(unit))),
    });
    reached = Decimal.max(reached, until);
  }
  if (!endsByDraw || drawn.isZero()) return { forecastOn: null, lapses };
  const daysLeft = reached.div(drawn).ceil();
  return { forecastOn: daysLeft.gt(MAX_FORECAST_DAYS) ? null : addDays(asOf, daysLeft.toNumber()), lapses };
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
