import { type Refusal, addTo, invariant, known, refuse } from '@billtrail/kernel';
import type { PartyOnDocument } from '../events.js';
import type { BillableItem, ExplainedItem } from '../item/billable-item.js';
import type { Charge, ChargeItem, FrozenCharge } from '../item/charge-item.js';
import type { InvoiceLine } from '../item/frozen-item.js';
import { siteOfTravel } from '../item/item-key.js';
import { type BillToStated, billToOf } from '../rating/bill-to.js';
import type { TaxOfClient } from '../tax-rules.js';
import { type AskedElsewhere, cycleLeft, feesCredited, isLeave } from './asked-elsewhere.js';
import type { PaymentAgreed } from './payment-terms.js';

/** A client that may receive a document, with what of it counts there. */
export interface Recipient extends PartyOnDocument, TaxOfClient {
  readonly clientId: string;
  readonly paymentTerms?: NonNullable<PaymentAgreed['client']['paymentTerms']>;
  /** Its own bill-to. Absent or null: it receives its own documents. */
  readonly billTo?: string | null;
}

/** What says who receives and pays for the work and the charges of a client, and at which site they are. */
export interface Receiving extends BillToStated {
  /** The site of tickets, as their work is rated. */
  readonly siteOfTicket: ReadonlyMap<string, string | null>;
  /** Earlier invoices that items adjust, by their ids. */
  readonly documents: ReadonlyMap<string, { readonly recipientId: string; readonly siteId: string | null }>;
  readonly elsewhere: readonly AskedElsewhere[];
  /** Clients that are named; null: there is no such client. */
  readonly recipients: ReadonlyMap<string, Recipient | null>;
}

/** What a document may take. */
export type Receivable = BillableItem | ExplainedItem | InvoiceLine | ChargeItem | FrozenCharge;

/** The earlier invoices that it takes something from or adds to, the first one first. */
export function documentsAdjusted(one: Receivable, elsewhere: readonly AskedElsewhere[]): readonly string[] {
  if ('workItemId' in one) return 'basis' in one ? (one.basis.adjustment?.adjusts?.documentIds ?? []) : [];
  const isOfFees = one.basis.billTo === undefined || isLeave(one);
  return one.basis.before?.documentIds ?? (isOfFees ? feesOf(one, elsewhere) : []);
}

/** A service credit, and units that leave, give back of fees that invoices asked for. */
function feesOf(charge: Charge, elsewhere: readonly AskedElsewhere[]): readonly string[] {
  return [...cycleLeft(charge, elsewhere), ...feesCredited(charge, elsewhere)].flatMap(
    ({ invoiceId }) => invoiceId ?? [],
  );
}

/** The last of those invoices that is known: what was asked last goes back first. */
function lastAdjusted(one: Receivable, { documents, elsewhere }: Receiving) {
  return documentsAdjusted(one, elsewhere)
    .toReversed()
    .map((id) => documents.get(id))
    .find((document) => document !== undefined);
}

/** The site that it is for: that of its ticket, be it work or the fixed price of it, or of the visit; null: it is for no site, as what else a contract charges. */
export function siteOf(one: Receivable, receiving: Receiving): string | null {
  return lastAdjusted(one, receiving)?.siteId ?? ownSite(one, receiving);
}

function ownSite(one: Receivable, { siteOfTicket }: Receiving): string | null {
  if ('workItemId' in one) return siteOfTicket.get(one.ticketId) ?? null;
  if (one.kind === 'incident' && one.ticketId !== null) return siteOfTicket.get(one.ticketId) ?? null;
  return siteOfTravel(one.chargeId);
}

/**
 * Who receives and pays for it: `billToOf`. What adjusts an earlier invoice goes to who received that, up or down, whoever is named today: nobody's money is
 * netted against another's. An amount off or a service credit goes to who receives what it reduces.
 */
export function recipientOf(one: Receivable, receiving: Receiving): string {
  const document = lastAdjusted(one, receiving);
  if (document !== undefined) return document.recipientId;
  if (!('workItemId' in one) && one.basis.billTo !== undefined) return one.basis.billTo;
  const { contractId, contractVersion } = one;
  const on = 'workItemId' in one ? one.workDate : one.from;
  return billToOf(receiving, { contractId, contractVersion, siteId: ownSite(one, receiving), on });
}

/** The client that receives a document. Throws where nobody read it: no document goes to the client served because its recipient is missing. */
export function recipientNamed<Client>(
  recipientId: string,
  {
    clientId,
    client,
    receiving,
  }: { readonly clientId: string; readonly client: Client; readonly receiving?: Receiving },
): Client | Recipient {
  if (receiving === undefined || recipientId === clientId) return client;
  const recipient = known(receiving.recipients, recipientId, 'the recipient of a document');
  invariant(recipient !== null, () => `client ${recipientId}, which receives a document, is not registered`);
  return recipient;
}

/**
 * Why a client can't receive these items and charges that another is served. null: it can. What adjusts an invoice that it received is its own whomever it names
 * today: no chain leads there. Refuses: BillToUnknown, BillToChained.
 */
export function refuseRecipient(recipientId: string, all: readonly Receivable[], receiving: Receiving): Refusal | null {
  const { clientId, recipients } = receiving;
  if (recipientId === clientId) return null;
  const recipient = recipients.get(recipientId) ?? null;
  if (recipient !== null) {
    const isNamed = all.some((one) => lastAdjusted(one, receiving) === undefined);
    return isNamed ? refuseChained(clientId, recipient) : null;
  }
  return refuse(
    'BillToUnknown',
    `No client with id ${recipientId}, which is to receive and pay what client ${clientId} is served.`,
    'Register that client: POST /v1/clients. Or name another on the contract, the site or the client that names it.',
    { clientId, billTo: recipientId },
  );
}

/** A bill-to of a bill-to: nobody could tell which of the two pays. */
export function refuseChained(clientId: string, recipient: Pick<Recipient, 'clientId' | 'billTo'>): Refusal | null {
  const { clientId: billTo, billTo: further = null } = recipient;
  if (further === null || further === billTo) return null;
  return refuse(
    'BillToChained',
    `Client ${billTo}, which is to receive and pay what client ${clientId} is served, has a bill-to itself: ${further}.`,
    `Name ${further} for client ${clientId} (on the contract, the site or the client that names ${billTo}), or take the bill-to off ${billTo}: POST /v1/clients/${billTo}/details`,
    { clientId, billTo, further },
  );
}

/** By a key, in the order of the keys. */
export function grouped<Key extends string | null, One>(
  all: readonly One[],
  keyOf: (one: One) => Key,
): ReadonlyMap<Key, readonly One[]> {
  const found = new Map<Key, One[]>();
  for (const one of all) addTo(found, keyOf(one), one);
  return new Map([...found].sort(([one], [other]) => ((one ?? '') < (other ?? '') ? -1 : 1)));
}

/** Whose document it is. */
export interface Addressed {
  /** The client served. */
  readonly clientId: string;
  readonly recipientId: string;
  readonly receiving?: Receiving;
}

/** A line as a document says it: who is served and pays, where these are two clients, and at which site. */
export function addressed<Line extends InvoiceLine | FrozenCharge>(
  line: Line,
  { clientId, recipientId, receiving }: Addressed,
): Line {
  const to = recipientId === clientId ? {} : { billTo: recipientId, servedClientId: clientId };
  const siteId = receiving === undefined ? null : siteOf(line, receiving);
  return { ...line, ...to, siteId };
}
