import { type LocalDate, Money, at } from '@billtrail/kernel';
import type { CreditOf, InvoiceLine } from '../item/frozen-item.js';
import type { TaxOfSupply } from '../tax-rules.js';
import {
  CreditBooks,
  type Documents,
  type GivenBack,
  type Original,
  type Requested,
  leastOf,
  requestedOf,
} from './given-back.js';
import { negatedEach } from './each-tax.js';
import { type AskedElsewhere, creditedOff, leftBy } from './asked-elsewhere.js';
import { type Line, linesOf, subjectOf } from './lines-of-credit.js';
import { taxKeyOf, taxationOf, totalsFor } from './tax-key.js';
import { type Supply, supplyOf } from './tax.js';

/**
 * What the tax of lines rests on. What adjusts a line of an earlier invoice, up or down, has its rate and treatment, whatever holds today; what it gives
 * back takes the tax back that was asked there (rating.md, Documents: an adjustment note says the difference with its tax). An amount off has the tax
 * of what it reduces, and a service credit that of the fees of its month.
 */
export function suppliesOf(
  lines: readonly Line[],
  documents: Documents,
  elsewhere: readonly AskedElsewhere[] = [],
): readonly (readonly Supply[])[] {
  const books = new CreditBooks(documents);
  return lines.map((line) => {
    if (line.creditOf !== null) return givenBackBy(line, line.creditOf, books);
    return (
      addedTo(line, books, documents) ??
      reducedBy(line, documents) ??
      leftBy(line, elsewhere) ??
      creditedOff(line, elsewhere, lines) ?? [supplyOf(line)]
    );
  });
}

/** More of a line of an earlier invoice, or of a credit note of none; null: it adjusts none. */
function addedTo(line: Line, books: CreditBooks, documents: Documents): readonly Supply[] | null {
  const net = Money.from(line.net);
  if (net.isZero()) return null;
  const adjusts = 'workItemId' in line ? line.basis.adjustment?.adjusts : line.basis.before;
  let wasMoved = false;
  for (const documentId of adjusts?.documentIds ?? []) {
    const book = books.of(documentId);
    const originals = book === null || book.currency !== line.net.currency ? [] : book.originalsOf(line);
    // Work that was moved to another day is supplied on that day, and taxed as an invoice that asked for it there.
    if (book !== null && 'workItemId' in line && isMoved(line, book)) {
      wasMoved = true;
      continue;
    }
    const ofDay = taxedAsItsDay(line, originals);
    const alike = ofDay.length > 0 ? ofDay : originals;
    const asked = alike.filter((one) => !one.net.isNegative());
    if (originals.length > 0) return sharedOver(line, net, asked.length > 0 ? asked : alike);
  }
  if (wasMoved) return null;
  const taxation = adjusts === undefined ? null : taxationOnNote(line, documents);
  return taxation === null ? null : [{ ...supplyOf(line), taxation }];
}

function isMoved({ workItemId, workDate }: InvoiceLine, { invoice }: GivenBack): boolean {
  const asked = invoice.lines.filter((one) => one.workItemId === workItemId);
  return asked.length > 0 && asked.every((one) => one.workDate !== workDate);
}

/** The originals that are taxed as those of the day of the line; none where that day has none. */
function taxedAsItsDay(line: Line, originals: readonly Original[]): readonly Original[] {
  const { on } = supplyOf(line);
  const ofDay = new Set(originals.flatMap((one) => (one.on === on ? [taxKeyOf(one.total)] : [])));
  return originals.filter(({ total }) => ofDay.has(taxKeyOf(total)));
}

/** How a credit note of no invoice taxed what it gave of the same work or charge; null: none gave any. */
function taxationOnNote(line: Line, { creditNotes }: Documents): TaxOfSupply | null {
  const { taxCategory } = line;
  for (const note of creditNotes.values()) {
    const isSame = (one: Line): boolean => subjectOf(one) === subjectOf(line) && one.taxCategory === taxCategory;
    const given = note.facts.invoiceId === null ? linesOf(note).find(isSame) : undefined;
    const [total] = given === undefined ? [] : totalsFor(taxCategory, given.taxes[0], note.facts.taxTotals);
    if (total !== undefined) return taxationOf(total);
  }
  return null;
}

/** A net over the totals of the originals that it adjusts, as they are shared. */
function sharedOver(line: Line, net: Money, originals: readonly Original[]): readonly Supply[] {
  const shares = net.allocate(originals.map((one) => one.net.value.abs()));
  return originals.flatMap(({ total }, index): readonly Supply[] => {
    const share = at(shares, index, 'the share of an original');
    return share.isZero() ? [] : [{ ...supplyOf(line), net: share.toJSON(), taxation: taxationOf(total) }];
  });
}

/** An amount off, supply by supply; null: it is none, or doesn't say what it reduces. */
function reducedBy(line: Line, { invoices }: Documents): readonly Supply[] | null {
  const reduces = 'workItemId' in line ? undefined : line.basis.reduces;
  if (reduces === undefined) return null;
  return reduces.map(({ on, invoiceId, net }) => {
    const supply = { ...supplyOf(line), on, net: Money.of(net, line.net.currency).negated().toJSON() };
    const invoice = invoiceId === null ? null : requestedOf(invoiceId, { invoices });
    const taxation = invoice && taxationOn(on, line.taxCategory, invoice);
    return taxation === null ? supply : { ...supply, taxation };
  });
}

/** How an invoice taxed what it has of a category and a day; null: it has nothing of them. */
function taxationOn(on: LocalDate, taxCategory: string, { lines, charges, request }: Requested): TaxOfSupply | null {
  const line = [...lines, ...charges].find((one) => one.taxCategory === taxCategory && supplyOf(one).on === on);
  if (line === undefined) return null;
  const [total] = totalsFor(taxCategory, line.taxes[0], request.taxTotals);
  return total === undefined ? null : taxationOf(total);
}

/** The issued invoices that lines give money of back. */
export function invoicesCredited(
  lines: readonly Pick<Line, 'creditOf'>[],
  documents: Documents,
): readonly Requested['request'][] {
  const ids = lines.flatMap(({ creditOf }) =>
    creditOf === null ? [] : [creditOf.documentId, ...(creditOf.furtherDocumentIds ?? [])],
  );
  return [...new Set(ids)].flatMap((id) => requestedOf(id, documents)?.request ?? []);
}

function anyOriginal(_line: Line, originals: readonly Original[]): readonly Original[] {
  return originals;
}

function givenBackBy(
  line: Line,
  { documentId, furtherDocumentIds = [] }: CreditOf,
  books: CreditBooks,
): readonly Supply[] {
  const supplies: Supply[] = [];
  let left = Money.from(line.net).negated();
  const give = (book: GivenBack, original: Original, room: Money): void => {
    const net = leastOf(left, room, book.roomOf(original.total));
    if (net.isZero() || net.isNegative()) return;
    left = left.minus(net);
    const taxes = negatedEach(book.give(original.total, original.key, net));
    const of = { documentId: book.invoice.invoiceId, itemId: original.itemId };
    const given = { taxation: taxationOf(original.total), givenBack: { taxes, of } };
    supplies.push({ ...supplyOf(line), net: net.negated().toJSON(), ...given });
  };
  const named = [documentId, ...furtherDocumentIds].flatMap((id) => books.of(id) ?? []);
  const carriers = named.filter(({ currency }) => currency === line.net.currency);
  // First what was asked as of its day. What was asked last goes back first: a raise that is taken back is the raise, not the fee.
  for (const choose of [taxedAsItsDay, anyOriginal])
    for (const book of carriers.toReversed())
      for (const original of choose(line, book.originalsOf(line))) give(book, original, book.leftOf(original));
  // A discount that grows takes more off its invoice than it stands there for.
  for (const book of carriers) {
    const originals = book.originalsOf(line);
    if (originals.length === 0 || left.isZero()) continue;
    const shares = left.allocate(originals.map(({ net }) => net.value.abs()));
    originals.forEach((original, index) => give(book, original, at(shares, index, 'the share of an original')));
  }
  return left.isZero() ? supplies : [...supplies, { ...supplyOf(line), net: left.negated().toJSON(), givenBack: null }];
}
