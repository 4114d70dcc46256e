import { type Currency, Decimal, Money, type MoneyJson, type Refusal, refuse } from '@billtrail/kernel';
import type { CreditNoteFacts, InvoiceIssueRequested, TaxTotal, Totals } from '../events.js';

/** What a credit note gives back of one tax category, without tax. */
interface CreditedNet {
  readonly net: MoneyJson;
  readonly taxCategory: string;
}

/** What earlier notes gave back of each category of one invoice. */
class CreditedBefore {
  private readonly nets = new Map<string, Money>();
  private readonly taxes = new Map<string, Money>();

  constructor(
    notes: readonly Pick<CreditNoteFacts, 'taxTotals'>[],
    private readonly currency: Currency,
  ) {
    for (const { taxCategory, net, tax } of notes.flatMap((note) => note.taxTotals)) {
      this.nets.set(taxCategory, this.net(taxCategory).plus(Money.from(net)));
      this.taxes.set(taxCategory, this.tax(taxCategory).plus(Money.from(tax)));
    }
  }

  net(taxCategory: string): Money {
    return this.nets.get(taxCategory) ?? Money.zero(this.currency);
  }

  tax(taxCategory: string): Money {
    return this.taxes.get(taxCategory) ?? Money.zero(this.currency);
  }
}

/**
 * Nets, tax and total of the next credit note of an invoice. Tax by category at the invoice's own rate: that on the cumulative credited net, less
 * what was credited before (rating.md, R13), so that credits of the whole come to the invoice's tax to the cent. Cumulative credits stay
 * between nothing and the invoice, of each category and in all (law L5). Refuses: TaxCategoryNotOnInvoice, CreditNegative, CreditAboveInvoice.
 */
export function creditTotalsOf(
  credits: readonly CreditedNet[],
  invoice: Pick<InvoiceIssueRequested['data'], 'invoiceId' | 'taxTotals' | 'net' | 'tax'>,
  earlier: readonly Pick<CreditNoteFacts, 'taxTotals' | 'net' | 'tax'>[],
): Totals | Refusal {
  const { currency } = invoice.net;
  const before = new CreditedBefore(earlier, currency);
  const nets = new Map<string, Money>();
  for (const { taxCategory, net } of credits)
    nets.set(taxCategory, (nets.get(taxCategory) ?? Money.zero(currency)).plus(Money.from(net)));
  const taxTotals: TaxTotal[] = [];
  for (const taxCategory of [...nets.keys()].sort()) {
    const ofInvoice = invoice.taxTotals.find((one) => one.taxCategory === taxCategory);
    if (ofInvoice === undefined) return unknownCategory(taxCategory, invoice);
    const net = nets.get(taxCategory) ?? Money.zero(currency);
    const cumulative = before.net(taxCategory).plus(net);
    if (!isWithin(cumulative, Money.from(ofInvoice.net)))
      return aboveInvoice(invoice.invoiceId, `of ${taxCategory}`, cumulative, Money.from(ofInvoice.net));
    const tax = cumulative.times(new Decimal(ofInvoice.rate).div(100)).rounded().minus(before.tax(taxCategory));
    taxTotals.push({ taxCategory, rate: ofInvoice.rate, net: net.toJSON(), tax: tax.toJSON() });
  }
  return summed(taxTotals, invoice, earlier);
}

function summed(
  taxTotals: readonly TaxTotal[],
  invoice: Pick<InvoiceIssueRequested['data'], 'invoiceId' | 'net' | 'tax'>,
  earlier: readonly Pick<CreditNoteFacts, 'net' | 'tax'>[],
): Totals | Refusal {
  const { currency } = invoice.net;
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
  for (const [measure, now] of [
    ['net', net],
    ['tax', tax],
  ] as const) {
    const cumulative = sum(earlier.map((note) => note[measure])).plus(now);
    const most = Money.from(invoice[measure]);
    if (cumulative.compare(most) > 0) return aboveInvoice(invoice.invoiceId, `in ${measure}`, cumulative, most);
  }
  return { taxTotals, net: net.toJSON(), tax: tax.toJSON(), total: total.toJSON() };
}

/** Between nothing and the whole, whichever sign the whole has. */
function isWithin(part: Money, whole: Money): boolean {
  if (part.isZero()) return true;
  return part.isNegative() === whole.isNegative() && part.value.abs().lte(whole.value.abs());
}

function unknownCategory(taxCategory: string, invoice: Pick<InvoiceIssueRequested['data'], 'invoiceId' | 'taxTotals'>) {
  return refuse(
    'TaxCategoryNotOnInvoice',
    `Invoice ${invoice.invoiceId} has no line of tax category ${taxCategory}, so no tax of it can be credited there.`,
    'Credit it on an invoice with this category; a credit that is owed (`corrected`) has a credit note of its own too: POST /credit-notes/owed.',
    { invoiceId: invoice.invoiceId, taxCategory, known: invoice.taxTotals.map((one) => one.taxCategory) },
  );
}

function aboveInvoice(invoiceId: string, what: string, cumulative: Money, most: Money): Refusal {
  return refuse(
    'CreditAboveInvoice',
    `Credits for invoice ${invoiceId} would come to ${cumulative.toString()} ${what}; the invoice has ${most.toString()}.`,
    'Credit the negative lines of the invoice together with the others, or credit less.',
    { invoiceId, credited: cumulative.toJSON(), invoiced: most.toJSON() },
  );
}
