import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ticketCommands as tickets } from '@billtrail/application';
import { Msp } from './msp.js';
import { OMAR, PRIYA } from './people.js';

const DAY = '2026-03-02';
const MARCH = ['bluegum', '2026-03'] as const;
const aud = (amount: string) => ({ amount, currency: 'AUD' });

describe('approved work', () => {
  let msp: Msp;
  beforeEach(async () => {
    msp = await Msp.opens(DAY);
    await msp.signs('bluegum');
  });
  afterEach(() => msp.closes());

  const firewall = (facts: object = {}) =>
    msp.tries(
      tickets.RecordMaterialUsage,
      {
        ticketId: 'T1',
        materialUsageId: 'M1',
        itemCode: 'FW-60',
        description: 'Firewall',
        quantity: '1',
        unit: 'piece',
        listPrice: aud('1250.00'),
        workDate: DAY,
        ...facts,
      },
      { actor: PRIYA },
    );

  it('Y11: a firewall is on no draft and in a gap until another person approves it', async () => {
    const ticket = await msp.ticket('T1', 'bluegum');
    expect(await firewall()).toBe('accepted');
    await ticket.resolves('listed');
    expect(await msp.gaps()).toEqual(['time-unapproved M1: 1250.00 AUD']);
    expect(await msp.drafts('I1', ...MARCH)).toBe('NothingToBill');
    const named = { ticketId: 'T1', materialUsageId: 'M1' };
    expect(await msp.tries(tickets.ApproveMaterialUsage, named, { actor: { ...PRIYA, role: 'operations' } })).toBe(
      'OwnWork',
    );
    expect(await msp.tries(tickets.ApproveMaterialUsage, named, { actor: PRIYA })).toBe('NotAllowed');
    await msp.approves('material', 'T1', 'M1');
    expect(await msp.gaps()).toEqual([]);
    expect((await msp.bills('I1', ...MARCH))[1]).toBe('M1 1 piece 1250.00');
  });

  it('Y11: quantity and price that are corrected after the invoice change it once they are approved', async () => {
    const ticket = await msp.ticket('T1', 'bluegum');
    await firewall();
    await msp.approves('material', 'T1', 'M1');
    await ticket.resolves('listed');
    await msp.bills('I1', ...MARCH);
    const cheaper = { materialUsageId: 'M1', itemCode: 'FW-60', description: 'Firewall', quantity: '1', reason: 'x' };
    const price = { unit: 'piece', listPrice: aud('50.00'), workDate: DAY };
    await msp.send(tickets.CorrectMaterialUsage, { ticketId: 'T1', ...cheaper, ...price }, { actor: PRIYA });
    const waits = 'M1@a1 billable 0 piece -1200.00 AUD';
    expect(await msp.items(...MARCH)).toEqual(['M1 invoiced 1 piece 1250.00 AUD', waits]);
    expect(await msp.gaps()).toEqual(['time-unapproved M1: -1200.00 AUD']);
    expect(await msp.drafts('I2', ...MARCH)).toBe('NothingToBill');
  });

  it('Y11: a warranty, and a contract that includes it, are looked at by a second person too', async () => {
    const ticket = await msp.ticket('T1', 'bluegum');
    await firewall({ underWarranty: true, warrantyClaim: 'RMA-1' });
    await ticket.resolves('listed');
    expect(await msp.items(...MARCH)).toEqual(['M1 covered 1 piece 0.00 AUD']);
    expect(await msp.gaps()).toEqual(['time-unapproved M1: 0.00 AUD']);
    await msp.approves('material', 'T1', 'M1');
    expect(await msp.gaps()).toEqual([]);
  });

  it('Y11: an expense that is rejected is on no draft, and in a gap after the days of billing', async () => {
    const ticket = await msp.ticket('T1', 'bluegum');
    const taxi = { ticketId: 'T1', expenseId: 'X1', description: 'Taxi', cost: aud('90.00'), workDate: DAY };
    await msp.send(tickets.RecordExpense, taxi, { actor: PRIYA });
    const reject = { ticketId: 'T1', expenseId: 'X1', reason: 'no receipt' };
    await msp.send(tickets.RejectExpense, reject, { actor: OMAR });
    await ticket.resolves();
    expect(await msp.gaps()).toEqual([]);
    expect(await msp.drafts('I1', ...MARCH)).toBe('NothingToBill');
    await msp.days(20);
    const { items } = await msp.house.billtrail.models.gaps.list({ kind: 'unbilled' }, {});
    expect(items.map(({ cause }) => cause)).toEqual([
      expect.stringContaining('; its expense was rejected and neither'),
    ]);
  });

  it('is told apart where whoever did or entered it approved it themselves, with what it comes to', async () => {
    await msp.configures({ selfApproval: 'recorded' });
    const ticket = await msp.ticket('T1', 'bluegum');
    await ticket.time('W1', 60, DAY);
    const asOf = await msp.house.today();
    const own = async (scope: object = {}) =>
      (await msp.house.billtrail.models.reconciliation.of(asOf, scope)).ownApprovals;
    const priya = { ...PRIYA, role: 'operations' } as const;
    await ticket.time('W2', 90, DAY, { approved: false });
    await msp.house.settle();
    expect(await own()).toBeUndefined();
    await firewall();
    await msp.send(tickets.ApproveTimeEntry, { ticketId: 'T1', timeEntryId: 'W2' }, { actor: priya });
    await msp.send(tickets.ApproveMaterialUsage, { ticketId: 'T1', materialUsageId: 'M1' }, { actor: priya });
    await msp.house.settle();
    expect(await own()).toEqual({ items: 2, money: [aud('1475.00')], minutesWithoutPrice: 0 });
    expect(await own({ clientId: 'bluegum', period: '2026-03' })).toEqual(await own({ ticketId: 'T1' }));
    expect(await own({ period: '2026-04' })).toBeUndefined();
    // It stays told on an invoice, and is so no more once it is corrected.
    await ticket.resolves('listed');
    await msp.bills('I1', ...MARCH);
    expect((await own())?.money).toEqual([aud('1475.00')]);
    await ticket.corrects('W2', 120, DAY, { approved: false });
    await msp.house.settle();
    expect(await own()).toEqual({ items: 1, money: [aud('1250.00')], minutesWithoutPrice: 0 });
  });

  it.each(['corrected first', 'approved first'])(
    'Y7: approved and corrected at the same moment, %s, 1,440 minutes are never under an approval of 60',
    async (order) => {
      const ticket = await msp.ticket('T1', 'bluegum');
      await ticket.time('W1', 60, DAY, { approved: false });
      const facts = { engineerId: 'priya', engineerRole: 'engineer', workType: 'remote', workDate: DAY };
      const entry = { ticketId: 'T1', timeEntryId: 'W1', ...facts, description: 'Worked', reason: 'mistyped' };
      const corrects = () => msp.tries(tickets.CorrectTimeEntry, { ...entry, minutes: 1_440 }, { actor: PRIYA });
      const approves = () =>
        msp.tries(tickets.ApproveTimeEntry, { ticketId: 'T1', timeEntryId: 'W1', version: 1 }, { actor: OMAR });
      const isCorrectedFirst = order === 'corrected first';
      const answers = await Promise.all(
        (isCorrectedFirst ? [corrects, approves] : [approves, corrects]).map((act) => act()),
      );
      const [ofCorrection, ofApproval] = isCorrectedFirst ? answers : answers.toReversed();
      // What was sent first need not be first in the log.
      const types = (await msp.house.events()).map(({ type }) => type);
      const wasApproved = types.includes('TimeEntryApproved');
      expect([ofCorrection, ofApproval]).toEqual(['accepted', wasApproved ? 'accepted' : 'WorkChanged']);
      if (wasApproved) expect(types.at(-1)).toBe('TimeEntryCorrected');
      await ticket.resolves();
      expect(await msp.gaps()).toEqual(['time-unapproved W1: 3600.00 AUD']);
      expect(await msp.drafts('I1', ...MARCH)).toBe('NothingToBill');
    },
  );
});
