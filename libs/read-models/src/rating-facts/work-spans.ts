import { epochMillis, isInstant, isMonth, monthNumber, monthsBetween, type Month } from '@billtrail/kernel';
import type { TimeEntryFacts } from '@billtrail/ticketing';
import type { ReadDatabase } from '../database/read-database.js';
import { SPANS } from './tables.js';

/**
 * The further months of entries with start and end: those of all days that they touch in any zone of the earth. The zone that counts is
 * the contract's, and which contract that is, rating says.
 */
export class WorkSpans {
  private readonly monthsOf;
  private readonly add;
  private readonly remove;

  constructor(
    database: ReadDatabase,
    private readonly markPeriod: (clientId: string, month: Month, ticketId: string, id: string) => void,
  ) {
    this.monthsOf = database
      .statement<[string, string], Month>('SELECT period FROM work_spans WHERE ticket_id = ? AND work_item_id = ?')
      .pluck();
    this.add = database.insert(SPANS, 'OR IGNORE');
    this.remove = database.statement('DELETE FROM work_spans WHERE ticket_id = ? AND work_item_id = ?');
  }

  begin(ticketId: string, clientId: string, workItemId: string, months: readonly Month[]): void {
    for (const period of months) {
      this.add({ clientId, period, ticketId, workItemId });
      this.markPeriod(clientId, period, ticketId, workItemId);
    }
  }

  mark(ticketId: string, clientId: string, id: string): void {
    for (const month of this.monthsOf.all(ticketId, id)) this.markPeriod(clientId, month, ticketId, id);
  }

  end(ticketId: string, clientId: string, id: string): void {
    this.mark(ticketId, clientId, id);
    this.remove.run(ticketId, id);
  }
}

const HOUR_MILLIS = 3_600_000;
/** How far the zones of the earth are behind and ahead of UTC. */
const FURTHEST_BEHIND_MILLIS = 12 * HOUR_MILLIS;
const FURTHEST_AHEAD_MILLIS = 14 * HOUR_MILLIS;

/** Of one entry: beyond it start and end are a slip of the hand. */
const MOST_MONTHS = 24;

/** Months besides that of the work date that an entry may lie in; null: its start or end is no moment, or it is longer than any work. */
export function otherMonthsOf({ workDate, startedAt, endedAt }: TimeEntryFacts): readonly Month[] | null {
  if (startedAt == null || endedAt == null) return [];
  if (!isInstant(startedAt) || !isInstant(endedAt)) return null;
  const start = epochMillis(startedAt);
  const end = Math.max(start, epochMillis(endedAt));
  const [first, last] = [monthAt(start - FURTHEST_BEHIND_MILLIS), monthAt(end + FURTHEST_AHEAD_MILLIS)];
  if (!isMonth(first) || !isMonth(last) || monthNumber(last) - monthNumber(first) >= MOST_MONTHS) return null;
  const own = JSON.stringify(workDate) ?? '';
  return monthsBetween(first, last).filter((month) => !own.startsWith(`"${month}`));
}

function monthAt(millis: number): Month {
  return new Date(millis).toISOString().slice(0, 'YYYY-MM'.length);
}
