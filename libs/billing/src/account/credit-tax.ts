import { Money, type MoneyJson, type Refusal, addTo, at, isRefusal, known, refuse } from '@billtrail/kernel';
import type { CreditedCharge, CreditedLine, TaxTotal, Totals } from '../events.js';
import type { LineTax } from '../item/frozen-item.js';
import { type EachTax, eachTaxOf, negatedEach, plusEach, toldTaxes } from './each-tax.js';
import { type Documents, GivenBack, type Requested, leastOf } from './given-back.js';
import { type Line, itemIdOf, keyOfLine, nettedTaxesOf } from './lines-of-credit.js';
import type { Credits } from './owed-credits.js';
import { taxationOf, totalsFor } from './tax-key.js';

/** One line of a note, work or charge. */
type Credited = Pick<CreditedLine, 'outcome' | 'net'> & { readonly line: Line };

/** What a line of a note gives back of one tax total of its invoice. */
interface Part {
  readonly total: TaxTotal;
  /** The line of the invoice; null: it adjusts none, such as a service credit. */
  readonly of: { readonly key: string; readonly itemId: string } | null;
  readonly net: Money;
  /** Of a line that gave back itself: the taxes that it has. */
  readonly stated: EachTax | null;
}

/** A credit note's totals, and its lines with the tax of those that it settles. */
export interface TaxedCredits {
  readonly totals: Totals;
  readonly credits: Credits;
}

/**
 * Nets, tax and total of the next credit note of an invoice. Tax by tax total at the invoice's own: that on the cumulative credited net, less what
 * was credited before (rating.md, R13), of the whole or, where the invoice rounds by line, of each line; so that credits of the whole come to the
 * invoice's tax to the cent, whichever documents carry them. Cumulative credits stay between nothing and what the invoice asked for, of each tax
 * total and in all (law L5): what it gave back of earlier invoices doesn't lower that. Refuses: TaxCategoryNotOnInvoice, TaxTotalAmbiguous, CreditAboveInvoice, CreditNegative.
 */
export function taxOfCredits(
  { lines, charges }: Credits,
  invoice: Requested,
  documents: Documents,
): TaxedCredits | Refusal {
  const book = new GivenBack(invoice, documents);
  const nets = new Map<TaxTotal, Money[]>();
  const taxes = new Map<TaxTotal, EachTax[]>();
  const give = (credited: Credited): readonly LineTax[] | Refusal => {
    const parts = partsOf(credited, book);
    if (isRefusal(parts)) return parts;
    return parts.map((part) => {
      const given = book.give(part.total, part.of?.key ?? null, part.net, part.stated);
      addTo(nets, part.total, part.net);
      addTo(taxes, part.total, given);
      return lineTaxOf(part, given, invoice);
    });
  };
  const taxed: { lines: CreditedLine[]; charges: CreditedCharge[] } = { lines: [], charges: [] };
  for (const one of lines) {
    const given = give(one);
    if (isRefusal(given)) return given;
    taxed.lines.push(one.outcome === 'corrected' ? { ...one, line: { ...one.line, taxes: given } } : one);
  }
  for (const one of charges) {
    const given = give({ ...one, line: one.charge });
    if (isRefusal(given)) return given;
    taxed.charges.push(one.outcome === 'corrected' ? { ...one, charge: { ...one.charge, taxes: given } } : one);
  }
  const taxTotals: TaxTotal[] = [];
  for (const total of invoice.request.taxTotals) {
    const own = nets.get(total);
    if (own === undefined) continue;
    const cumulative = book.givenOf(total).net;
    const most = book.askedOf(total).net;
    // All of an invoice goes back together with what it gave back itself.
    if (!isWithin(cumulative, most) && !isWithin(cumulative, Money.from(total.net)))
      return aboveInvoice(invoice.invoiceId, `of ${total.taxCategory}`, cumulative, most);
    const given = known(taxes, total, 'the taxes of a total').reduce(plusEach);
    const net = Money.sum(own, invoice.currency).toJSON();
    taxTotals.push({ ...total, net, ...toldTaxes(given, total, invoice.currency) });
  }
  const totals = summed(taxTotals, book);
  return isRefusal(totals) ? totals : { totals, credits: taxed };
}

/** In the sign of the line that is settled: it is negative. */
function lineTaxOf({ total, of, net }: Part, taxes: EachTax, { invoiceId, currency }: Requested): LineTax {
  const { taxCategory } = total;
  const { tax, ...named } = toldTaxes(negatedEach(taxes), total, currency);
  const { rate, treatment, reason } = taxationOf(total);
  const givesBack = of === null ? {} : { givesBack: { documentId: invoiceId, itemId: of.itemId } };
  return {
    taxCategory,
    rate,
    tax,
    treatment,
    reason,
    net: net.negated().toJSON(),
    ...named,
    ...givesBack,
  };
}

function partsOf(credited: Credited, book: GivenBack): readonly Part[] | Refusal {
  return credited.outcome === 'corrected' ? partsSettled(credited, book) : partsTakenBack(credited, book);
}

/** Of a line of the invoice: as it stands there. */
function partsTakenBack({ line, net }: Credited, { invoice: { request } }: GivenBack): readonly Part[] | Refusal {
  const of = { key: keyOfLine(line), itemId: itemIdOf(line) };
  const stated = line.taxes.filter((one) => one.givesBack !== undefined);
  if (stated.length === 0) return sharesTakenBack(line, Money.from(net), of, request);
  // It gave back itself, perhaps of several lines, and goes back whole.
  const parts: Part[] = [];
  for (const one of line.taxes) {
    const total = oneOf(line.taxCategory, totalsFor(line.taxCategory, one, request.taxTotals), request);
    if (isRefusal(total)) return total;
    parts.push({ total, of, net: Money.from(one.net ?? net), stated: eachTaxOf(one) });
  }
  return parts;
}

/** Of a line that is taxed in several ways (an amount off) in the shares of its taxes. */
function sharesTakenBack(
  line: Line,
  net: Money,
  of: NonNullable<Part['of']>,
  request: Requested['request'],
): readonly Part[] | Refusal {
  const taxes = nettedTaxesOf(line);
  const shares = taxes.length === 1 ? [net] : net.allocate(taxes.map((one) => one.net.value.abs()));
  const parts: Part[] = [];
  for (const [index, { tax }] of taxes.entries()) {
    const total = oneOf(line.taxCategory, totalsFor(line.taxCategory, tax, request.taxTotals), request);
    if (isRefusal(total)) return total;
    parts.push({ total, of, net: at(shares, index, 'the share of a tax'), stated: null });
  }
  return parts;
}

/** Of a credit that is owed: as the line of the invoice that it adjusts, whatever its own category has today. */
function partsSettled({ line, net }: Credited, book: GivenBack): readonly Part[] | Refusal {
  const parts: Part[] = [];
  let left = Money.from(net);
  const originals = book.originalsOf(line);
  for (const original of originals) {
    const given = leastOf(left, book.leftOf(original));
    if (given.isZero()) continue;
    left = left.minus(given);
    parts.push({ total: original.total, of: original, net: given, stated: null });
  }
  if (left.isZero()) return parts;
  const [first] = originals;
  if (first !== undefined) return [...parts, { total: first.total, of: first, net: left, stated: null }];
  const { request } = book.invoice;
  const total = oneOf(line.taxCategory, totalsFor(line.taxCategory, undefined, request.taxTotals), request);
  return isRefusal(total) ? total : [{ total, of: null, net: left, stated: null }];
}

function oneOf(
  taxCategory: string,
  found: readonly TaxTotal[],
  { invoiceId, taxTotals }: Requested['request'],
): TaxTotal | Refusal {
  const [total, ...others] = found;
  if (total === undefined) return unknownCategory(taxCategory, invoiceId, taxTotals);
  return others.length === 0 ? total : ambiguous(taxCategory, invoiceId, found);
}

function summed(taxTotals: readonly TaxTotal[], book: GivenBack): Totals | Refusal {
  const { invoice, currency } = book;
  const sum = (amounts: readonly MoneyJson[]): Money => Money.sum(amounts.map(Money.from), currency);
  const net = sum(taxTotals.map((one) => one.net));
  const tax = sum(taxTotals.map((one) => one.tax));
  const total = net.plus(tax);
  if (net.isNegative() || total.isNegative()) {
    return refuse(
      'CreditNegative',
      `The credit note would come to ${total.toString()}; a credit note total can't be negative.`,
      'Credit the negative lines together with the lines they reduce.',
      { invoiceId: invoice.invoiceId, net: net.toJSON(), total: total.toJSON() },
    );
  }
  const [cumulative, asked] = [book.all(), book.allAsked()];
  for (const measure of ['net', 'tax'] as const) {
    if (cumulative[measure].compare(asked[measure]) > 0)
      return aboveInvoice(invoice.invoiceId, `in ${measure}`, cumulative[measure], asked[measure]);
  }
  return { taxTotals, net: net.toJSON(), tax: tax.toJSON(), total: total.toJSON() };
}

/** Between nothing and the whole, whichever sign the whole has. */
function isWithin(part: Money, whole: Money): boolean {
  if (part.isZero()) return true;
  return part.isNegative() === whole.isNegative() && part.value.abs().lte(whole.value.abs());
}

function unknownCategory(taxCategory: string, invoiceId: string, taxTotals: readonly TaxTotal[]): Refusal {
  return refuse(
    'TaxCategoryNotOnInvoice',
    `Invoice ${invoiceId} has no line of tax category ${taxCategory}, so no tax of it can be credited there.`,
    'Credit it on an invoice with this category; a credit that is owed (`corrected`) has a credit note of its own too: POST /v1/credit-notes/owed.',
    { invoiceId, taxCategory, known: taxTotals.map((one) => one.taxCategory) },
  );
}

/** A credit that adjusts no line of the invoice could stand in either. */
function ambiguous(taxCategory: string, invoiceId: string, found: readonly TaxTotal[]): Refusal {
  const several = found.map(({ rate, reason }) => `${rate} %${reason ? ` (${reason})` : ''}`);
  return refuse(
    'TaxTotalAmbiguous',
    `Invoice ${invoiceId} has tax category ${taxCategory} at ${several.join(' and at ')}, so it doesn't say how this credit is taxed.`,
    'Give it by a credit note of its own: POST /v1/credit-notes/owed.',
    { invoiceId, taxCategory, totals: found },
  );
}

function aboveInvoice(invoiceId: string, what: string, cumulative: Money, most: Money): Refusal {
  return refuse(
    'CreditAboveInvoice',
    `Credits for invoice ${invoiceId} would come to ${cumulative.toString()} ${what}; the invoice asked for ${most.toString()}.`,
    'Credit the negative lines of the invoice together with the others, or credit less.',
    { invoiceId, credited: cumulative.toJSON(), invoiced: most.toJSON() },
  );
}
