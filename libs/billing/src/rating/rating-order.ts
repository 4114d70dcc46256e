import { type LocalDate, addTo, compareTexts, known } from '@billtrail/kernel';
import type { Assessed } from './assessed.js';
import type { WorkItem } from './facts.js';
import { STANDINGS, type Standing, standingOf } from './standing.js';

/** Work in the order of rating: by work date, then by the position at which it was first recorded. */
export function inRatingOrder(work: readonly WorkItem[]): readonly WorkItem[] {
  return dayByDay(work, ({ workDate }) => workDate, inOrderOfDay);
}

/** The same for segments, those of a night are days apart; first what is firm, then what is provisional, then what stands alone. */
export function segmentsInRatingOrder(byWork: readonly (readonly Assessed[])[]): readonly Assessed[] {
  const byStanding = new Map<Standing, Assessed[]>();
  for (const segments of byWork) for (const one of segments) addTo(byStanding, standingOf(one.work), one);
  return STANDINGS.flatMap((standing) =>
    dayByDay(
      byStanding.get(standing) ?? [],
      ({ date }) => date,
      (a, b) => inOrderOfDay(a.work, b.work) || (a.segment?.fromMinute ?? 0) - (b.segment?.fromMinute ?? 0),
    ),
  );
}

function inOrderOfDay(a: WorkItem, b: WorkItem): number {
  return a.position - b.position || compareTexts(a.workItemId, b.workItemId);
}

/** Days first: what is of one day is nearly always in its order already, so that little is left to sort. */
function dayByDay<One>(
  all: readonly One[],
  dayOf: (one: One) => LocalDate,
  inOrder: (a: One, b: One) => number,
): readonly One[] {
  const byDay = new Map<LocalDate, One[]>();
  for (const one of all) addTo(byDay, dayOf(one), one);
  return [...byDay.keys()].sort(compareTexts).flatMap((day) => known(byDay, day, 'the work of').sort(inOrder));
}
