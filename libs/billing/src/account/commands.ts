import type { Instant, LocalDate, Month, MoneyJson, Refusal } from '@billtrail/kernel';
import type { InvoiceGrouping } from '@billtrail/contracts';
import type { BillingConfiguration, ChangedMeanwhile, CreditOutcome, PartyOnDocument } from '../events.js';
import type { ChargeItem } from '../item/charge-item.js';
import type { ContractFacts } from '../rating/facts.js';
import type { IssueDateAsked } from './issue-date.js';
import type { ContractAgreed, PaymentAgreed } from './payment-terms.js';
import type { AskedElsewhere } from './asked-elsewhere.js';
import type { Receiving } from './recipients.js';
import type { TaxRules } from '../configuration-shape.js';
import type { LimitsOfForgoing } from '../second-person.js';
import type { TaxOfClient } from '../tax-rules.js';
import type { BillableItem, ExplainedItem } from '../item/billable-item.js';

interface Dated {
  /** When it happened, where that is not the moment of the command. */
  readonly occurredAt?: Instant;
}

/**
 * Drafts an invoice from billable items and charges of the client-period, as rating gives them now: all of them, or those that are named. A
 * prepaid part that another document shows already is left out. Quiet where this very draft exists, also approved or issued. Its totals are at
 * the tax rates of now; without a rate for a category it has none, and can't be approved.
 * Refuses, in this order: DraftStale (this very draft exists, and its lines are others now), RecipientChanged (they go to another now), InvoiceIdTaken, TaxChanged (it exists with the tax of
 * another day of issue than the one named), IssueDateDiffers (it exists for another day of issue, or was issued on one), NothingToDraft, NothingToBill, SeveralRecipients,
 * BillToUnknown, BillToChained, SeveralContracts, SeveralSites,
 * ItemNotDraftable, ItemAlreadyInvoiced, ItemAlreadyClaimed, ItemWrittenOff, MixedCurrency, TooManyLines, NegativeTotal (only where tickets or
 * charges are named), DraftTooLarge.
 */
export interface DraftInvoice extends Dated, Pick<IssueDateAsked, 'isDateStated'> {
  readonly type: 'DraftInvoice';
  readonly invoiceId: string;
  readonly clientId: string;
  readonly period: Month;
  /** Up to which position of the log the facts below were known. Absent: nobody says. */
  readonly ratedUpTo?: string;
  /** With those that this very draft has already (`draftableItems`), as rating makes them now. */
  readonly items: readonly ExplainedItem[];
  /** The same. Absent: none. */
  readonly charges?: readonly ChargeItem[];
  /** Only what is priced by this contract. Absent: of all. */
  readonly contractId?: string;
  /** Only what this client receives. Absent: the one recipient that there is. */
  readonly recipientId?: string;
  /** Only what is for this site; null: for none. Absent: for any. */
  readonly siteId?: string | null;
  /** Tickets (with all their items) and charges (by `chargeItemId`) that the draft is limited to. Absent: it takes everything. */
  readonly named?: { readonly tickets: readonly string[]; readonly charges: readonly string[] };
  /**
   * Only to say why something that is named has nothing to draft: all items and charges of the client-period, and wherever else there are some of
   * these names. Absent: nobody looked.
   */
  readonly rated?: { readonly items: readonly BillableItem[]; readonly charges: readonly ChargeItem[] };
  readonly configuration: Pick<
    BillingConfiguration,
    'organisation' | 'chargeLeadDays' | 'paymentTerms' | 'invoices' | keyof TaxRules
  >;
  /** The day on which it is meant to be issued: its tax is that of this day. Where it is named, also the day of its issue, unless another is named then. */
  readonly issueDate: LocalDate;
  /** The client served. */
  readonly client: PartyOnDocument & TaxOfClient & PaymentAgreed['client'] & { readonly invoices?: InvoiceGrouping };
  /** Who receives what. Absent: nobody looked, and the client receives all. */
  readonly receiving?: Receiving;
  /** As of `PaymentAgreed`. */
  readonly contracts?: readonly ContractAgreed[];
  /** What accounts of the client have invoiced of the cycles that units leave now, in the order of the periods. Absent: none leave. */
  readonly elsewhere?: readonly AskedElsewhere[];
  /** Absent: `MAX_DRAFT_BYTES`. */
  readonly maxDraftBytes?: number;
}

/** Gives a draft up, approved or not; its items become billable again. Quiet on repeat. Refuses: InvoiceUnknown, InvoiceLocked, ReasonMissing. */
export interface DiscardDraft extends Dated {
  readonly type: 'DiscardDraft';
  readonly invoiceId: string;
  readonly reason: string;
}

/** Quiet on repeat. Refuses, in this order: InvoiceUnknown, InvoiceDiscarded, HashMismatch, DraftUntaxed, OwnDraft, and what `related` says. */
export interface ApproveInvoice extends Dated {
  readonly type: 'ApproveInvoice';
  readonly invoiceId: string;
  /** Of the draft that the approver has seen. Absent: whatever draft it is. */
  readonly hash?: string;
  /** Whether who drafted it may approve it. */
  readonly configuration: Pick<BillingConfiguration, 'draftApproval'>;
  /** Why who approves can't be told from who drafted it, where another person is to; null: they can, or nobody has to. */
  readonly related: Refusal | null;
}

/**
 * Checks an approved draft against the rating of now, computes its tax and locks it; a number follows. Quiet on repeat.
 * Refuses, in this order: InvoiceUnknown, IssueDateDiffers (of a repeat), InvoiceDiscarded, InvoiceNotApproved, IssueDateMalformed, IssueDateTooEarly, IssueDateTooLate,
 * DraftUntaxed, DraftStale, RecipientChanged, BillToUnknown, BillToChained, TaxCategoryUnknown, PartiesChanged, PaymentTermsChanged, TaxChanged, NegativeTotal.
 */
export interface RequestInvoiceIssue extends Dated, IssueDateAsked {
  readonly type: 'RequestInvoiceIssue';
  readonly invoiceId: string;
  /** In the organisation's zone: `issueDate` is not far after it. Absent: nobody looked. */
  readonly today?: LocalDate;
  /** The day of the last number of the invoice series: the invoice is not dated before it. Absent or null: none, or nobody looked. */
  readonly seriesReached?: LocalDate | null;
  /** All items of the client-period, rated now. */
  readonly items: readonly ExplainedItem[];
  /** All its charges, rated now. Absent: none. */
  readonly charges?: readonly ChargeItem[];
  readonly configuration: BillingConfiguration;
  readonly client: PartyOnDocument & TaxOfClient & PaymentAgreed['client'];
  /** As of `DraftInvoice`. */
  readonly receiving?: Receiving;
  /** As of `DraftInvoice`. */
  readonly contracts?: readonly ContractAgreed[];
  readonly elsewhere?: readonly AskedElsewhere[];
  /** Up to which position of the log the facts above were known, as text. Absent: nobody says. */
  readonly comparedUpTo?: string;
}

/**
 * Takes back the requested issue of a document that can have no number: its series has one of a later day, or a fact came before the request that the draft was not
 * compared with. Quiet where another issue was requested since, or it is issued. Refuses: InvoiceUnknown.
 */
export interface WithdrawInvoiceIssue extends Dated {
  readonly type: 'WithdrawInvoiceIssue';
  readonly invoiceId: string;
  /** The day that was requested. */
  readonly issueDate: LocalDate;
  /** null: that is not why. */
  readonly seriesReached: LocalDate | null;
  /** Absent: that is not why. */
  readonly changed?: ChangedMeanwhile;
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
 * Forgoes an item for a reason. Nobody writes off their own work. Quiet on repeat.
 * Refuses, in this order: ItemAlreadyInvoiced, ItemAlreadyClaimed, ItemNotWriteOffable, ReasonMissing, CommentMissing, OwnWork.
 */
export interface WriteOffWork extends Dated {
  readonly type: 'WriteOffWork';
  readonly item: ExplainedItem;
  readonly reasonCode: string;
  readonly comment: string;
  /** Account ids of those who did the work. */
  readonly workBy: readonly string[];
  readonly configuration: LimitsOfForgoing;
}

/** One item that a credit note is asked to take back. */
export interface CreditAsked {
  /** Of a charge its `chargeItemId`. */
  readonly itemId: string;
  readonly outcome: CreditOutcome;
  /** Only this much of the line, positive, in whole minor units; only with `written-off`. Absent: what is left of the line. */
  readonly net?: MoneyJson;
}

/**
 * Takes items of an issued invoice back, each once: to be billed again, written off, or settled where rating derived a credit. Computes the tax and
 * locks the note; a number follows. Quiet on repeat.
 * Refuses, in this order: InvoiceUnknown, InvoiceNotIssued, CreditNoteIdTaken, IssueDateDiffers (of a repeat), IssueDateMalformed, IssueDateTooEarly,
 * IssueDateTooLate, NothingToCredit, TooManyLines, ItemNamedTwice; of
 * each item ItemNotOnInvoice, PrepaidBlockKeepsHours, ItemAlreadyCredited, ItemAdjusted, ItemForgivenInPart, ItemNotCorrectable, OwedToAnother, CreditMalformed, CreditAboveItem; then ReasonMissing,
 * CommentMissing, OwnWork, TaxCategoryNotOnInvoice, TaxTotalAmbiguous, CreditAboveInvoice, CreditNegative.
 */
export interface RequestCreditNoteIssue extends Dated, IssueDateAsked {
  readonly type: 'RequestCreditNoteIssue';
  readonly creditNoteId: string;
  readonly invoiceId: string;
  /** As of `RequestInvoiceIssue`. */
  readonly today?: LocalDate;
  /** As of `RequestInvoiceIssue`, of the series of credit notes. */
  readonly seriesReached?: LocalDate | null;
  readonly credits: readonly CreditAsked[];
  readonly reasonCode: string;
  readonly comment: string;
  /** Account ids of those who did the work that is written off. */
  readonly workBy: readonly string[];
  /** All items of the client-period, rated now. */
  readonly items: readonly ExplainedItem[];
  readonly charges: readonly ChargeItem[];
  /** The client's: which blocks were withdrawn. Absent: nobody looked. */
  readonly contracts?: readonly Pick<ContractFacts, 'contractId' | 'withdrawnBlocks'>[];
  /** As of `DraftInvoice`. */
  readonly receiving?: Receiving;
  readonly configuration: BillingConfiguration;
  /** As of `RequestInvoiceIssue`. */
  readonly comparedUpTo?: string;
}

/**
 * Gives credits that are owed by a credit note of no invoice: adjustments, discounts and service credits with a negative net that nothing of the
 * client-period carries. Each is given whole. Quiet on repeat.
 * Refuses, in this order: CreditNoteIdTaken, IssueDateDiffers (of a repeat), IssueDateMalformed, IssueDateTooEarly,
 * IssueDateTooLate, NothingToCredit, TooManyLines, ItemNamedTwice; of each item NotOwed,
 * ItemAlreadyInvoiced, ItemAlreadyClaimed, ItemNotCorrectable; then SeveralRecipients, BillToUnknown, BillToChained, IssueDateTooEarly, ReasonMissing, CommentMissing, MixedCurrency, TaxCategoryUnknown.
 */
export interface GiveCredits extends Dated, IssueDateAsked {
  readonly type: 'GiveCredits';
  readonly creditNoteId: string;
  readonly clientId: string;
  readonly period: Month;
  /** As of `RequestInvoiceIssue`. */
  readonly today?: LocalDate;
  /** As of `RequestInvoiceIssue`, of the series of credit notes. */
  readonly seriesReached?: LocalDate | null;
  /** Of a charge its `chargeItemId`. */
  readonly itemIds: readonly string[];
  readonly reasonCode: string;
  readonly comment: string;
  /** All items of the client-period, rated now. */
  readonly items: readonly ExplainedItem[];
  readonly charges: readonly ChargeItem[];
  readonly configuration: BillingConfiguration;
  readonly client: PartyOnDocument & TaxOfClient;
  /** As of `DraftInvoice`. */
  readonly receiving?: Receiving;
  readonly elsewhere?: readonly AskedElsewhere[];
  /** As of `RequestInvoiceIssue`. */
  readonly comparedUpTo?: string;
}

/**
 * Takes back a requested credit note that a fact came before which it was not decided on. Quiet where it is not requested any more, or another of its id is. Refuses nothing.
 */
export interface WithdrawCreditNoteIssue extends Dated {
  readonly type: 'WithdrawCreditNoteIssue';
  readonly creditNoteId: string;
  readonly changed: ChangedMeanwhile;
}

/** Puts the given number on the credit note. Quiet on repeat. Refuses: CreditNoteUnknown, NumberConflict. */
export interface RecordCreditNoteIssue extends Dated {
  readonly type: 'RecordCreditNoteIssue';
  readonly creditNoteId: string;
  readonly series: string;
  readonly numberInSeries: number;
  readonly number: string;
  /** The day that its number has, where the series had gone on from the one that was requested. Absent: that one. */
  readonly issueDate?: LocalDate;
}

export type AccountCommand =
  | DraftInvoice
  | DiscardDraft
  | ApproveInvoice
  | RequestInvoiceIssue
  | WithdrawInvoiceIssue
  | RecordInvoiceIssue
  | RequestCreditNoteIssue
  | GiveCredits
  | WithdrawCreditNoteIssue
  | RecordCreditNoteIssue
  | WriteOffWork;
