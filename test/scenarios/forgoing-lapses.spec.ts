import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  WithdrawForgoingRequest,
  answerOf,
  billingCommands as billing,
  ticketCommands as tickets,
} from '@billtrail/application';
import { MAX_PAGE, type Approval, type WaitingRequest } from '@billtrail/read-models';
import { Msp } from './msp.js';
import { ANNA, BEA, OMAR, PRIYA } from './people.js';
import type { TicketStory } from './ticket-story.js';

const MARCH = '2026-03';
const OF = { clientId: 'bluegum', period: MARCH } as const;
const LIMIT = { secondPersonAbove: { amount: '1000.00', currency: 'AUD' } };
/** 487.50 at 150.00 an hour. */
const MINUTES = 195;
const DAY = '2026-03-10';

describe('a request that waits for a second person', () => {
  let msp: Msp;
  let ticket: TicketStory;

  /** Of three entries of 487.50 two are given away by one person; what is asked of W3 waits. */
  beforeEach(async () => {
    msp = await Msp.opens('2026-04-01', LIMIT);
    await msp.signs('bluegum');
    ticket = await msp.ticket('T1', 'bluegum');
    for (const id of ['W1', 'W2', 'W3']) {
      await ticket.time(id, MINUTES, DAY);
      await ticket.approves(id);
    }
    await msp.house.settle();
    for (const workItemId of ['W1', 'W2']) expect(await gives(workItemId)).toBe('accepted');
  });
  afterEach(() => msp.closes());

  const gives = (workItemId: string) =>
    msp.tries(tickets.GrantCourtesy, { ticketId: 'T1', workItemId, reason: 'sorry' });
  const writesOff = () => msp.writesOff('W3', 'bluegum', MARCH, ANNA);
  const prices = () =>
    msp.tries(tickets.OverrideTimeEntryPrice, {
      ticketId: 'T1',
      timeEntryId: 'W3',
      pricePerHour: { amount: '1.00', currency: 'AUD' },
      reason: 'agreed',
    });
  const credits = (creditNoteId = 'C1') =>
    msp.credits(creditNoteId, 'I1', 'bluegum', MARCH, [{ itemId: 'W3', outcome: 'written-off' }]);
  async function requests(): Promise<readonly Approval[]> {
    await msp.house.settle();
    const { items } = await msp.house.billtrail.models.approvals.list({}, { limit: MAX_PAGE });
    return items.filter(({ act, target }) => act === 'credit' || target === 'W3');
  }
  const told = async () => (await requests()).map(({ act, state, lapse }) => [act, state, lapse?.because ?? null]);

  const corrects = () => ticket.corrects('W3', MINUTES + 15, DAY);
  const voids = () =>
    msp.send(tickets.VoidTimeEntry, { ticketId: 'T1', timeEntryId: 'W3', reason: 'twice' }, { actor: PRIYA });
  const rejects = () =>
    msp.send(tickets.RejectTimeEntry, { ticketId: 'T1', timeEntryId: 'W3', reason: 'not ours' }, { actor: OMAR });
  const declaresNoCharge = () =>
    msp.tries(
      tickets.DeclareNoCharge,
      { ticketId: 'T1', reasonCode: 'goodwill', reason: 'ours' },
      { actor: OMAR },
      BEA,
    );
  const bills = () => msp.bills('I1', 'bluegum', MARCH);
  const agrees = async () => {
    expect(await msp.tries(billing.WriteOffWork, { ...OF, itemId: 'W3', ...WHY }, {}, BEA)).toBe('accepted');
  };
  const raises = () =>
    msp.send(tickets.OverrideTimeEntryPrice, {
      ticketId: 'T1',
      timeEntryId: 'W3',
      pricePerHour: { amount: '200.00', currency: 'AUD' },
      reason: 'urgent',
    });
  const WHY = { reasonCode: 'goodwill', comment: 'agreed' };
  const reclassifies = (changes: object) =>
    msp.send(tickets.ReclassifyTicket, { ticketId: 'T1', ...changes, reason: 'seen' }, { actor: OMAR });
  const moves = async () => {
    await msp.signs('acacia');
    await reclassifies({ clientId: 'acacia', contractId: 'acacia-1' });
  };

  it.each([
    ['a write-off', writesOff, 'the work is corrected', corrects, 'corrected'],
    ['a write-off', writesOff, 'the work is voided', voids, 'voided'],
    ['a write-off', writesOff, 'the work is rejected', rejects, 'rejected'],
    ['a write-off', writesOff, 'the ticket is declared free of charge', declaresNoCharge, 'no-charge'],
    ['a write-off', writesOff, 'the work is invoiced', bills, 'invoiced'],
    ['a write-off', writesOff, 'the work is priced anew', raises, 'repriced'],
    ['a courtesy', () => gives('W3'), 'the work is corrected', corrects, 'corrected'],
    ['a courtesy', () => gives('W3'), 'the work is voided', voids, 'voided'],
    ['a courtesy', () => gives('W3'), 'the work is invoiced', bills, 'invoiced'],
    ['a courtesy', () => gives('W3'), 'two people write the work off', agrees, 'written-off'],
    ['a price', prices, 'the work is corrected', corrects, 'corrected'],
    ['a price', prices, 'the work is invoiced', bills, 'invoiced'],
    ['a price', prices, 'two people write the work off', agrees, 'written-off'],
    ['a write-off', writesOff, 'the ticket goes to another client', moves, 'client-changed'],
    ['a courtesy', () => gives('W3'), 'the ticket goes to another client', moves, 'client-changed'],
    ['a price', prices, 'the ticket goes to another client', moves, 'client-changed'],
  ] as const)('lapses by name: %s when %s', async (_act, asks, _what, happens, because) => {
    expect(await asks()).toBe('waits');
    expect((await told())[0]?.slice(1)).toEqual(['waiting', null]);
    await happens();
    expect((await told())[0]?.slice(1)).toEqual(['lapsed', because]);
    const [lapsed] = await requests();
    const event = (await msp.house.events()).find(({ id }) => id === lapsed?.lapse?.eventId);
    expect(event).toBeDefined();
    const { reconciliation } = msp.house.billtrail.models;
    expect((await reconciliation.of('2026-04-21')).waitingToForgo).toBeUndefined();
    await msp.house.billtrail.models.rebuild(['approvals']);
    expect((await told())[0]?.slice(1)).toEqual(['lapsed', because]);
  });

  it('lapses by name: a credit when another note takes its line back, or the work is corrected', async () => {
    await bills();
    expect(await credits()).toBe('waits');
    const part = { amount: '1.00', currency: 'AUD' };
    const asked = [{ itemId: 'W3', outcome: 'written-off' as const, net: part }];
    expect(await msp.credits('C2', 'I1', 'bluegum', MARCH, asked, { approvedBy: BEA })).toBe('accepted');
    expect((await told())[0]).toEqual(['credit', 'lapsed', 'credited']);
    expect(await credits('C3')).toBe('waits');
    await corrects();
    expect((await told()).at(-1)).toEqual(['credit', 'lapsed', 'corrected']);
    await ticket.approves('W3');
    const left = [{ itemId: 'W3', outcome: 'written-off' as const, net: { amount: '480.00', currency: 'AUD' } }];
    expect(await msp.credits('C4', 'I1', 'bluegum', MARCH, left)).toBe('waits');
    await moves();
    expect((await told()).at(-1)).toEqual(['credit', 'lapsed', 'client-changed']);
  });

  it('still waits where the ticket is reclassified and stays with its client', async () => {
    expect(await writesOff()).toBe('waits');
    await reclassifies({ priority: 'high' });
    expect(await told()).toEqual([['write-off', 'waiting', null]]);
  });

  it('is asked for anew, and waits by its own verdict; the lapsed one is neither carried out nor withdrawn', async () => {
    expect(await writesOff()).toBe('waits');
    expect(await writesOff()).toBe('ForgoingRequestOpen');
    const [first] = await requests();
    await corrects();
    await ticket.approves('W3');
    await msp.house.settle();
    expect(await writesOff()).toBe('waits');
    expect(await told()).toEqual([
      ['write-off', 'lapsed', 'corrected'],
      ['write-off', 'waiting', null],
    ]);
    const withdraws = { requestId: first?.requestId, reason: 'asked by mistake' };
    const answer = await msp.house.send(WithdrawForgoingRequest, withdraws, { actor: ANNA });
    expect(answer).toMatchObject({
      code: 'ForgoingRequestEnded',
      message: expect.stringContaining('the work was corrected, by event '),
    });
    expect(await msp.house.sendAgain()).toBe(true);
    expect((await msp.items('bluegum', MARCH)).at(-1)).toBe('W3 billable 3.5 h 525.00 AUD');
    // Room is there once a courtesy is taken back: then it stands.
    await msp.send(tickets.WithdrawCourtesy, { ticketId: 'T1', workItemId: 'W1', reason: 'they pay' });
    const [, second] = await requests();
    await msp.send(WithdrawForgoingRequest, { requestId: second?.requestId, reason: 'again' }, { actor: ANNA });
    expect(await msp.writesOff('W3', 'bluegum', MARCH, ANNA)).toBe('waits');
  });

  it('is told where finance looks: by the item, its explanation, its gap and the ticket', async () => {
    expect(await writesOff()).toBe('waits');
    const [request] = await requests();
    const { requestId, act, requestedBy, requestedAt, value } = request!;
    const waiting: WaitingRequest = { requestId, act, requestedBy, requestedAt, value };
    expect(waiting).toMatchObject({
      act: 'write-off',
      requestedBy: ANNA.id,
      value: { amount: '487.50', currency: 'AUD' },
    });
    const ports = msp.house.billtrail;
    const one = { itemId: 'W3', place: {} };
    expect(await answerOf('getItem', one, ports)).toMatchObject({ itemId: 'W3', waiting: [waiting] });
    expect(await answerOf('explainItem', one, ports)).toMatchObject({ waiting: [waiting] });
    const listed = (await answerOf('listItems', { filter: {}, page: {} }, ports)) as {
      readonly items: readonly { readonly itemId: string; readonly waiting?: object }[];
    };
    expect(listed.items.flatMap(({ itemId, waiting: on }) => (on === undefined ? [] : [[itemId, on]]))).toEqual([
      ['W3', [waiting]],
    ]);
    expect((await ports.models.timeline.outcome('T1')).waiting).toEqual([waiting]);
    await corrects();
    await msp.house.settle();
    expect(await answerOf('getItem', one, ports)).not.toHaveProperty('waiting');
    expect((await ports.models.timeline.outcome('T1')).waiting).toEqual([]);
  });

  it.each([
    ['a write-off', () => writesOff(), '650.00'],
    ['a courtesy of all of it', () => gives('W3'), '650.00'],
    // Less the 3.25 that are left.
    ['a price', () => prices(), '646.75'],
  ])(
    '%s of work that another version prices anew: who approves is told, and nothing is forgone',
    async (_, ask, now) => {
      expect(await ask()).toBe('waits');
      const [asked] = await requests();
      await msp.renegotiates('bluegum', { hourly: '200.00' });
      // 487.50 at 150.00 an hour are 650.00 at 200.00.
      expect(await msp.house.approve(asked?.requestId ?? '', BEA)).toMatchObject({
        code: 'ForgoneChanged',
        message: expect.stringContaining(`it would be ${now} AUD now`),
        remedy: `The request has ended. anna has to ask again: it would be ${now} AUD now.`,
      });
      expect(await msp.items('bluegum', MARCH)).toContain('W3 billable 3.25 h 650.00 AUD');
      expect((await requests()).map(({ state }) => state)).toEqual(['withdrawn']);
      expect(await ask()).toBe('waits');
    },
  );
});
