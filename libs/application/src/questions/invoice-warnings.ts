import { Money, type MoneyJson } from '@billtrail/kernel';
import { REMEDY_OF_NEGATIVE_DRAFT } from '@billtrail/billing';
import type { Invoice } from '@billtrail/read-models';
import type { CommandPorts } from '../command-path/command-definition.js';
import { configurationOf, todayOf } from '../configuration.js';

interface Warning {
  readonly message: string;
  readonly net: MoneyJson;
}

/** A charge that is due in the period of an invoice and is on no document. */
interface ChargeLacking extends Warning {
  readonly code: 'ChargeLacking';
  readonly chargeItemId: string;
}

/** A draft with credits above all the rest: its issue would be refused. */
interface NegativeTotal extends Warning {
  readonly code: 'NegativeTotal';
  /** With tax, as the refusal of the issue tells it; null: the draft has none. */
  readonly total: MoneyJson | null;
}

export type InvoiceWarning = ChargeLacking | NegativeTotal;

/**
 * A draft that comes to less than nothing, and charges missing from a draft or an invoice: recurring charges, minimums, discounts and credits that are
 * due on its date (or today) and on no document. Not refusals: charges may be billed separately, and until then each is a gap `contract-mismatch`. Empty
 * for a discarded draft.
 */
export async function invoiceWarnings(ports: CommandPorts, invoiceId: string): Promise<readonly InvoiceWarning[]> {
  const { store, models, clock } = ports;
  const invoice = await models.invoices.get(invoiceId);
  if (invoice === null || invoice.status === 'discarded') return [];
  const { clientId, period } = invoice;
  const day = invoice.issueDate ?? todayOf(await configurationOf(store), clock());
  const charges = await models.charges.ofPeriod(clientId, period);
  const lacking = charges
    .filter(
      ({ disposition, billableFrom, net }) =>
        disposition === 'billable' && billableFrom <= day && !Money.from(net).isZero(),
    )
    .map(({ chargeItemId, description, net }): ChargeLacking => ({
      code: 'ChargeLacking',
      message: `${description} (${chargeItemId}) of ${net.amount} ${net.currency} is due in ${period} and on no draft or invoice: gap contract-mismatch.`,
      chargeItemId,
      net,
    }));
  return [...negativeTotal(invoice), ...lacking];
}

function negativeTotal({ invoiceId, status, net, total }: Invoice): readonly NegativeTotal[] {
  if ((status !== 'draft' && status !== 'approved') || !Money.from(total ?? net).isNegative()) return [];
  const sum = total === null ? `${net.amount} ${net.currency} net` : `${total.amount} ${total.currency}`;
  const message = `Draft ${invoiceId} comes to ${sum} and can't be issued. ${REMEDY_OF_NEGATIVE_DRAFT}`;
  return [{ code: 'NegativeTotal', message, net, total }];
}
