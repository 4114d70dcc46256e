import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ticketCommands as tickets } from '@billtrail/application';
import { brokenLaws } from '../laws/kit/laws.js';
import { lookAt } from '../laws/kit/look.js';
import { Msp } from './msp.js';
import { ANNA, OMAR } from './people.js';
import type { TicketStory } from './ticket-story.js';

const DAY = '2026-03-02';
const MARCH = '2026-03';
const aud = (amount: string) => ({ amount, currency: 'AUD' });
const GAP = 'time-unapproved W1: 3000.00 AUD';
const LIMIT = { secondPersonAbove: aud('5000.00') };

/** 1,200 minutes at 150.00 an hour are 3,000.00; nobody approved them when the ticket was resolved. */
describe('work of a ticket that was resolved', () => {
  let msp: Msp;
  let ticket: TicketStory;
  beforeEach(async () => {
    msp = await Msp.opens(DAY, LIMIT);
    await msp.signs('bluegum');
    ticket = await msp.ticket('T1', 'bluegum');
    await ticket.time('W1', 1_200, DAY, { approved: false });
    await ticket.resolves();
    expect(await msp.gaps()).toEqual([GAP]);
  });
  afterEach(async () => {
    await msp.house.settle();
    expect(brokenLaws(await lookAt(msp, { isSettled: true }))).toEqual([]);
    await msp.closes();
  });

  const reconciled = async () => msp.house.billtrail.models.reconciliation.of(await msp.house.today());
  const merges = (into: string) =>
    msp.send(tickets.MergeTicket, { ticketId: 'T1', into, reason: 'one outage' }, { actor: OMAR });

  it('stays accounted for when the ticket is opened again: its gap stays, and the ticket is a line of its own (Y3)', async () => {
    await ticket.reopens();
    expect(await msp.gaps()).toEqual([GAP]);
    expect(await msp.endings('time-unapproved')).toEqual([null]);
    expect(await msp.fates()).toEqual({
      resolved: 1,
      gap: 0,
      waiting: 0,
      billed: 0,
      covered: 0,
      'written-off': 0,
      accepted: 0,
      reopened: 1,
    });
    await msp.days(9);
    const { reopened, gaps } = await reconciled();
    expect(reopened).toEqual({ tickets: 1, money: [aud('3000.00')], minutesWithoutPrice: 0, since: DAY, days: 9 });
    expect(gaps).toMatchObject([{ kind: 'time-unapproved', tickets: 1, money: [aud('3000.00')] }]);
    const { items } = await msp.house.billtrail.models.reconciliation.tickets(await msp.house.today());
    expect(items).toMatchObject([{ ticketId: 'T1', resolvedOn: DAY, reopenedOn: DAY, fate: 'reopened' }]);
  });

  it('is told apart from what is done since, until the ticket is resolved again (Y3)', async () => {
    await ticket.reopens();
    await ticket.time('W2', 60, '2026-03-02', { approved: false });
    expect(await msp.gaps()).toEqual([GAP]);
    await ticket.resolves();
    expect(await msp.gaps()).toEqual([GAP, 'time-unapproved W2: 150.00 AUD']);
    expect(await msp.fates()).toMatchObject({ resolved: 1, gap: 1, reopened: 0 });
  });

  it('is due to be billed as if the ticket had not been opened again (Y3)', async () => {
    await ticket.approves('W1');
    await ticket.reopens();
    expect(await msp.gaps()).toEqual([]);
    await msp.days(14);
    expect(await msp.gaps()).toEqual(['unbilled W1: 3000.00 AUD']);
    expect(await msp.fates()).toMatchObject({ resolved: 1, reopened: 1 });
    await msp.bills('I1', 'bluegum', MARCH);
    expect(await msp.gaps()).toEqual([]);
    expect((await reconciled()).reopened).toMatchObject({ tickets: 1, money: [] });
  });

  it('stays accounted for as part of another ticket, which counts in its place, and by itself when it is split off (Y3)', async () => {
    await msp.ticket('T2', 'bluegum');
    await ticket.reopens();
    await merges('T2');
    expect(await msp.gaps()).toEqual([GAP]);
    expect(await msp.fates()).toMatchObject({ resolved: 1, reopened: 1 });
    expect((await reconciled()).reopened).toMatchObject({ tickets: 1, money: [aud('3000.00')] });
    await msp.send(tickets.SplitTicket, { ticketId: 'T1', reason: 'two outages' }, { actor: OMAR });
    expect(await msp.gaps()).toEqual([GAP]);
    expect(await msp.fates()).toMatchObject({ resolved: 1, reopened: 1 });
  });

  it('counts in the place of a ticket that was merged while it was resolved, too (Y3)', async () => {
    await msp.ticket('T2', 'bluegum');
    await merges('T2');
    expect(await msp.fates()).toMatchObject({ resolved: 1, reopened: 1 });
    expect(await msp.gaps()).toEqual([GAP]);
  });

  it('is accounted for by its new client when the ticket is open again and moved (Y3)', async () => {
    await msp.signs('acacia');
    await ticket.reopens();
    await ticket.isOf({ clientId: 'acacia', contractId: 'acacia-1' });
    expect(await msp.gaps()).toEqual([GAP]);
    const of = (clientId: string) => msp.house.billtrail.models.reconciliation.of(DAY, { clientId });
    expect((await of('bluegum')).reopened).toBeUndefined();
    expect((await of('acacia')).reopened).toMatchObject({ tickets: 1, money: [aud('3000.00')] });
  });

  it('is sent back by the client, and stays accounted for (Y3)', async () => {
    await msp.send(tickets.RequestServiceVerification, { ticketId: 'T1' }, { actor: OMAR });
    const rejects = { ticketId: 'T1', reason: 'broken' };
    await msp.send(tickets.RejectServiceVerification, rejects, { actor: OMAR });
    expect(await msp.gaps()).toEqual([GAP]);
    expect(await msp.fates()).toMatchObject({ resolved: 1, reopened: 1 });
  });

  it('waits to be billed when it is approved after its gap was accepted, and a new gap opens when it is due (Y10)', async () => {
    expect(await msp.accepts('time-unapproved', ANNA)).toBe('accepted');
    expect(await msp.fates()).toMatchObject({ accepted: 1, covered: 0, waiting: 0 });
    await ticket.approves('W1');
    expect(await msp.fates()).toMatchObject({ covered: 0, waiting: 1 });
    expect(await msp.endings('time-unapproved')).toEqual(['accepted']);
    await msp.days(14);
    expect(await msp.gaps()).toEqual(['unbilled W1: 3000.00 AUD']);
    expect(await msp.fates()).toMatchObject({ gap: 1 });
    await msp.bills('I1', 'bluegum', MARCH);
    expect(await msp.fates()).toMatchObject({ billed: 1 });
  });

  it('is settled by the gap of its own kind: an accepted one of approved work covers it (Y10)', async () => {
    await ticket.approves('W1');
    await msp.days(14);
    expect(await msp.accepts('unbilled', ANNA)).toBe('accepted');
    expect(await msp.fates()).toMatchObject({ accepted: 1, covered: 0, waiting: 0 });
  });

  it('waits when it gets a price after its gap was accepted for want of one (Y10)', async () => {
    const other = await msp.ticket('T2', 'bluegum');
    await other.time('W2', 60, DAY, { type: 'survey' });
    await other.resolves();
    await msp.house.settle();
    expect(await msp.accepts('unpriced', ANNA)).toBe('accepted');
    expect(await msp.fates()).toMatchObject({ gap: 1, accepted: 1, waiting: 0 });
    await msp.renegotiates('bluegum', {
      from: DAY,
      workTypes: [{ workType: 'survey', mode: 'flat', per: 'entry', price: '90.00' }],
    });
    expect(await msp.fates()).toMatchObject({ gap: 1, covered: 0, waiting: 1 });
  });
});
