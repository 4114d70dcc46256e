import { describe, expect, it } from '@jest/globals';
import type { StatedTaxRate, TaxRules } from './configuration-shape.js';
import { inspectTaxRates, taxOfDay, taxOfSupply } from './tax-rules.js';

type Stated = TaxRules['taxRates'][string];
const dated = (...rates: readonly (readonly [string, string])[]) => rates.map(([from, rate]) => ({ from, rate }));
const TAXED = { taxExemption: null };

describe('the tax of a supply', () => {
  const of = (stated: Stated, on = '2026-03-10') => taxOfSupply('X', on, { taxRates: { X: stated } }, TAXED);

  it('is that of each of several taxes on its day, and their sum', () => {
    const taxes = [
      { name: 'GST', rate: '5' },
      { name: 'PST', rate: dated(['2026-01-01', '7'], ['2026-07-01', '8']) },
    ];
    const gst = { name: 'GST', rate: '5' };
    const taxable = { treatment: 'taxable', reason: null };
    expect(of({ taxes })).toEqual({ ...taxable, rate: '12', byName: [gst, { name: 'PST', rate: '7' }] });
    expect(of({ taxes }, '2026-07-01')).toEqual({ ...taxable, rate: '13', byName: [gst, { name: 'PST', rate: '8' }] });
    expect(of({ taxes }, '2025-12-31')).toBeNull();
  });

  it('is none, with the reason of the category, where all its taxes are zero', () => {
    const taxes = [
      { name: 'A', rate: '0' },
      { name: 'B', rate: '0.0' },
    ];
    expect(of({ taxes, legalReason: 'zone' })).toEqual({ treatment: 'gst-free', rate: '0', reason: 'zone' });
    expect(of({ rate: '0', legalReason: 'zone' })).toEqual({ treatment: 'gst-free', rate: '0', reason: 'zone' });
  });

  it('has no reason where it is taxable', () => {
    expect(of({ rate: '10', legalReason: 'zone' })).toEqual({ treatment: 'taxable', rate: '10', reason: null });
  });

  it('is not known of a category that only an object would have', () => {
    expect(taxOfSupply('toString', '2026-03-10', { taxRates: {} }, TAXED)).toBeNull();
  });
});

describe('days that are taxed alike', () => {
  const rate = dated(['2026-01-01', '10'], ['2026-07-01', '12']);
  const [early, june, july] = ['2025-12-31', '2026-06-30', '2026-07-01'] as const;
  const of = (stated: Stated, on: string, rules: Partial<TaxRules> = { taxDate: 'supply' }) =>
    taxOfDay('X', on, { taxRates: { X: stated }, ...rules });

  it('are those of one rate, where the day of the supply decides', () => {
    expect([early, june, july].map((on) => of({ rate }, on))).toEqual(['none', '10', '12']);
    expect(of({ rate, treatment: 'taxable' }, july)).toBe('12');
    const taxes = [
      { name: 'A', rate: '5' },
      { name: 'B', rate },
    ];
    expect([june, july].map((on) => of({ taxes }, on))).toEqual(['5 10', '5 12']);
  });

  it('are all days of a category with one rate, of what bears no tax, and of an organisation that taxes by the day of issue', () => {
    expect(of('10', july)).toBe('');
    expect(of({ rate, treatment: 'export', legalReason: 'abroad' }, july)).toBe('');
    expect(of({ rate }, july, { taxDate: 'issue' })).toBe('');
    expect(of({ rate }, july, {})).toBe('');
    expect(of({ rate }, july, { taxDate: 'supply', taxRegistered: false })).toBe('');
    expect(taxOfDay('X', july, { taxDate: 'supply' })).toBe('');
    expect(taxOfDay('toString', july, { taxDate: 'supply', taxRates: {} })).toBe('');
  });
});

describe('what a configuration says of tax that can not be meant', () => {
  const notesOn = (stated: object): readonly string[] => {
    const notes: string[] = [];
    inspectTaxRates((path, message) => notes.push(`${path} ${message}`), { X: stated });
    return notes;
  };

  it('is a rate beside several taxes, or none at all', () => {
    const taxes = [{ name: 'A', rate: '5' }];
    expect(notesOn({ taxes })).toEqual([]);
    expect(notesOn({ rate: '5', taxes })).toEqual(['taxRates.X.rate must be left out: each of the taxes has its own']);
    expect(notesOn({})).toEqual(['taxRates.X.rate is required, or taxes where there are several']);
    expect(notesOn({ rate: '5' })).toEqual([]);
  });

  it('is a rate that is not after the one before', () => {
    const rate = dated(['2026-01-01', '10'], ['2026-07-01', '12'], ['2026-07-01', '13'], ['2026-07-02', '14']);
    const message = 'must be after 2026-07-01, the day of the rate before';
    expect(notesOn({ rate })).toEqual([`taxRates.X.rate[2].from ${message}`]);
    expect(notesOn({ taxes: [{ name: 'A', rate }] })).toEqual([`taxRates.X.taxes[0].rate[2].from ${message}`]);
    // A day that was left out is said elsewhere, and its neighbours are compared.
    expect(
      notesOn({ rate: [{ from: '2026-02-01', rate: '1' }, { rate: '2' }, { from: '2026-01-01', rate: '3' }] }),
    ).toEqual(['taxRates.X.rate[2].from must be after 2026-02-01, the day of the rate before']);
  });

  it('is a treatment that its rate denies', () => {
    const above = 'taxRates.X.rate must be above zero: what is taxable bears tax';
    expect(notesOn({ rate: '0', treatment: 'taxable' })).toEqual([above]);
    expect(notesOn({ rate: dated(['2026-01-01', '10'], ['2026-07-01', '0']), treatment: 'taxable' })).toEqual([above]);
    expect(notesOn({ rate: '10', treatment: 'taxable' })).toEqual([]);
    const zero = 'taxRates.X.rate must be 0: what is export bears no tax';
    const abroad = { treatment: 'export', legalReason: 'abroad' };
    expect(notesOn({ rate: '10', ...abroad })).toEqual([zero]);
    expect(notesOn({ rate: dated(['2026-01-01', '0'], ['2026-07-01', '10']), ...abroad })).toEqual([zero]);
    expect(notesOn({ rate: '0', ...abroad })).toEqual([]);
    expect(notesOn({ rate: '0', treatment: 'export' })).toEqual([
      'taxRates.X.legalReason is missing: what is export states its legal reason',
    ]);
    expect(notesOn({ rate: '0' })).toEqual([]);
  });

  it('is several taxes of what bears none', () => {
    const taxes = [{ name: 'A', rate: '5' }];
    expect(notesOn({ taxes, treatment: 'export' })).toEqual([
      'taxRates.X.taxes must be left out: what is export bears no tax; state its rate as 0',
    ]);
    expect(notesOn({ taxes, treatment: 'taxable' })).toEqual([]);
  });

  it('is taxes of more than all of the net, on the first day of it', () => {
    const message = 'taxRates.X.taxes must come to at most 100 percent together: they are';
    const taxes = (...rates: readonly StatedTaxRate[]) => ({
      taxes: rates.map((rate, index) => ({ name: `T${index}`, rate })),
    });
    expect(notesOn(taxes('60', '40'))).toEqual([]);
    expect(notesOn(taxes('60', '40.01'))).toEqual([`${message} 100.01`]);
    const later = dated(['2026-01-01', '40'], ['2026-07-01', '41'], ['2026-08-01', '42']);
    expect(notesOn(taxes('60', later))).toEqual([`${message} 101 on 2026-07-01`]);
    // Of two lists, on each day the rates of that day: 60 + 40, then 10 + 40, then 10 + 90.
    const one = dated(['2026-01-01', '60'], ['2026-03-01', '10']);
    const other = dated(['2026-01-01', '40'], ['2026-04-01', '90']);
    expect(notesOn(taxes(one, other))).toEqual([]);
    // Above on 1 July by the second list, and on 1 August by the first: 60 + 50 come first.
    const august = dated(['2026-01-01', '60'], ['2026-08-01', '70']);
    const july = dated(['2026-01-01', '40'], ['2026-07-01', '50']);
    expect(notesOn(taxes(august, july))).toEqual([`${message} 110 on 2026-07-01`]);
  });

  it('is two taxes of one name, whatever the case', () => {
    const taxes = [
      { name: 'GST', rate: '5' },
      { name: ' gst', rate: '7' },
    ];
    expect(notesOn({ taxes })).toEqual(['taxRates.X.taxes[1].name  gst stands in the list already']);
  });

  it('says nothing of what was left out of a list, which is said elsewhere', () => {
    expect(notesOn({ taxes: [{ name: 'A' }, { rate: '5' }, { name: 'B', rate: [undefined] }] })).toEqual([]);
    expect(notesOn({ taxes: [undefined, { name: 'A', rate: '5' }, { name: 'a', rate: '5' }] })).toEqual([
      'taxRates.X.taxes[2].name a stands in the list already',
    ]);
  });
});
