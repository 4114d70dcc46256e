import { fold } from '@billtrail/kernel';
import { streamName, type EventStore, type RecordedEvent } from '@billtrail/event-store';
import {
  liveMaterialIds,
  liveWorkItemIds,
  ticketDecider,
  wasResolvedSince,
  type MergedWork,
  type MergeTarget,
  type MergeTicket,
  type TicketEvent,
  type TicketState,
} from '@billtrail/ticketing';
import type { CommandPorts } from '../command-path/command-definition.js';
import type { CommandWarning } from '../command-path/command-envelope.js';

const decider = ticketDecider();

/** A ticket as its events say. */
export async function ticketOf(store: EventStore, ticketId: string): Promise<TicketState> {
  const { events } = await store.readStream(streamName('ticket', ticketId));
  return fold(decider, events as readonly TicketEvent[]);
}

/** The ticket that another is to be merged into, from its own stream; null: there is none. */
export async function mergeTargetOf(store: EventStore, ticketId: string): Promise<MergeTarget | null> {
  const ticket = await ticketOf(store, ticketId);
  if (ticket.stage === 'not-requested') return null;
  const { clientId } = ticket.record.classification;
  if (ticket.stage !== 'closed') return { clientId, stage: ticket.stage, closedAs: null, mergedInto: null };
  const { closedAs, stage } = ticket;
  return { clientId, stage, closedAs, mergedInto: closedAs === 'merged' ? ticket.mergedInto : null };
}

/** Whether a ticket was resolved as part of another since it was merged, also by way of further ones: then its work stays held when it is split off. */
export async function wasResolvedAsPart(ticketId: string, store: EventStore): Promise<boolean> {
  const own = await store.readStream(streamName('ticket', ticketId));
  const since = own.events.findLast(({ type }) => type === 'TicketMerged')?.position;
  if (since === undefined) return false;
  const seen = new Set([ticketId]);
  for (let one = mergedInto(own.events); one !== null && !seen.has(one);) {
    seen.add(one);
    const { events } = await store.readStream(streamName('ticket', one));
    if (wasResolvedSince(events as readonly (RecordedEvent & TicketEvent)[], since)) return true;
    one = mergedInto(events);
  }
  return false;
}

/** The ticket that this one is part of; null: none. */
function mergedInto(events: readonly RecordedEvent[]): string | null {
  const ticket = fold(decider, events as readonly TicketEvent[]);
  return ticket.stage === 'closed' && ticket.closedAs === 'merged' ? ticket.mergedInto : null;
}

/** What was merged into a ticket, with the work that is on it now. A merge is answered when the read models know it. */
export async function workOfMerged(
  ticketId: string,
  { store, models }: Pick<CommandPorts, 'store' | 'models'>,
): Promise<readonly MergedWork[]> {
  const merged = await models.ticketMerges.into(ticketId);
  const tickets = await Promise.all(merged.map((one) => ticketOf(store, one)));
  return tickets.flatMap((ticket, index) => {
    const { [index]: id = ticketId } = merged;
    if (ticket.stage === 'not-requested') return [];
    const { record } = ticket;
    return [{ ticketId: id, workItemIds: liveWorkItemIds(record), materialUsageIds: liveMaterialIds(record) }];
  });
}

/** Tells a caller whose merge was the later of two that it was taken back. */
export async function crossedWarning(
  { ticketId, into }: MergeTicket,
  { store }: Pick<CommandPorts, 'store'>,
): Promise<readonly CommandWarning[]> {
  const ticket = await ticketOf(store, ticketId);
  if (ticket.stage === 'closed' && ticket.closedAs === 'merged') return [];
  return [
    {
      code: 'MergeTakenBack',
      message: `${into} was merged into ${ticketId} at the same moment: ${ticketId} goes on, and holds the work of both.`,
      details: { ticketId, into },
    },
  ];
}
