import { sql } from 'kysely';
import type { TableDefinition } from '../runner/projection.js';
import { TICKET_SCOPE, itemQueries } from './schema.js';

const STRICT = sql`STRICT, WITHOUT ROWID`;

/** What rating makes of the facts. */
export function resultDefinitions(): readonly TableDefinition[] {
  const { schema } = itemQueries;
  return [
    schema
      .createTable('rated_periods')
      .addColumn('client_id', 'text', (column) => column.notNull())
      .addColumn('period', 'text', (column) => column.notNull())
      .addColumn('handed_over', 'text')
      .addColumn('carried_over', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('rated_periods_key', ['client_id', 'period'])
      .modifyEnd(STRICT),
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
      .addColumn('segment', 'text')
      .addColumn('draw', 'text')
      .addColumn('credit_note_id', 'text')
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
    ...chargeDefinitions(),
    ...prepaidDefinitions(),
    ...gapDefinitions(),
  ];
}

function chargeDefinitions(): readonly TableDefinition[] {
  const { schema } = itemQueries;
  return [
    schema
      .createTable('charges')
      .addColumn('client_id', 'text', (column) => column.notNull())
      .addColumn('period', 'text', (column) => column.notNull())
      .addColumn('charge_item_id', 'text', (column) => column.notNull())
      .addColumn('charge_id', 'text', (column) => column.notNull())
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('disposition', 'text', (column) => column.notNull())
      .addColumn('description', 'text', (column) => column.notNull())
      .addColumn('from_day', 'text', (column) => column.notNull())
      .addColumn('to_day', 'text', (column) => column.notNull())
      .addColumn('quantity', 'text', (column) => column.notNull())
      .addColumn('unit', 'text', (column) => column.notNull())
      .addColumn('unit_price', 'text', (column) => column.notNull())
      .addColumn('currency', 'text', (column) => column.notNull())
      .addColumn('net_minor', 'integer', (column) => column.notNull())
      .addColumn('tax_category', 'text', (column) => column.notNull())
      .addColumn('contract_id', 'text', (column) => column.notNull())
      .addColumn('contract_version', 'integer', (column) => column.notNull())
      .addColumn('ticket_id', 'text')
      .addColumn('billable_from', 'text', (column) => column.notNull())
      .addColumn('invoice_id', 'text')
      .addColumn('source_event_ids', 'text', (column) => column.notNull())
      .addColumn('trace', 'text', (column) => column.notNull())
      .addColumn('credited_minor', 'integer')
      .addColumn('credit_note_id', 'text')
      .addPrimaryKeyConstraint('charges_key', ['client_id', 'period', 'charge_item_id'])
      .modifyEnd(sql`STRICT`),
    schema.createIndex('charges_by_id').on('charges').columns(['charge_item_id']),
    schema.createIndex('charges_by_contract').on('charges').columns(['contract_id', 'period', 'charge_item_id']),
  ];
}

function prepaidDefinitions(): readonly TableDefinition[] {
  const { schema } = itemQueries;
  return [
    schema
      .createTable('draws')
      .addColumn('client_id', 'text', (column) => column.notNull())
      .addColumn('period', 'text', (column) => column.notNull())
      .addColumn('sequence', 'integer', (column) => column.notNull())
      .addColumn('contract_id', 'text', (column) => column.notNull())
      .addColumn('source', 'text', (column) => column.notNull())
      .addColumn('source_id', 'text', (column) => column.notNull())
      .addColumn('month', 'text', (column) => column.notNull())
      .addColumn('item_id', 'text', (column) => column.notNull())
      .addColumn('work_item_id', 'text', (column) => column.notNull())
      .addColumn('ticket_id', 'text', (column) => column.notNull())
      .addColumn('work_date', 'text', (column) => column.notNull())
      .addColumn('minutes', 'integer')
      .addColumn('value_minor', 'integer')
      .addColumn('currency', 'text')
      .addColumn('frozen', 'integer', (column) => column.notNull())
      .addPrimaryKeyConstraint('draws_key', ['client_id', 'period', 'sequence'])
      .modifyEnd(STRICT),
    schema
      .createIndex('draws_by_source')
      .on('draws')
      .columns(['contract_id', 'source', 'source_id', 'month', 'period', 'sequence', 'minutes', 'value_minor']),
    schema
      .createTable('allotments')
      .addColumn('client_id', 'text', (column) => column.notNull())
      .addColumn('period', 'text', (column) => column.notNull())
      .addColumn('contract_id', 'text', (column) => column.notNull())
      .addColumn('allotment_id', 'text', (column) => column.notNull())
      .addColumn('name', 'text', (column) => column.notNull())
      .addColumn('amount', 'text', (column) => column.notNull())
      .addColumn('first_day', 'text', (column) => column.notNull())
      .addColumn('last_day', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('allotments_key', ['client_id', 'period', 'contract_id', 'allotment_id'])
      .modifyEnd(STRICT),
    schema.createIndex('allotments_by_contract').on('allotments').columns(['contract_id', 'allotment_id', 'period']),
  ];
}

function gapDefinitions(): readonly TableDefinition[] {
  const { schema } = itemQueries;
  return [
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
      .addColumn('charge_contract_id', 'text')
      .addColumn('charge_id', 'text')
      .addPrimaryKeyConstraint('derived_gaps_key', ['ticket_id', 'gap_key', 'scope'])
      .modifyEnd(STRICT),
    schema
      .createIndex('derived_gaps_by_scope')
      .on('derived_gaps')
      .columns(['scope'])
      .where(sql.ref('scope'), '<>', sql.lit(TICKET_SCOPE)),
    schema.createIndex('derived_gaps_by_key').on('derived_gaps').columns(['gap_key', 'scope']),
    schema.createIndex('derived_gaps_by_due_day').on('derived_gaps').columns(['due_on']),
    schema
      .createTable('gap_changes')
      .ifNotExists()
      .addColumn('change', 'integer', (column) => column.primaryKey().autoIncrement())
      .addColumn('gap_key', 'text', (column) => column.notNull().unique())
      .modifyEnd(sql`STRICT`),
  ];
}
