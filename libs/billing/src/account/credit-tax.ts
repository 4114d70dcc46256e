import { type Currency, Money, type MoneyJson, type Refusal, addTo, refuse } from '@billtrail/kernel';
import type { CreditNoteFacts, InvoiceIssueRequested, TaxTotal, Totals } from '../events.js';
import { taxOn } from './tax.js';

/** What a credit note gives back of one line or charge, without tax. */
export interface CreditedNet {
  readonly itemId: string;
  readonly net: MoneyJson;
  readonly taxCategory: string;
  /** Its own, where its document has several of the category. null: the one of the document. */
  readonly rate: string | null;
  /** False: a credit that is owed, of which the invoice has no line. */
  readonly isOnInvoice: boolean;
}

/** An earlier note of the same invoice. */
export interface EarlierNote extends Pick<CreditNoteFacts, 'net' | 'tax' | 'taxTotals'> {
  readonly credits: readonly CreditedNet[];
}

type Invoiced = Pick<InvoiceIssueRequested['data'], 'invoiceId' | 'taxTotals' | 'net' | 'tax' | 'taxRounding'>;

/** What earlier notes gave back of each tax total of one invoice. */
class CreditedBefore {
  constructor(
    private readonly notes: readonly EarlierNote[],
    private readonly currency: Currency,
  ) {}

  net(of: TaxTotal): Money {
    return this.sum(this.totals(of).map(({ net }) => net));
  }

  tax(of: TaxTotal): Money {
    return this.sum(this.totals(of).map(({ tax }) => tax));
  }

  /** Of one line of the invoice. */
  netOfLine(itemId: string): Money {
    const before = this.notes.flatMap(({ credits }) => credits);
    return this.sum(before.filter((one) => one.isOnInvoice && one.itemId === itemId).map(({ net }) => net));
  }

  private totals({ taxCategory, rate }: TaxTotal): readonly TaxTotal[] {
    const all = this.notes.flatMap(({ taxTotals }) => taxTotals);
    return all.filter((one) => one.taxCategory === taxCategory && one.rate === rate);
  }

  private sum(amounts: readonly MoneyJson[]): Money {
    return Money.sum(amounts.map(Money.from), this.currency);
  }
}

/**
 * Nets, tax and total of the next credit note of an invoice. Tax by category and rate at the invoice's own: that on the cumulative credited net,
 * less what was credited before (rating.md, R13), of the whole or, where the invoice rounds by line, of each line; so that credits of the whole come
 * to the invoice's tax to the cent. Cumulative credits stay between nothing and the invoice, of each tax total and in all (law L5). Refuses:
 * TaxCategoryNotOnInvoice, CreditNegative, CreditAboveInvoice.
 */
export function creditTotalsOf(
  credits: readonly CreditedNet[],
  invoice: Invoiced,
  earlier: readonly EarlierNote[],
): Totals | Refusal {
  const { currency } = invoice.net;
  const before = new CreditedBefore(earlier, currency);
  const groups = new Map<TaxTotal, CreditedNet[]>();
  for (const credit of credits) {
    const ofInvoice = totalOfLine(credit, invoice);
    if (ofInvoice === undefined) return unknownCategory(credit.taxCategory, invoice);
    addTo(groups, ofInvoice, credit);
  }
  const taxTotals: TaxTotal[] = [];
  for (const ofInvoice of invoice.taxTotals) {
    const own = groups.get(ofInvoice);
    if (own === undefined) continue;
    const net = Money.sum(
      own.map((one) => Money.from(one.net)),
      currency,
    );
    const cumulative = before.net(ofInvoice).plus(net);
    if (!isWithin(cumulative, Money.from(ofInvoice.net)))
      return aboveInvoice(invoice.invoiceId, `of ${ofInvoice.taxCategory}`, cumulative, Money.from(ofInvoice.net));
    const tax =
      invoice.taxRounding === 'line'
        ? taxByLine(own, ofInvoice, before)
        : taxOn(cumulative, ofInvoice.rate).minus(before.tax(ofInvoice));
    taxTotals.push({ ...ofInvoice, net: net.toJSON(), tax: tax.toJSON() });
  }
  return summed(taxTotals, invoice, earlier);
}

/** The tax total of the invoice that a credit belongs to. */
function totalOfLine({ taxCategory, rate }: CreditedNet, { taxTotals }: Invoiced): TaxTotal | undefined {
  return taxTotals.find((one) => one.taxCategory === taxCategory && (rate === null || one.rate === rate));
}

function taxByLine(own: readonly CreditedNet[], { rate, net: { currency } }: TaxTotal, before: CreditedBefore): Money {
  return Money.sum(
    own.map(({ itemId, net, isOnInvoice }) => {
      const given = isOnInvoice ? before.netOfLine(itemId) : Money.zero(currency);
      return taxOn(given.plus(Money.from(net)), rate).minus(taxOn(given, rate));
    }),
    currency,
  );
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
