import type { Currency, DomainEvent, Instant, LocalDate, Month } from '@billtrail/kernel';
import type { FrozenCharge } from '../item/charge-item.js';
import type { InvoiceLine } from '../item/frozen-item.js';
import type { DocumentTerms, PartyOnDocument, Totals } from './document.js';

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
