import { invariant, isRefusal } from '@billtrail/kernel';
import {
  documentsAdjusted,
  recipientOf,
  type AskedElsewhere,
  type BillableItem,
  type ChargeItem,
  type ContractFacts,
  type ExplainedItem,
  type Receiving,
  type Recipient,
} from '@billtrail/billing';
import type { CommandPorts } from '../command-path/command-definition.js';
import { clientOf, sitesOf, type ClientDetails } from '../commands/references.js';

/** What is to be received, and what is known beside it. */
interface Received {
  readonly items: readonly (BillableItem | ExplainedItem)[];
  readonly charges: readonly ChargeItem[];
  readonly siteOfTicket: ReadonlyMap<string, string | null>;
  readonly contracts: readonly ContractFacts[];
  readonly elsewhere: readonly AskedElsewhere[];
  /** The draft or invoice that it is on, or is to be on. Absent: none yet. */
  readonly invoiceId?: string;
}

/**
 * Who receives what a client is served: its contracts, sites and details of now, with the details of each client that receives something, read from their own
 * streams, and who received the invoices that items adjust.
 */
export async function receivingOf(
  { store, models }: Pick<CommandPorts, 'store' | 'models'>,
  client: ClientDetails,
  { items, charges, siteOfTicket, contracts, elsewhere, invoiceId }: Received,
): Promise<Receiving> {
  const { clientId, billTo = null } = client;
  const sites = await sitesOf(store, clientId);
  invariant(!isRefusal(sites), () => `the sites of client ${clientId}, which was read, are not there`);
  const all = [...items, ...charges];
  const adjusted = all.flatMap((one) => documentsAdjusted(one, elsewhere));
  const named = {
    clientId,
    billTo,
    contracts,
    sites,
    siteOfTicket,
    documents: await models.invoices.received([...new Set(adjusted)]),
    elsewhere,
    recipients: new Map<string, Recipient | null>(),
  };
  const ids = new Set([clientId, ...all.map((one) => recipientOf(one, named))]);
  const existing = invoiceId === undefined ? null : await models.invoices.get(invoiceId);
  if (existing !== null) ids.add(existing.recipientId);
  const recipients = new Map<string, Recipient | null>();
  for (const id of ids) {
    const recipient = id === clientId ? client : await clientOf(store, id);
    recipients.set(id, isRefusal(recipient) ? null : recipient);
  }
  return { ...named, recipients };
}
