import { at, invariant, known, unreachable, type Money } from '@billtrail/kernel';
import type { Basis, RoundingBasis, UnpricedReason } from '../../item/basis.js';
import type { BillableItem } from '../../item/billable-item.js';
import { type MadeItem, NO_BASIS } from '../../item/made-item.js';
import { type Step, type Trace, told } from '../../item/trace.js';
import { type Assessed, stepsOf } from '../assessed.js';
import { capBasis, capStep } from '../caps/room.js';
import type { InForce } from '../coverage/placement.js';
import type { WorkItem } from '../facts.js';
import { Amounts } from '../price/amounts.js';
import type { Unpriced } from '../price/price.js';
import type { Pricers } from '../price/pricing.js';
import type { BillableTime } from '../time/step-4-billable-time.js';
import { courtesyStep } from '../courtesies.js';
import { type Leftover, inOrderOfParts, placesOf } from './numbering.js';
import type { PricedPart } from './priced-part.js';
import {
  type ClientPeriod,
  type Place,
  coveredItem,
  isUnderWarranty,
  partItem,
  recordedQuantity,
  unpricedItem,
  unpricedReason,
} from './step-8-item.js';
import { pricedFacts } from './work-facts.js';

const NO_PARTS: readonly PricedPart[] = [];

/** What steps 4 to 7 made of the work of a client-period. */
export interface PricedWork {
  readonly parts: ReadonlyMap<Assessed, readonly PricedPart[]>;
  /** Work that is billable or prepaid and has no price. */
  readonly unpriced: ReadonlyMap<Assessed, UnpricedWork>;
}

export interface UnpricedWork {
  readonly price: Unpriced;
  /** null for materials and expenses. */
  readonly time: BillableTime | null;
}

/** Step 8: makes the items of one piece of work after the other. */
export class ItemMaker {
  private readonly amounts = new Amounts();

  constructor(
    private readonly account: ClientPeriod,
    private readonly priced: PricedWork,
    private readonly pricers: Pricers,
  ) {}

  /** The items of the segments of one piece of work, which are rated: each has a placement. */
  addItems(work: WorkItem, rated: readonly Assessed[], made: MadeItem[]): void {
    const [only] = rated;
    if (only === undefined) return;
    if (rated.length === 1 && only.earlier === null && only.segment === null) {
      const parts = this.partsOf(only);
      const [part] = parts;
      const place = { itemId: work.workItemId, segment: null };
      if (part === undefined) made.push(this.withoutPart(only, place));
      else if (parts.length === 1) made.push(new MadePart(part, this.account, this.amounts, place));
      if (parts.length <= 1) return;
    }
    const leftovers = rated.map((one): Leftover => ({
      segment: one.segment,
      parts: inOrderOfParts(this.partsOf(one)),
    }));
    const places = placesOf(work.workItemId, only.earlier?.takenNumbers ?? null, leftovers);
    rated.forEach((one, index) => {
      const { parts } = at(leftovers, index, 'what is left of a stretch');
      at(places, index, 'the places of a stretch').forEach((place, number) => {
        const part = parts[number];
        made.push(
          part === undefined ? this.withoutPart(one, place) : new MadePart(part, this.account, this.amounts, place),
        );
      });
    });
  }

  partsOf(one: Assessed): readonly PricedPart[] {
    return this.priced.parts.get(one) ?? NO_PARTS;
  }

  /** Work that is free, or has no price. */
  private withoutPart(one: Assessed, place: Place): MadeItem {
    const { placement } = one;
    invariant(placement !== null, `${place.itemId} is settled, so it is not made again`);
    switch (placement.as) {
      case 'no-charge': {
        const { instead } = placement;
        const standard = instead.inForce === null ? null : this.standardOf(one, instead.inForce);
        return covered(one, coveredItem(one, this.account, null, standard, place), NO_STEPS);
      }
      case 'unpriced':
        return unpriced(
          one,
          this.account,
          placement.inForce,
          { unpriced: placement.reason, steps: NO_STEPS },
          null,
          place,
        );
      case 'included': {
        const { inForce } = placement;
        return covered(one, coveredItem(one, this.account, inForce, this.standardOf(one, inForce), place), NO_STEPS);
      }
      case 'prepaid':
      case 'billable': {
        const { inForce } = placement;
        if (isUnderWarranty(one.work)) {
          const item = coveredItem(one, this.account, inForce, this.standardOf(one, inForce), place);
          return covered(one, item, [() => warrantyStep(one.work)]);
        }
        const { price, time } = known(this.priced.unpriced, one, 'the reason for no price of a stretch');
        return unpriced(one, this.account, inForce, price, time, place);
      }
      default:
        return unreachable(placement);
    }
  }

  /** Of free work its own minutes count, or those that were stated for it: no minimum and no increment is laid on it. */
  private standardOf(one: Assessed, { version }: InForce): Money | null {
    const { work } = one;
    const stated = work.kind === 'time' && one.segment === null ? work.statedBillableMinutes : null;
    return this.pricers
      .of(version.terms)
      .standardOf(one, stated ?? one.minutes, work.kind === 'time' ? '' : recordedQuantity(one));
  }
}

const NO_STEPS: readonly Step[] = [];

/** The item of a part that steps 5 to 7 made. */
class MadePart implements MadeItem {
  readonly item: BillableItem;

  constructor(
    private readonly part: PricedPart,
    account: ClientPeriod,
    private readonly amounts: Amounts,
    place: Place,
  ) {
    const reason = unpricedReason(part);
    const item = partItem(part, account, amounts, place, reason);
    this.item = reason === null ? item : { ...item, unpriced: { reason, cause: this.whyUnpriced(reason) } };
  }

  basis(): Basis {
    const { assessed, time, price, prepaid, paidOf, isRestOfCut, cap } = this.part;
    const isPriced = price.unpriced === null;
    return {
      ...basisOf(assessed),
      rounding: roundingOf(time),
      price: isPriced ? price.basis : null,
      discount: isPriced ? price.discount : null,
      prepaid,
      ...(paidOf === undefined || cap !== null ? {} : { paidOf }),
      ...(isRestOfCut === undefined ? {} : { isRestOfCut }),
      cap: cap === null ? null : capBasis(cap),
      unpriced: unpricedReason(this.part),
    };
  }

  trace(): Trace {
    const { assessed, time, price, draw } = this.part;
    // Of prepaid time without a rate that a block covers nothing is said of a price.
    const priceSteps = price.unpriced !== null && draw !== null ? NO_STEPS : price.steps;
    return told(stepsOf(assessed), stepOf(time), priceSteps, this.lastSteps());
  }

  private lastSteps(): readonly Step[] {
    const { after, cap, draw, given } = this.part;
    const held = cap === null ? NO_STEPS : [() => capStep(cap)];
    const isAsked = draw === null && unpricedReason(this.part) === null;
    return [
      ...after,
      ...held,
      ...(isAsked ? [this.amounts.of(this.part).step] : NO_STEPS),
      ...(given === undefined ? NO_STEPS : [() => courtesyStep(given, this.item)]),
    ];
  }

  /** Why there is no price: what the cap says that holds the part, else what the rate says. */
  private whyUnpriced(reason: UnpricedReason): string {
    const { cap, price } = this.part;
    return cap === null || reason !== 'above-cap' ? lastOf(price.steps) : capStep(cap).text;
  }
}

/** What is known of every stretch of work that is rated. */
function basisOf({ work, placement, rateClass, segmentStep }: Assessed): Basis {
  const declared = work.kind === 'time' ? work.rateClass : null;
  const isPlaced = placement !== null && placement.as !== 'no-charge' && placement.as !== 'unpriced';
  return {
    ...NO_BASIS,
    work: pricedFacts(work),
    ...(isPlaced ? takenFrom(placement.inForce) : {}),
    ruleId: isPlaced ? placement.rule.id : null,
    rateClass: segmentStep === null ? declared : rateClass,
  };
}

function takenFrom({ version }: InForce): Pick<Basis, 'card'> {
  const { taken } = version.terms.rateCard;
  return taken === undefined ? {} : { card: taken };
}

function covered(one: Assessed, item: BillableItem, steps: readonly Step[]): MadeItem {
  return { item, basis: () => basisOf(one), trace: () => told(stepsOf(one), steps) };
}

function unpriced(
  one: Assessed,
  account: ClientPeriod,
  inForce: InForce | null,
  { unpriced: reason, steps }: Pick<Unpriced, 'unpriced' | 'steps'>,
  time: BillableTime | null,
  place: Place,
): MadeItem {
  const trace = (): Trace => told(stepsOf(one), stepOf(time), steps);
  const cause = lastOf(steps.length === 0 ? stepsOf(one) : steps);
  return {
    item: unpricedItem(one, account, inForce, { reason, cause }, place),
    basis: () => ({ ...basisOf(one), rounding: roundingOf(time), unpriced: reason }),
    trace,
  };
}

function stepOf(time: BillableTime | null): readonly Step[] {
  return time === null ? NO_STEPS : [time.step];
}

function roundingOf(time: BillableTime | null): RoundingBasis | null {
  if (time === null) return null;
  const { scope, basisMinutes, scopeId } = time;
  return scopeId === null ? { scope, basisMinutes } : { scope, basisMinutes, scopeId };
}

/** What the step says that ends the way of work without a price (`unpricedStep`). */
function lastOf(steps: readonly Step[]): string {
  return at(steps, steps.length - 1, 'the step that says why work has no price')().text;
}

function warrantyStep(work: WorkItem): ReturnType<Step> {
  const { serialNumber = null, warrantyClaim } = work as Partial<Extract<WorkItem, { kind: 'material' }>>;
  const by = warrantyClaim === undefined ? '' : ` by claim ${warrantyClaim}`;
  return {
    step: 'warranty',
    text: `under warranty${by}${serialNumber === null ? '' : `, serial number ${serialNumber}`}: no charge`,
    facts: { underWarranty: true, serialNumber, ...(warrantyClaim !== undefined && { warrantyClaim }) },
  };
}
