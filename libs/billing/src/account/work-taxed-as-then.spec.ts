import { describe, expect, it } from '@jest/globals';
import { aud, hourItem } from '../testing/items.js';
import type { InvoiceLine } from '../item/frozen-item.js';
import { lineOf } from './lines.js';
import { suppliesOf } from './supplies.js';
import type { AccountState } from './state.js';

const total = { taxCategory: 'GST', rate: '10', treatment: 'taxable', code: 'S', reason: null };
const asked = hourItem('w-1', { net: aud('100.00'), unitPrice: aud('100.00'), workDate: '2026-03-10' });

/** 100.00 more of the work than invoice I1 asked for at 10 %. */
function more(workDate: string): InvoiceLine {
  const adjusts = { documentIds: ['I1'], why: 'corrected' };
  const adjustment = { causedBy: null, writeOffTakenBack: null, adjusts };
  const line = lineOf({ ...asked, itemId: 'w-1@a1', workDate, basis: { ...asked.basis, adjustment } });
  if (line === null) throw new Error('no line');
  return line;
}

function invoiced(): Pick<AccountState, 'invoices' | 'creditNotes'> {
  const taxTotals = [{ ...total, net: aud('100.00'), tax: aud('10.00') }];
  const request = { taxRounding: 'document', taxTotals };
  const invoice = {
    invoiceId: 'I1',
    currency: 'AUD',
    status: 'issue-requested',
    lines: [lineOf(asked)],
    charges: [],
    request,
  };
  return { invoices: new Map([['I1', invoice]]) as never, creditNotes: new Map() };
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
});
