import type { RecordedEvent } from '@billtrail/event-store';
import type {
  AccountEvent,
  CreditedCharge,
  CreditedLine,
  DocumentNumberAssigned,
  FrozenCharge,
  InvoiceIssued,
  InvoiceIssueRequested,
  InvoiceLine,
} from '@billtrail/billing';
import type { CreditShown } from '@billtrail/read-models';
import type { Findings } from './findings.js';
import { toldCreditNotes } from './credit-notes.js';
import type { Observed } from './observed.js';

/** A document as the log tells it. */
export interface ToldInvoice {
  readonly invoiceId: string;
  readonly account: string;
  readonly lines: readonly InvoiceLine[];
  readonly charges: readonly FrozenCharge[];
  readonly discarded: boolean;
  readonly request: InvoiceIssueRequested['data'] | null;
  readonly issued: InvoiceIssued['data'] | null;
}

export function toldInvoices(events: readonly RecordedEvent[]): readonly ToldInvoice[] {
  const told = new Map<string, ToldInvoice>();
  for (const recorded of events) {
    if (!recorded.stream.startsWith('account-')) continue;
    const { type, data } = recorded as unknown as AccountEvent;
    if (type === 'WorkWrittenOff' || !('invoiceId' in data)) continue;
    if (type.startsWith('CreditNote')) continue;
    const { invoiceId } = data;
    if (invoiceId === null) continue;
    const account = recorded.stream.slice('account-'.length);
    const known = told.get(invoiceId) ?? {
      invoiceId,
      account,
      lines: [],
      charges: [],
      discarded: false,
      request: null,
      issued: null,
    };
    if (type === 'InvoiceLinesAdded') {
      const charges = [...known.charges, ...(data.charges ?? [])];
      told.set(invoiceId, { ...known, lines: [...known.lines, ...data.lines], charges });
    } else if (type === 'InvoiceDraftDiscarded') told.set(invoiceId, { ...known, discarded: true });
    else if (type === 'InvoiceIssueRequested') told.set(invoiceId, { ...known, request: data });
    else if (type === 'InvoiceIssueWithdrawn') told.set(invoiceId, { ...known, request: null });
    else if (type === 'InvoiceIssued') told.set(invoiceId, { ...known, issued: data });
    else told.set(invoiceId, known);
  }
  return [...told.values()];
}

/** A draft, or issued. */
export function isLive({ discarded }: ToldInvoice): boolean {
  return !discarded;
}

/** Who holds each item and each charge: the live documents of its account, net of credit, and write-offs. */
class Holders {
  private readonly holders = new Map<string, readonly string[]>();

  hold(item: string, holder: string): void {
    this.holders.set(item, [...(this.holders.get(item) ?? []), holder]);
  }

  credit(item: string, { outcome, isWhole }: CreditedLine | CreditedCharge, invoiceId: string, noteId: string): void {
    if (outcome === 'corrected') this.hold(item, noteId);
    if (outcome === 'corrected' || !isWhole) return;
    this.holders.set(
      item,
      (this.holders.get(item) ?? []).filter((id) => id !== invoiceId),
    );
    if (outcome === 'written-off') this.hold(item, 'write-off');
  }

  heldTwice(): Findings {
    return [...this.holders]
      .filter(([, ids]) => ids.length > 1)
      .map(([item, ids]) => `${item} is on ${ids.join(' and ')}`);
  }
}

/**
 * L3: an item or a charge is on at most one line of the live documents of its account, drafts among them, net of credit, and on none once it was
 * written off.
 */
export function billedTwice(invoices: readonly ToldInvoice[], events: readonly RecordedEvent[]): Findings {
  const held = new Holders();
  const notes = new Map(toldCreditNotes(events).map((note) => [note.request.creditNoteId, note]));
  const itemOf = (account: string, { ticketId, itemId }: { readonly ticketId: string; readonly itemId: string }) =>
    `${account} ${ticketId} ${itemId}`;
  const chargeOf = (account: string, { chargeItemId }: FrozenCharge) => `${account} charge ${chargeItemId}`;
  for (const { invoiceId, account, lines, charges } of invoices.filter(isLive)) {
    for (const line of lines) held.hold(itemOf(account, line), invoiceId);
    for (const charge of charges) held.hold(chargeOf(account, charge), invoiceId);
  }
  for (const recorded of events) {
    const { type, data } = recorded as unknown as AccountEvent;
    const account = recorded.stream.slice('account-'.length);
    if (type === 'WorkWrittenOff') held.hold(itemOf(account, data), 'write-off');
    if (type !== 'CreditNoteIssued') continue;
    const { invoiceId, creditNoteId } = data;
    const holder = invoiceId ?? creditNoteId;
    const note = notes.get(creditNoteId);
    for (const one of note?.lines ?? []) held.credit(itemOf(account, one.line), one, holder, creditNoteId);
    for (const one of note?.charges ?? []) held.credit(chargeOf(account, one.charge), one, holder, creditNoteId);
  }
  return held.heldTwice();
}

/** What must stay as it is of issued documents: what the log says of each and what the read model shows, as text. */
export function issuedDocuments(
  invoices: readonly ToldInvoice[],
  { documents }: Observed,
): ReadonlyMap<string, string> {
  const shown = new Map(documents.map((document) => [document.invoice.invoiceId, document]));
  return new Map(
    invoices
      .filter(({ issued }) => issued !== null)
      .map((told) => [told.invoiceId, JSON.stringify([told, withoutCredits(shown.get(told.invoiceId))])]),
  );
}

/** The document as it was issued: what credit notes say of it is told beside it, and is no part of it. */
function withoutCredits(document: Observed['documents'][number] | undefined): unknown {
  if (!document) return undefined;
  const { credited: _, ...invoice } = document.invoice;
  return { invoice, lines: document.lines.map(asFrozen), charges: document.charges.map(asFrozen) };
}

/** A line that is shown, without what is told beside it: credits of it, and what of an earlier document it is a credit of. */
export function asFrozen<Shown extends { readonly credits?: unknown; readonly creditOf: CreditShown | null }>(
  shown: Shown,
) {
  const { credits: _, creditOf, ...line } = shown;
  if (creditOf === null) return { ...line, creditOf };
  const { number: __, difference: ___, tax: ____, ...frozen } = creditOf;
  return { ...line, creditOf: frozen };
}

/** L4: every document issued before is still there, letter by letter. */
export function changedDocuments(before: ReadonlyMap<string, string>, now: ReadonlyMap<string, string>): Findings {
  return [...before]
    .filter(([id, text]) => now.get(id) !== text)
    .map(([id, text]) => `${id} was ${text}, and is ${now.get(id)}`);
}

/** L4: the numbers of each series are 1 to n, in the order of their assignment, each is on exactly one issued document, and printed once. */
export function brokenSeries(invoices: readonly ToldInvoice[], events: readonly RecordedEvent[]): Findings {
  const findings: string[] = [];
  const documents = [
    ...invoices.map((one) => ({ documentId: one.invoiceId, request: one.request, issued: one.issued })),
    ...toldCreditNotes(events).map((one) => ({
      documentId: one.request.creditNoteId,
      request: one.request,
      issued: one.issued,
    })),
  ];
  const last = new Map<string, number>();
  const printed = new Set<string>();
  for (const { type, data } of events) {
    if (type !== 'DocumentNumberAssigned') continue;
    const { series, number, documentId, formatted } = data as DocumentNumberAssigned['data'];
    if (number !== (last.get(series) ?? 0) + 1)
      findings.push(`${series}: ${number} comes after ${last.get(series) ?? 0}`);
    last.set(series, number);
    if (printed.has(formatted)) findings.push(`${formatted} is printed on ${documentId} and another document`);
    printed.add(formatted);
    const issued = documents.filter((one) => one.issued?.series === series && one.issued.numberInSeries === number);
    if (issued.length !== 1 || issued[0]?.documentId !== documentId || issued[0].issued?.number !== formatted)
      findings.push(
        `${formatted} was given to ${documentId}, and is on ${issued.map((one) => one.documentId).join(', ')}`,
      );
  }
  const numbered = [...last.values()].reduce((sum, number) => sum + number, 0);
  const issued = documents.filter((one) => one.issued !== null);
  if (numbered !== issued.length) findings.push(`${issued.length} documents are issued with ${numbered} numbers`);
  findings.push(
    ...documents
      .filter((one) => one.request && !one.issued)
      .map(({ documentId }) => `${documentId} waits for its number`),
  );
  return findings;
}
