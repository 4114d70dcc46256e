import { addTo, at } from '@billtrail/kernel';
import type { Assessed } from '../rating/assessed.js';
import { isPending, standingOf, wasForgoneAlone } from '../rating/standing.js';
import { Roundings } from '../rating/time/rounding.js';
import { entryScope, roundingScope } from '../rating/time/rounding-scopes.js';
import { RoundingUse, type RoundingUsed } from '../rating/time/rounding-use.js';
import { type ScopedWork, scopedWork } from '../rating/visit.js';
import { type RoundingLedger, type Time, statedIn } from '../rating/time/times-to-round.js';
import { type PublishedTerms, classOf, pricedUnder, versionOf } from './priced-then.js';
import { isOfWork } from '../item/item-key.js';
import type { SettledPart, SettledWork, SettledWorkById } from './settled-work.js';

interface Known {
  readonly published: PublishedTerms;
  readonly roundings: Roundings;
}

/** What settled time holds of the scopes of minimum and increment that it shares with time that is rated. In the order of rating. */
export function settledRounding(
  assessed: readonly Assessed[],
  settled: SettledWorkById,
  published: PublishedTerms,
): RoundingLedger {
  const use = new RoundingUse();
  const replacedAt = new Map<Assessed, readonly RoundingUsed[]>();
  if (settled.size === 0) return { use, replacedAt };
  const known: Known = { published, roundings: new Roundings() };
  const beside = new Map<Time, Assessed[]>();
  const replaced = new Set<Time>();
  for (const one of assessed) {
    const { work, placement } = one;
    if (work.kind !== 'time' || one.earlier === null) continue;
    if ((placement === null || one.isRest || isPending(one)) && !replaced.has(work)) addTo(beside, work, one);
    if (placement?.as !== 'billable' && placement?.as !== 'prepaid') continue;
    const then = isProvisionalCorrection(one) ? beside.get(work) : undefined;
    if (then === undefined) continue;
    replacedAt.set(one, usedBy(work, then, settled, known));
    beside.delete(work);
    replaced.add(work);
  }
  for (const [work, rests] of beside) for (const used of usedBy(work, rests, settled, known)) use.add(used);
  for (const all of replacedAt.values()) for (const used of all) use.add(used);
  return { use, replacedAt };
}

/** Of a correction that was rejected what is settled stays counted: the correction itself takes part in nothing. */
function isProvisionalCorrection(one: Assessed): boolean {
  return isPending(one) && standingOf(one.work) === 'provisional';
}

/**
 * What the settled items of a piece of work bring to the scopes that they share with work that is rated. `rests`: what is. A scope of several pieces
 * of work is of one contract: where that is not among the facts, no work is rated under it, so none shares the scope.
 */
function usedBy(
  now: Time,
  rests: readonly Assessed[],
  settled: SettledWorkById,
  { published, roundings }: Known,
): readonly RoundingUsed[] {
  const then = settled.get(now.workItemId);
  if (then === undefined || wasForgoneAlone(now, then)) return [];
  const work = asItWas(now, then);
  const wasCorrected = then.parts.some(({ key }) => !isOfWork(key));
  if (then.stretches.length > 0 && !wasCorrected)
    return then.parts.flatMap((part) => usedByPart(part, work, scopedThen(now, then, rests), { published, roundings }));
  const { latest } = then;
  const inForce = latest.basis.rounding === null ? undefined : pricedUnder(then, published, 0)?.inForce;
  if (inForce === undefined) return [];
  const rounding = roundings.of(inForce.version.terms.rateCard, work.workType, classOf(latest));
  if (rounding.scope === 'entry') return [];
  return [
    {
      scope:
        latest.basis.rounding?.scopeId ??
        roundingScope(inForce, rounding, { ...scopedThen(now, then, rests), beganOn: latest.workDate }),
      rounding,
      basisMinutes: work.statedBillableMinutes ?? work.minutes,
      billableMinutes: then.billableMinutes,
    },
  ];
}

/** The facts that rounding rests on as they were when the latest item of the work was frozen. */
function asItWas(now: Time, { latest }: SettledWork): Time {
  const facts = latest.basis.work;
  if (facts?.kind !== 'time') return now;
  const { actualMinutes: minutes, statedBillableMinutes, workType } = facts;
  return { ...now, minutes, statedBillableMinutes, workType };
}

/** Of a document that did not name its scope. It began in the period with its first stretch, whether that is settled or rated. */
function scopedThen(work: Time, { stretches, latest }: SettledWork, rests: readonly Assessed[]): ScopedWork {
  const rated = rests.find(({ placement }) => placement !== null);
  const beganOn = rated?.beganOn ?? stretches[0]?.date ?? latest.workDate;
  return scopedWork({ work, ticket: at(rests, 0, 'what is rated of settled work').ticket, beganOn });
}

function usedByPart(
  { item }: SettledPart,
  work: Time,
  scoped: ScopedWork,
  { published, roundings }: Known,
): readonly RoundingUsed[] {
  const { segment, basis } = item;
  if (segment === undefined || basis.rounding === null) return [];
  const held = {
    basisMinutes: statedIn(work, segment.fromMinute, segment.toMinute) ?? segment.toMinute - segment.fromMinute,
    // What is above a cap and has no price holds none.
    billableMinutes: item.billableMinutes ?? 0,
  };
  const { scope, scopeId } = basis.rounding;
  const inForce = versionOf(item, published);
  if (inForce === null) {
    // The rest of an entry is in its scope under whatever contract it is rated.
    const told = scope === 'entry' ? entryScope(work.workItemId) : scopeId;
    return told === undefined ? [] : [{ scope: told, rounding: null, ...held }];
  }
  const rounding = roundings.of(inForce.version.terms.rateCard, work.workType, segment.rateClass);
  return [{ scope: scopeId ?? roundingScope(inForce, rounding, scoped), rounding, ...held }];
}
