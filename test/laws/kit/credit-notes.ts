import type { RecordedEvent } from '@billtrail/event-store';
import type {
  AccountEvent,
  CreditNoteIssued,
  CreditNoteIssueRequested,
  CreditedLine,
  InvoiceIssueRequested,
  InvoiceLine,
  TaxTotal,
} from '@billtrail/billing';
import type { MoneyJson } from '@billtrail/kernel';
import type { Findings } from './law.js';
import { fraction, halfUp, minorUnits } from './price.js';

/** A credit note as the log tells it. The histories of the laws credit no charges. */
export interface ToldCreditNote {
  readonly request: CreditNoteIssueRequested['data'];
  readonly lines: readonly CreditedLine[];
  readonly issued: CreditNoteIssued['data'] | null;
}

export function toldCreditNotes(events: readonly RecordedEvent[]): readonly ToldCreditNote[] {
  const told = new Map<string, ToldCreditNote>();
  for (const recorded of events) {
    const { type, data } = recorded as unknown as AccountEvent;
    if (type === 'CreditNoteIssueRequested') {
      told.set(data.creditNoteId, { request: data, lines: [], issued: null });
      continue;
    }
    if (type !== 'CreditNoteLinesAdded' && type !== 'CreditNoteIssued') continue;
    const known = told.get(data.creditNoteId);
    if (!known) continue;
    const more = type === 'CreditNoteIssued' ? { issued: data } : { lines: [...known.lines, ...data.lines] };
    told.set(data.creditNoteId, { ...known, ...more });
  }
  return [...told.values()];
}

/** An issued invoice, as far as its credit notes are measured on it. */
interface Credited {
  readonly invoiceId: string;
  readonly lines: readonly InvoiceLine[];
  readonly request: InvoiceIssueRequested['data'] | null;
}

function minorOf({ amount, currency }: MoneyJson): bigint {
  const { over, under } = fraction(amount.replace('-', ''));
  const absolute = halfUp(over * minorUnits(currency), under);
  return amount.startsWith('-') ? -absolute : absolute;
}

function sum(amounts: readonly bigint[]): bigint {
  return amounts.reduce((total, amount) => total + amount, 0n);
}

/** Half away from zero, in minor units. */
function taxOn({ rate }: Pick<TaxTotal, 'rate'>, net: bigint): bigint {
  const percent = fraction(rate);
  const absolute = halfUp((net < 0n ? -net : net) * percent.over, 100n * percent.under);
  return net < 0n ? -absolute : absolute;
}

/**
 * L5 of credit notes: lines sum to nets, the tax of all notes of an invoice until each is that on all that was credited until then, and neither
 * passes the invoice, in any category or in all. A line takes back no more than its invoice line has, once.
 */
export function wrongCredits(invoices: readonly Credited[], notes: readonly ToldCreditNote[]): Findings {
  return invoices.flatMap((invoice) => {
    const own = notes.filter(({ request }) => request.invoiceId === invoice.invoiceId);
    return [...wrongTaxes(invoice, own), ...wrongLines(invoice, own)];
  });
}

function wrongTaxes({ invoiceId, request }: Credited, notes: readonly ToldCreditNote[]): Findings {
  if (notes.length === 0) return [];
  if (request === null) return [`${invoiceId} is credited, and was never issued`];
  const findings: string[] = [];
  const nets = new Map<string, bigint>();
  const taxes = new Map<string, bigint>();
  let all = { net: 0n, tax: 0n };
  for (const { request: note, lines } of notes) {
    const at = `${note.creditNoteId} of ${invoiceId}`;
    for (const total of note.taxTotals) {
      const { taxCategory } = total;
      const invoiced = request.taxTotals.find((one) => one.taxCategory === taxCategory);
      const ofLines = sum(lines.filter(({ line }) => line.taxCategory === taxCategory).map(({ net }) => minorOf(net)));
      if (minorOf(total.net) !== ofLines) findings.push(`${at}: the net of ${taxCategory} is not that of its lines`);
      const net = (nets.get(taxCategory) ?? 0n) + ofLines;
      const tax = (taxes.get(taxCategory) ?? 0n) + minorOf(total.tax);
      nets.set(taxCategory, net);
      taxes.set(taxCategory, tax);
      if (total.rate !== invoiced?.rate) findings.push(`${at}: ${taxCategory} is at another rate than on the invoice`);
      if (tax !== taxOn(total, net)) findings.push(`${at}: ${tax} of tax is credited on ${net} of ${taxCategory}`);
      const most = invoiced === undefined ? 0n : minorOf(invoiced.net);
      if (net * most < 0n || net * net > most * most) findings.push(`${at}: ${net} of ${most} of ${taxCategory}`);
    }
    all = { net: all.net + minorOf(note.net), tax: all.tax + minorOf(note.tax) };
    if (minorOf(note.net) !== sum(lines.map(({ net }) => minorOf(net)))) findings.push(`${at}: net`);
    if (minorOf(note.tax) !== sum(note.taxTotals.map(({ tax }) => minorOf(tax)))) findings.push(`${at}: tax`);
    if (minorOf(note.total) !== minorOf(note.net) + minorOf(note.tax)) findings.push(`${at}: total`);
    if (minorOf(note.net) < 0n || minorOf(note.total) < 0n) findings.push(`${at} asks for money`);
    if (all.net > minorOf(request.net) || all.tax > minorOf(request.tax)) findings.push(`${at}: above its invoice`);
  }
  return findings;
}

function wrongLines({ invoiceId, lines }: Credited, notes: readonly ToldCreditNote[]): Findings {
  const findings: string[] = [];
  const back = new Map<string, bigint>();
  const whole = new Set<string>();
  for (const { request, lines: credits } of notes) {
    for (const { line, outcome, net, isWhole } of credits) {
      const at = `${request.creditNoteId} of ${invoiceId}, ${line.itemId}`;
      if (outcome === 'corrected') {
        if (minorOf(net) !== -minorOf(line.net) || minorOf(net) <= 0n) findings.push(`${at}: settled at ${net.amount}`);
        continue;
      }
      const invoiced = lines.find(({ itemId }) => itemId === line.itemId);
      if (JSON.stringify(invoiced) !== JSON.stringify(line)) findings.push(`${at}: is not the line of the invoice`);
      if (whole.has(line.itemId)) findings.push(`${at}: was credited before`);
      if (isWhole) whole.add(line.itemId);
      const credited = (back.get(line.itemId) ?? 0n) + minorOf(net);
      back.set(line.itemId, credited);
      const most = minorOf(line.net);
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
