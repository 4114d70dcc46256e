import type { Assessed } from '../rating/assessed.js';
import { type PricingLedger, PricingUse, type PricingUsed } from '../rating/price/pricing-scopes.js';
import { isPending, isRatedAgain, wasForgoneAlone } from '../rating/standing.js';
import type { SettledWork, SettledWorkById } from './settled-work.js';

/** What settled work holds of the scopes that tiers and prices charged once are counted over. */
export function settledPricing(assessed: readonly Assessed[], settled: SettledWorkById): PricingLedger {
  const use = new PricingUse();
  if (settled.size > 0) {
    const rated = new Map<string, Assessed>();
    for (const one of assessed) if (one.earlier !== null) rated.set(one.work.workItemId, one);
    for (const work of settled.values()) {
      const one = rated.get(work.workItemId);
      if (one === undefined || wasForgoneAlone(one.work, work)) continue;
      if (isRatedAgain(one) && !isPending(one)) continue;
      for (const used of usedBy(work)) use.put(used);
    }
  }
  return {
    use,
    usedBy: (workItemId) => {
      const work = settled.get(workItemId);
      return work === undefined ? [] : usedBy(work);
    },
  };
}

/** What each settled item of the work holds of the scope that its price was counted over. */
export function usedBy({ parts }: Pick<SettledWork, 'parts'>): readonly PricingUsed[] {
  return parts.flatMap(({ item: { basis, billableMinutes } }) => {
    const { scope = null, charged = false } = basis.price ?? {};
    // What is above a cap and has no price holds no billable minutes.
    return scope === null ? [] : [{ scope, billableMinutes: billableMinutes ?? 0, charged }];
  });
}
