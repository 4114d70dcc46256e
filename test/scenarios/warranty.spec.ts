import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ticketCommands as tickets } from '@billtrail/application';
import { Msp } from './msp.js';
import { ANNA, OMAR, PRIYA } from './people.js';
import type { TicketStory } from './ticket-story.js';

const MARCH = ['bluegum', '2026-03'] as const;
const DAY = '2026-03-10';
const aud = (amount: string) => ({ amount, currency: 'AUD' });

/** Y11: a firewall of 1,250.00 that is recorded as under warranty. */
describe('goods under warranty', () => {
  let msp: Msp;
  let ticket: TicketStory;

  beforeEach(async () => {
    msp = await Msp.opens('2026-03-20');
    await msp.signs('bluegum');
    ticket = await msp.ticket('T1', 'bluegum');
  });
  afterEach(() => msp.closes());

  const firewall = (more: object) => ({
    ticketId: 'T1',
    materialUsageId: 'M1',
    itemCode: 'FW-60',
    description: 'Firewall',
    quantity: '1',
    unit: 'piece',
    unitCost: aud('800.00'),
    listPrice: aud('1250.00'),
    workDate: DAY,
    ...more,
  });
  const records = (more: object) => msp.tries(tickets.RecordMaterialUsage, firewall(more), { actor: PRIYA });
  const credits = (amount: string, reference: string, actor = ANNA) => {
    const credit = { ticketId: 'T1', materialUsageId: 'M1', amount: aud(amount), reference, creditedOn: '2026-03-20' };
    return msp.tries(tickets.RecordSupplierCredit, credit, { actor });
  };
  const withdraws = (reference: string, actor = ANNA) => {
    const withdrawn = { ticketId: 'T1', materialUsageId: 'M1', reference, reason: 'was of other goods' };
    return msp.tries(tickets.WithdrawSupplierCredit, withdrawn, { actor });
  };
  const claimed = { underWarranty: true, warrantyClaim: 'RMA-77' };
  const isResolvedAndDue = async () => {
    await msp.approves('material', 'T1', 'M1');
    await ticket.resolves('listed');
    await msp.days(20);
  };

  it('need the number of a claim, which goods that are sold have not', async () => {
    expect(await records({ underWarranty: true })).toBe('WarrantyClaimMissing');
    expect(await records({ underWarranty: true, warrantyClaim: ' ' })).toBe('WarrantyClaimMissing');
    expect(await records({ warrantyClaim: 'RMA-77' })).toBe('FieldInvalid');
    expect(await records({})).toBe('accepted');
    const corrected = firewall({ underWarranty: true, reason: 'is replaced' });
    expect(await msp.tries(tickets.CorrectMaterialUsage, corrected, { actor: PRIYA })).toBe('WarrantyClaimMissing');
  });

  it('are covered, and a gap of what they are sold for once the days of billing are over, until the supplier has paid', async () => {
    await records(claimed);
    await isResolvedAndDue();
    expect(await msp.items(...MARCH)).toEqual(['M1 covered 1 piece 0.00 AUD']);
    expect(await msp.why('M1')).toContain('under warranty by claim RMA-77: no charge');
    expect(await msp.gaps()).toEqual(['unbilled M1: 1250.00 AUD']);
    expect((await msp.fates())['gap']).toBe(1);
    expect(await credits('500.00', 'CN-1')).toBe('accepted');
    expect(await msp.gaps()).toEqual(['unbilled M1: 468.75 AUD']);
    expect(await credits('500.00', 'CN-1')).toBe('accepted');
    expect(await msp.gaps()).toEqual(['unbilled M1: 468.75 AUD']);
    expect(await credits('300.00', 'CN-2')).toBe('accepted');
    expect(await msp.gaps()).toEqual([]);
    expect(await msp.endings('unbilled')).toEqual(['covered']);
    expect((await msp.fates())['covered']).toBe(1);
  });

  it('are a gap again by what a credit came to that is withdrawn, which may then be recorded as it is', async () => {
    await records(claimed);
    await isResolvedAndDue();
    expect(await credits('800.00', 'CN-1')).toBe('accepted');
    expect(await msp.gaps()).toEqual([]);
    expect(await withdraws('CN-9')).toBe('SupplierCreditUnknown');
    expect(await withdraws('CN-1', OMAR)).toBe('NotAllowed');
    expect(await withdraws('CN-1')).toBe('accepted');
    expect(await withdraws('CN-1')).toBe('accepted');
    expect(await msp.gaps()).toEqual(['unbilled M1: 1250.00 AUD']);
    expect(await credits('400.00', 'CN-1')).toBe('accepted');
    expect(await msp.gaps()).toEqual(['unbilled M1: 625.00 AUD']);
    expect((await msp.house.events()).filter(({ type }) => type === 'SupplierCreditWithdrawn')).toHaveLength(1);
    await msp.house.billtrail.models.rebuild();
    expect(await msp.gaps()).toEqual(['unbilled M1: 625.00 AUD']);
  });

  it('are credited up to what they cost, all documents together; without a cost, up to what they are sold for', async () => {
    await records(claimed);
    expect(await credits('800.01', 'CN-1')).toBe('SupplierCreditAboveCost');
    expect(await credits('500.00', 'CN-1')).toBe('accepted');
    expect(await credits('300.01', 'CN-2')).toBe('SupplierCreditAboveCost');
    for (const alike of ['cn-1', 'CN -1', ' CN-1']) expect(await credits('100.00', alike)).toBe('SupplierCreditExists');
    expect(await withdraws('CN-1')).toBe('accepted');
    expect(await credits('800.00', 'CN-2')).toBe('accepted');
    await records({ ...claimed, materialUsageId: 'M2', unitCost: null, quantity: '2' });
    const of2 = { ticketId: 'T1', materialUsageId: 'M2', reference: 'CN-3', creditedOn: '2026-03-20' };
    expect(await msp.tries(tickets.RecordSupplierCredit, { ...of2, amount: aud('2500.01') })).toBe(
      'SupplierCreditAboveCost',
    );
    expect(await msp.tries(tickets.RecordSupplierCredit, { ...of2, amount: aud('2500.00') })).toBe('accepted');
  });

  it('whose cost is lowered, before the credit or after it, are no more paid for by a small one', async () => {
    await records(claimed);
    await isResolvedAndDue();
    const corrects = async () => {
      const cheap = firewall({ ...claimed, unitCost: aud('8.00'), reason: 'mistyped' });
      await msp.send(tickets.CorrectMaterialUsage, cheap, { actor: PRIYA });
      await msp.approves('material', 'T1', 'M1');
    };
    expect(await credits('8.00', 'CN-1')).toBe('accepted');
    expect(await msp.gaps()).toEqual(['unbilled M1: 1237.50 AUD']);
    await corrects();
    expect(await msp.gaps()).toEqual(['unbilled M1: 1237.50 AUD']);
    expect(await withdraws('CN-1')).toBe('accepted');
    expect(await credits('8.00', 'CN-2')).toBe('accepted');
    expect(await msp.gaps()).toEqual(['unbilled M1: 1237.50 AUD']);
    expect(await credits('792.00', 'CN-3')).toBe('accepted');
    expect(await msp.gaps()).toEqual([]);
  });

  it('are paid for by a small credit to its amount alone while the claim and its cost are the word of one person', async () => {
    await records({ unitCost: aud('1.00'), listPrice: aud('3000.00') });
    await isResolvedAndDue();
    const claims = firewall({ ...claimed, unitCost: aud('1.00'), listPrice: aud('3000.00'), reason: 'is replaced' });
    expect(await msp.tries(tickets.CorrectMaterialUsage, claims, { actor: PRIYA })).toBe('accepted');
    expect(await msp.gaps()).toEqual(['time-unapproved M1: 0.00 AUD', 'unbilled M1: 3000.00 AUD']);
    expect(await credits('1.00', 'CN-1')).toBe('accepted');
    expect(await msp.gaps()).toEqual(['time-unapproved M1: 0.00 AUD', 'unbilled M1: 2999.00 AUD']);
    await msp.approves('material', 'T1', 'M1');
    expect(await msp.gaps()).toEqual([]);
  });

  it('are paid for by a small credit to its amount alone where who claimed them approved the claim', async () => {
    await msp.configures({ selfApproval: 'recorded' });
    await records({});
    await isResolvedAndDue();
    const claims = firewall({ ...claimed, unitCost: aud('800.00'), reason: 'is replaced' });
    expect(await msp.tries(tickets.CorrectMaterialUsage, claims, { actor: OMAR })).toBe('accepted');
    await msp.approves('material', 'T1', 'M1');
    expect(await credits('500.00', 'CN-1')).toBe('accepted');
    expect(await msp.gaps()).toEqual(['unbilled M1: 750.00 AUD']);
  });

  it('that nobody has stated a worth of stay a gap, whatever small sum a supplier credits', async () => {
    await records({ ...claimed, unitCost: null, listPrice: null });
    await isResolvedAndDue();
    expect(await msp.gaps()).toHaveLength(1);
    expect(await credits('0.01', 'CN-1')).toBe('accepted');
    expect(await msp.gaps()).toHaveLength(1);
  });

  it('are given up like any gap, within the limits', async () => {
    await records(claimed);
    await isResolvedAndDue();
    expect(await msp.gaps()).toEqual(['unbilled M1: 1250.00 AUD']);
    expect(await msp.accepts('unbilled', ANNA)).not.toBe('accepted');
    expect(await msp.gaps()).toEqual(['unbilled M1: 1250.00 AUD']);
  });

  it('are sold once the claim is rejected', async () => {
    await records(claimed);
    await isResolvedAndDue();
    const sold = firewall({ reason: 'the claim was rejected' });
    await msp.send(tickets.CorrectMaterialUsage, sold, { actor: PRIYA });
    await msp.approves('material', 'T1', 'M1');
    expect(await msp.items(...MARCH)).toEqual(['M1 billable 1 piece 1250.00 AUD']);
    expect(await msp.gaps()).toEqual(['unbilled M1: 1250.00 AUD']);
  });

  it('are paid for by nobody who recorded them, nor twice by one document, nor without a claim', async () => {
    await records(claimed);
    expect(await credits('800.00', 'CN-1', { ...PRIYA, role: 'accounts' })).toBe('OwnWork');
    expect(await credits('800.00', 'CN-1', OMAR)).toBe('NotAllowed');
    expect(await credits('800.00', 'CN-1')).toBe('accepted');
    expect(await credits('10.00', 'CN-1')).toBe('SupplierCreditExists');
    await msp.send(tickets.RecordMaterialUsage, firewall({ materialUsageId: 'M2' }), { actor: PRIYA });
    const forSold = { ticketId: 'T1', materialUsageId: 'M2', amount: aud('1.00'), reference: 'x', creditedOn: DAY };
    expect(await msp.tries(tickets.RecordSupplierCredit, forSold)).toBe('WarrantyClaimMissing');
    const foreign = { ...forSold, materialUsageId: 'M1', amount: { amount: '1.00', currency: 'USD' } };
    expect(await msp.tries(tickets.RecordSupplierCredit, foreign)).toBe('MoneyInvalid');
  });
});
