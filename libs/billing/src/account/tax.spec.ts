import { describe, expect, it } from '@jest/globals';
import { isRefusal } from '@billtrail/kernel';
import type { TaxRules } from '../configuration-shape.js';
import type { TaxOfClient } from '../tax-rules.js';
import { taxesOf } from './tax.js';

const aud = (amount: string) => ({ amount, currency: 'AUD' });
const line = (amount: string, taxCategory = 'GST', on = '2026-03-10') => ({ net: aud(amount), taxCategory, on });
const RULES: TaxRules = { taxRates: { GST: '10', FREE: '0' } };
const TAXED: TaxOfClient = { taxExemption: null };

type Lines = readonly ReturnType<typeof line>[];
function taxes(lines: Lines, changes: Partial<TaxRules> = {}, client = TAXED, issueDate = '2026-04-01') {
  return taxesOf(
    lines.map((one) => [one]),
    'AUD',
    { rules: { ...RULES, ...changes }, client, issueDate },
  );
}
function totals(...asked: Parameters<typeof taxes>) {
  const taxed = taxes(...asked);
  if (isRefusal(taxed)) throw new Error(taxed.message);
  return taxed.totals;
}
/** `GST 10 %: 450.00 + 45.00, S`. */
const told = (...asked: Parameters<typeof taxes>) =>
  totals(...asked).taxTotals.map(
    ({ taxCategory, rate, net, tax, code, reason }) =>
      `${taxCategory} ${rate} %: ${net.amount} + ${tax.amount}, ${code}${reason === null ? '' : ` ${reason}`}`,
  );

describe('the tax of a document', () => {
  it('R6: three hours of overage, 450.00, at 10 % GST: 45.00', () => {
    const said = { treatment: 'taxable', code: 'S', reason: null };
    expect(totals([line('450.00')])).toEqual({
      taxTotals: [{ taxCategory: 'GST', rate: '10', net: aud('450.00'), tax: aud('45.00'), ...said }],
      net: aud('450.00'),
      tax: aud('45.00'),
      total: aud('495.00'),
    });
  });

  it('is taken once for each category on its sum, in the order of categories, half a cent up', () => {
    const lines = [line('0.05'), line('10.00', 'FREE'), line('0.10'), line('-0.10', 'FREE')];
    expect(told(lines)).toEqual(['FREE 0 %: 9.90 + 0.00, Z', 'GST 10 %: 0.15 + 0.02, S']);
    expect(totals(lines)).toMatchObject({ net: aud('10.05'), tax: aud('0.02'), total: aud('10.07') });
  });

  it('is refused for a category without a rate, which is named beside those that are known', () => {
    expect(taxes([line('1.00', 'VAT'), line('1.00'), line('1.00', 'PST')])).toMatchObject({
      code: 'TaxCategoryUnknown',
      details: { unknown: ['PST', 'VAT'], known: ['GST', 'FREE'] },
    });
  });

  it('is rounded on each line where the organisation rounds by line, and each line has its own', () => {
    const lines = [line('0.35'), line('0.35'), line('0.35')];
    expect(told(lines)).toEqual(['GST 10 %: 1.05 + 0.11, S']);
    const byLine = taxes(lines, { taxRounding: 'line' });
    expect(byLine).toMatchObject({ totals: { tax: aud('0.12') } });
    expect(byLine).toMatchObject({
      lineTaxes: lines.map(() => [{ taxCategory: 'GST', rate: '10', tax: aud('0.04') }]),
    });
  });
});

describe('rates that change on a day (K15)', () => {
  const taxRates = {
    VAT: {
      rate: [
        { from: '2020-01-01', rate: '20' },
        { from: '2026-07-01', rate: '22' },
      ],
    },
  };
  const lines = [line('100.00', 'VAT', '2026-06-30'), line('100.00', 'VAT', '2026-07-01')];

  it('hold from their day: that of issue, or of each supply, as the organisation says', () => {
    expect(told(lines, { taxRates }, TAXED, '2026-06-30')).toEqual(['VAT 20 %: 200.00 + 40.00, S']);
    expect(told(lines, { taxRates }, TAXED, '2026-07-01')).toEqual(['VAT 22 %: 200.00 + 44.00, S']);
    const bySupply = { taxRates, taxDate: 'supply' } as const;
    expect(told(lines, bySupply, TAXED, '2026-07-15')).toEqual([
      'VAT 20 %: 100.00 + 20.00, S',
      'VAT 22 %: 100.00 + 22.00, S',
    ]);
    expect(taxes(lines, bySupply)).toMatchObject({
      lineTaxes: [[{ rate: '20', tax: aud('20.00') }], [{ rate: '22', tax: aud('22.00') }]],
    });
  });

  it('are refused before the first of them', () => {
    expect(taxes(lines, { taxRates }, TAXED, '2019-12-31')).toMatchObject({
      code: 'TaxCategoryUnknown',
      message: 'The configuration has no tax rate for VAT on 2019-12-31.',
      remedy: 'Add the rate of that day to the configuration.',
    });
  });
});

describe('the treatment of a supply (K23)', () => {
  const taxRates = {
    GST: '10',
    'GST-FREE': '0',
    ONSITE: { rate: '10', treatment: 'taxable' },
    ABROAD: { rate: '0', treatment: 'export', legalReason: 's 38-190' },
    RENT: { rate: '0', treatment: 'input-taxed', legalReason: 's 40-35' },
  } as const;
  const lines = Object.keys(taxRates).map((category) => line('100.00', category));

  it('has a code and a legal reason of its own', () => {
    expect(told(lines, { taxRates })).toEqual([
      'ABROAD 0 %: 100.00 + 0.00, G s 38-190',
      'GST 10 %: 100.00 + 10.00, S',
      'GST-FREE 0 %: 100.00 + 0.00, Z',
      'ONSITE 10 %: 100.00 + 10.00, S',
      'RENT 0 %: 100.00 + 0.00, E s 40-35',
    ]);
  });

  it('is the default of the client only where the category states none', () => {
    const abroad = { taxExemption: 'used abroad', taxTreatment: 'export' } as const;
    expect(told(lines, { taxRates }, abroad)).toEqual([
      'ABROAD 0 %: 100.00 + 0.00, G s 38-190',
      'GST 0 %: 100.00 + 0.00, G used abroad',
      'GST-FREE 0 %: 100.00 + 0.00, G used abroad',
      'ONSITE 10 %: 100.00 + 10.00, S',
      'RENT 0 %: 100.00 + 0.00, E s 40-35',
    ]);
    expect(told([line('100.00')], {}, { taxExemption: 'school' })).toEqual(['GST 0 %: 100.00 + 0.00, Z school']);
  });

  it('is none of the tax at all of a seller that is not registered', () => {
    expect(told([line('100.00')], { taxRegistered: false })).toEqual([
      'GST 0 %: 100.00 + 0.00, O The seller is not registered for tax',
    ]);
  });

  it.each(Object.keys(taxRates))('never is S at nothing: %s', (category) => {
    for (const client of [
      TAXED,
      { taxExemption: 'export' },
      { taxExemption: 'x', taxTreatment: 'input-taxed' as const },
    ])
      for (const total of totals([line('1.00', category)], { taxRates }, client).taxTotals)
        expect(total.code === 'S').toBe(total.rate !== '0');
  });
});
