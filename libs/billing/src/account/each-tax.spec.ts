import { describe, expect, it } from '@jest/globals';
import type { TaxTotal } from '../events.js';
import { aud } from '../testing/items.js';
import { taxesByName } from './each-tax.js';
import { taxKeyOf, totalsFor } from './tax-key.js';

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

describe('lines of one tax total', () => {
  const keyOf = (byName?: TaxTotal['byName'], changes: Partial<TaxTotal> = {}) =>
    taxKeyOf({ ...total('CA', '12', '12.00', byName), treatment: 'taxable', reason: null, ...changes });
  const gst = named('GST', '5', '5.00');
  const pst = named('PST', '7', '7.00');

  it('share category, rate, treatment, reason, and each of several taxes', () => {
    expect(keyOf([gst, pst])).toBe(keyOf([named('GST', '5.0', '1.00'), named('PST', '7', '9.00')], { rate: '12.00' }));
    expect(keyOf([gst, pst])).not.toBe(keyOf());
    expect(keyOf([gst, pst])).not.toBe(keyOf([gst, named('QST', '7', '7.00')]));
    expect(keyOf([gst, pst])).not.toBe(keyOf([named('GST', '6', '6.00'), named('PST', '6', '6.00')]));
    for (const other of [{ taxCategory: 'US' }, { rate: '13' }, { treatment: 'export' }, { reason: 'r' }] as const)
      expect(keyOf([gst, pst], other)).not.toBe(keyOf([gst, pst]));
    expect(JSON.parse(keyOf())).toEqual(['CA', '12', 'taxable', null]);
  });

  it('of before, which say a rate only, mean what that rate meant', () => {
    const before = { taxCategory: 'GST', net: aud('1.00'), tax: aud('0.10') };
    expect(taxKeyOf({ ...before, rate: '10' })).toBe(
      taxKeyOf({ ...before, rate: '10', treatment: 'taxable', reason: null }),
    );
    expect(taxKeyOf({ ...before, rate: '0' })).toBe(
      taxKeyOf({ ...before, rate: '0', treatment: 'gst-free', reason: null }),
    );
  });

  it('are found by what a line states; one that states nothing may belong to any of its category', () => {
    const [ten, free] = [
      { ...total('GST', '10', '10.00'), treatment: 'taxable', reason: null } as const,
      { ...total('GST', '0', '0.00'), treatment: 'gst-free', reason: 'school' } as const,
    ];
    const totals = [ten, free, total('FREE', '0', '0.00')];
    const stated = { taxCategory: 'GST', rate: '0.0', tax: aud('0.00') };
    expect(totalsFor('GST', undefined, totals)).toEqual([ten, free]);
    expect(totalsFor('GST', stated, totals)).toEqual([free]);
    expect(totalsFor('GST', { ...stated, treatment: 'gst-free', reason: 'school' }, totals)).toEqual([free]);
    expect(totalsFor('GST', { ...stated, treatment: 'gst-free', reason: 'other' }, totals)).toEqual([]);
  });
});
