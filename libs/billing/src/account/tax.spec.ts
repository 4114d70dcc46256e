import { describe, expect, it } from '@jest/globals';
import { totalsOf } from './tax.js';

const aud = (amount: string) => ({ amount, currency: 'AUD' });
const line = (amount: string, taxCategory = 'GST') => ({ net: aud(amount), taxCategory });
const rates = { GST: '10', FREE: '0' };

describe('the tax of a document', () => {
  it('R6: three hours of overage, 450.00, at 10 % GST: 45.00', () => {
    expect(totalsOf([line('450.00')], 'AUD', rates, false)).toEqual({
      taxTotals: [{ taxCategory: 'GST', rate: '10', net: aud('450.00'), tax: aud('45.00') }],
      net: aud('450.00'),
      tax: aud('45.00'),
      total: aud('495.00'),
    });
  });

  it('is taken once for each category on its sum, in the order of categories, half a cent up', () => {
    const lines = [line('0.05'), line('10.00', 'FREE'), line('0.10'), line('-0.10', 'FREE')];
    expect(totalsOf(lines, 'AUD', rates, false)).toEqual({
      taxTotals: [
        { taxCategory: 'FREE', rate: '0', net: aud('9.90'), tax: aud('0.00') },
        { taxCategory: 'GST', rate: '10', net: aud('0.15'), tax: aud('0.02') },
      ],
      net: aud('10.05'),
      tax: aud('0.02'),
      total: aud('10.07'),
    });
  });

  it('is nothing for an exempt buyer, at a rate that says so', () => {
    expect(totalsOf([line('450.00')], 'AUD', rates, true)).toMatchObject({
      taxTotals: [{ taxCategory: 'GST', rate: '0', tax: aud('0.00') }],
      total: aud('450.00'),
    });
  });

  it('is refused for a category without a rate, which is named beside those that are known', () => {
    const lines = [line('1.00', 'VAT'), line('1.00'), line('1.00', 'PST')];
    expect(totalsOf(lines, 'AUD', rates, false)).toMatchObject({
      code: 'TaxCategoryUnknown',
      details: { unknown: ['PST', 'VAT'], known: ['GST', 'FREE'] },
    });
  });
});
