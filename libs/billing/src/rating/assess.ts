import { type Minutes, invariant, monthOf } from '@billtrail/kernel';
import type { WorkToCover } from '@billtrail/contracts';
import type { ClientPeriodFacts, TicketFacts, WorkItem } from './facts.js';
import { type FrozenWork, type FrozenWorkById, pricedUnder } from './frozen.js';
import type { InForce, Placement } from './placement.js';
import { type ChainLink, contractChain } from './step-1-contract.js';
import { cover } from './step-3-coverage.js';
import type { EntryToRound } from './step-4-billable-time.js';
import type { TraceStep } from './trace.js';
import { isSameWork, workStep } from './work-facts.js';

/** A piece of work with the contract and the rule that it falls under, before its time is rounded and its price looked up. */
export interface Assessed {
  readonly work: WorkItem;
  readonly ticket: TicketFacts;
  readonly workStep: TraceStep;
  /** What of it is on invoices or written off; null: nothing. */
  readonly frozen: FrozenWork | null;
  /** null: it is frozen and the work is what it was then, so nothing of it is rated again. */
  readonly placement: Placement | null;
}

/** Work in the order of rating: by work date, then by the position at which it was first recorded. */
export function inRatingOrder(work: readonly WorkItem[]): readonly WorkItem[] {
  return [...work].sort(
    (a, b) => compare(a.workDate, b.workDate) || a.position - b.position || compare(a.workItemId, b.workItemId),
  );
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Steps 1 and 3 for the work of one client-period. Equal questions are answered once within one call of `rate`. */
export class Assessor {
  private readonly chains = new Map<string, readonly ChainLink[]>();
  private readonly placements = new Map<string, Placement>();
  private readonly ticketKeys = new Map<string, string>();

  constructor(
    private readonly facts: ClientPeriodFacts,
    private readonly frozen: FrozenWorkById,
  ) {}

  assess(work: WorkItem): Assessed {
    const ticket = this.ticketOf(work);
    invariant(
      monthOf(work.workDate) === this.facts.period,
      `work ${work.workItemId} of ${work.workDate} is not work of ${this.facts.period}`,
    );
    const step = workStep(work);
    const frozen = this.frozen.get(work.workItemId) ?? null;
    return { work, ticket, workStep: step, frozen, placement: this.placementOf(work, ticket, step, frozen) };
  }

  private ticketOf(work: WorkItem): TicketFacts {
    const ticket = this.facts.tickets.get(work.ticketId);
    invariant(ticket !== undefined, `the facts lack ticket ${work.ticketId} of work ${work.workItemId}`);
    invariant(
      ticket.clientId === this.facts.clientId,
      `ticket ${ticket.ticketId} is of client ${ticket.clientId}, not of ${this.facts.clientId}`,
    );
    return ticket;
  }

  private placementOf(
    work: WorkItem,
    ticket: TicketFacts,
    step: TraceStep,
    frozen: FrozenWork | null,
  ): Placement | null {
    if (frozen !== null) {
      if (isSameWork(frozen.latest.trace, step)) return null;
      const link = pricedUnder(frozen, this.facts.contracts);
      if (link !== null) return cover([link], toCover(work, ticket));
    }
    return noCharge(ticket) ?? this.placeNow(work, ticket);
  }

  private placeNow(work: WorkItem, ticket: TicketFacts): Placement {
    const time = work.kind === 'time' ? `${work.workType}\u0000${work.engineerRole}\u0000${work.rateClass ?? ''}` : '';
    const key = `${work.workDate}\u0000${work.kind}\u0000${time}\u0000${this.ticketKey(ticket)}`;
    let placement = this.placements.get(key);
    if (placement === undefined) {
      placement = cover(this.chainOf(work, ticket), toCover(work, ticket));
      this.placements.set(key, placement);
    }
    return placement;
  }

  private chainOf(work: WorkItem, ticket: TicketFacts): readonly ChainLink[] {
    const key = `${work.workDate}\u0000${ticket.contractId ?? ''}`;
    let chain = this.chains.get(key);
    if (chain === undefined) {
      chain = contractChain(this.facts.contracts, this.facts.clientId, ticket.contractId, work.workDate);
      this.chains.set(key, chain);
    }
    return chain;
  }

  private ticketKey(ticket: TicketFacts): string {
    let key = this.ticketKeys.get(ticket.ticketId);
    if (key === undefined) {
      key = JSON.stringify([ticket.contractId, ticket.category, ticket.ticketType, ticket.priority, ticket.siteId]);
      this.ticketKeys.set(ticket.ticketId, key);
    }
    return key;
  }
}

function toCover(work: WorkItem, ticket: TicketFacts): WorkToCover {
  const time = work.kind === 'time' ? work : null;
  return {
    kind: work.kind,
    workType: time?.workType ?? null,
    engineerRole: time?.engineerRole ?? null,
    rateClass: time?.rateClass ?? null,
    category: ticket.category,
    ticketType: ticket.ticketType,
    priority: ticket.priority,
    siteId: ticket.siteId,
  };
}

/** A declaration covers the whole ticket, whatever its contract says: a person answered for it with a reason. */
function noCharge(ticket: TicketFacts): Placement | null {
  if (ticket.noCharge === null) return null;
  const { reasonCode, reason, eventId } = ticket.noCharge;
  return {
    as: 'no-charge',
    steps: [
      {
        step: 'no-charge',
        text: `declared no-charge: ${reasonCode}, ${reason}`,
        facts: { reasonCode, reason, eventId },
      },
    ],
  };
}

/** The entries whose time is to be rounded: those that are billable, and those frozen ones that share a scope with them. */
export function entriesToRound(
  assessed: readonly Assessed[],
  contracts: ClientPeriodFacts['contracts'],
): EntryToRound[] {
  const entries: EntryToRound[] = [];
  for (const { work, frozen, placement } of assessed) {
    if (work.kind !== 'time') continue;
    const frozenMinutes: Minutes | null = placement === null ? (frozen?.billableMinutes ?? null) : null;
    let inForce: InForce | null = null;
    if (placement?.as === 'billable') inForce = placement.inForce;
    else if (frozenMinutes !== null && frozen !== null) inForce = pricedUnder(frozen, contracts)?.inForce ?? null;
    if (inForce === null) continue;
    const card = inForce.version.terms.rateCard;
    const scope = `${inForce.contract.contractId}\u0000${inForce.version.versionNumber}\u0000${work.ticketId}`;
    entries.push({
      workItemId: work.workItemId,
      actualMinutes: work.minutes,
      statedBillableMinutes: work.statedBillableMinutes,
      card,
      scope: card.roundingScope === 'ticket-day' ? `${scope}\u0000${work.workDate}` : scope,
      frozenMinutes,
    });
  }
  return entries;
}
