import { type Minutes, addTo, at } from '@billtrail/kernel';
import type { Assessed } from '../assessed.js';
import type { WorkItem } from '../facts.js';
import type { InForce } from '../coverage/placement.js';
import { isRatedAgain, rankOf, standingOf } from '../standing.js';
import { type Rounding, Roundings } from './rounding.js';
import { scopedWork } from '../visit.js';
import { roundingScope } from './rounding-scopes.js';
import type { RoundingUse, RoundingUsed } from './rounding-use.js';
import { type BillableTime, RoundAlone, type TimeToRound, roundTogether } from './step-4-billable-time.js';

export type Time = Extract<WorkItem, { kind: 'time' }>;

/** What scopes of rounding hold before the work of a call: the settled side fills it. */
export interface RoundingLedger {
  readonly use: RoundingUse;
  /**
   * What is settled of work that a correction which nobody approved would change, by the first stretch of that: it holds for all work that is
   * firm, and counts no more beside what is provisional.
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

/** A stretch with the time that is rounded. */
interface Waiting {
  /** Its place in the order of rating. */
  readonly index: number;
  readonly one: Assessed;
  readonly time: TimeToRound;
}

/**
 * Step 4 for the work of a client-period that is billable or prepaid. Firm work is rounded as if there were no other, then provisional work over what
 * firm work leaves, then what stands alone; of each first settled work that is rated again, so that work which is added never moves what that has. In
 * the order of the stretches; null: not billable, not prepaid, or no time.
 */
export function billableTimes(
  assessed: readonly Assessed[],
  { use, replacedAt }: RoundingLedger,
): readonly (BillableTime | null)[] {
  const roundings = new Roundings();
  const alone = new RoundAlone();
  const turns = new Map<number, Map<string, Waiting[]>>();
  const times = assessed.map((one, index): BillableTime | null => {
    const { work, placement } = one;
    if (work.kind !== 'time' || (placement?.as !== 'billable' && placement?.as !== 'prepaid')) return null;
    const rounding = roundings.of(placement.inForce.version.terms.rateCard, work.workType, one.rateClass);
    if (rounding.scope === 'entry' && one.segment === null && !one.isRest)
      return alone.round(rounding, one.minutes, work.statedBillableMinutes);
    const time = timeToRound(one, work, placement.inForce, rounding);
    const turn = turnOf(one);
    let byScope = turns.get(turn);
    if (byScope === undefined) turns.set(turn, (byScope = new Map()));
    addTo(byScope, ofStanding(time.scopeId, time.rounding, work), { index, one, time });
    return null;
  });
  for (const [, byScope] of [...turns].sort(([a], [b]) => a - b)) {
    if (replacedAt.size > 0)
      for (const waiting of byScope.values())
        for (const { one } of waiting) for (const used of replacedAt.get(one) ?? []) use.takeOut(used);
    for (const [scope, waiting] of byScope)
      for (const together of sharing(waiting)) {
        const ofScope = use.of(scope);
        const only = together[0];
        // Of an entry one stretch is of this period, and nothing of it is settled.
        if (together.length === 1 && only?.time.rounding.scope === 'entry' && ofScope.isEmpty) {
          const { rounding, actualMinutes, statedBillableMinutes } = only.time;
          times[only.index] = alone.round(rounding, actualMinutes, statedBillableMinutes);
          continue;
        }
        const rounded = roundTogether(
          together.map(({ time }) => time),
          ofScope,
        );
        together.forEach(({ index }, place) => {
          times[index] = at(rounded, place, 'the rounded time of a stretch');
        });
      }
  }
  return times;
}

function turnOf(one: Assessed): number {
  return 2 * rankOf(one.work) + (isRatedAgain(one) ? 0 : 1);
}

/** What shares a scope. What a document of before rounded is rounded as it was then, one stretch after the other. */
function sharing(waiting: readonly Waiting[]): readonly (readonly Waiting[])[] {
  const wasInTurn = ({ one }: Waiting): boolean => isRatedAgain(one) && one.earlier?.wasRoundedInTurn === true;
  if (!waiting.some(wasInTurn)) return [waiting];
  return [...waiting.filter(wasInTurn).map((one) => [one]), waiting.filter((one) => !wasInTurn(one))];
}

function timeToRound(one: Assessed, work: Time, inForce: InForce, rounding: Rounding): TimeToRound {
  const { segment } = one;
  return {
    actualMinutes: one.minutes,
    statedBillableMinutes:
      segment === null ? work.statedBillableMinutes : statedIn(work, segment.fromMinute, segment.toMinute),
    rounding,
    scopeId: roundingScope(inForce, rounding, scopedWork(one)),
  };
}

/** Rejected work shares its scope with no other. */
function ofStanding(scopeId: string, { scope }: Rounding, work: Time): string {
  return scope !== 'entry' && standingOf(work) === 'alone' ? `${scopeId}, ${work.workItemId} alone` : scopeId;
}
