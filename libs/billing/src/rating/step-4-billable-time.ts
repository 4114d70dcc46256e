import { type Minutes, billableMinutes } from '@billtrail/kernel';
import type { RateCard } from '@billtrail/contracts';
import { hoursText } from './quantities.js';
import type { TraceStep } from './trace.js';

/** A time entry that waits for its billable minutes. */
export interface EntryToRound {
  readonly workItemId: string;
  readonly actualMinutes: Minutes;
  /** Replaces the actual minutes where the engineer stated it. */
  readonly statedBillableMinutes: Minutes | null;
  readonly card: RateCard;
  /** Identity of what minimum and increment are applied to: an entry, a ticket's day or a ticket, under one contract version. */
  readonly scope: string;
  /** Minutes of this entry that are frozen, and stand: they are an input. null: the entry is priced now. */
  readonly frozenMinutes: Minutes | null;
}

export interface BillableTime {
  readonly minutes: Minutes;
  readonly step: TraceStep;
}

interface Tally {
  /** Minutes of the scope so far, before minimum and increment. */
  before: Minutes;
  /** Billable minutes of the scope that are already given to entries. */
  counted: Minutes;
}

/** The minutes that minimum and increment start from. */
function basisOf(entry: EntryToRound): Minutes {
  return entry.statedBillableMinutes ?? entry.actualMinutes;
}

/**
 * Step 4 of rating.md: minimum, then increment, over the rounding scope of the rate card. Entries must come in the order of rating.
 *
 * A scope's minutes are given to its entries by running total: each entry gets what the rounded total grows by through it
 * (45 + 45 + 5 minutes, minimum and increment 60: 60, 60 and 0). So the shares always sum to the scope's billable minutes, and later work
 * never changes the share of earlier work. Entries that are frozen come first with the minutes they have; where those already
 * exceed the rounded total, the rest gets nothing and nothing is taken back.
 */
export function roundTime(entries: readonly EntryToRound[]): ReadonlyMap<string, BillableTime> {
  const tallies = new Map<string, Tally>();
  for (const entry of entries) {
    if (entry.frozenMinutes === null || entry.card.roundingScope === 'entry') continue;
    const tally = tallyOf(tallies, entry.scope);
    tally.before += basisOf(entry);
    tally.counted += entry.frozenMinutes;
  }
  const times = new Map<string, BillableTime>();
  const alone = new Map<RateCard, Map<string, BillableTime>>();
  for (const entry of entries) {
    if (entry.frozenMinutes !== null) continue;
    times.set(
      entry.workItemId,
      entry.card.roundingScope === 'entry'
        ? roundAlone(entry, alone)
        : roundInScope(entry, tallyOf(tallies, entry.scope)),
    );
  }
  return times;
}

function tallyOf(tallies: Map<string, Tally>, scope: string): Tally {
  let tally = tallies.get(scope);
  if (tally === undefined) {
    tally = { before: 0, counted: 0 };
    tallies.set(scope, tally);
  }
  return tally;
}

/** Entries of equal minutes on one card are rounded once: thousands of entries have a few dozen different lengths. */
function roundAlone(entry: EntryToRound, known: Map<RateCard, Map<string, BillableTime>>): BillableTime {
  let ofCard = known.get(entry.card);
  if (ofCard === undefined) {
    ofCard = new Map();
    known.set(entry.card, ofCard);
  }
  const key = `${entry.actualMinutes}/${entry.statedBillableMinutes ?? ''}`;
  let time = ofCard.get(key);
  if (time === undefined) {
    const { minimumMinutes, incrementMinutes, roundingScope } = entry.card;
    const minutes = billableMinutes(basisOf(entry), minimumMinutes, incrementMinutes);
    time = {
      minutes,
      step: {
        step: 'billable-time',
        text: `${basisText(entry)}, ${roundingText(entry.card)} -> ${minutes} min (${hoursText(minutes)} h)`,
        facts: {
          actualMinutes: entry.actualMinutes,
          statedBillableMinutes: entry.statedBillableMinutes,
          minimumMinutes,
          incrementMinutes,
          roundingScope,
          billableMinutes: minutes,
        },
      },
    };
    ofCard.set(key, time);
  }
  return time;
}

function roundInScope(entry: EntryToRound, tally: Tally): BillableTime {
  const { minimumMinutes, incrementMinutes, roundingScope } = entry.card;
  const scopeMinutes = tally.before + basisOf(entry);
  const scopeBillable = billableMinutes(scopeMinutes, minimumMinutes, incrementMinutes);
  const counted = tally.counted;
  const minutes = Math.max(scopeBillable - counted, 0);
  tally.before = scopeMinutes;
  tally.counted += minutes;
  const where = roundingScope === 'ticket' ? 'ticket' : "ticket's day";
  return {
    minutes,
    step: {
      step: 'billable-time',
      text:
        `${basisText(entry)}; with it ${scopeMinutes} min on the ${where}, ${roundingText(entry.card)} -> ${scopeBillable} min; ` +
        `${counted} min are counted for other work -> ${minutes} min (${hoursText(minutes)} h)`,
      facts: {
        actualMinutes: entry.actualMinutes,
        statedBillableMinutes: entry.statedBillableMinutes,
        minimumMinutes,
        incrementMinutes,
        roundingScope,
        scopeMinutes,
        scopeBillableMinutes: scopeBillable,
        countedMinutes: counted,
        billableMinutes: minutes,
      },
    },
  };
}

function basisText(entry: EntryToRound): string {
  if (entry.statedBillableMinutes === null) return `${entry.actualMinutes} min`;
  return `${entry.statedBillableMinutes} min stated instead of ${entry.actualMinutes} min worked`;
}

function roundingText(card: RateCard): string {
  return `minimum ${card.minimumMinutes}, increment ${card.incrementMinutes}`;
}
