import type { Instant, LocalDate, Month } from '@billtrail/kernel';
import type { BillingConfiguration, PartyOnDocument } from '../events.js';
import type { ChargeItem } from '../rating/charges/charge-item.js';
import type { BillableItem } from '../rating/facts.js';

interface Dated {
  /** When it happened, where that is not the moment of the command. */
  readonly occurredAt?: Instant;
}

/**
 * Drafts an invoice from billable items and charges of the client-period, as rating gives them now. A prepaid part that another document shows
 * already is left out. Quiet where this very draft exists.
 * Refuses, in this order: InvoiceIdTaken, NothingToBill, ItemNotDraftable, ItemAlreadyInvoiced, ItemAlreadyClaimed, ItemWrittenOff, MixedCurrency,
 * TooManyLines.
 */
export interface DraftInvoice extends Dated {
  readonly type: 'DraftInvoice';
  readonly invoiceId: string;
  readonly clientId: string;
  readonly period: Month;
  readonly items: readonly BillableItem[];
  /** Absent: none. */
  readonly charges?: readonly ChargeItem[];
}

/** Gives a draft up, approved or not; its items become billable again. Quiet on repeat. Refuses: InvoiceUnknown, InvoiceLocked, ReasonMissing. */
export interface DiscardDraft extends Dated {
  readonly type: 'DiscardDraft';
  readonly invoiceId: string;
  readonly reason: string;
}

/** Quiet on repeat. Refuses: InvoiceUnknown, InvoiceDiscarded. */
export interface ApproveInvoice extends Dated {
  readonly type: 'ApproveInvoice';
  readonly invoiceId: string;
}

/**
 * Checks an approved draft against the rating of now, computes its tax and locks it; a number follows. Quiet on repeat.
 * Refuses, in this order: InvoiceUnknown, InvoiceDiscarded, InvoiceNotApproved, IssueDateMalformed, DraftStale, TaxCategoryUnknown, NegativeTotal.
 */
export interface RequestInvoiceIssue extends Dated {
  readonly type: 'RequestInvoiceIssue';
  readonly invoiceId: string;
  readonly issueDate: LocalDate;
  /** All items of the client-period, rated now. */
  readonly items: readonly BillableItem[];
  /** All its charges, rated now. Absent: none. */
  readonly charges?: readonly ChargeItem[];
  readonly configuration: BillingConfiguration;
  readonly client: PartyOnDocument & { readonly taxExemption: string | null };
}

/** Puts the given number on the invoice. Quiet on repeat. Refuses: InvoiceUnknown, IssueNotRequested, NumberConflict. */
export interface RecordInvoiceIssue extends Dated {
  readonly type: 'RecordInvoiceIssue';
  readonly invoiceId: string;
  readonly series: string;
  readonly numberInSeries: number;
  readonly number: string;
}

/**
 * Forgoes an item for a reason. Nobody writes off their own work; above the configured value a second person must agree. Quiet on repeat.
 * Refuses, in this order: ItemAlreadyInvoiced, ItemAlreadyClaimed, ItemNotWriteOffable, ReasonMissing, CommentMissing, OwnWork,
 * SecondPersonRequired, SecondPersonSame.
 */
export interface WriteOffWork extends Dated {
  readonly type: 'WriteOffWork';
  readonly item: BillableItem;
  readonly reasonCode: string;
  readonly comment: string;
  readonly secondPerson: string | null;
  /** Account ids of those who did the work. */
  readonly workBy: readonly string[];
  readonly configuration: Pick<BillingConfiguration, 'secondPersonAbove' | 'assumedPricePerHour'>;
}

export type AccountCommand =
  DraftInvoice | DiscardDraft | ApproveInvoice | RequestInvoiceIssue | RecordInvoiceIssue | WriteOffWork;
