import type { Assessed } from './assessed.js';
import type { WorkItem } from './facts.js';
import type { Earlier } from './earlier.js';

/**
 * What a decision about work lets it take of what is shared: minima and increments, tiers, prices that are charged once, blocks and caps.
 *
 * - `firm`: approved work, and what needs no approval. A document holds such work only, so it is rated as if there were no other.
 * - `provisional`: work that nobody approved or rejected yet. It is rated on what firm work leaves, so that its gap has a value; once it is
 *   approved it has its place by date, as far as the others are not frozen.
 * - `alone`: rejected work. It takes nothing, and is valued as if it were all the work there is.
 */
export type Standing = 'firm' | 'provisional' | 'alone';

export function standingOf(work: WorkItem): Standing {
  if (work.approval === undefined || work.approval === 'approved') return 'firm';
  return work.approval === 'rejected' ? 'alone' : 'provisional';
}

/** In the order of rating. */
export const STANDINGS: readonly Standing[] = ['firm', 'provisional', 'alone'];

/** Place of its standing in the order of rating, before date and position. */
export function rankOf(work: WorkItem): number {
  return STANDINGS.indexOf(standingOf(work));
}

/** True for settled work that is rated whole again: it changed itself, or shares a price with settled work that did. */
export function isRatedAgain(one: Pick<Assessed, 'earlier' | 'placement' | 'isRest'>): boolean {
  return one.earlier !== null && one.placement !== null && !one.isRest;
}

/** True for a correction of settled work that nobody approved: what is settled of it holds for all other work until somebody does. */
export function isPending(one: Assessed): boolean {
  return isRatedAgain(one) && rankOf(one.work) !== 0;
}

/** True for rejected work that was only ever written off: it had taken part in no scope. */
export function wasForgoneAlone(work: WorkItem, { isForgone }: Pick<Earlier, 'isForgone'>): boolean {
  return standingOf(work) === 'alone' && isForgone;
}
