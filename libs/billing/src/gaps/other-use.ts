import type { PricedWork } from '../rating/items/item-maker.js';
import type { Assessed } from '../rating/assessed.js';
import type { WorkItem } from '../rating/facts.js';
import type { PricedPart } from '../rating/items/priced-part.js';
import { PricingUse } from '../rating/price/pricing-scopes.js';
import { standingOf } from '../rating/standing.js';
import { type Rounding, Roundings } from '../rating/time/rounding.js';
import { RoundingUse } from '../rating/time/rounding-use.js';
import type { BillableTime } from '../rating/time/step-4-billable-time.js';
import { statedIn } from '../rating/time/times-to-round.js';
import { type PublishedTerms, classOf, versionOf } from '../settled/priced-then.js';
import { usedBy } from '../settled/pricing-used.js';
import type { SettledPart, SettledWork, SettledWorkById } from '../settled/settled-work.js';
import type { RecheckCandidate } from './recheck.js';

/** What other work than that of the lines at hand holds of the scopes of prices, and of minimum and increment, that they are counted in now. */
export class OtherUse {
  readonly pricing = new PricingUse();
  readonly rounding = new RoundingUse();
  private readonly roundings = new Roundings();

  /** `live`: the work of the period; what is settled of other work was given back. */
  constructor(
    candidates: readonly RecheckCandidate[],
    settled: SettledWorkById,
    live: ReadonlyMap<string, WorkItem>,
    { parts, unpriced }: PricedWork,
    private readonly published: PublishedTerms,
  ) {
    const compared = new Set(candidates.map(({ line }) => line.workItemId));
    const drafted = new Set(candidates.flatMap(({ line, isDraft }) => (isDraft ? [line.workItemId] : [])));
    // Of work of which a part is settled the rest is other work; its price is one with that of the part.
    const isOther = ({ work, isRest }: Assessed): boolean =>
      standingOf(work) !== 'alone' && (!compared.has(work.workItemId) || (isRest && !drafted.has(work.workItemId)));
    const again = new Set<string>();
    for (const [one, ofWork] of parts) {
      if (!isOther(one)) continue;
      const { work, earlier, isRest } = one;
      if (earlier !== null && !isRest) again.add(work.workItemId);
      this.addTime(one, ofWork[0]?.time ?? null);
      if (!compared.has(work.workItemId)) this.addPrices(ofWork);
    }
    for (const [one, { time }] of unpriced) if (isOther(one)) this.addTime(one, time);
    for (const work of settled.values()) {
      const { workItemId } = work;
      const now = live.get(workItemId);
      if (now === undefined || compared.has(workItemId) || again.has(workItemId)) continue;
      for (const used of usedBy(work)) this.pricing.put(used);
      for (const part of work.parts) this.addRounding(part, work, now);
    }
  }

  /** Of work that a document could take now, or once it is approved, or has a price. */
  private addTime({ work, placement, rateClass }: Assessed, time: BillableTime | null): void {
    if (time === null || time.scopeId === null || work.kind !== 'time') return;
    const { scopeId: scope, basisMinutes, minutes: billableMinutes } = time;
    const inForce = placement === null || placement.as === 'no-charge' ? null : placement.inForce;
    const rounding =
      inForce === null ? null : this.roundings.of(inForce.version.terms.rateCard, work.workType, rateClass);
    this.rounding.add({ scope, rounding, basisMinutes, billableMinutes });
  }

  /** It was priced on what is settled, so settled work is counted before it. */
  private addPrices(parts: readonly PricedPart[]): void {
    for (const { price } of parts) {
      if (price.unpriced !== null || price.basis.scope === null) continue;
      this.pricing.put({ scope: price.basis.scope, billableMinutes: 0, charged: price.basis.charged });
    }
  }

  private addRounding({ item }: SettledPart, { latest }: SettledWork, now: WorkItem): void {
    const { basis, actualMinutes, billableMinutes, segment } = item;
    const scope = basis.rounding?.scopeId;
    if (scope === undefined || now.kind !== 'time') return;
    const then = basis.work ?? latest.basis.work;
    const work =
      then?.kind === 'time'
        ? { minutes: then.actualMinutes, statedBillableMinutes: then.statedBillableMinutes }
        : { minutes: now.minutes, statedBillableMinutes: now.statedBillableMinutes };
    const stated = segment === undefined ? null : statedIn(work, segment.fromMinute, segment.toMinute);
    const isWhole = segment === undefined && actualMinutes === work.minutes;
    this.rounding.add({
      scope,
      rounding: this.roundingThen(item, now.workType),
      basisMinutes: stated ?? (isWhole ? work.statedBillableMinutes : null) ?? actualMinutes ?? 0,
      billableMinutes: billableMinutes ?? 0,
    });
  }

  private roundingThen(item: SettledPart['item'], workType: string): Rounding | null {
    const inForce = versionOf(item, this.published);
    const then = item.basis.work?.kind === 'time' ? item.basis.work.workType : workType;
    return inForce === null ? null : this.roundings.of(inForce.version.terms.rateCard, then, classOf(item));
  }
}
