import { type Currency, type Month, unreachable } from '@billtrail/kernel';
import type {
  AccountEvent,
  CreditNoteFacts,
  CreditNoteLinesAdded,
  CreditedCharge,
  CreditedLine,
  InvoiceIssueRequested,
} from '../events.js';
import type { FrozenCharge } from '../item/charge-item.js';
import type { FrozenItem, InvoiceLine } from '../item/frozen-item.js';
import { effectOnCharge, effectOnLine } from './credit-effect.js';

interface InvoiceCommon {
  readonly invoiceId: string;
  readonly clientId: string;
  readonly period: Month;
  readonly currency: Currency;
  /** Of the draft; null: it has none (schema version 1). */
  readonly hash: string | null;
  readonly lines: readonly InvoiceLine[];
  /** Lines that are not for work. */
  readonly charges: readonly FrozenCharge[];
}

/** An invoice in each of its states; what a state lacks, nobody can read. */
export type Invoice =
  | (InvoiceCommon & { readonly status: 'draft' })
  | (InvoiceCommon & { readonly status: 'approved'; readonly approvedBy: string })
  | (InvoiceCommon & { readonly status: 'discarded'; readonly reason: string })
  | (InvoiceCommon & { readonly status: 'issue-requested'; readonly request: InvoiceIssueRequested['data'] })
  | (InvoiceCommon & {
      readonly status: 'issued';
      readonly request: InvoiceIssueRequested['data'];
      readonly series: string;
      readonly numberInSeries: number;
      readonly number: string;
    });

/** A credit note from the request of its issue on. */
export interface CreditNote {
  readonly facts: CreditNoteFacts;
  readonly lines: readonly CreditedLine[];
  readonly charges: readonly CreditedCharge[];
  /** null: its number is on the way. */
  readonly numbered: { readonly number: string; readonly numberInSeries: number } | null;
}

/** The account of a client-period: who holds which item, so that nothing is billed twice (law L3). */
export interface AccountState {
  readonly invoices: ReadonlyMap<string, Invoice>;
  /** Items on drafts, approved or not: item id -> invoice id. */
  readonly claimed: ReadonlyMap<string, string>;
  /** Items on invoices that are issued or about to be: item id -> invoice id. */
  readonly invoiced: ReadonlyMap<string, string>;
  readonly writtenOff: ReadonlyMap<string, FrozenItem>;
  /** The same for charges, which have ids of their own: charge item id -> invoice id. */
  readonly claimedCharges: ReadonlyMap<string, string>;
  readonly invoicedCharges: ReadonlyMap<string, string>;
  readonly creditNotes: ReadonlyMap<string, CreditNote>;
}

export const EMPTY_ACCOUNT: AccountState = {
  invoices: new Map(),
  claimed: new Map(),
  invoiced: new Map(),
  writtenOff: new Map(),
  claimedCharges: new Map(),
  invoicedCharges: new Map(),
  creditNotes: new Map(),
};

export function evolveAccount(state: AccountState, event: AccountEvent): AccountState {
  switch (event.type) {
    case 'InvoiceDrafted': {
      const { invoiceId, clientId, period, currency, hash } = event.data;
      const empty = { invoiceId, clientId, period, currency, hash, lines: [], charges: [] };
      return withInvoice(state, { ...empty, status: 'draft' });
    }
    case 'InvoiceLinesAdded': {
      const { invoiceId, lines, charges = [] } = event.data;
      return {
        ...changeInvoice(state, invoiceId, (one) => ({
          ...one,
          lines: [...one.lines, ...lines],
          charges: [...one.charges, ...charges],
        })),
        claimed: withHolder(
          state.claimed,
          lines.map((line) => line.itemId),
          invoiceId,
        ),
        claimedCharges: withHolder(
          state.claimedCharges,
          charges.map((charge) => charge.chargeItemId),
          invoiceId,
        ),
      };
    }
    case 'InvoiceDraftDiscarded': {
      const { invoiceId, reason } = event.data;
      return {
        ...changeInvoice(state, invoiceId, (one) => ({ ...common(one), status: 'discarded', reason })),
        claimed: without(state.claimed, invoiceId),
        claimedCharges: without(state.claimedCharges, invoiceId),
      };
    }
    case 'InvoiceApproved': {
      const { invoiceId, approvedBy } = event.data;
      return changeInvoice(state, invoiceId, (one) => ({ ...common(one), status: 'approved', approvedBy }));
    }
    case 'InvoiceIssueRequested': {
      const { invoiceId } = event.data;
      const { lines = [], charges = [] } = state.invoices.get(invoiceId) ?? {};
      return {
        ...changeInvoice(state, invoiceId, (one) => ({
          ...common(one),
          status: 'issue-requested',
          request: event.data,
        })),
        claimed: without(state.claimed, invoiceId),
        invoiced: withHolder(
          state.invoiced,
          lines.map((line) => line.itemId),
          invoiceId,
        ),
        claimedCharges: without(state.claimedCharges, invoiceId),
        invoicedCharges: withHolder(
          state.invoicedCharges,
          charges.map((charge) => charge.chargeItemId),
          invoiceId,
        ),
      };
    }
    case 'InvoiceIssued': {
      const { invoiceId, series, numberInSeries, number } = event.data;
      return changeInvoice(state, invoiceId, (one) =>
        one.status === 'issue-requested'
          ? { ...common(one), status: 'issued', request: one.request, series, numberInSeries, number }
          : one,
      );
    }
    case 'CreditNoteIssueRequested':
      return withCreditNote(state, { facts: event.data, lines: [], charges: [], numbered: null });
    case 'CreditNoteLinesAdded':
      return credited(state, event.data);
    case 'CreditNoteIssued': {
      const { creditNoteId, number, numberInSeries } = event.data;
      const note = state.creditNotes.get(creditNoteId);
      return note === undefined ? state : withCreditNote(state, { ...note, numbered: { number, numberInSeries } });
    }
    case 'WorkWrittenOff':
      return { ...state, writtenOff: new Map(state.writtenOff).set(event.data.itemId, event.data) };
    default:
      return unreachable(event);
  }
}

/** What is billed again is free, what is written off is held by that, a corrected item by the invoice that the note corrects. */
function credited(
  state: AccountState,
  { creditNoteId, invoiceId, lines, charges }: CreditNoteLinesAdded['data'],
): AccountState {
  const invoiced = new Map(state.invoiced);
  const invoicedCharges = new Map(state.invoicedCharges);
  const writtenOff = new Map(state.writtenOff);
  for (const one of lines) {
    const { itemId } = one.line;
    const effect = effectOnLine(one);
    if (effect === 'settled') invoiced.set(itemId, invoiceId);
    if (effect === 'freed' || effect === 'forgone') invoiced.delete(itemId);
    if (effect === 'forgone') writtenOff.set(itemId, one.line);
  }
  for (const one of charges) {
    const { chargeItemId } = one.charge;
    const effect = effectOnCharge(one);
    if (effect === 'settled') invoicedCharges.set(chargeItemId, invoiceId);
    if (effect === 'freed') invoicedCharges.delete(chargeItemId);
  }
  const note = state.creditNotes.get(creditNoteId);
  const known = { ...state, invoiced, invoicedCharges, writtenOff };
  if (note === undefined) return known;
  return withCreditNote(known, {
    ...note,
    lines: [...note.lines, ...lines],
    charges: [...note.charges, ...charges],
  });
}

function withCreditNote(state: AccountState, note: CreditNote): AccountState {
  return { ...state, creditNotes: new Map(state.creditNotes).set(note.facts.creditNoteId, note) };
}

function common({ invoiceId, clientId, period, currency, hash, lines, charges }: Invoice): InvoiceCommon {
  return { invoiceId, clientId, period, currency, hash, lines, charges };
}

function withInvoice(state: AccountState, invoice: Invoice): AccountState {
  return { ...state, invoices: new Map(state.invoices).set(invoice.invoiceId, invoice) };
}

function changeInvoice(state: AccountState, invoiceId: string, change: (invoice: Invoice) => Invoice): AccountState {
  const invoice = state.invoices.get(invoiceId);
  return invoice === undefined ? state : withInvoice(state, change(invoice));
}

type Holders = ReadonlyMap<string, string>;

function withHolder(holders: Holders, ids: readonly string[], invoiceId: string): Holders {
  return ids.length === 0 ? holders : new Map([...holders, ...ids.map((id) => [id, invoiceId] as const)]);
}

function without(claimed: Holders, invoiceId: string): Holders {
  return new Map([...claimed].filter(([, holder]) => holder !== invoiceId));
}
