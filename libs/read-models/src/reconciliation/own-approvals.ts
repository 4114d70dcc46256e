import type { Minutes, MoneyJson } from '@billtrail/kernel';
import { moneyList } from '../database/money-columns.js';
import type { ReadDatabase } from '../database/read-database.js';
import { whereOf, type ReconciliationScope } from './scope.js';

/** Work that somebody approved who did or entered it, as an organisation with `selfApproval: recorded` lets them. */
export interface OwnApprovals {
  /** Pieces of work. */
  readonly items: number;
  /** What they come to, by currency, whether or not it is invoiced: it is in the other figures as what it is. */
  readonly money: readonly MoneyJson[];
  /** Of work that has no price. */
  readonly minutesWithoutPrice: Minutes;
}

interface Sum {
  readonly currency: string | null;
  readonly minor: bigint | null;
  readonly minutes: bigint | null;
}

const OF_WORK = { client: 'w.client_id', period: 'w.period', ticket: 'w.ticket_id' };

/** In the months of the work. Absent: none. */
export function ownApprovals(database: ReadDatabase, scope: ReconciliationScope): OwnApprovals | undefined {
  const where = whereOf(scope, OF_WORK);
  const from = `FROM work_items w WHERE w.is_own_approval = 1${where.sql}`;
  const items = database.query<[object], bigint>(`SELECT count(*) ${from}`).pluck().get(where.parameters) ?? 0n;
  if (items === 0n) return undefined;
  const sums = database
    .query<[object], Sum>(
      `SELECT i.currency, sum(i.net_minor) AS minor, sum(CASE WHEN i.net_minor IS NULL THEN i.actual_minutes END) AS minutes
       FROM (SELECT w.ticket_id, w.name ${from}) w JOIN billable_items i ON i.ticket_id = w.ticket_id AND i.work_item_id = w.name
       GROUP BY i.currency`,
    )
    .all(where.parameters);
  return {
    items: Number(items),
    money: moneyList(
      new Map(sums.flatMap(({ currency, minor }) => (currency === null || minor === null ? [] : [[currency, minor]]))),
    ),
    minutesWithoutPrice: sums.reduce((sum, { minutes }) => sum + Number(minutes ?? 0n), 0),
  };
}
