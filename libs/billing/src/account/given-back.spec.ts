import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import type { BillingConfiguration } from '../events.js';
import type { ChargeItem } from '../item/charge-item.js';
import { Account, again, fee, forgo, owed, raisedBefore } from '../testing/billed.js';

describe('tax that is given back of an invoice (L5)', () => {
  // 3 x 33.35 = 100.05, of which 10 % is 10.005, so 10.01; by thirds 3.335, so 3.34, 6.67 and 10.01.
  const [a, b, c] = ['a', 'b', 'c'].map((id) => fee(id, '33.35')) as [ChargeItem, ChargeItem, ChargeItem];
  const [owedA, owedB, owedC] = [a, b, c].map((one) => owed(one, '-33.35')) as [ChargeItem, ChargeItem, ChargeItem];

  it('comes to what was asked by three notes of no invoice, never to a cent more', () => {
    const one = new Account();
    expect(one.bills('I1', [a, b, c])).toBe('accepted');
    for (const charge of [owedA, owedB, owedC]) expect(one.gives(charge)).toBe('accepted');
    expect(one.told()).toEqual(['100.05 at 10: 10.01', '33.35 at 10: 3.34', '33.35 at 10: 3.33', '33.35 at 10: 3.34']);
  });

  it('comes to it by one note of each carrier: of the invoice, of none, and a line of a later invoice', () => {
    const one = new Account();
    one.bills('I1', [a, b, c]);
    expect(one.settles('I1', owedA)).toBe('accepted');
    expect(one.gives(owedB)).toBe('accepted');
    // 200.00 - 33.35 = 166.65, of which 10 % is 16.665, so 16.67: 3.34 go back, 20.01 are asked for the rest.
    expect(one.bills('I2', [fee('new', '200.00'), owedC])).toBe('accepted');
    expect(one.told()).toEqual([
      '100.05 at 10: 10.01',
      '33.35 at 10: 3.34',
      '33.35 at 10: 3.33',
      '166.65 at 10: 16.67',
    ]);
    expect(one.stated()).toEqual(['-33.35: -3.34 of I1', '-33.35: -3.33 of I1', '-33.35: -3.34 of I1']);
  });

  it('comes to it in the other order too: a later invoice, then a note of the invoice for what is left', () => {
    const one = new Account();
    one.bills('I1', [a, b, c]);
    one.bills('I2', [fee('new', '200.00'), owedA]);
    expect(one.gives(owedB)).toBe('accepted');
    expect(one.credits('I1', [again(a)])).toBe('ItemAdjusted');
    expect(one.credits('I1', [again(b)])).toBe('ItemAdjusted');
    expect(one.credits('I1', [again(c)])).toBe('accepted');
    expect(one.told().slice(2)).toEqual(['33.35 at 10: 3.33', '33.35 at 10: 3.34']);
  });

  it('a credit that was taken back counts no more: it goes back again with the line that carries it', () => {
    const one = new Account();
    one.bills('I1', [a, b, c]);
    one.bills('I2', [fee('new', '200.00'), owedA]);
    expect(one.credits('I2', [again(owedA), again(fee('new', '200.00'))])).toBe('accepted');
    expect(one.told().at(-1)).toBe('166.65 at 10: 16.67');
    for (const charge of [owedA, owedB, owedC]) expect(one.gives(charge)).toBe('accepted');
    expect(one.told().slice(3)).toEqual(['33.35 at 10: 3.34', '33.35 at 10: 3.33', '33.35 at 10: 3.34']);
  });

  it('and the line that it was of is credited whole again', () => {
    const one = new Account();
    one.bills('I1', [a, b, c]);
    one.bills('I2', [fee('new', '200.00'), owedA]);
    expect(one.credits('I1', [again(a)])).toBe('ItemAdjusted');
    one.credits('I2', [again(owedA), again(fee('new', '200.00'))]);
    expect(one.credits('I1', [again(a)])).toBe('accepted');
    expect(one.told().at(-1)).toBe('33.35 at 10: 3.34');
  });

  it('is that of each document where several carry what is given back, at the rate of each', () => {
    const one = new Account();
    one.bills('I1', [a]);
    one.rules = { taxRates: { GST: '20' } };
    one.bills('I2', [raisedBefore(a, '20.00')]);
    // 53.35 in all: 33.35 at 10 % (3.34), 20.00 at 20 % (4.00).
    expect(one.gives(owed(a, '-53.35', ['I1', 'I2'], 2))).toBe('accepted');
    expect(one.told().slice(1)).toEqual(['20.00 at 20: 4.00', '33.35 at 10: 3.34, 20.00 at 20: 4.00']);
  });

  const monthly = fee('support', '3100.00');
  const pinned: readonly (readonly [string, Partial<BillingConfiguration>, string, string])[] = [
    [
      'f1: 341.00 - the raise was asked at 15 %',
      { taxRates: { GST: '15' } },
      '-3410.00',
      '3100.00 at 10: 310.00, 310.00 at 15: 46.50',
    ],
    [
      'f5: the raise was asked at 0 %',
      { taxRates: { GST: '0' } },
      '-3410.00',
      '310.00 at 0: 0.00, 3100.00 at 10: 310.00',
    ],
  ];
  it.each(pinned)('%s', (_name, rules, amount, told) => {
    const one = new Account();
    one.bills('I1', [monthly]);
    one.rules = rules;
    one.bills('I2', [raisedBefore(monthly, '310.00')]);
    expect(one.gives(owed(monthly, amount, ['I1', 'I2'], 2))).toBe('accepted');
    expect(one.told().at(-1)).toBe(told);
  });

  it('is first of what was asked last (f1b): of a fee at 10 %, raised by 310.00 at 15 %, 310.00 are the raise, 46.50', () => {
    const one = new Account();
    one.bills('I1', [monthly]);
    one.rules = { taxRates: { GST: '15' } };
    one.bills('I2', [raisedBefore(monthly, '310.00')]);
    expect(one.gives(owed(monthly, '-310.00', ['I1', 'I2'], 2))).toBe('accepted');
    expect(one.told().at(-1)).toBe('310.00 at 15: 46.50');
  });

  it('x3: of work that was invoiced at 10 %, and more of it at 15 %, the void has both: 10.00 and 15.00', () => {
    const [work, more] = [fee('work', '100.00'), '100.00'];
    const one = new Account();
    one.bills('I1', [work]);
    one.rules = { taxRates: { GST: '15' } };
    one.bills('I2', [raisedBefore(work, more)]);
    expect(one.gives(owed(work, '-200.00', ['I1', 'I2'], 2))).toBe('accepted');
    expect(one.told().at(-1)).toBe('100.00 at 10: 10.00, 100.00 at 15: 15.00');
  });

  it('of an invoice that carries a credit itself is that of its own lines, not what it was reduced to', () => {
    const one = new Account();
    one.bills('I1', [a, b, c]);
    const extra = fee('new', '20.00');
    one.bills('I2', [extra, fee('more', '50.00'), owedA]);
    // 20.00 and 50.00 were asked for; all of it is owed now, at the rate of then, though I2 comes to 36.65.
    one.rules = { taxRates: { GST: '20' } };
    expect(one.gives(owed(extra, '-20.00', ['I2']), owed(fee('more', '50.00'), '-50.00', ['I2']))).toBe('accepted');
    expect(one.told().at(-1)).toBe('70.00 at 10: 7.00');
  });

  it('of such an invoice is no more than it asked for them', () => {
    const one = new Account();
    one.bills('I1', [a, b, c]);
    expect(one.gives(owedA)).toBe('accepted');
    const extra = fee('new', '100.05');
    // 66.70 have 6.67 of tax, of which -3.33 are of I1: 10.00 for the 100.05, which alone had 10.01.
    expect(one.bills('I2', [extra, owedB])).toBe('accepted');
    expect(one.gives(owed(extra, '-100.05', ['I2']))).toBe('accepted');
    expect(one.told().slice(2)).toEqual(['66.70 at 10: 6.67', '100.05 at 10: 10.00']);
  });

  it('is at the rate of today where no invoice has any more to give back', () => {
    const one = new Account();
    one.bills('I1', [a]);
    one.rules = { taxRates: { GST: '20' } };
    // Of 40.00 the invoice asked for 33.35: a note of no invoice can't give more, a later invoice lowers what it asks for itself.
    expect(one.gives(owed(a, '-40.00'))).toBe('CreditAboveInvoice');
    expect(one.bills('I2', [fee('new', '100.00'), owed(a, '-40.00')])).toBe('accepted');
    expect(one.told().at(-1)).toBe('-33.35 at 10: -3.34, 93.35 at 20: 18.67');
  });

  it('of a discount that grows is that of its invoice', () => {
    const off = fee('off', '-10.00', { kind: 'discount' });
    const one = new Account();
    one.bills('I1', [a, off]);
    one.rules = { taxRates: { GST: '20' } };
    expect(one.gives(owed(off, '-5.00'))).toBe('accepted');
    expect(one.told().at(-1)).toBe('5.00 at 10: 0.50');
  });

  it.each([
    ['JPY', '335', ['1005 at 10: 101', '335 at 10: 34', '335 at 10: 33', '335 at 10: 34']],
    ['KWD', '3.335', ['10.005 at 10: 1.001', '3.335 at 10: 0.334', '3.335 at 10: 0.333', '3.335 at 10: 0.334']],
  ])('is rounded to the units of %s', (currency, amount, told) => {
    const one = new Account();
    const fees = ['a', 'b', 'c'].map((id) => fee(id, amount, {}, currency));
    one.bills('I1', fees);
    for (const each of fees) expect(one.gives(owed(each, `-${amount}`))).toBe('accepted');
    expect(one.told()).toEqual(told);
  });

  it('of an invoice that rounds by line is that of each line', () => {
    const one = new Account({ taxRounding: 'line' });
    // 3.335 of each, so 3.34; 10.00 of one are 1.00, and the rest 2.34.
    one.bills('I1', [a, b, c]);
    expect(one.gives(owed(a, '-10.00'), owedB)).toBe('accepted');
    expect(one.credits('I1', [forgo(a, '23.35')])).toBe('accepted');
    expect(one.told()).toEqual(['100.05 at 10: 10.02', '43.35 at 10: 4.34', '23.35 at 10: 2.34']);
  });

  it('of such an invoice, carried by a line of another that is taken back, is what that line had', () => {
    const one = new Account({ taxRounding: 'line' });
    one.bills('I1', [a]);
    one.gives(owed(a, '-0.04'));
    // 0.05 back have 0.01 of tax (0.005), 0.04 have none: the last 0.01 has it all.
    const [extra, last] = [fee('new', '200.00'), owed(a, '-0.01', ['I1'], 2)];
    one.bills('I2', [extra, last]);
    expect(one.credits('I2', [again(extra), again(last)])).toBe('accepted');
    expect(one.told().slice(1)).toEqual(['0.04 at 10: 0.00', '199.99 at 10: 19.99', '199.99 at 10: 19.99']);
  });
});

describe('goodwill on an invoice that gives money of an earlier one back', () => {
  const way = fee('way-1', '120.00');
  const FREE = { taxRates: { GST: '10', FREE: '0' } };
  const support = fee('support', '100.00');
  /** It is asked for anew in another category: 100.00 of GST go back, `amount` is FREE. */
  const moved = (amount: string): ChargeItem => ({
    ...owed(support, amount, [], 2),
    quantity: '1',
    taxCategory: 'FREE',
  });

  it('of a visit that another engineer made, on an invoice of 0.00: 30.00 + 3.00, then the 90.00 + 9.00 that are left', () => {
    const one = new Account();
    one.bills('I1', [way]);
    const other = fee('way-2', '120.00');
    expect(one.bills('I2', [owed(way, '-120.00'), other])).toBe('accepted');
    expect(one.told().at(-1)).toBe('0.00 at 10: 0.00');
    expect(one.credits('I2', [forgo(other, '30.00')])).toBe('accepted');
    expect(one.told().at(-1)).toBe('30.00 at 10: 3.00');
    expect(one.credits('I2', [forgo(other, '90.01')])).toBe('CreditAboveItem');
    expect(one.credits('I2', [forgo(other, '90.00')])).toBe('accepted');
    expect(one.told().at(-1)).toBe('90.00 at 10: 9.00');
    expect(one.credits('I1', [forgo(way, '0.01')])).toBe('CreditAboveItem');
  });

  it('of a charge that moved to another tax category, beside work: 40.00 of FREE, then the 60.00 that are left', () => {
    const one = new Account(FREE);
    one.bills('I1', [support]);
    expect(one.bills('I2', [owed(support, '-100.00'), moved('100.00'), fee('work', '500.00')])).toBe('accepted');
    expect(one.credits('I2', [forgo(moved('100.00'), '40.00')])).toBe('accepted');
    expect(one.told().at(-1)).toBe('40.00 at 0: 0.00');
    expect(one.credits('I2', [forgo(moved('100.00'), '60.01')])).toBe('CreditAboveItem');
    expect(one.credits('I2', [{ itemId: moved('100.00').chargeItemId, outcome: 'written-off' }])).toBe('accepted');
    expect(one.told().at(-1)).toBe('60.00 at 0: 0.00');
  });

  it('of one that moved the other way, alone on an invoice of 0.00 and 10.00 of tax: all of it, 100.00 + 10.00', () => {
    const one = new Account(FREE);
    const free: ChargeItem = { ...support, taxCategory: 'FREE' };
    const taxed: ChargeItem = { ...moved('100.00'), taxCategory: 'GST' };
    one.bills('I1', [free]);
    expect(one.bills('I2', [owed(free, '-100.00'), taxed])).toBe('accepted');
    expect(one.credits('I2', [forgo(taxed, '100.00')])).toBe('accepted');
    expect(one.told().at(-1)).toBe('100.00 at 10: 10.00');
  });

  it('of one that became dearer there, on an invoice with -10.00 of tax: 40.00 and no tax', () => {
    const one = new Account(FREE);
    one.bills('I1', [support]);
    expect(one.bills('I2', [owed(support, '-100.00'), moved('160.00')])).toBe('accepted');
    expect(one.credits('I2', [forgo(moved('160.00'), '40.00')])).toBe('accepted');
    expect(one.told().at(-1)).toBe('40.00 at 0: 0.00');
  });

  it('is refused for what gave the money back; both together go back as they were: 60.00 less 10.00 of tax', () => {
    const one = new Account(FREE);
    one.bills('I1', [support]);
    const back = owed(support, '-100.00');
    one.bills('I2', [back, moved('160.00')]);
    expect(one.credits('I2', [again(back)])).toBe('CreditNegative');
    expect(one.credits('I2', [again(back), again(moved('160.00'))])).toBe('accepted');
    expect(one.told().at(-1)).toBe('160.00 at 0: 0.00, -100.00 at 10: -10.00');
  });
});

describe('a document that gives money of an invoice back', () => {
  it('is not dated before it: a note of none, and a later invoice', () => {
    const one = new Account();
    const a = fee('a', '33.35');
    one.bills('I1', [a]);
    const before = '2026-03-31';
    expect(one.givesOn(before, [owed(a, '-3.00')])).toBe('IssueDateTooEarly');
    expect(one.bills('I2', [fee('b', '90.00'), owed(a, '-3.00')], before)).toBe('IssueDateTooEarly');
    expect(new Account().bills('I3', [fee('b', '90.00')], before)).toBe('accepted');
  });

  it('is approved with what it gives back: where another document gave it meanwhile, the draft is drafted anew', () => {
    const one = new Account();
    const [a, b, c] = ['a', 'b', 'c'].map((id) => fee(id, '33.35')) as [ChargeItem, ChargeItem, ChargeItem];
    one.bills('I1', [a, b, c]);
    const charges = [fee('new', '200.00'), owed(a, '-33.35')];
    expect(one.drafts('I2', charges)).toBe('accepted');
    expect(one.gives(owed(b, '-33.35'))).toBe('accepted');
    // Drafted as the first third, 3.34; now it is the second, 3.33.
    expect(one.issues('I2', charges)).toBe('TaxChanged');
    expect(one.tries({ type: 'DiscardDraft', invoiceId: 'I2', reason: 'to be drafted anew' })).toBe('accepted');
    expect(one.bills('I3', charges)).toBe('accepted');
  });
});

describe('whatever is given back in whatever parts by whatever document (L5)', () => {
  const carriers = fc.constantFrom('own note', 'note of the invoice', 'later invoice', 'written off');
  const part = fc.tuple(fc.nat(3), fc.integer({ min: 1, max: 100 }), carriers);

  it('tax and net never pass the invoice, and the whole of it comes to it', () => {
    const property = fc.property(
      fc.array(fc.integer({ min: 1, max: 5_000 }), { minLength: 1, maxLength: 4 }),
      fc.array(part, { maxLength: 10 }),
      fc.constantFrom('10', '8.25', '20'),
      fc.constantFrom('document' as const, 'line' as const),
      (nets, parts, rate, taxRounding) => {
        const money = (amount: number): string => (amount / 100).toFixed(2);
        const fees = nets.map((net, index) => fee(`f${index}`, money(net)));
        const one = new Account({ taxRates: { GST: rate }, taxRounding });
        expect(one.bills('I1', fees)).toBe('accepted');
        const left = [...nets];
        const given = nets.map(() => 0);
        const wholes = nets.map((_, index) => [index, 100, 'own note'] as const);
        for (const [nth, percent, carrier] of [...parts, ...wholes]) {
          const which = nth % nets.length;
          const [of, most] = [fees[which], left[which]];
          const amount = Math.ceil(((most ?? 0) * percent) / 100);
          if (of === undefined || most === undefined || amount === 0) continue;
          const number = (given[which] ?? 0) + 1;
          [given[which], left[which]] = [number, most - amount];
          const less = owed(of, `-${money(amount)}`, ['I1'], number);
          const answers = {
            'own note': () => one.gives(less),
            'note of the invoice': () => one.settles('I1', less),
            'later invoice': () => one.bills(`I${which}-${number}`, [fee(`n${which}-${number}`, '77.77'), less]),
            'written off': () => one.credits('I1', [forgo(of, money(amount))]),
          };
          expect(answers[carrier]()).toBe('accepted');
          expect(one.givenBack('I1').tax).toBeLessThanOrEqual(one.askedBy('I1').tax);
        }
        expect(one.givenBack('I1')).toEqual(one.askedBy('I1'));
      },
    );
    fc.assert(property, { numRuns: 150 });
  });
});

describe('a credit that is settled on an invoice with several tax totals of its category', () => {
  const rates = [
    { from: '2020-01-01', rate: '10' },
    { from: '2026-03-15', rate: '20' },
  ];
  const bySupply = { taxRates: { GST: { rate: rates } }, taxDate: 'supply' } as const;
  const early = fee('early', '100.00', { from: '2026-03-01' });
  const late = fee('late', '200.00', { from: '2026-03-15' });

  it('takes the rate of the line that it adjusts, on a note of the invoice and of none', () => {
    const less = owed(late, '-50.00');
    for (const gives of [(one: Account) => one.settles('I1', less), (one: Account) => one.gives(less)]) {
      const one = new Account(bySupply);
      one.bills('I1', [early, late]);
      expect(gives(one)).toBe('accepted');
      expect(one.told()).toEqual(['100.00 at 10: 10.00, 200.00 at 20: 40.00', '50.00 at 20: 10.00']);
    }
  });

  it('and is refused where it adjusts none: the invoice does not say how it is taxed', () => {
    const one = new Account(bySupply);
    one.bills('I1', [early, late]);
    const breach = fee('breach', '-10.00', { kind: 'service-credit', from: '2026-03-20' });
    expect(one.settles('I1', breach)).toBe('TaxTotalAmbiguous');
    expect(one.gives(breach)).toBe('accepted');
    expect(one.told().at(-1)).toBe('10.00 at 20: 2.00');
  });

  it('that differ in treatment and legal reason only is of its own: 90.00 of an export beside 10.00 that are free', () => {
    const one = new Account({ taxRates: { GST: { rate: '0', treatment: 'gst-free', legalReason: 'a' } } });
    const [free, abroad] = [fee('free', '10.00'), fee('abroad', '90.00')];
    one.bills('I1', [free, abroad]);
    one.taxes('I1', abroad, { treatment: 'export', reason: 'b' });
    expect(one.told()).toEqual(['10.00 at 0: 0.00, 90.00 at 0: 0.00']);
    expect(one.credits('I1', [again(abroad)])).toBe('accepted');
    expect(one.told().at(-1)).toBe('90.00 at 0: 0.00');
    expect(one.credits('I1', [forgo(free, '10.00')])).toBe('accepted');
  });

  it('or in treatment and legal reason only: each has a total of its own', () => {
    const taxRates = (treatment: 'gst-free' | 'export', legalReason: string) =>
      ({ taxRates: { GST: { rate: '0', treatment, legalReason } } }) as const;
    const one = new Account(taxRates('gst-free', 'a'));
    one.bills('I1', [fee('a', '10.00')]);
    one.rules = taxRates('export', 'b');
    // What is given back is free for "a"; the 90.00 are an export.
    const abroad = fee('abroad', '90.00');
    one.bills('I2', [abroad, owed(fee('a', '10.00'), '-10.00')]);
    expect(one.told().at(-1)).toBe('90.00 at 0: 0.00, -10.00 at 0: 0.00');
    expect(one.credits('I2', [forgo(abroad, '90.01')])).toBe('CreditAboveItem');
    expect(one.credits('I2', [forgo(abroad, '90.00')])).toBe('accepted');
    expect(one.told().at(-1)).toBe('90.00 at 0: 0.00');
  });
});
