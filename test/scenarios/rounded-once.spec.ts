import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Msp } from './msp.js';

describe('a ticket with a minimum, and a new version in the middle of the month', () => {
  let msp: Msp;
  beforeEach(async () => {
    msp = await Msp.opens('2026-03-12');
  });
  afterEach(() => msp.closes());

  it('has the minimum once, shared by minutes; what is invoiced of it stays, and what follows pays no second (K4)', async () => {
    const hourly = { minimum: 60, increment: 1, scope: 'ticket' } as const;
    await msp.signs('bluegum', { ...hourly, hourly: '150.00' });
    await msp.renegotiates('bluegum', { ...hourly, hourly: '165.00', from: '2026-03-10' });
    const ticket = await msp.ticket('T1', 'bluegum');
    await ticket.time('W1', 10, '2026-03-09');
    await ticket.time('W2', 20, '2026-03-11');
    expect(await msp.items('bluegum', '2026-03')).toEqual([
      'W1 billable 0.333333 h 50.00 AUD',
      'W2 billable 0.666667 h 110.00 AUD',
    ]);
    expect(await msp.bills('I1', 'bluegum', '2026-03')).toContain('160.00 + 16.00 = 176.00 AUD');
    await ticket.time('W3', 30, '2026-03-12');
    await ticket.time('W4', 15, '2026-03-12');
    expect(await msp.items('bluegum', '2026-03')).toEqual([
      'W1 invoiced 0.333333 h 50.00 AUD',
      'W2 invoiced 0.666667 h 110.00 AUD',
      'W3 billable 0.166667 h 27.50 AUD',
      'W4 billable 0.083333 h 13.75 AUD',
    ]);
  });
});
