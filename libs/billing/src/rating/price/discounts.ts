import { Decimal, Money } from '@billtrail/kernel';
import type { Discount, WorkToCover } from '@billtrail/contracts';
import { matches } from '../coverage/matching.js';
import type { TraceStep } from '../../item/trace.js';

type PercentDiscount = Extract<Discount, { kind: 'percent' }>;

/** The percent discounts that lower an item, together. */
export interface PercentOff {
  readonly percent: Decimal;
  readonly discounts: readonly PercentDiscount[];
  /** Equal for equal discounts of one version. */
  readonly key: string;
}

const FULL = new Decimal(100);
export const NO_DISCOUNT: PercentOff = { percent: new Decimal(0), discounts: [], key: '' };

/** The percent discounts about some work. They add up, at most to 100: an item never becomes less than nothing. */
export function percentOff(discounts: readonly Discount[] | undefined, work: WorkToCover): PercentOff {
  if (discounts === undefined) return NO_DISCOUNT;
  const taken = discounts.filter((one): one is PercentDiscount => one.kind === 'percent' && matches(one.match, work));
  if (taken.length === 0) return NO_DISCOUNT;
  const sum = taken.reduce((total, { percent }) => total.plus(percent), new Decimal(0));
  return {
    percent: Decimal.min(sum, FULL),
    discounts: taken,
    key: taken.map(({ id }) => id).join('\u0000'),
  };
}

/**
 * The price after discount, before the one rounding. The step keeps the price before: a minimum commitment is measured on it where
 * a discount comes after the minimum (`afterMinimumPercent` of it).
 */
export function discounted(exact: Money, off: PercentOff): { readonly exact: Money; readonly step: TraceStep | null } {
  if (off.discounts.length === 0) return { exact, step: null };
  const after = exact.times(FULL.minus(off.percent)).dividedBy(100);
  const names = off.discounts.map(({ name, id, percent }) => `${name} (${id}) ${percent} %`);
  return {
    exact: after,
    step: {
      step: 'discount',
      text: `${names.join(' and ')}: ${exact.plain()} less ${off.percent.toFixed()} % = ${after.plain()} ${after.currency}`,
      facts: {
        discountIds: off.discounts.map(({ id }) => id),
        percent: off.percent.toFixed(),
        beforeMinimumPercent: percentOf(off, 'before-minimum'),
        afterMinimumPercent: percentOf(off, 'after-minimum'),
        exactBefore: exact.plain(),
        exact: after.plain(),
        currency: after.currency,
      },
    },
  };
}

/** Of the whole, at most 100: those before the minimum count first. */
function percentOf(off: PercentOff, order: Discount['order']): string {
  const of = (wanted: Discount['order']): Decimal =>
    off.discounts.reduce((sum, one) => (one.order === wanted ? sum.plus(one.percent) : sum), new Decimal(0));
  const before = Decimal.min(of('before-minimum'), FULL);
  return (order === 'before-minimum' ? before : Decimal.min(of('after-minimum'), FULL.minus(before))).toFixed();
}
