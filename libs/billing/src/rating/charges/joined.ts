import { type LocalDate, addDays, daysOf, invariant, monthOf } from '@billtrail/kernel';
import type { RecurringCharge } from '@billtrail/contracts';
import type { RecurringStretch } from './stretch.js';

/**
 * True of units that are charged in advance for cycles of several months, where the term says from when these count: units that join or leave within a
 * cycle are charged, or given back, to its end in the account of the month in which they do.
 */
export function isJoined({ basis, billed, everyMonths = 1, cycleAnchor }: RecurringCharge): boolean {
  const isCounted = basis === 'per-device' || basis === 'per-user';
  return isCounted && billed === 'in-advance' && everyMonths > 1 && cycleAnchor !== undefined;
}

/**
 * Of the stretches of a whole cycle, in their order, what a month's account has: in the first month that is charged for the units that there are by
 * its end, in each later one the units that joined in it (or left: a negative count), both to the end of the cycle.
 */
export function joinedIn(stretches: readonly RecurringStretch[], month: string): readonly RecurringStretch[] {
  const [first] = stretches;
  if (first === undefined || month < monthOf(first.days.from)) return [];
  const isFirst = month === monthOf(first.days.from);
  const { first: begins, last: ends } = daysOf(month);
  // Without a count there is no price at all: the first account tells.
  if (stretches.some(({ count }) => count === null)) return isFirst ? stretches : [];
  const before = isFirst ? 0 : countBy(stretches, addDays(begins, -1));
  const joined: RecurringStretch[] = [];
  for (const stretch of stretches) {
    for (const days of cutAfter(stretch.days, ends)) {
      if (!isFirst && days.to < begins) continue;
      const from = isFirst || days.from >= begins ? days.from : begins;
      const count = (days.from > ends ? countBy(stretches, ends) : countOf(stretch)) - before;
      const last = joined.at(-1);
      if (last?.days.version === days.version && last.count === count && addDays(last.days.to, 1) === from)
        joined[joined.length - 1] = { ...last, days: { ...last.days, to: days.to } };
      else joined.push({ ...stretch, days: { ...days, from }, count });
    }
  }
  return joined.filter(({ count }) => count !== 0);
}

function cutAfter(days: RecurringStretch['days'], day: LocalDate): readonly RecurringStretch['days'][] {
  if (days.to <= day || days.from > day) return [days];
  return [
    { ...days, to: day },
    { ...days, from: addDays(day, 1) },
  ];
}

/** The count of the latest stretch that has begun by a day; before all of them none. */
function countBy(stretches: readonly RecurringStretch[], day: LocalDate): number {
  const latest = stretches.findLast(({ days }) => days.from <= day);
  return latest === undefined ? 0 : countOf(latest);
}

function countOf({ count, charge }: RecurringStretch): number {
  invariant(count !== null, () => `nobody recorded a count for ${charge.id}`);
  return count;
}
