import { streamName } from '@billtrail/event-store';
import { isNameOfWork } from '@billtrail/billing';
import type { TicketEvent } from '@billtrail/ticketing';
import type { CommandPorts } from '../command-path/command-definition.js';

/** The people who did the work of a ticket, or one of its work items: nobody decides on their own work. */
export async function engineersOf(
  { store }: CommandPorts,
  ticketId: string,
  name: string | null,
): Promise<readonly string[]> {
  const { events } = await store.readStream(streamName('ticket', ticketId));
  const engineers = new Set<string>();
  for (const event of events) {
    const { type, data } = event as unknown as TicketEvent;
    if (
      (type === 'TimeEntryLogged' || type === 'TimeEntryCorrected') &&
      (name === null || isNameOfWork(name, ticketId, data.timeEntryId))
    ) {
      engineers.add(data.engineerId);
    }
    const isAssignment = type === 'TicketAssigned' || type === 'TicketReassigned';
    if (name === null && isAssignment && data.engineerId !== null) engineers.add(data.engineerId);
    const workItemId = workItemOf(data);
    if (name !== null && workItemId !== null && isNameOfWork(name, ticketId, workItemId)) engineers.add(event.actor.id);
  }
  return [...engineers];
}

function workItemOf(data: TicketEvent['data']): string | null {
  if ('materialUsageId' in data) return data.materialUsageId;
  return 'expenseId' in data ? data.expenseId : null;
}
