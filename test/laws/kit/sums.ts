import { asFrozen, type ToldInvoice } from './documents.js';
import type { Findings } from './findings.js';
import type { Observed } from './observed.js';
import { minorOf, sumOf } from './integers.js';
import { wrongTotals } from './taxes.js';

/** L5: lines and charges sum to nets, tax is that of each tax total as the invoice rounds it, all sum to the total, in one currency. */
export function wrongSums({ invoiceId, lines: ofWork, charges, request }: ToldInvoice): Findings {
  if (request === null) return [];
  const lines = [...ofWork, ...charges];
  const { net, tax, total } = request;
  const currencies = new Set([...lines.map((line) => line.net), net, tax, total].map(({ currency }) => currency));
  const mixed = currencies.size === 1 ? [] : [`${invoiceId} is in ${[...currencies].join(' and ')}`];
  return [...wrongTotals(invoiceId, lines, request), ...mixed];
}

/** L5 of what is shown: the read model's document has the figures of the log. */
export function wrongFigures({ documents }: Observed, invoices: readonly ToldInvoice[]): Findings {
  return invoices.flatMap((told) => {
    const shown = documents.find(({ invoice }) => invoice.invoiceId === told.invoiceId);
    if (!shown) return [`${told.invoiceId} is not shown`];
    const { net, tax, total, lineCount } = shown.invoice;
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
        JSON.stringify([net, tax, total]) === JSON.stringify([told.request.net, told.request.tax, told.request.total]));
    return isRight ? [] : [`${told.invoiceId} is shown with other figures`];
  });
}

function sorted(line: object): object {
  return Object.fromEntries(Object.entries(line).sort(([a], [b]) => (a < b ? -1 : 1)));
}
