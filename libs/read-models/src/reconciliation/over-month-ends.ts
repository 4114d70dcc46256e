import type { Minutes } from '@billtrail/kernel';
import type { ReadDatabase } from '../database/read-database.js';
import { exceptionsOf, whereOf, type ReconciliationScope } from './scope.js';

/** A month of the client of an entry, or the client as a whole, is left out. */
const isLeftOut = (client: string, period: string): string =>
  `${client} || ' ' || ${period} IN (SELECT value FROM json_each(:left))`;
const THEIRS = 'i.ticket_id = w.ticket_id AND i.work_item_id = w.name AND i.client_id = w.client_id';

/**
 * Entries over a month's end are recorded in the month of their work date, but each month accounts for its own part: what the months of the scope hold of them beside
 * what was recorded there. Over all periods it is nothing. Where one of their months is left out, nobody knows how they were cut: then what the others hold stands.
 */
export function minutesOverMonthEnds(database: ReadDatabase, scope: ReconciliationScope): Minutes {
  const { except = [], period = null } = scope;
  const months = except.filter((one) => one.period !== null);
  if (period === null && months.length === 0) return 0;
  const where = whereOf(
    { ...scope, period: undefined, except: except.filter((one) => one.period === null) },
    { client: 'w.client_id', period: "''", ticket: 'w.ticket_id' },
  );
  const minutes = database
    .query<[object], bigint>(
      `SELECT coalesce(sum(CASE
         WHEN leftOut > 0 THEN here - CASE WHEN isOwn THEN minutes ELSE 0 END
         WHEN :period IS NULL OR NOT (own = :period OR isSpan) THEN 0
         ELSE CASE WHEN own = :period THEN 0 ELSE minutes END - elsewhere
       END), 0)
       FROM (
         SELECT w.period AS own, coalesce(w.minutes, 0) AS minutes,
           (:period IS NULL OR w.period = :period) AND NOT ${isLeftOut('w.client_id', 'w.period')} AS isOwn,
           EXISTS (SELECT 1 FROM work_spans s WHERE s.ticket_id = w.ticket_id AND s.work_item_id = w.work_item_id AND s.period = :period) AS isSpan,
           ${isLeftOut('w.client_id', 'w.period')} + (
             SELECT count(*) FROM work_spans s
             WHERE s.ticket_id = w.ticket_id AND s.work_item_id = w.work_item_id AND ${isLeftOut('s.client_id', 's.period')}
           ) AS leftOut,
           (SELECT coalesce(sum(i.actual_minutes), 0) FROM billable_items i WHERE ${THEIRS} AND i.period IS NOT :period) AS elsewhere,
           (SELECT coalesce(sum(i.actual_minutes), 0) FROM billable_items i
            WHERE ${THEIRS} AND (:period IS NULL OR i.period = :period) AND NOT ${isLeftOut('i.client_id', 'i.period')}) AS here
         FROM work_items w WHERE (w.ticket_id, w.work_item_id) IN (SELECT ticket_id, work_item_id FROM work_spans)${where.sql}
       )`,
    )
    .pluck()
    .get({ ...where.parameters, period, left: exceptionsOf(months) });
  return Number(minutes);
}
