import type { PositionNumber } from '@billtrail/event-store';
import type { WorkKind } from '@billtrail/contracts';
import type {
  CreditNoteFacts,
  CreditOutcome,
  CreditedCharge,
  CreditedLine,
  FrozenCharge,
  InvoiceLine,
  PartyOnDocument,
  TaxTotal,
} from '@billtrail/billing';
import { flag, integer, json, minor, orNull, table, text, type RowOf } from '../database/table.js';

/** `issuing`: checked and locked, its number is on the way. */
export const INVOICE_STATUSES = ['draft', 'approved', 'issuing', 'issued', 'discarded'] as const;
export type InvoiceStatus = (typeof INVOICE_STATUSES)[number];

/** `issuing`: locked, its number is on the way. */
export const CREDIT_NOTE_STATUSES = ['issuing', 'issued'] as const;
export type CreditNoteStatus = (typeof CREDIT_NOTE_STATUSES)[number];

export const INVOICES = table(
  'invoices',
  {
    invoiceId: text(),
    /** The client served: whose account it is of. */
    clientId: text(),
    recipientId: text(),
    siteId: orNull(text()),
    period: text(),
    currency: text(),
    status: text<InvoiceStatus>(),
    number: orNull(text()),
    numberInSeries: orNull(integer()),
    series: orNull(text()),
    /** Of a draft the day that was named for it, on which it is issued unless another is; null: none was. */
    issueDate: orNull(text()),
    dueDate: orNull(text()),
    terms: orNull(text()),
    taxRounding: text<'document' | 'line'>(),
    netMinor: minor(),
    /** As it was drafted, then as it was issued. */
    taxMinor: orNull(minor()),
    totalMinor: orNull(minor()),
    lineCount: integer(),
    /** What credit notes gave back. */
    creditedNetMinor: minor(),
    creditedTaxMinor: minor(),
    taxTotals: orNull(json<readonly TaxTotal[]>()),
    seller: orNull(json<PartyOnDocument>()),
    buyer: orNull(json<PartyOnDocument>()),
    hash: orNull(text()),
    draftedBy: orNull(text()),
    approvedBy: orNull(text()),
    discardReason: orNull(text()),
    draftedAt: text(),
    draftedPosition: integer<PositionNumber>(),
    draftedEventId: text(),
    issuedAt: orNull(text()),
  },
  {
    compared: { client: 'clientId', period: 'period' },
    key: ['invoiceId'],
    indexes: {
      invoices_by_draft: ['draftedPosition'],
      invoices_by_client: ['clientId', 'period', 'draftedPosition'],
      invoices_by_recipient: ['recipientId', 'draftedPosition'],
      invoices_by_period: ['period', 'draftedPosition'],
      invoices_by_status: ['status', 'draftedPosition'],
      invoices_by_number: ['number'],
    },
  },
);
export type InvoiceRow = RowOf<typeof INVOICES>;

/** As they were frozen. Lines and charges of a document are numbered together. */
export const LINES_OF_INVOICES = table(
  'invoice_lines',
  {
    invoiceId: text(),
    lineNumber: integer(),
    itemId: text(),
    workItemId: text(),
    ticketId: text(),
    kind: text<WorkKind>(),
    netMinor: minor(),
    currency: text(),
    line: json<InvoiceLine>(),
  },
  {
    compared: 'never',
    key: ['invoiceId', 'lineNumber'],
    indexes: {
      invoice_lines_by_ticket: ['ticketId', 'invoiceId'],
      invoice_lines_by_item: ['itemId', 'invoiceId'],
    },
  },
);

/** Lines that are not for work. */
export const CHARGES_OF_INVOICES = table(
  'invoice_charges',
  {
    invoiceId: text(),
    lineNumber: integer(),
    chargeItemId: text(),
    netMinor: minor(),
    currency: text(),
    charge: json<FrozenCharge>(),
  },
  { compared: { as: INVOICES, by: 'invoiceId' }, key: ['invoiceId', 'lineNumber'] },
);

export const CREDIT_NOTES = table(
  'credit_notes',
  {
    creditNoteId: text(),
    invoiceId: orNull(text()),
    clientId: text(),
    recipientId: text(),
    period: text(),
    currency: text(),
    status: text<CreditNoteStatus>(),
    number: orNull(text()),
    numberInSeries: orNull(integer()),
    netMinor: minor(),
    taxMinor: minor(),
    totalMinor: minor(),
    lineCount: integer(),
    /** Of its request: all else that the document shows. */
    facts: json<CreditNoteFacts>(),
    requestedPosition: integer<PositionNumber>(),
    requestedEventId: text(),
    issuedAt: orNull(text()),
  },
  {
    compared: 'never',
    key: ['creditNoteId'],
    indexes: {
      credit_notes_by_request: ['requestedPosition'],
      credit_notes_by_invoice: ['invoiceId', 'requestedPosition'],
      credit_notes_by_client: ['clientId', 'period', 'requestedPosition'],
      credit_notes_by_recipient: ['recipientId', 'requestedPosition'],
      credit_notes_by_status: ['status', 'requestedPosition'],
      credit_notes_by_number: ['number'],
    },
  },
);
export type CreditNoteRow = RowOf<typeof CREDIT_NOTES>;

export const LINES_OF_CREDIT_NOTES = table(
  'credit_note_lines',
  {
    creditNoteId: text(),
    lineNumber: integer(),
    invoiceId: orNull(text()),
    itemId: text(),
    outcome: text<CreditOutcome>(),
    netMinor: minor(),
    currency: text(),
    isWhole: flag(),
    /** Else it is a line of work. */
    isCharge: flag(),
    /** The whole credited line, as it was frozen. */
    line: json<CreditedLine | CreditedCharge>(),
  },
  {
    compared: 'never',
    key: ['creditNoteId', 'lineNumber'],
    indexes: { credit_note_lines_by_invoice: ['invoiceId', 'itemId', 'creditNoteId'] },
  },
);
export type CreditNoteLineRow = RowOf<typeof LINES_OF_CREDIT_NOTES>;
