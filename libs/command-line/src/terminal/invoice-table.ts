import type { Invoice } from '@billtrail/read-models';
import type { InvoiceRunLine } from '../commands/invoice-run.js';
import { count, money, table } from './output.js';
import { documentName, nameAndId } from './words.js';

/** What is shown of an invoice in a list. */
type Listed = Pick<
  Invoice,
  | 'invoiceId'
  | 'number'
  | 'buyer'
  | 'clientId'
  | 'recipientId'
  | 'siteId'
  | 'period'
  | 'status'
  | 'lineCount'
  | 'net'
  | 'tax'
  | 'total'
>;

/** Invoices in a table, and what was not invoiced in a run. Where one is paid by another client than the one served, both are shown. */
export function invoiceTable(invoices: readonly Listed[], lines: readonly InvoiceRunLine[]): string {
  const isForAnother = invoices.some(({ clientId, recipientId }) => clientId !== recipientId);
  const drawn = table(
    [
      'Number',
      isForAnother ? 'Pays' : 'Client',
      ...(isForAnother ? ['Served'] : []),
      'Month',
      'Status',
      'Lines',
      'Net',
      'Tax',
      'Total',
      'Id',
    ],
    invoices.map((invoice) => [
      documentName(invoice),
      nameAndId(invoice.buyer?.name, invoice.recipientId),
      ...(isForAnother ? [servedOf(invoice)] : []),
      invoice.period,
      invoice.status,
      count(invoice.lineCount),
      money(invoice.net),
      money(invoice.tax),
      money(invoice.total),
      invoice.invoiceId,
    ]),
    ['Lines', 'Net', 'Tax', 'Total'],
  );
  const refusals = lines.flatMap((line) =>
    line.refusal === null ? [] : [`${line.clientId}: ${line.refusal.code}: ${line.refusal.message}`],
  );
  return refusals.length === 0
    ? drawn
    : [drawn, '', 'Not invoiced:', ...refusals.map((refusal) => `  ${refusal}`)].join('\n');
}

/** The client and site that an invoice is for. */
function servedOf({ clientId, siteId }: Listed): string {
  return siteId === null ? clientId : `${clientId}, site ${siteId}`;
}
