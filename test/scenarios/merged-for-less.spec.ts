import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ticketCommands as tickets } from '@billtrail/application';
import type { CoverageRule } from '@billtrail/contracts';
import { MAX_PAGE } from '@billtrail/read-models';
import { Msp } from './msp.js';
import { BEA, OMAR } from './people.js';

const DAY = '2026-03-10';
const MARCH = '2026-03';
const LIMIT = { secondPersonAbove: { amount: '1000.00', currency: 'AUD' } };
const by = { actor: OMAR };
const ALL = { id: 'all', name: 'All work', match: {}, outcome: 'billable' } as const;
const PROJECTS: CoverageRule = { ...ALL, id: 'projects', match: { categories: ['project'] }, outcome: 'included' };
const LOW: CoverageRule = { ...ALL, id: 'low', match: { priorities: ['low'] }, outcome: 'included' };
const cap = { id: 'cap', name: 'Per ticket', scope: 'ticket', amount: '3000.00', above: 'write-down' } as const;

/** Y1 by way of a merge: work of 3,000.00 that was approved and resolved is part of a ticket that has none of its own. */
describe('work that was merged into another ticket first', () => {
  let msp: Msp;
  beforeEach(async () => {
    msp = await Msp.opens('2026-03-20', LIMIT);
    await msp.signs('bluegum', { rules: [PROJECTS, LOW, ALL], besides: { caps: [cap] } });
    await msp.signs('included', { rules: [{ ...ALL, outcome: 'included' }] });
    for (const id of ['W', 'V']) {
      const ticket = await msp.ticket(id, 'bluegum');
      await ticket.time(`${id}-E`, 1200, DAY);
      await ticket.resolves();
    }
    for (const id of ['P', 'PP', 'Q']) await msp.ticket(id, 'bluegum');
    await msp.house.settle();
    await merges('W', 'P');
    await merges('V', 'Q');
  });
  afterEach(() => msp.closes());

  const merges = (ticketId: string, into: string) =>
    msp.tries(tickets.MergeTicket, { ticketId, into, reason: 'one outage' }, by);
  const reclassifies = (ticketId: string, changes: object, approvedBy?: typeof BEA) =>
    msp.tries(tickets.ReclassifyTicket, { ticketId, ...changes, reason: 'seen' }, by, approvedBy);
  const items = () => msp.items('bluegum', MARCH);
  async function waiting() {
    await msp.house.settle();
    const { items: found } = await msp.house.billtrail.models.approvals.list({ state: 'waiting' }, { limit: MAX_PAGE });
    return found.map(({ act, target, value }) => `${act} ${target} ${value?.amount ?? 'not stated'}`);
  }
  const BOTH = ['V-E billable 20 h 3000.00 AUD', 'W-E billable 20 h 3000.00 AUD'];

  it('goes to no client with the other that is asked less for it', async () => {
    expect(await reclassifies('P', { clientId: 'included', contractId: null })).toBe('waits');
    expect(await waiting()).toEqual(['reclassify P 3000.00']);
    expect(await items()).toEqual(BOTH);
  });

  it('nor by way of two tickets, and no other is of that client by a triage', async () => {
    expect(await merges('P', 'PP')).toBe('accepted');
    expect(await reclassifies('PP', { clientId: 'included', contractId: null })).toBe('waits');
    const requested = { ticketId: 'N', clientId: 'bluegum', summary: 'Please help', ticketType: 'incident' };
    await msp.send(tickets.RequestTicket, requested, by);
    expect(await merges('V', 'N')).toBe('TicketMerged');
    expect(await merges('Q', 'N')).toBe('accepted');
    const triaged = { ticketId: 'N', clientId: 'included', category: 'printers', priority: 'low' };
    expect(await msp.tries(tickets.TriageTicket, triaged, by)).toBe('waits');
    expect(await items()).toEqual(BOTH);
  });

  it.each<[string, object, string]>([
    ['category', { category: 'project' }, '3000.00'],
    ['priority', { priority: 'low' }, '3000.00'],
    ['contract', { contractId: 'cheap' }, '2980.00'],
  ])('is of no other %s itself: that prices it, as part of the other too', async (_what, changes, value) => {
    await msp.signsToo('bluegum', 'cheap', { hourly: '1.00', priority: 200 });
    expect(await reclassifies('W', changes)).toBe('waits');
    expect(await waiting()).toEqual([`reclassify W ${value}`]);
    expect(await items()).toEqual(BOTH);
  });

  it('keeps its own category, priority and contract, whatever those of the other are', async () => {
    await msp.signsToo('bluegum', 'cheap', { hourly: '1.00', priority: 200 });
    expect(await reclassifies('P', { category: 'project', priority: 'low', contractId: 'cheap' })).toBe('accepted');
    expect(await waiting()).toEqual([]);
    expect(await items()).toEqual(BOTH);
  });

  it('is not under one cap with other such work', async () => {
    expect(await merges('P', 'Q')).toBe('waits');
    expect(await waiting()).toEqual(['reclassify P 3000.00']);
    expect(await items()).toEqual(BOTH);
  });

  it('stays out of scope as it was declared', async () => {
    const scoped = (ticketId: string, scope: string) =>
      msp.tries(tickets.ClassifyScope, { ticketId, scope, reason: 'agreed' }, by);
    expect(await scoped('P', 'out-of-scope')).toBe('accepted');
    expect(await reclassifies('W', { category: 'project' })).toBe('accepted');
    expect(await items()).toEqual(BOTH);
    expect(await scoped('P', 'in-contract')).toBe('waits');
    expect(await waiting()).toEqual(['reclassify P 3000.00']);
  });
});
