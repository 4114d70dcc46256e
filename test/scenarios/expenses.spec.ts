import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ticketCommands as tickets } from '@billtrail/application';
import type { ContractTerms } from '@billtrail/contracts';
import { Msp, versionOf } from './msp.js';
import { PRIYA } from './people.js';

const aud = (amount: string) => ({ amount, currency: 'AUD' });

describe('expenses (K24)', () => {
  let msp: Msp;
  beforeEach(async () => {
    msp = await Msp.opens('2026-03-02');
    await msp.signs('bluegum');
    await msp.ticket('T1', 'bluegum');
  });
  afterEach(() => msp.closes());

  const records = (expenseId: string, facts: object) =>
    msp.tries(
      tickets.RecordExpense,
      { ticketId: 'T1', expenseId, description: 'Parking', workDate: '2026-03-02', ...facts },
      { actor: PRIYA },
    );
  const approves = (expenseId: string) => msp.approves('expense', 'T1', expenseId);

  it('a receipt with its tax is marked up on its net, and taxed once', async () => {
    expect(await records('X1', { cost: aud('33.00'), taxIncluded: aud('3.00') })).toBe('accepted');
    await approves('X1');
    expect(await msp.bills('I1', 'bluegum', '2026-03')).toEqual([
      'INV-000001',
      'X1 1 expense 33.00',
      '33.00 + 3.30 = 36.30 AUD',
    ]);
  });

  it('kilometres are a quantity; more of them later are an adjustment', async () => {
    const driven = { cost: aud('0.80'), quantity: '100', unit: 'km', expenseType: 'mileage' };
    expect(await records('X1', driven)).toBe('accepted');
    await approves('X1');
    expect((await msp.bills('I1', 'bluegum', '2026-03'))[1]).toBe('X1 100 km 88.00');
    const more = { ticketId: 'T1', expenseId: 'X1', description: 'Drive', workDate: '2026-03-02', ...driven };
    const corrected = { ...more, quantity: '150', reason: 'the way back' };
    expect(await msp.tries(tickets.CorrectExpense, corrected, { actor: PRIYA })).toBe('accepted');
    await approves('X1');
    expect(await msp.items('bluegum', '2026-03')).toEqual([
      'X1 invoiced 100 km 88.00 AUD',
      'X1@a1 billable 50 km 44.00 AUD',
    ]);
    const { models } = msp.house.billtrail;
    expect(await models.reconciliation.of(await msp.house.today())).toMatchObject({ imbalances: [] });
  });

  it('of a type that the card prices by the unit says how many; a receipt is one', async () => {
    const plain = (versionOf({}) as { terms: ContractTerms }).terms;
    const types = [
      { type: 'mileage', pricePerUnit: '0.88' },
      { type: 'meals', capPerUnit: '60.00' },
    ];
    const rateCard = { ...plain.rateCard, expenses: { markupPercent: '0', types } };
    await msp.renegotiates('bluegum', { besides: { rateCard } });
    expect(await records('X1', { cost: aud('40.00'), expenseType: 'mileage' })).toBe('QuantityMissing');
    expect(await records('X1', { cost: aud('40.00'), unit: 'km' })).toBe('QuantityMissing');
    expect(await records('X1', { cost: aud('40.00'), expenseType: 'mileage', quantity: '1' })).toBe('accepted');
    expect(await records('X2', { cost: aud('75.00'), expenseType: 'meals' })).toBe('accepted');
    const corrected = { ticketId: 'T1', expenseId: 'X1', description: 'Drive', workDate: '2026-03-02', reason: 'x' };
    const without = { ...corrected, cost: aud('40.00'), expenseType: 'mileage' };
    expect(await msp.tries(tickets.CorrectExpense, without, { actor: PRIYA })).toBe('QuantityMissing');
    expect(await msp.tries(tickets.CorrectExpense, { ...without, quantity: '120' }, { actor: PRIYA })).toBe('accepted');
    // 120 x 0.88 = 105.60; of 75.00 the 60.00 count.
    expect(await msp.items('bluegum', '2026-03')).toEqual([
      'X1 billable 120 expense 105.60 AUD',
      'X2 billable 1 expense 60.00 AUD',
    ]);
    // Two receipts of a day, and one of another month, are limited each by itself.
    expect(await records('X3', { cost: aud('80.00'), expenseType: 'meals' })).toBe('accepted');
    expect(await msp.items('bluegum', '2026-03')).toContain('X3 billable 1 expense 60.00 AUD');
    for (const id of ['X1', 'X2', 'X3']) await approves(id);
    expect(await msp.bills('I1', 'bluegum', '2026-03')).toContain('225.60 + 22.56 = 248.16 AUD');
    const cheaper = { ...corrected, expenseId: 'X2', cost: aud('45.00'), expenseType: 'meals' };
    await msp.send(tickets.CorrectExpense, cheaper, { actor: PRIYA });
    await approves('X2');
    expect(await msp.items('bluegum', '2026-03')).toContain('X2@a1 billable 0 expense -15.00 AUD');
    const dearer = { ...cheaper, cost: aud('500.00') };
    expect(await msp.tries(tickets.CorrectExpense, dearer, { actor: PRIYA })).toBe('accepted');
    await approves('X2');
    expect((await msp.items('bluegum', '2026-03')).filter((item) => item.startsWith('X2'))).toEqual([
      'X2 invoiced 1 expense 60.00 AUD',
    ]);
  });

  it('tax of more than the cost, or in another currency, is refused', async () => {
    expect(await records('X1', { cost: aud('33.00'), taxIncluded: aud('33.00') })).toBe('MoneyInvalid');
    const yen = { amount: '3', currency: 'JPY' };
    expect(await records('X1', { cost: aud('33.00'), taxIncluded: yen })).toBe('MoneyInvalid');
    expect(await records('X1', { cost: aud('33.00'), quantity: '0' })).toBe('QuantityInvalid');
    expect(await records('X1', { cost: aud('33.005') })).toBe('MoneyInvalid');
    expect(await records('X1', { cost: aud('33.00'), taxIncluded: aud('3.001') })).toBe('MoneyInvalid');
    expect(await records('X1', { cost: aud('0.805'), quantity: '10', unit: 'km' })).toBe('accepted');
  });
});
