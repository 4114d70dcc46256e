import type { LocalDate, Minutes, MoneyJson } from '@billtrail/kernel';
import type { TaxTreatment, WorkKind } from '@billtrail/contracts';
import type { Basis } from './basis.js';
import type { CourtesyGiven } from './courtesy.js';
import type { Segment } from './billable-item.js';
import type { Draw } from './draw.js';
import type { Trace } from './trace.js';

/**
 * A billable item as it was priced when it was frozen: put on a draft, on an invoice or credit note, or written off. Its basis says what the work
 * was, so that a later correction is measured against it; null of work that is gone, and of lines of old logs that did not say.
 */
export interface FrozenItem {
  readonly itemId: string;
  readonly workItemId: string;
  readonly ticketId: string;
  /** As of `BillableItem`, when it was frozen. */
  readonly mergedInto?: string;
  readonly kind: WorkKind;
  readonly description: string;
  readonly workDate: LocalDate;
  /** Actual minutes of the recorded work in this item; null for materials and expenses. May be negative on an adjustment. */
  readonly actualMinutes: Minutes | null;
  readonly billableMinutes: Minutes | null;
  /** Decimal string: hours, pieces; what the client sees. */
  readonly quantity: string;
  readonly unit: string;
  /** null where the work had no price (a write-off of unpriced work). */
  readonly unitPrice: MoneyJson | null;
  /** Line net, rounded once. null where the work had no price. */
  readonly net: MoneyJson | null;
  /** As of `BillableItem`. */
  readonly standardValue: MoneyJson | null;
  readonly cost: MoneyJson | null;
  readonly taxCategory: string | null;
  /** Provenance (law L6). */
  readonly sourceEventIds: readonly string[];
  readonly contractId: string | null;
  readonly contractVersion: number | null;
  readonly basis: Basis;
  /** Why this price, for people. Never read back. */
  readonly trace: Trace;
  /** The part of the work item that it is; absent: the whole. */
  readonly segment?: Segment;
  /** What it took of a block: a frozen draw. Absent: nothing. */
  readonly draw?: Draw;
  /** As of `BillableItem`: the client reads its reason. Absent: nothing was given. */
  readonly courtesy?: CourtesyGiven;
}

/**
 * One term of the sum that a line shows: quantity times unit price, then what changed it, in this order. The amounts of a line's parts sum to its
 * net, and with the figures of each it can be worked out by hand. Figures that are absent it does not have, or it was frozen before they were kept.
 */
export interface LinePart {
  readonly label:
    | 'price'
    | 'tier'
    | 'on-top'
    | 'tiers'
    | 'proration'
    | 'counted'
    | 'limit'
    | 'elsewhere'
    | 'left-over'
    | 'discount'
    | 'cap'
    | 'courtesy'
    | 'paid-before'
    | 'billed-before'
    | 'adjustment'
    | 'rounding';
  /** Only of `price` and `tier`. */
  readonly quantity: string | null;
  readonly unitPrice: MoneyJson | null;
  readonly amount: MoneyJson;
  /** What the quantity counts, where that is not what the line counts. */
  readonly unit?: string;
  /** Of hours their minutes: a third of an hour has no exact decimal. */
  readonly minutes?: Minutes;
  /** What the unit price is for, where that is not an hour. */
  readonly perMinutes?: Minutes;
  /** The days that a price or a proration is for. */
  readonly from?: LocalDate;
  readonly to?: LocalDate;
  /** Of a proration: so many of the days of the cycle, after others in it that are charged alike. */
  readonly days?: string;
  readonly ofDays?: number;
  readonly daysBefore?: string;
  /** The rules by which these days count. Absent: by the day. */
  readonly rules?: readonly string[];
  /** Of a fee: what of the quantity is committed to and not used. Absent: nothing. */
  readonly unused?: number;
  /** Of a fee: how many were counted, where the term charges for more at least. Absent: it does not. */
  readonly counted?: number;
  /** Of a discount. */
  readonly percent?: string;
  /** Of a cap. */
  readonly capId?: string;
  /** Of a courtesy: why. */
  readonly reason?: string;
}

/** The tax of a line, or of a part of its net, in the sign of the line. */
export interface LineTax {
  readonly taxCategory: string;
  /** Percent, decimal string. */
  readonly rate: string;
  readonly tax: MoneyJson;
  /** As of the document's tax total that it belongs to. These and what follows are absent on lines of before. */
  readonly treatment?: TaxTreatment;
  readonly reason?: string | null;
  /** How much of the line's net it is on. */
  readonly net?: MoneyJson;
  /** Of a category with several taxes each of them, as of the document's tax total. Absent: it has one. */
  readonly byName?: readonly { readonly name: string; readonly rate: string; readonly tax: MoneyJson }[];
  /** The line of an earlier document (of a charge its `chargeItemId`) of which this net is given back, with the tax that was asked there. Absent: none. */
  readonly givesBack?: { readonly documentId: string; readonly itemId: string };
}

export interface CreditOf {
  readonly documentId: string;
  /** Further documents that carry some of what is credited. Absent: none. */
  readonly furtherDocumentIds?: readonly string[];
  readonly reason: string;
}

/** What a line of a document says beside its item. What later capabilities fill is empty. */
export interface LineDetails {
  readonly parts: readonly LinePart[];
  /** Empty: one tax, by the line's category, rounded with the rest of the document. */
  readonly taxes: readonly LineTax[];
  /** Who receives and pays, where that is not the client served. */
  readonly billTo: string | null;
  readonly servedClientId: string | null;
  readonly siteId: string | null;
  readonly purchaseOrder: string | null;
  readonly estimateId: string | null;
  /** Of a credit of an earlier document: which, and why. The difference is the line's net. */
  readonly creditOf: CreditOf | null;
}

export const NO_DETAILS: LineDetails = {
  parts: [],
  taxes: [],
  billTo: null,
  servedClientId: null,
  siteId: null,
  purchaseOrder: null,
  estimateId: null,
  creditOf: null,
};

/** A line without what its document says of it: the item or charge as it was frozen. */
export function withoutDetails<Line extends LineDetails>(line: Line): Omit<Line, keyof LineDetails> {
  const named = Object.entries(line).filter(([name]) => !Object.hasOwn(NO_DETAILS, name));
  return Object.fromEntries(named) as Omit<Line, keyof LineDetails>;
}

/** One line of a draft or an invoice: one billable item, frozen as it was priced. A line always has a price. */
export interface InvoiceLine extends FrozenItem, LineDetails {
  readonly unitPrice: MoneyJson;
  readonly net: MoneyJson;
  readonly taxCategory: string;
  readonly contractId: string;
  readonly contractVersion: number;
}
