import { describe, expect, it } from '@jest/globals';
import type { TaxTotal } from '../events.js';
import { aud } from '../testing/items.js';
import { taxesByName } from './each-tax.js';

const total = (taxCategory: string, rate: string, tax: string, byName?: TaxTotal['byName']): TaxTotal => ({
  taxCategory,
  rate,
  net: aud('100.00'),
  tax: aud(tax),
  ...(byName === undefined ? {} : { byName }),
});
const named = (name: string, rate: string, tax: string) => ({ name, rate, tax: aud(tax) });

describe('the taxes of a document by name', () => {
  it('are summed over its categories, a category with one tax under its own name, in order', () => {
    const totals = [
      total('QC', '14.975', '14.98', [named('QST', '9.975', '9.98'), named('GST', '5', '5.00')]),
      total('ON', '12', '12.00', [named('GST', '5.0', '5.00'), named('PST', '7', '7.00')]),
      total('GST', '5', '2.50'),
      total('PST', '8', '8.00'),
    ];
    expect(taxesByName(totals)).toEqual([
      named('GST', '5', '12.50'),
      named('PST', '7', '7.00'),
      named('PST', '8', '8.00'),
      named('QST', '9.975', '9.98'),
    ]);
  });

  it('are said by the totals themselves where no category has several', () => {
    expect(taxesByName([total('GST', '10', '10.00'), total('FREE', '0', '0.00')])).toBeNull();
    expect(taxesByName([])).toBeNull();
  });
});
