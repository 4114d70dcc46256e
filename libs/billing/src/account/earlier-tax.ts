import { Decimal } from '@billtrail/kernel';
import type { FrozenCharge } from '../item/charge-item.js';
import type { InvoiceLine } from '../item/frozen-item.js';
import type { TaxOfSupply } from '../tax-rules.js';
import type { AccountState } from './state.js';
import { type Supply, supplyOf } from './tax.js';

type Line = InvoiceLine | FrozenCharge;
type Invoices = Pick<AccountState, 'invoices'>;

/**
 * What the tax of lines rests on. A line that gives money of an earlier invoice back takes the tax back that was asked there, at the rate and
 * treatment of that invoice, whatever holds today (rating.md, Documents: an adjustment note says the difference with its tax).
 */
export function suppliesOf(lines: readonly Line[], state: Invoices): readonly Supply[] {
  return lines.map((line) => {
    const asCharged = taxedThen(line, state);
    return { ...supplyOf(line), ...(asCharged === null ? {} : { asCharged }) };
  });
}

/** null: the line gives nothing back, or no issued invoice of the account asked for it. */
function taxedThen(line: Line, { invoices }: Invoices): TaxOfSupply | null {
  if (line.creditOf === null) return null;
  const invoice = invoices.get(line.creditOf.documentId);
  if (invoice === undefined || !('request' in invoice)) return null;
  const original = [...invoice.lines, ...invoice.charges].find(
    (one) => one.taxCategory === line.taxCategory && isOfSame(one, line),
  );
  const rate = original?.taxes[0]?.rate ?? null;
  const total = invoice.request.taxTotals.find(
    (one) => one.taxCategory === line.taxCategory && (rate === null || one.rate === rate),
  );
  if (total === undefined) return null;
  const { treatment = new Decimal(total.rate).isZero() ? 'gst-free' : 'taxable', reason = null } = total;
  return { treatment, rate: total.rate, reason };
}

/** True of two lines about one piece of work, or about one charge. */
function isOfSame(one: Line, other: Line): boolean {
  if ('workItemId' in one) return 'workItemId' in other && one.workItemId === other.workItemId;
  return 'chargeId' in other && one.chargeId === other.chargeId;
}
