import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { isRefusal } from '@billtrail/kernel';
import {
  billingCommands as billing,
  checkAgainst,
  contractCommands as contracts,
  draftsToMake,
  ticketCommands as tickets,
} from '@billtrail/application';
import { Msp } from './msp.js';
import { ANNA, OMAR } from './people.js';
import type { TicketStory } from './ticket-story.js';

const AUSTRALIAN = { currency: 'AUD', timeZone: 'Australia/Sydney' };
const SHOP = { clientId: 'shop', name: 'Shop', ...AUSTRALIAN };
const MALL = { siteId: 'mall', name: 'The mall', from: '2026-01-01' };
const HOURLY = { from: '2026-03-01', hourly: '100.00', minimum: 0, increment: 1 };
const MARCH = { clientId: 'shop', period: '2026-03' };
const FEE = {
  id: 'fee',
  name: 'Care',
  basis: 'fixed',
  price: '500.00',
  billed: 'in-advance',
  taxCategory: 'GST',
} as const;

/** A shop at 100.00 an hour and 500.00 a month. Its group pays for it; what is done in the mall is paid by the mall's landlord. */
describe('bill-to: who receives and pays', () => {
  let msp: Msp;
  let atShop: TicketStory;
  let atMall: TicketStory;
  beforeEach(async () => {
    msp = await Msp.opens('2026-03-31');
    await msp.send(contracts.RegisterClient, {
      clientId: 'group',
      name: 'Group',
      ...AUSTRALIAN,
      paymentTerms: { due: 'net', days: 14 },
    });
    await msp.send(contracts.RegisterClient, {
      clientId: 'landlord',
      name: 'Landlord',
      ...AUSTRALIAN,
      taxExemption: 'Mission',
      taxTreatment: 'gst-free',
    });
    await msp.signs('shop', { ...HOURLY, besides: { recurringCharges: [FEE] } });
    await msp.send(contracts.ChangeClientDetails, { ...SHOP, billTo: 'group' });
    await msp.send(contracts.RegisterSite, { clientId: 'shop', ...MALL, billTo: 'landlord' });
    atShop = await msp.ticket('T1', 'shop');
    await atShop.time('W1', 60, '2026-03-30');
    atMall = await msp.ticket('T2', 'shop');
    await at('T2', 'mall');
    await atMall.time('W2', 120, '2026-03-30');
    await msp.house.settle();
  });
  afterEach(() => msp.closes());

  const at = (ticketId: string, siteId: string | null) =>
    msp.send(tickets.ReclassifyTicket, { ticketId, siteId }, { actor: OMAR });
  const drafts = (invoiceId: string, more: object = {}) =>
    msp.house.send(billing.DraftInvoice, { invoiceId, ...MARCH, ...more }, { actor: ANNA });
  const bills = async (invoiceId: string, recipientId?: string) => {
    const answer = await drafts(invoiceId, recipientId === undefined ? {} : { recipientId });
    expect(isRefusal(answer) ? answer : 'accepted').toBe('accepted');
    expect(await msp.issues(invoiceId, 'shop', '2026-03')).toBe('accepted');
    return msp.document(invoiceId);
  };
  const invoice = async (invoiceId: string) => {
    await msp.house.settle();
    return msp.house.billtrail.models.invoices.get(invoiceId);
  };
  const noteOf = async (creditNoteId: string) => {
    await msp.house.settle();
    return msp.house.billtrail.models.creditNotes.get(creditNoteId);
  };
  const toMake = async () => {
    const { billtrail } = msp.house;
    await billtrail.upToDate();
    return draftsToMake(billtrail, 'shop', '2026-03');
  };
  const changes = (billTo: string | null) => msp.send(contracts.ChangeClientDetails, { ...SHOP, billTo });

  it('what the shop is served goes to two: a draft that names none is refused with both, and each gets its own', async () => {
    const answer = await drafts('I1');
    expect(answer).toMatchObject({
      code: 'SeveralRecipients',
      message: "Client shop's items for 2026-03 are billed to group and landlord; an invoice has one recipient.",
      details: {
        recipients: [
          { recipientId: 'group', tickets: ['T1'], charges: ['shop-1@fee@fee@2026-03-01'] },
          { recipientId: 'landlord', tickets: ['T2'], charges: [] },
        ],
      },
    });
    expect(await toMake()).toEqual([{ recipientId: 'group' }, { recipientId: 'landlord' }]);
    // 100.00 of work and 500.00 of fee, by the terms of the group.
    expect(await bills('I1', 'group')).toEqual(['INV-000001', 'W1 1 h 100.00', '600.00 + 60.00 = 660.00 AUD']);
    // The landlord is left alone, so nothing need be named. Its own exemption holds.
    expect(await bills('I2')).toEqual(['INV-000002', 'W2 2 h 200.00', '200.00 + 0.00 = 200.00 AUD']);
    expect(await invoice('I1')).toMatchObject({
      clientId: 'shop',
      recipientId: 'group',
      buyer: { name: 'Group' },
      terms: 'Due 14 days after the date of issue',
    });
    expect(await invoice('I2')).toMatchObject({ recipientId: 'landlord', buyer: { name: 'Landlord' }, terms: null });
    const { invoices } = msp.house.billtrail.models;
    expect((await invoices.lines('I2')).items).toMatchObject([
      { billTo: 'landlord', servedClientId: 'shop', siteId: 'mall' },
    ]);
    expect((await invoices.charges('I1')).items).toMatchObject([
      { billTo: 'group', servedClientId: 'shop', siteId: null },
    ]);
    expect((await invoices.list({ recipientId: 'landlord' })).items.map(({ invoiceId }) => invoiceId)).toEqual(['I2']);
    expect((await invoices.list({ clientId: 'shop' })).items).toHaveLength(2);
    expect(await msp.gaps()).toEqual([]);
    expect(await drafts('I3')).toMatchObject({ code: 'NothingToBill' });
  });

  it('tickets that are named go to one recipient too, and a ticket of another says where it goes', async () => {
    expect(await drafts('I1', { tickets: ['T1', 'T2'] })).toMatchObject({ code: 'SeveralRecipients' });
    expect(await drafts('I1', { tickets: ['T1', 'T2'], recipientId: 'group' })).toMatchObject({
      code: 'NothingToDraft',
      message: 'Nothing can be drafted for ticket T2 (it goes to client landlord).',
    });
    expect(isRefusal(await drafts('I1', { tickets: ['T2'], recipientId: 'landlord' }))).toBe(false);
    expect(isRefusal(await drafts('I2', { tickets: ['T1'] }))).toBe(false);
    expect(await drafts('I3', { recipientId: 'nobody' })).toMatchObject({ code: 'ClientNotFound' });
    expect(await drafts('I3', { recipientId: 'shop' })).toMatchObject({ code: 'NothingToBill' });
  });

  describe.each([
    ['the group', ['group', 'landlord']],
    ['the landlord', ['landlord', 'group']],
  ])('80.00 off all of it, where %s is billed first', (_first, order) => {
    const OFF = {
      id: 'off',
      name: 'Loyal',
      kind: 'amount',
      amount: '80.00',
      order: 'before-minimum',
      includesRecurring: true,
      match: {},
    } as const;

    it('is 60.00 of 600.00 and 20.00 of 200.00, each with the tax of its own recipient', async () => {
      await msp.renegotiates('shop', {
        ...HOURLY,
        besides: { recurringCharges: [FEE], discounts: [OFF] },
      });
      // An amount off can be drafted when its month is over.
      await msp.days(1);
      expect(await toMake()).toEqual([{ recipientId: 'group' }, { recipientId: 'landlord' }]);
      const told = new Map<string, readonly string[]>();
      for (const recipientId of order) told.set(recipientId, await bills(`I-${recipientId}`, recipientId));
      expect(told.get('group')?.slice(1)).toEqual(['W1 1 h 100.00', '540.00 + 54.00 = 594.00 AUD']);
      expect(told.get('landlord')?.slice(1)).toEqual(['W2 2 h 200.00', '180.00 + 0.00 = 180.00 AUD']);
      expect((await msp.house.billtrail.models.invoices.charges('I-landlord')).items).toMatchObject([
        { chargeItemId: 'shop-1@discount@off@2026-03-01@tax-GST@paid-by-landlord', net: { amount: '-20.00' } },
      ]);
      expect(await msp.gaps()).toEqual([]);
    });
  });

  it('the contract says it before the site, for the days of its version', async () => {
    await msp.renegotiates('shop', { ...HOURLY, from: '2026-03-31', besides: { billTo: 'shop' } });
    await atMall.time('W3', 30, '2026-03-31');
    await atShop.time('W4', 30, '2026-03-31');
    expect(await toMake()).toEqual([{ recipientId: 'group' }, { recipientId: 'landlord' }, { recipientId: 'shop' }]);
    expect(await bills('I1', 'shop')).toEqual([
      'INV-000001',
      'W3 0.5 h 50.00',
      'W4 0.5 h 50.00',
      '100.00 + 10.00 = 110.00 AUD',
    ]);
    expect((await msp.house.billtrail.models.invoices.lines('I1')).items[0]).toMatchObject({
      billTo: null,
      servedClientId: null,
      siteId: 'mall',
    });
  });

  it('a site says it from a day on', async () => {
    await msp.send(contracts.ChangeSiteDetails, { clientId: 'shop', ...MALL, from: '2026-03-31', billTo: null });
    await atMall.time('W3', 30, '2026-03-31');
    expect(await bills('I1', 'landlord')).toEqual(['INV-000001', 'W2 2 h 200.00', '200.00 + 0.00 = 200.00 AUD']);
    expect((await bills('I2')).slice(1)).toEqual(['W1 1 h 100.00', 'W3 0.5 h 50.00', '650.00 + 65.00 = 715.00 AUD']);
  });

  it('a bill-to that changed after the draft: the issue is refused, and a new draft goes to the new one', async () => {
    await drafts('I1', { recipientId: 'group' });
    await changes('landlord');
    expect(await msp.issues('I1', 'shop', '2026-03')).toBe('RecipientChanged');
    expect(await drafts('I1')).toMatchObject({ code: 'RecipientChanged' });
    expect(await msp.discards('I1', 'shop', '2026-03')).toBe('accepted');
    expect(await bills('I2')).toEqual(['INV-000001', 'W1 1 h 100.00', 'W2 2 h 200.00', '800.00 + 0.00 = 800.00 AUD']);
  });

  it('put back as it was, the draft is issued; it is the same draft when it is asked for again', async () => {
    await drafts('I1', { recipientId: 'group' });
    await changes(null);
    expect(await msp.issues('I1', 'shop', '2026-03')).toBe('RecipientChanged');
    await changes('group');
    expect(isRefusal(await drafts('I1', { recipientId: 'group' }))).toBe(false);
    expect(await drafts('I1', { recipientId: 'landlord' })).toMatchObject({ code: 'InvoiceIdTaken' });
    expect(await msp.issues('I1', 'shop', '2026-03')).toBe('accepted');
  });

  it('after the invoice: its credit note goes to who received it, and what is billed again to who does now', async () => {
    await bills('I1', 'landlord');
    await msp.send(contracts.ChangeSiteDetails, { clientId: 'shop', ...MALL, billTo: null });
    expect(await msp.credits('C1', 'I1', 'shop', '2026-03', [{ itemId: 'W2', outcome: 'bill-again' }])).toBe(
      'accepted',
    );
    expect(await noteOf('C1')).toMatchObject({
      recipientId: 'landlord',
      buyer: { name: 'Landlord' },
    });
    expect(await bills('I2')).toEqual(['INV-000002', 'W1 1 h 100.00', 'W2 2 h 200.00', '800.00 + 80.00 = 880.00 AUD']);
    expect(await invoice('I2')).toMatchObject({ recipientId: 'group' });
  });

  it('less work than was invoiced is owed to who paid for it: no document of another takes it off', async () => {
    await bills('I1', 'landlord');
    await msp.send(contracts.ChangeSiteDetails, { clientId: 'shop', ...MALL, billTo: null });
    await atMall.corrects('W2', 90, '2026-03-30');
    await msp.house.settle();
    // 600.00 for the group, and 50.00 that the landlord gets back.
    expect(await toMake()).toEqual([{ recipientId: 'group' }, { recipientId: 'landlord' }]);
    expect(await bills('I2', 'group')).toEqual(['INV-000002', 'W1 1 h 100.00', '600.00 + 60.00 = 660.00 AUD']);
    const owed = { ...MARCH, items: ['W2@a1'], reasonCode: 'goodwill', comment: 'less work' };
    // Not by a note of the other's invoice either.
    expect(await msp.credits('C0', 'I2', 'shop', '2026-03', [{ itemId: 'W2@a1', outcome: 'corrected' }])).toBe(
      'OwedToAnother',
    );
    expect(await msp.tries(billing.GiveCredits, { creditNoteId: 'C1', ...owed })).toBe('accepted');
    expect(await noteOf('C1')).toMatchObject({
      recipientId: 'landlord',
      total: { amount: '50.00' },
    });
  });

  it('more work than was invoiced is asked of who received the invoice', async () => {
    await bills('I1', 'landlord');
    await changes(null);
    await msp.send(contracts.ChangeSiteDetails, { clientId: 'shop', ...MALL, billTo: null });
    await atMall.corrects('W2', 150, '2026-03-30');
    await msp.house.settle();
    expect(await bills('I2', 'landlord')).toEqual(['INV-000002', 'W2@a1 0.5 h 50.00', '50.00 + 0.00 = 50.00 AUD']);
  });

  it('credits of two are not given by one note', async () => {
    await bills('I1', 'landlord');
    await bills('I2', 'group');
    await atMall.corrects('W2', 90, '2026-03-30');
    await atShop.corrects('W1', 30, '2026-03-30');
    await msp.house.settle();
    const note = { creditNoteId: 'C1', ...MARCH, reasonCode: 'goodwill', comment: 'less work' };
    expect(
      await msp.house.send(billing.GiveCredits, { ...note, items: ['W1@a1', 'W2@a1'] }, { actor: ANNA }),
    ).toMatchObject({
      code: 'SeveralRecipients',
      message: 'The credits are owed to group (W1@a1) and landlord (W2@a1); a credit note goes to one client.',
    });
    expect(await msp.tries(billing.GiveCredits, { ...note, items: ['W1@a1'] })).toBe('accepted');
  });

  it('work that moves to another client goes to whom that one names; what was paid goes back to who paid', async () => {
    await msp.signs('cafe', HOURLY);
    await bills('I1', 'landlord');
    await msp.send(tickets.ReclassifyTicket, { ticketId: 'T2', clientId: 'cafe', siteId: null }, { actor: OMAR });
    await msp.house.settle();
    expect(await toMake()).toEqual([{ recipientId: 'group' }, { recipientId: 'landlord' }]);
    expect(await msp.bills('I2', 'cafe', '2026-03')).toEqual([
      'INV-000002',
      'W2 2 h 200.00',
      '200.00 + 20.00 = 220.00 AUD',
    ]);
    expect(await invoice('I2')).toMatchObject({ recipientId: 'cafe' });
  });

  it('a ticket that goes to another site before the issue makes the draft stale', async () => {
    await drafts('I1', { recipientId: 'group' });
    await msp.send(contracts.RegisterSite, { clientId: 'shop', siteId: 'kiosk', name: 'Kiosk', from: '2026-01-01' });
    await at('T1', 'kiosk');
    expect(await msp.issues('I1', 'shop', '2026-03')).toBe('DraftStale');
    expect(await msp.differences('I1', 'shop', '2026-03')).toEqual([
      { itemId: 'W1', difference: 'changed', fields: { siteId: { drafted: null, now: 'kiosk' } } },
    ]);
  });

  it('who is named must be there, in the same currency, and receive its own documents', async () => {
    const named = (billTo: string) => msp.tries(contracts.ChangeClientDetails, { ...SHOP, billTo });
    expect(await named('nobody')).toBe('BillToUnknown');
    expect(await named('Group')).toBe('BillToUnknown');
    await msp.send(contracts.RegisterClient, {
      clientId: 'euro',
      name: 'Euro',
      currency: 'EUR',
      timeZone: 'Europe/Berlin',
    });
    expect(await named('euro')).toBe('BillToOtherCurrency');
    expect(
      await msp.tries(contracts.RegisterClient, { clientId: 'kiosk', name: 'Kiosk', ...AUSTRALIAN, billTo: 'shop' }),
    ).toBe('BillToChained');
    expect(
      await msp.tries(contracts.RegisterSite, { clientId: 'shop', ...MALL, siteId: 'kiosk', billTo: 'nobody' }),
    ).toBe('BillToUnknown');
    const version = { contractId: 'shop-1', effectiveFrom: '2026-04-01' };
    const [contract] = await msp.house.billtrail.models.billableItems.contractsOf('shop');
    const terms = { ...contract?.versions[0]?.terms, billTo: 'nobody' };
    expect(await msp.tries(contracts.PublishContractVersion, { ...version, terms })).toBe('BillToUnknown');
    const file = (payer: string) => ({
      clients: [
        {
          clientId: 'shop',
          currency: 'AUD',
          contracts: [
            {
              contractId: 'c',
              name: 'c',
              effectiveFrom: '2026-04-01',
              terms: { ...terms, billTo: payer },
            },
          ],
        },
      ],
    });
    const unknown = async (payer: string) =>
      (await checkAgainst(msp.house.billtrail, file(payer))).analyses.flatMap(({ analysis }) =>
        analysis.findings.flatMap((one) => ('names' in one ? one.names : [])),
      );
    expect(await unknown('nobody')).toEqual(['nobody']);
    expect(await unknown('group')).toEqual([]);
    // Itself is nobody else.
    expect(await named('shop')).toBe('accepted');
    expect(await toMake()).toEqual([{ recipientId: 'landlord' }, { recipientId: 'shop' }]);
  });

  it('a recipient that names another afterwards: drafts are refused until one of the two is taken off', async () => {
    const group = { clientId: 'group', name: 'Group', ...AUSTRALIAN };
    await msp.send(contracts.ChangeClientDetails, { ...group, billTo: 'landlord' });
    expect(await drafts('I1', { recipientId: 'group' })).toMatchObject({ code: 'BillToChained' });
    await changes('landlord');
    expect(isRefusal(await drafts('I1'))).toBe(false);
    await msp.discards('I1', 'shop', '2026-03');
    await msp.send(contracts.ChangeClientDetails, group);
    await changes('group');
    expect(isRefusal(await drafts('I2', { recipientId: 'group' }))).toBe(false);
  });
});
