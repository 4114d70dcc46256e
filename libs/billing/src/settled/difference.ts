import { Decimal, invariant } from '@billtrail/kernel';
import { type Holding, NOTHING, areEqual, isNothing, minus, plus } from './holding.js';
import { type NamedValue, standingOf } from './named-value.js';

/** What is settled of work or of a charge. Together they are what it was frozen at. */
export interface Settled {
  /** What the client was asked, less what was given back of it. */
  readonly invoiced: Holding;
  /** Parts that were written off and never asked. null: none were. */
  readonly forgone: Holding | null;
  /** Which of the whole value those parts name. */
  readonly named: NamedValue;
  /** Money that credit notes gave back of what had been invoiced, and wrote off. null: none. */
  readonly givenBack: Holding | null;
}

/** What follows where something should be other than what is settled of it. */
export interface Difference {
  /** What is still asked of the client, or owed to it where its net is below zero. null: nothing changes there. */
  readonly owed: Holding | null;
  /** What is forgone less than it was, at most zero. null: nothing changes there. */
  readonly forgone: Holding | null;
}

/**
 * The difference between what is settled and what should be, for work and for charges alike, in minutes, quantity and net. Together with what is
 * settled it is what should be, exactly (law L1).
 *
 * Worked out beside it, because nothing of it is asked or forgone: what work draws of a block more or less, in the unit of the block
 * (`drawDifferences`; what is covered is taken off both sides first); the minutes of work that has no price (`withoutPrice`); standard value and
 * cost, which the first adjustment tells. What is left of one price whatever the minutes is no difference: it is the price of the rest (`restOfFlat`).
 *
 * What was invoiced is asked or owed. A part that was written off was never asked of the client, and forgoes what it names of the value (`NamedValue`): it
 * stands as far as what should be reaches into that. So a decrease undoes what came last: the half hour more that was written off, or the hour more that
 * was invoiced after a write-off; and whether a line below it is credited to be billed again changes no sum. Money that was given back forgoes what it names and nothing else: it stands through
 * later changes in both directions, and ends only as far as what should be is less than it, for the client is never given back more than it was asked.
 */
export function differenceOf(settled: Settled, now: Holding): Difference {
  const { invoiced, forgone, givenBack, named } = settled;
  const stands = forgone === null ? NOTHING.net : standingOf(named, now.net);
  const back = givenBack === null ? NOTHING : atMost(givenBack, now.net.minus(stands));
  const ended = givenBack === null ? NOTHING : minus(back, givenBack);
  const before = plus(plus(invoiced, forgone ?? NOTHING), givenBack ?? NOTHING);
  const change = minus(minus(now, before), ended);
  const { owed, forgone: less } = forgone === null ? { owed: change, forgone: null } : between(forgone, stands, change);
  const all = isNothing(ended) ? less : plus(less ?? NOTHING, ended);
  invariant(
    areEqual(plus(before, plus(owed ?? NOTHING, all ?? NOTHING)), now),
    'what is settled and its difference are not what should be',
  );
  invariant(
    all === null || forgone !== null || givenBack !== null,
    'nothing was forgone, and some of that is taken back',
  );
  return { owed, forgone: all };
}

/** What of the money that was given back can stand beside a net. */
function atMost(givenBack: Holding, net: Decimal): Holding {
  invariant(!givenBack.net.isNegative(), 'less than nothing was given back');
  return { ...givenBack, net: Decimal.max(0, Decimal.min(givenBack.net, net)) };
}

/** A change of what is asked and forgone, where so much of what is forgone stands. */
function between(forgone: Holding, stands: Decimal, change: Holding): Difference {
  const ends = stands.minus(forgone.net);
  if (change.net.equals(ends)) return { owed: null, forgone: change };
  if (ends.isZero()) return { owed: change, forgone: null };
  const less = endingOf(forgone, ends);
  return { owed: minus(change, less), forgone: less };
}

const QUANTITY_PLACES = 6;

/** What ends of parts that were written off: minutes and pieces as far as the money. */
function endingOf(forgone: Holding, net: Decimal): Holding {
  const part = (of: Decimal | number): Decimal => new Decimal(of).times(net).div(forgone.net);
  return {
    actualMinutes: part(forgone.actualMinutes).round().toNumber(),
    billableMinutes: part(forgone.billableMinutes).round().toNumber(),
    quantity: part(forgone.quantity).toDecimalPlaces(QUANTITY_PLACES),
    net,
    currency: forgone.currency,
  };
}
