import { invariant, unreachable } from '@billtrail/kernel';
import { adjustmentsOf } from './settled/adjustments.js';
import { Amounts } from './rating/price/amounts.js';
import type { Assessed } from './rating/assessed.js';
import { Assessor } from './rating/assess.js';
import { inRatingOrder, segmentsInRatingOrder } from './rating/rating-order.js';
import { chargesOf } from './rating/charges/charges.js';
import type { BillableItem, ClientPeriodFacts, RatingResult, WorkItem } from './rating/facts.js';
import { frozenItems } from './settled/credited.js';
import { type FrozenWork, type FrozenWorkById, frozenWork } from './settled/settled-work.js';
import { gapsOf } from './gaps/of-items.js';
import { mismatchGaps } from './gaps/mismatches.js';
import { type Leftover, inOrderOfParts, placesOf } from './rating/items/numbering.js';
import { type Reopened, reopenedWork } from './settled/reopened.js';
import { pricedPart, repriceWith } from './rating/items/parts.js';
import type { HeldBack, PricedPart } from './rating/items/priced-part.js';
import { ScopesOfWork } from './rating/price/pricing-scopes.js';
import { Pricers } from './rating/price/pricing.js';
import { drawsOf } from './rating/prepaid/statement.js';
import { drawPrepaid } from './rating/prepaid/step-6-prepaid.js';
import { holdToCaps } from './rating/caps/step-7-caps.js';
import {
  type Place,
  coveredItem,
  isUnderWarranty,
  partItem,
  recordedQuantity,
  stepsOf,
  unpricedItem,
  warrantyStep,
  withClaim,
} from './rating/items/step-8-item.js';
import { isPending, isRatedWhole } from './rating/standing.js';
import { billableTimes } from './rating/time/times-to-round.js';
import type { Trace } from './item/trace.js';

/**
 * Rating: the facts of one client-period in, its billable items, charges and gaps out (rating.md). Pure: the same facts give the same result in
 * whatever order they come.
 *
 * The steps of rating.md, one function each: 2 `Timeline.segmentsOf`, 1 `contractChain` and 3 `cover` for each segment, 4 `roundTime`,
 * 5 `Pricer.price`, 6 `drawPrepaid`, 7 `holdToCaps`, 8 `partItem`. Then `chargesOf` what is not work.
 *
 * What is frozen is given as it was; of work that is partly frozen the rest is rated as it is now; what changed in frozen work follows as
 * adjustments (`adjustmentsOf` states the rule). Throws on facts that contradict each other: work of another month or client, work without
 * its ticket.
 */
export function rate(facts: ClientPeriodFacts): RatingResult {
  const frozen = frozenWork(facts);
  const work = inRatingOrder(facts.work);
  const assessor = new Assessor(facts, frozen);
  const assessedOnce = work.map((one) => assessor.assess(one));
  const reopened = reopenedWork(facts, frozen, assessedOnce);
  const byWork =
    reopened.size === 0
      ? assessedOnce
      : work.map((one, index) =>
          reopened.has(one.workItemId) ? assessor.assess(one, undefined, true) : (assessedOnce[index] ?? []),
        );
  const assessed = segmentsInRatingOrder(byWork);
  const pricers = new Pricers(facts.organisationCard ?? null);
  const priced = priceAll(assessed, facts, frozen, pricers);
  const drawn = drawPrepaid(priced.parts, facts, repriceWith(pricers), givingBack(frozen, byWork));
  const held = holdToCaps(drawn.parts, facts);
  const parts = byAssessed(held.parts);
  const made = new ItemMaker(facts, parts, priced.unpriced, reopened);
  const rated: BillableItem[] = [];
  const live = new Set<string>();
  byWork.forEach((segments, index) => {
    const one = work[index];
    if (one === undefined || segments.length === 0) return;
    live.add(one.workItemId);
    made.addItems(one, segments, rated);
  });
  for (const workItemId of [...frozen.keys()].filter((id) => !live.has(id)).sort()) {
    const gone = frozen.get(workItemId);
    if (gone === undefined) continue;
    for (const part of gone.parts) rated.push(...frozenItems(part, facts));
    rated.push(...adjustmentsOf(gone, [], facts));
  }
  const items = facts.claimed.size === 0 ? rated : rated.map((item) => withClaim(item, facts.claimed));
  const charged = chargesOf(facts, items);
  return {
    items,
    gaps: gapsOf(items, assessed, facts, pricers, mismatchGaps(facts, frozen, assessor, pricers)),
    charges: charged.charges,
    chargeGaps: charged.gaps,
    draws: drawsOf(items, facts),
    carriedOver: { balances: drawn.balances, caps: held.caps },
  };
}

/** Frozen work that may hold more draws than it needs now. A correction that nobody approved gives nothing back. */
function givingBack(frozen: FrozenWorkById, byWork: readonly (readonly Assessed[])[]): readonly FrozenWork[] {
  if (frozen.size === 0) return [];
  const keeping = new Set<string>();
  for (const [first] of byWork)
    if (first !== undefined && (!isRatedWhole(first) || isPending(first))) keeping.add(first.work.workItemId);
  return [...frozen.values()].filter(({ workItemId }) => !keeping.has(workItemId));
}

interface AllPriced {
  readonly parts: readonly PricedPart[];
  /** The steps of work that is billable or prepaid and has no price. */
  readonly unpriced: ReadonlyMap<Assessed, Trace>;
}

/** Steps 4 and 5, in the order of rating. */
function priceAll(
  assessed: readonly Assessed[],
  facts: ClientPeriodFacts,
  frozen: FrozenWorkById,
  pricers: Pricers,
): AllPriced {
  const times = billableTimes(assessed, facts.contracts);
  const scopes = new ScopesOfWork(assessed, frozen);
  const parts: PricedPart[] = [];
  const unpriced = new Map<Assessed, Trace>();
  for (const one of assessed) {
    const { placement, work } = one;
    if (placement === null || (placement.as !== 'billable' && placement.as !== 'prepaid')) continue;
    if (isUnderWarranty(work)) continue;
    const time = times.get(one) ?? null;
    const pricer = pricers.of(placement.inForce.version.terms);
    const price = pricer.price(
      one,
      time?.minutes ?? 0,
      work.kind === 'time' ? '' : recordedQuantity(one),
      scopes.of(one),
    );
    const result = pricedPart(one, placement.as, placement.inForce, time, price);
    if (result.part === null) unpriced.set(one, result.steps);
    else parts.push(result.part);
  }
  return { parts, unpriced };
}

function byAssessed(parts: readonly PricedPart[]): ReadonlyMap<Assessed, readonly PricedPart[]> {
  const map = new Map<Assessed, PricedPart[]>();
  for (const part of parts) {
    const known = map.get(part.assessed);
    if (known === undefined) map.set(part.assessed, [part]);
    else known.push(part);
  }
  return map;
}

const NO_PARTS: readonly PricedPart[] = [];

/** Makes the items of one piece of work after the other. */
class ItemMaker {
  private readonly amounts = new Amounts();

  constructor(
    private readonly facts: ClientPeriodFacts,
    private readonly parts: ReadonlyMap<Assessed, readonly PricedPart[]>,
    private readonly unpriced: ReadonlyMap<Assessed, Trace>,
    private readonly reopened: Reopened,
  ) {}

  addItems(work: WorkItem, segments: readonly Assessed[], items: BillableItem[]): void {
    const { facts } = this;
    const frozen = segments[0]?.frozen ?? null;
    if (frozen === null) {
      this.makeItems(work, segments, items);
      return;
    }
    for (const part of frozen.parts) items.push(...frozenItems(part, facts));
    const rated = segments.filter((one) => one.placement !== null);
    if (!rated.some(isRatedWhole)) {
      this.makeItems(work, rated, items);
      return;
    }
    const present: BillableItem[] = [];
    this.makeItems(work, rated, present);
    const reopened = this.reopened.get(work.workItemId);
    items.push(...adjustmentsOf(frozen, present, facts, this.heldBack(rated), reopened));
  }

  private heldBack(rated: readonly Assessed[]): readonly HeldBack[] {
    return rated.flatMap((one) => (this.parts.get(one) ?? NO_PARTS).flatMap((part) => part.heldBack ?? []));
  }

  private makeItems(work: WorkItem, rated: readonly Assessed[], made: BillableItem[]): void {
    const [only] = rated;
    if (only === undefined) return;
    if (rated.length === 1 && only.frozen === null && only.segment === null) {
      const parts = this.parts.get(only) ?? NO_PARTS;
      const [part] = parts;
      const place = { itemId: work.workItemId, segment: null };
      if (part === undefined) made.push(this.itemWithoutPrice(only, place));
      if (part !== undefined && parts.length === 1) made.push(partItem(part, this.facts, this.amounts, place));
      if (parts.length <= 1) return;
    }
    const leftovers = rated.map((one): Leftover => ({
      segment: one.segment,
      parts: inOrderOfParts(this.parts.get(one) ?? NO_PARTS),
    }));
    const places = placesOf(work.workItemId, only.frozen, leftovers);
    rated.forEach((one, index) => {
      const parts = leftovers[index]?.parts ?? NO_PARTS;
      places[index]?.forEach((place, number) => {
        const part = parts[number];
        made.push(
          part === undefined ? this.itemWithoutPrice(one, place) : partItem(part, this.facts, this.amounts, place),
        );
      });
    });
  }

  private itemWithoutPrice(one: Assessed, place: Place): BillableItem {
    const { placement } = one;
    const { facts } = this;
    invariant(placement !== null, `${place.itemId} is frozen`);
    switch (placement.as) {
      case 'no-charge':
        return coveredItem(one, facts, null, stepsOf(one), place);
      case 'unpriced':
        return unpricedItem(one, facts, placement.inForce, stepsOf(one), place);
      case 'included':
        return coveredItem(one, facts, placement.inForce, stepsOf(one), place);
      case 'prepaid':
      case 'billable': {
        const unpriced = this.unpriced.get(one);
        if (unpriced !== undefined) return unpricedItem(one, facts, placement.inForce, unpriced, place);
        return coveredItem(one, facts, placement.inForce, [...stepsOf(one), warrantyStep(one.work)], place);
      }
      default:
        return unreachable(placement);
    }
  }
}
