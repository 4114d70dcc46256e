import { type Minutes, Money, addTo } from '@billtrail/kernel';
import type { ClientPeriodFacts } from '../client-period.js';
import type { Assessor } from '../rating/assess.js';
import type { Assessed } from '../rating/assessed.js';
import { OUT_OF_SCOPE } from '../rating/coverage/scope.js';
import type { WorkItem } from '../rating/facts.js';
import type { Pricers } from '../rating/price/pricing.js';
import { priceWork } from '../rating/price-work.js';
import { settledLedger } from '../settled/ledger.js';

/** What a card asks for a piece of work, and how many of its minutes that is for. */
export interface PriceByCard {
  readonly minutes: Minutes;
  readonly money: Money;
}

/**
 * What the cards of their contracts ask for time that rules include, with minimum and increment, as if nothing of it were settled. Time that shares
 * a scope of rounding shares its minutes here too. Time that no rule includes by now, or that has no rate, has none.
 */
export function pricesByCard(
  work: readonly WorkItem[],
  assessor: Assessor,
  pricers: Pricers,
  facts: ClientPeriodFacts,
): ReadonlyMap<string, PriceByCard> {
  const included = work
    .filter(({ kind }) => kind === 'time')
    .flatMap((one) => assessor.assess(one, null).flatMap(billed));
  const { parts } = priceWork(included, settledLedger(included, new Map(), facts), pricers);
  const byWork = new Map<string, Assessed[]>();
  for (const one of included) addTo(byWork, one.work.workItemId, one);
  const prices = new Map<string, PriceByCard>();
  for (const [workItemId, segments] of byWork) {
    const standards = segments.flatMap((one) => parts.get(one) ?? []).map(({ standard }) => standard);
    const moneys = standards.filter((money) => money !== null);
    const [first] = moneys;
    if (first === undefined || moneys.length < segments.length) continue;
    const money = Money.sum(
      moneys.map((one) => one.rounded()),
      first.currency,
    );
    prices.set(workItemId, { minutes: segments.reduce((sum, { minutes }) => sum + minutes, 0), money });
  }
  return prices;
}

function billed(one: Assessed): readonly Assessed[] {
  const { placement } = one;
  if (placement?.as !== 'included') return [];
  const { inForce, steps } = placement;
  return [{ ...one, placement: { as: 'billable', inForce, rule: OUT_OF_SCOPE, steps } }];
}
