import { describe, expect, it } from '@jest/globals';
import { givenBackTooMuch } from './kit/given-back.js';
import { minorOf } from './kit/integers.js';

const aud = (amount: string) => ({ amount, currency: 'AUD' });
const TAXED = { taxCategory: 'GST', rate: '10', treatment: 'taxable', reason: null } as const;
type Invoices = Parameters<typeof givenBackTooMuch>[0];
type Notes = Parameters<typeof givenBackTooMuch>[1];

/** A charge that gives all of its net back of an earlier invoice, or, positive, asks for it. */
function charge(chargeItemId: string, net: string, tax: string): object {
  const of = net.startsWith('-') ? { givesBack: { documentId: 'I0', itemId: 'fee' } } : {};
  return {
    chargeItemId,
    chargeId: chargeItemId,
    taxCategory: 'GST',
    net: aud(net),
    taxes: [{ ...TAXED, net: aud(net), tax: aud(tax), ...of }],
  };
}
function invoice(charges: readonly object[], net: string, tax: string): Invoices {
  const taxTotals = [{ ...TAXED, code: 'S', net: aud(net), tax: aud(tax) }];
  return [{ invoiceId: 'I1', lines: [], charges, request: { taxRounding: 'document', taxTotals } }] as never;
}
function note(net: string, tax: string): Notes {
  const taxTotals = [{ ...TAXED, code: 'S', net: aud(net), tax: aud(tax) }];
  return [{ request: { invoiceId: 'I1', taxTotals }, lines: [], charges: [] }] as never;
}

describe('the law that an invoice never gives back more than it asked for (L5)', () => {
  const plain = invoice([charge('a', '165.00', '16.50')], '165.00', '16.50');
  const mixed = invoice([charge('a', '300.00', '30.00'), charge('b', '-100.00', '-10.00')], '200.00', '20.00');
  const below = invoice([charge('b', '-100.00', '-10.00')], '-100.00', '-10.00');

  it('holds up to what was asked, also beside what the invoice gave back itself', () => {
    expect(givenBackTooMuch(plain, note('165.00', '16.50'))).toEqual([]);
    expect(givenBackTooMuch(mixed, note('300.00', '30.00'))).toEqual([]);
    expect(givenBackTooMuch(mixed, note('200.00', '20.00'))).toEqual([]);
  });

  it('holds where a tax total has lines below zero only, and they are taken back', () => {
    expect(givenBackTooMuch(below, note('-100.00', '-10.00'))).toEqual([]);
    expect(givenBackTooMuch(below, note('0.00', '0.00'))).toEqual([]);
  });

  it('finds a cent too much, either way', () => {
    expect(givenBackTooMuch(plain, note('165.01', '16.50'))).not.toEqual([]);
    expect(givenBackTooMuch(plain, note('-0.01', '0.00'))).not.toEqual([]);
    expect(givenBackTooMuch(mixed, note('300.01', '30.00'))).not.toEqual([]);
    expect(givenBackTooMuch(below, note('-100.01', '-10.00'))).not.toEqual([]);
    expect(givenBackTooMuch(below, note('0.01', '0.00'))).not.toEqual([]);
  });
});

describe('minor units of the laws', () => {
  it.each([
    ['AUD', '1.005', 101n],
    ['JPY', '1.5', 2n],
    ['KRW', '-1.5', -2n],
    ['KWD', '1.0005', 1001n],
    ['CLF', '1.00005', 10001n],
  ])('of %s: %s', (currency, amount, minor) => {
    expect(minorOf({ amount, currency })).toBe(minor);
  });
});
