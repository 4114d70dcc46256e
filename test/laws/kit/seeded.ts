import { expect } from '@jest/globals';
import { InvariantViolation } from '@billtrail/kernel';
import type { InvoiceLine } from '@billtrail/billing';
import type { RecordedEvent } from '@billtrail/event-store';
import type { ToldCreditNote } from './credit-notes.js';
import type { ToldInvoice } from './documents.js';
import type { Findings } from './findings.js';
import type { Law } from './law.js';
import { LAWS } from './laws.js';
import { documentsOf, type Look } from './look.js';
import type { Observed } from './observed.js';

export function law(number: Law['number']): Law {
  const found = LAWS.find((one) => one.number === number);
  if (!found) throw new InvariantViolation(`there is no law ${number}`);
  return found;
}

/** What a law finds of a look that a bug has changed. The look itself must be sound, so that the finding is the bug's. */
export function findings(number: Law['number'], look: Look, change: Partial<Look>): Findings {
  expect(law(number).check(look)).toEqual([]);
  return law(number).check({ ...look, ...change });
}

export const cents = (amount: string): { amount: string; currency: string } => ({ amount, currency: 'AUD' });

/** What is observed, with a part of it as a bug would make it. */
export function seen(look: Look, change: Partial<Observed>): Partial<Look> {
  return { observed: { ...look.observed, ...change } };
}

/** The same with one item changed; null: it is missing. */
export function item(look: Look, itemId: string, change: Partial<Observed['items'][number]> | null): Partial<Look> {
  const { items } = look.observed;
  expect(items.some((one) => one.itemId === itemId)).toBe(true);
  if (change === null) return seen(look, { items: items.filter((one) => one.itemId !== itemId) });
  return seen(look, { items: items.map((one) => (one.itemId === itemId ? { ...one, ...change } : one)) });
}

/** The log as a bug would have written it. */
export function logged({ observed }: Look, events: readonly RecordedEvent[]): Partial<Look> {
  return documentsOf(events, observed);
}

/** The log without the events of a type. */
export function without(look: Look, type: string): Partial<Look> {
  return logged(
    look,
    look.events.filter((event) => event.type !== type),
  );
}

/** Lines of an event, each changed. */
export function linesOf(data: object, change: (line: object) => object): object {
  return { ...data, lines: (data as { readonly lines: readonly object[] }).lines.map(change) };
}

/** The log with the data of a type's events changed. */
export function rewritten(look: Look, type: string, change: (data: RecordedEvent['data']) => object): Partial<Look> {
  expect(look.events.some((event) => event.type === type)).toBe(true);
  return logged(
    look,
    look.events.map((event) => (event.type === type ? { ...event, data: change(event.data) } : event)),
  );
}

type IssuedInvoice = ToldInvoice & { readonly request: NonNullable<ToldInvoice['request']> };

export function firstIssued({ invoices }: Look): IssuedInvoice {
  const [first] = invoices;
  if (!first?.request) throw new InvariantViolation('the sample has no issued invoice');
  return { ...first, request: first.request };
}

/** The first invoice as a bug would make it, with the others. */
export function invoiced(look: Look, change: Partial<ToldInvoice>): Partial<Look> {
  const [first, ...others] = look.invoices;
  return { invoices: [{ ...first!, ...change }, ...others] };
}

export function withLines(look: Look, change: (line: InvoiceLine) => Partial<InvoiceLine>): Partial<Look> {
  return invoiced(look, { lines: firstIssued(look).lines.map((line) => ({ ...line, ...change(line) })) });
}

export function credited(look: Look, number: number, change: (note: ToldCreditNote) => ToldCreditNote): Partial<Look> {
  return { creditNotes: look.creditNotes.map((note, index) => (index === number ? change(note) : note)) };
}
