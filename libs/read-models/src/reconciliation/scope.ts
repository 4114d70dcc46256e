import type { Month } from '@billtrail/kernel';
import { NO_TICKET } from '../billable-items/tables.js';
import type { NotKnownOf } from '../parking/parked.js';
import { accountedForBy } from '../rating-facts/merge-facts.js';
import { NO_CLIENT } from '../rating-facts/tables.js';

/** What is reconciled: everything, a client, a period, a client-period or one ticket. */
export interface ReconciliationScope {
  /** null: tickets without a client. */
  readonly clientId?: string | null | undefined;
  /** Tickets resolved in this month of the client's zone; work dated in it. */
  readonly period?: Month | undefined;
  readonly ticketId?: string | undefined;
  /** Clients, or months of clients, that are left out. */
  readonly except?: readonly NotKnownOf[] | undefined;
  /** Tickets that are left out wherever tickets are counted: part of their work is in such a month. */
  readonly exceptTickets?: readonly string[] | undefined;
}

/** As the parameter of {@link isNoneOf}. */
export function exceptionsOf(except: readonly NotKnownOf[]): string {
  return JSON.stringify(except.map(({ clientId, period }) => `${clientId ?? NO_CLIENT} ${period ?? ''}`));
}

/** That a row is of none of the clients and of none of the months of clients. */
export function isNoneOf(parameter: string, { client, period }: { readonly client: string; readonly period: string }) {
  const of = `coalesce(${client}, '${NO_CLIENT}') || ' '`;
  const excepted = `SELECT value FROM json_each(${parameter})`;
  return `${of} NOT IN (${excepted}) AND ${of} || coalesce(${period}, '') NOT IN (${excepted})`;
}

type Parameters = Record<string, string | number>;

/** The parts of a WHERE clause that the scope asks for, over the columns that a table has for them. */
export function whereOf(
  scope: ReconciliationScope,
  columns: {
    readonly client: string;
    readonly period: string;
    readonly ticket: string;
    readonly countsTickets?: boolean;
  },
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
    parts.push(isNoneOf(':except', columns));
    parameters['except'] = exceptionsOf(scope.except);
  }
  if (scope.exceptTickets !== undefined && columns.countsTickets === true) {
    parts.push(`${columns.ticket} NOT IN (SELECT value FROM json_each(:exceptTickets))`);
    parameters['exceptTickets'] = JSON.stringify(scope.exceptTickets);
  }
  return { sql: parts.length === 0 ? '' : ` AND ${parts.join(' AND ')}`, parameters };
}

export const TICKET_SCOPE = {
  client: 'r.client_id',
  period: 'substr(r.resolved_on, 1, 7)',
  ticket: 'r.ticket_id',
  countsTickets: true,
};
/**
 * Gaps count where their ticket counts; those of a ticket that is not resolved, in the period of their work. Those of charges have no ticket:
 * they count in their own client-period.
 */
export const GAP_SCOPE = {
  client: `CASE WHEN d.ticket_id = '${NO_TICKET}' THEN d.client_id ELSE t.client_id END`,
  period: 'coalesce(substr(r.resolved_on, 1, 7), d.period)',
  ticket: 'd.ticket_id',
  countsTickets: true,
};
export const WORK_SCOPE = { client: 'client_id', period: 'period', ticket: 'ticket_id' };
