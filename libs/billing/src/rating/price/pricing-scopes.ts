import type { Minutes } from '@billtrail/kernel';
import type { WorkTypePricing } from '@billtrail/contracts';
import type { Assessed } from '../assessed.js';
import { isPending, standingOf } from '../standing.js';
import { scopedWork, visitOf } from '../visit.js';
import { type ScopeSoFar, scopeOfPricing } from './work-type-pricing.js';

/**
 * What tiers and prices that are charged once are counted over: an entry, a ticket's day, a ticket or a visit, under one contract version and for one
 * work type. The identity stands in the basis of an item, so that what is frozen counts on.
 */
export function pricingScopeOf(one: Assessed, pricing: WorkTypePricing): string {
  const { placement, work, ticket, date } = one;
  const inForce = placement === null || placement.as === 'no-charge' ? null : placement.inForce;
  const version = inForce === null ? '' : `${inForce.contract.contractId} version ${inForce.version.versionNumber}`;
  const scope = `${version}, ${pricing.workType}`;
  switch (scopeOfPricing(pricing)) {
    case 'ticket':
      return `${scope}, ticket ${ticket.ticketId}`;
    case 'ticket-day':
      return `${scope}, ticket ${ticket.ticketId} on ${date}`;
    case 'visit':
      return inForce === null ? scope : `${scope}, ${visitOf(scopedWork(one), inForce.version.terms.rateCard)}`;
    default:
      return `${scope}, entry ${work.workItemId}`;
  }
}

/** What settled work has used of a scope that prices are counted over. */
export interface PricingUsed {
  readonly scope: string;
  readonly billableMinutes: Minutes;
  /** True where it carries what is charged once. */
  readonly charged: boolean;
}

interface Tally {
  billableMinutes: Minutes;
  /** How many pieces of work carry what is charged once: of settled work there may be several, as each was charged then. */
  charges: number;
}

/** What scopes hold so far: what is settled first, then the work in the order of rating. */
export class PricingUse {
  private readonly scopes = new Map<string, Tally>();

  before(scope: string): ScopeSoFar {
    const { billableMinutes, charges } = this.of(scope);
    return { billableMinutes, isCharged: charges > 0 };
  }

  /** Minutes that are priced in the scope; with them what is charged once is charged. */
  add(scope: string, minutes: Minutes): void {
    this.put({ scope, billableMinutes: minutes, charged: true });
  }

  put({ scope, billableMinutes, charged }: PricingUsed): void {
    const known = this.of(scope);
    known.billableMinutes += billableMinutes;
    if (charged) known.charges += 1;
  }

  takeOut({ scope, billableMinutes, charged }: PricingUsed): void {
    const known = this.of(scope);
    known.billableMinutes -= billableMinutes;
    if (charged) known.charges -= 1;
  }

  private of(scope: string): Tally {
    let known = this.scopes.get(scope);
    if (known === undefined) this.scopes.set(scope, (known = { billableMinutes: 0, charges: 0 }));
    return known;
  }
}

/** What scopes of prices hold before the work of a call: the settled side fills it. */
export interface PricingLedger {
  readonly use: PricingUse;
  /** What is settled of a piece of work, by its id. */
  readonly usedBy: (workItemId: string) => readonly PricingUsed[];
}

/** The scopes as each piece of work finds them, in the order of rating. */
export class ScopesOfWork {
  private readonly alone = new Map<string, PricingUse>();
  private readonly takenOut = new Set<string>();

  constructor(private readonly ledger: PricingLedger) {}

  of(one: Assessed): PricingUse {
    const { workItemId } = one.work;
    const standing = standingOf(one.work);
    if (standing === 'alone') {
      const known = this.alone.get(workItemId) ?? new PricingUse();
      this.alone.set(workItemId, known);
      return known;
    }
    const { use, usedBy } = this.ledger;
    // From its turn on what is settled of the work counts no more: it is priced as it is now.
    if (standing === 'provisional' && isPending(one) && !this.takenOut.has(workItemId)) {
      this.takenOut.add(workItemId);
      for (const used of usedBy(workItemId)) use.takeOut(used);
    }
    return use;
  }
}
