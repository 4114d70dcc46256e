import type { Agreed, DomainEvent, ForgoingEvent, LocalDate, Month } from '@billtrail/kernel';
import type { PublishedConfiguration } from './configuration-shape.js';
import type { CreditNoteEvent } from './events/credit-notes.js';
import type {
  InvoiceApproved,
  InvoiceDraftDiscarded,
  InvoiceDrafted,
  InvoiceIssueRequested,
  InvoiceIssueWithdrawn,
  InvoiceIssued,
  InvoiceLinesAdded,
} from './events/invoices.js';
import type { FrozenItem } from './item/frozen-item.js';

export type { BillingConfiguration, DocumentSeries, PublishedConfiguration } from './configuration-shape.js';
export * from './events/gaps.js';
export * from './events/document.js';
export * from './events/invoices.js';
export * from './events/credit-notes.js';

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
/**
 * Numbers of the series up to here may have been given by a copy of this log, or by this one before it was set back: the next is the one after it. Whoever adopts
 * the log says so, of each series, so that a number that is being given at that moment is decided anew.
 */
export type NumbersLost = DomainEvent<
  'NumbersLost',
  {
    readonly series: string;
    /** The last number that may have been given; 0: none. */
    readonly last: number;
    /** The last one that the log knew; the same: none is lost. */
    readonly known: number;
    /** The day before which no document of the series is dated from then on; null: none has a number yet that says its day. */
    readonly reached: LocalDate | null;
    /** The place in which the series goes on, a hash. */
    readonly home: string;
    /** Under which the gate was shut that is being opened. */
    readonly opens: string;
  }
>;
export type NumberingEvent = DocumentNumberAssigned | NumbersLost;

export type ConfigurationPublished = DomainEvent<
  'ConfigurationPublished',
  Agreed & { readonly configuration: PublishedConfiguration; readonly hash: string }
>;
export type ConfigurationEvent = ConfigurationPublished | ForgoingEvent;

/**
 * Stream `calendar`, recorded by a policy: the month has come, or is near enough, in the zone of some contract, for its charges to be there. So what
 * comes with the month is a function of the log, even where nothing else is recorded.
 */
export type BillingMonthOpened = DomainEvent<'BillingMonthOpened', { readonly month: Month }>;
