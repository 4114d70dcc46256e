import {
  known,
  storedEventTypes,
  type Currency,
  type ForgoingEvent,
  type DomainEvent,
  type Instant,
  type LocalDate,
  type Minutes,
  type Month,
  type MoneyJson,
} from '@billtrail/kernel';
import type { TaxTreatment } from '@billtrail/contracts';
import type { FrozenCharge } from './item/charge-item.js';
import type { FrozenItem, InvoiceLine } from './item/frozen-item.js';
import type { PublishedConfiguration } from './configuration-shape.js';
import type { TAX_CODES } from './tax-rules.js';
import { upcastersOfSchema1 } from './upcasters.js';

export type { BillingConfiguration, DocumentSeries, PublishedConfiguration } from './configuration-shape.js';

/** The closed list of gap kinds (domain.md). */
export const GAP_KINDS = [
  'work-not-recorded',
  'time-unapproved',
  'unbilled',
  'unpriced',
  'contract-mismatch',
  'material-suspected',
  'scope-suspected',
  'cap-exceeded',
] as const;
export type GapKind = (typeof GAP_KINDS)[number];

/** The four ways money leaks, and the kinds that show each. */
export const LEAK_OF: Readonly<Record<GapKind, 'unbilled time' | 'contract mismatch' | 'materials' | 'scope creep'>> = {
  'work-not-recorded': 'unbilled time',
  'time-unapproved': 'unbilled time',
  unbilled: 'unbilled time',
  unpriced: 'contract mismatch',
  'contract-mismatch': 'contract mismatch',
  'material-suspected': 'materials',
  'scope-suspected': 'scope creep',
  'cap-exceeded': 'contract mismatch',
};

/** Value at risk: money where a price is known, else the minutes or nothing but the ticket itself. */
export interface ValueAtRisk {
  readonly money: MoneyJson | null;
  readonly minutes: Minutes | null;
}

/**
 * What a gap without a ticket is about: a charge that a contract makes. Gaps of old logs name charges and work as schema version 1 rendered
 * their ids, and go on under that key (`formerGapKey`): so no open gap closes and opens anew, and gap events need no upcaster.
 */
export interface ChargeOfGap {
  readonly contractId: string;
  readonly chargeId: string;
}

export interface GapFacts {
  readonly kind: GapKind;
  /** null: it is about a charge (`charge` says which), and charges have no ticket. */
  readonly ticketId: string | null;
  readonly clientId: string | null;
  /** Billing period of the work; null where no work date is known. */
  readonly period: Month | null;
  readonly workItemId: string | null;
  readonly valueAtRisk: ValueAtRisk;
  /** Why, in a sentence that finance can read. */
  readonly cause: string;
  /** Ids of the events that show it. */
  readonly sourceEventIds: readonly string[];
  /** Absent: it is about a ticket. */
  readonly charge?: ChargeOfGap;
}

/** How a gap ends without a person accepting it. */
export type GapEnding = 'billed' | 'covered' | 'corrected' | 'written-off';

export type BillingGapOpened = DomainEvent<'BillingGapOpened', GapFacts & { readonly gapId: string }>;
export type BillingGapRevalued = DomainEvent<
  'BillingGapRevalued',
  {
    readonly gapId: string;
    readonly valueAtRisk: ValueAtRisk;
    readonly cause: string;
    readonly sourceEventIds: readonly string[];
  }
>;
export type BillingGapAssigned = DomainEvent<
  'BillingGapAssigned',
  { readonly gapId: string; readonly ownerId: string }
>;
export type BillingGapAccepted = DomainEvent<
  'BillingGapAccepted',
  {
    readonly gapId: string;
    readonly reasonCode: string;
    readonly comment: string;
    readonly acceptedBy: string;
    /** The second person, required above the configured value. */
    readonly secondPerson: string | null;
  }
>;
export type BillingGapClosed = DomainEvent<'BillingGapClosed', { readonly gapId: string; readonly ending: GapEnding }>;
export type GapEvent =
  BillingGapOpened | BillingGapRevalued | BillingGapAssigned | BillingGapAccepted | BillingGapClosed | ForgoingEvent;

/** One of several taxes of a category, as a document shows it. */
export interface NamedTax {
  readonly name: string;
  /** Percent, decimal string. */
  readonly rate: string;
  readonly tax: MoneyJson;
}

export interface TaxTotal {
  readonly taxCategory: string;
  /** Percent, decimal string. */
  readonly rate: string;
  readonly net: MoneyJson;
  readonly tax: MoneyJson;
  /** How it is taxed. This and what follows are absent on documents of before. */
  readonly treatment?: TaxTreatment;
  /** The same on an e-invoice. */
  readonly code?: (typeof TAX_CODES)[TaxTreatment];
  /** The legal reason of a treatment without tax; null: none is stated, or it is taxable. */
  readonly reason?: string | null;
  /** Of a category with several taxes each of them, of which `rate` and `tax` are the sums. Absent: it has one. */
  readonly byName?: readonly NamedTax[];
}

export interface PartyOnDocument {
  readonly name: string;
  readonly taxId: string | null;
  readonly address: string | null;
}

/** What a document asks for. */
export interface Totals {
  readonly taxTotals: readonly TaxTotal[];
  readonly net: MoneyJson;
  readonly tax: MoneyJson;
  readonly total: MoneyJson;
}

/** How a document is taxed and when it is due. */
export interface DocumentTerms {
  /** `document`: tax once per (category, rate) on summed nets; `line`: on each line, then added. */
  readonly taxRounding: 'document' | 'line';
  /** null: the document states none. */
  readonly dueDate: LocalDate | null;
  /** Of payment, as the document words them; null: it states none. */
  readonly terms: string | null;
}

/**
 * Stream `invoice-{id}`, in old logs: an invoice id belongs to the account that used it first. Accounts are streams of their own, so nothing else would
 * keep two of them from using one id. Now it is claimed as any key is, in the append of the draft; what was taken so stays taken.
 */
export type InvoiceIdTaken = DomainEvent<
  'InvoiceIdTaken',
  { readonly invoiceId: string; readonly clientId: string; readonly period: Month }
>;
/** A draft is one append: this event, then its lines. Where it was stored with schema version 1, it states nothing of `buyer` and what follows. */
export type InvoiceDrafted = DomainEvent<
  'InvoiceDrafted',
  DocumentTerms & {
    readonly invoiceId: string;
    readonly clientId: string;
    readonly period: Month;
    readonly currency: Currency;
    /** The client that receives and pays it: `buyer`. Absent: the client served, of before. */
    readonly recipientId?: string;
    /** The site that it is for; null: what is of no site. Absent: it is not for a site in particular. */
    readonly siteId?: string | null;
    readonly buyer: PartyOnDocument | null;
    readonly seller: PartyOnDocument | null;
    /** The day of issue that was named for it: it is issued on this one unless another is named then. Absent: none was named. */
    readonly issueDate?: LocalDate;
    /** At the tax rates of then. null: a tax category has no rate yet. */
    readonly totals: Totals | null;
    /** Account id of who drafted it. Absent: of before. */
    readonly draftedBy?: string;
    /** When it was drafted: its lines are what rating made of the facts of that moment. null: of schema version 1, which did not say. */
    readonly ratedAt: Instant | null;
    /** The position of the log up to which these facts were known, as text: all of them, the configuration too, are of that moment. Absent: of before. */
    readonly ratedUpTo?: string;
    /** Version of the rating that priced its lines: `RATING_VERSION` of then. */
    readonly ratingVersion: number;
    /** `draftHash`: what an approval approves. */
    readonly hash: string | null;
  }
>;
/** A bounded part of a draft's lines; a long draft is several of these in one append. */
export type InvoiceLinesAdded = DomainEvent<
  'InvoiceLinesAdded',
  {
    readonly invoiceId: string;
    readonly lines: readonly InvoiceLine[];
    /** Lines that are not for work. Absent: none. */
    readonly charges?: readonly FrozenCharge[];
  }
>;
/** Its items become billable again. */
export type InvoiceDraftDiscarded = DomainEvent<
  'InvoiceDraftDiscarded',
  { readonly invoiceId: string; readonly reason: string }
>;
export type InvoiceApproved = DomainEvent<
  'InvoiceApproved',
  {
    readonly invoiceId: string;
    readonly approvedBy: string;
    /** Of the draft that was approved; null: it has none (schema version 1). */
    readonly hash: string | null;
  }
>;
/**
 * The point of no return: the draft was checked against the rating of now and is locked. A number follows, then `InvoiceIssued`,
 * whatever crashes between: so a number that was given always ends on an issued invoice.
 */
export type InvoiceIssueRequested = DomainEvent<
  'InvoiceIssueRequested',
  DocumentTerms &
    Totals & {
      readonly invoiceId: string;
      readonly issueDate: LocalDate;
      readonly series: string;
      readonly seller: PartyOnDocument;
      readonly buyer: PartyOnDocument;
      /** Why the buyer is invoiced without tax; null: taxed. */
      readonly taxExemption: string | null;
      /**
       * The position of the log, as text, up to which the facts were known that the draft was compared with. It stands only if none of the client came between that
       * and the request. Absent: of before, it stands.
       */
      readonly comparedUpTo?: string;
    }
>;
/** A fact that came between the comparison of a document and the request of its issue. */
export interface ChangedMeanwhile {
  readonly stream: string;
  readonly eventId: string;
}
/**
 * The requested issue is taken back without a number: a fact came before it that the draft was not compared with, or it was interrupted, and the series has gone on
 * to a later day meanwhile. The invoice is an approved draft again.
 */
export type InvoiceIssueWithdrawn = DomainEvent<
  'InvoiceIssueWithdrawn',
  {
    readonly invoiceId: string;
    /** The day of issue that was requested. */
    readonly issueDate: LocalDate;
    readonly series: string;
    /** The day of the last number of the series; null: that is not why. */
    readonly seriesReached: LocalDate | null;
    /** The first fact that came in between. Absent: that is not why. */
    readonly changed?: ChangedMeanwhile;
    /** The day of issue that the draft was made for; null: it named none. */
    readonly meantFor: LocalDate | null;
  }
>;
export type InvoiceIssued = DomainEvent<
  'InvoiceIssued',
  { readonly invoiceId: string; readonly number: string; readonly numberInSeries: number; readonly series: string }
>;
/** What is forgone, frozen as it was priced: `net` is null where the work had no price. */
export type WorkWrittenOff = DomainEvent<
  'WorkWrittenOff',
  FrozenItem & {
    readonly reasonCode: string;
    readonly comment: string;
    readonly writtenOffBy: string;
    readonly secondPerson: string | null;
  }
>;
/**
 * What becomes of an item on a credit note: `bill-again` gives it free, to be rated as of now; `written-off` forgoes it, or a part of its
 * money; `corrected` settles a credit that rating derived: an adjustment, a discount or a service credit with a negative net.
 */
export const CREDIT_OUTCOMES = ['bill-again', 'written-off', 'corrected'] as const;
export type CreditOutcome = (typeof CREDIT_OUTCOMES)[number];

interface Credited {
  readonly outcome: CreditOutcome;
  /** What the client gets back without tax; negative where a negative line is taken back. */
  readonly net: MoneyJson;
  /** False: only a part of the line's money; the line stays invoiced less this. */
  readonly isWhole: boolean;
}
/** A line of work on a credit note: the invoice line that it credits, letter by letter, or the adjustment that it settles. */
export interface CreditedLine extends Credited {
  readonly line: InvoiceLine;
}
/** The same for a charge. */
export interface CreditedCharge extends Credited {
  readonly charge: FrozenCharge;
}

/** Stream `credit-note-{id}`: the same as {@link InvoiceIdTaken}, for credit notes. */
export type CreditNoteIdTaken = DomainEvent<
  'CreditNoteIdTaken',
  { readonly creditNoteId: string; readonly clientId: string; readonly period: Month }
>;
/**
 * What a credit note shows beside its lines and its number. Its totals are what is given back: positive. Tax is that on the cumulative credited
 * net less what was credited before (rating.md, R13).
 */
export interface CreditNoteFacts extends DocumentTerms, Totals {
  readonly creditNoteId: string;
  readonly clientId: string;
  readonly period: Month;
  readonly currency: Currency;
  /** The client that receives it: of an invoice who received that. Absent: the client served, of before. */
  readonly recipientId?: string;
  /** As on the invoice. Absent: it is not for a site in particular. */
  readonly siteId?: string | null;
  /** null: it gives credits that are owed, and is of no invoice. */
  readonly invoiceId: string | null;
  /** Number of the invoice that it corrects; null: of none. */
  readonly invoiceNumber: string | null;
  readonly issueDate: LocalDate;
  readonly series: string;
  /** As on the invoice. */
  readonly seller: PartyOnDocument;
  readonly buyer: PartyOnDocument;
  readonly taxExemption: string | null;
  readonly reasonCode: string;
  readonly comment: string;
  /** Who agreed to what is written off. */
  readonly secondPerson: string | null;
}
/**
 * Asks for the issue of a credit note: its verdict says whether it stands (ADR 20). Then a number follows and `CreditNoteIssued`, from which on what it takes back is
 * free, or frozen.
 */
export type CreditNoteIssueRequested = DomainEvent<
  'CreditNoteIssueRequested',
  CreditNoteFacts & {
    /** As of `InvoiceIssueRequested`. */
    readonly comparedUpTo?: string;
  }
>;
/** The requested credit note is taken back without a number: a fact came before its request that it was not decided on. It gives nothing back, and its id is free again. */
export type CreditNoteIssueWithdrawn = DomainEvent<
  'CreditNoteIssueWithdrawn',
  {
    readonly creditNoteId: string;
    /** The invoice that it was of; null: of none. */
    readonly invoiceId: string | null;
    /** The day of issue that was requested. */
    readonly issueDate: LocalDate;
    /** The first fact that came in between. */
    readonly changed: ChangedMeanwhile;
  }
>;
/** A bounded part of a credit note's lines, in the append of its request. */
export type CreditNoteLinesAdded = DomainEvent<
  'CreditNoteLinesAdded',
  {
    readonly creditNoteId: string;
    /** null: it is of no invoice. */
    readonly invoiceId: string | null;
    readonly lines: readonly CreditedLine[];
    readonly charges: readonly CreditedCharge[];
  }
>;
/** All that the document shows but its lines, with its number. */
export type CreditNoteIssued = DomainEvent<
  'CreditNoteIssued',
  CreditNoteFacts & { readonly number: string; readonly numberInSeries: number }
>;
export type CreditNoteEvent =
  CreditNoteIssueRequested | CreditNoteLinesAdded | CreditNoteIssueWithdrawn | CreditNoteIssued;

export type AccountEvent =
  | CreditNoteEvent
  | InvoiceDrafted
  | InvoiceLinesAdded
  | InvoiceDraftDiscarded
  | InvoiceApproved
  | InvoiceIssueRequested
  | InvoiceIssueWithdrawn
  | InvoiceIssued
  | ForgoingEvent
  | WorkWrittenOff;

export type DocumentNumberAssigned = DomainEvent<
  'DocumentNumberAssigned',
  {
    readonly series: string;
    readonly number: number;
    readonly formatted: string;
    readonly documentId: string;
    readonly accountStream: string;
    /** Absent: of before. */
    readonly kind?: 'invoice' | 'credit-note';
    /** The day on the document: never before that of the number before it. Absent: of before. */
    readonly issueDate?: LocalDate;
  }
>;
export type NumberingEvent = DocumentNumberAssigned;

export type ConfigurationPublished = DomainEvent<
  'ConfigurationPublished',
  { readonly configuration: PublishedConfiguration; readonly hash: string }
>;
export type ConfigurationEvent = ConfigurationPublished;

/**
 * Stream `calendar`, recorded by a policy: the month has come, or is near enough, in the zone of some contract, for its charges to be there. So what
 * comes with the month is a function of the log, even where nothing else is recorded.
 */
export type BillingMonthOpened = DomainEvent<'BillingMonthOpened', { readonly month: Month }>;

/** An event whose shape changed once. */
function schema2(type: AccountEvent['type']) {
  return { schemaVersion: 2, upcasters: { 1: known(upcastersOfSchema1, type, 'the upcaster of') } } as const;
}

/**
 * How billing events are stored, and what in them is personal. The cause of a gap and the trace of an item may say who set a price, and why.
 */
export const storedBillingEvents = storedEventTypes<
  | InvoiceIdTaken
  | CreditNoteIdTaken
  | GapEvent
  | AccountEvent
  | NumberingEvent
  | ConfigurationEvent
  | BillingMonthOpened
>()({
  BillingGapOpened: { storedName: 'billing-gap-opened', personalFields: ['cause'] },
  BillingGapRevalued: { storedName: 'billing-gap-revalued', personalFields: ['cause'] },
  BillingGapAssigned: { storedName: 'billing-gap-assigned', personalFields: ['ownerId'] },
  BillingGapAccepted: { storedName: 'billing-gap-accepted', personalFields: ['comment', 'acceptedBy', 'secondPerson'] },
  BillingGapClosed: { storedName: 'billing-gap-closed', personalFields: [] },
  // On streams of tickets, gaps and accounts alike.
  ForgoingRequested: {
    storedName: 'forgoing-requested',
    schemaVersion: 2,
    // Version 2 says who did the work, and may have parts without a value.
    upcasters: { 1: (data: object) => data },
    personalFields: [
      'asked.comment',
      'asked.reason',
      'asked.description',
      'asked.engineerId',
      'asked.serialNumber',
      'asked.receiptReference',
      'workBy[]',
    ],
  },
  ForgoingWithdrawn: { storedName: 'forgoing-withdrawn', personalFields: ['reason', 'withdrawnBy'] },
  ForgoingApproved: { storedName: 'forgoing-approved', personalFields: ['comment', 'approvedBy'] },
  ForgoingRefused: { storedName: 'forgoing-refused', personalFields: ['reason', 'refusedBy'] },
  InvoiceIdTaken: { storedName: 'invoice-id-taken', personalFields: [] },
  InvoiceDrafted: {
    storedName: 'invoice-drafted',
    ...schema2('InvoiceDrafted'),
    personalFields: [
      'seller.name',
      'seller.taxId',
      'seller.address',
      'buyer.name',
      'buyer.taxId',
      'buyer.address',
      'totals.taxTotals[].reason',
      'draftedBy',
    ],
  },
  InvoiceLinesAdded: {
    storedName: 'invoice-lines-added',
    ...schema2('InvoiceLinesAdded'),
    personalFields: [
      'lines[].description',
      'lines[].trace[].text',
      'lines[].trace[].facts.contractName',
      'lines[].trace[].facts.reason',
      'lines[].trace[].facts.overriddenBy',
      'lines[].trace[].facts.grantedBy',
      'lines[].courtesy.reason',
      'lines[].basis.adjustment.from.now[].courtesy.reason',
      'lines[].parts[].reason',
      'lines[].basis.work.engineerId',
      'lines[].creditOf.reason',
      'lines[].taxes[].reason',
      'charges[].description',
      'charges[].trace[].text',
      'charges[].trace[].facts.contractName',
      'charges[].creditOf.reason',
      'charges[].parts[].reason',
      'charges[].taxes[].reason',
    ],
  },
  InvoiceDraftDiscarded: { storedName: 'invoice-draft-discarded', personalFields: ['reason'] },
  InvoiceApproved: { storedName: 'invoice-approved', ...schema2('InvoiceApproved'), personalFields: ['approvedBy'] },
  InvoiceIssueRequested: {
    storedName: 'invoice-issue-requested',
    ...schema2('InvoiceIssueRequested'),
    personalFields: [
      'seller.name',
      'seller.taxId',
      'seller.address',
      'buyer.name',
      'buyer.taxId',
      'buyer.address',
      'taxExemption',
      'taxTotals[].reason',
    ],
  },
  InvoiceIssueWithdrawn: { storedName: 'invoice-issue-withdrawn', personalFields: [] },
  InvoiceIssued: { storedName: 'invoice-issued', personalFields: [] },
  CreditNoteIdTaken: { storedName: 'credit-note-id-taken', personalFields: [] },
  CreditNoteIssueRequested: {
    storedName: 'credit-note-issue-requested',
    ...schema2('CreditNoteIssueRequested'),
    personalFields: [
      'seller.name',
      'seller.taxId',
      'seller.address',
      'buyer.name',
      'buyer.taxId',
      'buyer.address',
      'taxExemption',
      'taxTotals[].reason',
      'comment',
      'secondPerson',
    ],
  },
  CreditNoteLinesAdded: {
    storedName: 'credit-note-lines-added',
    ...schema2('CreditNoteLinesAdded'),
    personalFields: [
      'lines[].line.description',
      'lines[].line.trace[].text',
      'lines[].line.trace[].facts.contractName',
      'lines[].line.trace[].facts.reason',
      'lines[].line.trace[].facts.overriddenBy',
      'lines[].line.trace[].facts.grantedBy',
      'lines[].line.courtesy.reason',
      'lines[].line.basis.adjustment.from.now[].courtesy.reason',
      'lines[].line.parts[].reason',
      'lines[].line.basis.work.engineerId',
      'lines[].line.creditOf.reason',
      'lines[].line.taxes[].reason',
      'charges[].charge.description',
      'charges[].charge.trace[].text',
      'charges[].charge.trace[].facts.contractName',
      'charges[].charge.creditOf.reason',
      'charges[].charge.parts[].reason',
      'charges[].charge.taxes[].reason',
    ],
  },
  CreditNoteIssueWithdrawn: { storedName: 'credit-note-issue-withdrawn', personalFields: [] },
  CreditNoteIssued: {
    storedName: 'credit-note-issued',
    ...schema2('CreditNoteIssued'),
    personalFields: [
      'seller.name',
      'seller.taxId',
      'seller.address',
      'buyer.name',
      'buyer.taxId',
      'buyer.address',
      'taxExemption',
      'taxTotals[].reason',
      'comment',
      'secondPerson',
    ],
  },
  WorkWrittenOff: {
    storedName: 'work-written-off',
    ...schema2('WorkWrittenOff'),
    personalFields: [
      'description',
      'trace[].text',
      'trace[].facts.contractName',
      'trace[].facts.reason',
      'trace[].facts.overriddenBy',
      'trace[].facts.grantedBy',
      'courtesy.reason',
      'basis.adjustment.from.now[].courtesy.reason',
      'basis.work.engineerId',
      'comment',
      'writtenOffBy',
      'secondPerson',
    ],
  },
  DocumentNumberAssigned: { storedName: 'document-number-assigned', personalFields: [] },
  BillingMonthOpened: { storedName: 'billing-month-opened', personalFields: [] },
  ConfigurationPublished: {
    storedName: 'configuration-published',
    // Version 2 only adds: what was published before says the same by it. An older program must not read it.
    schemaVersion: 2,
    upcasters: { 1: (data: object) => data },
    personalFields: [
      'configuration.organisation.name',
      'configuration.organisation.taxId',
      'configuration.organisation.address',
      'configuration.organisation.contact.name',
      'configuration.organisation.contact.email',
      'configuration.organisation.contact.phone',
      'configuration.organisation.bank.accountName',
      'configuration.organisation.bank.accountNumber',
    ],
  },
});
