import type { CreditNoteLinesAdded, Draw, FrozenCharge, InvoiceLine, WrittenOff } from '@billtrail/billing';
import type { MoneyJson } from '@billtrail/kernel';
import { flag, integer, json, orNull, table, text } from '../database/table.js';

/** Invoices and drafts; of credit notes those without an invoice, which hold what they give (`holderOfOwnNote`). */
export const DOCUMENTS = table(
  'account_documents',
  { invoiceId: text(), clientId: text(), period: text(), frozen: flag() },
  {
    compared: { client: 'clientId', period: 'period' },
    key: ['invoiceId'],
    indexes: { account_documents_by_period: ['clientId', 'period', 'invoiceId', 'frozen'] },
  },
);

/** What a document holds; what was credited to be billed again, or written off whole, it holds no more. */
export const LINES = table(
  'account_lines',
  {
    invoiceId: text(),
    position: integer(),
    part: integer(),
    itemId: text(),
    workItemId: text(),
    ticketId: text(),
    line: json<InvoiceLine>(),
    draw: orNull(json<Draw>()),
    /** What credit notes took back of its money. */
    credited: orNull(json<MoneyJson>()),
    creditNoteId: orNull(text()),
  },
  {
    compared: { as: DOCUMENTS, by: 'invoiceId' },
    key: ['invoiceId', 'position', 'part'],
    indexes: {
      account_lines_by_item: ['invoiceId', 'itemId'],
      account_lines_by_work: ['workItemId', 'invoiceId'],
      account_lines_by_ticket: ['ticketId', 'invoiceId'],
    },
  },
);

export const CHARGES_HELD = table(
  'account_charges',
  {
    invoiceId: text(),
    position: integer(),
    part: integer(),
    chargeItemId: text(),
    /** Whose fixed price it is; null: it is no such charge. */
    incidentOf: orNull(text()),
    charge: json<FrozenCharge>(),
    credited: orNull(json<MoneyJson>()),
    creditNoteId: orNull(text()),
  },
  {
    compared: { as: DOCUMENTS, by: 'invoiceId' },
    key: ['invoiceId', 'position', 'part'],
    indexes: { account_charges_by_incident: ['incidentOf', 'invoiceId'] },
  },
);

/** The ticket whose fixed price a charge is, in its column. */
export function incidentOf({ kind, ticketId }: Pick<FrozenCharge, 'kind' | 'ticketId'>): string | null {
  return kind === 'incident' ? ticketId : null;
}

export const WRITE_OFFS = table(
  'write_offs',
  {
    clientId: text(),
    period: text(),
    position: integer(),
    part: integer(),
    ticketId: text(),
    workItemId: text(),
    facts: json<WrittenOff>(),
    draw: orNull(json<Draw>()),
  },
  {
    compared: { client: 'clientId', period: 'period' },
    key: ['clientId', 'period', 'position', 'part'],
    indexes: {
      write_offs_by_ticket: ['ticketId', 'clientId', 'period'],
      write_offs_by_work: ['workItemId', 'clientId', 'period'],
    },
  },
);

/** Work of which a line was credited to be billed again. */
export const CREDITED_WORK = table(
  'credited_work',
  { clientId: text(), period: text(), workItemId: text() },
  { compared: { client: 'clientId', period: 'period' }, key: ['clientId', 'period', 'workItemId'] },
);

/** What requested credit notes are to take back, part by part, until they are issued or withdrawn. */
export const CREDITS_REQUESTED = table(
  'credits_requested',
  {
    creditNoteId: text(),
    position: integer(),
    clientId: text(),
    period: text(),
    added: json<CreditNoteLinesAdded['data']>(),
  },
  { compared: { client: 'clientId', period: 'period' }, key: ['creditNoteId', 'position'] },
);

/** What accounts hold. */
export const ACCOUNT_TABLES = [DOCUMENTS, LINES, CHARGES_HELD, WRITE_OFFS, CREDITED_WORK, CREDITS_REQUESTED] as const;
