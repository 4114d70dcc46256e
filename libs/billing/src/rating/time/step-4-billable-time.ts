import { type Minutes, billableMinutes, invariant } from '@billtrail/kernel';
import type { RateCard, RateClass, RoundingScope } from '@billtrail/contracts';
import type { Step, TraceStep } from '../../item/trace.js';
import { hoursText } from '../quantities.js';

/** Minimum and increment of some work, and what they are applied to. One for all work of a card that a rule is about. */
export interface Rounding {
  readonly minimumMinutes: Minutes;
  readonly incrementMinutes: Minutes;
  readonly scope: RoundingScope;
  /** The number of the card's rounding rule; -1: the card's own minimum and increment. Work under one rule shares its scope. */
  readonly ruleNumber: number;
}

/** The rounding of a card for a work type and a rate class: the first rule that matches, else the card's (R14). */
export function roundingOf(card: RateCard, workType: string, rateClass: RateClass | null): Rounding {
  const rules = card.roundingRules ?? [];
  const ruleNumber = rules.findIndex(
    ({ workTypes, rateClasses }) =>
      (workTypes === undefined || workTypes.includes(workType)) &&
      (rateClasses === undefined || (rateClass !== null && rateClasses.includes(rateClass))),
  );
  const rule = rules[ruleNumber];
  return {
    minimumMinutes: rule?.minimumMinutes ?? card.minimumMinutes,
    incrementMinutes: rule?.incrementMinutes ?? card.incrementMinutes,
    scope: card.roundingScope,
    ruleNumber,
  };
}

/** A time entry, or a segment of one, that waits for its billable minutes. */
export interface TimeToRound {
  readonly actualMinutes: Minutes;
  /** Replaces the actual minutes where the engineer stated it. */
  readonly statedBillableMinutes: Minutes | null;
  readonly rounding: Rounding;
  /** Identity of what minimum and increment are applied to; null: this time alone. */
  readonly scope: string | null;
}

/** What settled time has used of a scope that it shares with other time: its minutes stand, they are an input. */
export interface RoundingUsed {
  readonly scope: string;
  /** What it brought to the scope before minimum and increment. */
  readonly basisMinutes: Minutes;
  readonly billableMinutes: Minutes;
}

export interface BillableTime {
  readonly minutes: Minutes;
  /** What it was rounded from, before minimum and increment. */
  readonly basisMinutes: Minutes;
  readonly scope: RoundingScope;
  readonly step: Step;
}

interface Tally {
  /** Minutes of the scope so far, before minimum and increment. */
  before: Minutes;
  /** Billable minutes of the scope that are already given to entries. */
  counted: Minutes;
}

/** What each scope of minimum and increment has used so far: what is settled, then time after time in the order of rating. */
export class RoundingUse {
  private readonly tallies = new Map<string, Tally>();

  add({ scope, basisMinutes, billableMinutes: counted }: RoundingUsed): void {
    const tally = this.of(scope);
    tally.before += basisMinutes;
    tally.counted += counted;
  }

  takeOut({ scope, basisMinutes, billableMinutes: counted }: RoundingUsed): void {
    const tally = this.of(scope);
    tally.before -= basisMinutes;
    tally.counted -= counted;
    invariant(tally.before >= 0, 'more minutes are taken out of a scope of rounding than it holds');
  }

  of(scope: string): Tally {
    let tally = this.tallies.get(scope);
    if (tally === undefined) this.tallies.set(scope, (tally = { before: 0, counted: 0 }));
    return tally;
  }
}

/** The minutes that minimum and increment start from. */
function basisOf(time: TimeToRound): Minutes {
  return time.statedBillableMinutes ?? time.actualMinutes;
}

/**
 * Step 4 of rating.md: minimum, then increment, over the rounding scope of the rate card. Times must come in the order of rating.
 *
 * A scope's minutes are given to its entries by running total: each entry gets what the rounded total grows by through it
 * (45 + 45 + 5 minutes, minimum and increment 60: 60, 60 and 0). So the shares always sum to the scope's billable minutes, and later work
 * never changes the share of earlier work. What is settled comes first with the minutes it has; where those already
 * exceed the rounded total, the rest gets nothing and nothing is taken back.
 */
export class RoundTime {
  private readonly alone = new Map<Rounding, Map<Minutes, Map<Minutes | null, BillableTime>>>();

  constructor(private readonly use: RoundingUse) {}

  round(time: TimeToRound): BillableTime {
    return time.scope === null ? roundAlone(time, this.alone) : roundInScope(time, this.use.of(time.scope));
  }
}

/** Times of equal minutes under one rounding are rounded once: thousands of entries have a few dozen different lengths. */
function roundAlone(
  time: TimeToRound,
  known: Map<Rounding, Map<Minutes, Map<Minutes | null, BillableTime>>>,
): BillableTime {
  let ofRounding = known.get(time.rounding);
  if (ofRounding === undefined) known.set(time.rounding, (ofRounding = new Map()));
  let ofMinutes = ofRounding.get(time.actualMinutes);
  if (ofMinutes === undefined) ofRounding.set(time.actualMinutes, (ofMinutes = new Map()));
  let rounded = ofMinutes.get(time.statedBillableMinutes);
  if (rounded === undefined) {
    const { minimumMinutes, incrementMinutes, scope } = time.rounding;
    const minutes = billableMinutes(basisOf(time), minimumMinutes, incrementMinutes);
    rounded = {
      minutes,
      basisMinutes: basisOf(time),
      scope,
      step: () => ({
        step: 'billable-time',
        text: `${basisText(time)}, ${roundingText(time.rounding)} -> ${minutes} min (${hoursText(minutes)} h)`,
        facts: {
          actualMinutes: time.actualMinutes,
          statedBillableMinutes: time.statedBillableMinutes,
          minimumMinutes,
          incrementMinutes,
          roundingScope: scope,
          billableMinutes: minutes,
        },
      }),
    };
    ofMinutes.set(time.statedBillableMinutes, rounded);
  }
  return rounded;
}

function roundInScope(time: TimeToRound, tally: Tally): BillableTime {
  const { minimumMinutes, incrementMinutes, scope } = time.rounding;
  const scopeMinutes = tally.before + basisOf(time);
  const scopeBillable = billableMinutes(scopeMinutes, minimumMinutes, incrementMinutes);
  const counted = tally.counted;
  const minutes = Math.max(scopeBillable - counted, 0);
  invariant(tally.before >= 0 && scopeBillable >= scopeMinutes, 'a scope of minutes is rounded to fewer than it holds');
  tally.before = scopeMinutes;
  tally.counted += minutes;
  invariant(tally.counted >= scopeBillable, 'not all minutes of a scope of rounding are given to its time');
  return {
    minutes,
    basisMinutes: basisOf(time),
    scope,
    step: (): TraceStep => ({
      step: 'billable-time',
      text:
        `${basisText(time)}; with it ${scopeMinutes} min on the ${SCOPE_NAMES[scope]}, ${roundingText(time.rounding)} -> ${scopeBillable} min; ` +
        `${counted} min are counted for other work -> ${minutes} min (${hoursText(minutes)} h)`,
      facts: {
        actualMinutes: time.actualMinutes,
        statedBillableMinutes: time.statedBillableMinutes,
        minimumMinutes,
        incrementMinutes,
        roundingScope: scope,
        scopeMinutes,
        scopeBillableMinutes: scopeBillable,
        countedMinutes: counted,
        billableMinutes: minutes,
      },
    }),
  };
}

const SCOPE_NAMES = { entry: 'segment', ticket: 'ticket', 'ticket-day': "ticket's day" } as const;

function basisText(time: TimeToRound): string {
  if (time.statedBillableMinutes === null) return `${time.actualMinutes} min`;
  return `${time.statedBillableMinutes} min stated instead of ${time.actualMinutes} min worked`;
}

function roundingText({ minimumMinutes, incrementMinutes }: Rounding): string {
  return `minimum ${minimumMinutes}, increment ${incrementMinutes}`;
}
