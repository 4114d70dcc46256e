import { Decimal, Money } from '@billtrail/kernel';
import type { FeeBasis } from '../../item/basis.js';
import { type CoveredDays, dayCount } from '../time/covered-days.js';
import { belowMinimumOn, unusedOn } from './counts.js';
import { type RecurringStretch, countedDays, unitsOf } from './stretch.js';
import { type UnitsAtPrice, sumOfUnits } from './units.js';

/** What tells whether two stretches have the same discounts. */
export function percentsOff(days: CoveredDays): readonly string[] {
  return [percentOff(days).toFixed(), percentOff(days, 'after-minimum').toFixed()];
}

/** Percent that the discounts of a version take off its recurring charges, at most 100. */
export function percentOff(days: CoveredDays, only?: 'after-minimum'): Decimal {
  let percent = new Decimal(0);
  for (const discount of days.version.terms.discounts ?? []) {
    if (discount.kind !== 'percent' || discount.includesRecurring !== true) continue;
    if (only !== undefined && discount.order !== only) continue;
    percent = percent.plus(discount.percent);
  }
  return Decimal.min(percent, 100);
}

/** `price x count x covered days / days of the cycle`, less percent discounts, exactly. Throws where the stretch has no count. */
export function exactFee(stretch: RecurringStretch): Money {
  return feeAt(stretch, countedDays(stretch), percentOff(stretch.days));
}

/** The exact fee of the days before that are charged alike. */
export function exactBefore(stretch: RecurringStretch): Money {
  return feeAt(stretch, stretch.daysBefore, percentOff(stretch.days));
}

/** The same as a figure that a later rating goes on from; null: there are no such days. */
export function exactOfDaysBefore(stretch: RecurringStretch): string | null {
  return stretch.daysBefore.isZero() ? null : exactBefore(stretch).value.toFixed();
}

/** The fee of a stretch, rounded as a part of all the days of the cycle that are charged alike. */
export function netFee(stretch: RecurringStretch): Money {
  return roundedAfter(exactBefore(stretch), feeOfRun(stretch, percentOff(stretch.days)));
}

/** The fee as minimums measure it: without the discounts that come after the minimum. Rounded as {@link netFee} is. */
export function feeBeforeMinimum(stretch: RecurringStretch): Money {
  const before = percentOff(stretch.days).minus(percentOff(stretch.days, 'after-minimum'));
  const percent = before.isNegative() ? new Decimal(0) : before;
  return roundedAfter(feeAt(stretch, stretch.daysBefore, percent), feeOfRun(stretch, percent));
}

/** What is added to the rounded amount so far, where the exact amount grows from `before` to `whole`: such parts sum to the rounded whole. */
function roundedAfter(before: Money, whole: Money): Money {
  return whole.rounded().minus(before.rounded());
}

function feeOfRun(stretch: RecurringStretch, percent: Decimal): Money {
  return feeAt(stretch, stretch.daysBefore.plus(countedDays(stretch)), percent);
}

function feeAt(stretch: RecurringStretch, counted: Decimal, percent: Decimal): Money {
  const { days, cycle, share } = stretch;
  return Money.of(sumOfUnits(unitsOf(stretch)), days.version.terms.rateCard.currency)
    .times(counted)
    .times(new Decimal(100).minus(percent))
    .dividedBy(new Decimal(share?.of ?? dayCount(cycle)).times(100));
}

/** The figures of a fee, for documents. Throws where the stretch has no count. */
export function figuresOfFee(stretch: RecurringStretch): FeeBasis {
  const { days, cycle, daysBefore, share } = stretch;
  const units = unitsOf(stretch);
  const { quantity, unitPrice } = inAll(units);
  return {
    quantity,
    unitPrice,
    ...(units.length === 1 ? {} : { tiers: units.map((one) => ({ ...one, quantity: String(one.quantity) })) }),
    from: days.from,
    to: days.to,
    days: countedDays(stretch).toFixed(),
    cycleDays: share?.of ?? dayCount(cycle),
    daysBefore: daysBefore.toFixed(),
    ...(share === undefined ? {} : { rules: share.rules }),
    percentOff: percentOff(days).toFixed(),
    ...unusedFor(stretch),
    net: netFee(stretch).toJSON().amount,
  };
}

/** What of the count is charged for and not there: by the least that the term states, or by commitment. */
function unusedFor(stretch: RecurringStretch): Pick<FeeBasis, 'counted' | 'unused'> {
  const counted = countedBelowMinimum(stretch);
  if (counted !== null) return { counted };
  const unused = unusedIn(stretch);
  return unused === null ? {} : { unused: unused.unused };
}

/** What is counted at the end of a stretch that is charged for the least number of units; null: it is not. */
export function countedBelowMinimum({ contract, charge, count, unitsBefore = 0, days }: RecurringStretch) {
  return belowMinimumOn(contract, charge, (count ?? 0) + unitsBefore, days.to);
}

/** Licences that nobody uses at the end of a stretch, which a commitment charges for; null: there are none. */
export function unusedIn({ contract, charge, count, days }: RecurringStretch) {
  return charge.commitment?.increaseOnly === true ? unusedOn(contract, charge, count, days.to) : null;
}

/** Digits of a price of one unit that is worked out from tiers. The line shows them tier by tier. */
const UNIT_PRICE_DIGITS = 6;

/**
 * Units at their prices as one quantity at one price. Where what joins costs less with those before it than they did alone, its price is not one of a
 * unit: the whole is given back.
 */
export function inAll(units: readonly UnitsAtPrice[]): { readonly quantity: string; readonly unitPrice: string } {
  const [first] = units;
  if (units.length === 1 && first !== undefined) return { quantity: String(first.quantity), unitPrice: first.price };
  const sum = sumOfUnits(units);
  const many = units.reduce((all, { quantity }) => all + quantity, 0);
  const each = many === 0 ? sum : sum.dividedBy(many);
  if (many !== 0 && !each.isNegative())
    return { quantity: String(many), unitPrice: each.toDecimalPlaces(UNIT_PRICE_DIGITS).toFixed() };
  return { quantity: sum.isNegative() ? '-1' : '1', unitPrice: sum.abs().toFixed() };
}
