import { describe, expect, it } from '@jest/globals';
import { invoiceTable, warningLines } from './invoice-table.js';

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

describe('a stale draft', () => {
  const stale = {
    code: 'DraftStale',
    invoiceId: 'I1',
    message: '1 of 2 lines of draft I1 is out of date: W1 of ticket T1: amount was 150.00 AUD, is 225.00 AUD now.',
    remedy: 'Draft it anew.',
    net: aud('75.00'),
    drafted: aud('150.00'),
    now: aud('225.00'),
  } as const;
  const draft = { ...invoice, number: null, status: 'draft' } as const;

  it('is told in the list, with the difference and the command that makes it again', () => {
    const text = invoiceTable(
      [
        { ...draft, freshness: 'stale', stale },
        { ...draft, freshness: 'fresh', stale: null },
      ],
      [],
    );
    expect(text).toMatch(/draft, stale .*\n.* draft {2,}/);
    expect(text.split('\n').slice(-4)).toEqual([
      'Stale, 75.00 AUD more: 1 of 2 lines of draft I1 is out of date: W1 of ticket T1: amount was 150.00 AUD, is 225.00 AUD',
      'now.',
      "It can't be issued as it is. To make it again:",
      '  billtrail invoice redraft I1',
    ]);
  });

  it('is told apart from one of which nobody can say whether it is', () =>
    expect(rowsOf({ ...draft, freshness: 'not-known', stale: null })[1]).toContain('draft, may be stale'));

  it('whose lines are in another currency now states no difference', () =>
    expect(warningLines([{ ...stale, net: null, now: null }])[0]).toContain('Stale, in another currency now:'));

  it.each([
    ['-75.00', 'Stale, 75.00 AUD less:'],
    ['0.00', 'Stale, same total:'],
  ])('that comes to %s says so', (amount, begin) => {
    expect(warningLines([{ ...stale, net: aud(amount) }])[0]).toContain(begin);
  });
});
