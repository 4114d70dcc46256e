import { describe, expect, it } from '@jest/globals';
import type { LinePart } from '@billtrail/billing';
import { priceOf, quantityOf, sumOf } from './line-parts.js';

const aud = (amount: string) => ({ amount, currency: 'AUD' });
const part = (label: LinePart['label'], amount: string, more: Partial<LinePart> = {}): LinePart => ({
  label,
  quantity: null,
  unitPrice: null,
  amount: aud(amount),
  ...more,
});
const hours = (quantity: string, minutes: number, each: string, amount: string) =>
  part('price', amount, { quantity, minutes, unitPrice: aud(each) });

describe('the sum below a line', () => {
  it('is left out where quantity times unit price is the net, as anybody can see', () =>
    expect(sumOf({ unit: 'h', parts: [hours('1.25', 75, '150.00', '187.50')] })).toEqual([]));
  it('tells thirds of an hour in minutes, and a price for other minutes than an hour', () => {
    expect(sumOf({ unit: 'h', parts: [hours('0.333333', 20, '150.00', '50.00')] })).toEqual([
      ['20 min at 150.00 an hour', '50.00'],
    ]);
    const days = { ...hours('70', 4_200, '1000.00', '10000.00'), perMinutes: 420 };
    expect(sumOf({ unit: 'h', parts: [days] })).toEqual([['4,200 min at 1000.00 for 420 min', '10000.00']]);
  });
  it('has what is taken off or given back as one of it, below zero: the same money', () => {
    const off = { quantity: '-1', unit: 'discount', unitPrice: aud('35.00') };
    expect([quantityOf(off), priceOf(off).amount]).toEqual(['1 discount', '-35.00']);
    const back = { quantity: '-1', unit: 'h', unitPrice: aud('150.00') };
    expect([quantityOf(back), priceOf(back).amount]).toEqual(['-1 h', '150.00']);
    const parts = [part('price', '-100.00', { quantity: '-1', unitPrice: aud('100.00') }), part('left-over', '65.00')];
    expect(sumOf({ unit: 'discount', parts })).toEqual([
      ['1 discount x -100.00', '-100.00'],
      ['not used: nothing is left to take it off', '65.00'],
    ]);
  });
  it('tells a discount and a cap', () =>
    expect(
      sumOf({
        unit: 'h',
        parts: [
          hours('9', 540, '100.00', '900.00'),
          part('discount', '-90.00', { percent: '10' }),
          part('cap', '-10.00', { capId: 'month' }),
        ],
      }),
    ).toEqual([
      ['9 h x 100.00', '900.00'],
      ['less 10 %', '-90.00'],
      ['above the cap month', '-10.00'],
    ]));
  it('tells the days of a fee, and what was billed before', () => {
    const days = { from: '2026-03-15', to: '2026-03-31' };
    expect(
      sumOf({
        unit: 'device',
        parts: [
          part('price', '150.00', { quantity: '12', unitPrice: aud('12.50'), ...days }),
          part('proration', '-67.74', { ...days, days: '17', ofDays: 31, daysBefore: '14' }),
          part('billed-before', '-65.32'),
        ],
      }),
    ).toEqual([
      ['12 device x 12.50, 2026-03-15 to 2026-03-31', '150.00'],
      ['17 of 31 days, after 14, 2026-03-15 to 2026-03-31', '-67.74'],
      ['billed before', '-65.32'],
    ]);
  });
  it.each([
    ['tier', 'by tiers', 'tiers'],
    ['', 'amount on top', 'on-top'],
    ['', 'by days', 'proration'],
    ['', 'less what counts towards it', 'counted'],
    ['', 'discount', 'discount'],
    ['', 'above the cap', 'cap'],
    ['', 'paid from the block', 'paid-before'],
    ['', 'correction', 'adjustment'],
    ['', 'rounding', 'rounding'],
  ] as const)('%s says %s', (_, text, label) =>
    expect(sumOf({ unit: 'h', parts: [part(label, '1.00')] })).toEqual([[text, '1.00']]),
  );
  it('marks the credit of an earlier document, with its tax', () => {
    const creditOf = {
      documentId: 'I1',
      number: 'INV-000001',
      reason: 'the work was corrected',
      difference: aud('-75.00'),
      tax: aud('-7.50'),
    };
    const line = { unit: 'h', parts: [hours('-0.5', -30, '150.00', '-75.00')] };
    expect(sumOf({ ...line, creditOf })).toEqual([
      ['credit of INV-000001: the work was corrected; with tax -7.50 AUD', ''],
    ]);
    expect(sumOf({ ...line, creditOf: { ...creditOf, number: null, tax: null } })).toEqual([
      ['credit of I1: the work was corrected', ''],
    ]);
  });
});
