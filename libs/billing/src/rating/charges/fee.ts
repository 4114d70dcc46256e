import { Decimal, Money, invariant } from '@billtrail/kernel';
import type { FeeBasis } from '../../item/basis.js';
import { type CoveredDays, dayCount } from '../time/covered-days.js';
import { unusedOn } from './counts.js';
import { type RecurringStretch, countedDays } from './stretch.js';

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

function feeAt({ charge, days, cycle, count, share }: RecurringStretch, counted: Decimal, percent: Decimal): Money {
  invariant(count !== null, `nobody recorded a count for ${charge.id} from ${days.from}`);
  return Money.of(charge.price, days.version.terms.rateCard.currency)
    .times(count)
    .times(counted)
    .times(new Decimal(100).minus(percent))
    .dividedBy(new Decimal(share?.of ?? dayCount(cycle)).times(100));
}

/** The figures of a fee, for documents. Throws where the stretch has no count. */
export function figuresOfFee(stretch: RecurringStretch): FeeBasis {
  const { charge, days, cycle, count, daysBefore, share } = stretch;
  invariant(count !== null, `nobody recorded a count for ${charge.id} from ${days.from}`);
  return {
    quantity: String(count),
    unitPrice: charge.price,
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

/** What of the count is charged for by commitment and not used. */
function unusedFor({ contract, charge, count, days }: RecurringStretch): Pick<FeeBasis, 'unused'> {
  const unused = charge.commitment?.increaseOnly === true ? unusedOn(contract, charge, count, days.to) : null;
  return unused === null ? {} : { unused: unused.unused };
}
