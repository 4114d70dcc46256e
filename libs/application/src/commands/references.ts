import { refuse, type Refusal } from '@billtrail/kernel';
import { streamName, type EventStore } from '@billtrail/event-store';
import type { ClientEvent, ContractEvent } from '@billtrail/contracts';
import type { TicketEvent } from '@billtrail/ticketing';

/** The client's registration as it stands, or a refusal. Reads the client's short stream, so it is never behind. */
export async function clientOf(
  store: EventStore,
  clientId: string,
): Promise<(ClientEvent & { type: 'ClientRegistered' | 'ClientDetailsChanged' })['data'] | Refusal> {
  const { events } = await store.readStream(streamName('client', clientId), { direction: 'backwards', limit: 1 });
  const last = events[0];
  if (!last)
    return refuse(
      'ClientNotFound',
      `There is no client ${clientId}.`,
      'Register the client first, or correct the id.',
      { clientId },
    );
  return last.data as ClientEvent['data'];
}

/** null where the contract exists and is this client's. */
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
      `There is no contract ${contractId}.`,
      'Activate the contract first, or correct the id.',
      { contractId },
    );
  }
  if (clientId !== null && activated.clientId !== clientId) {
    return refuse(
      'ContractOfAnotherClient',
      `Contract ${contractId} is not of client ${clientId}.`,
      "Name one of the client's own contracts.",
      {
        contractId,
        clientId,
      },
    );
  }
  return null;
}

/** The client that a ticket has now; null where it has none, undefined where there is no such ticket. */
export async function clientOfTicket(store: EventStore, ticketId: string): Promise<string | null | undefined> {
  const { events } = await store.readStream(streamName('ticket', ticketId));
  let clientId: string | null | undefined;
  for (const event of events as readonly TicketEvent[]) {
    if ('clientId' in event.data) clientId = event.data.clientId;
  }
  return clientId;
}
