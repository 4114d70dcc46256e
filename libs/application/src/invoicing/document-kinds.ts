import type { LocalDate } from '@billtrail/kernel';
import type { RecordedEvent } from '@billtrail/event-store';
import {
  creditNoteSeriesOf,
  type BillingConfiguration,
  type DocumentNumberAssigned,
  type DocumentSeries,
  type RecordCreditNoteIssue,
  type RecordInvoiceIssue,
} from '@billtrail/billing';

/** How the kinds of numbered documents differ between request and issue. */
export interface DocumentKind {
  readonly name: 'invoice' | 'credit note';
  readonly numbered: NonNullable<DocumentNumberAssigned['data']['kind']>;
  readonly requested: 'InvoiceIssueRequested' | 'CreditNoteIssueRequested';
  readonly issued: 'InvoiceIssued' | 'CreditNoteIssued';
  readonly isOf: (event: RecordedEvent, documentId: string) => boolean;
  readonly seriesOf: (configuration: BillingConfiguration) => DocumentSeries;
  /** The command that puts the number on it. */
  readonly record: (
    documentId: string,
    number: {
      readonly series: string;
      readonly number: string;
      readonly numberInSeries: number;
      readonly issueDate?: LocalDate;
    },
  ) => RecordInvoiceIssue | RecordCreditNoteIssue;
}

export const INVOICE: DocumentKind = {
  name: 'invoice',
  numbered: 'invoice',
  requested: 'InvoiceIssueRequested',
  issued: 'InvoiceIssued',
  isOf: ({ data }, documentId) => (data as { invoiceId?: string }).invoiceId === documentId,
  seriesOf: ({ invoiceSeries }) => invoiceSeries,
  record: (invoiceId, { series, number, numberInSeries }) => ({
    type: 'RecordInvoiceIssue',
    invoiceId,
    series,
    number,
    numberInSeries,
  }),
};

export const CREDIT_NOTE: DocumentKind = {
  name: 'credit note',
  numbered: 'credit-note',
  requested: 'CreditNoteIssueRequested',
  issued: 'CreditNoteIssued',
  isOf: ({ data }, documentId) => (data as { creditNoteId?: string }).creditNoteId === documentId,
  seriesOf: creditNoteSeriesOf,
  record: (creditNoteId, number) => ({ type: 'RecordCreditNoteIssue', creditNoteId, ...number }),
};

/** The last of its events. */
export function findOf(
  events: readonly RecordedEvent[],
  kind: DocumentKind,
  step: 'requested' | 'issued',
  documentId: string,
): RecordedEvent | undefined {
  return events.findLast((event) => event.type === kind[step] && kind.isOf(event, documentId));
}
