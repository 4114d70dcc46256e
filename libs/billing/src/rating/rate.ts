import { adjustmentsOf } from './adjustments.js';
import { type Assessed, Assessor, entriesToRound, inRatingOrder } from './assess.js';
import type { BillableItem, ClientPeriodFacts, RatingResult } from './facts.js';
import { frozenWork } from './frozen.js';
import type { Placement } from './placement.js';
import { Pricers } from './pricing.js';
import { gapsOf } from './gaps-of-items.js';
import { frozenItem, isUnderWarranty, ratedItem, withClaim } from './step-8-item.js';
import { type BillableTime, roundTime } from './step-4-billable-time.js';

/**
 * Rating: the facts of one client-period in, its billable items and gaps out (rating.md). Pure: the same facts give the same result in
 * whatever order they come.
 *
 * The steps of rating.md, one function each: 1 `contractChain`, 3 `cover`, 4 `roundTime`, 5 `labourRate`, `materialRate` and `expenseRate`,
 * 8 `ratedItem`. Steps 2 (segments), 6 (prepaid) and 7 (caps) have no facts yet to work on: segments will be cut
 * before `Assessor.assess`, blocks drawn between `roundTime` and `Pricer.price`, caps laid over the items before `gapsOf`.
 *
 * What is frozen is given as it was; what changed in its work since then follows as adjustments (`adjustmentsOf` states the rule).
 * Throws on facts that contradict each other: work of another month or client, work without its ticket.
 */
export function rate(facts: ClientPeriodFacts): RatingResult {
  const frozen = frozenWork(facts);
  const assessor = new Assessor(facts, frozen);
  const assessed = inRatingOrder(facts.work).map((work) => assessor.assess(work));
  const times = roundTime(entriesToRound(assessed, facts.contracts));
  const pricers = new Pricers();
  const items: BillableItem[] = [];
  const live = new Set<string>();
  for (const one of assessed) {
    live.add(one.work.workItemId);
    for (const part of one.frozen?.parts ?? []) items.push(frozenItem(part, facts));
    if (one.placement === null) continue;
    const time = times.get(one.work.workItemId) ?? null;
    for (const item of presentItems(one, one.placement, time, facts, pricers))
      items.push(withClaim(item, facts.claimed));
  }
  for (const workItemId of [...frozen.keys()].filter((id) => !live.has(id)).sort()) {
    const gone = frozen.get(workItemId);
    if (gone === undefined) continue;
    for (const part of gone.parts) items.push(frozenItem(part, facts));
    for (const item of adjustmentsOf(gone, null, facts)) items.push(withClaim(item, facts.claimed));
  }
  return { items, gaps: gapsOf(items, assessed, facts, pricers) };
}

/** The item of work that is not frozen; the adjustments of work that is and has changed. */
function presentItems(
  assessed: Assessed,
  placement: Placement,
  time: BillableTime | null,
  facts: ClientPeriodFacts,
  pricers: Pricers,
): readonly BillableItem[] {
  const item = ratedItem(assessed, placement, facts, isUnderWarranty(assessed.work) ? null : time, (inForce) =>
    pricers.of(inForce.version.terms.rateCard).price(assessed.work, time),
  );
  return assessed.frozen === null ? [item] : adjustmentsOf(assessed.frozen, item, facts);
}
