import { refuse, type Refusal } from '@billtrail/kernel';
import { streamName, type EventStore } from '@billtrail/event-store';
import type { ClientEvent, ContractEvent } from '@billtrail/contracts';
import type { TicketEvent } from '@billtrail/ticketing';

/** The client's current details, or a refusal. Reads the client's short stream, so it is never out of date. */
export async function clientOf(
  store: EventStore,
  clientId: string,
): Promise<(ClientEvent & { type: 'ClientRegistered' | 'ClientDetailsChanged' })['data'] | Refusal> {
  const { events } = await store.readStream(streamName('client', clientId), { direction: 'backwards', limit: 1 });
  const last = events[0];
  if (!last)
    return refuse(
      'ClientNotFound',
      `No client with id ${clientId}.`,
      'Check the id, or register the client: POST /clients',
      { clientId },
    );
  return last.data as ClientEvent['data'];
}

/** null if the contract exists and belongs to this client. */
export async function contractProblem(
  store: EventStore,
  contractId: string,
  clientId: string | null,
): Promise<Refusal | null> {
  const { events } = await store.readStream(streamName('contract', contractId), { limit: 1 });
  const activated = events[0]?.data as Extract<ContractEvent, { type: 'ContractActivated' }>['data'] | undefined;
  if (!activated) {
    return refuse(
      'ContractNotFound',
      `No contract with id ${contractId}.`,
      'Check the id, or activate the contract: POST /contracts',
      { contractId },
    );
  }
  if (clientId !== null && activated.clientId !== clientId) {
    return refuse(
      'ContractOfAnotherClient',
      `Contract ${contractId} does not belong to client ${clientId}.`,
      "Use one of the client's own contracts.",
      {
        contractId,
        clientId,
      },
    );
  }
  return null;
}

/** The current client of a ticket; null if it has none, undefined if there is no such ticket. */
export async function clientOfTicket(store: EventStore, ticketId: string): Promise<string | null | undefined> {
  const { events } = await store.readStream(streamName('ticket', ticketId));
  let clientId: string | null | undefined;
  for (const event of events as readonly TicketEvent[]) {
    if ('clientId' in event.data) clientId = event.data.clientId;
  }
  return clientId;
}
