import { compareTexts } from '@billtrail/kernel';
import type { Assessed } from './assessed.js';
import type { WorkItem } from './facts.js';
import { rankOf } from './standing.js';

/** Work in the order of rating: by work date, then by the position at which it was first recorded. */
export function inRatingOrder(work: readonly WorkItem[]): readonly WorkItem[] {
  return [...work].sort(
    (a, b) =>
      compareTexts(a.workDate, b.workDate) || a.position - b.position || compareTexts(a.workItemId, b.workItemId),
  );
}

/** The same for segments, those of a night are days apart; first what is firm, then what is provisional, then what stands alone. */
export function segmentsInRatingOrder(byWork: readonly (readonly Assessed[])[]): readonly Assessed[] {
  return byWork
    .flat()
    .sort(
      (a, b) =>
        rankOf(a.work) - rankOf(b.work) ||
        compareTexts(a.date, b.date) ||
        a.work.position - b.work.position ||
        compareTexts(a.work.workItemId, b.work.workItemId) ||
        (a.segment?.fromMinute ?? 0) - (b.segment?.fromMinute ?? 0),
    );
}
