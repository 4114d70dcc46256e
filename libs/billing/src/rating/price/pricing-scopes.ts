import type { Minutes } from '@billtrail/kernel';
import type { WorkTypePricing } from '@billtrail/contracts';
import type { Assessed } from '../assessed.js';
import type { FrozenWork, FrozenWorkById } from '../../settled/settled-work.js';
import { isPending, isRatedWhole, standingOf, wasForgoneAlone } from '../standing.js';
import { type ScopeSoFar, scopeOfPricing } from './work-type-pricing.js';

/**
 * What tiers and prices that are charged once are counted over: an entry, a ticket's day or a ticket, under one contract version and for one
 * work type. The identity stands in the trace of an item, so that what is frozen counts on.
 */
export function pricingScopeOf(one: Assessed, pricing: WorkTypePricing): string {
  const { placement, work, date } = one;
  const inForce = placement === null || placement.as === 'no-charge' ? null : placement.inForce;
  const version = inForce === null ? '' : `${inForce.contract.contractId} version ${inForce.version.versionNumber}`;
  const scope = `${version}, ${pricing.workType}`;
  switch (scopeOfPricing(pricing)) {
    case 'ticket':
      return `${scope}, ticket ${work.ticketId}`;
    case 'ticket-day':
      return `${scope}, ticket ${work.ticketId} on ${date}`;
    default:
      return `${scope}, entry ${work.workItemId}`;
  }
}

interface Tally {
  billableMinutes: Minutes;
  /** How many pieces of work carry what is charged once: of frozen work there may be several, as each was charged then. */
  charges: number;
}

/** What scopes hold so far in one call of `rate`: what is frozen first, then the work in the order of rating. */
export class PricingScopes {
  private readonly scopes = new Map<string, Tally>();

  /** `isLeftOut`: work whose frozen items count for nothing, because it is rated whole again or is gone. */
  constructor(frozen: FrozenWorkById, isLeftOut: (workItemId: string) => boolean) {
    for (const work of frozen.values()) if (!isLeftOut(work.workItemId)) this.count(work, 1);
  }

  before(scope: string): ScopeSoFar {
    const { billableMinutes, charges } = this.of(scope);
    return { billableMinutes, isCharged: charges > 0 };
  }

  /** Minutes that are priced in the scope; with them what is charged once is charged. */
  add(scope: string, minutes: Minutes): void {
    const known = this.of(scope);
    known.billableMinutes += minutes;
    known.charges += 1;
  }

  /** From here on what is frozen of the work counts no more: it is priced as it is now. */
  takeOut(frozen: FrozenWork): void {
    this.count(frozen, -1);
  }

  private count({ parts }: FrozenWork, sign: 1 | -1): void {
    for (const { item } of parts) {
      const facts = item.trace.find((step) => typeof step.facts['pricedOver'] === 'string')?.facts;
      if (facts === undefined) continue;
      const scope = this.of(String(facts['pricedOver']));
      scope.billableMinutes += sign * (item.billableMinutes ?? 0);
      if (facts['charged'] === true) scope.charges += sign;
    }
  }

  private of(scope: string): Tally {
    let known = this.scopes.get(scope);
    if (known === undefined) {
      known = { billableMinutes: 0, charges: 0 };
      this.scopes.set(scope, known);
    }
    return known;
  }
}

const NOTHING_FROZEN: FrozenWorkById = new Map();

/** The scopes as each piece of work finds them, in the order of rating. */
export class ScopesOfWork {
  private readonly shared: PricingScopes;
  private readonly alone = new Map<string, PricingScopes>();
  private readonly takenOut = new Set<string>();

  constructor(assessed: readonly Assessed[], frozen: FrozenWorkById) {
    const works = new Map<string, Assessed>();
    if (frozen.size > 0) for (const one of assessed) if (one.frozen !== null) works.set(one.work.workItemId, one);
    this.shared = new PricingScopes(frozen, (workItemId) => {
      const one = works.get(workItemId);
      if (one === undefined || one.frozen === null || wasForgoneAlone(one.work, one.frozen)) return true;
      return isRatedWhole(one) && !isPending(one);
    });
  }

  of(one: Assessed): PricingScopes {
    const { work, frozen } = one;
    const { workItemId } = work;
    const standing = standingOf(work);
    if (standing === 'alone') {
      const known = this.alone.get(workItemId) ?? new PricingScopes(NOTHING_FROZEN, () => false);
      this.alone.set(workItemId, known);
      return known;
    }
    if (standing === 'provisional' && frozen !== null && isPending(one) && !this.takenOut.has(workItemId)) {
      this.takenOut.add(workItemId);
      this.shared.takeOut(frozen);
    }
    return this.shared;
  }
}
