import { wrongDueDate } from './due.js';
import { asFrozen, type ToldInvoice } from './documents.js';
import type { InvoiceIssueRequested } from '@billtrail/billing';
import type { Findings } from './findings.js';
import type { Observed } from './observed.js';
import { minorOf, sumOf } from './integers.js';
import { wrongTotals } from './taxes.js';

/** L5: lines and charges sum to nets, tax is that of each tax total as the invoice rounds it, all sum to the total, in one currency; and its day due is what its terms say. */
export function wrongSums({ invoiceId, lines: ofWork, charges, request }: ToldInvoice): Findings {
  if (request === null) return [];
  const lines = [...ofWork, ...charges];
  const { net, tax, total } = request;
  const currencies = new Set([...lines.map((line) => line.net), net, tax, total].map(({ currency }) => currency));
  const mixed = currencies.size === 1 ? [] : [`${invoiceId} is in ${[...currencies].join(' and ')}`];
  return [...wrongTotals(invoiceId, lines, request), ...mixed, ...wrongDueDate(invoiceId, request)];
}

/** L5 of what is shown: the read model's document has the figures of the log. */
export function wrongFigures({ documents }: Observed, invoices: readonly ToldInvoice[]): Findings {
  return invoices.flatMap((told) => {
    const shown = documents.find(({ invoice }) => invoice.invoiceId === told.invoiceId);
    if (!shown) return [`${told.invoiceId} is not shown`];
    const { net, tax, total, lineCount, dueDate, terms } = shown.invoice;
    const plain = (numbered: { readonly lineNumber: number } & Parameters<typeof asFrozen>[0]): object => {
      const { lineNumber: _, ...line } = asFrozen(numbered);
      return sorted(line);
    };
    const nets = [...told.lines, ...told.charges].map((line) => minorOf(line.net));
    const isRight =
      JSON.stringify([shown.lines.map(plain), shown.charges.map(plain)]) ===
        JSON.stringify([told.lines.map(sorted), told.charges.map(sorted)]) &&
      lineCount === nets.length &&
      minorOf(net) === sumOf(nets) &&
      (told.request === null ||
        JSON.stringify([net, tax, total, dueDate, terms]) === JSON.stringify(figuresOf(told.request)));
    return isRight ? [] : [`${told.invoiceId} is shown with other figures`];
  });
}

function figuresOf({ net, tax, total, dueDate, terms }: InvoiceIssueRequested['data']): readonly unknown[] {
  return [net, tax, total, dueDate, terms];
}

function sorted(line: object): object {
  return Object.fromEntries(Object.entries(line).sort(([a], [b]) => (a < b ? -1 : 1)));
}
