import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { isRefusal } from '@billtrail/kernel';
import {
  billingCommands as billing,
  contractCommands as contracts,
  draftsToMake,
  invoiceWarnings,
} from '@billtrail/application';

import { Msp } from './msp.js';
import { ANNA } from './people.js';

const BLUEGUM = { clientId: 'bluegum', name: 'bluegum', currency: 'AUD', timeZone: 'Australia/Sydney' };
const MARCH = { clientId: 'bluegum', period: '2026-03' };
const HOSTING = {
  id: 'fee',
  name: 'Hosting',
  basis: 'fixed',
  price: '33.33',
  billed: 'in-advance',
  taxCategory: 'GST',
} as const;

/** Support by the hour (33.33), and hosting (33.33) by a contract of its own; the client wants an invoice for each. */
describe('invoices by contract', () => {
  let msp: Msp;
  beforeEach(async () => {
    msp = await Msp.opens('2026-03-30');
    await msp.signs('bluegum', { hourly: '33.33' });
    await msp.signsToo('bluegum', 'hosting', {
      priority: 20,
      from: '2026-03-01',
      besides: { recurringCharges: [HOSTING], paymentTerms: { due: 'on-receipt' }, purchaseOrder: 'PO-7' },
    });
    await msp.send(contracts.ChangeClientDetails, { ...BLUEGUM, invoices: 'by-contract' });
    const ticket = await msp.ticket('T1', 'bluegum');
    await ticket.time('W1', 60, '2026-03-30');
    await msp.house.settle();
  });
  afterEach(() => msp.closes());

  const drafts = (invoiceId: string, more: object = {}) =>
    msp.house.send(billing.DraftInvoice, { invoiceId, ...MARCH, ...more }, { actor: ANNA });
  const bills = async (invoiceId: string, contractId: string) => {
    await drafts(invoiceId, { contractId });
    expect(await msp.issues(invoiceId, 'bluegum', '2026-03')).toBe('accepted');
    return (await msp.document(invoiceId)).at(-1);
  };
  const toMake = async () => {
    const { billtrail } = msp.house;
    await billtrail.upToDate();
    return draftsToMake(billtrail, 'bluegum', '2026-03');
  };

  it('a draft of all is refused and names the contracts; each gets its own, and all is billed once', async () => {
    const answer = await drafts('I1');
    expect(isRefusal(answer) && [answer.code, answer.details['contractIds']]).toEqual([
      'SeveralContracts',
      ['bluegum-1', 'hosting'],
    ]);
    // 3.333 of tax each: 3.33 and 3.33, where one document of 66.66 would have 6.67.
    expect(await bills('I1', 'bluegum-1')).toBe('33.33 + 3.33 = 36.66 AUD');
    expect(await bills('I2', 'hosting')).toBe('33.33 + 3.33 = 36.66 AUD');
    expect(await msp.house.billtrail.models.invoices.get('I2')).toMatchObject({ terms: 'Due on receipt' });
    const orders = async (id: string) =>
      [
        ...(await msp.house.billtrail.models.invoices.lines(id)).items,
        ...(await msp.house.billtrail.models.invoices.charges(id)).items,
      ].map(({ purchaseOrder }) => purchaseOrder);
    expect([await orders('I1'), await orders('I2')]).toEqual([[null], ['PO-7']]);
    expect(await msp.gaps()).toEqual([]);
    expect(await drafts('I3')).toMatchObject({ code: 'NothingToBill' });
  });

  it('a run makes a draft for each contract with something to ask for; what appears afterwards goes on one of its own', async () => {
    expect(await toMake()).toEqual([{ contractId: 'bluegum-1' }, { contractId: 'hosting' }]);
    await bills('I1', 'bluegum-1');
    await bills('I2', 'hosting');
    const ticket = await msp.ticket('T2', 'bluegum');
    await ticket.time('W2', 60, '2026-03-30');
    expect(await toMake()).toEqual([{ contractId: 'bluegum-1' }]);
    // Nothing else is left, so nothing need be named.
    expect(isRefusal(await drafts('I3'))).toBe(false);
    expect(await msp.document('I3')).toEqual(['draft', 'W2 1 h 33.33', '33.33 + 3.33 = 36.66 AUD']);
  });

  it('an invoice of one contract does not warn of charges of another', async () => {
    await drafts('I1', { contractId: 'bluegum-1' });
    const warned = (invoiceId: string) => invoiceWarnings(msp.house.billtrail, invoiceId);
    await msp.house.billtrail.upToDate();
    expect(await warned('I1')).toEqual([]);
    await msp.send(contracts.ChangeClientDetails, BLUEGUM);
    await msp.house.billtrail.upToDate();
    expect(await warned('I1')).toMatchObject([{ code: 'ChargeLacking' }]);
  });

  it('named tickets and charges of two contracts are refused too, and a ticket that the contract has nothing of', async () => {
    const charges = ['hosting@fee@fee@2026-03-01'];
    expect(await drafts('I1', { tickets: ['T1'], charges })).toMatchObject({ code: 'SeveralContracts' });
    expect(await drafts('I1', { tickets: ['T1'], contractId: 'hosting' })).toMatchObject({ code: 'NothingToDraft' });
    expect(await drafts('I1', { contractId: 'nowhere' })).toMatchObject({ code: 'ContractNotFound' });
  });

  it('the organisation says it for clients that do not; a client may want them together all the same', async () => {
    await msp.send(contracts.ChangeClientDetails, BLUEGUM);
    await msp.configures({ invoices: 'by-contract' });
    expect(await drafts('I1')).toMatchObject({ code: 'SeveralContracts' });
    await msp.send(contracts.ChangeClientDetails, { ...BLUEGUM, invoices: 'together' });
    expect(await toMake()).toEqual([{}]);
    expect(await msp.bills('I1', 'bluegum', '2026-03')).toContain('66.66 + 6.67 = 73.33 AUD');
  });
});
