import { type Currency, type LocalDate, Money, addTo, at, invariant, known } from '@billtrail/kernel';
import type { TaxTotal } from '../events.js';
import {
  type Line,
  type PartGivenBack,
  freedBy,
  itemIdOf,
  keyLike,
  keyOfLine,
  linesOf,
  nettedTaxesOf,
  partsGivenBack,
  subjectOf,
} from './lines-of-credit.js';
import type { AccountState, CreditNote, Invoice } from './state.js';
import { taxKeyOf, totalsFor } from './tax-key.js';
import { type EachTax, eachTaxOf, eachTaxOn, minusEach, negatedEach, plusEach, zeroEach } from './each-tax.js';
import { supplyOf } from './tax.js';

export type Documents = Pick<AccountState, 'invoices' | 'creditNotes'>;
export type Requested = Extract<Invoice, { readonly request: unknown }>;

/** A line of the invoice, with the tax total that it stands in. */
export interface Original {
  readonly key: string;
  readonly itemId: string;
  /** The day of its supply. */
  readonly on: LocalDate;
  readonly net: Money;
  readonly total: TaxTotal;
}

/** Of one tax total. */
interface Amounts {
  readonly net: Money;
  readonly taxes: EachTax;
}

/** Of all of them. */
interface Sums {
  readonly net: Money;
  readonly tax: Money;
}

/** The invoice where it is issued, or about to be. */
export function requestedOf(invoiceId: string, { invoices }: Pick<Documents, 'invoices'>): Requested | null {
  const invoice = invoices.get(invoiceId);
  return invoice !== undefined && 'request' in invoice ? invoice : null;
}

/**
 * What was given back of one invoice so far, with its tax, whichever document carries it: credit notes of the invoice, credit notes of none, and
 * lines of later invoices. Tax that goes back is that on all that was given back until then, less the tax of what was given back before
 * (rating.md, R13), so that all of it comes to the tax that was asked, to the cent, and never to more (law L5).
 */
export class GivenBack {
  private readonly originals = new Map<string, Original>();
  private readonly bySubject = new Map<string, Original[]>();
  private readonly asked = new Map<TaxTotal, Amounts>();
  private readonly ofTotals = new Map<TaxTotal, Amounts>();
  private readonly ofLines = new Map<string, Money>();

  constructor(
    readonly invoice: Requested,
    documents: Documents,
  ) {
    const { lines, charges, request } = invoice;
    for (const total of request.taxTotals)
      this.asked.set(total, { net: Money.from(total.net), taxes: eachTaxOf(total) });
    for (const line of [...lines, ...charges]) this.carries(line);
    for (const note of documents.creditNotes.values()) {
      if (note.facts.invoiceId === invoice.invoiceId) this.noteOfInvoice(note);
      else if (note.facts.invoiceId === null) for (const line of linesOf(note)) this.elsewhere(line);
    }
    for (const other of documents.invoices.values()) {
      if (!('request' in other) || other.invoiceId === invoice.invoiceId) continue;
      const takenBack = new Set([...documents.creditNotes.values()].flatMap((note) => freedBy(note, other.invoiceId)));
      for (const line of [...other.lines, ...other.charges]) if (!takenBack.has(keyOfLine(line))) this.elsewhere(line);
    }
  }

  get currency(): Currency {
    return this.invoice.currency;
  }

  /** The lines of the invoice about the same work or charge, in the same tax category. */
  originalsOf(line: Line): readonly Original[] {
    const all = this.bySubject.get(subjectOf(line)) ?? [];
    return all.filter(({ total }) => total.taxCategory === line.taxCategory);
  }

  /** What is left of a line: nothing of one that gave money back itself. */
  leftOf({ key, net }: Original): Money {
    const left = net.minus(this.givenOfLine(key));
    return left.isNegative() ? this.zero() : left;
  }

  /** How much of a tax total the invoice asked for. What it gave back itself of earlier invoices it did not ask for less. */
  askedOf(total: TaxTotal): Amounts {
    return known(this.asked, total, 'tax total');
  }

  /** How much of a tax total the invoice asked for and has not given back. */
  roomOf(total: TaxTotal): Money {
    const left = this.askedOf(total).net.minus(this.givenOf(total).net);
    return left.isNegative() ? this.zero() : left;
  }

  givenOf(total: TaxTotal): Amounts {
    return this.ofTotals.get(total) ?? { net: this.zero(), taxes: zeroEach(total, this.currency) };
  }

  /** All that was given back. */
  all(): Sums {
    return this.sumOf([...this.ofTotals.values()]);
  }

  /** All that the invoice asked for. */
  allAsked(): Sums {
    return this.sumOf([...this.asked.values()]);
  }

  private sumOf(amounts: readonly Amounts[]): Sums {
    const sum = (of: readonly Money[]): Money => Money.sum(of, this.currency);
    return { net: sum(amounts.map(({ net }) => net)), tax: sum(amounts.flatMap(({ taxes }) => taxes)) };
  }

  /** Gives net of a tax total back, of one of its lines or of none, and says the taxes that go back with it. */
  give(total: TaxTotal, key: string | null, net: Money, stated: EachTax | null = null): EachTax {
    const taxes = this.taxesOf(total, key, net, stated);
    this.count(total, key, net, taxes);
    return taxes;
  }

  private taxesOf(total: TaxTotal, key: string | null, net: Money, stated: EachTax | null): EachTax {
    if (this.invoice.request.taxRounding === 'line') {
      if (stated !== null) return stated;
      const before = key === null ? this.zero() : this.givenOfLine(key);
      return minusEach(eachTaxOn(before.plus(net), total), eachTaxOn(before, total));
    }
    const before = this.givenOf(total);
    const asked = this.askedOf(total).taxes;
    const until = eachTaxOn(before.net.plus(net), total).map((tax, index) => {
      const most = at(asked, index, 'the tax asked');
      return !most.isNegative() && tax.compare(most) > 0 ? most : tax;
    });
    return minusEach(until, before.taxes);
  }

  private givenOfLine(key: string): Money {
    return this.ofLines.get(key) ?? this.zero();
  }

  private count(total: TaxTotal, key: string | null, net: Money, taxes: EachTax): void {
    const before = this.givenOf(total);
    this.ofTotals.set(total, { net: before.net.plus(net), taxes: plusEach(before.taxes, taxes) });
    if (key !== null) this.countLine(key, net);
  }

  private countLine(key: string, net: Money): void {
    this.ofLines.set(key, this.givenOfLine(key).plus(net));
  }

  private carries(line: Line): void {
    const key = keyOfLine(line);
    const [total] = totalsFor(line.taxCategory, line.taxes[0], this.invoice.request.taxTotals);
    invariant(total !== undefined, () => `no tax total of invoice ${this.invoice.invoiceId} has ${key}`);
    const itemId = itemIdOf(line);
    const { on } = supplyOf(line);
    this.originals.set(key, { key, itemId, on, net: Money.from(line.net), total });
    // An amount off that reduces what is taxed in several ways is several originals, each in its total.
    nettedTaxesOf(line).forEach(({ tax, net }, index) => {
      const [own] = totalsFor(line.taxCategory, tax, this.invoice.request.taxTotals);
      const part = { key: index === 0 ? key : `${key} ${index}`, itemId, on, net, total: own ?? total };
      addTo(this.bySubject, subjectOf(line), part);
    });
    for (const part of partsGivenBack(line)) {
      const { net, taxes } = known(this.asked, total, 'tax total');
      const given = part.taxes ?? eachTaxOn(part.net, total);
      this.asked.set(total, { net: net.minus(part.net), taxes: minusEach(taxes, given) });
    }
  }

  private noteOfInvoice({ facts, lines, charges }: CreditNote): void {
    for (const total of facts.taxTotals) {
      const own = this.invoice.request.taxTotals.find((one) => taxKeyOf(one) === taxKeyOf(total));
      if (own !== undefined) this.count(own, null, Money.from(total.net), eachTaxOf(total));
    }
    for (const { line, outcome, net } of [...lines, ...charges.map((one) => ({ ...one, line: one.charge }))]) {
      if (outcome !== 'corrected') this.countLine(keyOfLine(line), Money.from(net));
      else for (const { original, part } of this.partsHere(line)) this.countLine(original.key, part.net.negated());
    }
  }

  /** A line of another document that gives back of this invoice. */
  private elsewhere(line: Line): void {
    for (const { original, part } of this.partsHere(line)) {
      const { key, total } = original;
      const net = part.net.negated();
      this.count(total, key, net, part.taxes === null ? eachTaxOn(net, total) : negatedEach(part.taxes));
    }
  }

  private partsHere(line: Line): readonly { readonly original: Original; readonly part: PartGivenBack }[] {
    return partsGivenBack(line).flatMap((part) => {
      if (part.documentId !== this.invoice.invoiceId) return [];
      const original =
        part.itemId === null ? this.originalsOf(line)[0] : this.originals.get(keyLike(line, part.itemId));
      return original === undefined ? [] : [{ original, part }];
    });
  }

  private zero(): Money {
    return Money.zero(this.currency);
  }
}

/** The invoices of an account with what was given back of each, for one document that gives more back. */
export class CreditBooks {
  private readonly books = new Map<string, GivenBack | null>();

  constructor(private readonly documents: Documents) {}

  of(invoiceId: string): GivenBack | null {
    const opened = this.books.get(invoiceId);
    if (opened !== undefined) return opened;
    const invoice = requestedOf(invoiceId, this.documents);
    const book = invoice === null ? null : new GivenBack(invoice, this.documents);
    this.books.set(invoiceId, book);
    return book;
  }
}

/** The smallest of amounts. */
export function leastOf(...amounts: readonly [Money, ...Money[]]): Money {
  return amounts.reduce((one, other) => (other.compare(one) < 0 ? other : one));
}
