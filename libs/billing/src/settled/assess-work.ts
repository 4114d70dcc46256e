import { at } from '@billtrail/kernel';
import type { Assessed } from '../rating/assessed.js';
import type { Assessor } from '../rating/assess.js';
import type { ClientPeriodFacts } from '../client-period.js';
import type { WorkItem } from '../rating/facts.js';
import { EarlierWork } from './earlier-work.js';
import { type Reopened, reopenedWork } from './reopened.js';
import type { SettledOfClient } from './settled-work.js';

/** The work of a client-period with its segments, beside what is settled of it. */
export interface WorkInSegments {
  /** In the order of rating. */
  readonly work: readonly WorkItem[];
  /** Of each piece of work; none: it only touches the period. */
  readonly segments: readonly (readonly Assessed[])[];
  /** Settled work that is rated again because of other work, and what hangs together. */
  readonly reopened: Reopened;
}

/** Steps 1 to 3 of rating.md for all work; settled work that shares a price with settled work that changed is put where it was then. */
export function assessWork(
  work: readonly WorkItem[],
  { here: settled, elsewhere }: SettledOfClient,
  assessor: Assessor,
  facts: ClientPeriodFacts,
): WorkInSegments {
  const assess = (one: WorkItem, isReopened: boolean): readonly Assessed[] => {
    const then = settled.get(one.workItemId);
    const there = elsewhere.get(one.workItemId)?.map(
      (other) =>
        new EarlierWork(other.settled, one, {
          ...facts,
          creditedWork: new Set(other.wasCredited ? [one.workItemId] : []),
        }),
    );
    return assessor.assess(one, then === undefined ? null : new EarlierWork(then, one, facts, isReopened), there);
  };
  const once = work.map((one) => assess(one, false));
  const reopened = reopenedWork(facts, settled, once);
  if (reopened.causes.size === 0) return { work, segments: once, reopened };
  const segments = work.map((one, index) =>
    reopened.causes.has(one.workItemId) ? assess(one, true) : at(once, index, 'assessed work'),
  );
  return { work, segments, reopened };
}
