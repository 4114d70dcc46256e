import { type Currency, type LocalDate, type Month, invariant, known, unreachable } from '@billtrail/kernel';
import type {
  AccountEvent,
  CreditNoteFacts,
  CreditNoteIssued,
  CreditedCharge,
  CreditedLine,
  DocumentTerms,
  InvoiceDraftDiscarded,
  InvoiceDrafted,
  InvoiceIssueRequested,
  InvoiceIssueWithdrawn,
  InvoiceIssued,
  InvoiceLinesAdded,
  PartyOnDocument,
  Totals,
} from '../events.js';
import type { FrozenCharge } from '../item/charge-item.js';
import type { FrozenItem, InvoiceLine } from '../item/frozen-item.js';
import { holderOfOwnNote } from '../item/item-key.js';
import { effectOnCharge, effectOnLine } from './credit-effect.js';

interface InvoiceCommon {
  readonly invoiceId: string;
  readonly clientId: string;
  readonly period: Month;
  readonly currency: Currency;
  /** The client that receives and pays it. */
  readonly recipientId: string;
  /** True where the draft says who that is and at which sites its lines are: not of before. */
  readonly isAddressed: boolean;
  /** The site that it is for; null: what is of no site. Absent: for none in particular. */
  readonly siteId?: string | null;
  /** The day of issue that the draft was made for; null: it named none. */
  readonly meantFor: LocalDate | null;
  /** Account id of who drafted it; null: it does not say (of before). */
  readonly draftedBy: string | null;
  /** Of the draft; null: it has none (schema version 1). */
  readonly hash: string | null;
  /** Of the draft: what an approval approved; null: a category had no rate, or it states none (schema version 1). */
  readonly totals: Totals | null;
  /** The same. */
  readonly taxRounding: DocumentTerms['taxRounding'];
  /** The same, in words: when it is due. null: it states nothing of it. */
  readonly paymentTerms: string | null;
  /** The same; null: it states none. */
  readonly buyer: PartyOnDocument | null;
  readonly seller: PartyOnDocument | null;
  readonly lines: readonly InvoiceLine[];
  /** Lines that are not for work. */
  readonly charges: readonly FrozenCharge[];
}

/** An invoice in each of its states; what a state lacks, nobody can read. */
export type Invoice =
  | (InvoiceCommon & { readonly status: 'draft' })
  | (InvoiceCommon & { readonly status: 'approved'; readonly approvedBy: string })
  | (InvoiceCommon & { readonly status: 'discarded'; readonly reason: string })
  | (InvoiceCommon & {
      readonly status: 'issue-requested';
      readonly request: InvoiceIssueRequested['data'];
      readonly approvedBy: string;
    })
  | (InvoiceCommon & {
      readonly status: 'issued';
      readonly request: InvoiceIssueRequested['data'];
      readonly series: string;
      readonly numberInSeries: number;
      readonly number: string;
    });

/** A credit note from the request of its issue on. It takes nothing back before it is issued. */
export interface CreditNote {
  readonly facts: CreditNoteFacts;
  readonly lines: readonly CreditedLine[];
  readonly charges: readonly CreditedCharge[];
  /** False for a request of before there were verdicts: what it takes back was free from then on. */
  readonly hasVerdict: boolean;
  /** null: its verdict or its number is on the way. */
  readonly numbered: { readonly number: string; readonly numberInSeries: number } | null;
}

/** The account of a client-period: who holds which item, so that nothing is billed twice (law L3). */
export interface AccountState {
  readonly invoices: ReadonlyMap<string, Invoice>;
  /** Items on drafts, approved or not: item id -> invoice id. */
  readonly claimed: ReadonlyMap<string, string>;
  /** Items on invoices that are issued or about to be: item id -> invoice id; of a credit note without an invoice `holderOfOwnNote`. */
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
    case 'InvoiceDrafted':
      return drafted(state, event.data);
    case 'InvoiceLinesAdded':
      return linesAdded(state, event.data);
    case 'InvoiceDraftDiscarded':
      return discarded(state, event.data);
    case 'InvoiceApproved': {
      const { invoiceId, approvedBy } = event.data;
      return withInvoice(state, { ...commonOf(state, invoiceId), status: 'approved', approvedBy });
    }
    case 'InvoiceIssueRequested':
      return issueRequested(state, event.data);
    case 'InvoiceIssueWithdrawn':
      return issueWithdrawn(state, event.data);
    case 'InvoiceIssued':
      return issued(state, event.data);
    case 'CreditNoteIssueRequested': {
      const { comparedUpTo, ...facts } = event.data;
      const hasVerdict = comparedUpTo !== undefined;
      return withCreditNote(state, { facts, lines: [], charges: [], hasVerdict, numbered: null });
    }
    case 'CreditNoteLinesAdded': {
      const { creditNoteId, lines, charges } = event.data;
      const note = known(state.creditNotes, creditNoteId, 'credit note');
      return withCreditNote(state, {
        ...note,
        lines: [...note.lines, ...lines],
        charges: [...note.charges, ...charges],
      });
    }
    case 'CreditNoteIssueWithdrawn': {
      const creditNotes = new Map(state.creditNotes);
      creditNotes.delete(event.data.creditNoteId);
      return { ...state, creditNotes };
    }
    case 'CreditNoteIssued':
      return credited(state, event.data);
    case 'WorkWrittenOff':
      return { ...state, writtenOff: new Map(state.writtenOff).set(event.data.itemId, event.data) };
    // Asked for, and without effect.
    case 'ForgoingRequested':
    case 'ForgoingWithdrawn':
    case 'ForgoingApproved':
    case 'ForgoingRefused':
      return state;
    default:
      return unreachable(event);
  }
}

function drafted(state: AccountState, data: InvoiceDrafted['data']): AccountState {
  const {
    invoiceId,
    clientId,
    period,
    currency,
    recipientId = clientId,
    siteId,
    issueDate: meantFor = null,
    draftedBy = null,
    hash,
    totals,
    taxRounding,
    terms: paymentTerms,
    buyer,
    seller,
  } = data;
  const said = { meantFor, draftedBy, hash, totals, taxRounding, paymentTerms, buyer, seller };
  const isAddressed = data.recipientId !== undefined;
  const to = { recipientId, isAddressed, ...(siteId === undefined ? {} : { siteId }) };
  const empty = { invoiceId, clientId, period, currency, ...to, ...said, lines: [], charges: [] };
  return withInvoice(state, { ...empty, status: 'draft' });
}

function linesAdded(state: AccountState, data: InvoiceLinesAdded['data']): AccountState {
  const { invoiceId, lines, charges = [] } = data;
  const draft = known(state.invoices, invoiceId, 'invoice');
  return {
    ...withInvoice(state, { ...draft, lines: [...draft.lines, ...lines], charges: [...draft.charges, ...charges] }),
    claimed: withHolder(state.claimed, lines.map(itemIdOf), invoiceId),
    claimedCharges: withHolder(state.claimedCharges, charges.map(chargeItemIdOf), invoiceId),
  };
}

function discarded(state: AccountState, { invoiceId, reason }: InvoiceDraftDiscarded['data']): AccountState {
  return {
    ...withInvoice(state, { ...commonOf(state, invoiceId), status: 'discarded', reason }),
    claimed: without(state.claimed, invoiceId),
    claimedCharges: without(state.claimedCharges, invoiceId),
  };
}

function issueRequested(state: AccountState, request: InvoiceIssueRequested['data']): AccountState {
  const { invoiceId } = request;
  const common = commonOf(state, invoiceId);
  const { lines, charges } = common;
  const before = state.invoices.get(invoiceId);
  const approvedBy = before?.status === 'approved' ? before.approvedBy : '';
  return {
    ...withInvoice(state, { ...common, status: 'issue-requested', request, approvedBy }),
    claimed: without(state.claimed, invoiceId),
    invoiced: withHolder(state.invoiced, lines.map(itemIdOf), invoiceId),
    claimedCharges: without(state.claimedCharges, invoiceId),
    invoicedCharges: withHolder(state.invoicedCharges, charges.map(chargeItemIdOf), invoiceId),
  };
}

/** An approved draft again, that holds its items as one. */
function issueWithdrawn(state: AccountState, { invoiceId }: InvoiceIssueWithdrawn['data']): AccountState {
  const requested = known(state.invoices, invoiceId, 'invoice');
  invariant(requested.status === 'issue-requested', () => `nobody asked to issue invoice ${invoiceId}`);
  const common = commonOf(state, invoiceId);
  const { lines, charges } = common;
  return {
    ...withInvoice(state, { ...common, status: 'approved', approvedBy: requested.approvedBy }),
    claimed: withHolder(state.claimed, lines.map(itemIdOf), invoiceId),
    invoiced: without(state.invoiced, invoiceId),
    claimedCharges: withHolder(state.claimedCharges, charges.map(chargeItemIdOf), invoiceId),
    invoicedCharges: without(state.invoicedCharges, invoiceId),
  };
}

function issued(state: AccountState, data: InvoiceIssued['data']): AccountState {
  const { invoiceId, series, numberInSeries, number } = data;
  const requested = known(state.invoices, invoiceId, 'invoice');
  invariant(requested.status === 'issue-requested', () => `nobody asked to issue invoice ${invoiceId}`);
  return withInvoice(state, { ...requested, status: 'issued', series, numberInSeries, number });
}

function itemIdOf({ itemId }: { readonly itemId: string }): string {
  return itemId;
}

function chargeItemIdOf({ chargeItemId }: { readonly chargeItemId: string }): string {
  return chargeItemId;
}

/** What is billed again is free, what is written off is held by that, a corrected item by the invoice that the note corrects. */
function credited(
  state: AccountState,
  { creditNoteId, issueDate, number, numberInSeries }: CreditNoteIssued['data'],
): AccountState {
  const note = known(state.creditNotes, creditNoteId, 'credit note');
  const { invoiceId } = note.facts;
  const holder = invoiceId ?? holderOfOwnNote(creditNoteId);
  const invoiced = new Map(state.invoiced);
  const invoicedCharges = new Map(state.invoicedCharges);
  const writtenOff = new Map(state.writtenOff);
  for (const one of note.lines) {
    const { itemId } = one.line;
    const effect = effectOnLine(one);
    if (effect === 'settled') invoiced.set(itemId, holder);
    if (effect === 'freed' || effect === 'forgone') release(invoiced, itemId, holder);
    if (effect === 'forgone') writtenOff.set(itemId, one.line);
    if (effect === 'freed') writtenOff.delete(itemId);
  }
  for (const one of note.charges) {
    const { chargeItemId } = one.charge;
    const effect = effectOnCharge(one);
    if (effect === 'settled') invoicedCharges.set(chargeItemId, holder);
    if (effect === 'freed') release(invoicedCharges, chargeItemId, holder);
  }
  return withCreditNote(
    { ...state, invoiced, invoicedCharges, writtenOff },
    { ...note, facts: { ...note.facts, issueDate }, numbered: { number, numberInSeries } },
  );
}

/** In logs of before an item was free from the request of its note on, and may be on another invoice by now. */
function release(held: Map<string, string>, id: string, holder: string): void {
  if (held.get(id) === holder) held.delete(id);
}

function withCreditNote(state: AccountState, note: CreditNote): AccountState {
  return { ...state, creditNotes: new Map(state.creditNotes).set(note.facts.creditNoteId, note) };
}

/** What an invoice keeps whatever becomes of it. */
function commonOf({ invoices }: AccountState, id: string): InvoiceCommon {
  const { invoiceId, clientId, period, currency, meantFor, draftedBy, hash, ...draft } = known(invoices, id, 'invoice');
  const { totals, taxRounding, paymentTerms, buyer, seller, lines, charges } = draft;
  const { recipientId, isAddressed, siteId } = draft;
  const to = { recipientId, isAddressed, ...(siteId === undefined ? {} : { siteId }) };
  const said = { totals, taxRounding, paymentTerms, buyer, seller };
  return { invoiceId, clientId, period, currency, ...to, meantFor, draftedBy, hash, ...said, lines, charges };
}

function withInvoice(state: AccountState, invoice: Invoice): AccountState {
  return { ...state, invoices: new Map(state.invoices).set(invoice.invoiceId, invoice) };
}

type Holders = ReadonlyMap<string, string>;

function withHolder(holders: Holders, ids: readonly string[], invoiceId: string): Holders {
  return ids.length === 0 ? holders : new Map([...holders, ...ids.map((id) => [id, invoiceId] as const)]);
}

function without(claimed: Holders, invoiceId: string): Holders {
  return new Map([...claimed].filter(([, holder]) => holder !== invoiceId));
}
