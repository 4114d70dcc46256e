import { describe, expect, it } from '@jest/globals';
import { invoiceTable } from './invoice-table.js';

const aud = (amount: string) => ({ amount, currency: 'AUD' });
const invoice = {
  invoiceId: 'I1',
  number: 'INV-000001',
  buyer: null,
  clientId: 'shop',
  recipientId: 'shop',
  siteId: null,
  period: '2026-03',
  status: 'issued',
  lineCount: 2,
  net: aud('100.00'),
  tax: aud('10.00'),
  total: aud('110.00'),
} as const;

const rowsOf = (...invoices: Parameters<typeof invoiceTable>[0][number][]): readonly string[] =>
  invoiceTable(invoices, [])
    .split('\n')
    .filter((line) => !line.startsWith('─'))
    .map((line) => line.trim().split(/ {2,}/).slice(0, 4).join(' | '));

describe('the list of invoices', () => {
  it('has one client, where each pays for itself', () =>
    expect(rowsOf(invoice)).toEqual(['Number | Client | Month | Status', 'INV-000001 | shop | 2026-03 | issued']));

  it('has who pays and who was served, with the site, where one of them is another', () =>
    expect(rowsOf(invoice, { ...invoice, number: 'INV-000002', recipientId: 'head-office', siteId: 'north' })).toEqual([
      'Number | Pays | Served | Month',
      'INV-000001 | shop | shop | 2026-03',
      'INV-000002 | head-office | shop, site north | 2026-03',
    ]));
});
