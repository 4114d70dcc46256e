import { sql } from 'kysely';
import type { GapEnding, GapKind } from '@billtrail/billing';
import { queryBuilder } from '../database/read-database.js';
import type { TableDefinition } from '../runner/projection.js';

/** The four ways in which money leaks (domain.md). */
export const LEAKS = ['unbilled time', 'contract mismatch', 'materials', 'scope creep'] as const;
export type Leak = (typeof LEAKS)[number];
export const GAP_STATES = ['open', 'closed', 'accepted'] as const;
export type GapState = (typeof GAP_STATES)[number];

export interface GapRow {
  gap_id: string;
  /** Identity of the deviation; a gap that opens again after its end has the same key and the next occurrence. */
  gap_key: string;
  occurrence: bigint;
  kind: GapKind;
  leak: Leak;
  /** null: it is about a charge. */
  ticket_id: string | null;
  charge_contract_id: string | null;
  charge_id: string | null;
  client_id: string | null;
  period: string | null;
  work_item_id: string | null;
  value_minor: bigint | null;
  currency: string | null;
  minutes: bigint | null;
  cause: string;
  source_event_ids: string;
  owner_id: string | null;
  state: GapState;
  opened_at: string;
  opened_position: bigint;
  ending: GapEnding | 'accepted' | null;
  ended_at: string | null;
  reason_code: string | null;
  comment: string | null;
  accepted_by: string | null;
  second_person: string | null;
}

export interface GapTables {
  gaps: GapRow;
}

export const gapQueries = queryBuilder<GapTables>();

export function gapDefinitions(): readonly TableDefinition[] {
  const { schema } = gapQueries;
  return [
    schema
      .createTable('gaps')
      .addColumn('gap_id', 'text', (column) => column.primaryKey())
      .addColumn('gap_key', 'text', (column) => column.notNull())
      .addColumn('occurrence', 'integer', (column) => column.notNull())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('leak', 'text', (column) => column.notNull())
      .addColumn('ticket_id', 'text')
      .addColumn('charge_contract_id', 'text')
      .addColumn('charge_id', 'text')
      .addColumn('client_id', 'text')
      .addColumn('period', 'text')
      .addColumn('work_item_id', 'text')
      .addColumn('value_minor', 'integer')
      .addColumn('currency', 'text')
      .addColumn('minutes', 'integer')
      .addColumn('cause', 'text', (column) => column.notNull())
      .addColumn('source_event_ids', 'text', (column) => column.notNull())
      .addColumn('owner_id', 'text')
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('opened_at', 'text', (column) => column.notNull())
      .addColumn('opened_position', 'integer', (column) => column.notNull())
      .addColumn('ending', 'text')
      .addColumn('ended_at', 'text')
      .addColumn('reason_code', 'text')
      .addColumn('comment', 'text')
      .addColumn('accepted_by', 'text')
      .addColumn('second_person', 'text')
      .modifyEnd(sql`STRICT, WITHOUT ROWID`),
    schema.createIndex('gaps_by_key').on('gaps').columns(['gap_key', 'occurrence', 'state']),
    schema.createIndex('gaps_by_opening').on('gaps').columns(['opened_position']),
    schema.createIndex('gaps_by_state').on('gaps').columns(['state', 'opened_position']),
    schema.createIndex('gaps_by_client').on('gaps').columns(['client_id', 'opened_position']),
    schema.createIndex('gaps_by_ticket').on('gaps').columns(['ticket_id', 'opened_position']),
    schema
      .createIndex('gaps_for_totals')
      .on('gaps')
      .columns(['client_id', 'state', 'kind', 'leak', 'currency', 'value_minor', 'minutes']),
  ];
}
