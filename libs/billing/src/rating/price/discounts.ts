import { Decimal, Money, invariant } from '@billtrail/kernel';
import type { Discount, WorkToCover } from '@billtrail/contracts';
import type { DiscountBasis } from '../../item/basis.js';
import type { Step } from '../../item/trace.js';
import { matches } from '../coverage/matching.js';

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

/** A price after discount, before the one rounding. */
export interface Discounted {
  readonly exact: Money;
  /** It keeps the price before: a minimum commitment is measured on it where a discount comes after the minimum. null: nothing is taken off. */
  readonly basis: DiscountBasis | null;
  readonly steps: readonly Step[];
}

export function discounted(exact: Money, off: PercentOff): Discounted {
  if (off.discounts.length === 0) return { exact, basis: null, steps: [] };
  const after = exact.times(FULL.minus(off.percent)).dividedBy(100);
  invariant(off.percent.gte(0) && off.percent.lte(100), 'a discount is less than nothing, or more than the whole');
  invariant(exact.isNegative() || after.compare(exact) <= 0, 'a discount makes a price higher');
  const basis: DiscountBasis = {
    exactBefore: exact.plain(),
    exact: after.plain(),
    beforeMinimumPercent: percentOf(off, 'before-minimum'),
    afterMinimumPercent: percentOf(off, 'after-minimum'),
  };
  const step: Step = () => {
    const names = off.discounts.map(({ name, id, percent }) => `${name} (${id}) ${percent} %`);
    const percent = off.percent.toFixed();
    return {
      step: 'discount',
      text: `${names.join(' and ')}: ${basis.exactBefore} less ${percent} % = ${basis.exact} ${after.currency}`,
      facts: { discountIds: off.discounts.map(({ id }) => id), percent, ...basis, currency: after.currency },
    };
  };
  return { exact: after, basis, steps: [step] };
}

/** Of the whole, at most 100: those before the minimum count first. */
function percentOf(off: PercentOff, order: Discount['order']): string {
  const of = (wanted: Discount['order']): Decimal =>
    off.discounts.reduce((sum, one) => (one.order === wanted ? sum.plus(one.percent) : sum), new Decimal(0));
  const before = Decimal.min(of('before-minimum'), FULL);
  return (order === 'before-minimum' ? before : Decimal.min(of('after-minimum'), FULL.minus(before))).toFixed();
}
