import { describe, expect, it } from '@jest/globals';
import { aud, hourItem } from '../testing/items.js';
import type { InvoiceLine } from '../item/frozen-item.js';
import { lineOf } from './lines.js';
import { suppliesOf } from './supplies.js';
import type { AccountState } from './state.js';

const total = { taxCategory: 'GST', rate: '10', treatment: 'taxable', code: 'S', reason: null } as const;
const asked = hourItem('w-1', { net: aud('100.00'), unitPrice: aud('100.00'), workDate: '2026-03-10' });

type Documents = Pick<AccountState, 'invoices' | 'creditNotes'>;

function frozen(changes: Partial<typeof asked>): InvoiceLine {
  const line = lineOf({ ...asked, ...changes });
  if (line === null) throw new Error('no line');
  return line;
}

/** 100.00 more of the work than invoice I1 asked for at 10 %, or another amount more. */
function more(workDate: string, net = aud('100.00'), documentIds: readonly string[] = ['I1']): InvoiceLine {
  const adjustment = { causedBy: null, writeOffTakenBack: null, adjusts: { documentIds, why: 'corrected' } };
  return frozen({ itemId: 'w-1@a1', net, workDate, basis: { ...asked.basis, adjustment } });
}

/** A line of the work at a rate that it states itself. */
function at(rate: string, changes: Partial<typeof asked>): InvoiceLine {
  const line = frozen(changes);
  return { ...line, taxes: [{ ...total, rate, net: line.net, tax: aud('0.00') }] };
}

function invoiced({ lines = [frozen({})], currency = 'AUD', rates = ['10'] } = {}): Documents {
  const taxTotals = rates.map((rate) => ({ ...total, rate, net: aud('100.00'), tax: aud('10.00') }));
  const request = { taxRounding: 'document', taxTotals };
  const invoice = { invoiceId: 'I1', currency, status: 'issue-requested', lines, charges: [], request };
  return { invoices: new Map([['I1', invoice]]) as never, creditNotes: new Map() };
}

/** What is supplied, by the rate of an earlier document; null: by the rules of its day. */
function rated(line: InvoiceLine, documents: Documents): readonly (readonly [string, string | null])[] {
  return suppliesOf([line], documents)
    .flat()
    .map(({ net, taxation }) => [net.amount, taxation?.rate ?? null] as const);
}

describe('more of invoiced work', () => {
  it('is taxed as the work was: at 10 %', () => {
    const [[supply] = []] = suppliesOf([more('2026-03-10')], invoiced());
    expect(supply).toMatchObject({ on: '2026-03-10', net: aud('100.00'), taxation: { rate: '10' } });
  });

  it('is taxed by the rules of its day where the work was moved to another one', () => {
    const [[supply] = []] = suppliesOf([more('2026-03-20')], invoiced());
    expect(supply).toEqual({ on: '2026-03-20', net: aud('100.00'), taxCategory: 'GST' });
  });

  it('is taxed so too where a credit note of no invoice gave some of the work at 10 %', () => {
    const facts = { invoiceId: null, taxTotals: [{ ...total, net: aud('-5.00'), tax: aud('-0.50') }] };
    const note = { facts, lines: [{ line: frozen({ itemId: 'w-1@c1', net: aud('-5.00') }) }], charges: [] };
    const creditNotes: Documents['creditNotes'] = new Map([['C1', note]]) as never;
    expect(rated(more('2026-03-20'), { ...invoiced(), creditNotes })).toEqual([['100.00', null]]);
    // No invoice of the account asked for it: the note is all that says its tax.
    const ofNote = more('2026-03-20', aud('100.00'), ['C1']);
    expect(rated(ofNote, { ...invoiced(), creditNotes })).toEqual([['100.00', '10']]);
  });

  it('is taxed by the rules of its day where the invoice is not of the account, or of another currency', () => {
    expect(rated(more('2026-03-10', aud('100.00'), ['I9']), invoiced())).toEqual([['100.00', null]]);
    expect(rated(more('2026-03-10'), invoiced({ currency: 'NZD' }))).toEqual([['100.00', null]]);
  });

  it('is one supply where it comes to nothing: its category is stated', () => {
    expect(rated(more('2026-03-10', aud('0.00')), invoiced())).toEqual([['0.00', null]]);
  });
});

describe('more of work that an invoice asked for at two rates', () => {
  const rates = ['10', '15'];
  const early = at('10', { itemId: 'w-1@p1', workDate: '2026-03-14' });
  const late = at('15', { itemId: 'w-1@p2', workDate: '2026-03-15', net: aud('300.00') });

  it('has the rate of its day', () => {
    const documents = invoiced({ lines: [early, late], rates });
    expect(rated(more('2026-03-14'), documents)).toEqual([['100.00', '10']]);
    expect(rated(more('2026-03-15'), documents)).toEqual([['100.00', '15']]);
  });

  it('is shared over both where none of them is of its day: 100.00 over 100.00 and 300.00', () => {
    const free = at('10', { itemId: 'w-1@p3', workDate: '2026-03-10', taxCategory: 'FREE' });
    const ofFree = { taxes: [{ ...total, taxCategory: 'FREE', rate: '10', net: aud('100.00'), tax: aud('0.00') }] };
    const { invoices } = invoiced({ lines: [early, late], rates });
    const [invoice] = invoices.values();
    if (invoice === undefined || !('request' in invoice)) throw new Error('no invoice');
    const taxTotals = [...invoice.request.taxTotals, ...ofFree.taxes] as never;
    const lines = [...invoice.lines, { ...free, ...ofFree }] as never;
    const both = { ...invoice, lines, request: { ...invoice.request, taxTotals } };
    const documents = { invoices: new Map([['I1', both]]) as never, creditNotes: new Map() };
    expect(rated(more('2026-03-10'), documents)).toEqual([
      ['25.00', '10'],
      ['75.00', '15'],
    ]);
  });

  it('has that of what was asked, and not of what was taken off beside it', () => {
    const off = at('10', { itemId: 'w-1@a2', workDate: '2026-03-15', net: aud('-50.00') });
    const documents = invoiced({ lines: [off, late], rates });
    expect(rated(more('2026-03-15'), documents)).toEqual([['100.00', '15']]);
    // Where the invoice only took off, there is no other rate.
    expect(rated(more('2026-03-15'), invoiced({ lines: [off], rates }))).toEqual([['100.00', '10']]);
  });
});
