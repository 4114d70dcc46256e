import { refuse, type Actor, type Month, type Refusal } from '@billtrail/kernel';
import { CommandIdReused, streamName, WrongExpectedVersion, type EventStore } from '@billtrail/event-store';
import type { InvoiceIdTaken } from '@billtrail/billing';

interface Taking {
  readonly invoiceId: string;
  readonly clientId: string;
  readonly period: Month;
}

/** Makes an invoice id this account's own, for good; null where it is. Whoever comes second is refused, also from another process. */
export async function takeInvoiceId(
  store: EventStore,
  { invoiceId, clientId, period }: Taking,
  { at, actor }: { readonly at: string; readonly actor: Actor },
): Promise<Refusal | null> {
  const stream = streamName('invoice', invoiceId);
  for (;;) {
    const { events } = await store.readStream(stream, { limit: 1 });
    const taken = (events[0] as InvoiceIdTaken | undefined)?.data;
    if (taken) return taken.clientId === clientId && taken.period === period ? null : isTaken(invoiceId);
    const event: InvoiceIdTaken = { type: 'InvoiceIdTaken', data: { invoiceId, clientId, period }, occurredAt: at };
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
      return null;
    } catch (error) {
      // Another was first: who it was stands in the stream now.
      if (!(error instanceof WrongExpectedVersion || error instanceof CommandIdReused)) throw error;
    }
  }
}

function isTaken(invoiceId: string): Refusal {
  return refuse(
    'InvoiceIdTaken',
    `Invoice id ${invoiceId} is already another account's.`,
    'Leave the id out to get a new one, or choose another.',
    { invoiceId },
  );
}
