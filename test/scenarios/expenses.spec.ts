import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ticketCommands as tickets } from '@billtrail/application';
import { Msp } from './msp.js';
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

  it('a receipt with its tax is marked up on its net, and taxed once', async () => {
    expect(await records('X1', { cost: aud('33.00'), taxIncluded: aud('3.00') })).toBe('accepted');
    expect(await msp.bills('I1', 'bluegum', '2026-03')).toEqual([
      'INV-000001',
      'X1 1 expense 33.00',
      '33.00 + 3.30 = 36.30 AUD',
    ]);
  });

  it('kilometres are a quantity; more of them later are an adjustment', async () => {
    const driven = { cost: aud('0.80'), quantity: '100', unit: 'km', expenseType: 'mileage' };
    expect(await records('X1', driven)).toBe('accepted');
    expect((await msp.bills('I1', 'bluegum', '2026-03'))[1]).toBe('X1 100 km 88.00');
    const more = { ticketId: 'T1', expenseId: 'X1', description: 'Drive', workDate: '2026-03-02', ...driven };
    const corrected = { ...more, quantity: '150', reason: 'the way back' };
    expect(await msp.tries(tickets.CorrectExpense, corrected, { actor: PRIYA })).toBe('accepted');
    expect(await msp.items('bluegum', '2026-03')).toEqual([
      'X1 invoiced 100 km 88.00 AUD',
      'X1@a1 billable 50 km 44.00 AUD',
    ]);
    const { models } = msp.house.billtrail;
    expect(await models.reconciliation.of(await msp.house.today())).toMatchObject({ imbalances: [] });
  });

  it('tax of more than the cost, or in another currency, is refused', async () => {
    expect(await records('X1', { cost: aud('33.00'), taxIncluded: aud('33.00') })).toBe('MoneyInvalid');
    const yen = { amount: '3', currency: 'JPY' };
    expect(await records('X1', { cost: aud('33.00'), taxIncluded: yen })).toBe('MoneyInvalid');
    expect(await records('X1', { cost: aud('33.00'), quantity: '0' })).toBe('QuantityInvalid');
  });
});
