import type { RecordedEvent } from '@billtrail/event-store';
import { issuedCreditNotes, toldCreditNotes, type ToldCreditNote } from './credit-notes.js';
import { issuedDocuments, toldInvoices, type ToldInvoice } from './documents.js';
import type { Rows } from './dump.js';
import type { House } from './house.js';
import { Model } from './model.js';
import { observe, type Observed } from './observed.js';

/** The same rows, come by in two ways. */
export interface Twice {
  readonly of: string;
  readonly one: Rows;
  readonly other: Rows;
}

/** What is seen of a history at one position: all that the laws ask. */
export interface Look {
  readonly events: readonly RecordedEvent[];
  readonly model: Model;
  readonly observed: Observed;
  readonly invoices: readonly ToldInvoice[];
  readonly creditNotes: readonly ToldCreditNote[];
  /** The policies have acted on all that was recorded: numbers are given, gaps opened and closed. */
  readonly isSettled: boolean;
  /** Issued documents, letter by letter, as an earlier look saw them and as they are now. */
  readonly issuedBefore: ReadonlyMap<string, string>;
  readonly issuedNow: ReadonlyMap<string, string>;
  /** Live rows, and rows that were filled from the log. Empty where this look did not compare them. */
  readonly rebuilt: readonly Twice[];
  /** What was told at an earlier position, and what is told of it now. */
  readonly travelled: readonly Twice[];
}

/** What of a house is looked at. */
export type LookedAt = Pick<House, 'billtrail' | 'events' | 'today'>;

type Beside = Pick<Look, 'isSettled' | 'issuedBefore' | 'rebuilt' | 'travelled'>;
const ALONE: Beside = { isSettled: false, issuedBefore: new Map(), rebuilt: [], travelled: [] };

/** The log, the model and the read models at the end of the log. */
export async function lookAt({ house }: { readonly house: LookedAt }, beside: Partial<Beside> = {}): Promise<Look> {
  await house.billtrail.upToDate();
  const events = await house.events();
  const model = Model.of(events);
  const observed = await observe(house.billtrail.models, model.tickets.keys(), await house.today());
  return { model, observed, ...ALONE, ...beside, ...documentsOf(events, observed) };
}

/** The log, with what the documents say by it. */
export function documentsOf(
  events: readonly RecordedEvent[],
  observed: Observed,
): Pick<Look, 'events' | 'invoices' | 'creditNotes' | 'issuedNow'> {
  const invoices = toldInvoices(events);
  const creditNotes = toldCreditNotes(events);
  const issuedNow = new Map([...issuedDocuments(invoices, observed), ...issuedCreditNotes(creditNotes)]);
  return { events, invoices, creditNotes, issuedNow };
}
