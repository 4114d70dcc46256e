import { describe, expect, it } from '@jest/globals';
import { Account, again, discountOf, fee, forgo, owed } from '../testing/billed.js';

describe('what is asked more of an invoiced charge', () => {
  const rules = { taxRates: { GST: '15' } } as const;
  const monthly = fee('support', '3100.00');
  const raised = { ...owed(monthly, '310.00'), quantity: '1' };

  it('is taxed as the charge was: 310.00 at 10 % are 31.00, whatever holds today; and so it goes back', () => {
    const one = new Account();
    one.bills('I1', [monthly]);
    one.rules = rules;
    expect(one.bills('I2', [raised, fee('new', '100.00')])).toBe('accepted');
    expect(one.told().at(-1)).toBe('310.00 at 10: 31.00, 100.00 at 15: 15.00');
    expect(one.gives(owed(monthly, '-3410.00', ['I1', 'I2'], 2))).toBe('accepted');
    expect(one.told().at(-1)).toBe('3410.00 at 10: 341.00');
  });

  it('is taxed as a credit note of no invoice was that gave some of it', () => {
    const one = new Account();
    expect(one.gives(owed(monthly, '-310.00', ['I9']))).toBe('accepted');
    one.rules = rules;
    const more = { ...owed(monthly, '310.00', ['C1'], 2), quantity: '1' };
    expect(one.bills('I2', [more])).toBe('accepted');
    expect(one.told().at(-1)).toBe('310.00 at 10: 31.00');
    // A fee that was never adjusted is of today.
    expect(one.bills('I3', [fee('support', '310.00', { chargeItemId: 'again' })])).toBe('accepted');
    expect(one.told().at(-1)).toBe('310.00 at 15: 46.50');
  });

  it('is taxed by the rules of today where no invoice of the account asked for it', () => {
    const one = new Account(rules);
    one.bills('I2', [raised]);
    expect(one.told()).toEqual(['310.00 at 15: 46.50']);
  });
});

describe('an amount off has the tax of what it reduces', () => {
  const rates = [
    { from: '2020-01-01', rate: '10' },
    { from: '2026-03-15', rate: '15' },
  ];
  const bySupply = { taxRates: { GST: { rate: rates } }, taxDate: 'supply' } as const;
  const early = fee('early', '10.00', { from: '2026-03-10' });
  const late = fee('late', '200.00', { from: '2026-03-20' });
  // 35.00 over 10.00 and 200.00: 1.67 and 33.33.
  const off = discountOf('-35.00', [
    { on: '2026-03-10', invoiceId: null, net: '1.67' },
    { on: '2026-03-20', invoiceId: null, net: '33.33' },
  ]);

  it('x6: 35.00 off 10.00 at 10 % and 200.00 at 15 % leave 8.33 and 166.67, tax 0.83 and 25.00', () => {
    const one = new Account(bySupply);
    expect(one.bills('I1', [early, late, off])).toBe('accepted');
    expect(one.told()).toEqual(['8.33 at 10: 0.83, 166.67 at 15: 25.00']);
  });

  it('x6, taken back whole with its lines, and one line that is written off as far as it was asked', () => {
    const one = new Account(bySupply);
    one.bills('I1', [early, late, off]);
    expect(one.credits('I1', [again(early), again(late), again(off)])).toBe('accepted');
    expect(one.told().at(-1)).toBe('8.33 at 10: 0.83, 166.67 at 15: 25.00');
    const other = new Account(bySupply);
    other.bills('I1', [early, late, off]);
    expect(other.credits('I1', [forgo(late, '166.67')])).toBe('accepted');
    expect(other.told().at(-1)).toBe('166.67 at 15: 25.00');
  });

  it('x6, given up after the invoice, or growing: the shares that it has there', () => {
    const one = new Account(bySupply);
    one.bills('I1', [early, late, off]);
    // 35.00 more: 1.67 at 10 % and 33.33 at 15 %.
    expect(one.bills('I2', [{ ...owed(off, '35.00'), quantity: '1' }])).toBe('accepted');
    expect(one.told().at(-1)).toBe('1.67 at 10: 0.17, 33.33 at 15: 5.00');
    const other = new Account(bySupply);
    other.bills('I1', [early, late, off]);
    expect(other.gives(owed(off, '-21.00'))).toBe('accepted');
    // 21.00 as 1.67 to 33.33: 1.00 and 20.00.
    expect(other.told().at(-1)).toBe('1.00 at 10: 0.10, 20.00 at 15: 3.00');
  });

  it('x1: 61.00 off 100.00 at 10 %, 200.00 at 15 % and a fee of 310.00 at 10 %: 279 + 90 at 10 %, 180 at 15 %, tax 63.90', () => {
    const one = new Account(bySupply);
    const lines = [
      fee('w1', '100.00', { from: '2026-03-10' }),
      fee('w2', '200.00', { from: '2026-03-20' }),
      fee('f', '310.00'),
      discountOf('-61.00', [
        { on: '2026-03-01', invoiceId: null, net: '31.00' },
        { on: '2026-03-10', invoiceId: null, net: '10.00' },
        { on: '2026-03-20', invoiceId: null, net: '20.00' },
      ]),
    ];
    expect(one.bills('I1', lines)).toBe('accepted');
    expect(one.told()).toEqual(['369.00 at 10: 36.90, 180.00 at 15: 27.00']);
    expect(one.stated().slice(-2)).toEqual(['-41.00: -4.10', '-20.00: -3.00']);
  });

  it('lv6: of a fee that was invoiced at 10 %, 310.00 off are 31.00, though today has 15 %', () => {
    const one = new Account();
    one.bills('I1', [fee('f', '3100.00')]);
    one.rules = { taxRates: { GST: '15' } };
    expect(one.gives(discountOf('-310.00', [{ on: '2026-03-01', invoiceId: 'I1', net: '310.00' }]))).toBe('accepted');
    expect(one.told().at(-1)).toBe('310.00 at 10: 31.00');
  });

  it('that was frozen before it said what it reduces has the tax of its own first day', () => {
    const one = new Account(bySupply);
    const { reduces: _reduces, ...basis } = off.basis;
    expect(one.bills('I1', [early, late, { ...off, basis }])).toBe('accepted');
    expect(one.told()).toEqual(['-25.00 at 10: -2.50, 200.00 at 15: 30.00']);
  });
});
