import type { Minutes } from '@billtrail/kernel';
import type { WorkTypePricing } from '@billtrail/contracts';
import type { Assessed } from '../assess.js';
import type { FrozenWorkById } from '../items/frozen.js';
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

/** What scopes hold so far in one call of `rate`: what is frozen first, then the work in the order of rating. */
export class PricingScopes {
  private readonly scopes = new Map<string, { billableMinutes: Minutes; isCharged: boolean }>();

  /** `isCorrected`: work that is rated whole although it is frozen counts as it is now. */
  constructor(frozen: FrozenWorkById, isCorrected: (workItemId: string) => boolean) {
    for (const { workItemId, parts } of frozen.values()) {
      if (isCorrected(workItemId)) continue;
      for (const { item } of parts) {
        const facts = item.trace.find((step) => typeof step.facts['pricedOver'] === 'string')?.facts;
        if (facts === undefined) continue;
        const scope = this.of(String(facts['pricedOver']));
        scope.billableMinutes += item.billableMinutes ?? 0;
        scope.isCharged ||= facts['charged'] === true;
      }
    }
  }

  before(scope: string): ScopeSoFar {
    return { ...this.of(scope) };
  }

  /** Minutes that are priced in the scope; with them what is charged once is charged. */
  add(scope: string, minutes: Minutes): void {
    const known = this.of(scope);
    known.billableMinutes += minutes;
    known.isCharged = true;
  }

  private of(scope: string): { billableMinutes: Minutes; isCharged: boolean } {
    let known = this.scopes.get(scope);
    if (known === undefined) {
      known = { billableMinutes: 0, isCharged: false };
      this.scopes.set(scope, known);
    }
    return known;
  }
}
