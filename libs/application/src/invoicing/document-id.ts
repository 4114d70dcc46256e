import { refuse, type Month, type Refusal } from '@billtrail/kernel';
import {
  fingerprintOf,
  streamName,
  type Claim,
  type EventStore,
  type KeyClaimed,
  type StreamName,
} from '@billtrail/event-store';
import type { CreditNoteIdTaken, InvoiceIdTaken } from '@billtrail/billing';
import { accountStream } from './account.js';

interface ClientPeriod {
  readonly clientId: string;
  readonly period: Month;
}

/** The id of a document, and the account that wants it. */
interface DocumentId {
  readonly claim: Claim;
  readonly account: StreamName;
  readonly refuse: () => Refusal;
}

export function idOfInvoice({ invoiceId, ...of }: ClientPeriod & { readonly invoiceId: string }): DocumentId {
  return idOf('invoice', invoiceId, of, () => inUse('InvoiceIdTaken', `Invoice id ${invoiceId}`, { invoiceId }));
}

export function idOfCreditNote({ creditNoteId, ...of }: ClientPeriod & { readonly creditNoteId: string }): DocumentId {
  return idOf('credit-note', creditNoteId, of, () =>
    inUse('CreditNoteIdTaken', `Credit note id ${creditNoteId}`, { creditNoteId }),
  );
}

function idOf(
  category: 'invoice' | 'credit-note',
  id: string,
  { clientId, period }: ClientPeriod,
  refused: () => Refusal,
): DocumentId {
  const account = accountStream({ clientId, period });
  const claim = { key: streamName(category, id), fingerprint: fingerprintOf(category, { id, account }) };
  return { claim, account, refuse: refused };
}

/** What takes the id for the client and month, for good: nothing where it is theirs already; or the refusal where it is another's. */
export async function claimsOf(
  store: EventStore,
  { claim, account, refuse: refused }: DocumentId,
): Promise<readonly Claim[] | Refusal> {
  const holder = await holderOf(store, claim.key);
  if (holder === null) return [claim];
  return holder === account ? [] : refused();
}

/** The account that has the id. Old logs say it in events of their own, written before the draft and not with it. */
async function holderOf(store: EventStore, key: StreamName): Promise<StreamName | null> {
  const { events } = await store.readStream(key, { limit: 1 });
  const [taken] = events as readonly (KeyClaimed | InvoiceIdTaken | CreditNoteIdTaken)[];
  if (taken === undefined) return null;
  return taken.type === 'KeyClaimed' ? taken.data.stream : accountStream(taken.data);
}

function inUse(code: 'InvoiceIdTaken' | 'CreditNoteIdTaken', name: string, details: Record<string, string>): Refusal {
  return refuse(
    code,
    `${name} is in use for another client or month.`,
    'Leave the id out to get a new one, or choose another.',
    details,
  );
}
