import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  ApproveForgoingRequest,
  RefuseForgoingRequest,
  WithdrawForgoingRequest,
  billingCommands as billing,
  contractCommands as contracts,
  mineToDecide,
  ticketCommands as tickets,
  toldTo,
} from '@billtrail/application';
import { isRefusal, type Actor } from '@billtrail/kernel';
import { MAX_PAGE, type Approval } from '@billtrail/read-models';
import { temporaryFolder } from '../e2e/temporary-folder.js';
import { ADMIN, House } from '../laws/kit/house.js';
import { Msp, versionOf } from './msp.js';
import { ANNA, BEA, OMAR, PRIYA } from './people.js';

const MARCH = '2026-03';
const DAY = '2026-03-10';
const OF = { clientId: 'bluegum', period: MARCH } as const;
const LIMIT = { secondPersonAbove: { amount: '1000.00', currency: 'AUD' } };
const WHY = { reasonCode: 'goodwill', comment: 'agreed on the phone' };
const CARL: Actor = { ...BEA, id: 'carl' };
const aud = (amount: string) => ({ amount, currency: 'AUD' });

/** 150.00 an hour; one person alone may forgo 1,000.00. */
describe('four eyes are two authenticated acts (Y1)', () => {
  let msp: Msp;
  afterEach(() => msp.closes());

  async function opens(entries: number, minutes: number, dataDir?: string): Promise<void> {
    msp = await Msp.opens('2026-04-01', LIMIT, dataDir);
    await msp.signs('bluegum');
    const ticket = await msp.ticket('T1', 'bluegum');
    for (let n = 1; n <= entries; n++) await ticket.time(`W${n}`, minutes, DAY);
    await ticket.resolves();
    await msp.house.settle();
  }
  const all = async (): Promise<readonly Approval[]> => {
    await msp.house.settle();
    return (await msp.house.billtrail.models.approvals.list({}, { limit: MAX_PAGE })).items;
  };
  const states = async () => (await all()).map(({ state }) => state);
  const codeOf = (answer: object) => ('code' in answer ? answer.code : 'accepted');
  const effects = async (type: string) => (await msp.house.events()).filter((event) => event.type === type);
  /** What single people would have forgone of the ticket with the last request. */
  const sumOfLast = async () => {
    const because = (await all()).at(-1)?.waitsBecause;
    return because?.because === 'above-limit' ? because.sum : because;
  };
  const item = (itemId: string) => ({ ...OF, itemId, ...WHY });
  const writesOff = (itemId: string) => msp.tries(billing.WriteOffWork, item(itemId));
  /** As a person does who has looked at it: the two are known to the log. */
  async function decides(type: new () => object, by: Actor, more: object = {}, house = msp.house) {
    const [asked] = (await all()).slice(-1);
    for (const id of [by.id, asked?.requestedBy ?? by.id]) await house.registers(id);
    const given = type.name.startsWith('Approve') ? { hash: asked?.hash } : { reason: 'not agreed' };
    return house.send(type, { requestId: asked?.requestId, ...given, ...more }, { actor: by });
  }

  it('no act takes the name of a second person', async () => {
    msp = await Msp.opens('2026-04-01', LIMIT);
    const secondPerson = 'santa-claus';
    const note = { ...OF, creditNoteId: 'C1', invoiceId: 'I1', items: [{ itemId: 'W1', outcome: 'written-off' }] };
    const price = { ticketId: 'T1', timeEntryId: 'W1', pricePerHour: aud('0.01'), reason: 'x' };
    const answers = [
      await msp.house.send(billing.WriteOffWork, { ...item('W1'), secondPerson }),
      await msp.house.send(billing.AcceptBillingGap, { gapId: 'g1', ...WHY, secondPerson }),
      await msp.house.send(billing.IssueCreditNote, { ...note, ...WHY, secondPerson }),
      await msp.house.send(tickets.OverrideTimeEntryPrice, { ...price, secondPerson }),
      await msp.house.send(tickets.GrantCourtesy, { ticketId: 'T1', workItemId: 'W1', reason: 'x', secondPerson }),
    ];
    for (const answer of answers) {
      expect(codeOf(answer)).toBe('InvalidInput');
      expect(isRefusal(answer) && answer.remedy).toContain('POST /v1/approvals/{requestId}/approve');
    }
  });

  it('20 write-offs of 487.50 on one ticket: two stand, 18 wait; what Bea approves takes no room', async () => {
    await opens(20, 195);
    const answers = await Promise.all(Array.from({ length: 20 }, (_, n) => writesOff(`W${n + 1}`)));
    expect(answers.filter((one) => one === 'accepted')).toHaveLength(2);
    expect(answers.filter((one) => one === 'waits')).toHaveLength(18);
    expect(await effects('WorkWrittenOff')).toHaveLength(2);
    expect(codeOf(await decides(ApproveForgoingRequest, BEA))).toBe('accepted');
    const written = await effects('WorkWrittenOff');
    expect(written).toHaveLength(3);
    expect(written.at(-1)).toMatchObject({ actor: ANNA, data: { writtenOffBy: ANNA.id, secondPerson: BEA.id } });
    expect(codeOf(await decides(RefuseForgoingRequest, BEA, { requestId: (await all()).at(-2)?.requestId }))).toBe(
      'accepted',
    );
    expect(await writesOff((await all()).at(-2)!.target)).toBe('waits');
    expect(await sumOfLast()).toEqual(aud('1462.50'));
  });

  /** Each asks to forgo 3,000.00, and answers what came of it. */
  const ACTS = {
    'a write-off': () => writesOff('W1'),
    'a courtesy': () => msp.tries(tickets.GrantCourtesy, { ticketId: 'T1', workItemId: 'W1', reason: 'sorry' }),
    'a price': () =>
      msp.tries(tickets.OverrideTimeEntryPrice, {
        ticketId: 'T1',
        timeEntryId: 'W1',
        pricePerHour: aud('0.01'),
        reason: 'agreed',
      }),
    'an accepted gap': async () => {
      await msp.days(20);
      const { items } = await msp.house.billtrail.models.gaps.list({ state: 'open' }, { limit: 10 });
      return msp.tries(billing.AcceptBillingGap, { gapId: items[0]?.gapId, ...WHY });
    },
    'a credit': async () => {
      await msp.bills('I1', 'bluegum', MARCH);
      return msp.credits('C1', 'I1', 'bluegum', MARCH, [{ itemId: 'W1', outcome: 'written-off' }]);
    },
  } as const;
  const EFFECTS: Readonly<Record<keyof typeof ACTS, string>> = {
    'a write-off': 'WorkWrittenOff',
    'a courtesy': 'CourtesyGranted',
    'a price': 'TimeEntryPriceOverridden',
    'an accepted gap': 'BillingGapAccepted',
    'a credit': 'CreditNoteIssued',
  };

  it.each(Object.keys(ACTS) as (keyof typeof ACTS)[])(
    '%s of 3,000.00 waits, is not the requester’s nor the engineer’s to decide, and names both who agreed',
    async (act) => {
      await opens(1, 1_200);
      expect(await ACTS[act]()).toBe('waits');
      expect(await effects(EFFECTS[act])).toEqual([]);
      expect((await all()).at(-1)).toMatchObject({
        state: 'waiting',
        requestedBy: ANNA.id,
        workBy: [PRIYA.id],
        waitsBecause: { because: 'above-limit', ticketId: 'T1' },
      });
      expect(codeOf(await decides(ApproveForgoingRequest, ANNA))).toBe('OwnRequest');
      expect(codeOf(await decides(ApproveForgoingRequest, { ...ADMIN, id: ANNA.id }))).toBe('OwnRequest');
      expect(codeOf(await decides(ApproveForgoingRequest, { ...BEA, id: PRIYA.id }))).toBe('OwnWork');
      expect(codeOf(await decides(ApproveForgoingRequest, { ...ADMIN, id: 'os:root' }))).toBe('NotAPerson');
      expect(codeOf(await decides(ApproveForgoingRequest, { id: 'record-gaps', role: 'system' }))).toBe('NotAllowed');
      const ofOmar = codeOf(await decides(RefuseForgoingRequest, { ...OMAR, id: 'olga' }, { reason: ' ' }));
      expect(ofOmar).toBe(act === 'an accepted gap' ? 'accepted' : 'NotAllowed');
      if (act === 'an accepted gap') expect(await ACTS[act]()).toBe('waits');
      expect(codeOf(await decides(ApproveForgoingRequest, BEA, { comment: 'called them' }))).toBe('accepted');
      const [effect, ...others] = await effects(EFFECTS[act]);
      expect([effect?.data, others]).toMatchObject([{ secondPerson: BEA.id }, []]);
      expect((await all()).at(-1)).toMatchObject({ state: 'carried-out', approvedBy: BEA.id });
      // Told once: where the work went, or among what was given up.
      const { givenUp = [] } = await msp.house.billtrail.models.reconciliation.of('2026-06-30');
      expect(givenUp.map((one) => one.act)).toEqual(act === 'a price' ? ['price-override'] : []);
    },
  );

  it('what two agreed to frees no room either, where it is taken back', async () => {
    await opens(1, 1_200);
    expect(await ACTS['a courtesy']()).toBe('waits');
    expect(codeOf(await decides(ApproveForgoingRequest, BEA))).toBe('accepted');
    await msp.send(tickets.WithdrawCourtesy, { ticketId: 'T1', workItemId: 'W1', reason: 'they pay' });
    expect(await states()).toEqual(['taken-back']);
    expect(await ACTS['a courtesy']()).toBe('waits');
    expect(await sumOfLast()).toEqual(aud('3000.00'));
  });

  it('names who may decide to whoever asked, or whom to register first', async () => {
    await opens(1, 1_200);
    const asks = async () => {
      const answer = await msp.house.send(billing.WriteOffWork, item('W1'), { actor: ANNA });
      const withdrawn = { requestId: (await all()).at(-1)?.requestId, reason: 'asked too early' };
      await msp.house.send(WithdrawForgoingRequest, withdrawn, { actor: ANNA });
      return isRefusal(answer) ? answer.code : answer.warnings?.[0]?.message;
    };
    expect(await asks()).toContain('Have an admin register anna, and another person who decides: POST /v1/persons');
    await msp.house.registers(ANNA.id);
    await msp.house.registers(OMAR.id, undefined, ['operations']);
    await msp.house.registers(PRIYA.id);
    await msp.house.registers('kim', ANNA);
    expect(await asks()).toContain(
      'Nobody who is registered can decide yet. Have an admin register another person with one of the roles accounts, admin',
    );
    await msp.house.registers(BEA.id);
    await msp.house.registers('carl');
    expect(await asks()).toMatch(
      / These people can decide: bea, carl\. See GET (\S+); approve with POST \1\/approve, or refuse with POST \1\/refuse\./,
    );
    const further = Array.from({ length: 8 }, (_, index) => `person-${index}`);
    for (const one of further) await msp.house.registers(one);
    expect(await asks()).toContain(`These people can decide: bea, carl, ${further.join(', ')}. See`);
    await msp.house.registers('one-more');
    expect(await asks()).toContain(`These people can decide: bea, carl, ${further.join(', ')}, and others. See`);
  });

  it('refused, nothing is forgone: the ticket tells who and why, and the same may be asked for anew', async () => {
    await opens(1, 1_200);
    expect(await writesOff('W1')).toBe('waits');
    expect(codeOf(await decides(RefuseForgoingRequest, BEA, { reason: 'they pay' }))).toBe('accepted');
    expect(await all()).toMatchObject([{ state: 'refused', endedBy: BEA.id, endedReason: 'they pay' }]);
    expect(await msp.items('bluegum', MARCH)).toEqual(['W1 billable 20 h 3000.00 AUD']);
    const { items } = (await msp.house.billtrail.models.timeline.timeline('T1', { limit: MAX_PAGE }))!;
    expect(items.at(-1)?.sentence).toBe('Refused a request to forgo money: they pay');
    expect(codeOf(await decides(ApproveForgoingRequest, CARL))).toBe('ForgoingRequestEnded');
    expect(await writesOff('W1')).toBe('waits');
    expect(codeOf(await decides(ApproveForgoingRequest, CARL))).toBe('accepted');
    expect(await states()).toEqual(['refused', 'carried-out']);
  });

  it('approved by two at once it has one effect, and the other is told; sent again, the first is answered again', async () => {
    await opens(1, 1_200);
    await writesOff('W1');
    for (const { id } of [ANNA, BEA, CARL]) await msp.house.registers(id);
    const answers = await Promise.all([BEA, CARL].map((by) => decides(ApproveForgoingRequest, by)));
    expect(answers.map((answer) => String(codeOf(answer))).sort()).toEqual(['ForgoingRequestEnded', 'accepted']);
    expect(await effects('ForgoingApproved')).toHaveLength(1);
    expect(await effects('WorkWrittenOff')).toHaveLength(1);
    const [approved] = await all();
    const by = approved?.approvedBy === BEA.id ? BEA : CARL;
    // Nobody is told to ask again for what was given: it would be given twice.
    expect(await decides(ApproveForgoingRequest, by === BEA ? CARL : BEA)).toMatchObject({
      code: 'ForgoingRequestEnded',
      message: expect.stringMatching(/was carried out already \(event .*\)\. There is nothing left to decide\.$/),
      remedy: expect.stringMatching(/^See what became of it: GET \/v1\/approvals\/[^ ]+$/),
    });
    expect(codeOf(await decides(ApproveForgoingRequest, by))).toBe('accepted');
    expect(await effects('ForgoingApproved')).toHaveLength(1);
    expect(await msp.house.sendAgain()).toBe(true);
  });

  it('approved and withdrawn at once, in two processes: one of both, on both', async () => {
    const folder = temporaryFolder();
    await opens(4, 1_200, folder.path);
    const other = await House.open(msp.house.now, folder.path, 1_000);
    for (const n of [1, 2, 3, 4]) {
      await writesOff(`W${n}`);
      await other.settle();
      const answers = await Promise.all([
        decides(ApproveForgoingRequest, BEA),
        decides(WithdrawForgoingRequest, ANNA, {}, other),
      ]);
      const { state } = (await all()).at(-1)!;
      // Whoever withdraws what was approved, before it has its effect, is in time: then the approval is told.
      if (state === 'carried-out') expect(answers.map(codeOf)).toEqual(['accepted', 'ForgoingRequestEnded']);
      else expect([state, ...answers.map(codeOf)]).toEqual(['withdrawn', 'ForgoingRequestEnded', 'accepted']);
      const written = (await effects('WorkWrittenOff')).filter(
        ({ data }) => 'itemId' in data && data.itemId === `W${n}`,
      );
      expect(written).toHaveLength(state === 'carried-out' ? 1 : 0);
    }
    await other.close();
    folder.remove();
  });

  it('what lapsed is approved by nobody; what is another amount by then has no effect, and ends by name', async () => {
    await opens(2, 1_200);
    await writesOff('W1');
    const ticket = { ticketId: 'T1', timeEntryId: 'W1' };
    const [{ requestId, hash } = {}] = await all();
    await msp.send(tickets.VoidTimeEntry, { ...ticket, reason: 'twice' }, { actor: PRIYA });
    expect(codeOf(await decides(ApproveForgoingRequest, BEA))).toBe('accepted');
    expect(codeOf(await decides(ApproveForgoingRequest, BEA, { requestId, hash }))).toBe('ForgoingRequestEnded');
    await writesOff('W2');
    const dearer = { contractId: 'bluegum-1', ...versionOf({ from: '2026-03-01', hourly: '160.00' }) };
    await msp.send(contracts.PublishContractVersion, dearer);
    expect(codeOf(await decides(ApproveForgoingRequest, BEA))).toBe('ForgoneChanged');
    expect((await all()).map(({ state, endedReason }) => [state, endedReason?.split(':')[0] ?? null])).toEqual([
      ['lapsed', null],
      ['carried-out', null],
      ['withdrawn', 'ForgoneChanged'],
    ]);
    expect(await msp.items('bluegum', MARCH)).toEqual(['W2 billable 20 h 3200.00 AUD']);
  });

  it('killed between the approval and its effect: a policy records it, with both', async () => {
    await opens(1, 1_200);
    await writesOff('W1');
    const [asked] = await all();
    for (const { id } of [ANNA, BEA]) await msp.house.registers(id);
    const given = { requestId: asked?.requestId, hash: asked?.hash };
    await msp.house.must(ApproveForgoingRequest, given, { actor: BEA, interrupted: true });
    expect(await effects('WorkWrittenOff')).toEqual([]);
    await msp.house.settle();
    expect(await effects('WorkWrittenOff')).toMatchObject([{ actor: ANNA, data: { secondPerson: BEA.id } }]);
    const before = await all();
    await msp.house.billtrail.models.rebuild();
    expect(await all()).toEqual(before);
  });

  describe('for 30 days', () => {
    beforeEach(() => opens(1, 1_200));
    const may = async (by: Actor) => {
      const [asked] = await all();
      const told = await toldTo(msp.house.billtrail, asked!, by);
      const mine = await msp.house.billtrail.models.approvals.list({}, {}, await mineToDecide(msp.house.billtrail, by));
      const answer = told.you?.may === false ? told.you.code : told.you?.may;
      expect(mine.items).toHaveLength(answer === true ? 1 : 0);
      return answer;
    };

    it('nobody decides what is asked by whom they registered, or by whom such a one did; two others do', async () => {
      await msp.house.registers(BEA.id);
      await msp.house.registers(CARL.id, BEA);
      await msp.house.registers(ANNA.id, CARL);
      await msp.house.registers('dora', BEA);
      await writesOff('W1');
      expect([await may(BEA), await may(CARL)]).toEqual(['RequesterKeyed', 'RequesterKeyed']);
      const refused = await decides(ApproveForgoingRequest, BEA);
      expect(refused).toMatchObject({ code: 'RequesterKeyed', details: { from: '2026-05-01' } });
      expect(isRefusal(refused) && refused.message).toContain('From 2026-05-01 on you may.');
      expect(await may({ ...BEA, id: 'dora' })).toBe(true);
      await msp.days(30);
      expect(codeOf(await decides(ApproveForgoingRequest, BEA))).toBe('accepted');
    });

    it('nobody decides what is asked by who registered them: the request says so, and the day', async () => {
      await msp.house.registers(ANNA.id);
      await msp.house.registers(BEA.id, ANNA);
      await msp.house.registers(CARL.id, BEA);
      await msp.house.registers('dora');
      await writesOff('W1');
      expect([await may(BEA), await may(CARL), await may(ANNA), await may(OMAR)]).toEqual([
        'KeyedByRequester',
        'KeyedByRequester',
        'OwnRequest',
        'NotAllowed',
      ]);
      expect(await may({ ...BEA, id: 'eve' })).toBe('NotAPerson');
      expect(await may({ ...BEA, id: 'dora' })).toBe(true);
      const refused = await decides(ApproveForgoingRequest, BEA);
      expect(refused).toMatchObject({ code: 'KeyedByRequester', details: { from: '2026-05-01' } });
      expect(isRefusal(refused) && refused.message).toContain('From 2026-05-01 on bea may decide.');
      await msp.days(29);
      expect([await may(BEA), await may(CARL)]).toEqual(['KeyedByRequester', 'KeyedByRequester']);
      await msp.days(1);
      expect([await may(BEA), await may(CARL)]).toEqual([true, true]);
      expect(codeOf(await decides(ApproveForgoingRequest, CARL))).toBe('accepted');
    });

    it('nobody decides by whose key one may hold who may hold one of whoever asked: somebody else does, where there is one', async () => {
      const dora = { ...BEA, id: 'dora' };
      await msp.house.registers(dora.id);
      await msp.days(31);
      const eve = { ...BEA, id: 'eve' };
      await msp.house.registers(eve.id);
      await msp.house.registers(ANNA.id, eve);
      await msp.house.registers(BEA.id, eve);
      await writesOff('W1');
      expect([await may(BEA), await may(dora)]).toEqual(['KeyedByOne', true]);
      const refused = await decides(ApproveForgoingRequest, BEA);
      expect(refused).toMatchObject({ code: 'KeyedByOne', details: { keyedBy: 'eve', from: '2026-06-01' } });
      expect(isRefusal(refused) && refused.remedy).toContain('such as dora');
      await msp.days(30);
      expect(codeOf(await decides(ApproveForgoingRequest, BEA))).toBe('accepted');
    });
  });
});
