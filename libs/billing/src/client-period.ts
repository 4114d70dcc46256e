import type { Month, MoneyJson } from '@billtrail/kernel';
import type { InvoicedCharge } from './item/charge-item.js';
import type { FrozenItem, InvoiceLine } from './item/frozen-item.js';
import type { PeriodFacts } from './rating/facts.js';

/** What the account of the client-period holds about an item: an input of rating, never an output. */
export interface FrozenLine {
  readonly line: InvoiceLine;
  /** Of a credit note without an invoice: `holderOfOwnNote`. */
  readonly invoiceId: string;
  /** What credit notes took back of its money while it stays invoiced, positive. Absent: nothing. */
  readonly credited?: MoneyJson;
  /** The credit note on which it stands (a settled adjustment), or that took money of it back last. Absent: none. */
  readonly creditNoteId?: string;
}
/** An item that was written off, as `WorkWrittenOff` holds it, or the credit note that wrote it off. */
export interface WrittenOff extends FrozenItem {
  /** Absent: it was never on an invoice. */
  readonly creditNoteId?: string;
  /** A ticket became part of the one as whose work it counts after it was written off: nobody forgave what that costs. Absent: none did. */
  readonly beforeMerge?: true;
}

/** What the account of another period of the client holds of work. */
export interface ElsewhereSettled {
  readonly period: Month;
  readonly invoiced: readonly FrozenLine[];
  readonly writtenOff: readonly WrittenOff[];
  /** As of the period's own. Absent: none. */
  readonly creditedWork?: ReadonlySet<string>;
}

/** Everything that `rate` is given of a client-period: what was done, on which terms, and what of it is settled. */
export interface ClientPeriodFacts extends PeriodFacts {
  /** Lines of issued invoices (and of those whose issue was requested) of this account. */
  readonly invoiced: readonly FrozenLine[];
  /** Items that a draft of this account claims: item id -> invoice id. Claimed items are still rated, so that a stale draft shows. */
  readonly claimed: ReadonlyMap<string, string>;
  /** The lines of those drafts, as they were drafted. Absent: none. */
  readonly drafted?: readonly FrozenLine[];
  readonly writtenOff: readonly WrittenOff[];
  /** What accounts of the client's other periods hold of this period's work. Absent: nothing. */
  readonly elsewhere?: readonly ElsewhereSettled[];
  /** Work of which a line was credited to be billed again: an adjustment that stays frozen may lack what it adjusted. Absent: none. */
  readonly creditedWork?: ReadonlySet<string>;
  /** Charges on issued invoices of this account. Absent: none. */
  readonly invoicedCharges?: readonly InvoicedCharge[];
}
