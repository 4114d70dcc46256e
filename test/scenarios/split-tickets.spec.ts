import { afterEach, describe, expect, it } from '@jest/globals';
import { isRefusal } from '@billtrail/kernel';
import { ticketCommands as tickets } from '@billtrail/application';
import { rate, type ClientPeriodFacts } from '@billtrail/billing';
import { supposedPeriods } from '@billtrail/billing/testing';
import type { TicketEvent } from '@billtrail/ticketing';
import { Msp, type Terms } from './msp.js';
import { BEA, OMAR } from './people.js';
import { TicketStory } from './ticket-story.js';

const DAY = '2026-03-02';
const MARCH = '2026-03';
const LIMIT = { secondPersonAbove: { amount: '1000.00', currency: 'AUD' } };
/** 150.00 an hour for the first ten hours of a ticket, and 300.00 beyond. */
const TIERED: Terms = {
  minimum: 0,
  increment: 1,
  workTypes: [
    {
      workType: 'remote',
      mode: 'tiers',
      per: 'ticket',
      tiers: [
        { upToMinutes: 600, pricePerHour: '150.00' },
        { upToMinutes: null, pricePerHour: '300.00' },
      ],
    },
  ],
};
const INCLUDED: Terms = {
  minimum: 0,
  increment: 1,
  rules: [{ id: 'all', name: 'All work', match: {}, outcome: 'included' }],
};
const FIXED: Terms = {
  rules: [
    {
      id: 'all',
      name: 'All work',
      match: {},
      outcome: 'included',
      incident: { price: '300.00', taxCategory: 'GST' },
    },
  ],
};
const MINIMUM: Terms = { minimum: 900, increment: 15, scope: 'ticket' };
const CAPPED: Terms = {
  minimum: 0,
  increment: 1,
  besides: { caps: [{ id: 'cap', name: 'Cap', scope: 'ticket', amount: '700.00', above: 'gap' }] },
};

/** Z2: what is asked of two tickets as one is lost where one of them is split off. */
describe('splitting a ticket off by which less is asked', () => {
  let msp: Msp;
  afterEach(() => msp.closes());

  const merges = (ticketId: string, into: string) =>
    msp.send(tickets.MergeTicket, { ticketId, into, reason: 'one outage' }, { actor: OMAR });
  /** Tickets of a client, approved, resolved, and T1 part of T2 by then. */
  async function merged(
    terms: Terms,
    days: readonly string[] = [DAY, DAY],
    minutes = 600,
    others: readonly (readonly [string, string])[] = [],
  ): Promise<TicketStory> {
    msp = await Msp.opens('2026-04-20', LIMIT);
    await msp.signs('bluegum', terms);
    for (const [index, day] of days.entries()) {
      const ticket = await msp.ticket(`T${index + 1}`, 'bluegum');
      await ticket.time(`W${index + 1}`, minutes, day);
      await ticket.resolves();
    }
    await msp.house.settle();
    for (const [ticketId, into] of [...others, ['T1', 'T2'] as const]) await merges(ticketId, into);
    return new TicketStory(msp, 'T2');
  }
  const splits = () => msp.tries(tickets.SplitTicket, { ticketId: 'T1', reason: 'two outages' }, { actor: OMAR });
  async function requests(): Promise<readonly string[]> {
    await msp.house.settle();
    const { items } = await msp.house.billtrail.models.approvals.list({});
    return items.map(({ act, target, state, value }) => `${act} ${target} ${state} ${value?.amount ?? 'not stated'}`);
  }
  async function anotherAgrees(): Promise<void> {
    const [request] = (await msp.house.billtrail.models.approvals.list({ state: 'waiting' })).items;
    expect(isRefusal(await msp.house.approve(request?.requestId ?? '', BEA))).toBe(false);
  }

  it('waits where hours beyond a tier become hours within it, shown with what it takes, and is done by a second person', async () => {
    await merged(TIERED);
    const asOne = ['W1 billable 10 h 1500.00 AUD', 'W2 billable 10 h 3000.00 AUD'];
    expect(await msp.items('bluegum', MARCH)).toEqual(asOne);
    expect(await splits()).toBe('waits');
    expect(await msp.items('bluegum', MARCH)).toEqual(asOne);
    expect(await requests()).toEqual(['reclassify T1 waiting 1500.00']);
    const { approvals, timeline } = msp.house.billtrail.models;
    expect((await approvals.list({})).items).toMatchObject([{ deed: 'split' }]);
    expect((await timeline.outcome('T2')).waiting).toMatchObject([{ deed: 'split' }]);
    expect((await timeline.timeline('T1'))?.items.at(-1)?.sentence).toBe(
      'Asked to split ticket T1 from the one it was merged into, 1500.00 AUD: two outages (waits for a second person)',
    );
    await anotherAgrees();
    expect(await msp.items('bluegum', MARCH)).toEqual(['W1 billable 10 h 1500.00 AUD', 'W2 billable 10 h 1500.00 AUD']);
    expect(await requests()).toEqual(['reclassify T1 carried-out 1500.00']);
    await msp.house.settle();
    const given = { act: 'reclassify', deed: 'split' };
    expect((await msp.house.billtrail.models.reconciliation.of(DAY)).givenUp).toMatchObject([given]);
    expect((await timeline.outcome('T2')).givenUp).toMatchObject([given]);
    const split = (await msp.house.events()).find(({ type }) => type === 'TicketSplit');
    expect(split).toMatchObject({ actor: { id: OMAR.id }, data: { secondPerson: BEA.id } });
    expect(await splits()).toBe('accepted');
  });

  it('waits where the other went to a client that pays more, and its work comes back', async () => {
    const other = await merged({});
    await msp.signs('acacia', { hourly: '300.00' });
    await other.isOf({ clientId: 'acacia', contractId: 'acacia-1' });
    expect(await splits()).toBe('waits');
    expect(await requests()).toContain('reclassify T1 waiting 1500.00');
    await anotherAgrees();
    expect(await msp.items('bluegum', MARCH)).toEqual(['W1 billable 10 h 1500.00 AUD']);
  });

  it('waits where the other was declared out of scope, and its work is in the contract again', async () => {
    const other = await merged(INCLUDED);
    await other.isClassified('out-of-scope');
    expect(await splits()).toBe('waits');
    expect(await requests()).toContain('reclassify T1 waiting 1500.00');
  });

  it('stands within the limit, once: what is merged and split again adds up', async () => {
    await merged(TIERED, [DAY, DAY], 400);
    expect(await splits()).toBe('accepted');
    expect(await requests()).toEqual(['reclassify T1 carried-out 500.00']);
    await merges('T1', 'T2');
    expect(await splits()).toBe('accepted');
    await merges('T1', 'T2');
    expect(await splits()).toBe('waits');
  });

  it.each<[string, Terms, readonly string[], readonly (readonly [string, string])[]]>([
    ['tiers', TIERED, [DAY, DAY], []],
    ['fixed prices, over two months', FIXED, ['2026-03-30', '2026-04-02'], []],
    ['a cap, over two months', CAPPED, ['2026-03-30', '2026-04-02'], []],
    ['a cap, and a third ticket that stays', CAPPED, ['2026-03-30', '2026-04-02', DAY], [['T3', 'T2']]],
    ['a cap, and a third ticket that goes along', CAPPED, ['2026-03-30', '2026-04-02', DAY], [['T3', 'T1']]],
  ])('is supposed as it comes to be rated: %s', async (_, terms, days, others) => {
    await merged(terms, days, 600, others);
    await msp.house.settle();
    const event: TicketEvent = {
      type: 'TicketSplit',
      data: { from: 'T2', stage: 'resolved', reason: 'two outages' },
      occurredAt: msp.house.now,
    };
    const { documentFacts, billableItems } = msp.house.billtrail.models;
    const supposing = { ticketId: 'T1', events: [event], apart: documentFacts.apart('T1') };
    const now = documentFacts.concernedBy(supposing, ['bluegum']);
    if (isRefusal(now)) throw new Error(now.message);
    const then = supposedPeriods(now, supposing).map(figuresOf);
    if ((await splits()) === 'waits') await anotherAgrees();
    await msp.house.settle();
    const came = now.map(({ clientId, period }) => figuresOf(billableItems.periodFactsNow(clientId, period)));
    expect(then).toEqual(came);
    expect(then).not.toEqual(now.map(figuresOf));
  });

  it('waits for nobody where more is asked apart: a minimum, a fixed price or a cap for each', async () => {
    for (const terms of [MINIMUM, FIXED, CAPPED]) {
      await merged(terms);
      const before = await requests();
      expect(await splits()).toBe('accepted');
      expect(await requests()).toEqual(before);
      if (terms !== CAPPED) await msp.closes();
    }
  });
});

/** What a split is valued by: what each item and charge comes to, and the gaps. */
function figuresOf(facts: ClientPeriodFacts) {
  const { items, charges, gaps } = rate(facts);
  return {
    period: facts.period,
    items: items.map(({ itemId, ticketId, disposition, net }) => ({ itemId, ticketId, disposition, net })),
    charges: charges.map(({ chargeItemId, net }) => ({ chargeItemId, net })),
    gaps: gaps.map(({ kind, ticketId, workItemId, valueAtRisk }) => ({ kind, ticketId, workItemId, valueAtRisk })),
  };
}
