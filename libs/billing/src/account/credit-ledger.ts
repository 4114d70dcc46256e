import { Money, addTo } from '@billtrail/kernel';
import type { CreditedLine } from '../events.js';
import {
  type Line,
  freedBy,
  itemIdOf,
  keyOfLine,
  linesOf,
  partsGivenBack,
  subjectOf,
  subjectOfCharge,
  subjectOfLine,
} from './lines-of-credit.js';
import type { AccountState, CreditNote, Invoice } from './state.js';

/** What can be credited on an invoice: a line of work, or a charge. */
export interface OnInvoice {
  readonly itemId: string;
  /** What adjustments of it share: the work, or the charge. */
  readonly subject: string;
  readonly net: Money;
}

/** What was taken back of one invoice so far: by credit notes, by lines of later invoices, and by the items of the note in the making. */
export class CreditLedger {
  private readonly whole = new Set<string>();
  private readonly billedAgain = new Set<string>();
  private readonly parts = new Map<string, Money>();
  private readonly corrections = new Map<string, Money>();
  private readonly bySubject = new Map<string, OnInvoice[]>();

  constructor(
    private readonly invoice: Invoice,
    { invoices, creditNotes }: Pick<AccountState, 'invoices' | 'creditNotes'>,
  ) {
    for (const line of [...invoice.lines, ...invoice.charges]) this.carries(line);
    for (const note of creditNotes.values()) {
      if (note.facts.invoiceId === invoice.invoiceId) this.note(note);
      else if (note.facts.invoiceId === null) for (const line of linesOf(note)) this.elsewhere(line);
    }
    for (const other of invoices.values()) {
      if (!('request' in other) || other.invoiceId === invoice.invoiceId) continue;
      const freed = new Set([...creditNotes.values()].flatMap((note) => freedBy(note, other.invoiceId)));
      for (const line of [...other.lines, ...other.charges]) if (!freed.has(keyOfLine(line))) this.elsewhere(line);
    }
  }

  private note({ lines, charges }: CreditNote): void {
    for (const one of lines) this.add(one.line.itemId, subjectOfLine(one), one);
    for (const one of charges) this.add(one.charge.chargeItemId, subjectOfCharge(one), one);
  }

  /** A line of another document that corrects what is on this invoice. */
  private elsewhere(line: Line): void {
    for (const { documentId, net } of partsGivenBack(line))
      if (documentId === this.invoice.invoiceId) this.correct(subjectOf(line), net.negated());
  }

  private correct(subject: string, net: Money): void {
    this.corrections.set(subject, (this.corrections.get(subject) ?? this.zero()).plus(net));
  }

  /** What a line gives back of another invoice is not asked for less on this one. */
  private carries(line: Line): void {
    const subject = subjectOf(line);
    const net = partsGivenBack(line).reduce((asked, part) => asked.minus(part.net), Money.from(line.net));
    addTo(this.bySubject, subject, { itemId: itemIdOf(line), subject, net });
  }

  add(itemId: string, subject: string, { outcome, net, isWhole }: Pick<CreditedLine, 'outcome' | 'net' | 'isWhole'>) {
    if (outcome === 'corrected') {
      this.correct(subject, Money.from(net));
      return;
    }
    const key = `${subject}\u0000${itemId}`;
    this.parts.set(key, (this.parts.get(key) ?? this.zero()).plus(Money.from(net)));
    if (isWhole) this.whole.add(key);
    if (outcome === 'bill-again') this.billedAgain.add(key);
  }

  /** True where nothing is left of a line to credit: it was credited whole, or all its money in parts. */
  isUsedUp({ itemId, subject, net }: OnInvoice): boolean {
    const key = `${subject}\u0000${itemId}`;
    return this.whole.has(key) || this.parts.get(key)?.equals(net) === true;
  }

  /** True where a note gave a line free to be billed again. */
  isBilledAgain({ itemId, subject }: Pick<OnInvoice, 'itemId' | 'subject'>): boolean {
    return this.billedAgain.has(`${subject}\u0000${itemId}`);
  }

  /** True where a note settled an adjustment of the line's work or charge. */
  isAdjusted({ subject }: Pick<OnInvoice, 'subject'>): boolean {
    return this.corrections.has(subject);
  }

  /** What is left of a line. */
  leftOf({ itemId, subject, net }: OnInvoice): Money {
    return net.minus(this.parts.get(`${subject}\u0000${itemId}`) ?? this.zero());
  }

  /** What is left on the invoice of a piece of work or a charge; null: it is not on it, or was credited whole. */
  leftOfSubject(subject: string): Money | null {
    const live = (this.bySubject.get(subject) ?? []).filter((one) => !this.whole.has(`${subject}\u0000${one.itemId}`));
    if (live.length === 0) return null;
    const left = Money.sum(
      live.map((one) => this.leftOf(one)),
      this.invoice.currency,
    );
    return left.minus(this.corrections.get(subject) ?? this.zero());
  }

  private zero(): Money {
    return Money.zero(this.invoice.currency);
  }
}
