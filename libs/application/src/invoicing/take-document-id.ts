import { refuse, type Actor, type Month, type Refusal } from '@billtrail/kernel';
import { CommandIdReused, streamName, WrongExpectedVersion, type EventStore } from '@billtrail/event-store';
import type { CreditNoteIdTaken, InvoiceIdTaken } from '@billtrail/billing';

interface ClientPeriod {
  readonly clientId: string;
  readonly period: Month;
}
interface Taker {
  readonly at: string;
  readonly actor: Actor;
}

/** Reserves an invoice id for a client and month, for good; null on success. The second to ask is refused, also from another process. */
export async function takeInvoiceId(
  store: EventStore,
  { invoiceId, clientId, period }: ClientPeriod & { readonly invoiceId: string },
  taker: Taker,
): Promise<Refusal | null> {
  const event: InvoiceIdTaken = {
    type: 'InvoiceIdTaken',
    data: { invoiceId, clientId, period },
    occurredAt: taker.at,
  };
  const isFree = await take(store, 'invoice', invoiceId, event, taker.actor);
  return isFree ? null : isTaken('InvoiceIdTaken', 'Invoice', invoiceId, { invoiceId });
}

/** The same for credit notes. */
export async function takeCreditNoteId(
  store: EventStore,
  { creditNoteId, clientId, period }: ClientPeriod & { readonly creditNoteId: string },
  taker: Taker,
): Promise<Refusal | null> {
  const event: CreditNoteIdTaken = {
    type: 'CreditNoteIdTaken',
    data: { creditNoteId, clientId, period },
    occurredAt: taker.at,
  };
  const isFree = await take(store, 'credit-note', creditNoteId, event, taker.actor);
  return isFree ? null : isTaken('CreditNoteIdTaken', 'Credit note', creditNoteId, { creditNoteId });
}

/** True if the id belongs to this client and month, now or already. */
async function take(
  store: EventStore,
  category: 'invoice' | 'credit-note',
  documentId: string,
  event: InvoiceIdTaken | CreditNoteIdTaken,
  actor: Actor,
): Promise<boolean> {
  const { clientId, period } = event.data;
  const stream = streamName(category, documentId);
  for (;;) {
    const { events } = await store.readStream(stream, { limit: 1 });
    const taken = events[0]?.data as ClientPeriod | undefined;
    if (taken) return taken.clientId === clientId && taken.period === period;
    const commandId = `take/${clientId}/${period}`;
    try {
      await store.append({
        stream,
        expected: 'none',
        events: [event],
        actor,
        commandId,
        correlationId: commandId,
        causationId: null,
      });
      return true;
    } catch (error) {
      // Another writer was first: the stream now says who.
      if (!(error instanceof WrongExpectedVersion || error instanceof CommandIdReused)) throw error;
    }
  }
}

function isTaken(code: string, what: string, id: string, details: Readonly<Record<string, string>>): Refusal {
  return refuse(
    code,
    `${what} id ${id} is in use for another client or month.`,
    'Leave the id out to get a new one, or choose another.',
    details,
  );
}
