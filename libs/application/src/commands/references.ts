import { fold, isRefusal, nearNames, refuse, type Refusal } from '@billtrail/kernel';
import { streamName, type EventStore } from '@billtrail/event-store';
import {
  client as clientDecider,
  siteUnknown,
  type ClientEvent,
  type ClientFacts,
  type Site,
} from '@billtrail/contracts';
import type { TicketEvent } from '@billtrail/ticketing';
import type { CommandPorts } from '../command-path/command-definition.js';
import { recordedContract } from './contract-streams.js';

export type ClientDetails = ClientFacts & { readonly clientId: string };

/** The client's current details, or a refusal. Reads the client's short stream, so it is never out of date. */
export async function clientOf(store: EventStore, clientId: string): Promise<ClientDetails | Refusal> {
  const client = await registeredClient(store, clientId);
  return isRefusal(client) ? client : { clientId, ...client.facts };
}

/** The sites of a client, or a refusal where there is no such client. */
export async function sitesOf(store: EventStore, clientId: string): Promise<readonly Site[] | Refusal> {
  const client = await registeredClient(store, clientId);
  return isRefusal(client) ? client : client.sites;
}

async function registeredClient(store: EventStore, clientId: string) {
  const { events } = await store.readStream(streamName('client', clientId));
  const client = fold(clientDecider, events as readonly ClientEvent[]);
  if (client.status === 'registered') return client;
  return refuse(
    'ClientNotFound',
    `No client with id ${clientId}.`,
    'Check the id, or register the client: POST /v1/clients',
    { clientId },
  );
}

/** null if the client has the site. */
export async function siteProblem(store: EventStore, siteId: string, clientId: string): Promise<Refusal | null> {
  const sites = await sitesOf(store, clientId);
  if (isRefusal(sites)) return sites;
  return sites.some((site) => site.siteId === siteId) ? null : siteUnknown(clientId, siteId, sites);
}

/** Most clients whose names are read to find those that a wrong id may mean. */
const MAX_CLIENTS_READ = 500;

/** As {@link clientOf}, for a question: a wrong id is answered with the clients that it may mean, by id or name. */
export async function clientAskedFor(
  { store, models }: Pick<CommandPorts, 'store' | 'models'>,
  clientId: string,
): Promise<ClientDetails | Refusal> {
  const found = await clientOf(store, clientId);
  if (!isRefusal(found)) return found;
  const ids = [...new Set((await models.billableItems.periods({})).map((one) => one.clientId))];
  if (ids.length > MAX_CLIENTS_READ) return found;
  const details = await Promise.all(ids.map((id) => clientOf(store, id)));
  const clients = details.flatMap((one) => (isRefusal(one) ? [] : [one]));
  const near = new Set(nearNames(clientId, [...ids, ...clients.map(({ name }) => name)]));
  const typed = clientId.toLowerCase();
  const meant = clients.filter((one) => near.has(one.clientId) || isNamed(one.name, typed) || near.has(one.name));
  const listed = meant.slice(0, MAX_SUGGESTED).map((one) => `${one.clientId}, ${one.name}`);
  if (listed.length === 0) return found;
  return { ...found, message: `${found.message} Did you mean ${listed.join(' or ')}?` };
}

const MAX_SUGGESTED = 3;
/** Shorter parts of a name say too little. */
const MIN_PART = 4;

function isNamed(name: string, typed: string): boolean {
  return typed.length >= MIN_PART && name.toLowerCase().includes(typed);
}

/** null if the contract exists and belongs to this client. */
export async function contractProblem(
  store: EventStore,
  contractId: string,
  clientId: string | null,
): Promise<Refusal | null> {
  const contract = await recordedContract(store, contractId);
  if (contract.status === 'unknown') {
    return refuse(
      'ContractNotFound',
      `No contract with id ${contractId}.`,
      'Check the id, or activate the contract: POST /v1/contracts',
      { contractId },
    );
  }
  if (clientId !== null && contract.clientId !== clientId) {
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

/** The site that a ticket names now; null: none; undefined: there is no such ticket. */
export async function siteOfTicket(store: EventStore, ticketId: string): Promise<string | null | undefined> {
  const { events } = await store.readStream(streamName('ticket', ticketId));
  let siteId: string | null | undefined;
  for (const event of events as readonly TicketEvent[]) {
    if ('siteId' in event.data) siteId = event.data.siteId;
  }
  return siteId;
}
