import type { Month } from '@billtrail/kernel';
import { NO_TICKET } from '../billable-items/tables.js';
import { accountedForBy } from '../rating-facts/merge-facts.js';
import { NO_CLIENT } from '../rating-facts/tables.js';

/** What is reconciled: everything, a client, a period, a client-period or one ticket. */
export interface ReconciliationScope {
  /** null: tickets without a client. */
  readonly clientId?: string | null | undefined;
  /** Tickets resolved in this month of the client's zone; work dated in it. */
  readonly period?: Month | undefined;
  readonly ticketId?: string | undefined;
  /** Clients that are left out. */
  readonly except?: readonly string[] | undefined;
}

type Parameters = Record<string, string | number>;

/** The parts of a WHERE clause that the scope asks for, over the columns that a table has for them. */
export function whereOf(
  scope: ReconciliationScope,
  columns: { readonly client: string; readonly period: string; readonly ticket: string },
): { readonly sql: string; readonly parameters: Parameters } {
  const parts: string[] = [];
  const parameters: Parameters = {};
  if (scope.clientId !== undefined) {
    if (scope.clientId === null) {
      parts.push(`(${columns.client} IS NULL OR ${columns.client} = '${NO_CLIENT}')`);
    } else {
      parts.push(`${columns.client} = :clientId`);
      parameters['clientId'] = scope.clientId;
    }
  }
  if (scope.period !== undefined) {
    parts.push(`${columns.period} = :period`);
    parameters['period'] = scope.period;
  }
  if (scope.ticketId !== undefined) {
    parts.push(`${columns.ticket} IN ${accountedForBy(':ticketId')}`);
    parameters['ticketId'] = scope.ticketId;
  }
  if (scope.except !== undefined) {
    parts.push(`coalesce(${columns.client}, '${NO_CLIENT}') NOT IN (SELECT value FROM json_each(:except))`);
    parameters['except'] = JSON.stringify(scope.except);
  }
  return { sql: parts.length === 0 ? '' : ` AND ${parts.join(' AND ')}`, parameters };
}

export const TICKET_SCOPE = { client: 'r.client_id', period: 'substr(r.resolved_on, 1, 7)', ticket: 'r.ticket_id' };
/**
 * Gaps count where their ticket counts; those of a ticket that is not resolved, in the period of their work. Those of charges have no ticket:
 * they count in their own client-period.
 */
export const GAP_SCOPE = {
  client: `CASE WHEN d.ticket_id = '${NO_TICKET}' THEN d.client_id ELSE t.client_id END`,
  period: 'coalesce(substr(r.resolved_on, 1, 7), d.period)',
  ticket: 'd.ticket_id',
};
export const WORK_SCOPE = { client: 'client_id', period: 'period', ticket: 'ticket_id' };
