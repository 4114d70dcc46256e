import type { Freshness, InvoiceWarning, StaleDraft, WarningsNotKnown } from '@billtrail/application';
import { Money } from '@billtrail/kernel';
import type { Invoice } from '@billtrail/read-models';
import type { InvoiceRunLine } from '../commands/invoice-run.js';
import { count, money, table, typed, wrapped } from './output.js';
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
> &
  Partial<Freshness>;

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
      statusOf(invoice),
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
  return [
    drawn,
    ...invoices.flatMap(({ stale }) => (stale ? ['', ...staleLines(stale)] : [])),
    ...(refusals.length === 0 ? [] : ['', 'Not invoiced:', ...refusals.map((refusal) => `  ${refusal}`)]),
  ].join('\n');
}

/** What there is to say of an invoice, each on its own. */
export function warningLines(warnings: readonly (InvoiceWarning | WarningsNotKnown)[]): readonly string[] {
  return warnings.flatMap((one) => (one.code === 'DraftStale' ? staleLines(one) : [`Warning: ${one.message}`]));
}

/** `draft, stale`. */
function statusOf({ status, freshness }: Pick<Listed, 'status' | 'freshness'>): string {
  if (freshness === 'not-known') return `${status}, may be stale`;
  return freshness === 'stale' ? `${status}, stale` : status;
}

/** Why a draft can't be issued as it is, how much it would be otherwise, and what to type. */
function staleLines({ invoiceId, message, net }: StaleDraft): readonly string[] {
  return [
    ...wrapped(`Stale, ${net === null ? 'in another currency now' : differenceText(Money.from(net))}: ${message}`, ''),
    "It can't be issued as it is. To make it again:",
    ...typed(`billtrail invoice redraft ${invoiceId}`),
  ];
}

function differenceText(difference: Money): string {
  if (difference.isZero()) return 'same total';
  return difference.isNegative()
    ? `${money(difference.negated().toJSON())} less`
    : `${money(difference.toJSON())} more`;
}

/** The client and site that an invoice is for. */
function servedOf({ clientId, siteId }: Listed): string {
  return siteId === null ? clientId : `${clientId}, site ${siteId}`;
}
