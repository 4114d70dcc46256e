import { epochMillis, isInstant, isMonth, monthNumber, monthsBetween, type Month } from '@billtrail/kernel';
import type { TimeEntryFacts } from '@billtrail/ticketing';

const HOUR_MILLIS = 3_600_000;
/** How far the zones of the earth are behind and ahead of UTC. */
const FURTHEST_BEHIND_MILLIS = 12 * HOUR_MILLIS;
const FURTHEST_AHEAD_MILLIS = 14 * HOUR_MILLIS;

/** Of one entry: beyond it start and end are a slip of the hand. */
const MOST_MONTHS = 24;

/**
 * Months besides that of the work date that an entry may lie in: those of all days that it touches in any zone of the earth. null: its start or end is no
 * moment, or it is longer than any work.
 */
export function otherMonthsOf({
  workDate,
  startedAt,
  endedAt,
}: Pick<TimeEntryFacts, 'workDate' | 'startedAt' | 'endedAt'>): readonly Month[] | null {
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
