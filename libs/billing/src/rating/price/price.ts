import type { Money } from '@billtrail/kernel';
import type { DiscountBasis, PriceBasis, UnpricedReason } from '../../item/basis.js';
import type { Step } from '../../item/trace.js';

/** What step 5 makes of a piece of work, after percent discounts and before the one rounding. Shared by work of equal minutes and rate. */
export type Price = PricedAt | Unpriced;

export interface PricedAt {
  readonly unitPrice: Money;
  readonly exact: Money;
  /** The card's price before any discount: null where the card has none. */
  readonly standard: Money | null;
  readonly basis: PriceBasis;
  readonly discount: DiscountBasis | null;
  readonly unpriced: null;
  readonly steps: readonly Step[];
  /** Of one price whatever the minutes: the share of it that is not frozen yet. Absent: all of it, or a price by minutes. */
  readonly flatShare?: string;
  /** What is asked with this work and not for each hour. Absent: nothing. */
  readonly once?: { readonly amount: string; readonly per: string };
}

/** There is no price, and the last step says why. */
export interface Unpriced {
  readonly unitPrice: null;
  readonly exact: null;
  readonly unpriced: UnpricedReason;
  readonly steps: readonly Step[];
}

export const HOURLY: PriceBasis = { mode: 'hourly', scope: null, charged: false, flatPrice: null };
export const BY_QUANTITY: PriceBasis = { mode: 'quantity', scope: null, charged: false, flatPrice: null };
