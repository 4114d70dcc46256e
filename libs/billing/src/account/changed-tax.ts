import { type LocalDate, Money, type Refusal, isRefusal, refuse } from '@billtrail/kernel';
import type { DocumentTerms } from '../events.js';
import { roundingOf } from './document.js';
import type { Invoice } from './state.js';
import { type Supply, type Taxed, type Taxing, linesTaxedAnew, taxDifference, taxesOf } from './tax.js';

/** What was approved is what is issued: its tax too. A draft without totals says nothing of it. null: its tax on that day is what it shows. */
export function refuseChangedTax(
  { invoiceId, status, totals, taxRounding, lines, charges }: Invoice,
  { totals: now, lineTaxes, taxRounding: roundingNow }: Taxed & Pick<DocumentTerms, 'taxRounding'>,
  issueDate: LocalDate,
): Refusal | null {
  if (totals === null) return null;
  const differences = [
    ...(taxRounding === roundingNow ? [] : [`rounded by ${taxRounding}, now by ${roundingNow}`]),
    taxDifference(totals, now) ?? linesTaxedAnew([...lines, ...charges], lineTaxes) ?? [],
  ].flat();
  if (differences.length === 0) return null;
  const more = Money.from(now.tax).minus(Money.from(totals.tax));
  const was = status === 'draft' ? 'was drafted' : 'was approved';
  return refuse(
    'TaxChanged',
    `Draft ${invoiceId} ${was} with ${totals.tax.amount} ${totals.tax.currency} of tax; issued on ${issueDate} it would have ${now.tax.amount}, a difference of ${more.toString()} (${differences.join('; ')}).`,
    `Discard it, and draft it anew for its day of issue: POST /v1/invoices with \`issueDate\` ${issueDate}; check it and approve that.`,
    {
      invoiceId,
      issueDate,
      approved: totals.tax,
      now: now.tax,
      difference: more.toJSON(),
      was: totals.taxTotals,
      is: now.taxTotals,
    },
  );
}

/** What else to do where the tax of another day keeps a draft from being issued, and that of the day that it was made for would not. */
export function orOnItsDay(
  refusal: Refusal,
  invoice: Invoice,
  supplies: readonly (readonly Supply[])[],
  taxing: Taxing,
): Refusal {
  const { meantFor, currency } = invoice;
  if (meantFor === null || meantFor === taxing.issueDate) return refusal;
  const then = taxesOf(supplies, currency, { ...taxing, issueDate: meantFor });
  if (isRefusal(then) || refuseChangedTax(invoice, { ...then, ...roundingOf(taxing.rules) }, meantFor) !== null)
    return refusal;
  return {
    ...refusal,
    remedy: `Issue it on ${meantFor}, which it was drafted for: leave \`issueDate\` out. Otherwise: ${refusal.remedy}`,
  };
}
