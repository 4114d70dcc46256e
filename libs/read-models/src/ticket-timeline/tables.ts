import { sql } from 'kysely';
import { queryBuilder } from '../database/read-database.js';
import type { TableDefinition } from '../runner/projection.js';

/** An event of an account or a gap that names a ticket. The ticket's own events are not copied: its stream is the story. */
export interface MentionRow {
  ticket_id: string;
  position: bigint;
  event_id: string;
  stream: string;
  type: string;
  occurred_at: string;
  recorded_at: string;
  actor_id: string;
  actor_role: string;
  /** What the event says about this ticket. */
  mention: string;
}

export interface TimelineTables {
  ticket_mentions: MentionRow;
}

export const timelineQueries = queryBuilder<TimelineTables>();

export const TIMELINE_TABLES = [
  'ticket_mentions',
  'mentioned_gaps',
  'mentioned_invoices',
  'mentioned_credit_notes',
] as const;

export function timelineDefinitions(): readonly TableDefinition[] {
  const { schema } = timelineQueries;
  const end = sql`STRICT, WITHOUT ROWID`;
  return [
    schema
      .createTable('ticket_mentions')
      .addColumn('ticket_id', 'text', (column) => column.notNull())
      .addColumn('position', 'integer', (column) => column.notNull())
      .addColumn('event_id', 'text', (column) => column.notNull())
      .addColumn('stream', 'text', (column) => column.notNull())
      .addColumn('type', 'text', (column) => column.notNull())
      .addColumn('occurred_at', 'text', (column) => column.notNull())
      .addColumn('recorded_at', 'text', (column) => column.notNull())
      .addColumn('actor_id', 'text', (column) => column.notNull())
      .addColumn('actor_role', 'text', (column) => column.notNull())
      .addColumn('mention', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('ticket_mentions_key', ['ticket_id', 'position'])
      .modifyEnd(end),
    schema
      .createTable('mentioned_gaps')
      .addColumn('gap_id', 'text', (column) => column.primaryKey())
      .addColumn('ticket_id', 'text', (column) => column.notNull())
      .modifyEnd(end),
    schema
      .createTable('mentioned_invoices')
      .addColumn('invoice_id', 'text', (column) => column.notNull())
      .addColumn('ticket_id', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('mentioned_invoices_key', ['invoice_id', 'ticket_id'])
      .modifyEnd(end),
    schema
      .createTable('mentioned_credit_notes')
      .addColumn('credit_note_id', 'text', (column) => column.notNull())
      .addColumn('ticket_id', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('mentioned_credit_notes_key', ['credit_note_id', 'ticket_id'])
      .modifyEnd(end),
  ];
}
