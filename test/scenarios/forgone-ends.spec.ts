import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { isRefusal } from '@billtrail/kernel';
import { ticketCommands as tickets, type CommandClass } from '@billtrail/application';
import { brokenLaws } from '../laws/kit/laws.js';
import { lookAt } from '../laws/kit/look.js';
import { Msp } from './msp.js';
import { ANNA, OMAR, PRIYA } from './people.js';
import type { TicketStory } from './ticket-story.js';

const [MARCH, APRIL] = ['2026-03', '2026-04'];
const [DAY, LAST, FIRST] = ['2026-03-02', '2026-03-31', '2026-04-01'];

/** 150.00 an hour. */
describe('work of which something was forgone', () => {
  let msp: Msp;
  let ticket: TicketStory;
  beforeEach(async () => {
    msp = await Msp.opens(FIRST);
    await msp.signs('bluegum', { from: DAY });
    ticket = await msp.ticket('T1', 'bluegum');
    await ticket.time('W1', 60, LAST);
  });
  afterEach(async () => {
    await msp.house.settle();
    expect(brokenLaws(await lookAt(msp, { isSettled: true }))).toEqual([]);
    await msp.closes();
  });

  /** What the answer warns of. */
  async function told<C extends object>(
    type: CommandClass<C>,
    given: object,
    actor = PRIYA,
  ): Promise<readonly string[]> {
    const answer = await msp.house.send(type, { ticketId: 'T1', timeEntryId: 'W1', ...given }, { actor });
    if (isRefusal(answer)) throw new Error(answer.message);
    return (answer.warnings ?? []).map(({ code, message }) => `${code}: ${message.split(': ')[0] ?? ''}`);
  }
  async function corrected(minutes: number, workDate: string): Promise<readonly string[]> {
    const entry = { minutes, workDate, engineerId: 'priya', engineerRole: 'engineer', workType: 'remote' };
    const warned = await told(tickets.CorrectTimeEntry, { ...entry, description: 'mail', reason: 'mistyped' });
    await msp.approves('time', 'T1', 'W1');
    return warned;
  }
  const voided = () => told(tickets.VoidTimeEntry, { reason: 'was not done' }, OMAR);
  const ends = (net: string) => `ForgoneEnds: What was forgone of W1 in 2026-03, ${net} AUD before tax, ends there`;

  it('and that was never invoiced: a day of another month asks it whole, is told, and it can be written off there', async () => {
    expect(await msp.writesOff('W1', 'bluegum', MARCH, ANNA)).toBe('accepted');
    await msp.house.settle();
    expect(await corrected(60, FIRST)).toEqual([ends('150.00')]);
    expect(await msp.items('bluegum', APRIL)).toEqual(['W1 billable 1 h 150.00 AUD']);
    expect(await msp.writesOff('W1', 'bluegum', APRIL, ANNA)).toBe('accepted');
    expect(await msp.items('bluegum', APRIL)).toEqual(['W1 written-off 1 h 150.00 AUD']);
  });

  it('on a credit note: told for another month, and not within the month', async () => {
    await msp.bills('I1', 'bluegum', MARCH);
    const net = { amount: '50.00', currency: 'AUD' };
    await msp.credits('C1', 'I1', 'bluegum', MARCH, [{ itemId: 'W1', outcome: 'written-off', net }], { actor: ANNA });
    await msp.house.settle();
    expect(await corrected(60, '2026-03-30')).toEqual([]);
    expect(await corrected(60, FIRST)).toEqual([ends('50.00')]);
  });

  it('for its client: a ticket that goes to another asks it whole there, and whoever moves it is told', async () => {
    await msp.signs('wattle', { from: DAY });
    await ticket.time('W2', 60, LAST);
    const moved = async (clientId: string) => {
      const given = { clientId, reason: 'theirs' };
      const answer = await msp.house.sendAgreed(
        tickets.ReclassifyTicket,
        { ticketId: 'T1', ...given },
        { actor: OMAR },
      );
      if (isRefusal(answer)) throw new Error(answer.message);
      return (answer.warnings ?? []).map(({ code, details }) => [code, details]);
    };
    await msp.bills('I1', 'bluegum', MARCH);
    const net = { amount: '50.00', currency: 'AUD' };
    await msp.credits('C1', 'I1', 'bluegum', MARCH, [{ itemId: 'W1', outcome: 'written-off', net }], { actor: ANNA });
    await msp.house.settle();
    const ending = (from: string, to: string, asked: string) => ({
      ticketId: 'T1',
      from,
      to,
      itemIds: ['W1'],
      net,
      asked: { amount: asked, currency: 'AUD' },
    });
    // Of W2 nothing was forgone.
    expect(await moved('wattle')).toEqual([['ForgoneEnds', ending('bluegum', 'wattle', '150.00')]]);
    expect(await msp.items('wattle', MARCH)).toEqual(['W1 billable 1 h 150.00 AUD', 'W2 billable 1 h 150.00 AUD']);
    // Back where it was, what was agreed stands.
    expect(await moved('bluegum')).toEqual([]);
    expect(await msp.items('bluegum', MARCH)).toEqual([
      'W1 invoiced 1 h 100.00 AUD',
      'W1@c1 written-off 0 h 50.00 AUD',
      'W2 invoiced 1 h 150.00 AUD',
    ]);
  });

  it('nothing is told of work of which nothing was forgone', async () => {
    await msp.bills('I1', 'bluegum', MARCH);
    expect(await corrected(60, FIRST)).toEqual([]);
    expect(await voided()).toEqual([]);
  });

  it('as a courtesy, or written off before an invoice: a void ends it, and is told', async () => {
    await ticket.time('W2', 60, LAST);
    await msp.tries(tickets.GrantCourtesy, { ticketId: 'T1', workItemId: 'W1', reason: 'Slow' }, { actor: ANNA });
    expect(await voided()).toEqual(['ForgoneEnds: The courtesy of W1, 150.00 AUD before tax, ends with it']);
    expect(await msp.writesOff('W2', 'bluegum', MARCH, ANNA)).toBe('accepted');
    await msp.house.settle();
    expect(await told(tickets.VoidTimeEntry, { timeEntryId: 'W2', reason: 'was not done' })).toEqual([
      'ForgoneEnds: What was written off of W2, 150.00 AUD before tax, ends with it',
    ]);
  });
});
