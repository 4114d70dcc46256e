import type { RecordedEvent } from '@billtrail/event-store';
import type {
  AccountEvent,
  CreditNoteIssued,
  CreditNoteIssueRequested,
  CreditedCharge,
  CreditedLine,
  FrozenCharge,
  InvoiceIssueRequested,
  InvoiceLine,
  TaxTotal,
} from '@billtrail/billing';
import type { MoneyJson } from '@billtrail/kernel';
import type { Findings } from './findings.js';
import { minorOf, sumOf } from './integers.js';
import { isIn, isTaxedAs, partsOf, wrongTotals } from './taxes.js';

/** A credit note as the log tells it. */
export interface ToldCreditNote {
  readonly request: CreditNoteIssueRequested['data'];
  readonly lines: readonly CreditedLine[];
  readonly charges: readonly CreditedCharge[];
  readonly issued: CreditNoteIssued['data'] | null;
}

export function toldCreditNotes(events: readonly RecordedEvent[]): readonly ToldCreditNote[] {
  const told = new Map<string, ToldCreditNote>();
  for (const recorded of events) {
    const { type, data } = recorded as unknown as AccountEvent;
    if (type === 'CreditNoteIssueRequested') {
      told.set(data.creditNoteId, { request: data, lines: [], charges: [], issued: null });
      continue;
    }
    if (type === 'CreditNoteIssueWithdrawn') told.delete(data.creditNoteId);
    if (type !== 'CreditNoteLinesAdded' && type !== 'CreditNoteIssued') continue;
    const known = told.get(data.creditNoteId);
    if (!known) continue;
    const more =
      type === 'CreditNoteIssued'
        ? { issued: data }
        : { lines: [...known.lines, ...data.lines], charges: [...known.charges, ...data.charges] };
    told.set(data.creditNoteId, { ...known, ...more });
  }
  return [...told.values()];
}

/** An issued invoice, as far as its credit notes are measured on it. */
interface Credited {
  readonly invoiceId: string;
  readonly lines: readonly InvoiceLine[];
  readonly charges: readonly FrozenCharge[];
  readonly request: InvoiceIssueRequested['data'] | null;
}

/** One thing that a note takes back, work or charge, with what the invoice says of it. */
interface TakenBack {
  readonly itemId: string;
  readonly on: InvoiceLine | FrozenCharge;
  readonly outcome: CreditedLine['outcome'];
  readonly net: MoneyJson;
  readonly isWhole: boolean;
}

function takenBack({ lines, charges }: Pick<ToldCreditNote, 'lines' | 'charges'>): readonly TakenBack[] {
  return [
    ...lines.map(({ line, ...given }) => ({ ...given, itemId: line.itemId, on: line })),
    ...charges.map(({ charge, ...given }) => ({ ...given, itemId: charge.chargeItemId, on: charge })),
  ];
}

/** L5 of credit notes: lines sum to nets, and neither net nor tax passes what the invoice asked for, whatever it gave back of others. A line takes back no more than its invoice line has, once. */
export function wrongCredits(invoices: readonly Credited[], notes: readonly ToldCreditNote[]): Findings {
  return [
    ...notes.filter(({ request }) => request.invoiceId === null).flatMap(wrongOwnNote),
    ...ofInvoices(invoices, notes),
  ];
}

/** L5 of a note of no invoice: its lines sum to its nets, its tax is that on them, and each settles what is owed. */
function wrongOwnNote(note: ToldCreditNote): Findings {
  const at = `${note.request.creditNoteId} of no invoice`;
  const lines = takenBack(note);
  const unsettled = lines
    .filter(
      ({ on, outcome, net }) => outcome !== 'corrected' || minorOf(net) !== -minorOf(on.net) || minorOf(net) <= 0n,
    )
    .map(({ itemId, outcome, net }) => `${at}, ${itemId}: ${outcome} at ${net.amount}`);
  const totals = wrongTotals(
    at,
    lines.map(({ on }) => on),
    note.request,
    -1n,
  );
  return [...totals, ...unsettled];
}

function ofInvoices(invoices: readonly Credited[], notes: readonly ToldCreditNote[]): Findings {
  return invoices.flatMap((invoice) => {
    const own = notes.filter(({ request }) => request.invoiceId === invoice.invoiceId);
    return [...wrongTaxes(invoice, own), ...wrongLines(invoice, own)];
  });
}

function wrongTaxes({ invoiceId, request, lines: own, charges }: Credited, notes: readonly ToldCreditNote[]): Findings {
  if (notes.length === 0) return [];
  if (request === null) return [`${invoiceId} is credited, and was never issued`];
  const findings: string[] = [];
  const carried = [...own, ...charges].flatMap(partsOf).filter(({ stated }) => stated?.givesBack !== undefined);
  const asked = {
    net: minorOf(request.net) - sumOf(carried.map(({ net }) => net)),
    tax: minorOf(request.tax) - sumOf(carried.map(({ stated }) => (stated === null ? 0n : minorOf(stated.tax)))),
  };
  let all = { net: 0n, tax: 0n };
  for (const { request: note, ...rest } of notes) {
    const lines = takenBack(rest);
    const at = `${note.creditNoteId} of ${invoiceId}`;
    for (const total of note.taxTotals) {
      if (request.taxTotals.filter((one) => isTaxedAs(one, total)).length !== 1)
        findings.push(`${at}: ${total.taxCategory} is taxed otherwise than on the invoice`);
      if (minorOf(total.net) !== sumOf(lines.map((one) => netIn(total, one))))
        findings.push(`${at}: the net of ${total.taxCategory} is not that of its lines`);
    }
    const ofTotals = sumOf(note.taxTotals.map((one) => minorOf(one.net)));
    if (minorOf(note.net) !== ofTotals) findings.push(`${at}: the nets of its taxes come to ${ofTotals}`);
    all = { net: all.net + minorOf(note.net), tax: all.tax + minorOf(note.tax) };
    if (minorOf(note.net) !== sumOf(lines.map(({ net }) => minorOf(net)))) findings.push(`${at}: net`);
    if (minorOf(note.tax) !== sumOf(note.taxTotals.map(({ tax }) => minorOf(tax)))) findings.push(`${at}: tax`);
    if (minorOf(note.total) !== minorOf(note.net) + minorOf(note.tax)) findings.push(`${at}: total`);
    if (minorOf(note.net) < 0n || minorOf(note.total) < 0n) findings.push(`${at} asks for money`);
    if (all.net > asked.net || all.tax > asked.tax) findings.push(`${at}: above its invoice`);
  }
  return findings;
}

/** What of a line that is taken back belongs to a tax total of the note. */
function netIn(total: TaxTotal, { on, outcome, net }: TakenBack): bigint {
  const parts = partsOf(on).filter((part) => isIn(total, part));
  if (outcome === 'corrected') return -sumOf(parts.map((part) => part.net));
  return on.taxes.length > 1 ? sumOf(parts.map((part) => part.net)) : parts.length === 0 ? 0n : minorOf(net);
}

function wrongLines({ invoiceId, lines, charges }: Credited, notes: readonly ToldCreditNote[]): Findings {
  const findings: string[] = [];
  const back = new Map<string, bigint>();
  const whole = new Set<string>();
  const again = new Set<string>();
  for (const { request, ...rest } of notes) {
    for (const { itemId, on, outcome, net, isWhole } of takenBack(rest)) {
      const at = `${request.creditNoteId} of ${invoiceId}, ${itemId}`;
      if (outcome === 'corrected') {
        if (minorOf(net) !== -minorOf(on.net) || minorOf(net) <= 0n) findings.push(`${at}: settled at ${net.amount}`);
        continue;
      }
      const invoiced =
        lines.find((line) => line.itemId === itemId) ?? charges.find((charge) => charge.chargeItemId === itemId);
      if (JSON.stringify(invoiced) !== JSON.stringify(on)) findings.push(`${at}: is not the line of the invoice`);
      // What was written off can be billed again, less that: nothing goes back with it.
      const isAfterGoodwill = outcome === 'bill-again' && minorOf(net) === 0n && !again.has(itemId);
      if (whole.has(itemId) && !isAfterGoodwill) findings.push(`${at}: was credited before`);
      if (isWhole) whole.add(itemId);
      if (outcome === 'bill-again') again.add(itemId);
      const credited = (back.get(itemId) ?? 0n) + minorOf(net);
      back.set(itemId, credited);
      const most = minorOf(on.net);
      if (credited * most < 0n || credited * credited > most * most || (isWhole && credited !== most))
        findings.push(`${at}: ${credited} of ${most} went back`);
    }
  }
  return findings;
}

/** What must stay as it is of issued credit notes, as text. */
export function issuedCreditNotes(notes: readonly ToldCreditNote[]): ReadonlyMap<string, string> {
  return new Map(
    notes.flatMap((note) => (note.issued === null ? [] : [[note.issued.creditNoteId, JSON.stringify(note)]])),
  );
}
