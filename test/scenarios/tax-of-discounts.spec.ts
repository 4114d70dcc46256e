import { afterEach, describe, expect, it } from '@jest/globals';
import type { ContractTerms } from '@billtrail/contracts';
import { invoiceWarnings } from '@billtrail/application';
import { Msp } from './msp.js';

let msp: Msp | null = null;
afterEach(async () => {
  await msp?.closes();
  msp = null;
});

const fee = (id: string, price: string, taxCategory: string) =>
  ({ id, name: id, basis: 'fixed', price, billed: 'in-advance', taxCategory }) as const;

function terms(amount: string): Partial<ContractTerms> {
  return {
    recurringCharges: [fee('small', '10.00', 'TEN'), fee('large', '200.00', 'TWENTY')],
    discounts: [
      { id: 'off', name: 'Loyalty', kind: 'amount', amount, includesRecurring: true, order: 'before-minimum' },
    ],
  };
}

async function billed(amount: string) {
  msp = await Msp.opens('2026-03-01', { taxRates: { GST: '10', TEN: '10', TWENTY: '20' } });
  await msp.signs('acme', { besides: terms(amount) });
  await msp.days(40);
  expect(await msp.drafts('inv-1', 'acme', '2026-03')).toBe('accepted');
  await msp.house.settle();
  const { billtrail } = msp.house;
  const warnings = (await invoiceWarnings(billtrail, 'inv-1')).map(({ code, net }) => [code, net?.amount]);
  expect(await msp.issues('inv-1', 'acme', '2026-03')).toBe('accepted');
  await msp.house.settle();
  const invoice = await billtrail.models.invoices.get('inv-1');
  const taxes = invoice?.taxTotals?.map((one) => `${one.taxCategory} ${one.net.amount} + ${one.tax.amount}`);
  return { taxes, total: invoice?.total?.amount, warnings };
}

describe('an amount off a month with two tax rates (K7)', () => {
  it('lowers each by its share, and none below zero', async () => {
    expect(await billed('35.00')).toEqual({
      taxes: ['TEN 8.33 + 0.83', 'TWENTY 166.67 + 33.33'],
      total: '209.16',
      warnings: [],
    });
  });

  it('says what is left over', async () => {
    expect(await billed('250.00')).toEqual({
      taxes: ['TEN 0.00 + 0.00', 'TWENTY 0.00 + 0.00'],
      total: '0.00',
      warnings: [['DiscountLeftOver', '40.00']],
    });
  });
});
