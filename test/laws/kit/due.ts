import { invariant } from '@billtrail/kernel';
import type { InvoiceIssueRequested } from '@billtrail/billing';
import type { Findings } from './findings.js';

const DAY = 86_400_000;

/** What terms in words mean for a day of issue: a second, plain reading of them. */
const READINGS: readonly (readonly [RegExp, (issued: Date, number: number) => number])[] = [
  [/^due on receipt$/, (issued) => issued.getTime()],
  [/^due \d+ days? after the date of issue$/, (issued, days) => issued.getTime() + days * DAY],
  [/^due at the end of the month of issue$/, (issued) => monthEnd(issued, 1)],
  [/^due \d+ days? after the end of the month of issue$/, (issued, days) => monthEnd(issued, 1) + days * DAY],
  [/^due on the last day of the month after issue$/, (issued) => monthEnd(issued, 2)],
  [
    /^due on the \d+(st|nd|rd|th) of the month after issue(, or its last day)?$/,
    (issued, day) => Math.min(monthEnd(issued, 1) + day * DAY, monthEnd(issued, 2)),
  ],
];

/** The last day of a month so many months after that before the day's own. */
function monthEnd(day: Date, months: number): number {
  return Date.UTC(day.getUTCFullYear(), day.getUTCMonth() + months, 0);
}

/** A document is due on the latest day of the terms that it states, and on none where it states none. */
export function wrongDueDate(
  invoiceId: string,
  { issueDate, dueDate, terms }: InvoiceIssueRequested['data'],
): Findings {
  if (terms === null) return dueDate === null ? [] : [`${invoiceId} is due on ${dueDate} by no terms`];
  const issued = new Date(`${issueDate}T00:00:00Z`);
  const words = terms.toLowerCase().replace('the latest of: ', '').split('; ');
  const days = words.map((one) => {
    const reading = READINGS.find(([pattern]) => pattern.test(one));
    invariant(reading !== undefined, () => `nobody can read the terms "${one}"`);
    return reading[1](issued, Number(/\d+/.exec(one)?.[0] ?? 0));
  });
  const due = new Date(Math.max(...days)).toISOString().slice(0, 10);
  return due === dueDate
    ? []
    : [`${invoiceId} of ${issueDate} is due on ${dueDate ?? 'no day'}, by its terms on ${due}`];
}
