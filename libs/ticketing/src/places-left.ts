import { monthOf, type Month } from '@billtrail/kernel';
import type { TicketEvent } from './events.js';
import { APPROVALS, RECORDS, idOfWork, isEndOfWork } from './held-work.js';

/** A client and a month, as work counts in them. */
interface PlaceOfWork {
  readonly clientId: string;
  readonly period: Month;
}

interface Work {
  readonly id: string;
  period: Month;
  isHeld: boolean;
}

/**
 * The clients and months that work of a ticket left after it was held: it was approved there, or its ticket resolved or part of another, and since then its day or its
 * client is another. What is forgone of it counts there too. By the ticket's own events, in their order, each place once. `isAsked`: of which work, by its id on the ticket.
 */
export function placesLeft(
  events: readonly TicketEvent[],
  isAsked: (workItemId: string) => boolean = () => true,
): readonly PlaceOfWork[] {
  const works = new Map<string, Work>();
  const left = new Map<string, PlaceOfWork>();
  let clientId: string | null = null;
  const leaves = (work: Work): void => {
    if (!work.isHeld || clientId === null || !isAsked(work.id)) return;
    left.set(`${clientId} ${work.period}`, { clientId, period: work.period });
  };
  for (const event of events) {
    const id = idOfWork(event);
    const work = id === null ? undefined : works.get(id);
    const period = 'workDate' in event.data ? monthOf(event.data.workDate) : null;
    if (event.type === 'TicketRequested' || event.type === 'TicketTriaged' || event.type === 'TicketReclassified') {
      const { clientId: now } = event.data;
      if (now !== clientId) for (const one of works.values()) leaves(one);
      clientId = now;
    } else if (id !== null && period !== null && RECORDS.has(event.type)) works.set(id, { id, period, isHeld: false });
    else if (work !== undefined && period !== null) {
      if (period !== work.period) leaves(work);
      work.period = period;
    } else if (work !== undefined && APPROVALS.has(event.type)) work.isHeld = true;
    else if (isEndOfWork(event)) for (const one of works.values()) one.isHeld = true;
  }
  return [...left.values()];
}
