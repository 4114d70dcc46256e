import { Decimal, invariant } from '@billtrail/kernel';
import { type Holding, NOTHING, areEqual, isNothing, minus, plus } from './holding.js';

/** What is settled of work or of a charge. Together they are what it was frozen at. */
export interface Settled {
  /** What the client was asked, less what was given back of it. */
  readonly invoiced: Holding;
  /** Parts that were written off and never asked. null: none were. */
  readonly forgone: Holding | null;
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
 * What was invoiced is asked or owed. A part that was written off was never asked of the client: a decrease makes that smaller first, and is credited
 * only as far as what should be falls below what was invoiced. Money that was given back forgoes what it names and nothing else: it stands through
 * later changes in both directions, and ends only as far as what should be is less than it, for the client is never given back more than it was asked.
 */
export function differenceOf(settled: Settled, now: Holding): Difference {
  const { invoiced, forgone, givenBack } = settled;
  const standing = givenBack === null ? NOTHING : atMost(givenBack, now.net);
  const difference = between(invoiced, forgone, minus(now, standing));
  const ended = givenBack === null ? NOTHING : minus(standing, givenBack);
  const less = isNothing(ended) ? difference.forgone : plus(difference.forgone ?? NOTHING, ended);
  const { owed } = difference;
  const before = plus(plus(invoiced, forgone ?? NOTHING), givenBack ?? NOTHING);
  invariant(
    areEqual(plus(before, plus(owed ?? NOTHING, less ?? NOTHING)), now),
    'what is settled and its difference are not what should be',
  );
  invariant(
    less === null || forgone !== null || givenBack !== null,
    'nothing was forgone, and some of that is taken back',
  );
  return { owed, forgone: less };
}

/** What of the money that was given back can stand beside a net. */
function atMost(givenBack: Holding, net: Decimal): Holding {
  invariant(!givenBack.net.isNegative(), 'less than nothing was given back');
  return { ...givenBack, net: Decimal.max(0, Decimal.min(givenBack.net, net)) };
}

function between(invoiced: Holding, forgone: Holding | null, now: Holding): Difference {
  if (forgone === null) return { owed: minus(now, invoiced), forgone: null };
  if (now.net.lt(invoiced.net)) return { owed: minus(now, invoiced), forgone: minus(NOTHING, forgone) };
  const change = minus(now, plus(invoiced, forgone));
  return change.net.gt(0) ? { owed: change, forgone: null } : { owed: null, forgone: change };
}
