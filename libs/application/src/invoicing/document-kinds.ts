import { invariant, type LocalDate } from '@billtrail/kernel';
import type { RecordedEvent } from '@billtrail/event-store';
import {
  creditNoteSeriesOf,
  type BillingConfiguration,
  type CreditNoteIssueRequested,
  type DocumentNumberAssigned,
  type DocumentSeries,
  type InvoiceIssueRequested,
  type RecordCreditNoteIssue,
  type RecordInvoiceIssue,
  type WithdrawCreditNoteIssue,
  type WithdrawInvoiceIssue,
} from '@billtrail/billing';

export type IssueRequested = InvoiceIssueRequested | CreditNoteIssueRequested;

type Why = Pick<WithdrawInvoiceIssue, 'issueDate' | 'seriesReached' | 'changed'>;

/** How the kinds of numbered documents differ between request and issue. */
export interface DocumentKind {
  readonly name: 'invoice' | 'credit note';
  readonly numbered: NonNullable<DocumentNumberAssigned['data']['kind']>;
  readonly requested: 'InvoiceIssueRequested' | 'CreditNoteIssueRequested';
  readonly withdrawn: 'InvoiceIssueWithdrawn' | 'CreditNoteIssueWithdrawn';
  readonly issued: 'InvoiceIssued' | 'CreditNoteIssued';
  readonly isOf: (event: RecordedEvent, documentId: string) => boolean;
  readonly seriesOf: (configuration: BillingConfiguration) => DocumentSeries;
  /** How it is called in refusals. */
  readonly idField: 'invoiceId' | 'creditNoteId';
  /** The command that takes its request back. */
  readonly withdraw: (documentId: string, why: Why) => WithdrawInvoiceIssue | WithdrawCreditNoteIssue;
  /** What it is after a fact came before its request, and what to do. */
  readonly afterChange: (documentId: string) => { readonly is: string; readonly remedy: string };
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
  withdrawn: 'InvoiceIssueWithdrawn',
  issued: 'InvoiceIssued',
  isOf: ({ data }, documentId) => (data as { invoiceId?: string }).invoiceId === documentId,
  seriesOf: ({ invoiceSeries }) => invoiceSeries,
  idField: 'invoiceId',
  withdraw: (invoiceId, why) => ({ type: 'WithdrawInvoiceIssue', invoiceId, ...why }),
  afterChange: (invoiceId) => ({
    is: 'is an approved draft again',
    remedy: `Issue it again under a new idempotency key: POST /v1/invoices/${invoiceId}/issue. Where the change makes it out of date, you are told so: discard it then, and draft it again.`,
  }),
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
  withdrawn: 'CreditNoteIssueWithdrawn',
  issued: 'CreditNoteIssued',
  isOf: ({ data }, documentId) => (data as { creditNoteId?: string }).creditNoteId === documentId,
  seriesOf: creditNoteSeriesOf,
  idField: 'creditNoteId',
  withdraw: (creditNoteId, { changed }) => {
    invariant(changed !== undefined, `credit note ${creditNoteId} is withdrawn for nothing: its series never stops it`);
    return { type: 'WithdrawCreditNoteIssue', creditNoteId, changed };
  },
  afterChange: () => ({
    is: 'gives nothing back',
    remedy:
      'Look at what is billed and owed now, and send it again under a new idempotency key: POST /v1/credit-notes, or POST /v1/credit-notes/owed where it is of no invoice.',
  }),
  record: (creditNoteId, number) => ({ type: 'RecordCreditNoteIssue', creditNoteId, ...number }),
};

/** The last of its events. */
export function findOf(
  events: readonly RecordedEvent[],
  kind: DocumentKind,
  step: 'requested' | 'withdrawn' | 'issued',
  documentId: string,
): RecordedEvent | undefined {
  return events.findLast((event) => event.type === kind[step] && kind.isOf(event, documentId));
}
