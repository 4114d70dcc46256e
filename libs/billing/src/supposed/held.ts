import type { ClientPeriodFacts } from '../client-period.js';
import type { TicketFacts, WorkItem } from '../rating/facts.js';
import type { IsHeld } from './asked-less.js';

/**
 * What of these client-periods is held: work that was approved, and what its ticket was resolved with, whatever became of the ticket since. What is of a whole
 * ticket is held where that reached its resolution.
 */
export function heldIn(periods: readonly ClientPeriodFacts[]): IsHeld {
  const resolved = new Set<string>();
  const works = new Set<string>();
  for (const { work, tickets } of periods) {
    for (const [ticketId, ticket] of tickets) if (ticket.resolvedOn !== null) resolved.add(ticketId);
    for (const one of work) if (isHeld(one, tickets.get(one.ticketId))) works.add(one.workItemId);
  }
  return ({ ticketId, workItemId }) => (workItemId === null ? resolved.has(ticketId) : works.has(workItemId));
}

function isHeld(work: WorkItem, ticket: TicketFacts | undefined): boolean {
  if (work.approval === 'approved') return true;
  if (ticket === undefined || ticket.resolvedOn === null) return false;
  return ticket.reopened === undefined || work.position < ticket.reopened.position;
}
