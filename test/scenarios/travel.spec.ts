import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { contractCommands as contracts, ticketCommands as tickets } from '@billtrail/application';
import type { TravelTerm } from '@billtrail/contracts';
import { Msp } from './msp.js';
import { OMAR } from './people.js';

const WAY: TravelTerm = {
  id: 'way',
  name: 'Travel',
  match: { workTypes: ['remote'] },
  price: { kind: 'zone-fee', zones: [{ zone: 'metro', fee: '45.00' }] },
  taxCategory: 'GST',
};

/** 60 min at 150.00 are 150.00; each visit to the depot costs 45.00 besides. */
describe('travel of a visit, from the work to its credit (K27)', () => {
  let msp: Msp;
  beforeEach(async () => {
    msp = await Msp.opens('2026-03-10');
    await msp.signs('bluegum', { besides: { travel: [WAY] } });
    const depot = { clientId: 'bluegum', siteId: 'depot', name: 'Depot', from: '2026-01-01' };
    await msp.send(contracts.RegisterSite, { ...depot, travel: { zone: 'metro' } });
  });
  afterEach(() => msp.closes());

  async function ticketAt(ticketId: string) {
    const ticket = await msp.ticket(ticketId, 'bluegum');
    await msp.send(tickets.ReclassifyTicket, { ticketId, siteId: 'depot', reason: 'on site' }, { actor: OMAR });
    return ticket;
  }

  async function travel() {
    await msp.house.settle();
    const charges = await msp.house.billtrail.models.charges.ofPeriod('bluegum', '2026-03');
    return charges.map(({ chargeItemId, disposition, net }) => `${chargeItemId} ${disposition} ${net.amount}`);
  }

  it('is on the invoice once, asks nothing for a second ticket of the visit, and is given back with the last entry', async () => {
    const [first, second] = [await ticketAt('T1'), await ticketAt('T2')];
    await first.time('W1', 60, '2026-03-10');
    expect(await travel()).toEqual(['bluegum-1@travel@way@2026-03-10@to-depot@by-priya billable 45.00']);
    // 150.00 + 45.00 = 195.00, GST 19.50.
    expect(await msp.bills('I1', 'bluegum', '2026-03')).toContain('195.00 + 19.50 = 214.50 AUD');
    await second.time('W2', 60, '2026-03-10');
    const invoiced = 'bluegum-1@travel@way@2026-03-10@to-depot@by-priya invoiced 45.00';
    expect(await travel()).toEqual([invoiced]);
    await first.voids('W1');
    expect(await travel()).toEqual([invoiced]);
    await second.voids('W2');
    expect(await travel()).toEqual([invoiced, 'bluegum-1@travel@way@2026-03-10@to-depot@by-priya@a1 billable -45.00']);
  });

  it('is forgone as far as a credit note says, also where the site of its ticket is corrected', async () => {
    const ticket = await ticketAt('T1');
    await ticket.time('W1', 60, '2026-03-10');
    await msp.bills('I1', 'bluegum', '2026-03');
    const depot = 'bluegum-1@travel@way@2026-03-10@to-depot@by-priya';
    const goodwill = { itemId: depot, outcome: 'written-off', net: { amount: '20.00', currency: 'AUD' } } as const;
    expect(await msp.credits('C1', 'I1', 'bluegum', '2026-03', [goodwill])).toBe('accepted');
    const yard = { clientId: 'bluegum', siteId: 'yard', name: 'Yard', from: '2026-01-01' };
    await msp.send(contracts.RegisterSite, { ...yard, travel: { zone: 'metro' } });
    await msp.send(tickets.ReclassifyTicket, { ticketId: 'T1', siteId: 'yard', reason: 'x' }, { actor: OMAR });
    // 45.00 - 20.00 go back, and as much is asked.
    expect(await travel()).toEqual([
      `${depot} invoiced 45.00`,
      `${depot}@a1 billable -25.00`,
      'bluegum-1@travel@way@2026-03-10@to-yard@by-priya billable 25.00',
    ]);
    await msp.bills('I2', 'bluegum', '2026-03');
    expect((await travel()).filter((one) => one.includes('billable'))).toEqual([]);
  });
});
