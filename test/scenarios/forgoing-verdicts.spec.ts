import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import {
  WithdrawForgoingRequest,
  billingCommands as billing,
  contractCommands as contracts,
  ticketCommands as tickets,
} from '@billtrail/application';
import { compareTexts, type Actor } from '@billtrail/kernel';
import { MAX_PAGE, type Approval, type ApprovalState, type Gap } from '@billtrail/read-models';
import { temporaryFolder } from '../e2e/temporary-folder.js';
import { House } from '../laws/kit/house.js';
import { Msp } from './msp.js';
import { ANNA, BEA, OMAR, PRIYA } from './people.js';
import { managed, publishedPolicy, slaStory } from './service-levels.js';

const MARCH = '2026-03';
const LIMIT = { secondPersonAbove: { amount: '1000.00', currency: 'AUD' } };
const WHY = { reasonCode: 'not-worth-it', comment: 'agreed with the owner' };
/** 487.50 at 150.00 an hour. */
const MINUTES = 195;

/** As another program changes the read models. */
function changed(dataDir: string, sql: string): void {
  const file = new Database(join(dataDir, 'read-models.db'));
  const { total } = file.prepare('SELECT total_changes() AS total').get() as { readonly total: number };
  file.exec(sql);
  expect(file.prepare('SELECT total_changes() AS total').get()).not.toEqual({ total });
  file.close();
}

describe('money is forgone in the order of the log (G12)', () => {
  let msp: Msp;
  let other: House | null = null;
  let folder: ReturnType<typeof temporaryFolder> | null = null;
  beforeEach(() => void (other = folder = null));
  afterEach(async () => {
    await other?.close();
    await msp.closes();
    folder?.remove();
  });

  /** Tickets with entries of 487.50 that nobody approved: a gap for each entry. */
  async function opens(entries: Readonly<Record<string, number>>, dataDir?: string): Promise<void> {
    msp = await Msp.opens('2026-04-01', LIMIT, dataDir);
    await msp.signs('bluegum');
    for (const [ticketId, count] of Object.entries(entries)) {
      const ticket = await msp.ticket(ticketId, 'bluegum');
      for (let n = 1; n <= count; n++) await ticket.time(`${ticketId}-W${n}`, MINUTES, '2026-03-10');
      await ticket.resolves();
    }
    await msp.days(20);
  }

  async function gaps(house: House = msp.house): Promise<readonly Gap[]> {
    return (await house.billtrail.models.gaps.list({}, { limit: MAX_PAGE })).items;
  }

  async function openGaps(ticketId?: string): Promise<readonly string[]> {
    const open = (await gaps()).filter((gap) => gap.state === 'open');
    return open.filter((gap) => ticketId === undefined || gap.ticketId === ticketId).map(({ gapId }) => gapId);
  }

  async function requests(state: ApprovalState, house: House = msp.house): Promise<readonly Approval[]> {
    return (await house.billtrail.models.approvals.list({ state }, { limit: MAX_PAGE })).items;
  }

  const accepts = (gapId: string, by: Actor = ANNA) =>
    msp.tries(billing.AcceptBillingGap, { gapId, ...WHY }, { actor: by });
  const withdraws = (requestId = '', reason = 'asked by mistake') =>
    msp.tries(WithdrawForgoingRequest, { requestId, reason });
  const counted = (answers: readonly string[]) => ({
    accepted: answers.filter((one) => one === 'accepted').length,
    waits: answers.filter((one) => one === 'waits').length,
  });

  it('20 gaps of 487.50 of one ticket are accepted at once by one person, limit 1,000: two stand, 18 wait and stay open', async () => {
    await opens({ T1: 20 });
    const ids = await openGaps();
    expect(ids).toHaveLength(20);
    expect(counted(await Promise.all(ids.map((gapId) => accepts(gapId))))).toEqual({ accepted: 2, waits: 18 });
    await msp.house.settle();
    expect(await openGaps()).toHaveLength(18);
    const waiting = await requests('waiting');
    expect(waiting).toHaveLength(18);
    expect(waiting[0]).toMatchObject({
      act: 'accept-gap',
      ticketId: 'T1',
      clientId: 'bluegum',
      period: MARCH,
      value: { amount: '487.50', currency: 'AUD' },
      requestedBy: ANNA.id,
      comment: WHY.comment,
      waitsBecause: {
        because: 'above-limit',
        ticketId: 'T1',
        sum: { amount: '1462.50' },
        limit: { amount: '1000.00' },
      },
    });
    expect((await requests('carried-out')).map(({ value }) => value?.amount)).toEqual(['487.50', '487.50']);
    const { reconciliation } = msp.house.billtrail.models;
    expect(await reconciliation.of('2026-04-21')).toMatchObject({
      waitingToForgo: { requests: 18, money: [{ amount: '8775.00', currency: 'AUD' }] },
      tickets: { gap: 1 },
    });
    const told = (await gaps()).flatMap(({ waiting: on }) => (on === undefined ? [] : [on]));
    const asked = waiting.map(({ requestId, act, requestedBy, requestedAt, value }) => {
      return { requestId, act, requestedBy, requestedAt, value };
    });
    // Not every log has them in the order of the gaps.
    const byId = (one: Pick<Approval, 'requestId'>, two: typeof one) => compareTexts(one.requestId, two.requestId);
    expect(told.toSorted(byId)).toEqual(asked.toSorted(byId));
    const events = await msp.house.events();
    expect(events.filter(({ type }) => type === 'BillingGapAccepted')).toHaveLength(2);
    const { items } = (await msp.house.billtrail.models.timeline.timeline('T1', { limit: MAX_PAGE }))!;
    expect(items.filter(({ sentence }) => sentence.endsWith('(waits for a second person)'))).toHaveLength(18);
  });

  it('two processes at once: two stand, whoever looks, and a rebuild says the same', async () => {
    folder = temporaryFolder();
    await opens({ T1: 6 }, folder.path);
    other = await House.open('2026-04-22T09:00:00+11:00', folder.path, 1_000);
    await other.settle();
    const second = other;
    const ids = await openGaps();
    const answers = await Promise.all(
      ids.map(async (gapId, n) => {
        if (n % 2 === 0) return accepts(gapId);
        const answer = await second.must(billing.AcceptBillingGap, { gapId, ...WHY }, { actor: OMAR });
        return answer.waits === true ? 'waits' : 'accepted';
      }),
    );
    expect(counted(answers)).toEqual({ accepted: 2, waits: 4 });
    await msp.house.settle();
    await other.settle();
    const before = await requests('waiting');
    expect(before).toHaveLength(4);
    expect(await requests('waiting', other)).toEqual(before);
    await msp.house.billtrail.models.rebuild(['approvals']);
    expect(await requests('waiting')).toEqual(before);
    expect(await openGaps()).toHaveLength(4);
  });

  it('counts the tickets of a client and month together, and each month by itself', async () => {
    await opens({ T1: 2, T2: 2 });
    const april = await msp.ticket('T3', 'bluegum');
    await april.time('T3-W1', MINUTES, '2026-04-01');
    await april.resolves();
    await msp.days(20);
    const of = async (ticketId: string) => (await openGaps(ticketId))[0] ?? '';
    expect(await accepts(await of('T1'))).toBe('accepted');
    expect(await accepts(await of('T2'))).toBe('accepted');
    await msp.house.settle();
    expect(await accepts(await of('T1'))).toBe('waits');
    expect(await accepts(await of('T3'))).toBe('accepted');
    expect(await requests('waiting')).toMatchObject([{ waitsBecause: { ticketId: null, sum: { amount: '1462.50' } } }]);
  });

  it('counts acts of all kinds: an accepted gap, a write-off, a courtesy, a price and a credit', async () => {
    msp = await Msp.opens('2026-04-01', LIMIT);
    await msp.signs('bluegum');
    const ticket = await msp.ticket('T1', 'bluegum');
    for (const id of ['W1', 'W2', 'W3', 'W4']) {
      await ticket.time(id, 120, '2026-03-10');
      await ticket.approves(id);
    }
    await ticket.resolves();
    await msp.house.settle();
    const courtesy = { ticketId: 'T1', workItemId: 'W1', reason: 'sorry' };
    expect(await msp.tries(tickets.GrantCourtesy, courtesy)).toBe('accepted');
    expect(await msp.writesOff('W2', 'bluegum', MARCH, ANNA)).toBe('accepted');
    const price = { ticketId: 'T1', timeEntryId: 'W3', pricePerHour: { amount: '1.00', currency: 'AUD' }, reason: 'x' };
    expect(await msp.tries(tickets.OverrideTimeEntryPrice, price)).toBe('accepted');
    await msp.house.settle();
    expect(await msp.writesOff('W4', 'bluegum', MARCH, ANNA)).toBe('waits');
    expect((await msp.items('bluegum', MARCH)).at(-1)).toBe('W4 billable 2 h 300.00 AUD');
    expect(await msp.bills('I1', 'bluegum', MARCH)).toContain('W4 2 h 300.00');
    const credit = [{ itemId: 'W4', outcome: 'written-off' as const }];
    expect(await msp.credits('C1', 'I1', 'bluegum', MARCH, credit)).toBe('waits');
    await msp.house.settle();
    expect((await msp.house.billtrail.models.creditNotes.list()).items).toEqual([]);
    // A courtesy that is withdrawn makes room; billed work keeps what it was given.
    expect((await requests('waiting')).map(({ act }) => act)).toEqual(['credit']);
    // What was to be written off is on an invoice.
    expect((await requests('lapsed')).map(({ act }) => act)).toEqual(['write-off']);
    expect(await msp.credits('C2', 'I1', 'bluegum', MARCH, credit, { approvedBy: BEA })).toBe('accepted');
    expect(await msp.creditNote('C2')).toContain('W4 written-off 300.00');
  });

  it('a credit over two tickets waits for both: the reconciliation of each tells its part', async () => {
    msp = await Msp.opens('2026-04-01', LIMIT);
    await msp.signs('bluegum');
    for (const [ticketId, minutes] of Object.entries({ T1: 195, T2: 120, T3: 195 })) {
      const ticket = await msp.ticket(ticketId, 'bluegum');
      await ticket.time(`${ticketId}-W1`, minutes, '2026-03-10');
      await ticket.approves(`${ticketId}-W1`);
      await ticket.resolves();
    }
    await msp.house.settle();
    expect(await msp.writesOff('T3-W1', 'bluegum', MARCH, ANNA)).toBe('accepted');
    await msp.bills('I1', 'bluegum', MARCH);
    const credit = ['T1-W1', 'T2-W1'].map((itemId) => ({ itemId, outcome: 'written-off' as const }));
    expect(await msp.credits('C1', 'I1', 'bluegum', MARCH, credit)).toBe('waits');
    await msp.house.settle();
    const { reconciliation } = msp.house.billtrail.models;
    const waits = async (ticketId?: string) =>
      (await reconciliation.of('2026-04-21', ticketId === undefined ? {} : { ticketId })).waitingToForgo;
    expect(await waits()).toEqual({ requests: 1, money: [{ amount: '787.50', currency: 'AUD' }] });
    expect(await waits('T1')).toEqual({ requests: 1, money: [{ amount: '487.50', currency: 'AUD' }] });
    expect(await waits('T2')).toEqual({ requests: 1, money: [{ amount: '300.00', currency: 'AUD' }] });
    expect(await waits('T3')).toBeUndefined();
  });

  it('what a second person approves has its effect, names both, and takes no room', async () => {
    await opens({ T1: 4 });
    const [first = '', second = '', third = '', fourth = ''] = await openGaps();
    for (const gapId of [first, second]) expect(await accepts(gapId)).toBe('accepted');
    expect(await accepts(third)).toBe('waits');
    expect(await accepts(third)).toBe('ForgoingRequestOpen');
    const [waiting] = await requests('waiting');
    expect(await msp.house.approve(waiting?.requestId ?? '', BEA)).toMatchObject({ repeated: false });
    await msp.house.settle();
    const accepted = (await gaps()).find(({ gapId }) => gapId === third);
    expect(accepted?.acceptance).toMatchObject({ acceptedBy: ANNA.id, secondPerson: BEA.id });
    expect(await accepts(fourth)).toBe('waits');
    await msp.house.settle();
    expect(await requests('waiting')).toMatchObject([{ target: fourth, waitsBecause: { sum: { amount: '1462.50' } } }]);
    expect((await requests('carried-out')).at(-1)).toMatchObject({ target: third, approvedBy: BEA.id });
    expect(await openGaps()).toEqual([fourth]);
  });

  it('what waits is withdrawn by name, and never after it had effect', async () => {
    await opens({ T1: 3 });
    for (const gapId of await openGaps()) await accepts(gapId);
    await msp.house.settle();
    const [waiting] = await requests('waiting');
    expect(await withdraws(waiting?.requestId)).toBe('accepted');
    expect(await withdraws(waiting?.requestId)).toBe('accepted');
    await msp.house.settle();
    expect(await requests('waiting')).toEqual([]);
    expect(await requests('withdrawn')).toHaveLength(1);
    expect(await openGaps()).toHaveLength(1);
    const [done] = await requests('carried-out');
    expect(await withdraws(done?.requestId)).toBe('ForgoingRequestEnded');
    expect(await withdraws('nobody')).toBe('ForgoingRequestUnknown');
    // It took no room, so the same waits again.
    const [gapId] = await openGaps();
    const again = await msp.house.must(billing.AcceptBillingGap, { gapId, ...WHY }, { actor: ANNA });
    expect(again).toMatchObject({ waits: true });
    expect(again.warnings?.[0]?.message).toContain(
      'This would bring what single people have forgone on ticket T1 to 1,462.50 AUD; the limit is 1,000.00 AUD.',
    );
  });

  it('a courtesy that is withdrawn makes room for what is asked after it, and wakes nothing that waits', async () => {
    msp = await Msp.opens('2026-04-01', LIMIT);
    await msp.signs('bluegum');
    const ticket = await msp.ticket('T1', 'bluegum');
    for (const id of ['W1', 'W2', 'W3']) await ticket.time(id, MINUTES, '2026-03-10');
    await msp.house.settle();
    const gives = (workItemId: string) =>
      msp.tries(tickets.GrantCourtesy, { ticketId: 'T1', workItemId, reason: 'sorry' });
    expect([await gives('W1'), await gives('W2'), await gives('W3')]).toEqual(['accepted', 'accepted', 'waits']);
    const back = { ticketId: 'T1', workItemId: 'W1', reason: 'they pay after all' };
    expect(await msp.tries(tickets.WithdrawCourtesy, back)).toBe('accepted');
    await msp.house.settle();
    const [waiting] = await requests('waiting');
    expect(waiting).toMatchObject({ target: 'W3' });
    expect(await withdraws(waiting?.requestId)).toBe('accepted');
    expect(await gives('W3')).toBe('accepted');
  });

  it('a courtesy that waits is still there after a warning of a service level, and can be withdrawn', async () => {
    msp = await Msp.opens('2026-03-02', { secondPersonAbove: { amount: '500.00', currency: 'AUD' } });
    await msp.signs('bluegum', { besides: managed(publishedPolicy('lucidity_au')) });
    const ticket = await msp.ticket('T1', 'bluegum', { priority: 'critical' });
    for (const id of ['W1', 'W2']) await ticket.time(id, MINUTES, '2026-03-02');
    await msp.house.settle();
    const gives = (workItemId: string) =>
      msp.tries(tickets.GrantCourtesy, { ticketId: 'T1', workItemId, reason: 'sorry' });
    expect([await gives('W1'), await gives('W2')]).toEqual(['accepted', 'waits']);
    await msp.days(0.6);
    expect(await slaStory(msp, 'T1')).toEqual(['SlaWarned resolution 50']);
    expect(await gives('W2')).toBe('ForgoingRequestOpen');
    const [waiting] = await requests('waiting');
    expect(await withdraws(waiting?.requestId)).toBe('accepted');
    await msp.house.settle();
    expect(await requests('waiting')).toEqual([]);
    expect(await requests('withdrawn')).toMatchObject([{ target: 'W2' }]);
  });

  it('a void after the act, or a gap that ends by itself, leaves nothing waiting for it', async () => {
    await opens({ T1: 3 });
    for (const gapId of await openGaps()) await accepts(gapId);
    await msp.house.settle();
    const left = (await gaps()).find(({ state }) => state === 'open');
    await msp.send(
      tickets.VoidTimeEntry,
      { ticketId: 'T1', timeEntryId: left?.workItemId, reason: 'twice' },
      { actor: PRIYA },
    );
    await msp.house.settle();
    expect((await gaps()).find(({ gapId }) => gapId === left?.gapId)?.ending).toBe('corrected');
    expect(await requests('waiting')).toEqual([]);
    expect(await requests('lapsed')).toMatchObject([{ target: left?.gapId }]);
  });

  it('killed between the request and its effect: a policy carries it out, once', async () => {
    await opens({ T1: 3 });
    for (const gapId of await openGaps())
      await msp.tries(billing.AcceptBillingGap, { gapId, ...WHY }, { interrupted: true });
    expect(await openGaps()).toHaveLength(3);
    await msp.house.settle();
    expect(await openGaps()).toHaveLength(1);
    expect((await requests('carried-out')).length).toBe(2);
    expect(await requests('standing')).toEqual([]);
    const accepted = (await msp.house.events()).filter(({ type }) => type === 'BillingGapAccepted');
    expect(accepted.map(({ actor }) => actor)).toEqual([ANNA, ANNA]);
  });

  it('what has changed between the request and its effect is not forgone: the request is withdrawn with the cause', async () => {
    msp = await Msp.opens('2026-04-01', LIMIT);
    await msp.signs('bluegum');
    const ticket = await msp.ticket('T1', 'bluegum');
    await ticket.time('W1', 60, '2026-03-10');
    await ticket.approves('W1');
    await ticket.resolves();
    await msp.house.settle();
    const off = { itemId: 'W1', clientId: 'bluegum', period: MARCH, reasonCode: 'goodwill', comment: 'agreed' };
    await msp.tries(billing.WriteOffWork, off, { interrupted: true });
    await ticket.corrects('W1', MINUTES, '2026-03-10');
    await msp.house.settle();
    expect(await requests('withdrawn')).toHaveLength(1);
    expect(await msp.items('bluegum', MARCH)).toEqual(['W1 billable 3.25 h 487.50 AUD']);
    const withdrawn = (await msp.house.events()).find(({ type }) => type === 'ForgoingWithdrawn');
    expect(withdrawn?.data).toMatchObject({ reason: expect.stringContaining('ForgoneChanged') });
  });

  it('a request that stands is not withdrawn because the read models were changed: it is carried out once they are mended', async () => {
    folder = temporaryFolder();
    msp = await Msp.opens('2026-04-01', LIMIT, folder.path);
    await msp.signs('bluegum');
    const ticket = await msp.ticket('T1', 'bluegum');
    await ticket.time('W1', MINUTES, '2026-03-10');
    await ticket.approves('W1');
    await ticket.resolves();
    await msp.house.settle();
    const off = { itemId: 'W1', clientId: 'bluegum', period: MARCH, reasonCode: 'goodwill', comment: 'agreed' };
    await msp.tries(billing.WriteOffWork, off, { interrupted: true });
    const before = (await msp.house.events()).length;
    changed(folder.path, `UPDATE work_items SET name = name || 'x'`);
    const { billtrail } = msp.house;
    await billtrail.catchUp();
    expect(billtrail.policyTroubles()).toMatchObject([
      { policy: 'carry-out-forgoing', cause: expect.stringContaining('ReadModelsDiffer') },
    ]);
    expect(await msp.writesOff('W1', 'bluegum', MARCH, ANNA)).toBe('ReadModelsDiffer');
    expect(await msp.house.events()).toHaveLength(before);
    await billtrail.models.rebuild();
    await msp.house.settle();
    expect(await requests('carried-out')).toMatchObject([{ target: 'W1' }]);
    expect(await requests('withdrawn')).toEqual([]);
  });

  it.each([
    ['the sums', 'UPDATE forgone_sums SET minor = 0'],
    ['the limit', `UPDATE forgoing_limits SET limits = replace(limits, '1000.00', '9000.00')`],
    ['a verdict', `UPDATE approvals SET verdict = 'stands', waits_because = NULL WHERE verdict = 'waits'`],
    ['who did the work', `UPDATE people_of_work SET person_id = 'nobody' WHERE ticket_id = 'T1'`],
  ])('nothing is forgone where another program changed %s in the read models', async (_what, sql) => {
    folder = temporaryFolder();
    await opens({ T1: 4 }, folder.path);
    const [first = '', second = '', third = '', fourth = ''] = await openGaps();
    for (const gapId of [first, second, third]) await accepts(gapId);
    await msp.tries(billing.AcceptBillingGap, { gapId: fourth, ...WHY }, { interrupted: true });
    await msp.house.settle();
    expect(await requests('waiting')).toHaveLength(2);
    const [waiting] = await requests('waiting');
    for (const { id } of [ANNA, BEA]) await msp.house.registers(id);
    const before = (await msp.house.events()).length;
    changed(folder.path, sql);
    expect(await accepts(fourth, OMAR)).toBe('ReadModelsDiffer');
    expect(await msp.house.approve(waiting?.requestId ?? '', BEA)).toMatchObject({ code: 'ReadModelsDiffer' });
    const courtesy = { ticketId: 'T1', workItemId: 'T1-W1', reason: 'sorry' };
    expect(await msp.tries(tickets.GrantCourtesy, courtesy)).toBe('ReadModelsDiffer');
    const price = { ticketId: 'T1', timeEntryId: 'T1-W1', pricePerHour: { amount: '1.00', currency: 'AUD' } };
    expect(await msp.tries(tickets.OverrideTimeEntryPrice, { ...price, reason: 'x' })).toBe('ReadModelsDiffer');
    await msp.house.billtrail.catchUp();
    expect(await msp.house.events()).toHaveLength(before);
    await msp.house.billtrail.models.rebuild();
    await msp.house.settle();
    expect(await openGaps()).toHaveLength(2);
    expect(await requests('waiting')).toHaveLength(2);
  });

  it('a courtesy or a price is not reckoned from work that another program changed', async () => {
    folder = temporaryFolder();
    await opens({ T1: 1 }, folder.path);
    changed(folder.path, `UPDATE work_items SET facts = json_set(facts, '$.minutes', 1), minutes = 1`);
    const courtesy = { ticketId: 'T1', workItemId: 'T1-W1', reason: 'sorry' };
    expect(await msp.tries(tickets.GrantCourtesy, courtesy)).toBe('ReadModelsDiffer');
    const price = { ticketId: 'T1', timeEntryId: 'T1-W1', pricePerHour: { amount: '1.00', currency: 'AUD' } };
    expect(await msp.tries(tickets.OverrideTimeEntryPrice, { ...price, reason: 'x' })).toBe('ReadModelsDiffer');
  });

  it('work without a price is written off by two, for nobody can state what it is worth; its gap is accepted by one and comes back', async () => {
    msp = await Msp.opens('2026-04-01', LIMIT);
    const client = { clientId: 'bluegum', name: 'bluegum', currency: 'AUD', timeZone: 'Australia/Sydney' };
    await msp.send(contracts.RegisterClient, { ...client, taxExemption: null });
    const ticket = await msp.ticket('T1', 'bluegum');
    for (const id of ['W1', 'W2']) await ticket.time(id, 1_200, '2026-03-10');
    await ticket.resolves();
    await msp.house.settle();
    expect(await msp.writesOff('W1', 'bluegum', MARCH, ANNA)).toBe('waits');
    const [unstated] = await requests('waiting');
    expect(unstated).toMatchObject({ value: null, waitsBecause: { because: 'value-not-stated' } });
    expect(await msp.house.approve(unstated?.requestId ?? '', BEA)).toMatchObject({ repeated: false });
    await msp.house.settle();
    const [gapId = ''] = await openGaps();
    expect(await accepts(gapId)).toBe('accepted');
    await msp.signsToo('bluegum', 'bluegum-1', {});
    // 20 x 150.00 that nobody forgave.
    expect(await msp.items('bluegum', MARCH)).toEqual([
      'W1 written-off 20 h without a price',
      'W2 billable 20 h 3000.00 AUD',
    ]);
  });

  it('the limit is that of the log at the request, not of whoever decided', async () => {
    await opens({ T1: 2 });
    const [first = '', second = ''] = await openGaps();
    expect(await accepts(first)).toBe('accepted');
    await msp.configures({ secondPersonAbove: { amount: '900.00', currency: 'AUD' } });
    expect(await accepts(second)).toBe('waits');
  });
});
