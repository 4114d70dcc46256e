import { refuse, type Actor, type Instant, type Month, type Refusal } from '@billtrail/kernel';
import {
  CommandIdReused,
  streamName,
  WrongExpectedVersion,
  type EventStore,
  type StreamName,
} from '@billtrail/event-store';
import type { CreditNoteIdTaken, InvoiceIdTaken } from '@billtrail/billing';

interface ClientPeriod {
  readonly clientId: string;
  readonly period: Month;
}
interface Taker {
  readonly at: Instant;
  readonly actor: Actor;
}

/** The id of a document, and the client and month that want it. */
export interface DocumentId extends ClientPeriod {
  readonly stream: StreamName;
  readonly name: string;
  readonly taken: Pick<InvoiceIdTaken, 'type' | 'data'> | Pick<CreditNoteIdTaken, 'type' | 'data'>;
}

export function idOfInvoice({
  invoiceId,
  clientId,
  period,
}: ClientPeriod & { readonly invoiceId: string }): DocumentId {
  const taken = { type: 'InvoiceIdTaken', data: { invoiceId, clientId, period } } as const;
  return { stream: streamName('invoice', invoiceId), name: `Invoice id ${invoiceId}`, taken, clientId, period };
}

export function idOfCreditNote({
  creditNoteId,
  clientId,
  period,
}: ClientPeriod & { readonly creditNoteId: string }): DocumentId {
  const taken = { type: 'CreditNoteIdTaken', data: { creditNoteId, clientId, period } } as const;
  const stream = streamName('credit-note', creditNoteId);
  return { stream, name: `Credit note id ${creditNoteId}`, taken, clientId, period };
}

/** Why this client and month can't have the id; null: it is free, or theirs. Takes nothing. */
export async function refuseTakenId(store: EventStore, document: DocumentId): Promise<Refusal | null> {
  const holder = await holderOf(store, document);
  return holder === null ? null : refuseHolder(document, holder);
}

/** Reserves the id for the client and month, for good; null on success, now or before. The second to ask is refused, also from another process. */
export async function takeDocumentId(
  store: EventStore,
  document: DocumentId,
  { at, actor }: Taker,
): Promise<Refusal | null> {
  const { stream, taken, clientId, period } = document;
  const commandId = `take/${clientId}/${period}`;
  for (;;) {
    const holder = await holderOf(store, document);
    if (holder !== null) return refuseHolder(document, holder);
    try {
      await store.append({
        stream,
        expected: 'none',
        events: [{ ...taken, occurredAt: at }],
        actor,
        commandId,
        correlationId: commandId,
        causationId: null,
      });
      return null;
    } catch (error) {
      // Another writer was first: the stream now says who.
      if (!(error instanceof WrongExpectedVersion || error instanceof CommandIdReused)) throw error;
    }
  }
}

async function holderOf(store: EventStore, { stream }: DocumentId): Promise<ClientPeriod | null> {
  const { events } = await store.readStream(stream, { limit: 1 });
  return (events[0]?.data as ClientPeriod | undefined) ?? null;
}

function refuseHolder(document: DocumentId, holder: ClientPeriod): Refusal | null {
  if (holder.clientId === document.clientId && holder.period === document.period) return null;
  const { clientId: _client, period: _period, ...details } = document.taken.data;
  return refuse(
    document.taken.type,
    `${document.name} is in use for another client or month.`,
    'Leave the id out to get a new one, or choose another.',
    details,
  );
}
