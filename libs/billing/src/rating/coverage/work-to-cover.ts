import type { RateClass, WorkToCover } from '@billtrail/contracts';
import type { TicketFacts, WorkItem } from '../facts.js';

/** A piece of work as coverage rules, caps and discounts match it. */
export function workToCover(work: WorkItem, ticket: TicketFacts, rateClass: RateClass | null): WorkToCover {
  const time = work.kind === 'time' ? work : null;
  return {
    kind: work.kind,
    workType: time?.workType ?? null,
    engineerRole: time?.engineerRole ?? null,
    rateClass: time === null ? null : rateClass,
    category: ticket.category,
    ticketType: ticket.ticketType,
    priority: ticket.priority,
    siteId: ticket.siteId,
  };
}
