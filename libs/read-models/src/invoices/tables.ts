import { sql } from 'kysely';
import type { WorkKind } from '@billtrail/contracts';
import { queryBuilder } from '../database/read-database.js';
import { creditNoteDefinitions } from './credit-notes-schema.js';
import type { TableDefinition } from '../runner/projection.js';

/** `issuing`: checked and locked, its number is on the way. */
export const INVOICE_STATUSES = ['draft', 'approved', 'issuing', 'issued', 'discarded'] as const;
export type InvoiceStatus = (typeof INVOICE_STATUSES)[number];

export interface InvoiceRow {
  invoice_id: string;
  client_id: string;
  period: string;
  currency: string;
  status: InvoiceStatus;
  number: string | null;
  number_in_series: bigint | null;
  series: string | null;
  issue_date: string | null;
  net_minor: bigint;
  tax_minor: bigint | null;
  total_minor: bigint | null;
  line_count: bigint;
  /** What credit notes gave back. */
  credited_net_minor: bigint;
  credited_tax_minor: bigint;
  tax_totals: string | null;
  seller: string | null;
  buyer: string | null;
  approved_by: string | null;
  discard_reason: string | null;
  drafted_at: string;
  drafted_position: bigint;
  issued_at: string | null;
}

export interface InvoiceLineRow {
  invoice_id: string;
  line_number: bigint;
  item_id: string;
  work_item_id: string;
  ticket_id: string;
  kind: WorkKind;
  net_minor: bigint;
  currency: string;
  /** The whole line, as it was frozen. */
  line: string;
}

/** A line that is not for work. */
export interface InvoiceChargeRow {
  invoice_id: string;
  line_number: bigint;
  charge_item_id: string;
  net_minor: bigint;
  currency: string;
  /** The whole charge, as it was frozen. */
  charge: string;
}

export interface InvoiceTables {
  invoices: InvoiceRow;
  invoice_lines: InvoiceLineRow;
  invoice_charges: InvoiceChargeRow;
}

export const invoiceQueries = queryBuilder<InvoiceTables>();

export function invoiceDefinitions(): readonly TableDefinition[] {
  const { schema } = invoiceQueries;
  return [
    schema
      .createTable('invoices')
      .addColumn('invoice_id', 'text', (column) => column.primaryKey())
      .addColumn('client_id', 'text', (column) => column.notNull())
      .addColumn('period', 'text', (column) => column.notNull())
      .addColumn('currency', 'text', (column) => column.notNull())
      .addColumn('status', 'text', (column) => column.notNull())
      .addColumn('number', 'text')
      .addColumn('number_in_series', 'integer')
      .addColumn('series', 'text')
      .addColumn('issue_date', 'text')
      .addColumn('net_minor', 'integer', (column) => column.notNull())
      .addColumn('tax_minor', 'integer')
      .addColumn('total_minor', 'integer')
      .addColumn('line_count', 'integer', (column) => column.notNull())
      .addColumn('credited_net_minor', 'integer', (column) => column.notNull().defaultTo(0))
      .addColumn('credited_tax_minor', 'integer', (column) => column.notNull().defaultTo(0))
      .addColumn('tax_totals', 'text')
      .addColumn('seller', 'text')
      .addColumn('buyer', 'text')
      .addColumn('approved_by', 'text')
      .addColumn('discard_reason', 'text')
      .addColumn('drafted_at', 'text', (column) => column.notNull())
      .addColumn('drafted_position', 'integer', (column) => column.notNull())
      .addColumn('issued_at', 'text')
      .modifyEnd(sql`STRICT, WITHOUT ROWID`),
    schema.createIndex('invoices_by_draft').on('invoices').columns(['drafted_position']),
    schema.createIndex('invoices_by_client').on('invoices').columns(['client_id', 'period', 'drafted_position']),
    schema.createIndex('invoices_by_period').on('invoices').columns(['period', 'drafted_position']),
    schema.createIndex('invoices_by_status').on('invoices').columns(['status', 'drafted_position']),
    schema.createIndex('invoices_by_number').on('invoices').columns(['number']),
    schema
      .createTable('invoice_lines')
      .addColumn('invoice_id', 'text', (column) => column.notNull())
      .addColumn('line_number', 'integer', (column) => column.notNull())
      .addColumn('item_id', 'text', (column) => column.notNull())
      .addColumn('work_item_id', 'text', (column) => column.notNull())
      .addColumn('ticket_id', 'text', (column) => column.notNull())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('net_minor', 'integer', (column) => column.notNull())
      .addColumn('currency', 'text', (column) => column.notNull())
      .addColumn('line', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('invoice_lines_key', ['invoice_id', 'line_number'])
      .modifyEnd(sql`STRICT, WITHOUT ROWID`),
    schema.createIndex('invoice_lines_by_ticket').on('invoice_lines').columns(['ticket_id', 'invoice_id']),
    schema.createIndex('invoice_lines_by_item').on('invoice_lines').columns(['item_id', 'invoice_id']),
    schema
      .createTable('invoice_charges')
      .addColumn('invoice_id', 'text', (column) => column.notNull())
      .addColumn('line_number', 'integer', (column) => column.notNull())
      .addColumn('charge_item_id', 'text', (column) => column.notNull())
      .addColumn('net_minor', 'integer', (column) => column.notNull())
      .addColumn('currency', 'text', (column) => column.notNull())
      .addColumn('charge', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('invoice_charges_key', ['invoice_id', 'line_number'])
      .modifyEnd(sql`STRICT, WITHOUT ROWID`),
    ...creditNoteDefinitions(),
  ];
}
