import type { MoneyJson } from '@billtrail/kernel';
import type { TaxTotal } from '@billtrail/billing';
import { asFrozen, type ToldInvoice } from './documents.js';
import type { Findings } from './findings.js';
import type { Observed } from './observed.js';
import { fraction, halfUp, minorOf, sumOf } from './integers.js';

/** L5: lines and charges sum to nets, tax is taken once of each category's net at its rate, and all sum to the total. */
export function wrongSums({ invoiceId, lines: ofWork, charges, request }: ToldInvoice): Findings {
  if (request === null) return [];
  const lines: readonly { readonly net: MoneyJson; readonly taxCategory: string }[] = [...ofWork, ...charges];
  const findings: string[] = [];
  const say = (what: string, is: bigint, must: bigint): void => {
    if (is !== must) findings.push(`${invoiceId}: ${what} is ${is}, and must be ${must}`);
  };
  const categories = new Set([
    ...lines.map((line) => line.taxCategory),
    ...request.taxTotals.map((one) => one.taxCategory),
  ]);
  for (const category of categories) {
    const totals = request.taxTotals.filter((one) => one.taxCategory === category);
    const net = sumOf(lines.filter((line) => line.taxCategory === category).map((line) => minorOf(line.net)));
    const [total] = totals;
    if (!total || totals.length !== 1) findings.push(`${invoiceId}: ${category} has ${totals.length} totals`);
    else {
      say(`the net of ${category}`, minorOf(total.net), net);
      say(`the tax of ${category}`, minorOf(total.tax), taxOn(total, net));
    }
    if (request.taxExemption !== null && total?.rate !== '0')
      findings.push(`${invoiceId} is exempt, and ${category} is at ${total?.rate} %`);
  }
  say('the net', minorOf(request.net), sumOf(lines.map((line) => minorOf(line.net))));
  say('the tax', minorOf(request.tax), sumOf(request.taxTotals.map((one) => minorOf(one.tax))));
  say('the total', minorOf(request.total), minorOf(request.net) + minorOf(request.tax));
  const currencies = new Set([
    ...lines.map((line) => line.net.currency),
    request.net.currency,
    request.tax.currency,
    request.total.currency,
  ]);
  if (currencies.size !== 1) findings.push(`${invoiceId} is in ${[...currencies].join(' and ')}`);
  return findings;
}

function taxOn({ rate }: TaxTotal, net: bigint): bigint {
  const percent = fraction(rate);
  return halfUp(net * percent.over, 100n * percent.under);
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
