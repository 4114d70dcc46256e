import type { LocalDate, Minutes } from '@billtrail/kernel';
import type { Assessed } from '../assessed.js';
import type { ClientPeriodFacts, Segment, WorkItem } from '../facts.js';
import { type FrozenPart, type FrozenWork, partNumber, pricedUnder, versionOf } from '../../settled/settled-work.js';
import type { InForce } from '../coverage/placement.js';
import { Roundings, classOf, sharedScope, wasRounded } from './rounding-scopes.js';
import {
  type BillableTime,
  type FrozenTime,
  type Rounding,
  type TimeToRound,
  roundTime,
} from './step-4-billable-time.js';
import { isPending, standingOf, wasForgoneAlone } from '../standing.js';

type Time = Extract<WorkItem, { kind: 'time' }>;

/**
 * The billable minutes of a stretch as they were stated for the whole entry: by its actual minutes, cut at the stretch's ends by running
 * total, so that the stretches of an entry always hold what was stated.
 */
export function statedIn(work: Time, fromMinute: Minutes, toMinute: Minutes): Minutes | null {
  const stated = work.statedBillableMinutes;
  if (stated === null || work.minutes === 0) return stated;
  return Math.round((stated * toMinute) / work.minutes) - Math.round((stated * fromMinute) / work.minutes);
}

/** Step 4 for the work of a client-period that is billable or prepaid. Assessed work comes in the order of rating. */
export function billableTimes(
  assessed: readonly Assessed[],
  contracts: ClientPeriodFacts['contracts'],
): ReadonlyMap<Assessed, BillableTime> {
  const roundings = new Roundings();
  const waiting: Assessed[] = [];
  const times: TimeToRound[] = [];
  const besideFrozen = new Map<Time, Assessed[]>();
  const replaced = new Set<Time>();
  for (const one of assessed) {
    const { work, placement } = one;
    if (work.kind !== 'time') continue;
    if (one.frozen !== null && (placement === null || one.isRest || isPending(one)) && !replaced.has(work)) {
      const known = besideFrozen.get(work);
      if (known === undefined) besideFrozen.set(work, [one]);
      else known.push(one);
    }
    if (placement === null || (placement.as !== 'billable' && placement.as !== 'prepaid')) continue;
    waiting.push(one);
    const time = timeToRound(one, work, placement.inForce, roundings);
    const then = isProvisionalCorrection(one) ? besideFrozen.get(work) : undefined;
    if (then === undefined) times.push(time);
    else {
      times.push({ ...time, replaces: frozenTimes(work, then, contracts, roundings) });
      besideFrozen.delete(work);
      replaced.add(work);
    }
  }
  const frozen = [...besideFrozen].flatMap(([work, rests]) => frozenTimes(work, rests, contracts, roundings));
  const rounded = roundTime(times, frozen);
  const byAssessed = new Map<Assessed, BillableTime>();
  waiting.forEach((one, index) => {
    const time = rounded[index];
    if (time !== undefined) byAssessed.set(one, time);
  });
  return byAssessed;
}

/** Of a correction that was rejected what is frozen stays counted: the correction itself takes part in nothing. */
function isProvisionalCorrection(one: Assessed): boolean {
  return isPending(one) && standingOf(one.work) === 'provisional';
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

/** A segment of which a part is frozen: the rest gets what the whole segment rounds to, less what the frozen part holds. */
function segmentScope(work: Time, unitFrom: Minutes): string {
  return `${work.workItemId}\u0000${unitFrom}`;
}

/** Work of one ticket (on one day) under one rounding rule of one contract version; of rejected work only its own. */
function scopeOf(inForce: InForce, rounding: Rounding, work: Time, date: LocalDate): string {
  const scope = sharedScope(inForce, rounding, work.ticketId, date);
  return standingOf(work) === 'alone' ? `${scope}\u0000alone ${work.workItemId}` : scope;
}

/** What the frozen items of a piece of work bring to the scopes that they share with work that is not frozen. `rests`: what is not. */
function frozenTimes(
  now: Time,
  rests: readonly Assessed[],
  contracts: ClientPeriodFacts['contracts'],
  roundings: Roundings,
): readonly FrozenTime[] {
  const frozen = rests[0]?.frozen;
  if (frozen === undefined || frozen === null || wasForgoneAlone(now, frozen)) return [];
  const work = asItWas(now, frozen);
  const wasCorrected = frozen.parts.some(({ item }) => partNumber(item) === null);
  if (frozen.stretches.length > 0 && !wasCorrected)
    return frozen.parts.flatMap((part) => frozenTimeOf(part, work, rests, contracts, roundings));
  const inForce = wasRounded(frozen.latest) ? pricedUnder(frozen, contracts)?.inForce : undefined;
  if (inForce === undefined) return [];
  const rounding = roundings.of(inForce.version.terms.rateCard, work.workType, classOf(frozen.latest));
  if (rounding.scope === 'entry') return [];
  return [
    {
      scope: sharedScope(inForce, rounding, work.ticketId, frozen.latest.workDate),
      basisMinutes: work.statedBillableMinutes ?? work.minutes,
      billableMinutes: frozen.billableMinutes,
    },
  ];
}

/** The facts that rounding rests on as they were when the latest item of the work was frozen. */
function asItWas(now: Time, { latest }: FrozenWork): Time {
  const facts = latest.trace.find(({ step }) => step === 'work')?.facts ?? {};
  const { actualMinutes, statedBillableMinutes, workType } = facts;
  if (typeof actualMinutes !== 'number' || typeof workType !== 'string') return now;
  const stated = typeof statedBillableMinutes === 'number' ? statedBillableMinutes : null;
  return { ...now, minutes: actualMinutes, statedBillableMinutes: stated, workType };
}

function frozenTimeOf(
  { item }: FrozenPart,
  work: Time,
  rests: readonly Assessed[],
  contracts: ClientPeriodFacts['contracts'],
  roundings: Roundings,
): readonly FrozenTime[] {
  const { segment } = item;
  const inForce = versionOf(item, contracts)?.inForce;
  if (segment === undefined || inForce === undefined || !wasRounded(item)) return [];
  const rounding = roundings.of(inForce.version.terms.rateCard, work.workType, segment.rateClass);
  return [
    {
      scope:
        rounding.scope === 'entry'
          ? segmentScope(work, unitOf(segment, rests))
          : sharedScope(inForce, rounding, work.ticketId, item.workDate),
      basisMinutes: statedIn(work, segment.fromMinute, segment.toMinute) ?? segment.toMinute - segment.fromMinute,
      billableMinutes: item.billableMinutes ?? 0,
    },
  ];
}

/** The segment of now out of which a frozen stretch was taken: the nearest that begins at it or before it. */
function unitOf(segment: Segment, rests: readonly Assessed[]): Minutes {
  let unitFrom = 0;
  for (const rest of rests) if (rest.unitFrom <= segment.fromMinute) unitFrom = Math.max(unitFrom, rest.unitFrom);
  const isOfUnit = rests.some((rest) => rest.unitFrom === unitFrom && rest.unitTo >= segment.toMinute);
  return isOfUnit ? unitFrom : -1;
}
