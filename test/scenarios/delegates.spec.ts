import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  ApproveForgoingRequest,
  EndDelegation,
  NameDelegate,
  PrepareBulkJob,
  RefuseForgoingRequest,
  RunBulkJob,
  actionsOn,
  billingCommands as billing,
  bulkJobOf,
  mineToDecide,
  refusedToLook,
  requestActedOn,
  seenBy,
  ticketCommands as tickets,
  toldDelegations,
  toldTo,
  whoMayDecide,
} from '@billtrail/application';
import { isRefusal, type Actor, type Role } from '@billtrail/kernel';
import { MAX_PAGE } from '@billtrail/read-models';
import { Msp } from './msp.js';
import { ANNA, BEA, OMAR, PRIYA } from './people.js';

const MARCH = '2026-03';
const DAY = '2026-03-10';
const TODAY = '2026-04-01';
const WHY = { reasonCode: 'goodwill', comment: 'agreed on the phone' };
/** An engineer whom others name. */
const DORA: Actor = { ...PRIYA, id: 'dora' };
const CARL: Actor = { ...BEA, id: 'carl' };

/** 150.00 an hour; one person alone may forgo 1,000.00. Everybody was registered more than 30 days ago. */
describe('a delegate approves in the place of another (Y1)', () => {
  let msp: Msp;
  beforeEach(async () => {
    msp = await Msp.opens('2026-02-20', { secondPersonAbove: { amount: '1000.00', currency: 'AUD' } });
    for (const { id, role } of [ANNA, BEA, CARL, OMAR, PRIYA, DORA])
      await msp.house.registers(id, { id: 'registrar', role: 'admin' }, [role]);
    await msp.days(40);
    await msp.signs('bluegum');
    const ticket = await msp.ticket('T1', 'bluegum');
    await ticket.time('W1', 1_200, DAY);
    await ticket.time('W2', 60, DAY, { approved: false });
    await ticket.resolves();
    await msp.house.settle();
  });
  afterEach(() => msp.closes());

  const names = (by: Actor, delegateId: string, more: object = {}) =>
    msp.tries(
      NameDelegate,
      { delegationId: `${by.id}-${delegateId}`, delegateId, from: TODAY, until: '2026-04-10', ...more },
      { actor: by },
    );
  const writesOff = (by: Actor = ANNA) =>
    msp.tries(billing.WriteOffWork, { itemId: 'W1', clientId: 'bluegum', period: MARCH, ...WHY }, { actor: by });
  const asked = async () => {
    await msp.house.settle();
    return (await msp.house.billtrail.models.approvals.list({}, { limit: MAX_PAGE })).items.at(-1)!;
  };
  const approves = async (by: Actor, inPlaceOf?: string) => {
    const { requestId, hash } = await asked();
    const given = { requestId, hash, ...(inPlaceOf === undefined ? {} : { inPlaceOf }) };
    return msp.tries(ApproveForgoingRequest, given, { actor: by });
  };
  /** As lists, the request itself and its acts tell it. */
  const may = async (by: Actor) => {
    const { billtrail } = msp.house;
    const request = await asked();
    const { you } = await toldTo(billtrail, request, by);
    const mine = await billtrail.models.approvals.list({}, {}, await mineToDecide(billtrail, by));
    const actions = await actionsOn(billtrail, requestActedOn(request), {
      actor: by,
      clientId: undefined,
      refusedByKey: () => null,
    });
    const approve = actions.find(({ name }) => name === 'ApproveForgoingRequest');
    const answer = you?.may === true ? (you.inPlaceOf ?? 'own') : you?.code;
    expect([mine.items.length === 1, approve?.allowed]).toEqual([you?.may, you?.may]);
    if (you?.may === true) expect(approve?.body['inPlaceOf'] ?? null).toBe(you.inPlaceOf);
    return answer;
  };
  const events = async (type: string) => (await msp.house.events()).filter((event) => event.type === type);

  it('decides as themself, for whom they name, with what that one may: the request, the ticket and the log say so', async () => {
    expect(await writesOff()).toBe('waits');
    expect(await may(DORA)).toBe('NotAllowed');
    expect(await seenBy(msp.house.billtrail, DORA)).toEqual({ requestedBy: 'dora' });
    const whoMay = async () => whoMayDecide(msp.house.billtrail, await asked(), msp.house.now);
    expect(await whoMay()).toEqual({ mayDecide: ['bea', 'carl'], mayDecideInPlace: [] });
    expect(await names(ANNA, 'carl')).toBe('accepted');
    expect(await names(CARL, 'omar')).toBe('accepted');
    expect(await whoMay()).toEqual({ mayDecide: ['bea'], mayDecideInPlace: [] });
    expect(await names(BEA, 'dora')).toBe('accepted');
    expect(await whoMay()).toEqual({
      mayDecide: ['bea'],
      mayDecideInPlace: [{ personId: 'dora', inPlaceOf: 'bea' }],
    });
    expect(await seenBy(msp.house.billtrail, DORA)).toEqual({});
    expect(await may(DORA)).toBe('bea');
    expect(await approves(DORA)).toBe('NotAllowed');
    expect(await approves(DORA, 'bea')).toBe('accepted');
    expect(await events('ForgoingApproved')).toMatchObject([
      { actor: DORA, data: { approvedBy: 'dora', inPlaceOf: 'bea' } },
    ]);
    expect(await events('WorkWrittenOff')).toMatchObject([{ actor: ANNA, data: { secondPerson: 'dora' } }]);
    expect(await asked()).toMatchObject({ state: 'carried-out', approvedBy: 'dora', decidedInPlaceOf: 'bea' });
    const { items } = (await msp.house.billtrail.models.timeline.timeline('T1', { limit: MAX_PAGE }))!;
    expect(items.map(({ sentence }) => sentence)).toContain('Approved a request to forgo money in the place of bea');
    expect(await whoMay()).toEqual({ mayDecide: [], mayDecideInPlace: [] });
    const before = await asked();
    await msp.house.billtrail.models.rebuild();
    expect(await asked()).toEqual(before);
  });

  it('refuses in the place of another as well, and the list says for whom', async () => {
    await names(BEA, 'dora');
    await writesOff();
    const { requestId } = await asked();
    const given = { requestId, reason: 'they pay', inPlaceOf: 'bea' };
    expect(await msp.tries(RefuseForgoingRequest, given, { actor: DORA })).toBe('accepted');
    expect(await asked()).toMatchObject({ state: 'refused', endedBy: 'dora', decidedInPlaceOf: 'bea' });
  });

  it('is no second person to who named them, by whatever right, nor through a third', async () => {
    expect(await writesOff()).toBe('waits');
    await names(ANNA, 'dora');
    await names(ANNA, 'carl');
    await names(BEA, 'dora');
    await names(CARL, 'omar');
    expect(await may(DORA)).toBe('NotAllowed');
    expect(await approves(DORA, 'anna')).toBe('DelegateOfRequester');
    expect(await approves(DORA, 'bea')).toBe('DelegateOfRequester');
    // Carl is an accountant himself: these days he is Anna, and so is nobody by whom he is replaced.
    expect([await may(CARL), await approves(CARL)]).toEqual(['DelegateOfRequester', 'DelegateOfRequester']);
    expect(await approves(OMAR, 'carl')).toBe('DelegateOfRequester');
    expect(await msp.tries(EndDelegation, { delegationId: 'anna-carl' }, { actor: CARL })).toBe('accepted');
    expect(await may(CARL)).toBe('own');
    expect(await approves(CARL)).toBe('accepted');
  });

  it('decides on nothing of their own, nor of who named them, nor on more than that one may', async () => {
    await names(BEA, 'dora');
    await names(BEA, 'priya');
    await names(OMAR, 'dora', { delegationId: 'of-operations' });
    await writesOff();
    expect(await approves(PRIYA, 'bea')).toBe('OwnWork');
    expect(await approves(DORA, 'omar')).toBe('NotAllowed');
    expect(await approves(DORA, 'carl')).toBe('NotADelegate');
    const own = { ticketId: 'T1', timeEntryId: 'W1', reason: 'was not done' };
    await names(CARL, 'priya');
    expect(await msp.tries(tickets.VoidTimeEntry, own, { actor: PRIYA })).toBe('waits');
    expect(await approves(PRIYA, 'carl')).toBe('OwnRequest');
  });

  it('only on the days that were said, only as long as who named them is that, and not once it was ended', async () => {
    await writesOff();
    expect(await names(BEA, 'dora', { from: '2026-04-02', until: '2026-04-03' })).toBe('accepted');
    expect(await approves(DORA, 'bea')).toBe('NotADelegate');
    const states = async () => (await toldDelegations(msp.house.billtrail)).map(({ state }) => state);
    expect(await states()).toEqual(['coming']);
    await msp.days(2);
    expect([await may(DORA), await states()]).toEqual(['bea', ['in-force']]);
    await msp.days(1);
    expect([await approves(DORA, 'bea'), await states()]).toEqual(['NotADelegate', ['over']]);
    await names(BEA, 'dora', { delegationId: 'again' });
    expect(await may(DORA)).toBe('bea');
    expect(await msp.tries(EndDelegation, { delegationId: 'again' }, { actor: OMAR })).toBe('DelegationOfOthers');
    expect(await msp.tries(EndDelegation, { delegationId: 'again' }, { actor: BEA })).toBe('accepted');
    expect([await may(DORA), await states()]).toEqual(['NotAllowed', ['over', 'ended']]);
    await names(CARL, 'dora');
    expect(await may(DORA)).toBe('carl');
    await changesRoles('carl', ['support']);
    expect(await may(DORA)).toBe('NotAllowed');
  });

  async function changesRoles(personId: string, roles: readonly Role[]): Promise<void> {
    const { store } = msp.house.billtrail;
    const stream = `person-${personId}`;
    const { version } = await store.readStream(stream);
    const changes = [{ type: 'PersonChanged', data: { personId, roles }, occurredAt: msp.house.now }];
    const ids = { commandId: `c/${personId}`, correlationId: 'c', causationId: null, fingerprint: 'c' };
    await store.append({
      stream,
      expected: version,
      events: changes,
      actor: { id: 'registrar', role: 'admin' },
      ...ids,
    });
  }

  it('for 30 days neither who keyed the one nor who keyed the other is told from them', async () => {
    await msp.house.registers('eve', ANNA, ['accounts']);
    await msp.house.registers('finn', ANNA, ['support']);
    await writesOff();
    const EVE: Actor = { ...BEA, id: 'eve' };
    await names(EVE, 'dora');
    await names(BEA, 'finn');
    expect(await approves(DORA, 'eve')).toBe('KeyedByRequester');
    expect(await approves({ ...DORA, id: 'finn' }, 'bea')).toBe('KeyedByRequester');
    expect([await may(DORA), await may({ ...DORA, id: 'finn' })]).toEqual(['NotAllowed', 'NotAllowed']);
  });

  it('is another registered person of the house, for a year at most', async () => {
    await msp.house.registers('mona', { id: 'registrar', role: 'admin' }, ['client']);
    expect(await names(BEA, 'bea')).toBe('DelegateIsSelf');
    expect(await names(BEA, 'nobody')).toBe('DelegateUnknown');
    expect(await names(BEA, 'mona')).toBe('DelegateUnknown');
    expect(await names({ ...BEA, id: 'stranger' }, 'dora')).toBe('NotAPerson');
    expect(await names(PRIYA, 'dora')).toBe('NotAllowed');
    expect(await names(BEA, 'dora', { until: '2026-03-31' })).toBe('FieldInvalid');
    expect(await names(BEA, 'dora', { from: '2026-03-01', until: '2026-03-31' })).toBe('FieldInvalid');
    expect(await names(BEA, 'dora', { until: '2027-04-02' })).toBe('FieldInvalid');
    expect(await names(BEA, 'dora', { until: '2027-04-01' })).toBe('accepted');
    expect(await names(BEA, 'dora', { until: '2027-04-01' })).toBe('accepted');
    expect(await events('DelegateNamed')).toHaveLength(1);
    expect(await names(BEA, 'carl', { delegationId: 'bea-dora' })).toBe('DelegationExists');
    expect(await msp.tries(EndDelegation, { delegationId: 'none' }, { actor: BEA })).toBe('DelegationNotFound');
    expect(await msp.tries(EndDelegation, { delegationId: 'bea-dora' }, { actor: BEA })).toBe('accepted');
    expect(await names(BEA, 'dora', { until: '2027-04-01' })).toBe('DelegationHasEnded');
  });

  describe('of work', () => {
    const prepares = (jobId: string, by: Actor, more: object = {}) =>
      msp.tries(PrepareBulkJob, { jobId, act: 'approve-work', ...more }, { actor: by });
    const runs = (jobId: string, by: Actor, more: object = {}) =>
      msp.tries(RunBulkJob, { jobId, ...more }, { actor: by });

    it('in bulk and one by one, but none that either of both did', async () => {
      await names(OMAR, 'dora');
      const ticket = await msp.ticket('T2', 'bluegum');
      const omars = { approved: false, by: OMAR };
      for (const id of ['V1', 'V2']) await ticket.time(id, 30, DAY, omars);
      await ticket.time('V3', 30, DAY, { approved: false, by: DORA });
      expect(await prepares('J1', DORA)).toBe('NotAllowed');
      expect(await prepares('J1', DORA, { inPlaceOf: 'omar', normalDays: 60 })).toBe('accepted');
      const job = await bulkJobOf(msp.house.billtrail, 'J1');
      if (isRefusal(job)) throw new Error(job.message);
      expect(job).toMatchObject({ items: 4, preparedBy: 'dora', inPlaceOf: 'omar' });
      expect(job.exceptions.map(({ input }) => input['timeEntryId'])).toEqual(['V1', 'V2', 'V3']);
      expect(await refusedToLook(msp.house.billtrail, 'J1', DORA)).toBeNull();
      expect(await refusedToLook(msp.house.billtrail, 'J1', PRIYA)).toMatchObject({ code: 'NotAllowed' });
      expect(await runs('J1', DORA)).toBe('NotAllowed');
      expect(await runs('J1', OMAR)).toBe('BulkJobOfAnother');
      expect(await runs('J1', DORA, { inPlaceOf: 'omar', withExceptions: true })).toBe('accepted');
      const approvedNow = (await events('TimeEntryApproved')).filter(({ actor }) => actor.id === 'dora');
      expect(approvedNow).toMatchObject([
        { data: { timeEntryId: 'W2', approvedBy: 'dora', inPlaceOf: 'omar' }, actor: DORA },
      ]);
      expect(await bulkJobOf(msp.house.billtrail, 'J1')).toMatchObject({
        done: 1,
        refusals: [
          { refusal: { code: 'OwnWork' } },
          { refusal: { code: 'OwnWork' } },
          { refusal: { code: 'OwnWork' } },
        ],
      });
      const one = { ticketId: 'T2', timeEntryId: 'V1', inPlaceOf: 'omar' };
      expect(await msp.tries(tickets.ApproveTimeEntry, one, { actor: DORA })).toBe('OwnWork');
    });

    it('a list that was made in the place of another is run so, or not at all once that has ended', async () => {
      await names(OMAR, 'carl');
      await prepares('J1', CARL, { inPlaceOf: 'omar', normalDays: 60 });
      const carlAsOperator: Actor = { ...OMAR, id: 'carl' };
      expect(await runs('J1', carlAsOperator)).toBe('BulkJobInPlaceOfAnother');
      expect(await msp.tries(EndDelegation, { delegationId: 'omar-carl' }, { actor: OMAR })).toBe('accepted');
      expect(await runs('J1', CARL, { inPlaceOf: 'omar' })).toBe('NotADelegate');
      expect((await events('TimeEntryApproved')).filter(({ actor }) => actor.id === 'carl')).toEqual([]);
    });
  });
});
