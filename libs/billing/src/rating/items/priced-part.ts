import type { Minutes, Money } from '@billtrail/kernel';
import type { Assessed } from '../assessed.js';
import type { ChargeGap, ChargeItem } from '../../item/charge-item.js';
import type { BillableItem, ClientPeriodFacts } from '../facts.js';
import type { InForce } from '../coverage/placement.js';
import type { FrozenWork } from '../../settled/settled-work.js';
import type { CapUsed, CarriedOver, Draw } from '../prepaid/prepaid-facts.js';
import type { Trace, TraceStep } from '../../item/trace.js';

/**
 * A segment of work, or the whole of it, between the price (step 5) and the item (step 8): steps 6 and 7 cut it into parts. Minutes and quantities
 * of the parts sum to those of what was cut: actual minutes are given to the parts by largest remainder over their billable minutes.
 */
export interface PricedPart {
  readonly assessed: Assessed;
  readonly inForce: InForce;
  readonly outcome: 'prepaid' | 'billable';
  /** null for materials and expenses. */
  readonly actualMinutes: Minutes | null;
  readonly billableMinutes: Minutes | null;
  /** Exact decimal string: pieces, one expense; of time its billable minutes are the quantity. */
  readonly quantity: string;
  readonly unitPrice: Money;
  /** After discounts, before the one rounding. */
  readonly exact: Money;
  /** Why so, from `work` on. */
  readonly steps: Trace;
  /** The draw that covers it; null: it is not covered. Its `itemId` is given in step 8. */
  readonly draw: Omit<Draw, 'itemId'> | null;
  /** Above a cap: what becomes of it. null: it is billed. */
  readonly aboveCap: 'write-down' | 'gap' | null;
  /** Of one price whatever the minutes (mode `flat`): which share of it this part is, decimal. Absent: all of it, or a price by minutes. */
  readonly flatShare?: string;
  /** Of work that was corrected after it was frozen: what of its price no cap lets through. It is not cut, for its difference is. Absent: nothing. */
  readonly heldBack?: HeldBack;
}

/** What a cap holds back of corrected work, with the step that says so. */
export interface HeldBack {
  readonly above: Money;
  readonly rule: 'write-down' | 'gap';
  readonly step: TraceStep;
}

/** Step 5 for other minutes of a part than it has: the same price where it is `billable`, the overage's where it is `prepaid`. */
export type Reprice = (part: PricedPart, billableMinutes: Minutes) => Pick<PricedPart, 'unitPrice' | 'exact' | 'steps'>;

/**
 * Step 6. Parts come in the order of rating; those that are `billable` pass as they are. `givingBack`: frozen work that is rated whole again, or is
 * gone; what its parts do not take again of its frozen draws goes back. Absent: there is none.
 */
export type DrawPrepaid = (
  parts: readonly PricedPart[],
  facts: ClientPeriodFacts,
  reprice: Reprice,
  givingBack?: readonly FrozenWork[],
) => { readonly parts: readonly PricedPart[]; readonly balances: CarriedOver['balances'] };

/** Step 7. Parts come in the order of rating; frozen items count first. What is drawn on a block is not held. */
export type HoldToCaps = (
  parts: readonly PricedPart[],
  facts: ClientPeriodFacts,
) => { readonly parts: readonly PricedPart[]; readonly caps: readonly CapUsed[] };

/** Recurring charges, purchased blocks, amount discounts, minimum commitment and credits, over the items of work as they came out. */
export type ChargesOf = (
  facts: ClientPeriodFacts,
  items: readonly BillableItem[],
) => { readonly charges: readonly ChargeItem[]; readonly gaps: readonly ChargeGap[] };
