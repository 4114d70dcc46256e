import { afterEach, describe, expect, it } from '@jest/globals';
import { billingCommands as billing, ticketCommands as tickets } from '@billtrail/application';
import { Msp, type Terms } from './msp.js';
import { ANNA, OMAR } from './people.js';
import { TicketStory } from './ticket-story.js';

const DAY = '2026-03-02';
const MARCH = '2026-03';

describe('what work shares with work that is gone', () => {
  let msp: Msp;
  afterEach(() => msp.closes());

  async function twoTickets(terms: Terms): Promise<readonly [TicketStory, TicketStory]> {
    msp = await Msp.opens(DAY);
    await msp.signs('bluegum', terms);
    const [one, other] = [await msp.ticket('T1', 'bluegum'), await msp.ticket('T2', 'bluegum')];
    await one.time('W1', 20, DAY);
    await other.time('W2', 20, DAY);
    await one.resolves();
    await other.resolves();
    return [one, other];
  }
  const items = () => msp.items('bluegum', MARCH);
  async function billsTicket(invoiceId: string, ticketId: string): Promise<void> {
    await msp.send(billing.DraftInvoice, { invoiceId, clientId: 'bluegum', period: MARCH, tickets: [ticketId] });
    expect(await msp.issues(invoiceId, 'bluegum', MARCH)).toBe('accepted');
  }

  it('a visit of two hours at least, of which one half is invoiced and the other voided: the half that lacks is told, and asked after a credit', async () => {
    const [, other] = await twoTickets({ hourly: '150.00', minimum: 120, increment: 15, scope: 'visit' });
    expect(await items()).toEqual(['W1 billable 1 h 150.00 AUD', 'W2 billable 1 h 150.00 AUD']);
    await billsTicket('I1', 'T1');
    expect(await msp.gaps()).toEqual([]);
    await other.voids('W2');
    // One visit is 300.00, whoever came to it: 150.00 were asked.
    expect(await msp.gaps()).toContain('contract-mismatch W1: 150.00 AUD');
    expect(await msp.credits('C1', 'I1', 'bluegum', MARCH, [{ itemId: 'W1', outcome: 'bill-again' }])).toBe('accepted');
    expect(await items()).toEqual(['W1 billable 2 h 300.00 AUD']);
    expect((await msp.gaps()).filter((gap) => gap.startsWith('contract-mismatch'))).toEqual([]);
    expect(await msp.bills('I2', 'bluegum', MARCH)).toContain('300.00 + 30.00 = 330.00 AUD');
  });

  it('the same where its time is rejected, and ends where it is approved after all', async () => {
    const [, other] = await twoTickets({ hourly: '150.00', minimum: 120, increment: 15, scope: 'visit' });
    await billsTicket('I1', 'T1');
    const rejects = { ticketId: 'T2', timeEntryId: 'W2', reason: 'not seen' };
    await msp.send(tickets.RejectTimeEntry, rejects, { actor: OMAR });
    expect(await msp.gaps()).toContain('contract-mismatch W1: 150.00 AUD');
    await other.approves('W2');
    expect(await msp.gaps()).toEqual([]);
  });

  it('one hour of two merged tickets, of which one share is invoiced at 75.00 and the other ticket is split off again', async () => {
    await twoTickets({ hourly: '150.00', minimum: 60, increment: 15, scope: 'ticket' });
    await msp.send(tickets.MergeTicket, { ticketId: 'T1', into: 'T2', reason: 'one outage' }, { actor: OMAR });
    expect(await items()).toEqual(['W1 billable 0.5 h 75.00 AUD', 'W2 billable 0.5 h 75.00 AUD']);
    await billsTicket('I1', 'T1');
    await msp.send(tickets.SplitTicket, { ticketId: 'T1', reason: 'two outages' }, { actor: OMAR });
    // Each is an hour, 150.00: of T1 75.00 lack, and T2 asks for its own.
    expect(await items()).toEqual(['W1 invoiced 0.5 h 75.00 AUD', 'W2 billable 1 h 150.00 AUD']);
    expect(await msp.gaps()).toContain('contract-mismatch W1: 75.00 AUD');
  });

  it('a share that was written off is all that was forgone: what the ticket is worth by itself beyond it is told', async () => {
    await twoTickets({ hourly: '150.00', minimum: 60, increment: 15, scope: 'ticket' });
    await msp.send(tickets.MergeTicket, { ticketId: 'T1', into: 'T2', reason: 'one outage' }, { actor: OMAR });
    expect(await msp.writesOff('W1', 'bluegum', MARCH, ANNA)).toBe('accepted');
    await msp.send(tickets.SplitTicket, { ticketId: 'T1', reason: 'two outages' }, { actor: OMAR });
    expect(await items()).toEqual(['W1 written-off 0.5 h 75.00 AUD', 'W2 billable 1 h 150.00 AUD']);
    expect(await msp.gaps()).toContain('contract-mismatch W1: 75.00 AUD');
  });

  it('an hour that was written off of one ticket frees no other that it is merged into', async () => {
    await twoTickets({ hourly: '150.00', minimum: 60, increment: 15, scope: 'ticket' });
    expect(await msp.writesOff('W1', 'bluegum', MARCH, ANNA)).toBe('accepted');
    await msp.send(tickets.MergeTicket, { ticketId: 'T1', into: 'T2', reason: 'one outage' }, { actor: OMAR });
    expect(await items()).toEqual(['W1 written-off 1 h 150.00 AUD', 'W2 billable 1 h 150.00 AUD']);
    expect((await msp.gaps()).filter((gap) => gap.startsWith('contract-mismatch'))).toEqual([]);
  });
});

describe('a correction of invoiced work that was priced too low', () => {
  let msp: Msp;
  afterEach(() => msp.closes());

  it('leaves the gap of the price open, while the correction waits, is invoiced, or was written off', async () => {
    msp = await Msp.opens(DAY);
    await msp.signs('bluegum', { minimum: 0, increment: 1 });
    const one = await msp.ticket('T1', 'bluegum');
    await one.time('W1', 60, DAY);
    await one.resolves();
    await msp.bills('I1', 'bluegum', MARCH);
    await msp.renegotiates('bluegum', { hourly: '200.00', minimum: 0, increment: 1, from: '2026-02-01' });
    const mismatch = async () => (await msp.gaps()).filter((gap) => gap.startsWith('contract-mismatch'));
    expect(await mismatch()).toEqual(['contract-mismatch W1: 50.00 AUD']);
    await one.corrects('W1', 90, DAY);
    // 90 minutes at 200.00 are 300.00: 150.00 are asked, and 75.00 wait at the rate of then.
    expect(await msp.items('bluegum', MARCH)).toEqual(['W1 invoiced 1 h 150.00 AUD', 'W1@a1 billable 0.5 h 75.00 AUD']);
    expect(await mismatch()).toEqual(['contract-mismatch W1: 75.00 AUD']);
    expect(await msp.writesOff('W1@a1', 'bluegum', MARCH, ANNA)).toBe('accepted');
    expect(await mismatch()).toEqual(['contract-mismatch W1: 75.00 AUD']);
  });
});
