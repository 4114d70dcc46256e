import type { LocalDate, Month, MoneyJson } from '@billtrail/kernel';
import type { ChargeBasis } from './basis.js';
import type { Disposition } from './billable-item.js';
import type { LineDetails } from './frozen-item.js';
import type { Trace } from './trace.js';

/**
 * What a charge is for, where it is not for work: a recurring charge, a fee that is charged once, a milestone, the fixed price of a
 * ticket, the purchase of a block, what lacks to the minimum commitment, a
 * discount that is an amount (negative), a service credit (negative), the way to a visit.
 */
export const CHARGE_KINDS = [
  'recurring',
  'one-time',
  'milestone',
  'incident',
  'prepaid-block',
  'minimum',
  'discount',
  'service-credit',
  'travel',
] as const;
export type ChargeKind = (typeof CHARGE_KINDS)[number];

/** A charge as rating makes it. */
export interface Charge {
  /** Unique within the account: `chargeIdOf`; of an adjustment `chargeAdjustmentId`. */
  readonly chargeItemId: string;
  /** The id of the charge itself. */
  readonly chargeId: string;
  readonly kind: ChargeKind;
  readonly description: string;
  /** The days that it is for, both included. */
  readonly from: LocalDate;
  readonly to: LocalDate;
  /** Devices or users, hours or kilometres of travel, else `1`; negative where an adjustment takes back. */
  readonly quantity: string;
  readonly unit: string;
  readonly unitPrice: MoneyJson;
  /** Rounded once. Negative for discounts, credits and what is taken back. */
  readonly net: MoneyJson;
  readonly taxCategory: string;
  readonly contractId: string;
  readonly contractVersion: number;
  /** The ticket whose breach gave a credit, or whose fixed price it is; null for all else. */
  readonly ticketId: string | null;
  readonly sourceEventIds: readonly string[];
  readonly basis: ChargeBasis;
  /** Why this price, for people. Never read back. */
  readonly trace: Trace;
}

/** A charge as it was priced when it was put on a draft, an invoice or a credit note: a line that is not for work. */
export interface FrozenCharge extends Charge, LineDetails {}

/** A charge on an issued invoice, or settled on its credit note. */
export interface InvoicedCharge {
  readonly charge: FrozenCharge;
  /** Of a credit note without an invoice: `holderOfOwnNote`. */
  readonly invoiceId: string;
  /** What credit notes took back of its money, never to be billed again. Absent: nothing. */
  readonly credited?: MoneyJson;
  /** As of a line of work. Absent: none. */
  readonly creditNoteId?: string;
}

/** A charge of a client-period, beside the items of its work. */
export interface ChargeItem extends Charge {
  readonly clientId: string;
  readonly period: Month;
  readonly disposition: Extract<Disposition, 'billable' | 'claimed' | 'invoiced'>;
  readonly invoiceId: string | null;
  /** What credit notes took back of an invoiced one. Absent: nothing. */
  readonly credited?: MoneyJson;
  /** The credit note that did, or that settled it. Absent: none. */
  readonly creditNoteId?: string;
  /** First day on which it may be billed: of `in-advance` the first day of its cycle that is charged for (the organisation's lead time lets drafts take it earlier), else the day after its last. */
  readonly billableFrom: LocalDate;
}
