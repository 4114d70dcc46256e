import { sql } from 'kysely';
import type { ClockStanding, SlaTarget } from '@billtrail/ticketing';
import { queryBuilder } from '../database/read-database.js';
import type { TableDefinition } from '../runner/projection.js';

/** Moments are milliseconds since 1970, for they are compared with that of the question. */
export interface SlaClockRow {
  ticket_id: string;
  run: bigint;
  target: SlaTarget;
  client_id: string;
  contract_id: string | null;
  contract_version: bigint | null;
  policy_id: string | null;
  priority: string | null;
  /** `none`: no target; `why` tells for want of what. */
  standing: ClockStanding | 'none';
  why: string | null;
  target_minutes: bigint | null;
  clock: 'business' | 'elapsed' | null;
  started_at: bigint;
  /** Until `since`; it goes on from there while the clock runs. */
  elapsed_millis: bigint;
  since: bigint;
  due_at: bigint | null;
  /** Later than this it is breached; null: it is not to be. */
  breached_after: bigint | null;
  /** 1: the ticket's own events show the breach, whatever the time is. */
  breach_shown: bigint;
  /** The first warning; null: none passes. */
  warned_after: bigint | null;
  /** `[percent, instant]` of each, as JSON. */
  warnings: string;
}

export interface SlaTables {
  sla_clocks: SlaClockRow;
  sla_acts: { ticket_id: string; acts_after: bigint };
}

export const slaQueries = queryBuilder<SlaTables>();

/** In `sla_acts.acts_after`: at once. Earlier than every moment. */
export const AT_ONCE_MILLIS = -8_640_000_000_000_000;

/** In `sla_moves.priority`: it is not known. NULL: the move says nothing about it. */
export const UNKNOWN_PRIORITY = '';

/** In the order of creation. */
export const SLA_TABLES = [
  'sla_contracts',
  'sla_zones',
  'sla_subjects',
  'sla_moves',
  'sla_records',
  'sla_stale',
  'sla_clocks',
  'sla_acts',
] as const;

const STRICT = sql`STRICT, WITHOUT ROWID`;

export function slaDefinitions(): readonly TableDefinition[] {
  return [...factDefinitions(), ...clockDefinitions()];
}

/** What is folded from the log. Moves are kept of every ticket: a contract with a service level may come later than they do. */
function factDefinitions(): readonly TableDefinition[] {
  const { schema } = slaQueries;
  return [
    schema
      .createTable('sla_contracts')
      .addColumn('contract_id', 'text', (column) => column.primaryKey())
      .addColumn('client_id', 'text', (column) => column.notNull())
      .addColumn('has_levels', 'integer', (column) => column.notNull())
      .addColumn('facts', 'text', (column) => column.notNull())
      .modifyEnd(STRICT),
    schema.createIndex('sla_contracts_by_client').on('sla_contracts').columns(['client_id', 'contract_id']),
    schema
      .createTable('sla_zones')
      .addColumn('client_id', 'text', (column) => column.primaryKey())
      .addColumn('time_zone', 'text', (column) => column.notNull())
      .modifyEnd(STRICT),
    schema
      .createTable('sla_subjects')
      .addColumn('ticket_id', 'text', (column) => column.primaryKey())
      .addColumn('client_id', 'text')
      .addColumn('contract_id', 'text')
      .modifyEnd(STRICT),
    schema.createIndex('sla_subjects_by_client').on('sla_subjects').columns(['client_id', 'ticket_id']),
    schema
      .createTable('sla_moves')
      .addColumn('ticket_id', 'text', (column) => column.notNull())
      .addColumn('position', 'integer', (column) => column.notNull())
      .addColumn('at', 'integer', (column) => column.notNull())
      .addColumn('stage', 'text')
      .addColumn('priority', 'text')
      .addPrimaryKeyConstraint('sla_moves_key', ['ticket_id', 'position'])
      .modifyEnd(STRICT),
    schema
      .createTable('sla_records')
      .addColumn('ticket_id', 'text', (column) => column.notNull())
      .addColumn('position', 'integer', (column) => column.notNull())
      .addColumn('event_id', 'text', (column) => column.notNull())
      .addColumn('type', 'text', (column) => column.notNull())
      .addColumn('facts', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('sla_records_key', ['ticket_id', 'position'])
      .modifyEnd(STRICT),
    schema
      .createTable('sla_stale')
      .addColumn('ticket_id', 'text', (column) => column.primaryKey())
      .modifyEnd(STRICT),
  ];
}

/** What is made of it. */
function clockDefinitions(): readonly TableDefinition[] {
  const { schema } = slaQueries;
  return [
    schema
      .createTable('sla_clocks')
      .addColumn('ticket_id', 'text', (column) => column.notNull())
      .addColumn('run', 'integer', (column) => column.notNull())
      .addColumn('target', 'text', (column) => column.notNull())
      .addColumn('client_id', 'text', (column) => column.notNull())
      .addColumn('contract_id', 'text')
      .addColumn('contract_version', 'integer')
      .addColumn('policy_id', 'text')
      .addColumn('priority', 'text')
      .addColumn('standing', 'text', (column) => column.notNull())
      .addColumn('why', 'text')
      .addColumn('target_minutes', 'integer')
      .addColumn('clock', 'text')
      .addColumn('started_at', 'integer', (column) => column.notNull())
      .addColumn('elapsed_millis', 'integer', (column) => column.notNull())
      .addColumn('since', 'integer', (column) => column.notNull())
      .addColumn('due_at', 'integer')
      .addColumn('breached_after', 'integer')
      .addColumn('breach_shown', 'integer', (column) => column.notNull())
      .addColumn('warned_after', 'integer')
      .addColumn('warnings', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('sla_clocks_key', ['ticket_id', 'run', 'target'])
      .modifyEnd(STRICT),
    schema.createIndex('sla_clocks_by_client').on('sla_clocks').columns(['client_id', 'ticket_id', 'run', 'target']),
    schema
      .createTable('sla_acts')
      .addColumn('ticket_id', 'text', (column) => column.primaryKey())
      .addColumn('acts_after', 'integer', (column) => column.notNull())
      .modifyEnd(STRICT),
    schema.createIndex('sla_acts_by_instant').on('sla_acts').columns(['acts_after', 'ticket_id']),
  ];
}
