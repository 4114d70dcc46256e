import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  WithdrawForgoingRequest,
  billingCommands as billing,
  contractCommands as contracts,
  ticketCommands as tickets,
} from '@billtrail/application';
import type { Actor } from '@billtrail/kernel';
import type { Cap } from '@billtrail/contracts';
import { HOURS } from '../laws/kit/broken-stories.js';
import { brokenLaws } from '../laws/kit/laws.js';
import { lookAt } from '../laws/kit/look.js';
import { Msp } from './msp.js';
import { ANNA, BEA, OMAR, PRIYA } from './people.js';
import type { TicketStory } from './ticket-story.js';

const DAY = '2026-03-02';
const MARCH = '2026-03';
const OUTAGE = 'Apology for the outage';
const aud = (amount: string) => ({ amount, currency: 'AUD' });

/** 150.00 an hour; two hours on W1, an hour on W2. */
describe('a courtesy', () => {
  let msp: Msp;
  let ticket: TicketStory;
  beforeEach(async () => {
    msp = await Msp.opens(DAY);
    await msp.signs('bluegum');
    ticket = await msp.ticket('T1', 'bluegum');
    await ticket.time('W1', 120, DAY);
    await ticket.time('W2', 60, DAY);
  });
  afterEach(async () => {
    await msp.house.settle();
    expect(brokenLaws(await lookAt(msp, { isSettled: true }))).toEqual([]);
    await msp.closes();
  });

  const gives = (workItemId: string, more: object = {}, actor = ANNA) =>
    msp.tries(tickets.GrantCourtesy, { ticketId: 'T1', workItemId, reason: OUTAGE, ...more }, { actor });
  const withdraws = (workItemId: string) =>
    msp.tries(tickets.WithdrawCourtesy, { ticketId: 'T1', workItemId, reason: 'was not us' });
  const items = () => msp.items('bluegum', MARCH);
  const given = async () => {
    await msp.house.settle();
    return (await msp.house.billtrail.models.reconciliation.of(await msp.house.today())).courtesies ?? [];
  };
  const lineOf = async (invoiceId: string, itemId: string) => {
    const { items: lines } = await msp.house.billtrail.models.invoices.lines(invoiceId);
    return lines.find((line) => line.itemId === itemId);
  };

  it('stands on the invoice at 0.00 with its reason, and the sum multiplies out', async () => {
    expect(await gives('W1', { comment: 'our switch' })).toBe('accepted');
    expect(await gives('W1', { comment: 'our switch' })).toBe('accepted');
    expect(await items()).toEqual(['W1 billable 2 h 0.00 AUD', 'W2 billable 1 h 150.00 AUD']);
    expect(await msp.why('W1')).toContain(`courtesy -300.00 AUD, given by anna: ${OUTAGE}; net 0.00 AUD`);
    expect(await msp.bills('I1', 'bluegum', MARCH)).toEqual([
      'INV-000001',
      'W1 2 h 0.00',
      'W2 1 h 150.00',
      '150.00 + 15.00 = 165.00 AUD',
    ]);
    expect(await lineOf('I1', 'W1')).toMatchObject({
      standardValue: aud('300.00'),
      courtesy: { amount: aud('300.00'), reason: OUTAGE },
      parts: [
        { label: 'price', quantity: '2', unitPrice: aud('150.00'), amount: aud('300.00') },
        { label: 'courtesy', reason: OUTAGE, amount: aud('-300.00') },
      ],
    });
    expect(JSON.stringify(await lineOf('I1', 'W1'))).not.toContain('our switch');
    expect(await given()).toEqual([aud('300.00')]);
  });

  it('of an amount leaves the rest; materials and expenses take it too', async () => {
    await ticket.uses('M1', '2', '80.00', DAY);
    await ticket.spends('X1', 'Parking', '20.00', DAY);
    expect(await gives('W1', { amount: aud('100.00') })).toBe('accepted');
    expect(await gives('M1', { amount: aud('60.00') })).toBe('accepted');
    expect(await gives('X1')).toBe('accepted');
    // 2 x 150.00 - 100.00; 2 x 80.00 - 60.00; 20.00 x 1.10 - 22.00.
    expect(await items()).toEqual([
      'M1 billable 2 piece 100.00 AUD',
      'W1 billable 2 h 200.00 AUD',
      'W2 billable 1 h 150.00 AUD',
      'X1 billable 1 expense 0.00 AUD',
    ]);
    expect(await given()).toEqual([aud('182.00')]);
    expect((await msp.bills('I1', 'bluegum', MARCH)).at(-1)).toBe('450.00 + 45.00 = 495.00 AUD');
  });

  it('is an amount: a correction leaves it, before the invoice and after', async () => {
    expect(await gives('W1')).toBe('accepted');
    await ticket.corrects('W1', 150, DAY);
    // 2.5 x 150.00 - 300.00.
    expect(await items()).toContain('W1 billable 2.5 h 75.00 AUD');
    await msp.bills('I1', 'bluegum', MARCH);
    await ticket.corrects('W1', 180, DAY);
    expect(await items()).toContain('W1@a1 billable 0.5 h 75.00 AUD');
    await msp.bills('I2', 'bluegum', MARCH);
    // 1 x 150.00, all of it given: 75.00 + 75.00 go back.
    await ticket.corrects('W1', 60, DAY);
    expect(await items()).toContain('W1@a2 billable -2 h -150.00 AUD');
    expect(await given()).toEqual([aud('150.00')]);
  });

  it('is held to the limit of a write-off, with the same people', async () => {
    await ticket.time('W3', 240, DAY);
    expect(await gives('W1', {}, PRIYA)).toBe('NotAllowed');
    expect(await gives('W1', {}, { ...ANNA, id: 'priya' })).toBe('OwnWork');
    expect(await gives('W3', { amount: aud('500.01') })).toBe('waits');
    const { items: waiting } = await msp.house.billtrail.models.approvals.list({ state: 'waiting' });
    const back = { requestId: waiting[0]?.requestId, reason: 'less will do' };
    expect(await msp.tries(WithdrawForgoingRequest, back)).toBe('accepted');
    expect(await gives('W3', { amount: aud('500.00') })).toBe('accepted');
    // What is left is 100.00, and with what was given 600.00 are forgone.
    expect(await msp.writesOff('W3', 'bluegum', MARCH, ANNA, BEA)).toBe('accepted');
    await msp.house.settle();
    const { items: done } = await msp.house.billtrail.models.approvals.list({ state: 'carried-out' });
    expect(done.map(({ act, approvedBy }) => [act, approvedBy])).toEqual([
      ['courtesy', null],
      ['write-off', BEA.id],
    ]);
  });

  it('a price set for an entry is no way around the limit', async () => {
    await ticket.time('W3', 240, DAY);
    const sets = (amount: string, approvedBy?: Actor) => {
      const asked = { ticketId: 'T1', timeEntryId: 'W3', pricePerHour: aud(amount), reason: 'agreed' };
      return msp.tries(tickets.OverrideTimeEntryPrice, asked, {}, approvedBy);
    };
    // 600.00 less 0.04; less 100.00; less 99.96.
    expect(await sets('25.00')).toBe('accepted');
    expect(await sets('0.01', BEA)).toBe('accepted');
    await msp.house.settle();
    const { items: requests } = await msp.house.billtrail.models.approvals.list();
    expect(requests.map(({ value, approvedBy }) => [value?.amount, approvedBy])).toEqual([
      ['500.00', null],
      ['599.96', BEA.id],
    ]);
    expect(await items()).toContain('W3 billable 4 h 0.04 AUD');
  });

  it('is refused above what the work comes to, twice, of nothing, and over the end of a month', async () => {
    expect(await gives('W1', { amount: aud('300.01') })).toBe('CourtesyAboveWork');
    expect(await gives('W1', { amount: { amount: '10.00', currency: 'USD' } })).toBe('CourtesyAboveWork');
    expect(await gives('W1', { amount: aud('10.005') })).toBe('MoneyInvalid');
    expect(await gives('W1', { amount: aud('0.00') })).toBe('MoneyInvalid');
    expect(await gives('W9')).toBe('WorkItemUnknown');
    const both = await Promise.all([gives('W1'), gives('W1', { amount: aud('10.00') })]);
    expect(both.toSorted()).toEqual(['CourtesyExists', 'accepted']);
    await ticket.voids('W2');
    expect(await gives('W2')).toBe('WorkItemVoided');
  });

  it('of an entry over the end of a month is refused: each month is an entry of its own, or an item is written off', async () => {
    const night = { from: '2026-02-28T23:00:00+11:00', until: '2026-03-01T01:00:00+11:00' };
    await ticket.time('W3', 120, '2026-02-28', night);
    expect(await gives('W3')).toBe('CourtesyOverMonths');
    expect(await msp.writesOff('W3@p1', 'bluegum', '2026-02', ANNA)).toBe('accepted');
    await ticket.time('W4', 120, '2026-02-28', night);
    await ticket.voids('W4');
    await ticket.time('W5', 60, '2026-02-28', { ...night, until: '2026-03-01T00:00:00+11:00' });
    expect(await gives('W5')).toBe('accepted');
    // Corrected to lie over the month's end again, it takes what was given where it begins.
    await ticket.corrects('W5', 120, '2026-02-28', night);
    expect(await msp.items('bluegum', '2026-02')).toContain('W5@p1 billable 1 h 0.00 AUD');
    expect(await items()).toContain('W5@p1 billable 1 h 150.00 AUD');
  });

  it('makes a draft stale, also when it is withdrawn; withdrawn it is billed', async () => {
    expect(await msp.drafts('I1', 'bluegum', MARCH)).toBe('accepted');
    expect(await gives('W1')).toBe('accepted');
    expect(await msp.issues('I1', 'bluegum', MARCH)).toBe('DraftStale');
    expect(await msp.discards('I1', 'bluegum', MARCH)).toBe('accepted');
    expect(await msp.drafts('I2', 'bluegum', MARCH)).toBe('accepted');
    expect(await withdraws('W1')).toBe('accepted');
    expect(await withdraws('W1')).toBe('accepted');
    expect(await msp.issues('I2', 'bluegum', MARCH)).toBe('DraftStale');
    expect(await msp.discards('I2', 'bluegum', MARCH)).toBe('accepted');
    expect((await msp.bills('I3', 'bluegum', MARCH))[1]).toBe('W1 2 h 300.00');
    expect(await given()).toEqual([]);
  });

  it('withdrawn after what was left of it was written off, comes back to be billed: nobody forgave that', async () => {
    expect(await gives('W1')).toBe('accepted');
    expect(await gives('W2', { amount: aud('100.00') })).toBe('accepted');
    // 0.00 of 300.00, and 50.00 of 150.00.
    expect(await msp.writesOff('W1', 'bluegum', MARCH, ANNA)).toBe('accepted');
    expect(await msp.writesOff('W2', 'bluegum', MARCH, ANNA)).toBe('accepted');
    await ticket.resolves();
    const writtenOff = ['W1 written-off 2 h 0.00 AUD', 'W2 written-off 1 h 50.00 AUD'];
    expect(await items()).toEqual(writtenOff);
    expect(await withdraws('W1')).toBe('accepted');
    expect(await withdraws('W2')).toBe('accepted');
    expect((await items()).toSorted()).toEqual(
      [...writtenOff, 'W1@a1 billable 0 h 300.00 AUD', 'W2@a1 billable 0 h 100.00 AUD'].toSorted(),
    );
    expect(await given()).toEqual([aud('0.00')]);
    // Given anew, less of it.
    expect(await gives('W1', { amount: aud('120.00') })).toBe('accepted');
    expect(await items()).toContain('W1@a1 billable 0 h 180.00 AUD');
    expect((await msp.bills('I1', 'bluegum', MARCH)).at(-1)).toBe('280.00 + 28.00 = 308.00 AUD');
    expect((await items()).toSorted()).toEqual(
      [...writtenOff, 'W1@a1 invoiced 0 h 180.00 AUD', 'W2@a1 invoiced 0 h 100.00 AUD'].toSorted(),
    );
    expect(await given()).toEqual([aud('120.00')]);
  });

  it('after the invoice is refused: a credit note gives the amount, or bills the line again', async () => {
    await msp.bills('I1', 'bluegum', MARCH);
    expect(await gives('W1')).toBe('CourtesyAfterInvoice');
    const partly = { itemId: 'W2', outcome: 'written-off', net: aud('50.00') } as const;
    expect(await msp.credits('C1', 'I1', 'bluegum', MARCH, [partly])).toBe('accepted');
    const again = { itemId: 'W1', outcome: 'bill-again' } as const;
    expect(await msp.credits('C2', 'I1', 'bluegum', MARCH, [again])).toBe('accepted');
    expect(await gives('W1', { amount: aud('120.00') })).toBe('accepted');
    expect(await msp.bills('I2', 'bluegum', MARCH)).toContain('W1 2 h 180.00');
    expect(await withdraws('W1')).toBe('CourtesyAfterInvoice');
    // Credited once more, the line comes back with what was given; then it can be withdrawn.
    expect(await msp.credits('C3', 'I2', 'bluegum', MARCH, [again])).toBe('accepted');
    expect(await items()).toContain('W1 billable 2 h 180.00 AUD');
    expect(await withdraws('W1')).toBe('accepted');
    expect(await items()).toContain('W1 billable 2 h 300.00 AUD');
  });

  it('goes with the work to another client, and through a merge', async () => {
    await msp.signs('redgum', { hourly: '160.00' });
    expect(await gives('W1', { amount: aud('100.00') })).toBe('accepted');
    await ticket.isOf({ clientId: 'redgum' });
    // 2 x 160.00 - 100.00.
    expect(await msp.items('redgum', MARCH)).toContain('W1 billable 2 h 220.00 AUD');
    await msp.ticket('T2', 'redgum');
    const merge = { ticketId: 'T1', into: 'T2', reason: 'the same' };
    expect(await msp.tries(tickets.MergeTicket, merge, { actor: OMAR })).toBe('accepted');
    expect(await gives('W2', { amount: aud('60.00') })).toBe('accepted');
    expect(await msp.items('redgum', MARCH)).toEqual(['W1 billable 2 h 220.00 AUD', 'W2 billable 1 h 100.00 AUD']);
  });

  it('gives no other work room under a cap, before the invoice and after', async () => {
    const cap: Cap = { id: 'nte', name: 'Not to exceed', scope: 'period', amount: '400.00', above: 'write-down' };
    await msp.renegotiates('bluegum', { from: '2026-03-01', besides: { caps: [cap] } });
    expect(await gives('W1', { amount: aud('250.00') })).toBe('accepted');
    // W1 300.00 of 400.00, then 100.00 of W2; then 250.00 of W1 are given.
    const whole = await items();
    expect(whole).toContain('W1 billable 2 h 50.00 AUD');
    expect(whole.filter((item) => item.includes('W2') && item.includes('billable'))).toHaveLength(1);
    expect((await msp.bills('I1', 'bluegum', MARCH)).at(-1)).toBe('150.00 + 15.00 = 165.00 AUD');
    await ticket.time('W4', 60, DAY);
    expect((await items()).filter((item) => item.includes('W4'))).toEqual(['W4 written-off 1 h 150.00 AUD']);
  });

  it('later terms are held against the price before it', async () => {
    expect(await gives('W1')).toBe('accepted');
    await ticket.resolves();
    await msp.bills('I1', 'bluegum', MARCH);
    await msp.renegotiates('bluegum', { from: '2026-03-01', hourly: '160.00' });
    expect(await msp.gaps()).toEqual(['contract-mismatch W1: 20.00 AUD', 'contract-mismatch W2: 10.00 AUD']);
  });

  it('of an adjustment without a price is no figure: what was given stands until there is one', async () => {
    expect(await gives('W1')).toBe('accepted');
    await ticket.resolves();
    await msp.bills('I1', 'bluegum', MARCH);
    // The card has no rate for work on site.
    await ticket.corrects('W1', 120, DAY, { type: 'onsite' });
    expect(await items()).toContain('W1@a1 unpriced -2 h without a price');
    expect((await given()).map(({ amount }) => amount)).toEqual(['300.00']);
  });
});

describe('a courtesy on prepaid work', () => {
  it('draws nothing of the block, and gives the hour back', async () => {
    const msp = await Msp.opens(DAY);
    await msp.signs('bluegum', HOURS);
    const A = { contractId: 'bluegum-1', blockId: 'A' };
    await msp.send(contracts.PurchasePrepaidBlock, {
      ...A,
      amount: { unit: 'minutes', minutes: 600 },
      purchasedOn: DAY,
    });
    const ticket = await msp.ticket('T1', 'bluegum');
    await ticket.time('W1', 60, DAY);
    const left = async () => {
      await msp.house.settle();
      return (await msp.house.billtrail.models.prepaid.balance({ from: 'block', ...A }))?.left;
    };
    expect(await left()).toEqual({ unit: 'minutes', minutes: 540 });
    const gives = { ticketId: 'T1', workItemId: 'W1', reason: OUTAGE };
    const part = { ...gives, amount: aud('10.00') };
    expect(await msp.tries(tickets.GrantCourtesy, part)).toBe('CourtesyOfNothing');
    expect(await msp.tries(tickets.GrantCourtesy, gives)).toBe('accepted');
    expect(await left()).toEqual({ unit: 'minutes', minutes: 600 });
    expect(await msp.items('bluegum', MARCH)).toEqual(['W1 billable 1 h 0.00 AUD']);
    await msp.bills('I1', 'bluegum', MARCH);
    expect(await left()).toEqual({ unit: 'minutes', minutes: 600 });
    await msp.house.settle();
    expect(brokenLaws(await lookAt(msp, { isSettled: true }))).toEqual([]);
    await msp.closes();
  });

  it('does not count towards a minimum: what lacks is asked for', async () => {
    const msp = await Msp.opens(DAY);
    const minimumCommitment = {
      id: 'least',
      name: 'Minimum',
      amountPerPeriod: '400.00',
      countsRecurring: false,
      taxCategory: 'GST',
    };
    await msp.signs('bluegum', { besides: { minimumCommitment } });
    const ticket = await msp.ticket('T1', 'bluegum');
    await ticket.time('W1', 120, DAY);
    await msp.send(tickets.GrantCourtesy, {
      ticketId: 'T1',
      workItemId: 'W1',
      amount: aud('100.00'),
      reason: OUTAGE,
    });
    await msp.house.settle();
    const charges = await msp.house.billtrail.models.charges.ofPeriod('bluegum', MARCH);
    // 400.00 - (300.00 - 100.00).
    expect(charges.map(({ net }) => net.amount)).toEqual(['200.00']);
    const write = { itemId: 'W1', clientId: 'bluegum', period: MARCH, reasonCode: 'goodwill', comment: 'all of it' };
    expect(await msp.tries(billing.WriteOffWork, write)).toBe('accepted');
    await msp.closes();
  });
});
