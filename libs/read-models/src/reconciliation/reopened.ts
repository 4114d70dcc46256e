import { daysBetween, type LocalDate, type Minutes, type MoneyJson } from '@billtrail/kernel';
import { moneyList } from '../database/money-columns.js';
import type { ReadDatabase } from '../database/read-database.js';
import { accountedForBy } from '../rating-facts/merge-facts.js';
import { TICKET_SCOPE, whereOf, type ReconciliationScope } from './scope.js';

/** Tickets that are open again after their resolution. */
export interface ReopenedTickets {
  readonly tickets: number;
  /** What of their work is asked and on no issued invoice, by currency; it is in the other figures as what it is, billable or a gap. */
  readonly money: readonly MoneyJson[];
  /** Of work that has no price. */
  readonly minutesWithoutPrice: Minutes;
  /** Since when the one is open that was opened again first. */
  readonly since: LocalDate;
  /** Its age on the day that is asked for. */
  readonly days: number;
}

interface Sum {
  readonly currency: string | null;
  readonly minor: bigint | null;
  readonly minutes: bigint | null;
}

/** Absent: none. */
export function reopenedTickets(
  database: ReadDatabase,
  asOf: LocalDate,
  scope: ReconciliationScope,
): ReopenedTickets | undefined {
  const where = whereOf(scope, TICKET_SCOPE);
  const from = `FROM resolved_tickets r WHERE r.reopened_on IS NOT NULL${where.sql}`;
  const found = database
    .query<[object], { readonly tickets: bigint; readonly since: LocalDate | null }>(
      `SELECT count(*) AS tickets, min(r.reopened_on) AS since ${from}`,
    )
    .get(where.parameters);
  const { tickets = 0n, since = null } = found ?? {};
  if (since === null) return undefined;
  const sums = database
    .query<[object], Sum>(
      `SELECT i.currency, sum(i.net_minor) AS minor, sum(CASE WHEN i.net_minor IS NULL THEN i.actual_minutes END) AS minutes
       FROM (SELECT r.ticket_id AS root ${from}) JOIN billable_items i ON i.ticket_id IN ${accountedForBy('root')}
       WHERE i.disposition IN ('billable', 'claimed', 'deferred', 'unpriced') GROUP BY i.currency`,
    )
    .all(where.parameters);
  return {
    tickets: Number(tickets),
    money: moneyList(
      new Map(sums.flatMap(({ currency, minor }) => (currency === null || minor === null ? [] : [[currency, minor]]))),
    ),
    minutesWithoutPrice: sums.reduce((sum, { minutes }) => sum + Number(minutes ?? 0n), 0),
    since,
    days: Math.max(daysBetween(since, asOf), 0),
  };
}
