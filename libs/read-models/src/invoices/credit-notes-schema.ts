import { sql } from 'kysely';
import type { CreditOutcome } from '@billtrail/billing';
import { queryBuilder } from '../database/read-database.js';
import type { TableDefinition } from '../runner/projection.js';

/** `issuing`: locked, its number is on the way. */
export const CREDIT_NOTE_STATUSES = ['issuing', 'issued'] as const;
export type CreditNoteStatus = (typeof CREDIT_NOTE_STATUSES)[number];

export interface CreditNoteRow {
  credit_note_id: string;
  invoice_id: string;
  client_id: string;
  period: string;
  currency: string;
  status: CreditNoteStatus;
  number: string | null;
  number_in_series: bigint | null;
  net_minor: bigint;
  tax_minor: bigint;
  total_minor: bigint;
  line_count: bigint;
  /** Of its request: all else that the document shows. */
  facts: string;
  requested_position: bigint;
  issued_at: string | null;
}

export interface CreditNoteLineRow {
  credit_note_id: string;
  line_number: bigint;
  invoice_id: string;
  item_id: string;
  outcome: CreditOutcome;
  net_minor: bigint;
  currency: string;
  is_whole: bigint;
  /** 1: a charge; 0: a line of work. */
  is_charge: bigint;
  /** The whole credited line, as it was frozen. */
  line: string;
}

export interface CreditNoteTables {
  credit_notes: CreditNoteRow;
  credit_note_lines: CreditNoteLineRow;
}

export const creditNoteQueries = queryBuilder<CreditNoteTables>();

export function creditNoteDefinitions(): readonly TableDefinition[] {
  const { schema } = creditNoteQueries;
  return [
    schema
      .createTable('credit_notes')
      .addColumn('credit_note_id', 'text', (column) => column.primaryKey())
      .addColumn('invoice_id', 'text', (column) => column.notNull())
      .addColumn('client_id', 'text', (column) => column.notNull())
      .addColumn('period', 'text', (column) => column.notNull())
      .addColumn('currency', 'text', (column) => column.notNull())
      .addColumn('status', 'text', (column) => column.notNull())
      .addColumn('number', 'text')
      .addColumn('number_in_series', 'integer')
      .addColumn('net_minor', 'integer', (column) => column.notNull())
      .addColumn('tax_minor', 'integer', (column) => column.notNull())
      .addColumn('total_minor', 'integer', (column) => column.notNull())
      .addColumn('line_count', 'integer', (column) => column.notNull())
      .addColumn('facts', 'text', (column) => column.notNull())
      .addColumn('requested_position', 'integer', (column) => column.notNull())
      .addColumn('issued_at', 'text')
      .modifyEnd(sql`STRICT, WITHOUT ROWID`),
    schema.createIndex('credit_notes_by_request').on('credit_notes').columns(['requested_position']),
    schema.createIndex('credit_notes_by_invoice').on('credit_notes').columns(['invoice_id', 'requested_position']),
    schema
      .createIndex('credit_notes_by_client')
      .on('credit_notes')
      .columns(['client_id', 'period', 'requested_position']),
    schema.createIndex('credit_notes_by_status').on('credit_notes').columns(['status', 'requested_position']),
    schema.createIndex('credit_notes_by_number').on('credit_notes').columns(['number']),
    schema
      .createTable('credit_note_lines')
      .addColumn('credit_note_id', 'text', (column) => column.notNull())
      .addColumn('line_number', 'integer', (column) => column.notNull())
      .addColumn('invoice_id', 'text', (column) => column.notNull())
      .addColumn('item_id', 'text', (column) => column.notNull())
      .addColumn('outcome', 'text', (column) => column.notNull())
      .addColumn('net_minor', 'integer', (column) => column.notNull())
      .addColumn('currency', 'text', (column) => column.notNull())
      .addColumn('is_whole', 'integer', (column) => column.notNull())
      .addColumn('is_charge', 'integer', (column) => column.notNull())
      .addColumn('line', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('credit_note_lines_key', ['credit_note_id', 'line_number'])
      .modifyEnd(sql`STRICT, WITHOUT ROWID`),
    schema
      .createIndex('credit_note_lines_by_invoice')
      .on('credit_note_lines')
      .columns(['invoice_id', 'item_id', 'credit_note_id']),
  ];
}
