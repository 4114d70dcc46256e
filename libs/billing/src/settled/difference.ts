import { invariant } from '@billtrail/kernel';
import { type Holding, NOTHING, areEqual, minus, plus } from './holding.js';

/** What is settled of work or of a charge: what the client was asked, and what of it was forgone. null: nothing was. */
export interface Settled {
  readonly invoiced: Holding;
  readonly forgone: Holding | null;
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
 * What was invoiced is asked or owed. What was forgone was never asked of the client, or was given back already: a decrease makes that smaller
 * first, and is credited only as far as what should be falls below what was invoiced.
 */
export function differenceOf(settled: Settled, now: Holding): Difference {
  const difference = between(settled, now);
  const { owed, forgone } = difference;
  const before = settled.forgone === null ? settled.invoiced : plus(settled.invoiced, settled.forgone);
  invariant(
    areEqual(plus(before, plus(owed ?? NOTHING, forgone ?? NOTHING)), now),
    'what is settled and its difference are not what should be',
  );
  invariant(forgone === null || settled.forgone !== null, 'nothing was forgone, and some of that is taken back');
  return difference;
}

function between({ invoiced, forgone }: Settled, now: Holding): Difference {
  if (forgone === null) return { owed: minus(now, invoiced), forgone: null };
  if (now.net.lt(invoiced.net)) return { owed: minus(now, invoiced), forgone: minus(NOTHING, forgone) };
  const change = minus(now, plus(invoiced, forgone));
  return change.net.gt(0) ? { owed: change, forgone: null } : { owed: null, forgone: change };
}
