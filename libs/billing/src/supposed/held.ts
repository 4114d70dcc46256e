import type { ClientPeriodFacts } from '../client-period.js';
import { isNameOfWork } from '../item/item-key.js';
import type { TicketFacts, WorkItem } from '../rating/facts.js';
import { heldBefore } from '../rating/merged-ticket.js';
import type { IsHeld } from './asked-less.js';

/**
 * What of these client-periods is held: work that was approved once, and what its ticket was resolved with, whatever became of either since (`heldBy` has the same
 * of the events of one ticket). What is of a whole ticket is held where that reached its resolution.
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

/** Whether a piece of work is held, by its own id on its ticket. */
export function isHeldIn(periods: readonly ClientPeriodFacts[], ticketId: string, id: string): boolean {
  return periods.some(({ work, tickets }) =>
    work.some(
      (one) =>
        one.ticketId === ticketId &&
        isNameOfWork(one.workItemId, ticketId, id) &&
        isHeld(one, tickets.get(one.ticketId)),
    ),
  );
}

/**
 * The client-periods as if the work that is not kept had never been recorded, and somebody had approved the rest: a fixed price is asked for no work that waits. The same ones where that
 * is so.
 */
export function keptAlone(periods: readonly ClientPeriodFacts[], isKept: IsKept): readonly ClientPeriodFacts[] {
  const stays = (work: WorkItem): boolean => isKept(work) && work.approval !== 'unapproved';
  if (periods.every(({ work, incidents }) => [...work, ...(incidents?.work ?? [])].every(stays))) return periods;
  const kept = (work: readonly WorkItem[]): readonly WorkItem[] => work.filter(isKept).map(asApproved);
  return periods.map((facts) => {
    const { work, incidents } = facts;
    return {
      ...facts,
      work: kept(work),
      ...(incidents && { incidents: { ...incidents, work: kept(incidents.work) } }),
    };
  });
}

function asApproved(work: WorkItem): WorkItem {
  return work.approval === 'unapproved' ? { ...work, approval: 'approved' } : work;
}

/** Whether a piece of work may stand in for what is taken away: anybody may void the rest of it. */
export type IsKept = (work: WorkItem) => boolean;

function isHeld(work: WorkItem, ticket: TicketFacts | undefined): boolean {
  return work.wasApproved === true || (ticket !== undefined && work.position < heldBefore(ticket));
}
