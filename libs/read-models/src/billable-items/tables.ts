import { sql } from 'kysely';
import type { TableDefinition } from '../runner/projection.js';
import { resultDefinitions } from './result-tables.js';
import { itemQueries } from './schema.js';

const STRICT = sql`STRICT, WITHOUT ROWID`;

/** In the order of creation. `gap_changes` is a queue, not a result: a rebuild keeps it. */
export const ITEM_TABLES = [
  'rating_configuration',
  'clients',
  'contracts',
  'contract_versions',
  'suspensions',
  'prepaid_blocks',
  'counts',
  'horizon',
  'contract_months',
  'tickets',
  'ticket_texts',
  'work_items',
  'work_item_names',
  'work_spans',
  'account_documents',
  'account_lines',
  'account_charges',
  'write_offs',
  'credited_work',
  'sla_breaches',
  'stale_periods',
  'stale_tickets',
  'rated_periods',
  'billable_items',
  'charges',
  'draws',
  'allotments',
  'derived_gaps',
] as const;

export function itemDefinitions(): readonly TableDefinition[] {
  return [
    ...partyDefinitions(),
    ...contractDefinitions(),
    ...ticketDefinitions(),
    ...accountDefinitions(),
    ...resultDefinitions(),
  ];
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
      .addColumn('cycle_months', 'integer')
      .addColumn('has_ticket_caps', 'integer', (column) => column.notNull())
      .addPrimaryKeyConstraint('contract_versions_key', ['contract_id', 'version_number'])
      .modifyEnd(STRICT),
  ];
}

/** What contracts have beside their versions, and the months that they make known without any work. */
function contractDefinitions(): readonly TableDefinition[] {
  const { schema } = itemQueries;
  return [
    schema
      .createTable('suspensions')
      .addColumn('contract_id', 'text', (column) => column.notNull())
      .addColumn('position', 'integer', (column) => column.notNull())
      .addColumn('from_day', 'text', (column) => column.notNull())
      .addColumn('resumed_on', 'text')
      .addPrimaryKeyConstraint('suspensions_key', ['contract_id', 'position'])
      .modifyEnd(STRICT),
    schema
      .createTable('prepaid_blocks')
      .addColumn('contract_id', 'text', (column) => column.notNull())
      .addColumn('block_id', 'text', (column) => column.notNull())
      .addColumn('purchased_on', 'text', (column) => column.notNull())
      .addColumn('expires_on', 'text')
      .addColumn('amount', 'text', (column) => column.notNull())
      .addColumn('price', 'text')
      .addColumn('event_id', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('prepaid_blocks_key', ['contract_id', 'block_id'])
      .modifyEnd(STRICT),
    schema
      .createTable('counts')
      .addColumn('contract_id', 'text', (column) => column.notNull())
      .addColumn('position', 'integer', (column) => column.notNull())
      .addColumn('count_of', 'text', (column) => column.notNull())
      .addColumn('count', 'integer', (column) => column.notNull())
      .addColumn('from_day', 'text', (column) => column.notNull())
      .addColumn('event_id', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('counts_key', ['contract_id', 'position'])
      .modifyEnd(STRICT),
    schema
      .createTable('horizon')
      .addColumn('id', 'integer', (column) => column.primaryKey())
      .addColumn('month', 'text', (column) => column.notNull())
      .modifyEnd(sql`STRICT`),
    schema
      .createTable('contract_months')
      .addColumn('client_id', 'text', (column) => column.notNull())
      .addColumn('period', 'text', (column) => column.notNull())
      .addColumn('contract_id', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('contract_months_key', ['client_id', 'period', 'contract_id'])
      .modifyEnd(STRICT),
    schema.createIndex('contract_months_by_contract').on('contract_months').columns(['contract_id', 'period']),
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
      .addColumn('override', 'text')
      .addPrimaryKeyConstraint('work_items_key', ['ticket_id', 'work_item_id'])
      .modifyEnd(STRICT),
    schema
      .createTable('work_item_names')
      .addColumn('name', 'text', (column) => column.primaryKey())
      .addColumn('ticket_id', 'text', (column) => column.notNull())
      .modifyEnd(STRICT),
    schema
      .createTable('work_spans')
      .addColumn('client_id', 'text', (column) => column.notNull())
      .addColumn('period', 'text', (column) => column.notNull())
      .addColumn('ticket_id', 'text', (column) => column.notNull())
      .addColumn('work_item_id', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('work_spans_key', ['client_id', 'period', 'ticket_id', 'work_item_id'])
      .modifyEnd(STRICT),
    schema.createIndex('work_spans_by_work').on('work_spans').columns(['ticket_id', 'work_item_id']),
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
      .addColumn('draw', 'text')
      .addColumn('credited', 'text')
      .addColumn('credit_note_id', 'text')
      .addPrimaryKeyConstraint('account_lines_key', ['invoice_id', 'position', 'part'])
      .modifyEnd(STRICT),
    schema.createIndex('account_lines_by_item').on('account_lines').columns(['invoice_id', 'item_id']),
    schema
      .createTable('account_charges')
      .addColumn('invoice_id', 'text', (column) => column.notNull())
      .addColumn('position', 'integer', (column) => column.notNull())
      .addColumn('part', 'integer', (column) => column.notNull())
      .addColumn('charge_item_id', 'text', (column) => column.notNull())
      .addColumn('charge', 'text', (column) => column.notNull())
      .addColumn('credited', 'text')
      .addColumn('credit_note_id', 'text')
      .addPrimaryKeyConstraint('account_charges_key', ['invoice_id', 'position', 'part'])
      .modifyEnd(STRICT),
    schema.createIndex('account_lines_by_ticket').on('account_lines').columns(['ticket_id', 'invoice_id']),
    schema
      .createTable('write_offs')
      .addColumn('client_id', 'text', (column) => column.notNull())
      .addColumn('period', 'text', (column) => column.notNull())
      .addColumn('position', 'integer', (column) => column.notNull())
      .addColumn('part', 'integer', (column) => column.notNull())
      .addColumn('ticket_id', 'text', (column) => column.notNull())
      .addColumn('facts', 'text', (column) => column.notNull())
      .addColumn('draw', 'text')
      .addPrimaryKeyConstraint('write_offs_key', ['client_id', 'period', 'position', 'part'])
      .modifyEnd(STRICT),
    schema
      .createTable('credited_work')
      .addColumn('client_id', 'text', (column) => column.notNull())
      .addColumn('period', 'text', (column) => column.notNull())
      .addColumn('work_item_id', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('credited_work_key', ['client_id', 'period', 'work_item_id'])
      .modifyEnd(STRICT),
    schema.createIndex('write_offs_by_ticket').on('write_offs').columns(['ticket_id', 'client_id', 'period']),
    schema
      .createTable('sla_breaches')
      .addColumn('event_id', 'text', (column) => column.primaryKey())
      .addColumn('client_id', 'text', (column) => column.notNull())
      .addColumn('period', 'text', (column) => column.notNull())
      .addColumn('facts', 'text', (column) => column.notNull())
      .modifyEnd(STRICT),
    schema.createIndex('sla_breaches_by_period').on('sla_breaches').columns(['client_id', 'period', 'event_id']),
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
