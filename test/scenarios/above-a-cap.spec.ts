import { ticketCommands as tickets } from '@billtrail/application';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Msp } from './msp.js';
import { ANNA, BEA, PRIYA } from './people.js';
import type { TicketStory } from './ticket-story.js';

describe('work above a cap that is written off', () => {
  const MARCH = ['bluegum', '2026-03'] as const;
  let msp: Msp;
  let ticket: TicketStory;
  beforeEach(async () => {
    msp = await Msp.opens('2026-03-02');
    const caps = [{ id: 'cap', name: 'Cap', scope: 'ticket' as const, amount: '400.00', above: 'gap' as const }];
    await msp.signs('bluegum', { besides: { caps } });
    ticket = await msp.ticket('T1', 'bluegum');
  });
  afterEach(() => msp.closes());

  it('leaves what the cap lets through of a correction to be billed (N1)', async () => {
    await ticket.time('W1', 60, '2026-03-02');
    await msp.bills('I1', ...MARCH);
    await ticket.corrects('W1', 300, '2026-03-02');
    expect(await msp.items(...MARCH)).toEqual([
      'W1 invoiced 1 h 150.00 AUD',
      'W1@a1 billable 1.666667 h 250.00 AUD',
      'W1@x1 unpriced 2.333333 h without a price',
    ]);
    expect(await msp.writesOff('W1@x1', ...MARCH, ANNA, BEA)).toBe('accepted');
    expect(await msp.items(...MARCH)).toEqual([
      'W1 invoiced 1 h 150.00 AUD',
      'W1@a2 billable 1.666667 h 250.00 AUD',
      'W1@x1 written-off 2.333333 h without a price',
    ]);
    await msp.bills('I2', ...MARCH);
    await ticket.corrects('W1', 240, '2026-03-02');
    expect(await msp.items(...MARCH)).toEqual([
      'W1 invoiced 1 h 150.00 AUD',
      'W1@a2 invoiced 1.666667 h 250.00 AUD',
      'W1@a3 written-off -1 h -150.00 AUD',
      'W1@x1 written-off 2.333333 h without a price',
    ]);
  });

  it('and what is billed first leaves the rest above the cap', async () => {
    await ticket.time('W1', 60, '2026-03-02');
    await msp.bills('I1', ...MARCH);
    await ticket.corrects('W1', 300, '2026-03-02');
    await msp.bills('I2', ...MARCH);
    expect(await msp.writesOff('W1@x2', ...MARCH, ANNA, BEA)).toBe('accepted');
    expect(await msp.items(...MARCH)).toEqual([
      'W1 invoiced 1 h 150.00 AUD',
      'W1@a1 invoiced 1.666667 h 250.00 AUD',
      'W1@x2 written-off 2.333333 h without a price',
    ]);
  });

  it('of work that met the cap at once, and is corrected: the cap lets its part through, the rest is above', async () => {
    await ticket.time('W1', 300, '2026-03-02');
    expect(await msp.items(...MARCH)).toEqual([
      'W1@p1 billable 2.666667 h 400.00 AUD',
      'W1@p2 unpriced 2.333333 h without a price',
    ]);
    await msp.writesOff('W1@p2', ...MARCH, ANNA, BEA);
    await ticket.corrects('W1', 360, '2026-03-02');
    expect(await msp.items(...MARCH)).toEqual([
      'W1@a1 billable 2.666667 h 400.00 AUD',
      'W1@p2 written-off 2.333333 h without a price',
      'W1@x1 unpriced 1 h without a price',
    ]);
  });

  it('of fewer minutes at a higher price: the cap lets through its part of the money, and of the minutes', async () => {
    await ticket.time('W1', 60, '2026-03-02');
    await msp.bills('I1', ...MARCH);
    await ticket.corrects('W1', 40, '2026-03-02');
    const pricePerHour = { amount: '800.00', currency: 'AUD' };
    const override = { ticketId: 'T1', timeEntryId: 'W1', pricePerHour, reason: 'agreed for the emergency' };
    await msp.send(tickets.OverrideTimeEntryPrice, override, { actor: ANNA });
    // 45 min at 800.00 are 600.00, of which the cap lets 400.00 through: 250.00 of the 450.00 more.
    expect(await msp.items(...MARCH)).toEqual([
      'W1 invoiced 1 h 150.00 AUD',
      'W1@a1 billable -0.133333 h 250.00 AUD',
      'W1@x1 unpriced -0.15 h without a price',
    ]);
  });

  it('of materials: the pieces that the cap lets through are billed', async () => {
    await ticket.uses('M1', '1', '150.00', '2026-03-02');
    await msp.bills('I1', ...MARCH);
    const part = { itemCode: 'SSD-1T', description: 'Solid state disk', quantity: '5', unit: 'piece' };
    const price = { listPrice: { amount: '150.00', currency: 'AUD' }, workDate: '2026-03-02' };
    const corrected = { ticketId: 'T1', materialUsageId: 'M1', ...part, ...price, reason: 'miscounted' };
    await msp.send(tickets.CorrectMaterialUsage, corrected, { actor: PRIYA });
    await msp.approves('material', 'T1', 'M1');
    await msp.writesOff('M1@x1', ...MARCH, ANNA, BEA);
    expect(await msp.items(...MARCH)).toEqual([
      'M1 invoiced 1 piece 150.00 AUD',
      'M1@a2 billable 1.666666 piece 250.00 AUD',
      'M1@x1 written-off 2.333334 piece without a price',
    ]);
  });
});
