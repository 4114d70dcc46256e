import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ticketCommands as tickets } from '@billtrail/application';
import { MAX_PAGE } from '@billtrail/read-models';
import { Msp } from './msp.js';
import { ANNA, BEA, OMAR } from './people.js';
import type { TicketStory } from './ticket-story.js';

const MARCH = '2026-03';
const DAY = '2026-03-10';
const LIMIT = { secondPersonAbove: { amount: '1000.00', currency: 'AUD' } };
/** 20 h at 150.00. */
const TWENTY_HOURS = 1200;
const INCLUDED = { id: 'own', name: 'Own', match: { categories: ['included'] }, outcome: 'included' } as const;
const ALL = { id: 'all', name: 'All work', match: {}, outcome: 'billable' } as const;
const RULES = [INCLUDED, ALL];

/** Z1: an invoice of 3,000.00 went back by one accountant, to be billed again for nothing. */
describe('what is credited to be billed again', () => {
  let msp: Msp;
  let ticket: TicketStory;

  beforeEach(async () => {
    msp = await Msp.opens('2026-03-20', LIMIT);
    await msp.signs('bluegum', { rules: RULES });
    ticket = await msp.ticket('T1', 'bluegum');
    await ticket.time('W1', TWENTY_HOURS, DAY);
    await ticket.resolves();
    await msp.bills('I1', 'bluegum', MARCH);
  });
  afterEach(() => msp.closes());

  const credits = () => msp.credits('C1', 'I1', 'bluegum', MARCH, [{ itemId: 'W1', outcome: 'bill-again' }]);
  const items = () => msp.items('bluegum', MARCH);
  async function requests() {
    await msp.house.settle();
    const { items: found } = await msp.house.billtrail.models.approvals.list({ act: 'credit' }, { limit: MAX_PAGE });
    return found.map(({ target, state, value }) => `${target} ${state} ${value?.amount ?? 'not stated'}`);
  }

  it('is forgone where the ticket is free of charge by now: it waits, and is taken back by a second person', async () => {
    await ticket.reopens();
    const free = { ticketId: 'T1', reasonCode: 'goodwill', reason: 'ours' };
    expect(await msp.tries(tickets.DeclareNoCharge, free, { actor: ANNA })).toBe('accepted');
    await ticket.resolves();
    expect(await credits()).toBe('waits');
    expect(await requests()).toEqual(['C1 waiting 3000.00']);
    expect(await items()).toEqual(['W1 invoiced 20 h 3000.00 AUD']);
    const [found] = (await msp.house.billtrail.models.approvals.list({ act: 'credit' })).items;
    await msp.house.approve(found?.requestId ?? '', BEA);
    expect(await requests()).toEqual(['C1 carried-out 3000.00']);
    const { givenUp } = await msp.house.billtrail.models.reconciliation.of('2026-03-31');
    expect(givenUp?.filter(({ act }) => act === 'credit')).toMatchObject([
      { requests: 1, money: [{ amount: '3000.00', currency: 'AUD' }] },
    ]);
    expect(await msp.creditNote('C1')).toEqual([
      'CN-000001 of INV-000001',
      'W1 bill-again 3000.00',
      '3000.00 + 300.00 = 3300.00 AUD',
    ]);
    expect(await items()).toEqual(['W1 covered 20 h 0.00 AUD']);
  });

  it('is forgone under a version of a day that has passed, by which it costs next to nothing', async () => {
    await msp.renegotiates('bluegum', { from: '2026-02-01', hourly: '0.01', rules: RULES });
    expect(await credits()).toBe('waits');
    expect(await requests()).toEqual(['C1 waiting 2999.80']);
  });

  it('is forgone in a category that is included by now', async () => {
    const category = { ticketId: 'T1', category: 'included', reason: 'seen' };
    expect(await msp.tries(tickets.ReclassifyTicket, category, { actor: OMAR })).toBe('accepted');
    expect(await credits()).toBe('waits');
    expect(await requests()).toEqual(['C1 waiting 3000.00']);
  });

  it('is not forgone where it is asked again as it was, and within the limit where a price was corrected', async () => {
    expect(await credits()).toBe('accepted');
    expect(await requests()).toEqual([]);
    expect(await items()).toEqual(['W1 billable 20 h 3000.00 AUD']);
    await msp.bills('I2', 'bluegum', MARCH);
    await msp.renegotiates('bluegum', { from: '2026-02-01', hourly: '149.50', rules: RULES });
    const again = [{ itemId: 'W1', outcome: 'bill-again' }] as const;
    expect(await msp.credits('C2', 'I2', 'bluegum', MARCH, again)).toBe('accepted');
    expect(await requests()).toEqual(['C2 carried-out 10.00']);
    expect(await items()).toEqual(['W1 billable 20 h 2990.00 AUD']);
  });
});
