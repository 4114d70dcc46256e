import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Actor } from '@billtrail/kernel';
import {
  WithdrawForgoingRequest,
  contractCommands as contracts,
  ticketCommands as tickets,
} from '@billtrail/application';
import { MAX_PAGE, type Approval } from '@billtrail/read-models';
import { Msp } from './msp.js';
import { ANNA, BEA } from './people.js';
import type { TicketStory } from './ticket-story.js';

const MARCH = '2026-03';
const aud = (amount: string) => ({ amount, currency: 'AUD' });
const LIMIT = { secondPersonAbove: aud('500.00') };

/** 150.00 an hour; one person alone may forgo 500.00. */
describe('a price set for an entry is held to the limit by what it takes off (G12)', () => {
  let msp: Msp;
  let ticket: TicketStory;
  beforeEach(async () => {
    msp = await Msp.opens('2026-04-01', LIMIT);
  });
  afterEach(() => msp.closes());

  async function opens(): Promise<void> {
    await msp.signs('bluegum');
    ticket = await msp.ticket('T1', 'bluegum');
  }
  const sets = async (amount: string | null, approvedBy?: Actor) => {
    const pricePerHour = amount === null ? null : aud(amount);
    const asked = { ticketId: 'T1', timeEntryId: 'W1', pricePerHour, reason: 'agreed' };
    const answer = await msp.tries(tickets.OverrideTimeEntryPrice, asked, {}, approvedBy);
    await msp.house.settle();
    return answer;
  };
  /** It waits for a second person, and Anna takes it back. */
  const waits = async (amount: string | null) => {
    expect(await sets(amount)).toBe('waits');
    const asked = (await requests()).find(({ state }) => state === 'waiting');
    const back = { requestId: asked?.requestId, reason: 'too much' };
    expect(await msp.tries(WithdrawForgoingRequest, back)).toBe('accepted');
    await msp.house.settle();
    return asked?.value?.amount ?? 'not stated';
  };
  const courtesy = { ticketId: 'T1', workItemId: 'W1', reason: 'sorry' };
  const requests = async (): Promise<readonly Approval[]> =>
    (await msp.house.billtrail.models.approvals.list({}, { limit: MAX_PAGE })).items;
  const forgone = async () =>
    (await requests())
      .filter(({ state }) => state !== 'withdrawn')
      .map(({ state, value }) => `${state} ${value?.amount ?? 'not stated'}`);

  it('of what an invoice asked: 3,000.00 that become 0.20 need a second person, also to be billed again', async () => {
    await opens();
    await ticket.time('W1', 1_200, '2026-03-10');
    await ticket.resolves();
    await msp.bills('I1', 'bluegum', MARCH);
    expect(await waits('0.01')).toBe('2999.80');
    expect(await msp.items('bluegum', MARCH)).toEqual(['W1 invoiced 20 h 3000.00 AUD']);
    // 20 x 130.00: 400.00 go back on one word.
    expect(await sets('130.00')).toBe('accepted');
    expect(await msp.items('bluegum', MARCH)).toEqual([
      'W1 invoiced 20 h 3000.00 AUD',
      'W1@a1 billable 0 h -400.00 AUD',
    ]);
    expect(await forgone()).toEqual(['carried-out 400.00']);
    expect(await sets(null)).toBe('accepted');
    const again = [{ itemId: 'W1', outcome: 'bill-again' as const }];
    expect(await msp.credits('C1', 'I1', 'bluegum', MARCH, again)).toBe('accepted');
    await msp.house.settle();
    expect(await waits('0.01')).toBe('2999.80');
    expect(await sets('0.01', BEA)).toBe('accepted');
    expect(await msp.items('bluegum', MARCH)).toEqual(['W1 billable 20 h 0.20 AUD']);
  });

  it('a price above the card that was invoiced is taken back by two', async () => {
    await opens();
    await ticket.time('W1', 600, '2026-03-10');
    await ticket.resolves();
    expect(await sets('300.00')).toBe('accepted');
    await msp.bills('I1', 'bluegum', MARCH);
    // 10 x 300.00 were asked, 10 x 150.00 would be left.
    expect(await waits(null)).toBe('1500.00');
    expect(await sets('280.00')).toBe('accepted');
    expect(await forgone()).toEqual(['carried-out 200.00']);
  });

  it('of all parts of an entry over the end of a month', async () => {
    await opens();
    const night = { from: '2026-02-28T14:00:00+11:00', until: '2026-03-01T10:00:00+11:00' };
    await ticket.time('W1', 1_200, '2026-02-28', night);
    await msp.house.settle();
    expect(await msp.items('bluegum', '2026-02')).toEqual(['W1@p1 billable 10 h 1500.00 AUD']);
    expect(await msp.items('bluegum', MARCH)).toEqual(['W1@p1 billable 10 h 1500.00 AUD']);
    expect(await waits('0.01')).toBe('2999.80');
    // 2 x 10 x 20.00.
    expect(await sets('130.00')).toBe('accepted');
    expect(await forgone()).toEqual(['carried-out 400.00']);
    expect((await requests())[0]).toMatchObject({ clientId: 'bluegum', period: '2026-02' });
  });

  it('of work before its contract: two must agree, or an hour is worth what the configuration assumes', async () => {
    const client = { clientId: 'bluegum', name: 'bluegum', currency: 'AUD', timeZone: 'Australia/Sydney' };
    await msp.send(contracts.RegisterClient, { ...client, taxExemption: null });
    ticket = await msp.ticket('T1', 'bluegum');
    await ticket.time('W1', 1_200, '2026-03-10');
    expect(await msp.items('bluegum', MARCH)).toEqual(['W1 unpriced 20 h without a price']);
    expect(await waits('0.01')).toBe('not stated');
    await msp.configures({ ...LIMIT, assumedPricePerHour: aud('100.00') });
    expect(await waits('0.01')).toBe('1999.80');
    // 20 x (100.00 - 80.00).
    expect(await sets('80.00')).toBe('accepted');
    expect(await forgone()).toEqual(['carried-out 400.00']);
  });

  it('of work that is covered: at the price of the card, for it may be billable yet', async () => {
    const included = { id: 'all', name: 'All work', match: {}, outcome: 'included' as const };
    await msp.signs('bluegum', { rules: [included] });
    ticket = await msp.ticket('T1', 'bluegum');
    await ticket.time('W1', 1_200, '2026-03-10');
    expect(await msp.items('bluegum', MARCH)).toEqual(['W1 covered 20 h 0.00 AUD']);
    expect(await waits('0.01')).toBe('2999.80');
    expect(await sets('200.00')).toBe('accepted');
    expect(await forgone()).toEqual([]);
  });

  it('as if no courtesy were given: withdrawing that makes room for itself alone', async () => {
    await opens();
    await ticket.time('W1', 180, '2026-03-10');
    await ticket.time('W2', 180, '2026-03-10');
    await msp.house.settle();
    const limit = { secondPersonAbove: aud('900.00') };
    await msp.configures(limit);
    expect(await msp.tries(tickets.GrantCourtesy, courtesy)).toBe('accepted');
    await msp.house.settle();
    // 3 x 150.00 - 3 x 0.01 beside 450.00.
    expect(await sets('0.01')).toBe('accepted');
    expect(await msp.tries(tickets.WithdrawCourtesy, courtesy)).toBe('accepted');
    await msp.house.settle();
    expect(await msp.items('bluegum', MARCH)).toContain('W1 billable 3 h 0.03 AUD');
    expect(await forgone()).toEqual(['taken-back 450.00', 'carried-out 449.97']);
    // 449.97 + 450.00 = 899.97, and nothing more.
    expect(await msp.writesOff('W2', 'bluegum', MARCH, ANNA)).toBe('accepted');
    await msp.house.settle();
    await ticket.time('W3', 60, '2026-03-10');
    await msp.house.settle();
    expect(await msp.writesOff('W3', 'bluegum', MARCH, ANNA)).toBe('waits');
  });

  it('raising it forgoes nothing, whoever agreed to the lower one', async () => {
    await opens();
    await ticket.time('W1', 1_200, '2026-03-10');
    await msp.house.settle();
    expect(await sets('0.01', BEA)).toBe('accepted');
    // 20 x (150.00 - 10.00) are still forgone, by two.
    expect(await sets('10.00')).toBe('accepted');
    expect(await msp.items('bluegum', MARCH)).toEqual(['W1 billable 20 h 200.00 AUD']);
    expect(await forgone()).toEqual(['taken-back 2999.80']);
    expect(await waits('5.00')).toBe('2900.00');
  });

  it('raised by one person alone, it is counted anew', async () => {
    await opens();
    await ticket.time('W1', 180, '2026-03-10');
    await msp.house.settle();
    // 3 x (150.00 - 100.00), then 3 x (150.00 - 110.00).
    expect(await sets('100.00')).toBe('accepted');
    expect(await sets('110.00')).toBe('accepted');
    expect(await forgone()).toEqual(['taken-back 150.00', 'carried-out 120.00']);
    expect(await sets(null)).toBe('accepted');
    expect(await forgone()).toEqual(['taken-back 150.00', 'taken-back 120.00']);
  });

  it('raised beside a lower one that comes near the limit, it stands: the lower one counts no more', async () => {
    await opens();
    await ticket.time('W1', 180, '2026-03-10');
    await msp.house.settle();
    // 450.00 less 0.03, then less 120.00.
    expect(await sets('0.01')).toBe('accepted');
    expect(await sets('40.00')).toBe('accepted');
    expect(await forgone()).toEqual(['taken-back 449.97', 'carried-out 330.00']);
    expect(await msp.items('bluegum', MARCH)).toEqual(['W1 billable 3 h 120.00 AUD']);
  });
});
