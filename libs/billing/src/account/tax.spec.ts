import { describe, expect, it } from '@jest/globals';
import { Money, isRefusal } from '@billtrail/kernel';
import type { TaxRules } from '../configuration-shape.js';
import type { TaxTotal, Totals } from '../events.js';
import type { TaxOfClient } from '../tax-rules.js';
import type { LineTax } from '../item/frozen-item.js';
import { feeItem, hourItem } from '../testing/items.js';
import { frozenChargeOf } from './charges.js';
import { lineOf } from './lines.js';
import { type Supply, linesTaxedAnew, taxDifference, taxesOf } from './tax.js';

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

  it('names each day without a rate once and in order, and asks for rates of days before new categories', () => {
    const taxRates = { VAT: { rate: [{ from: '2030-01-01', rate: '20' }] } };
    const lines = [
      line('1.00', 'VAT', '2026-03-11'),
      line('1.00', 'VAT', '2026-03-10'),
      line('1.00', 'VAT', '2026-03-11'),
    ];
    expect(taxes([...lines, line('1.00', 'PST')], { taxRates, taxDate: 'supply' })).toMatchObject({
      message: 'The configuration has no tax rate for PST; VAT on 2026-03-10, 2026-03-11.',
      remedy: 'Add the rate of that day to the configuration.',
    });
  });

  it('is said by the totals alone where each category is taxed one way', () => {
    expect(taxes([line('1.00'), line('2.00', 'FREE')])).toMatchObject({ lineTaxes: [[], []] });
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

describe('a category with several taxes', () => {
  const taxRates = {
    CA: {
      taxes: [
        { name: 'GST', rate: '5' },
        { name: 'PST', rate: '7' },
      ],
    },
    FREE: '0',
  };

  it('has each on the sum, rounded by itself, and each line states its own, also one of a category with one tax', () => {
    // 0.15 at 5 % are 0.0075 and at 7 % 0.0105: a cent each. Of the first 0.05 they are nothing yet.
    expect(taxes([line('0.05', 'CA'), line('1.00', 'FREE'), line('0.10', 'CA')], { taxRates })).toMatchObject({
      totals: {
        taxTotals: [
          {
            taxCategory: 'CA',
            rate: '12',
            net: aud('0.15'),
            tax: aud('0.02'),
            byName: [
              { name: 'GST', rate: '5', tax: aud('0.01') },
              { name: 'PST', rate: '7', tax: aud('0.01') },
            ],
          },
          { taxCategory: 'FREE', tax: aud('0.00') },
        ],
        tax: aud('0.02'),
        total: aud('1.17'),
      },
      lineTaxes: [
        [{ tax: aud('0.00'), byName: [{ tax: aud('0.00') }, { tax: aud('0.00') }] }],
        [{ tax: aud('0.00') }],
        [{ tax: aud('0.02'), byName: [{ tax: aud('0.01') }, { tax: aud('0.01') }] }],
      ],
    });
  });
});

describe('a line that gives money of another document back', () => {
  const taxation = { treatment: 'taxable', rate: '10', reason: null } as const;
  const givenBack = (net: string, tax: string, itemId = 'w-1'): Supply => ({
    ...line(net),
    taxation,
    givenBack: { taxes: [Money.of(tax, 'AUD')], of: { documentId: 'inv-1', itemId } },
  });
  const taxed = (...lines: (readonly Supply[])[]) =>
    taxesOf(lines, 'AUD', { rules: RULES, client: TAXED, issueDate: '2026-04-01' });

  it('takes the tax back that was asked there, beside what it has of its own', () => {
    // 0.06 of tax go back with 0.55, as they were asked. The document has 10 % of 0.45 in all, 0.05: so 1.00 has 0.11.
    expect(taxed([givenBack('-0.55', '-0.06'), line('1.00')])).toMatchObject({
      totals: { net: aud('0.45'), tax: aud('0.05') },
      lineTaxes: [
        [
          { net: aud('-0.55'), tax: aud('-0.06'), givesBack: { documentId: 'inv-1', itemId: 'w-1' } },
          { net: aud('1.00'), tax: aud('0.11') },
        ],
      ],
    });
  });
});

describe('how the tax of a draft differs from what was approved', () => {
  const of = (changes: Partial<TaxTotal> = {}): TaxTotal => ({
    taxCategory: 'GST',
    rate: '10',
    net: aud('100.00'),
    tax: aud('10.00'),
    treatment: 'taxable',
    code: 'S',
    reason: null,
    ...changes,
  });
  const free = (reason: string | null = 'school') =>
    of({ taxCategory: 'FREE', rate: '0', tax: aud('0.00'), treatment: 'gst-free', code: 'Z', reason });
  const documentOf = (...taxTotals: TaxTotal[]): Totals => ({
    taxTotals,
    net: aud('0.00'),
    tax: aud('0.00'),
    total: aud('0.00'),
  });

  it('is told by rate, treatment and reason of each total', () => {
    expect(taxDifference(documentOf(of(), free()), documentOf(of({ rate: '10.00' }), free()))).toBeNull();
    expect(taxDifference(documentOf(of()), documentOf(free()))).toBe(
      'GST 10 % on 100.00: 10.00, now FREE 0 % on 100.00: 0.00, gst-free, school',
    );
    expect(taxDifference(documentOf(free('school')), documentOf(free(null)))).toBe(
      'FREE 0 % on 100.00: 0.00, gst-free, school, now FREE 0 % on 100.00: 0.00, gst-free',
    );
  });

  it('is told by each tax of a category with several', () => {
    const named = (gst: string, pst: string) =>
      of({
        byName: [
          { name: 'GST', rate: '5', tax: aud(gst) },
          { name: 'PST', rate: '5.0', tax: aud(pst) },
        ],
      });
    expect(taxDifference(documentOf(named('5.00', '5.00')), documentOf(named('4.99', '5.01')))).toBe(
      'GST 10 % on 100.00: 10.00, GST 5 %: 5.00, PST 5 %: 5.00, now GST 10 % on 100.00: 10.00, GST 5 %: 4.99, PST 5 %: 5.01',
    );
  });

  it('is none in what a draft of before did not say: treatment and reason, of all of its totals', () => {
    const { treatment: _treatment, code: _code, reason: _reason, ...before } = free();
    expect(taxDifference(documentOf(before), documentOf(free()))).toBeNull();
    expect(taxDifference(documentOf(before, free()), documentOf(free(), free(null)))).toBeNull();
    const { reason: _unstated, ...unstated } = free();
    expect(taxDifference(documentOf(of(), unstated), documentOf(of(), free(null)))).toBeNull();
    expect(
      taxDifference(documentOf({ ...of(), rate: '11', treatment: 'export', reason: 'r' }), documentOf(before)),
    ).toBe('GST 11 % on 100.00: 10.00, export, r, now FREE 0 % on 100.00: 0.00');
  });

  it('names the lines and charges that give other tax back; those of before said none', () => {
    const taxedAt = (tax: string, treatment?: 'taxable'): readonly LineTax[] => [
      { taxCategory: 'GST', rate: '10', tax: aud(tax), ...(treatment === undefined ? {} : { treatment }) },
    ];
    const charge = { ...frozenChargeOf(feeItem('fee', '-10.00')), chargeItemId: 'fee' };
    const work = lineOf(hourItem('w-1'));
    if (work === null) throw new Error('no line');
    const drafted = [work, charge].map((one) => ({ ...one, taxes: taxedAt('-1.00', 'taxable') }));
    expect(linesTaxedAnew(drafted, [taxedAt('-1.00', 'taxable'), taxedAt('-1.00', 'taxable')])).toBeNull();
    expect(linesTaxedAnew(drafted, [taxedAt('-1.01', 'taxable'), taxedAt('-0.99', 'taxable')])).toBe(
      'another document gives back what it shares with w-1, fee',
    );
    expect(linesTaxedAnew([{ ...charge, taxes: taxedAt('-1.00') }], [taxedAt('-1.01', 'taxable')])).toBeNull();
  });
});
