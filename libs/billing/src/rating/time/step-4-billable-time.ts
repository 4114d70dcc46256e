import { type Minutes, type RoundingDirection, at, billableMinutes, invariant } from '@billtrail/kernel';
import type { RoundingScope } from '@billtrail/contracts';
import type { Step, TraceStep } from '../../item/trace.js';
import { hoursText } from '../quantities.js';
import { shareMinutes } from '../share-minutes.js';
import { type Rounding, isPlain, roundAlike } from './rounding.js';
import type { ScopeUse } from './rounding-use.js';

/** The minutes of a time entry, or of a segment of one. */
interface Worked {
  readonly actualMinutes: Minutes;
  /** Replaces the actual minutes where the engineer stated it. */
  readonly statedBillableMinutes: Minutes | null;
}

/** A time entry, or a segment of one, that waits for its billable minutes beside other time. */
export interface TimeToRound extends Worked {
  readonly rounding: Rounding;
  /** Identity of what minimum and increment are applied to. */
  readonly scopeId: string;
}

export interface BillableTime {
  readonly minutes: Minutes;
  /** What it was rounded from, before minimum and increment. */
  readonly basisMinutes: Minutes;
  readonly scope: RoundingScope;
  readonly scopeId: string | null;
  /** Was worked, and is rounded to nothing. Absent: it was not. */
  readonly isRoundedAway?: true;
  readonly step: Step;
}

function roundedAway(
  { direction }: Rounding,
  minutes: Minutes,
  basisMinutes: Minutes,
): Pick<BillableTime, 'isRoundedAway'> {
  return direction !== 'up' && minutes === 0 && basisMinutes > 0 ? { isRoundedAway: true } : {};
}

/** Up needs no telling. */
function told({ direction }: Rounding): { readonly rounding?: RoundingDirection } {
  return direction === 'up' ? {} : { rounding: direction };
}

/** The minutes that minimum and increment start from. */
function basisOf(time: Worked): Minutes {
  return time.statedBillableMinutes ?? time.actualMinutes;
}

/** Rounds time that is a scope by itself. Times of equal minutes under one rounding are rounded once: thousands of entries have a few dozen different lengths. */
export class RoundAlone {
  private readonly known = new Map<Rounding, Map<Minutes, Map<Minutes | null, BillableTime>>>();

  round(rounding: Rounding, actualMinutes: Minutes, statedBillableMinutes: Minutes | null): BillableTime {
    let ofRounding = this.known.get(rounding);
    if (ofRounding === undefined) this.known.set(rounding, (ofRounding = new Map()));
    let ofMinutes = ofRounding.get(actualMinutes);
    if (ofMinutes === undefined) ofRounding.set(actualMinutes, (ofMinutes = new Map()));
    let rounded = ofMinutes.get(statedBillableMinutes);
    if (rounded === undefined) {
      rounded = roundedAlone(rounding, { actualMinutes, statedBillableMinutes });
      ofMinutes.set(statedBillableMinutes, rounded);
    }
    return rounded;
  }
}

function roundedAlone(rounding: Rounding, worked: Worked): BillableTime {
  const { minimumMinutes, incrementMinutes, direction, scope } = rounding;
  const basisMinutes = basisOf(worked);
  const minutes = billableMinutes(basisMinutes, minimumMinutes, incrementMinutes, direction);
  return {
    ...roundedAway(rounding, minutes, basisMinutes),
    minutes,
    basisMinutes,
    scope,
    scopeId: null,
    step: () => ({
      step: 'billable-time',
      text: `${basisText(worked)}, ${roundingText(rounding)} -> ${minutes} min (${hoursText(minutes)} h)`,
      facts: {
        ...worked,
        minimumMinutes,
        incrementMinutes,
        ...told(rounding),
        roundingScope: scope,
        billableMinutes: minutes,
      },
    }),
  };
}

/** What a scope comes to, and what of it is shared over the times at hand. */
interface ScopeTotal {
  readonly scopeMinutes: Minutes;
  readonly scopeBillable: Minutes;
  readonly counted: Minutes;
  readonly left: Minutes;
}

/**
 * Step 4 of rating.md: minimum, then increment, over the rounding scope of the rate card, once, however its time is cut. What the scope comes to, less
 * what settled time has of it, is shared over the rest by its minutes, by largest remainder (45 + 45 + 5 minutes, minimum and increment 60: 57, 57 and
 * 6). So the shares always sum to the scope's billable minutes. Where what is settled exceeds the rounded total, the rest gets nothing and nothing is
 * taken back. Time under a rounding that changes no minute keeps its own.
 */
export function roundTogether(times: readonly TimeToRound[], use: ScopeUse): readonly BillableTime[] {
  const total = totalOf(times, use);
  const shares = sharesOf(times, total.left);
  return times.map((time, index) => sharedTime(time, at(shares, index, 'the share of a scope'), total));
}

/**
 * Where versions, or rules by rate class, round the time of one scope in different ways, each asks for what the scope grows by under it, and never for
 * more than it would alone: a minimum that is met already is not asked again.
 */
function totalOf(times: readonly TimeToRound[], use: ScopeUse): ScopeTotal {
  const counted = use.total.counted;
  const byRounding: { readonly rounding: Rounding; own: Minutes }[] = [];
  for (const time of times) {
    const known = byRounding.find(({ rounding }) => roundAlike(rounding, time.rounding));
    if (known === undefined) byRounding.push({ rounding: time.rounding, own: basisOf(time) });
    else known.own += basisOf(time);
  }
  for (const { rounding, own } of byRounding) {
    const { minimumMinutes, incrementMinutes, direction } = rounding;
    const growth = ({ before, counted: given }: { before: Minutes; counted: Minutes }): Minutes =>
      billableMinutes(before + own, minimumMinutes, incrementMinutes, direction) - given;
    // Up, a scope never holds fewer minutes than were worked in it, but for those that another rounding of it took away.
    const lacking = direction === 'up' ? use.total.before + own - use.total.counted - use.takenAway : 0;
    const asked = Math.max(Math.min(growth(use.total), growth(use.under(rounding))), lacking, 0);
    use.add(rounding, own, asked);
  }
  const { before: scopeMinutes, counted: scopeBillable } = use.total;
  invariant(scopeBillable >= scopeMinutes - use.takenAway, 'a scope of minutes is rounded to fewer than it holds');
  return { scopeMinutes, scopeBillable, counted, left: scopeBillable - counted };
}

function sharesOf(times: readonly TimeToRound[], left: Minutes): readonly Minutes[] {
  const bases = times.map(basisOf);
  if (!times.some(({ rounding }) => isPlain(rounding))) return shareMinutes(left, bases);
  const own = times.map((time) => (isPlain(time.rounding) ? basisOf(time) : 0));
  const kept = own.reduce((sum, minutes) => sum + minutes, 0);
  const others = bases.map((basis, index) => basis - at(own, index, 'the own minutes of a time'));
  if (kept > left || others.every((basis) => basis === 0)) return shareMinutes(left, bases);
  return shareMinutes(left - kept, others).map((share, index) => share + at(own, index, 'the own minutes of a time'));
}

/** Work that is alone in its scope shares nothing. */
function totalText(
  time: TimeToRound,
  minutes: Minutes,
  { scopeMinutes, scopeBillable, counted, left }: ScopeTotal,
): string {
  const rounding = roundingText(time.rounding);
  if (counted === 0 && minutes === left && basisOf(time) === scopeMinutes) return `, ${rounding}`;
  const rest = minutes === left ? '' : ', the rest is shared by minutes';
  return `; with it ${scopeMinutes} min on the ${SCOPE_NAMES[time.rounding.scope]}, ${rounding} -> ${scopeBillable} min; ${counted} min are counted for other work${rest}`;
}

function sharedTime(time: TimeToRound, minutes: Minutes, total: ScopeTotal): BillableTime {
  const { minimumMinutes, incrementMinutes, scope } = time.rounding;
  const { scopeMinutes, scopeBillable, counted } = total;
  return {
    ...roundedAway(time.rounding, minutes, basisOf(time)),
    minutes,
    basisMinutes: basisOf(time),
    scope,
    scopeId: time.scopeId,
    step: (): TraceStep => ({
      step: 'billable-time',
      text: `${basisText(time)}${totalText(time, minutes, total)} -> ${minutes} min (${hoursText(minutes)} h)`,
      facts: {
        actualMinutes: time.actualMinutes,
        statedBillableMinutes: time.statedBillableMinutes,
        minimumMinutes,
        incrementMinutes,
        ...told(time.rounding),
        roundingScope: scope,
        scopeMinutes,
        scopeBillableMinutes: scopeBillable,
        countedMinutes: counted,
        billableMinutes: minutes,
      },
    }),
  };
}

const SCOPE_NAMES = { entry: 'entry', ticket: 'ticket', 'ticket-day': "ticket's day", visit: 'visit' } as const;

function basisText(time: Worked): string {
  if (time.statedBillableMinutes === null) return `${time.actualMinutes} min`;
  return `${time.statedBillableMinutes} min stated instead of ${time.actualMinutes} min worked`;
}

function roundingText({ minimumMinutes, incrementMinutes, direction }: Rounding): string {
  const way = { up: '', nearest: ', to the nearest', down: ', down' }[direction];
  return `minimum ${minimumMinutes}, increment ${incrementMinutes}${way}`;
}
