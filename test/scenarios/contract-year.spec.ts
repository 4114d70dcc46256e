import { billingCommands as billing, contractCommands as contracts } from '@billtrail/application';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ContractTerms, RecurringCharge } from '@billtrail/contracts';
import { Msp } from './msp.js';
import { OMAR } from './people.js';

function seats(more: Partial<RecurringCharge> = {}): Partial<ContractTerms> {
  const each: RecurringCharge = {
    id: 'seats',
    name: 'Seats',
    basis: 'per-user',
    countOf: 'user',
    price: '372.00',
    everyMonths: 12,
    cycleAnchor: 'contract-day',
    billed: 'in-advance',
    taxCategory: 'GST',
  };
  return { recurringCharges: [{ ...each, ...more }] };
}

describe('seats of a contract\u2019s year', () => {
  let msp: Msp;
  beforeEach(async () => {
    msp = await Msp.opens('2026-03-16');
  });
  afterEach(() => msp.closes());
  const counted = (count: number, from: string) =>
    msp.send(contracts.RecordCount, { contractId: 'bluegum-1', countOf: 'user', count, from }, { actor: OMAR });
  async function charges(): Promise<readonly string[]> {
    await msp.house.settle();
    const { items } = await msp.house.billtrail.models.charges.list({ clientId: 'bluegum' });
    return items.map(({ period, quantity, net, disposition }) => `${period} ${quantity} ${net.amount} ${disposition}`);
  }

  it('are billed for a year at once, and joined in the run of the month in which they join (K22)', async () => {
    await msp.signs('bluegum', { from: '2026-03-15', besides: seats() });
    await counted(10, '2026-03-15');
    expect((await msp.bills('I1', 'bluegum', '2026-03')).at(-1)).toBe('3720.00 + 372.00 = 4092.00 AUD');
    await msp.days(153);
    await counted(14, '2026-08-15');
    expect(await charges()).toEqual(['2026-03 10 3720.00 invoiced', '2026-08 4 864.26 billable']);
    expect((await msp.bills('I2', 'bluegum', '2026-08')).at(-1)).toBe('864.26 + 86.43 = 950.69 AUD');
    await msp.days(215);
    expect(await charges()).toEqual([
      '2026-03 10 3720.00 invoiced',
      '2026-08 4 864.26 invoiced',
      '2027-03 14 5208.00 billable',
    ]);
    expect(await msp.gaps()).toEqual([]);
  });
  it('that are recorded months after they joined are billed in the month in which that was known (K22)', async () => {
    await msp.signs('bluegum', { from: '2026-03-15', besides: seats() });
    await counted(10, '2026-03-15');
    await msp.bills('I1', 'bluegum', '2026-03');
    // 10 November.
    await msp.days(239);
    await counted(14, '2026-08-15');
    expect(await charges()).toEqual(['2026-03 10 3720.00 invoiced', '2026-11 4 864.26 billable']);
    expect((await msp.bills('I2', 'bluegum', '2026-11')).at(-1)).toBe('864.26 + 86.43 = 950.69 AUD');
    await counted(12, '2026-08-15');
    // 2 x 372.00 x 212/365 goes back where it was asked for.
    expect(await charges()).toContain('2026-11 -1 -432.13 billable');
  });
  it('that leave take back the tax that was asked for them, those that joined last first', async () => {
    const rates = [
      { from: '2020-01-01', rate: '10' },
      { from: '2026-08-15', rate: '15' },
    ];
    await msp.configures({ taxRates: { GST: { rate: rates } } });
    await msp.signs('bluegum', { from: '2026-03-15', besides: seats() });
    await counted(10, '2026-03-15');
    await msp.bills('I1', 'bluegum', '2026-03');
    await msp.days(153);
    await counted(12, '2026-08-16');
    await msp.bills('I2', 'bluegum', '2026-08');
    await msp.days(61);
    await counted(9, '2026-10-16');
    // 3 x 372.00 x 150/365 = 458.63: two joined at 15 %, 305.75 with 45.86; one was there at 10 %, 152.88 with 15.29.
    expect((await charges()).at(-1)).toBe('2026-10 -3 -458.63 billable');
    const items = ['bluegum-1@fee@seats@2026-10-16'];
    const asked = {
      creditNoteId: 'C1',
      clientId: 'bluegum',
      period: '2026-10',
      items,
      reasonCode: 'r',
      comment: 'left',
    };
    expect(await msp.tries(billing.GiveCredits, asked)).toBe('accepted');
    await msp.house.settle();
    const note = await msp.house.billtrail.models.creditNotes.get('C1');
    expect(note?.taxTotals.map(({ rate, net, tax }) => `${net.amount} at ${rate}: ${tax.amount}`)).toEqual([
      '152.88 at 10: 15.29',
      '305.75 at 15: 45.86',
    ]);
  });
  it('that leave go back to each client that paid for them, two to the new one and one to the old one', async () => {
    const named = (billTo: string) =>
      msp.send(contracts.ChangeClientDetails, {
        clientId: 'bluegum',
        name: 'Bluegum',
        currency: 'AUD',
        timeZone: 'Australia/Sydney',
        billTo,
      });
    for (const clientId of ['old', 'new'])
      await msp.send(contracts.RegisterClient, {
        clientId,
        name: clientId,
        currency: 'AUD',
        timeZone: 'Australia/Sydney',
      });
    await msp.signs('bluegum', { from: '2026-03-15', besides: seats() });
    await named('old');
    await counted(10, '2026-03-15');
    await msp.bills('I1', 'bluegum', '2026-03');
    await msp.days(153);
    await named('new');
    await counted(12, '2026-08-16');
    await msp.bills('I2', 'bluegum', '2026-08');
    await msp.days(61);
    await counted(9, '2026-10-16');
    // 372.00 x 150/365 each.
    expect((await charges()).slice(-2)).toEqual(['2026-10 -2 -305.75 billable', '2026-10 -1 -152.88 billable']);
    const gives = (creditNoteId: string, payer: string) =>
      msp.tries(billing.GiveCredits, {
        creditNoteId,
        clientId: 'bluegum',
        period: '2026-10',
        items: [`bluegum-1@fee@seats@2026-10-16@paid-by-${payer}`],
        reasonCode: 'r',
        comment: 'left',
      });
    expect([await gives('C1', 'new'), await gives('C2', 'old')]).toEqual(['accepted', 'accepted']);
    await msp.house.settle();
    const { creditNotes } = msp.house.billtrail.models;
    const notes = [await creditNotes.get('C1'), await creditNotes.get('C2')];
    expect(notes.map((note) => `${note?.recipientId} ${note?.net?.amount}`)).toEqual(['new 305.75', 'old 152.88']);
    // One more of those of the old one leaves later, and no one of the new one is left.
    await msp.days(31);
    await counted(8, '2026-11-16');
    expect((await charges()).at(-1)).toBe('2026-11 -1 -121.28 billable');
    const { items } = await msp.house.billtrail.models.charges.list({ clientId: 'bluegum', period: '2026-11' });
    expect(items.map(({ basis }) => basis.billTo)).toEqual(['old']);
  });
  it('that leave after others of their payer were credited without an invoice have the tax of those that are left', async () => {
    const of = { currency: 'AUD', timeZone: 'Australia/Sydney' };
    const named = (billTo: string) =>
      msp.send(contracts.ChangeClientDetails, { clientId: 'bluegum', name: 'Bluegum', ...of, billTo });
    for (const clientId of ['old', 'new'])
      await msp.send(contracts.RegisterClient, { clientId, name: clientId, ...of });
    const rates = [
      { from: '2020-01-01', rate: '10' },
      { from: '2026-06-01', rate: '15' },
    ];
    await msp.configures({ taxRates: { GST: { rate: rates } } });
    await msp.signs('bluegum', { from: '2026-03-15', besides: seats() });
    await named('old');
    await counted(10, '2026-03-15');
    await msp.bills('I1', 'bluegum', '2026-03');
    await msp.days(92);
    await counted(11, '2026-06-16');
    await msp.bills('I2', 'bluegum', '2026-06');
    await named('new');
    await msp.days(30);
    await counted(12, '2026-07-16');
    await msp.bills('I3', 'bluegum', '2026-07');
    const gives = async (creditNoteId: string, day: string, payer: string) => {
      await msp.house.settle();
      const items = [`bluegum-1@fee@seats@${day}@paid-by-${payer}`];
      const owed = {
        creditNoteId,
        clientId: 'bluegum',
        period: day.slice(0, 7),
        items,
        reasonCode: 'r',
        comment: 'left',
      };
      expect(await msp.tries(billing.GiveCredits, owed)).toBe('accepted');
      await msp.house.settle();
      const note = await msp.house.billtrail.models.creditNotes.get(creditNoteId);
      return note?.taxTotals.map(({ rate, net }) => `${note.recipientId}: ${net.amount} at ${rate}`);
    };
    await msp.days(97);
    await counted(10, '2026-10-16');
    // 372.00 x 150/365 each: the one of the new payer, and that of the old one which joined at 15 %.
    expect(await gives('C1', '2026-10-16', 'new')).toEqual(['new: 152.88 at 15']);
    expect(await gives('C2', '2026-10-16', 'old')).toEqual(['old: 152.88 at 15']);
    await msp.days(31);
    await counted(9, '2026-11-16');
    // 372.00 x 119/365: one of the ten that were there first.
    expect(await gives('C3', '2026-11-16', 'old')).toEqual(['old: 121.28 at 10']);
  });
  it('that join in the month of others that are invoiced are asked of who pays by then', async () => {
    const of = { currency: 'AUD', timeZone: 'Australia/Sydney' };
    const named = (billTo: string) =>
      msp.send(contracts.ChangeClientDetails, { clientId: 'bluegum', name: 'Bluegum', ...of, billTo });
    for (const clientId of ['old', 'new'])
      await msp.send(contracts.RegisterClient, { clientId, name: clientId, ...of });
    await msp.signs('bluegum', { from: '2026-03-15', besides: seats() });
    await named('old');
    await counted(10, '2026-03-15');
    await msp.bills('I1', 'bluegum', '2026-03');
    await msp.days(153);
    await counted(12, '2026-08-16');
    await msp.bills('I2', 'bluegum', '2026-08');
    await named('new');
    await msp.days(9);
    await counted(13, '2026-08-25');
    // 372.00 x 202/365; the two were 372.00 x 211/365 each.
    expect((await charges()).at(-1)).toBe('2026-08 1 205.87 billable');
    await msp.bills('I3', 'bluegum', '2026-08');
    await msp.house.settle();
    const { invoices } = msp.house.billtrail.models;
    const billed = await Promise.all(['I2', 'I3'].map((id) => invoices.get(id)));
    expect(billed.map((one) => `${one?.recipientId} ${one?.net.amount}`)).toEqual(['old 430.09', 'new 205.87']);
    // Of the three that joined, that of the new payer leaves first.
    await msp.days(31);
    await counted(12, '2026-09-25');
    expect((await charges()).at(-1)).toBe('2026-09 -1 -174.28 billable');
    const { items } = await msp.house.billtrail.models.charges.list({ clientId: 'bluegum', period: '2026-09' });
    expect(items.map(({ basis }) => basis.billTo)).toEqual(['new']);
  });
  it('that become fewer are paid for until the commitment ends, without a credit and a gap (K25)', async () => {
    const commitment = { until: '2027-03-14', increaseOnly: true };
    await msp.signs('bluegum', { from: '2026-03-15', besides: seats({ commitment }) });
    await counted(44, '2026-03-15');
    await msp.bills('I1', 'bluegum', '2026-03');
    await msp.days(170);
    await counted(38, '2026-09-01');
    expect(await charges()).toEqual(['2026-03 44 16368.00 invoiced']);
    expect(await msp.gaps()).toEqual([]);
    await msp.days(200);
    expect(await charges()).toEqual(['2026-03 44 16368.00 invoiced', '2027-03 38 14136.00 billable']);
  });
});
