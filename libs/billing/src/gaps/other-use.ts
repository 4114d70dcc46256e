import type { PricedWork } from '../rating/items/item-maker.js';
import { PricingUse } from '../rating/price/pricing-scopes.js';
import { rankOf } from '../rating/standing.js';
import { RoundingUse } from '../rating/time/rounding-use.js';
import { usedBy } from '../settled/pricing-used.js';
import type { SettledWork, SettledWorkById } from '../settled/settled-work.js';
import type { RecheckCandidate } from './recheck.js';

/** What other work than that of the lines at hand holds of the scopes of prices, and of minimum and increment, that they are counted in now. */
export class OtherUse {
  readonly pricing = new PricingUse();
  readonly rounding = new RoundingUse();

  constructor(candidates: readonly RecheckCandidate[], settled: SettledWorkById, priced: PricedWork) {
    const compared = new Set(candidates.map(({ line }) => line.workItemId));
    const isSharedAnew = candidates.some((one) => one.isSharedAnew);
    const ratedNow = isSharedAnew ? this.addRated(compared, priced) : new Set<string>();
    for (const work of settled.values()) {
      if (compared.has(work.workItemId) || ratedNow.has(work.workItemId)) continue;
      for (const used of usedBy(work)) this.pricing.put(used);
      if (isSharedAnew) this.addRounding(work);
    }
  }

  /** Work that a document could take now. Returns the settled work among it that is rated whole again. */
  private addRated(compared: ReadonlySet<string>, { parts }: PricedWork): ReadonlySet<string> {
    const again = new Set<string>();
    for (const [{ work, earlier, isRest }, ofWork] of parts) {
      if (compared.has(work.workItemId) || rankOf(work) !== 0) continue;
      if (earlier !== null && !isRest) again.add(work.workItemId);
      const [first] = ofWork;
      const time = first?.time ?? null;
      if (time !== null && time.scopeId !== null) {
        const { scopeId: scope, basisMinutes, minutes: billableMinutes } = time;
        this.rounding.add({ scope, rounding: null, basisMinutes, billableMinutes });
      }
      for (const { price, billableMinutes } of ofWork) {
        if (price.unpriced !== null || price.basis.scope === null) continue;
        const { scope, charged } = price.basis;
        this.pricing.put({ scope, billableMinutes: billableMinutes ?? 0, charged });
      }
    }
    return again;
  }

  private addRounding({ parts }: SettledWork): void {
    for (const { item } of parts) {
      const scope = item.basis.rounding?.scopeId;
      if (scope === undefined) continue;
      const { actualMinutes, billableMinutes } = item;
      this.rounding.add({
        scope,
        rounding: null,
        basisMinutes: actualMinutes ?? 0,
        billableMinutes: billableMinutes ?? 0,
      });
    }
  }
}
