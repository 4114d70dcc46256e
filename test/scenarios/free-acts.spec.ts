import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { contractCommands as contracts, ticketCommands as tickets } from '@billtrail/application';
import { MAX_PAGE } from '@billtrail/read-models';
import { Msp, versionOf } from './msp.js';
import { BEA, OMAR, PRIYA } from './people.js';
import type { TicketStory } from './ticket-story.js';

const MARCH = '2026-03';
const DAY = '2026-03-10';
const aud = (amount: string) => ({ amount, currency: 'AUD' });
const LIMIT = { secondPersonAbove: { amount: '1000.00', currency: 'AUD' } };
/** 20 h at 150.00. */
const TWENTY_HOURS = 1200;
const INCLUDED = {
  id: 'projects',
  name: 'Projects',
  match: { categories: ['project'] },
  outcome: 'included',
} as const;
const ALL = { id: 'all', name: 'All work', match: {}, outcome: 'billable' } as const;

/** Y1 and Y11: one person makes 3,000.00 of approved work free. */
describe('what makes work free', () => {
  let msp: Msp;
  let ticket: TicketStory;

  beforeEach(async () => {
    msp = await Msp.opens('2026-03-20', LIMIT);
    await msp.signs('bluegum', { rules: [INCLUDED, ALL] });
    ticket = await msp.ticket('T1', 'bluegum');
  });
  afterEach(() => msp.closes());

  const works = async (id: string, minutes: number) => {
    await ticket.time(id, minutes, DAY);
    await msp.house.settle();
  };
  const by = { actor: OMAR };
  const declares = (approvedBy?: typeof BEA) =>
    msp.tries(tickets.DeclareNoCharge, { ticketId: 'T1', reasonCode: 'goodwill', reason: 'ours' }, by, approvedBy);
  const reclassifies = (changes: object, approvedBy?: typeof BEA) =>
    msp.tries(tickets.ReclassifyTicket, { ticketId: 'T1', ...changes, reason: 'seen' }, by, approvedBy);
  const items = () => msp.items('bluegum', MARCH);
  async function waiting() {
    await msp.house.settle();
    const { items: found } = await msp.house.billtrail.models.approvals.list({ state: 'waiting' }, { limit: MAX_PAGE });
    return found.map(({ act, target, value }) => `${act} ${target} ${value?.amount ?? 'not stated'}`);
  }

  it('is a declaration of no charge: above the limit it waits, and has its effect by a second person', async () => {
    await works('W1', TWENTY_HOURS);
    expect(await declares()).toBe('waits');
    expect(await waiting()).toEqual(['no-charge T1 3000.00']);
    expect(await items()).toEqual(['W1 billable 20 h 3000.00 AUD']);
    const [item] = (await msp.house.billtrail.models.billableItems.list()).items;
    const told = await msp.house.billtrail.models.approvals.waitingOn(item === undefined ? [] : [item]);
    expect([...told.values()].flat().map(({ act }) => act)).toEqual(['no-charge']);
  });

  it('is a declaration that a second person approves: who that was stands in the event', async () => {
    await works('W1', TWENTY_HOURS);
    expect(await declares(BEA)).toBe('accepted');
    expect(await items()).toEqual(['W1 covered 20 h 0.00 AUD']);
    const declared = (await msp.house.events()).find(({ type }) => type === 'NoChargeDeclared');
    expect(declared?.data).toMatchObject({ secondPerson: BEA.id });
  });

  it('is not for who recorded goods of the ticket to decide alone: it is their work too', async () => {
    const usage = { materialUsageId: 'M1', itemCode: 'FW', description: 'Firewall', quantity: '1', unit: 'piece' };
    const priced = { ticketId: 'T1', ...usage, workDate: DAY, listPrice: { amount: '40.00', currency: 'AUD' } };
    await msp.send(tickets.RecordMaterialUsage, priced, { actor: { ...PRIYA, id: 'paul' } });
    await msp.house.settle();
    const declared = msp.tries(
      tickets.DeclareNoCharge,
      { ticketId: 'T1', reasonCode: 'goodwill', reason: 'ours' },
      { actor: { ...OMAR, id: 'paul' } },
    );
    expect(await declared).toBe('waits');
    expect(await waiting()).toEqual(['no-charge T1 40.00']);
  });

  it('counts with all else that one person forgoes of the ticket, and not only what was approved', async () => {
    await ticket.time('W1', 240, DAY, { approved: false });
    expect(await declares()).toBe('accepted');
    await ticket.time('W2', 240, DAY, { approved: false });
    expect(await declares()).toBe('waits');
    expect(await items()).toEqual(['W1 covered 4 h 0.00 AUD', 'W2 billable 4 h 600.00 AUD']);
  });

  it('leaves room again once the ticket is opened again, which ends the declaration', async () => {
    await ticket.time('W1', 240, DAY, { approved: false });
    expect(await declares()).toBe('accepted');
    await ticket.resolves();
    await ticket.reopens();
    expect(await items()).toEqual(['W1 billable 4 h 600.00 AUD']);
    expect(await declares()).toBe('accepted');
    await msp.house.settle();
    const { approvals } = msp.house.billtrail.models;
    expect((await approvals.list({})).items.map(({ state }) => state)).toEqual(['taken-back', 'carried-out']);
  });

  it('is told of as given up, once, where two agreed: of the month, and of the ticket', async () => {
    await works('W1', TWENTY_HOURS);
    expect(await reclassifies({ category: 'project' }, BEA)).toBe('accepted');
    const price = { ticketId: 'T2', timeEntryId: 'W2', pricePerHour: aud('140.00'), reason: 'agreed' };
    await (await msp.ticket('T2', 'bluegum')).time('W2', 60, DAY);
    await msp.house.settle();
    expect(await msp.tries(tickets.OverrideTimeEntryPrice, price)).toBe('accepted');
    const free = { ticketId: 'T2', reasonCode: 'goodwill', reason: 'ours' };
    expect(await msp.tries(tickets.DeclareNoCharge, free, by)).toBe('accepted');
    await msp.house.settle();
    const { reconciliation, timeline } = msp.house.billtrail.models;
    expect((await reconciliation.of(DAY)).givenUp).toMatchObject([
      { act: 'no-charge', money: [aud('140.00')], persons: ['omar'] },
      { act: 'reclassify', money: [aud('3000.00')], persons: ['bea', 'omar'] },
      { act: 'price-override', money: [aud('10.00')], persons: ['anna'] },
    ]);
    expect((await timeline.outcome('T1')).givenUp).toMatchObject([
      { act: 'reclassify', target: 'T1', value: aud('3000.00'), requestedBy: 'omar', approvedBy: 'bea' },
    ]);
  });

  it('is a category that leads to an included rule, asked for once', async () => {
    await works('W1', TWENTY_HOURS);
    expect(await reclassifies({ category: 'project' })).toBe('waits');
    expect(await items()).toEqual(['W1 billable 20 h 3000.00 AUD']);
    expect(await waiting()).toEqual(['reclassify T1 3000.00']);
    expect(await reclassifies({ category: 'project', priority: 'high' })).toBe('ForgoingRequestOpen');
    expect(await reclassifies({ category: 'printers' })).toBe('accepted');
  });

  it('is a category of a ticket that was resolved, whatever became of it since', async () => {
    await ticket.time('W1', TWENTY_HOURS, DAY, { approved: false });
    await ticket.resolves();
    await msp.send(tickets.ReopenTicket, { ticketId: 'T1', reason: 'again' }, by);
    expect(await reclassifies({ category: 'project' })).toBe('waits');
    expect(await reclassifies({ category: 'project' }, BEA)).toBe('ForgoingRequestOpen');
  });

  it('is no category that loses no money, nor one of work that nobody approved on a ticket that was never resolved', async () => {
    await ticket.time('W1', TWENTY_HOURS, DAY, { approved: false });
    expect(await reclassifies({ category: 'project' })).toBe('accepted');
    await works('W2', TWENTY_HOURS);
    expect(await reclassifies({ category: 'printers' })).toBe('accepted');
    expect(await reclassifies({ category: 'servers', priority: 'high' })).toBe('accepted');
    expect(await waiting()).toEqual([]);
  });

  it('is another contract, with a cheaper card: the difference counts', async () => {
    await works('W1', TWENTY_HOURS);
    await msp.signsToo('bluegum', 'cheap', { hourly: '90.00', priority: 20 });
    expect(await reclassifies({ contractId: 'cheap' })).toBe('waits');
    expect(await waiting()).toEqual(['reclassify T1 1200.00']);
  });

  it('is another client, where less is asked', async () => {
    await works('W1', TWENTY_HOURS);
    await msp.signs('acacia', { hourly: '1.00' });
    expect(await reclassifies({ clientId: 'acacia', contractId: null })).toBe('waits');
    await msp.signs('dear', { hourly: '200.00' });
    const [request] = (await msp.house.billtrail.models.approvals.list({ state: 'waiting' })).items;
    expect(request).toMatchObject({
      clientId: 'bluegum',
      period: MARCH,
      value: { amount: '2980.00', currency: 'AUD' },
    });
  });

  it('is work that was declared out of scope and is put into the contract again', async () => {
    await reclassifies({ category: 'project' });
    await works('W1', TWENTY_HOURS);
    await msp.send(tickets.ClassifyScope, { ticketId: 'T1', scope: 'out-of-scope', reason: 'new branch' }, by);
    expect(await items()).toEqual(['W1 billable 20 h 3000.00 AUD']);
    const inContract = { ticketId: 'T1', scope: 'in-contract', reason: 'agreed' };
    expect(await msp.tries(tickets.ClassifyScope, inContract, by)).toBe('waits');
    expect(await waiting()).toEqual(['reclassify T1 3000.00']);
    expect(await items()).toEqual(['W1 billable 20 h 3000.00 AUD']);
  });

  it.each([
    ['more minutes', { minutes: TWENTY_HOURS + 1 }, 'reclassify T1 3037.50'],
    ['another description', { description: 'Worked' }, 'reclassify T1 3000.00'],
  ])('is work that was approved once, also where %s took its approval back', async (_what, changes, request) => {
    await works('W1', TWENTY_HOURS);
    const { id: engineerId, role: engineerRole } = PRIYA;
    const entry = { ticketId: 'T1', timeEntryId: 'W1', engineerId, engineerRole, workType: 'remote', workDate: DAY };
    const corrected = { ...entry, minutes: TWENTY_HOURS, description: 'Worked on 2026-03', ...changes, reason: 'seen' };
    expect(await msp.tries(tickets.CorrectTimeEntry, corrected, { actor: PRIYA })).toBe('accepted');
    expect(await reclassifies({ category: 'project' })).toBe('waits');
    expect(await waiting()).toEqual([request]);
    const free = versionOf({ from: '2026-03-01', rules: [{ ...ALL, outcome: 'included' }] });
    const published = { contractId: 'bluegum-1', ...free };
    expect(await msp.tries(contracts.PublishContractVersion, published)).toBe('waits');
  });

  it('is no resolution: it waits for nobody, and does not take back what Operations decided of the scope', async () => {
    await reclassifies({ category: 'project' });
    await msp.send(tickets.ClassifyScope, { ticketId: 'T1', scope: 'out-of-scope', reason: 'new branch' }, by);
    await works('W1', TWENTY_HOURS);
    const resolved = { ticketId: 'T1', resolution: 'Done', materials: 'none-used', scope: 'in-contract' };
    const resolves = (scope: string) => msp.tries(tickets.ResolveTicket, { ...resolved, scope }, { actor: PRIYA });
    expect(await resolves('in-contract')).toBe('ScopeDecided');
    expect(await resolves('out-of-scope')).toBe('accepted');
    await ticket.reopens();
    await works('W2', 60);
    expect(await resolves('in-contract')).toBe('ScopeDecided');
    expect(await waiting()).toEqual([]);
    // The remedy.
    const inContract = { ticketId: 'T1', scope: 'in-contract', reason: 'agreed' };
    expect(await msp.tries(tickets.ClassifyScope, inContract, by, BEA)).toBe('accepted');
    expect(await resolves('in-contract')).toBe('accepted');
  });
});
