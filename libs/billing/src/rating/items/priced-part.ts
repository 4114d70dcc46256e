import type { Minutes, Money } from '@billtrail/kernel';
import type { Draw } from '../../item/draw.js';
import type { Step } from '../../item/trace.js';
import type { Assessed } from '../assessed.js';
import type { HeldUnder } from '../caps/room.js';
import type { Courtesy } from '../facts.js';
import type { InForce } from '../coverage/placement.js';
import type { Price } from '../price/price.js';
import type { BillableTime } from '../time/step-4-billable-time.js';

/**
 * A segment of work, or the whole of it, between the price (step 5) and the item (step 8): steps 6 and 7 cut it into parts. Minutes and quantities
 * of the parts sum to those of what was cut: actual minutes are given to the parts by largest remainder over their billable minutes.
 */
export interface PricedPart {
  readonly assessed: Assessed;
  readonly inForce: InForce;
  readonly outcome: 'prepaid' | 'billable';
  /** null for materials and expenses. */
  readonly time: BillableTime | null;
  readonly actualMinutes: Minutes | null;
  readonly billableMinutes: Minutes | null;
  /** Exact decimal string: pieces, one expense; of time its billable minutes are the quantity. */
  readonly quantity: string;
  /** What step 5 found, or step 6 for overage. Of prepaid time that a block covers there may be none. */
  readonly price: Price;
  readonly unitPrice: Money;
  /** After discounts, before the one rounding. */
  readonly exact: Money;
  /** The card's price before cover, cap and discount; null: the card has none. */
  readonly standard: Money | null;
  /** The steps after the price: of step 6. */
  readonly after: readonly Step[];
  /** The draw that covers it; null: it is not covered. Its `itemId` is given in step 8. */
  readonly draw: Omit<Draw, 'itemId'> | null;
  /** Whether step 6 covered it or left it as overage; null: the rule is not `prepaid`. */
  readonly prepaid: 'covered' | 'overage' | null;
  /** Of overage of which money of a block paid a part of a minute: the minutes of both. Absent: all of its minutes are asked for. */
  readonly paidOf?: Minutes;
  /** What is left of work of which a cap let a part through that asks more, or less, than its minutes: its price is by that less, or more. Absent: it is not. */
  readonly isRestOfCut?: true;
  /** The cap that held; null: none did. */
  readonly cap: HeldUnder | null;
  /** Above a cap: what becomes of it. null: it is billed. */
  readonly aboveCap: 'write-down' | 'gap' | null;
  /** Of one price whatever the minutes (mode `flat`): which share of it this part is, decimal. Absent: all of it, or a price by minutes. */
  readonly flatShare?: string;
  /** Of work that was corrected after it was frozen: what of its price no cap lets through. It is not cut, for its difference is. Absent: nothing. */
  readonly heldBack?: HeldBack;
  /** What is given of its rounded price, never more than that. Absent: nothing. */
  readonly given?: Given;
}

/** A courtesy, as far as a part takes it. */
export interface Given {
  readonly amount: Money;
  readonly courtesy: Courtesy;
}

/** What a cap holds back of corrected work. */
export interface HeldBack {
  readonly above: Money;
  readonly rule: 'write-down' | 'gap';
  readonly under: HeldUnder;
}

/** Step 5 for other minutes of a part than it has: the same price where it is `billable`, the overage's where it is `prepaid`. */
export type Reprice = (
  part: PricedPart,
  billableMinutes: Minutes,
) => Pick<PricedPart, 'price' | 'unitPrice' | 'exact' | 'after'>;
