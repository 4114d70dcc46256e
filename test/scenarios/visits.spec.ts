import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { contractCommands as contracts, ticketCommands as tickets } from '@billtrail/application';
import { Msp } from './msp.js';
import { OMAR } from './people.js';

describe('a visit to a site (K27)', () => {
  let msp: Msp;
  beforeEach(async () => {
    msp = await Msp.opens('2026-03-10');
    await msp.signs('bluegum', { hourly: '170.00', minimum: 120, increment: 15, scope: 'visit' });
    for (const siteId of ['newtown', 'glebe'])
      await msp.send(contracts.RegisterSite, { clientId: 'bluegum', siteId, name: siteId, from: '2026-01-01' });
  });
  afterEach(() => msp.closes());

  async function ticketAt(ticketId: string, siteId: string) {
    const ticket = await msp.ticket(ticketId, 'bluegum');
    await msp.send(tickets.ReclassifyTicket, { ticketId, siteId, reason: 'on site' }, { actor: OMAR });
    return ticket;
  }

  it('has its call-out minimum once over two tickets: 340.00, shared 25 : 35; another site is another visit', async () => {
    const [first, second, third] = [
      await ticketAt('T1', 'newtown'),
      await ticketAt('T2', 'newtown'),
      await ticketAt('T3', 'glebe'),
    ];
    await first.time('W1', 25, '2026-03-10');
    await second.time('W2', 35, '2026-03-10');
    await third.time('W3', 35, '2026-03-10');
    expect(await msp.items('bluegum', '2026-03')).toEqual([
      'W1 billable 0.833333 h 141.67 AUD',
      'W2 billable 1.166667 h 198.33 AUD',
      'W3 billable 2 h 340.00 AUD',
    ]);
    expect(await msp.bills('I1', 'bluegum', '2026-03')).toContain('680.00 + 68.00 = 748.00 AUD');
    // What comes later on that day is in the two hours that are invoiced.
    await third.time('W4', 60, '2026-03-10');
    expect(await msp.items('bluegum', '2026-03')).toContain('W4 billable 0 h 0.00 AUD');
    // Put right to another site after its invoice: what was rounded stays.
    await msp.send(tickets.ReclassifyTicket, { ticketId: 'T2', siteId: 'glebe', reason: 'put right' }, { actor: OMAR });
    expect(await msp.items('bluegum', '2026-03')).toContain('W2 invoiced 1.166667 h 198.33 AUD');
  });
});
