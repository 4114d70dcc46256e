import { describe, expect, it } from '@jest/globals';
import type { RateCard } from '@billtrail/contracts';
import { rateExplained as rate } from '../../rate.js';
import { expense, contractFacts, facts, material, only, terms } from '../../testing/facts.js';
import { asInvoiced } from '../../testing/facts.js';
import { aud } from '../../testing/items.js';

type Work = Parameters<typeof facts>[0][number];

/** The item of one piece of goods under a card. */
function itemOf(work: Work, card: Partial<RateCard> = {}) {
  return only(rate(facts([work], { contracts: [contractFacts({ terms: terms(card) })] })).items);
}

/** `1 x 33.00 = 33.00, cost 30.00`. */
function told(work: Work, card: Partial<RateCard> = {}): string {
  const { quantity, unitPrice, net, cost } = itemOf(work, card);
  return `${quantity} x ${unitPrice?.amount} = ${net?.amount}, cost ${cost?.amount}`;
}

describe('what is laid on a cost is laid on the net (K24)', () => {
  const parking = { cost: aud('33.00'), taxIncluded: aud('3.00') };

  it('a parking receipt of 33.00 with 3.00 of GST, cost + 10 %: 33.00', () => {
    expect(told(expense(parking))).toBe('1 x 33.00 = 33.00, cost 30.00');
    expect(itemOf(expense(parking)).trace.find(({ step }) => step === 'rate')).toMatchObject({
      text: '33.00 AUD: cost 33.00 AUD less 3.00 of tax that is claimed back, 30.00 AUD, with 10 % markup, rate card Standard (card-1)',
      facts: { cost: '33.00', taxIncluded: '3.00', netCost: '30.00', markupPercent: '10' },
    });
  });

  it('a cost that states no tax is net', () => {
    expect(told(expense({ cost: aud('33.00') }))).toBe('1 x 36.30 = 36.30, cost 33.00');
  });

  it('a material at cost, bought gross', () => {
    const cable = material({ quantity: '2', unitCost: aud('11.00'), taxIncluded: aud('1.00') });
    expect(told(cable, { materials: { pricing: 'cost-plus', markupPercent: '25' } })).toBe(
      '2 x 12.50 = 25.00, cost 20.00',
    );
  });

  it('a margin is a share of the price, a mark-up of the cost', () => {
    const bought = expense({ cost: aud('110.00'), taxIncluded: aud('10.00') });
    expect(told(bought, { expenses: { markupPercent: '20' } })).toBe('1 x 120.00 = 120.00, cost 100.00');
    expect(told(bought, { expenses: { marginPercent: '20' } })).toBe('1 x 125.00 = 125.00, cost 100.00');
    const part = material({ quantity: '1', unitCost: aud('100.00') });
    expect(told(part, { materials: { pricing: 'cost-plus', marginPercent: '33' } })).toBe(
      '1 x 149.253731 = 149.25, cost 100.00',
    );
  });
});

describe('expenses by quantity and by type (K24)', () => {
  const expenses: RateCard['expenses'] = {
    markupPercent: '10',
    types: [
      { type: 'mileage', pricePerUnit: '0.88' },
      { type: 'day', pricePerUnit: '55.00' },
      { type: 'meals', capPerUnit: '60.00' },
    ],
  };

  it('a quantity of units at their cost', () => {
    const nights = expense({ cost: aud('220.00'), taxIncluded: aud('20.00'), quantity: '3', unit: 'night' });
    expect(told(nights, { expenses })).toBe('3 x 220.00 = 660.00, cost 600.00');
    expect(itemOf(nights, { expenses }).unit).toBe('night');
  });

  it('kilometres and days at the price of the card', () => {
    const driven = { cost: aud('0.30'), quantity: '125.5', unit: 'km', expenseType: 'mileage' };
    expect(told(expense(driven), { expenses })).toBe('125.5 x 0.88 = 110.44, cost 37.65');
    const away = { cost: aud('40.00'), quantity: '2', unit: 'day', expenseType: 'day' };
    expect(told(expense(away), { expenses })).toBe('2 x 55.00 = 110.00, cost 80.00');
  });

  it('a type of which at most so much counts; what it would be without stays as its standard value', () => {
    const meals = expense({ cost: aud('88.00'), taxIncluded: aud('8.00'), quantity: '2', expenseType: 'meals' });
    expect(told(meals, { expenses })).toBe('2 x 66.00 = 132.00, cost 160.00');
    expect(itemOf(meals, { expenses }).standardValue).toEqual(aud('176.00'));
    expect(itemOf(meals, { expenses }).trace.find(({ step }) => step === 'rate')?.text).toContain(
      'of which 60.00 AUD count with 10 % markup',
    );
    const frugal = expense({ cost: aud('50.00'), expenseType: 'meals' });
    expect(told(frugal, { expenses })).toBe('1 x 55.00 = 55.00, cost 50.00');
    expect(told(expense({ cost: aud('88.00'), expenseType: 'parking' }), { expenses })).toBe(
      '1 x 96.80 = 96.80, cost 88.00',
    );
  });

  it('corrected after its invoice, the difference follows', () => {
    const contracts = [contractFacts({ terms: terms({ expenses }) })];
    const driven = { cost: aud('0.30'), quantity: '100', unit: 'km', expenseType: 'mileage' };
    const invoiced = asInvoiced(rate(facts([expense(driven)], { contracts })).items);
    const again = (changes: object) =>
      rate(facts([expense({ ...driven, ...changes })], { contracts, invoiced })).items.map(({ net }) => net?.amount);
    expect(again({})).toEqual(['88.00']);
    expect(again({ quantity: '150' })).toEqual(['88.00', '44.00']);
    const parking = { cost: aud('33.00'), taxIncluded: aud('3.00') };
    const gross = asInvoiced(rate(facts([expense(parking)], { contracts })).items);
    const net = facts([expense({ cost: aud('33.00') })], { contracts, invoiced: gross });
    expect(rate(net).items.map((item) => item.net?.amount)).toEqual(['33.00', '3.30']);
  });
});
