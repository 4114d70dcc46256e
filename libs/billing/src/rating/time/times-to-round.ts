import type { LocalDate, Minutes } from '@billtrail/kernel';
import type { Assessed } from '../assessed.js';
import type { WorkItem } from '../facts.js';
import type { InForce } from '../coverage/placement.js';
import { standingOf } from '../standing.js';
import { Roundings, sharedScope } from './rounding-scopes.js';
import {
  type BillableTime,
  RoundTime,
  type Rounding,
  RoundingUse,
  type RoundingUsed,
  type TimeToRound,
} from './step-4-billable-time.js';

export type Time = Extract<WorkItem, { kind: 'time' }>;

/** What scopes of rounding hold before the work of a call: the settled side fills it. */
export interface RoundingLedger {
  readonly use: RoundingUse;
  /**
   * What is settled of work that a correction which nobody approved would change: it holds for all work before this stretch, and counts no more
   * from here on.
   */
  readonly replacedAt: ReadonlyMap<Assessed, readonly RoundingUsed[]>;
}

/**
 * The billable minutes of a stretch as they were stated for the whole entry: by its actual minutes, cut at the stretch's ends by running
 * total, so that the stretches of an entry always hold what was stated.
 */
export function statedIn(
  work: Pick<Time, 'minutes' | 'statedBillableMinutes'>,
  fromMinute: Minutes,
  toMinute: Minutes,
): Minutes | null {
  const stated = work.statedBillableMinutes;
  if (stated === null || work.minutes === 0) return stated;
  return Math.round((stated * toMinute) / work.minutes) - Math.round((stated * fromMinute) / work.minutes);
}

/** Step 4 for the work of a client-period that is billable or prepaid. Assessed work comes in the order of rating. */
export function billableTimes(
  assessed: readonly Assessed[],
  { use, replacedAt }: RoundingLedger,
): ReadonlyMap<Assessed, BillableTime> {
  const roundings = new Roundings();
  const rounding = new RoundTime(use);
  const times = new Map<Assessed, BillableTime>();
  for (const one of assessed) {
    const { work, placement } = one;
    if (work.kind !== 'time' || (placement?.as !== 'billable' && placement?.as !== 'prepaid')) continue;
    const replaced = replacedAt.size === 0 ? undefined : replacedAt.get(one);
    if (replaced !== undefined) for (const used of replaced) use.takeOut(used);
    times.set(one, rounding.round(timeToRound(one, work, placement.inForce, roundings)));
  }
  return times;
}

function timeToRound(one: Assessed, work: Time, inForce: InForce, roundings: Roundings): TimeToRound {
  const rounding = roundings.of(inForce.version.terms.rateCard, work.workType, one.rateClass);
  const { segment } = one;
  return {
    actualMinutes: one.minutes,
    statedBillableMinutes:
      segment === null ? work.statedBillableMinutes : statedIn(work, segment.fromMinute, segment.toMinute),
    rounding,
    scope:
      rounding.scope === 'entry'
        ? one.isRest
          ? segmentScope(work, one.unitFrom)
          : null
        : scopeOf(inForce, rounding, work, one.date),
  };
}

/** A segment of which a part is settled: the rest gets what the whole segment rounds to, less what the settled part holds. */
export function segmentScope({ workItemId }: Pick<Time, 'workItemId'>, unitFrom: Minutes): string {
  return `${workItemId}\u0000${unitFrom}`;
}

/** Work of one ticket (on one day) under one rounding rule of one contract version; of rejected work only its own. */
function scopeOf(inForce: InForce, rounding: Rounding, work: Time, date: LocalDate): string {
  const scope = sharedScope(inForce, rounding, work.ticketId, date);
  return standingOf(work) === 'alone' ? `${scope}\u0000alone ${work.workItemId}` : scope;
}
