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
  /** What of the percent comes before, and after, a minimum commitment is measured. */
  readonly beforeMinimumPercent: string;
  readonly afterMinimumPercent: string;
}

const FULL = new Decimal(100);
export const NO_DISCOUNT: PercentOff = offBy([], '');

/** The percent discounts of one version. Those about some work add up, at most to 100: an item never becomes less than nothing. */
export class PercentDiscounts {
  private readonly discounts: readonly PercentDiscount[];
  private readonly known = new Map<string, PercentOff>();

  constructor(discounts: readonly Discount[]) {
    this.discounts = discounts.filter((one) => one.kind === 'percent');
  }

  of(work: WorkToCover): PercentOff {
    const taken = this.discounts.filter(({ match }) => matches(match, work));
    if (taken.length === 0) return NO_DISCOUNT;
    const key = taken.map(({ id }) => id).join('\u0000');
    let off = this.known.get(key);
    if (off === undefined) this.known.set(key, (off = offBy(taken, key)));
    return off;
  }
}

function offBy(discounts: readonly PercentDiscount[], key: string): PercentOff {
  const sumOf = (order: Discount['order']): Decimal =>
    discounts.reduce((sum, one) => (one.order === order ? sum.plus(one.percent) : sum), new Decimal(0));
  // Of the whole, at most 100, those before the minimum count first.
  const before = Decimal.min(sumOf('before-minimum'), FULL);
  const after = Decimal.min(sumOf('after-minimum'), FULL.minus(before));
  return {
    percent: before.plus(after),
    discounts,
    key,
    beforeMinimumPercent: before.toFixed(),
    afterMinimumPercent: after.toFixed(),
  };
}

/** A price after discount, before the one rounding. */
interface Discounted {
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
    beforeMinimumPercent: off.beforeMinimumPercent,
    afterMinimumPercent: off.afterMinimumPercent,
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
