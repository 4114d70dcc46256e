import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { compareTexts, isRefusal } from '@billtrail/kernel';
import { billingCommands as billing, ticketCommands as tickets } from '@billtrail/application';
import type { CoverageRule } from '@billtrail/contracts';
import type { AppendRequest } from '@billtrail/event-store';
import { Msp, type Terms } from './msp.js';
import { ANNA, BEA, OMAR, PRIYA } from './people.js';
import { TicketStory } from './ticket-story.js';

const DAY = '2026-03-02';
const MARCH = '2026-03';
/** 150.00 an hour, an hour at least for each ticket. */
const HOUR_A_TICKET: Terms = { minimum: 60, increment: 15, scope: 'ticket' };

describe('a ticket that was merged into another', () => {
  let msp: Msp;
  afterEach(() => msp.closes());

  /** T1 has 15 minutes and T2 30: alone each is an hour, 150.00; as one they are an hour, 150.00. */
  async function twoTickets(terms: Terms = HOUR_A_TICKET): Promise<readonly [TicketStory, TicketStory]> {
    msp = await Msp.opens(DAY);
    await msp.signs('bluegum', terms);
    const one = await msp.ticket('T1', 'bluegum');
    await one.time('W1', 15, DAY);
    const other = await msp.ticket('T2', 'bluegum');
    await other.time('W2', 30, DAY);
    return [one, other];
  }
  const merges = (ticketId: string, into: string) =>
    msp.send(tickets.MergeTicket, { ticketId, into, reason: 'one outage' }, { actor: OMAR });
  const splits = (ticketId: string) =>
    msp.send(tickets.SplitTicket, { ticketId, reason: 'two outages' }, { actor: OMAR });
  const items = () => msp.items('bluegum', MARCH);

  it('has its work billed with that of the other: one minimum, shared by minutes', async () => {
    await twoTickets();
    expect(await items()).toEqual(['W1 billable 1 h 150.00 AUD', 'W2 billable 1 h 150.00 AUD']);
    await merges('T1', 'T2');
    // 45 minutes are an hour: 20 of it for the 15 minutes, 40 for the 30.
    expect(await items()).toEqual(['W1 billable 0.333333 h 50.00 AUD', 'W2 billable 0.666667 h 100.00 AUD']);
    expect(await msp.why('W1')).toContain(
      'ticket T1 was merged into T2: what counts for a whole ticket counts for both',
    );
    await splits('T1');
    expect(await items()).toEqual(['W1 billable 1 h 150.00 AUD', 'W2 billable 1 h 150.00 AUD']);
  });

  it('is accounted for by the other, which is resolved and declared for both', async () => {
    const [one, other] = await twoTickets();
    await merges('T1', 'T2');
    await other.resolves();
    expect(await msp.fates()).toMatchObject({ resolved: 1, waiting: 1 });
    await msp.bills('I1', 'bluegum', MARCH);
    expect(await msp.fates()).toMatchObject({ resolved: 1, billed: 1 });
    await splits('T1');
    await one.resolves();
    expect(await msp.fates()).toMatchObject({ resolved: 2 });
  });

  it('is not resolved by being split off again, where it was cancelled before', async () => {
    const [one, other] = await twoTickets();
    const requested = { ticketId: 'T0', clientId: 'bluegum', summary: 'Please help', ticketType: 'incident' };
    await msp.send(tickets.RequestTicket, requested, { actor: OMAR });
    await msp.send(tickets.CancelTicket, { ticketId: 'T0', as: 'cancelled', reason: 'not needed' }, { actor: OMAR });
    await merges('T0', 'T1');
    await splits('T0');
    await other.resolves();
    expect(await msp.fates()).toMatchObject({ resolved: 1 });
    await one.resolves();
    expect(await msp.fates()).toMatchObject({ resolved: 2 });
  });

  it.each([
    ['T1', 'T2'],
    ['T2', 'T1'],
  ])('costs nothing for no work of the other: T1 is written off, and %s is merged into %s', async (from, into) => {
    await twoTickets();
    expect(await msp.writesOff('W1', 'bluegum', MARCH, ANNA)).toBe('accepted');
    await merges(from, into);
    expect(await items()).toEqual(['W1 written-off 1 h 150.00 AUD', 'W2 billable 1 h 150.00 AUD']);
    expect(await msp.gaps()).toEqual([]);
    expect((await msp.bills('I1', 'bluegum', MARCH))[1]).toBe('W2 1 h 150.00');
    await splits(from);
    expect(await items()).toEqual(['W1 written-off 1 h 150.00 AUD', 'W2 invoiced 1 h 150.00 AUD']);
    expect(await msp.gaps()).toEqual([]);
  });

  it('is written off with its share once it is merged: 50.00 of the 150.00 that both come to', async () => {
    await twoTickets();
    await merges('T1', 'T2');
    expect(await msp.writesOff('W2', 'bluegum', MARCH, ANNA)).toBe('accepted');
    expect(await items()).toEqual(['W1 billable 0.333333 h 50.00 AUD', 'W2 written-off 0.666667 h 100.00 AUD']);
  });

  it('leaves what is invoiced as it is, and tells what was asked too much as a gap', async () => {
    const [one, other] = await twoTickets();
    await one.resolves();
    await other.resolves();
    await msp.bills('I1', 'bluegum', MARCH);
    await merges('T1', 'T2');
    expect(await items()).toEqual(['W1 invoiced 1 h 150.00 AUD', 'W2 invoiced 1 h 150.00 AUD']);
    // As one ticket they were an hour: 50.00 and 100.00 of the 150.00 that each asked.
    expect(await msp.gaps()).toEqual(['contract-mismatch W1: -100.00 AUD', 'contract-mismatch W2: -50.00 AUD']);
    await splits('T1');
    expect(await msp.gaps()).toEqual([]);
  });

  it('brings its minimum along: work that is added finds what an invoice holds', async () => {
    msp = await Msp.opens(DAY);
    await msp.signs('bluegum', HOUR_A_TICKET);
    const one = await msp.ticket('T1', 'bluegum');
    await one.time('W1', 15, DAY);
    await one.resolves();
    expect(await msp.bills('I1', 'bluegum', MARCH)).toContain('W1 1 h 150.00');
    const other = await msp.ticket('T2', 'bluegum');
    await other.time('W2', 30, DAY);
    expect(await items()).toEqual(['W1 invoiced 1 h 150.00 AUD', 'W2 billable 1 h 150.00 AUD']);
    await merges('T1', 'T2');
    // 45 minutes are the hour that is paid for.
    expect(await items()).toEqual(['W1 invoiced 1 h 150.00 AUD', 'W2 billable 0 h 0.00 AUD']);
    expect(await msp.gaps()).toEqual([]);
    await new TicketStory(msp, 'T2').time('W3', 30, DAY);
    // 75 minutes are 75: 15 more than the hour, 37.50, shared by the two that are not invoiced.
    expect(await items()).toEqual([
      'W1 invoiced 1 h 150.00 AUD',
      'W2 billable 0.133333 h 20.00 AUD',
      'W3 billable 0.116667 h 17.50 AUD',
    ]);
  });

  it('has the caps of its contract over both, and those of another contract over its own work alone', async () => {
    msp = await Msp.opens(DAY);
    const cap = { id: 'cap', name: 'Per ticket', scope: 'ticket', amount: '100.00', above: 'gap' } as const;
    await msp.signs('bluegum', { minimum: 0, increment: 1, besides: { caps: [cap] } });
    await msp.signsToo('bluegum', 'bluegum-2', { priority: 20, hourly: '60.00', minimum: 0, increment: 1 });
    const one = await msp.ticket('T1', 'bluegum');
    await one.time('W1', 30, DAY);
    const other = await msp.ticket('T2', 'bluegum');
    await other.time('W2', 30, DAY);
    await merges('T1', 'T2');
    // 75.00 of T1's half hour, then 25.00 up to the cap of the one ticket, and 50.00 above it.
    expect(await msp.gaps()).toEqual(['cap-exceeded W2: 50.00 AUD']);
    expect((await items())[0]).toBe('W1 billable 0.5 h 75.00 AUD');
    await one.isOf({ contractId: 'bluegum-2' });
    expect(await items()).toEqual(['W1 billable 0.5 h 30.00 AUD', 'W2 billable 0.5 h 75.00 AUD']);
    expect(await msp.gaps()).toEqual([]);
  });

  it('keeps what prices its own work: a project into included support stays 150.00, and support into a project free', async () => {
    msp = await Msp.opens(DAY);
    const support = { id: 'in', name: 'Support', match: { categories: ['support'] }, outcome: 'included' } as const;
    const rest = { id: 'all', name: 'All work', match: {}, outcome: 'billable' } as const;
    await msp.signs('bluegum', { minimum: 0, increment: 1, rules: [support, rest] });
    const one = await msp.ticket('L1', 'bluegum', { category: 'project' });
    await one.time('W1', 60, DAY);
    const other = await msp.ticket('L2', 'bluegum', { category: 'support' });
    await other.time('W2', 60, DAY);
    const apart = ['W1 billable 1 h 150.00 AUD', 'W2 covered 1 h 0.00 AUD'];
    expect(await items()).toEqual(apart);
    await merges('L1', 'L2');
    expect(await items()).toEqual(apart);
    await splits('L1');
    await merges('L2', 'L1');
    expect(await items()).toEqual(apart);
    // Who wants the other category says so, of the ticket that was merged; its client is that of the other.
    const reclassified = { ticketId: 'L2', category: 'project', reason: 'it was one project' };
    await msp.send(tickets.ReclassifyTicket, reclassified, { actor: OMAR });
    expect(await items()).toEqual(['W1 billable 1 h 150.00 AUD', 'W2 billable 1 h 150.00 AUD']);
    const moved = { ticketId: 'L2', clientId: 'wattle', reason: 'theirs' };
    await msp.signs('wattle');
    expect(await msp.tries(tickets.ReclassifyTicket, moved, { actor: OMAR })).toBe('TicketMerged');
  });

  it('keeps its own contract: 300.00 of a project contract stay 300.00 beside one that includes all work', async () => {
    msp = await Msp.opens(DAY);
    const included = { id: 'in', name: 'Included', match: {}, outcome: 'included' } as const;
    await msp.signs('bluegum', { rules: [included] });
    await msp.signsToo('bluegum', 'bluegum-2', { priority: 20, hourly: '300.00', minimum: 0, increment: 1 });
    const one = await msp.ticket('T1', 'bluegum');
    await one.isOf({ contractId: 'bluegum-2' });
    await one.time('W1', 60, DAY);
    await (await msp.ticket('T2', 'bluegum')).time('W2', 60, DAY);
    await merges('T1', 'T2');
    expect(await items()).toEqual(['W1 billable 1 h 300.00 AUD', 'W2 covered 1 h 0.00 AUD']);
  });

  it('passes the included minutes of a ticket together with the other', async () => {
    const rule: CoverageRule = {
      id: 'in',
      name: 'Included',
      match: {},
      outcome: 'included',
      includedMinutesPerTicket: 40,
    };
    await twoTickets({ rules: [rule], minimum: 0, increment: 1 });
    expect(await msp.gaps()).toEqual([]);
    await merges('T1', 'T2');
    // 45 minutes pass 40 by 5: 12.50.
    expect(await msp.gaps()).toEqual(['scope-suspected: 12.50 AUD']);
  });

  it('keeps what was declared of its own work: nothing becomes free by a merge, and nothing is charged that was given', async () => {
    const [one] = await twoTickets({ minimum: 0, increment: 1 });
    await msp.send(
      tickets.DeclareNoCharge,
      { ticketId: 'T2', reasonCode: 'goodwill', reason: 'our fault' },
      { actor: OMAR },
    );
    await merges('T1', 'T2');
    expect(await items()).toEqual(['W1 billable 0.25 h 37.50 AUD', 'W2 covered 0.5 h 0.00 AUD']);
    await splits('T1');
    await merges('T2', 'T1');
    expect(await items()).toEqual(['W1 billable 0.25 h 37.50 AUD', 'W2 covered 0.5 h 0.00 AUD']);
    await one.resolves('none-used', 'out-of-scope');
    expect(await msp.gaps()).toEqual([]);
  });

  it('goes along when the other is merged into a third, and comes back with it', async () => {
    await twoTickets();
    const third = await msp.ticket('T3', 'bluegum');
    await third.time('W3', 15, DAY);
    await merges('T1', 'T2');
    await merges('T2', 'T3');
    // An hour for 15, 30 and 15 minutes.
    expect(await items()).toEqual([
      'W1 billable 0.25 h 37.50 AUD',
      'W2 billable 0.5 h 75.00 AUD',
      'W3 billable 0.25 h 37.50 AUD',
    ]);
    await splits('T2');
    expect((await items()).at(-1)).toBe('W3 billable 1 h 150.00 AUD');
    expect((await items())[0]).toBe('W1 billable 0.333333 h 50.00 AUD');
  });

  it('follows the other to another client', async () => {
    const [, other] = await twoTickets();
    await merges('T1', 'T2');
    await msp.signs('wattle', { hourly: '200.00', minimum: 0, increment: 1 });
    await other.isOf({ clientId: 'wattle' });
    expect(await items()).toEqual([]);
    expect(await msp.items('wattle', MARCH)).toEqual(['W1 billable 0.25 h 50.00 AUD', 'W2 billable 0.5 h 100.00 AUD']);
    // Taken out, it is of the client that it was of.
    await splits('T1');
    expect(await items()).toEqual(['W1 billable 1 h 150.00 AUD']);
  });

  it('takes corrections of its own work, and no new work', async () => {
    const [one] = await twoTickets();
    await merges('T1', 'T2');
    await one.corrects('W1', 90, DAY);
    expect(await items()).toEqual(['W1 billable 1.5 h 225.00 AUD', 'W2 billable 0.5 h 75.00 AUD']);
    const late = { ticketId: 'T1', timerId: 'R1', engineerId: PRIYA.id };
    expect(await msp.tries(tickets.StartTimer, late, { actor: PRIYA })).toBe('TicketMerged');
    await one.voids('W1');
    expect(await items()).toEqual(['W2 billable 1 h 150.00 AUD']);
  });

  it('has its gaps go on as they are, and those about the whole ticket asked of the other', async () => {
    msp = await Msp.opens(DAY);
    await msp.signs('bluegum', HOUR_A_TICKET);
    const one = await msp.ticket('T1', 'bluegum');
    await one.time('W1', 15, DAY, { approved: false });
    await one.resolves();
    const other = await msp.ticket('T2', 'bluegum');
    await other.time('W2', 30, DAY);
    await other.resolves();
    expect(await msp.gaps()).toEqual(['time-unapproved W1: 150.00 AUD']);
    await merges('T1', 'T2');
    expect(await msp.endings('time-unapproved')).toEqual([null]);
    expect(await msp.fates()).toMatchObject({ resolved: 1, gap: 1 });
    await msp.days(20);
    await one.approves('W1');
    expect(await msp.endings('time-unapproved')).toEqual(['corrected']);
    expect(await msp.gaps()).toEqual(['unbilled W1: 50.00 AUD', 'unbilled W2: 100.00 AUD']);
  });

  it('keeps a gap that is overdue when it comes to a ticket that is open: its work stays accounted for', async () => {
    const [one] = await twoTickets();
    await one.resolves();
    await msp.days(20);
    expect(await msp.gaps()).toEqual(['unbilled W1: 150.00 AUD']);
    await merges('T1', 'T2');
    expect(await msp.gaps()).toEqual(['unbilled W1: 50.00 AUD']);
    expect(await msp.endings('unbilled')).toEqual([null]);
    await splits('T1');
    expect(await msp.gaps()).toEqual(['unbilled W1: 150.00 AUD']);
  });

  it('has what was asked above the cap of a ticket, which both have once, as a gap', async () => {
    const cap = { id: 'cap', name: 'Per ticket', scope: 'ticket', amount: '200.00', above: 'gap' } as const;
    msp = await Msp.opens(DAY);
    await msp.signs('bluegum', { hourly: '100.00', minimum: 0, increment: 1, besides: { caps: [cap] } });
    for (const number of [1, 2]) {
      const ticket = await msp.ticket(`T${number}`, 'bluegum');
      await ticket.time(`W${number}`, 120, DAY);
      await ticket.resolves();
    }
    await msp.bills('I1', 'bluegum', MARCH);
    await merges('T1', 'T2');
    expect(await msp.gaps()).toEqual(['contract-mismatch W2: -200.00 AUD']);
    // What a credit note gives back of it ends the gap.
    const back = { itemId: 'W2', outcome: 'written-off' as const };
    expect(await msp.credits('C1', 'I1', 'bluegum', MARCH, [back])).toBe('accepted');
    expect(await msp.gaps()).toEqual([]);
  });

  it.each([
    [
      'two',
      [
        ['T1', 'T2'],
        ['T2', 'T1'],
      ],
    ],
    [
      'three',
      [
        ['T1', 'T2'],
        ['T2', 'T3'],
        ['T3', 'T1'],
      ],
    ],
  ] as const)('of %s merges at once that would close a circle the last in the log is taken back', async (_, circle) => {
    await twoTickets({});
    await msp.ticket('T3', 'bluegum');
    const answers = await Promise.all(
      circle.map(([ticketId, into]) =>
        msp.house.send(tickets.MergeTicket, { ticketId, into, reason: 'one' }, { actor: OMAR }),
      ),
    );
    // Not every log has them in the order in which they were sent.
    const merged = (await msp.house.events()).filter(({ type }) => type === 'TicketMerged');
    const last = merged.at(-1)?.stream.slice('ticket-'.length) ?? '';
    const warned = answers.map((answer) => (isRefusal(answer) ? answer.code : (answer.warnings ?? []).length));
    expect(warned).toEqual(circle.map(([ticketId]) => (ticketId === last ? 1 : 0)));
    await msp.house.settle();
    const { ticketMerges } = msp.house.billtrail.models;
    const others = circle.map(([ticketId]) => ticketId as string).filter((ticketId) => ticketId !== last);
    expect((await ticketMerges.into(last)).toSorted(compareTexts)).toEqual(others);
    expect(ticketMerges.isMergedNow(last)).toBe(false);
  });

  it.each([[[1, 0]], [[0, 1]]])('a chain that is built at once in the order %j is one with its end', async (order) => {
    await twoTickets({});
    await msp.ticket('T3', 'bluegum');
    const both = [
      ['T1', 'T2'],
      ['T2', 'T3'],
    ] as const;
    await Promise.all(
      order.map((n) => {
        const [ticketId, into] = both[n] ?? both[0];
        return msp.house.send(tickets.MergeTicket, { ticketId, into, reason: 'one' }, { actor: OMAR });
      }),
    );
    await msp.house.settle();
    expect(await msp.house.billtrail.models.ticketMerges.into('T3')).toEqual(['T1', 'T2']);
  });

  it('agrees with the other where two processes merge them into each other: the later in the log is taken back', async () => {
    await twoTickets();
    const { store, models } = msp.house.billtrail;
    for (const [ticketId, into] of [
      ['T1', 'T2'],
      ['T2', 'T1'],
    ] as const)
      await store.append({
        stream: `ticket-${ticketId}`,
        expected: 'any',
        events: [{ type: 'TicketMerged', data: { into, reason: 'one' }, occurredAt: `${DAY}T10:00:00+11:00` }],
        actor: OMAR,
        commandId: `${ticketId}-elsewhere`,
        correlationId: ticketId,
        causationId: null,
        fingerprint: `${ticketId} elsewhere`,
      });
    await msp.house.settle();
    expect(await models.ticketMerges.crossed()).toEqual([]);
    expect(await models.ticketMerges.into('T2')).toEqual(['T1']);
    expect(await items()).toEqual(['W1 billable 0.333333 h 50.00 AUD', 'W2 billable 0.666667 h 100.00 AUD']);
    await new TicketStory(msp, 'T2').time('W3', 15, DAY);
    const told = (await models.timeline.timeline('T2'))?.items.map(({ sentence }) => sentence) ?? [];
    expect(told).toContain('Merged into T1: one');
    expect(told).toContain('Ticket T1 was merged into this one: one');
    expect(told).toContain('Taken out of T1 again: the other ticket was merged into this one at the same moment');
  });

  it('stays merged where it was taken out by a person, and merged anew, before the policy had taken the first merge back', async () => {
    await twoTickets();
    const { store, models } = msp.house.billtrail;
    const merged = (ticketId: string, into: string) => ({
      stream: `ticket-${ticketId}`,
      events: [{ type: 'TicketMerged', data: { into, reason: 'one' }, occurredAt: `${DAY}T10:00:00+11:00` }],
    });
    let records = 0;
    const append = (one: Pick<AppendRequest, 'stream' | 'events'>) =>
      store.append({
        ...one,
        expected: 'any',
        actor: OMAR,
        commandId: `elsewhere-${(records += 1)}`,
        correlationId: 'elsewhere',
        causationId: null,
        fingerprint: `${records}`,
      });
    await append(merged('T1', 'T2'));
    await append(merged('T2', 'T1'));
    await models.catchUp();
    const crossed = await models.ticketMerges.crossed();
    expect(crossed).toMatchObject([{ ticketId: 'T2' }]);
    for (const ticketId of ['T2', 'T1']) {
      const data = { from: ticketId === 'T1' ? 'T2' : 'T1', stage: 'in-progress', reason: 'two' };
      const events = [{ type: 'TicketSplit', data, occurredAt: `${DAY}T10:00:00+11:00` }];
      await append({ stream: `ticket-${ticketId}`, events });
    }
    await append(merged('T2', 'T1'));
    await models.catchUp();
    // What the policy had asked before all that.
    jest.spyOn(models.ticketMerges, 'crossed').mockResolvedValueOnce(crossed);
    await msp.house.settle();
    jest.restoreAllMocks();
    expect(await models.ticketMerges.into('T1')).toEqual(['T2']);
  });

  it('is shown to the client on the report of the other', async () => {
    const [, other] = await twoTickets();
    await merges('T1', 'T2');
    await other.resolves();
    await msp.send(tickets.RequestServiceVerification, { ticketId: 'T2' }, { actor: PRIYA });
    const { timeline } = msp.house.billtrail.models;
    expect((await timeline.timeline('T2'))?.items.at(-1)?.sentence).toBe(
      'Sent the service verification report with 1 work item, and 1 of T1',
    );
    expect((await timeline.outcome('T2')).items.map(({ itemId, mergedInto }) => [itemId, mergedInto])).toEqual([
      ['W1', 'T2'],
      ['W2', undefined],
    ]);
  });

  it('can be drafted by its own name and by that of the other', async () => {
    await twoTickets();
    await merges('T1', 'T2');
    const draft = (invoiceId: string, named: readonly string[]) =>
      msp.tries(billing.DraftInvoice, { invoiceId, clientId: 'bluegum', period: MARCH, tickets: named });
    expect(await draft('I1', ['T2'])).toBe('accepted');
    expect(await msp.document('I1')).toEqual([
      'draft',
      'W1 0.333333 h 50.00',
      'W2 0.666667 h 100.00',
      expect.anything(),
    ]);
    await msp.discards('I1', 'bluegum', MARCH);
    expect(await draft('I2', ['T1'])).toBe('accepted');
    expect((await msp.document('I2'))[1]).toBe('W1 0.333333 h 50.00');
    // What was drafted before the split is another price after it.
    await splits('T1');
    expect(await msp.issues('I2', 'bluegum', MARCH)).toBe('DraftStale');
  });
});

/** Z2: what is asked once for a ticket is lost by a merge. */
describe('merging tickets of which less would be asked as one', () => {
  let msp: Msp;
  afterEach(() => msp.closes());

  const LIMIT = { secondPersonAbove: { amount: '1000.00', currency: 'AUD' } };
  const fixed: Terms = {
    rules: [
      {
        id: 'support',
        name: 'Support',
        match: {},
        outcome: 'included',
        incident: { price: '3000.00', taxCategory: 'GST' },
      },
    ],
  };
  const capped: Terms = {
    besides: { caps: [{ id: 'cap', name: 'Cap', scope: 'ticket', amount: '3000.00', above: 'write-down' }] },
  };

  async function resolved(terms: Terms, days: readonly string[], minutes = 1200): Promise<void> {
    msp = await Msp.opens('2026-04-20', LIMIT);
    await msp.signs('bluegum', terms);
    for (const [index, day] of days.entries()) {
      const ticket = await msp.ticket(`T${index + 1}`, 'bluegum');
      await ticket.time(`W${index + 1}`, minutes, day);
      await ticket.resolves();
    }
  }
  const merges = (ticketId = 'T2', into = 'T1') =>
    msp.tries(tickets.MergeTicket, { ticketId, into, reason: 'one outage' }, { actor: OMAR });
  const charges = async (period: string) =>
    (await msp.house.billtrail.models.charges.ofPeriod('bluegum', period)).map(
      ({ chargeItemId, disposition, net }) => `${chargeItemId} ${disposition} ${net.amount}`,
    );
  async function requests(): Promise<readonly string[]> {
    await msp.house.settle();
    const { items } = await msp.house.billtrail.models.approvals.list({});
    return items.map(({ act, target, state, value }) => `${act} ${target} ${state} ${value?.amount ?? 'not stated'}`);
  }

  it.each([
    ['of one month', [DAY, DAY], MARCH],
    ['of two months', [DAY, '2026-04-02'], '2026-04'],
  ])('%s with a fixed price each waits, and loses one of the prices by a second person', async (_, days, second) => {
    await resolved(fixed, days);
    await msp.house.settle();
    expect(await merges()).toBe('waits');
    expect(await requests()).toEqual(['reclassify T2 waiting 3000.00']);
    expect(await charges(second)).toContain('bluegum-1@incident@support@for-T2 billable 3000.00');
    const [request] = (await msp.house.billtrail.models.approvals.list({})).items;
    await msp.house.approve(request?.requestId ?? '', BEA);
    expect(await requests()).toEqual(['reclassify T2 carried-out 3000.00']);
    expect([...(await charges(MARCH)), ...(await charges('2026-04'))]).toEqual([
      'bluegum-1@incident@support@for-T1 billable 3000.00',
    ]);
    expect(await merges()).toBe('accepted');
    const merged = (await msp.house.events()).find(({ type }) => type === 'TicketMerged');
    expect(merged?.data).toMatchObject({ secondPerson: BEA.id });
  });

  it.each([
    ['of one month', [DAY, DAY], ['T2', 'T1']],
    ['of two months', [DAY, '2026-04-02'], ['T2', 'T1']],
    ['of two months, the earlier into the later', [DAY, '2026-04-02'], ['T1', 'T2']],
  ] as const)('%s under a cap each waits: as one they have the cap once', async (_, days, [ticketId, into]) => {
    await resolved(capped, days);
    await msp.house.settle();
    expect(await merges(ticketId, into)).toBe('waits');
    expect(await requests()).toEqual([`reclassify ${ticketId} waiting 3000.00`]);
  });

  it('waits for nobody where nothing less is asked, nor within the limit', async () => {
    await resolved({}, [DAY, DAY]);
    await msp.house.settle();
    expect(await merges()).toBe('accepted');
    expect(await requests()).toEqual([]);
    await msp.closes();
    await resolved(HOUR_A_TICKET, [DAY, DAY], 15);
    await msp.house.settle();
    expect(await merges()).toBe('accepted');
    expect(await requests()).toEqual(['reclassify T2 carried-out 150.00']);
  });
});
