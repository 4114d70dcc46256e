import { refuse, type Actor, type Month, type Refusal } from '@billtrail/kernel';
import { CommandIdReused, streamName, WrongExpectedVersion, type EventStore } from '@billtrail/event-store';
import type { CreditNoteIdTaken, InvoiceIdTaken } from '@billtrail/billing';

interface Account {
  readonly clientId: string;
  readonly period: Month;
}
interface Taker {
  readonly at: string;
  readonly actor: Actor;
}

/** Makes an invoice id this account's own, for good; null where it is. Whoever comes second is refused, also from another process. */
export async function takeInvoiceId(
  store: EventStore,
  { invoiceId, clientId, period }: Account & { readonly invoiceId: string },
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
  { creditNoteId, clientId, period }: Account & { readonly creditNoteId: string },
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

/** True where the id is the account's, now or already. */
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
    const taken = events[0]?.data as Account | undefined;
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
      // Another was first: who it was stands in the stream now.
      if (!(error instanceof WrongExpectedVersion || error instanceof CommandIdReused)) throw error;
    }
  }
}

function isTaken(code: string, what: string, id: string, details: Readonly<Record<string, string>>): Refusal {
  return refuse(
    code,
    `${what} id ${id} is already another account's.`,
    'Leave the id out to get a new one, or choose another.',
    details,
  );
}
