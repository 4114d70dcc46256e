import { sql } from 'kysely';
import type { TableDefinition } from '../runner/projection.js';
import { TICKET_SCOPE, itemQueries } from './schema.js';

const STRICT = sql`STRICT, WITHOUT ROWID`;

/** In the order of creation. `gap_changes` is a queue, not a result: a rebuild keeps it. */
export const ITEM_TABLES = [
  'rating_configuration',
  'clients',
  'contracts',
  'contract_versions',
  'tickets',
  'ticket_texts',
  'work_items',
  'work_item_names',
  'account_documents',
  'account_lines',
  'write_offs',
  'stale_periods',
  'stale_tickets',
  'billable_items',
  'derived_gaps',
] as const;

export function itemDefinitions(): readonly TableDefinition[] {
  return [...partyDefinitions(), ...ticketDefinitions(), ...accountDefinitions(), ...resultDefinitions()];
}

function partyDefinitions(): readonly TableDefinition[] {
  const { schema } = itemQueries;
  return [
    schema
      .createTable('rating_configuration')
      .addColumn('id', 'integer', (column) => column.primaryKey())
      .addColumn('configuration', 'text', (column) => column.notNull())
      .modifyEnd(sql`STRICT`),
    schema
      .createTable('clients')
      .addColumn('client_id', 'text', (column) => column.primaryKey())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('currency', 'text', (column) => column.notNull())
      .addColumn('time_zone', 'text', (column) => column.notNull())
      .modifyEnd(STRICT),
    schema
      .createTable('contracts')
      .addColumn('contract_id', 'text', (column) => column.primaryKey())
      .addColumn('client_id', 'text', (column) => column.notNull())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('priority', 'integer', (column) => column.notNull())
      .addColumn('last_day', 'text')
      .modifyEnd(STRICT),
    schema.createIndex('contracts_by_client').on('contracts').columns(['client_id', 'contract_id']),
    schema
      .createTable('contract_versions')
      .addColumn('contract_id', 'text', (column) => column.notNull())
      .addColumn('version_number', 'integer', (column) => column.notNull())
      .addColumn('effective_from', 'text', (column) => column.notNull())
      .addColumn('effective_to', 'text')
      .addColumn('terms', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('contract_versions_key', ['contract_id', 'version_number'])
      .modifyEnd(STRICT),
  ];
}

function ticketDefinitions(): readonly TableDefinition[] {
  const { schema } = itemQueries;
  return [
    schema
      .createTable('tickets')
      .addColumn('ticket_id', 'text', (column) => column.primaryKey())
      .addColumn('reference', 'text')
      .addColumn('summary', 'text', (column) => column.notNull())
      .addColumn('client_id', 'text')
      .addColumn('contract_id', 'text')
      .addColumn('site_id', 'text')
      .addColumn('category', 'text')
      .addColumn('ticket_type', 'text')
      .addColumn('priority', 'text')
      .addColumn('materials', 'text')
      .addColumn('requested_at', 'text')
      .addColumn('resolved_at', 'text')
      .addColumn('resolved_event_id', 'text')
      .addColumn('resolved_on', 'text')
      .addColumn('no_charge_reason_code', 'text')
      .addColumn('no_charge_reason', 'text')
      .addColumn('no_charge_event_id', 'text')
      .modifyEnd(STRICT),
    schema
      .createIndex('tickets_by_resolution')
      .on('tickets')
      .columns(['client_id', 'resolved_on', 'ticket_id'])
      .where(sql.ref('resolved_on'), 'is not', null),
    schema
      .createTable('ticket_texts')
      .addColumn('ticket_id', 'text', (column) => column.notNull())
      .addColumn('position', 'integer', (column) => column.notNull())
      .addColumn('part', 'integer', (column) => column.notNull())
      .addColumn('event_id', 'text', (column) => column.notNull())
      .addColumn('text', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('ticket_texts_key', ['ticket_id', 'position', 'part'])
      .modifyEnd(STRICT),
    schema
      .createTable('work_items')
      .addColumn('ticket_id', 'text', (column) => column.notNull())
      .addColumn('work_item_id', 'text', (column) => column.notNull())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('client_id', 'text', (column) => column.notNull())
      .addColumn('period', 'text', (column) => column.notNull())
      .addColumn('position', 'integer', (column) => column.notNull())
      .addColumn('approval', 'text')
      .addColumn('minutes', 'integer')
      .addColumn('quantity', 'text', (column) => column.notNull())
      .addColumn('facts', 'text', (column) => column.notNull())
      .addColumn('source_event_ids', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('work_items_key', ['ticket_id', 'work_item_id'])
      .modifyEnd(STRICT),
    schema
      .createTable('work_item_names')
      .addColumn('name', 'text', (column) => column.primaryKey())
      .addColumn('ticket_id', 'text', (column) => column.notNull())
      .modifyEnd(STRICT),
    schema
      .createIndex('work_items_by_period')
      .on('work_items')
      .columns(['client_id', 'period', 'kind', 'minutes', 'quantity', 'ticket_id']),
  ];
}

function accountDefinitions(): readonly TableDefinition[] {
  const { schema } = itemQueries;
  return [
    schema
      .createTable('account_documents')
      .addColumn('invoice_id', 'text', (column) => column.primaryKey())
      .addColumn('client_id', 'text', (column) => column.notNull())
      .addColumn('period', 'text', (column) => column.notNull())
      .addColumn('frozen', 'integer', (column) => column.notNull())
      .modifyEnd(STRICT),
    schema
      .createIndex('account_documents_by_period')
      .on('account_documents')
      .columns(['client_id', 'period', 'invoice_id', 'frozen']),
    schema
      .createTable('account_lines')
      .addColumn('invoice_id', 'text', (column) => column.notNull())
      .addColumn('position', 'integer', (column) => column.notNull())
      .addColumn('part', 'integer', (column) => column.notNull())
      .addColumn('item_id', 'text', (column) => column.notNull())
      .addColumn('ticket_id', 'text', (column) => column.notNull())
      .addColumn('line', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('account_lines_key', ['invoice_id', 'position', 'part'])
      .modifyEnd(STRICT),
    schema.createIndex('account_lines_by_ticket').on('account_lines').columns(['ticket_id', 'invoice_id']),
    schema
      .createTable('write_offs')
      .addColumn('client_id', 'text', (column) => column.notNull())
      .addColumn('period', 'text', (column) => column.notNull())
      .addColumn('position', 'integer', (column) => column.notNull())
      .addColumn('ticket_id', 'text', (column) => column.notNull())
      .addColumn('facts', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('write_offs_key', ['client_id', 'period', 'position'])
      .modifyEnd(STRICT),
    schema.createIndex('write_offs_by_ticket').on('write_offs').columns(['ticket_id', 'client_id', 'period']),
    schema
      .createTable('stale_periods')
      .addColumn('client_id', 'text', (column) => column.notNull())
      .addColumn('period', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('stale_periods_key', ['client_id', 'period'])
      .modifyEnd(STRICT),
    schema
      .createTable('stale_tickets')
      .addColumn('ticket_id', 'text', (column) => column.primaryKey())
      .modifyEnd(STRICT),
  ];
}

function resultDefinitions(): readonly TableDefinition[] {
  const { schema } = itemQueries;
  return [
    schema
      .createTable('billable_items')
      .addColumn('client_id', 'text', (column) => column.notNull())
      .addColumn('period', 'text', (column) => column.notNull())
      .addColumn('item_id', 'text', (column) => column.notNull())
      .addColumn('work_item_id', 'text', (column) => column.notNull())
      .addColumn('ticket_id', 'text', (column) => column.notNull())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('disposition', 'text', (column) => column.notNull())
      .addColumn('work_date', 'text', (column) => column.notNull())
      .addColumn('description', 'text', (column) => column.notNull())
      .addColumn('actual_minutes', 'integer')
      .addColumn('billable_minutes', 'integer')
      .addColumn('quantity', 'text', (column) => column.notNull())
      .addColumn('unit', 'text', (column) => column.notNull())
      .addColumn('unit_price', 'text')
      .addColumn('currency', 'text')
      .addColumn('net_minor', 'integer')
      .addColumn('tax_category', 'text')
      .addColumn('contract_id', 'text')
      .addColumn('contract_version', 'integer')
      .addColumn('approval', 'text')
      .addColumn('invoice_id', 'text')
      .addColumn('source_event_ids', 'text', (column) => column.notNull())
      .addColumn('trace', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('billable_items_key', ['client_id', 'period', 'item_id', 'ticket_id'])
      .modifyEnd(sql`STRICT`),
    schema.createIndex('billable_items_by_id').on('billable_items').columns(['item_id']),
    schema
      .createIndex('billable_items_by_ticket')
      .on('billable_items')
      .columns(['ticket_id', 'disposition', 'work_item_id', 'item_id']),
    schema
      .createIndex('billable_items_for_totals')
      .on('billable_items')
      .columns([
        'client_id',
        'period',
        'disposition',
        'kind',
        'currency',
        'net_minor',
        'actual_minutes',
        'billable_minutes',
        'quantity',
      ]),
    schema
      .createTable('derived_gaps')
      .addColumn('ticket_id', 'text', (column) => column.notNull())
      .addColumn('gap_key', 'text', (column) => column.notNull())
      .addColumn('scope', 'text', (column) => column.notNull())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('client_id', 'text')
      .addColumn('period', 'text')
      .addColumn('work_item_id', 'text')
      .addColumn('value_minor', 'integer')
      .addColumn('currency', 'text')
      .addColumn('minutes', 'integer')
      .addColumn('cause', 'text', (column) => column.notNull())
      .addColumn('source_event_ids', 'text', (column) => column.notNull())
      .addColumn('due_on', 'text')
      .addPrimaryKeyConstraint('derived_gaps_key', ['ticket_id', 'gap_key', 'scope'])
      .modifyEnd(STRICT),
    schema
      .createIndex('derived_gaps_by_scope')
      .on('derived_gaps')
      .columns(['scope'])
      .where(sql.ref('scope'), '<>', sql.lit(TICKET_SCOPE)),
    schema.createIndex('derived_gaps_by_due_day').on('derived_gaps').columns(['due_on']),
    schema
      .createTable('gap_changes')
      .ifNotExists()
      .addColumn('change', 'integer', (column) => column.primaryKey().autoIncrement())
      .addColumn('gap_key', 'text', (column) => column.notNull().unique())
      .modifyEnd(sql`STRICT`),
  ];
}
