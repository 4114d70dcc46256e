import { type Refusal, refuse } from '@billtrail/kernel';
import type { AccountState } from './state.js';

/** The code of the refusal where another document of the account is under way. */
export const DOCUMENT_UNDER_WAY = 'DocumentUnderWay';

/**
 * What documents of an account give back rests on each other: no other is issued while the verdict on one is open, so that none rests on one that is withdrawn.
 * Whoever asks completes that one first.
 */
export function refuseUnderWay(state: AccountState): Refusal | null {
  const invoice = [...state.invoices.values()].find(({ status }) => status === 'issue-requested');
  if (invoice !== undefined) return underWay('invoice', invoice.invoiceId);
  return refuseCreditUnderWay(state);
}

/** For a draft: a note that is under way may have what it would take. */
export function refuseCreditUnderWay({ creditNotes }: AccountState): Refusal | null {
  const note = [...creditNotes.values()].find(({ numbered }) => numbered === null);
  return note === undefined ? null : underWay('credit note', note.facts.creditNoteId);
}

function underWay(kind: 'invoice' | 'credit note', documentId: string): Refusal {
  return refuse(
    DOCUMENT_UNDER_WAY,
    `The issue of ${kind} ${documentId} of this client and month is under way: whether it stands comes first.`,
    'Send the same again.',
    { kind, documentId },
  );
}
