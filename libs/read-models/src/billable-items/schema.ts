import type { WorkKind } from '@billtrail/contracts';
import type { Approval, ChargeItem, ChargeKind, Disposition, GapKind } from '@billtrail/billing';
import { queryBuilder } from '../database/read-database.js';

/** In key columns: the ticket has no client yet. Its work is kept and rated under this name, so that it is never out of sight. */
export const NO_CLIENT = '';

export interface TicketRow {
  ticket_id: string;
  reference: string | null;
  summary: string;
  client_id: string | null;
  contract_id: string | null;
  site_id: string | null;
  category: string | null;
  ticket_type: string | null;
  priority: string | null;
  materials: 'listed' | 'none-used' | null;
  requested_at: string | null;
  /** Moment of the latest resolution; null while it is not resolved. */
  resolved_at: string | null;
  resolved_event_id: string | null;
  /** Its day in the client's zone: written when the ticket is settled. */
  resolved_on: string | null;
  no_charge_reason_code: string | null;
  no_charge_reason: string | null;
  no_charge_event_id: string | null;
}

export interface WorkItemRow {
  ticket_id: string;
  work_item_id: string;
  /** Under which it is rated: unique over all tickets. */
  name: string;
  kind: WorkKind;
  /** The ticket's client, which it follows; {@link NO_CLIENT} while that is unknown. */
  client_id: string;
  period: string;
  position: bigint;
  approval: Approval | null;
  minutes: bigint | null;
  quantity: string;
  facts: string;
  source_event_ids: string;
  /** The price that a person set for it, as JSON; null: none. */
  override: string | null;
}

export interface BillableItemRow {
  client_id: string;
  period: string;
  item_id: string;
  work_item_id: string;
  ticket_id: string;
  kind: WorkKind;
  disposition: Disposition;
  work_date: string;
  description: string;
  actual_minutes: bigint | null;
  billable_minutes: bigint | null;
  quantity: string;
  unit: string;
  /** Decimal: a unit price may have more digits than the currency's minor unit. */
  unit_price: string | null;
  currency: string | null;
  net_minor: bigint | null;
  tax_category: string | null;
  contract_id: string | null;
  contract_version: bigint | null;
  approval: Approval | null;
  invoice_id: string | null;
  source_event_ids: string;
  trace: string;
  /** As JSON; null: the whole of the work. */
  segment: string | null;
  /** As JSON; null: nothing of a block or allotment. */
  draw: string | null;
  credit_note_id: string | null;
}

export interface ChargeRow {
  client_id: string;
  period: string;
  charge_item_id: string;
  charge_id: string;
  kind: ChargeKind;
  disposition: ChargeItem['disposition'];
  description: string;
  from_day: string;
  to_day: string;
  quantity: string;
  unit: string;
  unit_price: string;
  currency: string;
  net_minor: bigint;
  tax_category: string;
  contract_id: string;
  contract_version: bigint;
  ticket_id: string | null;
  billable_from: string;
  invoice_id: string | null;
  source_event_ids: string;
  trace: string;
  credited_minor: bigint | null;
  credit_note_id: string | null;
}

export interface DrawRow {
  client_id: string;
  period: string;
  /** 1, 2, 3 ... in the order in which the draws of the period were taken. */
  sequence: bigint;
  contract_id: string;
  source: 'block' | 'allotment';
  /** Id of the block or of the allotment. */
  source_id: string;
  /** The month that granted the allotment; empty for a block. */
  month: string;
  item_id: string;
  work_item_id: string;
  ticket_id: string;
  work_date: string;
  /** In minutes or in money, as the source is. */
  minutes: bigint | null;
  value_minor: bigint | null;
  currency: string | null;
  frozen: bigint;
}

/** In `derived_gaps.scope`: derived from the ticket itself. Else the client-period whose rating derives it. */
export const TICKET_SCOPE = '';

/** In `derived_gaps.ticket_id`: the gap is about a charge. */
export const NO_TICKET = '';

export interface DerivedGapRow {
  ticket_id: string;
  gap_key: string;
  /** What derives it, and alone may change or remove the row. */
  scope: string;
  kind: GapKind;
  client_id: string | null;
  period: string | null;
  work_item_id: string | null;
  value_minor: bigint | null;
  currency: string | null;
  minutes: bigint | null;
  cause: string;
  source_event_ids: string;
  due_on: string | null;
  charge_contract_id: string | null;
  charge_id: string | null;
}

export interface BillableItemTables {
  tickets: TicketRow;
  work_items: WorkItemRow;
  billable_items: BillableItemRow;
  charges: ChargeRow;
  draws: DrawRow;
  derived_gaps: DerivedGapRow;
  clients: { client_id: string; name: string; currency: string; time_zone: string };
  gap_changes: { change: bigint; gap_key: string };
}

export const itemQueries = queryBuilder<BillableItemTables>();
