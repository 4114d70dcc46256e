import { type Refusal, refuse } from '@billtrail/kernel';
import type { AccountState } from './state.js';

/** A document that was asked for, and has neither its number nor its verdict. */
export interface DocumentUnderWay {
  readonly kind: 'invoice' | 'credit note';
  readonly documentId: string;
}

/** There is one at most. null: none. */
export function documentUnderWay(state: AccountState): DocumentUnderWay | null {
  const invoice = [...state.invoices.values()].find(({ status }) => status === 'issue-requested');
  return invoice === undefined ? creditUnderWay(state) : { kind: 'invoice', documentId: invoice.invoiceId };
}

function creditUnderWay({ creditNotes }: AccountState): DocumentUnderWay | null {
  const note = [...creditNotes.values()].find(({ numbered }) => numbered === null);
  return note === undefined ? null : { kind: 'credit note', documentId: note.facts.creditNoteId };
}

/**
 * Credits of one account are computed from each other. While one document is being issued, no other may start: it could rest on one that is then withdrawn. Whoever asks
 * completes that one first.
 */
export function refuseUnderWay(state: AccountState): Refusal | null {
  return refused(documentUnderWay(state));
}

/** For a draft or a write-off: a note that is under way may have what it would take. */
export function refuseCreditUnderWay(state: AccountState): Refusal | null {
  return refused(creditUnderWay(state));
}

function refused(document: DocumentUnderWay | null): Refusal | null {
  if (document === null) return null;
  const { kind, documentId } = document;
  const none = kind === 'invoice' ? 'issued or credited' : 'drafted, issued, credited or written off';
  return refuse(
    'DocumentUnderWay',
    `The ${kind} ${documentId} of this client and month is still being issued; nothing else of the month can be ${none} until that is done.`,
    'Send the request again in a few seconds.',
    { kind, documentId },
  );
}
