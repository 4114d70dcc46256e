import type { Assessed } from '../rating/assessed.js';
import type { ClientPeriodFacts } from '../client-period.js';
import type { DrawnBefore } from '../rating/prepaid/drawn-before.js';
import { PrepaidStock } from '../rating/prepaid/prepaid-stock.js';
import type { Ledger } from '../rating/price-work.js';
import { isPending, isRatedAgain } from '../rating/standing.js';
import { settledCaps } from './caps-used.js';
import { drawnBefore, frozenDraws } from './draws.js';
import { settledPricing } from './pricing-used.js';
import { settledRounding } from './rounding-used.js';
import type { SettledWorkById } from './settled-work.js';

/** What work shares with other work, filled with what is settled. */
export function settledLedger(
  assessed: readonly Assessed[],
  settled: SettledWorkById,
  facts: ClientPeriodFacts,
): Ledger {
  return {
    rounding: settledRounding(assessed, settled, facts),
    pricing: settledPricing(assessed, settled),
    stock: new PrepaidStock(facts, frozenDraws(facts)),
    givingBack: givingBack(assessed, settled),
    caps: settledCaps(facts),
  };
}

/** Settled work that may hold more draws than it needs now. A correction that nobody approved gives nothing back. */
function givingBack(assessed: readonly Assessed[], settled: SettledWorkById): readonly DrawnBefore[] {
  if (settled.size === 0) return [];
  // All that is rated of a piece of work is rated again, or none of it.
  const rated = new Map(assessed.map((one) => [one.work.workItemId, one]));
  const drawn: DrawnBefore[] = [];
  for (const work of settled.values()) {
    const one = rated.get(work.workItemId);
    if (one === undefined || one.earlier === null) drawn.push(drawnBefore(work));
    else if (isRatedAgain(one) && !isPending(one)) drawn.push(one.earlier.drawnBefore());
  }
  return drawn;
}
