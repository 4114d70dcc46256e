import { Money, type MoneyJson } from '@billtrail/kernel';
import type { CommandPorts } from '../command-path/command-definition.js';
import { configurationOf, todayOf } from '../configuration.js';

/** A charge that is due in the period of an invoice and is on no document. */
export interface InvoiceWarning {
  readonly code: 'ChargeLacking';
  readonly message: string;
  readonly chargeItemId: string;
  readonly net: MoneyJson;
}

/**
 * Charges missing from a draft or an invoice: recurring charges, minimums, discounts and credits that are due on its date (or today) and on no
 * document. Not a refusal, because they may be billed separately; until then each is a gap `contract-mismatch`. Empty for a discarded draft.
 */
export async function invoiceWarnings(ports: CommandPorts, invoiceId: string): Promise<readonly InvoiceWarning[]> {
  const { store, models, clock } = ports;
  const invoice = await models.invoices.get(invoiceId);
  if (invoice === null || invoice.status === 'discarded') return [];
  const { clientId, period } = invoice;
  const day = invoice.issueDate ?? todayOf(await configurationOf(store), clock());
  const charges = await models.charges.ofPeriod(clientId, period);
  return charges
    .filter(
      ({ disposition, billableFrom, net }) =>
        disposition === 'billable' && billableFrom <= day && !Money.from(net).isZero(),
    )
    .map(({ chargeItemId, description, net }) => ({
      code: 'ChargeLacking',
      message: `${description} (${chargeItemId}) of ${net.amount} ${net.currency} is due in ${period} and on no draft or invoice: gap contract-mismatch.`,
      chargeItemId,
      net,
    }));
}
