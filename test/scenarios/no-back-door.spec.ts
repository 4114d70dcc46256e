import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Actor } from '@billtrail/kernel';
import {
  billingCommands as billing,
  contractCommands as contracts,
  ticketCommands as tickets,
  type CommandClass,
} from '@billtrail/application';
import { MAX_PAGE, type Approval } from '@billtrail/read-models';
import { brokenLaws } from '../laws/kit/laws.js';
import { lookAt } from '../laws/kit/look.js';
import { Msp, versionOf } from './msp.js';
import { ANNA, BEA, OMAR, PRIYA } from './people.js';
import type { TicketStory } from './ticket-story.js';

const DAY = '2026-03-02';
const MARCH = '2026-03';
const aud = (amount: string) => ({ amount, currency: 'AUD' });
const LIMIT = { secondPersonAbove: aud('1000.00') };
const WORTH_3000 = 'W1 billable 20 h 3000.00 AUD';

/** 1,200 minutes at 150.00 an hour, approved, on a resolved ticket: 3,000.00. Anna may give up 1,000.00 alone. */
describe('work that was approved or resolved', () => {
  let msp: Msp;
  let ticket: TicketStory;
  beforeEach(async () => {
    msp = await Msp.opens(DAY, LIMIT);
    await msp.signs('bluegum');
    ticket = await msp.ticket('T1', 'bluegum');
  });
  afterEach(async () => {
    await msp.house.settle();
    expect(brokenLaws(await lookAt(msp, { isSettled: true }))).toEqual([]);
    await msp.closes();
  });

  const asks = <C extends object>(command: CommandClass<C>, input: object, actor: Actor, approvedBy?: Actor) =>
    msp.tries(command, { ticketId: 'T1', reason: 'wrong', ...input }, { actor }, approvedBy);
  const voids = (id: string, actor = PRIYA, approvedBy?: Actor) =>
    asks(tickets.VoidTimeEntry, { timeEntryId: id }, actor, approvedBy);
  const entry = (minutes: number, more: object = {}) => ({
    engineerId: PRIYA.id,
    engineerRole: 'engineer',
    workType: 'remote',
    workDate: DAY,
    description: 'Worked on 2026-03',
    minutes,
    ...more,
  });
  const corrects = (id: string, minutes: number, actor = PRIYA, more: object = {}, approvedBy?: Actor) =>
    asks(tickets.CorrectTimeEntry, { timeEntryId: id, ...entry(minutes, more) }, actor, approvedBy);
  const items = () => msp.items('bluegum', MARCH);
  async function requests(): Promise<readonly Approval[]> {
    await msp.house.settle();
    return (await msp.house.billtrail.models.approvals.list({}, { limit: MAX_PAGE })).items;
  }
  const told = async () =>
    (await requests()).map(({ act, target, state, value, waitsBecause, lapse }) =>
      [act, target, state, value?.amount ?? 'unstated', waitsBecause?.because ?? '-', lapse?.because ?? ''].join(' '),
    );
  async function resolved(minutes = 1_200): Promise<void> {
    await ticket.time('W1', minutes, DAY);
    await ticket.resolves();
  }

  it.each([
    ['voids it', () => voids('W1'), 'void-work W1 waiting 3000.00 own-work '],
    ['corrects 1,200 min to 1', () => corrects('W1', 1), 'correct-work W1 waiting 2925.00 own-work '],
    [
      'states one billable minute',
      () => corrects('W1', 1_200, PRIYA, { statedBillableMinutes: 1 }),
      'correct-work W1 waiting 2925.00 own-work ',
    ],
    [
      'gives it a work type that costs nothing',
      () => corrects('W1', 1_200, PRIYA, { workType: 'unheard-of' }),
      'correct-work W1 waiting 3000.00 own-work ',
    ],
  ])('stays as it is where its engineer %s, until another person agrees (Y2)', async (_what, asked, request) => {
    await resolved();
    expect(await asked()).toBe('waits');
    expect(await told()).toEqual([request]);
    expect(await items()).toEqual([WORTH_3000]);
    expect(await msp.fates()).toMatchObject({ resolved: 1, waiting: 1 });
    const { reconciliation, timeline } = msp.house.billtrail.models;
    expect((await reconciliation.of(DAY)).waitingToForgo).toMatchObject({ requests: 1 });
    expect((await timeline.outcome('T1')).waiting).toHaveLength(1);
  });

  it('is own work to whoever entered or corrected it for another: they ask, and agree to nothing of it', async () => {
    const nora: Actor = { ...OMAR, id: 'nora' };
    await ticket.time('W1', 60, DAY, { for: PRIYA, by: nora });
    await ticket.time('W2', 60, DAY);
    await ticket.resolves();
    expect(await voids('W1', nora)).toBe('waits');
    expect(await corrects('W2', 59, nora)).toBe('accepted');
    expect(await voids('W2', nora)).toBe('waits');
    expect(
      (await requests()).map(({ target, waitsBecause, workBy }) => [target, waitsBecause?.because, workBy]),
    ).toEqual([
      ['W1', 'own-work', ['nora', 'priya']],
      ['W2', 'own-work', ['nora', 'priya']],
    ]);
    expect(await voids('W1', PRIYA, nora)).toBe('ForgoingRequestOpen');
  });

  it('that is approved one by one tells what somebody had asked to change, which the approval ends', async () => {
    await ticket.time('W1', 60, DAY, { approved: false });
    await ticket.resolves();
    expect(await voids('W1')).toBe('waits');
    const [{ requestId } = {}] = await requests();
    const approve = { ticketId: 'T1', timeEntryId: 'W1' };
    const answer = await msp.house.send(tickets.ApproveTimeEntry, approve, { actor: OMAR });
    expect(answer).toMatchObject({
      warnings: [{ code: 'RequestEnded', details: { requestId, act: 'void-work', requestedBy: 'priya' } }],
    });
    expect(await told()).toEqual(['void-work W1 lapsed 150.00 own-work approved']);
    await corrects('W1', 75);
    const again = { ...approve, version: 2 };
    expect(await msp.house.send(tickets.ApproveTimeEntry, again, { actor: OMAR })).toMatchObject({ warnings: [] });
  });

  it('waits for another engineer too, who never decides alone', async () => {
    await resolved(60);
    expect(await voids('W1', { ...PRIYA, id: 'paul' })).toBe('waits');
    expect(await told()).toEqual(['void-work W1 waiting 150.00 by-engineer ']);
  });

  it('stays where the ticket was opened again, or was never resolved and the entry approved', async () => {
    await resolved();
    await ticket.reopens();
    expect(await voids('W1')).toBe('waits');
    const other = await msp.ticket('T2', 'bluegum');
    await other.time('W2', 60, DAY);
    expect(
      await msp.tries(tickets.VoidTimeEntry, { ticketId: 'T2', timeEntryId: 'W2', reason: 'no' }, { actor: PRIYA }),
    ).toBe('waits');
  });

  it('is changed freely before, whoever does it, and made more at any time', async () => {
    await ticket.time('W1', 1_200, DAY, { approved: false });
    expect(await corrects('W1', 60)).toBe('accepted');
    await ticket.time('W2', 60, DAY, { approved: false });
    expect(await voids('W2')).toBe('accepted');
    await msp.approves('time', 'T1', 'W1');
    expect(await corrects('W1', 120)).toBe('accepted');
    // It was approved once: what takes away from it waits, whatever became of the approval.
    expect(await corrects('W1', 60)).toBe('waits');
    expect(await requests()).toHaveLength(1);
  });

  it('is given up where another person agrees, and stays in sight with both of them', async () => {
    await resolved();
    expect(await voids('W1', PRIYA, BEA)).toBe('accepted');
    expect(await items()).toEqual([]);
    expect(await told()).toEqual(['void-work W1 carried-out 3000.00 own-work ']);
    const { reconciliation, timeline } = msp.house.billtrail.models;
    const givenUp = { requests: 1, money: [aud('3000.00')], withoutValue: 0, persons: [BEA.id, PRIYA.id] };
    expect((await reconciliation.of(DAY)).givenUp).toEqual([{ act: 'void-work', ...givenUp }]);
    expect((await reconciliation.of(DAY, { ticketId: 'T1' })).givenUp).toMatchObject([{ money: [aud('3000.00')] }]);
    expect((await timeline.outcome('T1')).givenUp).toMatchObject([
      { act: 'void-work', target: 'W1', value: aud('3000.00'), requestedBy: PRIYA.id, approvedBy: BEA.id },
    ]);
    const entries = await timeline.timeline('T1', { limit: MAX_PAGE });
    expect(entries?.items.map(({ sentence }) => sentence)).toContain('Voided time entry W1, agreed with bea: wrong');
  });

  it('is held to the limit of who did not do it, over all acts on the ticket', async () => {
    await resolved(240);
    await ticket.time('W2', 240, DAY);
    // 600.00 each.
    expect(await voids('W1', OMAR)).toBe('accepted');
    expect(await corrects('W2', 60, OMAR)).toBe('waits');
    expect(await told()).toEqual(['void-work W1 carried-out 600.00 - ', 'correct-work W2 waiting 450.00 above-limit ']);
  });

  it('counts corrections of one entry together', async () => {
    await resolved(600);
    expect(await corrects('W1', 360, OMAR)).toBe('accepted');
    expect(await corrects('W1', 120, { ...OMAR, id: 'nora' })).toBe('waits');
    expect(await told()).toEqual([
      'correct-work W1 carried-out 600.00 - ',
      'correct-work W1 waiting 600.00 above-limit ',
    ]);
  });

  it('counts where it stood when it was approved, also once it is work of other months, or of another client', async () => {
    const other = await msp.ticket('T2', 'bluegum');
    await ticket.time('W1', 360, DAY);
    await other.time('W2', 360, DAY);
    const moved = { timeEntryId: 'W1', ...entry(360), workDate: '2026-02-02' };
    expect(await asks(tickets.CorrectTimeEntry, moved, { ...OMAR, id: 'nora' })).toBe('accepted');
    await msp.signs('acacia');
    await other.isOf({ clientId: 'acacia', contractId: 'acacia-1' });
    // 900.00 each, in two months of two clients.
    expect(await voids('W1', OMAR)).toBe('accepted');
    expect(
      await msp.tries(tickets.VoidTimeEntry, { ticketId: 'T2', timeEntryId: 'W2', reason: 'no' }, { actor: OMAR }),
    ).toBe('waits');
    const [, waiting] = await requests();
    expect(waiting).toMatchObject({ clientId: 'acacia', waitsBecause: { sum: aud('1800.00') } });
    expect(waiting?.waitsBecause).toMatchObject({ stoodIn: { clientId: 'bluegum', period: MARCH } });
  });

  it('is given up once by two at once, within the limit of both together', async () => {
    await resolved(240);
    await ticket.time('W2', 240, DAY);
    await msp.house.settle();
    const answers = await Promise.all([voids('W1', OMAR), voids('W2', { ...OMAR, id: 'olga' })]);
    expect(answers.sort()).toEqual(['accepted', 'waits']);
  });

  it.each([
    ['is corrected by somebody else', () => corrects('W1', 1_260, OMAR), 'corrected', 'W1 billable 21 h 3150.00 AUD'],
    ['is approved', () => msp.approves('time', 'T1', 'W1'), 'approved', WORTH_3000],
    ['is invoiced', () => msp.bills('I1', 'bluegum', MARCH), 'invoiced', 'W1 invoiced 20 h 3000.00 AUD'],
    [
      'is written off',
      () => msp.writesOff('W1', 'bluegum', MARCH, ANNA, BEA),
      'written-off',
      'W1 written-off 20 h 3000.00 AUD',
    ],
  ])('asks in vain where the work %s meanwhile', async (what, happens, because, line) => {
    await resolved();
    // Corrected to more, it awaits an approval.
    if (what === 'is approved') expect(await corrects('W1', 1_200, PRIYA, { description: 'Worked' })).toBe('accepted');
    expect(await voids('W1')).toBe('waits');
    await happens();
    expect((await told())[0]).toMatch(new RegExp(`^void-work W1 lapsed \\S+ own-work ${because}$`));
    expect(await items()).toEqual([line]);
  });

  it('is taken off a draft that holds it only by agreement, and the draft is stale then', async () => {
    await resolved();
    expect(await msp.drafts('I1', 'bluegum', MARCH)).toBe('accepted');
    expect(await corrects('W1', 60)).toBe('waits');
    expect(await items()).toEqual(['W1 claimed 20 h 3000.00 AUD']);
    const [request] = await requests();
    await msp.house.approve(request?.requestId ?? '', BEA);
    expect(await msp.issues('I1', 'bluegum', MARCH)).toBe('DraftStale');
  });

  it('goes back from an invoice only by agreement', async () => {
    await resolved();
    await msp.bills('I1', 'bluegum', MARCH);
    expect(await voids('W1')).toBe('waits');
    expect(await items()).toEqual(['W1 invoiced 20 h 3000.00 AUD']);
    expect(await voids('W1', OMAR)).toBe('ForgoingRequestOpen');
  });

  it('is held in goods and expenses: quantity, list price and warranty, cost', async () => {
    await ticket.uses('M1', '10', '80.00', DAY);
    await ticket.spends('X1', 'Flight', '600.00', DAY);
    await ticket.resolves('listed');
    const goods = { itemCode: 'SSD-1T', description: 'Solid state disk', unit: 'piece', workDate: DAY };
    const list = { listPrice: aud('80.00'), underWarranty: false };
    const M1 = { materialUsageId: 'M1', ...goods, ...list };
    const lowers = (changes: object) =>
      asks(tickets.CorrectMaterialUsage, { ...M1, quantity: '10', ...changes }, PRIYA);
    expect(await lowers({ quantity: '1' })).toBe('waits');
    const X1 = { expenseId: 'X1', description: 'Flight', cost: aud('60.00'), workDate: DAY };
    expect(await asks(tickets.CorrectExpense, X1, PRIYA)).toBe('waits');
    expect(await asks(tickets.VoidExpense, { expenseId: 'X1' }, PRIYA)).toBe('waits');
    expect(await told()).toEqual([
      'correct-work M1 waiting 720.00 own-work ',
      'correct-work X1 waiting 594.00 own-work ',
      'void-work X1 waiting 660.00 own-work ',
    ]);
  });

  it('of a ticket that became part of one that was resolved is held as well, and of one that was not it is not', async () => {
    await ticket.time('W1', 60, DAY, { approved: false });
    const into = await msp.ticket('T2', 'bluegum');
    await msp.send(tickets.MergeTicket, { ticketId: 'T1', into: 'T2', reason: 'one' }, { actor: OMAR });
    expect(await corrects('W1', 45)).toBe('accepted');
    await into.resolves();
    await msp.signs('acacia');
    await into.isOf({ clientId: 'acacia', contractId: 'acacia-1' });
    expect(await voids('W1', OMAR)).toBe('accepted');
    expect((await requests()).map(({ clientId, value }) => [clientId, value])).toEqual([['acacia', aud('112.50')]]);
  });

  it('of a ticket that is split off from one that was resolved is held as well', async () => {
    await ticket.time('W1', 60, DAY, { approved: false });
    const into = await msp.ticket('T2', 'bluegum');
    await msp.send(tickets.MergeTicket, { ticketId: 'T1', into: 'T2', reason: 'one' }, { actor: OMAR });
    await into.resolves();
    await msp.send(tickets.SplitTicket, { ticketId: 'T1', reason: 'two' }, { actor: OMAR });
    expect(await voids('W1')).toBe('waits');
    await msp.send(tickets.ReopenTicket, { ticketId: 'T2', reason: 'more' }, { actor: OMAR });
    const again = { ticketId: 'T1', into: 'T2', reason: 'one' };
    await msp.send(tickets.MergeTicket, again, { actor: OMAR });
    expect(await corrects('W1', 1)).toBe('waits');
    await msp.house.settle();
    await msp.configures({ secondPersonAbove: aud('100.00') });
    const free = { from: DAY, rules: [{ id: 'all', name: 'All', match: {}, outcome: 'included' } as const] };
    const published = { contractId: 'bluegum-1', ...versionOf(free) };
    expect(await msp.tries(contracts.PublishContractVersion, published)).toBe('waits');
  });

  it('that was recorded since its ticket was opened again is changed freely until that is resolved', async () => {
    await resolved(60);
    await ticket.reopens();
    await ticket.time('W2', 60, DAY, { approved: false });
    expect(await voids('W2')).toBe('accepted');
    await ticket.time('W3', 60, DAY, { approved: false });
    await ticket.resolves();
    expect(await voids('W3')).toBe('waits');
  });

  it('of no client, and of no price that anybody knows, waits for another person', async () => {
    await msp.configures({ ...LIMIT, assumedPricePerHour: null });
    await ticket.time('W1', 60, DAY, { type: 'survey' });
    await ticket.resolves();
    expect(await voids('W1', OMAR)).toBe('waits');
    expect(await told()).toEqual(['void-work W1 waiting unstated value-not-stated ']);
  });

  describe('and is rejected', () => {
    const rejects = (actor: Actor, more: object = {}) =>
      msp.tries(tickets.RejectTimeEntry, { ticketId: 'T1', timeEntryId: 'W1', reason: 'not ours', ...more }, { actor });

    it('waits where it is above the limit, with its value, and stays approved until then', async () => {
      await resolved();
      expect(await rejects(OMAR, { reasonCode: 'not-agreed' })).toBe('waits');
      expect(await told()).toEqual(['reject-work W1 waiting 3000.00 above-limit ']);
      expect((await requests())[0]).toMatchObject({ reasonCode: 'not-agreed', comment: 'not ours' });
      expect(await msp.bills('I1', 'bluegum', MARCH)).toContain('W1 20 h 3000.00');
    });

    it('leaves its value in sight, with reason and persons, until somebody ends it', async () => {
      await resolved(120);
      expect(await rejects(OMAR, { reasonCode: 'not-agreed' })).toBe('accepted');
      const { reconciliation, timeline } = msp.house.billtrail.models;
      const given = { act: 'reject-work', requests: 1, money: [aud('300.00')], withoutValue: 0, persons: [OMAR.id] };
      await msp.house.settle();
      expect((await reconciliation.of(DAY)).givenUp).toEqual([given]);
      expect((await timeline.outcome('T1')).givenUp).toMatchObject([
        { value: aud('300.00'), reasonCode: 'not-agreed' },
      ]);
      const entries = await timeline.timeline('T1', { limit: MAX_PAGE });
      expect(entries?.items.map(({ sentence }) => sentence)).toContain(
        'Rejected time entry W1 as not-agreed: not ours',
      );
      // Not without work: it waits, and is a gap when it is due.
      expect(await msp.fates()).toMatchObject({ resolved: 1, waiting: 1 });
      await msp.days(14);
      expect(await msp.gaps()).toEqual(['unbilled W1: 300.00 AUD']);
    });

    it('is no longer counted as rejected when it is approved, and counts once when it is voided', async () => {
      await msp.configures({ secondPersonAbove: aud('400.00') });
      await resolved(120);
      expect(await rejects(OMAR)).toBe('accepted');
      expect(await voids('W1', OMAR)).toBe('accepted');
      expect(await told()).toEqual(['reject-work W1 taken-back 300.00 - ', 'void-work W1 carried-out 300.00 - ']);
      await ticket.time('W2', 60, DAY);
      expect(await voids('W2', OMAR)).toBe('waits');
    });

    const accepts = async (nth = 0) => {
      const { items: open } = await msp.house.billtrail.models.gaps.list({ state: 'open' }, { limit: MAX_PAGE });
      const gap = open.filter(({ kind }) => kind === 'unbilled')[nth];
      return msp.tries(
        billing.AcceptBillingGap,
        { gapId: gap?.gapId, reasonCode: 'x', comment: 'so be it' },
        { actor: OMAR },
      );
    };

    it('counts once when its gap is accepted: 600.00 of a limit of 1,000.00', async () => {
      await resolved(240);
      await ticket.time('W2', 150, DAY);
      await ticket.time('W3', 1, DAY);
      expect(await rejects(OMAR)).toBe('accepted');
      await msp.days(14);
      expect(await msp.gaps()).toContain('unbilled W1: 600.00 AUD');
      expect(await accepts()).toBe('accepted');
      expect(await told()).toEqual([
        'reject-work W1 taken-back 600.00 - ',
        expect.stringMatching(/^accept-gap unbilled\S+ carried-out 600.00 - $/),
      ]);
      // 600.00 and 375.00 are within the limit, and 75.00 more are not.
      expect(await voids('W2', OMAR)).toBe('accepted');
      expect(await voids('W3', OMAR)).toBe('waits');
      const before = await requests();
      await msp.house.billtrail.models.rebuild();
      expect(await requests()).toEqual(before);
      expect((await msp.house.billtrail.models.reconciliation.of(DAY)).givenUp).toMatchObject([{ act: 'void-work' }]);
    });

    it('is counted until all its gaps are accepted, where it lies in two months', async () => {
      await msp.days(40);
      const [from, until] = ['2026-03-31T22:00:00+11:00', '2026-04-01T02:00:00+11:00'];
      await ticket.time('W1', 240, '2026-03-31', { from, until });
      await ticket.resolves();
      expect(await rejects(OMAR)).toBe('accepted');
      await msp.days(60);
      expect(await accepts()).toBe('accepted');
      expect((await told())[0]).toBe('reject-work W1 carried-out 600.00 - ');
      expect(await accepts()).toBe('accepted');
      expect((await told())[0]).toBe('reject-work W1 taken-back 600.00 - ');
    });

    it('needs a code of the configuration, where that has codes', async () => {
      const rejection = [{ code: 'not-agreed', name: 'Not agreed' }];
      await msp.configures({ ...LIMIT, reasonCodes: { rejection } });
      await ticket.time('W1', 60, DAY, { approved: false });
      expect(await rejects(OMAR)).toBe('ReasonCodeUnknown');
      expect(await rejects(OMAR, { reasonCode: 'whim' })).toBe('ReasonCodeUnknown');
      expect(await rejects(OMAR, { reasonCode: 'not-agreed' })).toBe('accepted');
      expect(await requests()).toEqual([]);
    });
  });

  it.each([
    ['without a price', null, 'waits'],
    ['sold for next to nothing', '0.01', 'waits'],
    ['sold for what its hours are worth', '3000.00', 'accepted'],
  ])('waits where it becomes work of a client with a block that is %s: %s', async (_what, price, answer) => {
    await resolved();
    const prepaid = { id: 'pre', name: 'Prepaid', match: {}, outcome: 'prepaid' } as const;
    await msp.signs('acacia', { rules: [prepaid] });
    const sold = price === null ? null : { net: aud(price), taxCategory: 'GST' };
    const block = { contractId: 'acacia-1', blockId: 'b', purchasedOn: DAY, price: sold };
    await msp.send(contracts.PurchasePrepaidBlock, { ...block, amount: { unit: 'minutes', minutes: 1_200 } });
    await msp.house.settle();
    expect(await asks(tickets.ReclassifyTicket, { clientId: 'acacia', contractId: 'acacia-1' }, OMAR)).toBe(answer);
  });

  it('that costs nothing by its contract is voided freely', async () => {
    const included = { id: 'in', name: 'In', match: { workTypes: ['survey'] }, outcome: 'included' } as const;
    await msp.renegotiates('bluegum', { from: DAY, rules: [included] });
    await ticket.time('W1', 60, DAY, { type: 'survey' });
    await ticket.resolves();
    expect(await voids('W1')).toBe('accepted');
  });
});
