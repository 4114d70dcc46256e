import { isRefusal, refuse, type Currency, type Refusal } from '@billtrail/kernel';
import { refuseChained } from '@billtrail/billing';
import type { EventStore } from '@billtrail/event-store';
import { clientOf } from './references.js';

/** The client whose documents are to go to another. */
interface Served {
  readonly clientId: string;
  readonly currency: Currency;
}

/**
 * Why a client can't receive and pay the documents of another; null: it can, or it is the client itself. Refuses: BillToUnknown, BillToChained,
 * BillToOtherCurrency.
 */
export async function billToProblem(
  store: EventStore,
  billTo: string | null | undefined,
  { clientId, currency }: Served,
): Promise<Refusal | null> {
  if (billTo === null || billTo === undefined || billTo === clientId) return null;
  const recipient = await clientOf(store, billTo);
  if (isRefusal(recipient)) {
    return refuse(
      'BillToUnknown',
      `No client with id ${billTo}, which is to receive and pay documents of client ${clientId}.`,
      'Check the id (small and capital letters are told apart), or register that client first: POST /v1/clients',
      { clientId, billTo },
    );
  }
  // A client's currency never changes, so what is checked here holds for good.
  if (recipient.currency !== currency) {
    return refuse(
      'BillToOtherCurrency',
      `Client ${clientId} is invoiced in ${currency}, and ${billTo} in ${recipient.currency}: it can't receive those documents.`,
      `Register the recipient under another id for ${currency}: POST /v1/clients, and name that.`,
      { clientId, billTo, currency, otherCurrency: recipient.currency },
    );
  }
  return refuseChained(clientId, recipient);
}
