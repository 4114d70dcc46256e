import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { isRefusal } from '@billtrail/kernel';
import {
  billingCommands as billing,
  contractCommands as contracts,
  draftsToMake,
  invoiceWarnings,
  redraftOf,
  ticketCommands as tickets,
} from '@billtrail/application';
import { Msp } from './msp.js';
import { ANNA, OMAR } from './people.js';
import type { TicketStory } from './ticket-story.js';

const SHOP = { clientId: 'shop', name: 'Shop', currency: 'AUD', timeZone: 'Australia/Sydney' };
const MARCH = { clientId: 'shop', period: '2026-03' };
const FEE = {
  id: 'fee',
  name: 'Care',
  basis: 'fixed',
  price: '33.33',
  billed: 'in-advance',
  taxCategory: 'GST',
} as const;

/** A shop with two sites at 33.33 an hour, and 33.33 a month for no site in particular; it wants an invoice for each. */
describe('invoices by site', () => {
  let msp: Msp;
  let atMall: TicketStory;
  beforeEach(async () => {
    msp = await Msp.opens('2026-03-31');
    await msp.signs('shop', {
      from: '2026-03-01',
      hourly: '33.33',
      minimum: 0,
      increment: 1,
      besides: { recurringCharges: [FEE] },
    });
    await msp.send(contracts.ChangeClientDetails, { ...SHOP, invoices: 'by-site' });
    for (const siteId of ['mall', 'pier'])
      await msp.send(contracts.RegisterSite, { clientId: 'shop', siteId, name: siteId, from: '2026-01-01' });
    atMall = await msp.ticket('T1', 'shop');
    await atMall.time('W1', 60, '2026-03-30');
    await (await msp.ticket('T2', 'shop')).time('W2', 120, '2026-03-30');
    await at('T1', 'mall');
    await at('T2', 'pier');
    await msp.house.settle();
  });
  afterEach(() => msp.closes());

  const at = (ticketId: string, siteId: string | null) =>
    msp.send(tickets.ReclassifyTicket, { ticketId, siteId }, { actor: OMAR });
  const drafts = (invoiceId: string, more: object = {}) =>
    msp.house.send(billing.DraftInvoice, { invoiceId, ...MARCH, ...more }, { actor: ANNA });
  const bills = async (invoiceId: string, more: object) => {
    const answer = await drafts(invoiceId, more);
    expect(isRefusal(answer) ? answer : 'accepted').toBe('accepted');
    expect(await msp.issues(invoiceId, 'shop', '2026-03')).toBe('accepted');
    return msp.document(invoiceId);
  };
  const toMake = async () => {
    const { billtrail } = msp.house;
    await billtrail.upToDate();
    return draftsToMake(billtrail, 'shop', '2026-03');
  };
  const siteOf = async (invoiceId: string) => {
    await msp.house.settle();
    return (await msp.house.billtrail.models.invoices.get(invoiceId))?.siteId;
  };

  it('a draft that went stale is drafted anew of its own site and tickets; where that can not be, it is kept', async () => {
    const atPier = await msp.ticket('T3', 'shop');
    await atPier.time('W3', 60, '2026-03-30');
    expect(await drafts('I1', { siteId: 'mall' })).toMatchObject({ repeated: false });
    await msp.house.settle();
    await atMall.corrects('W1', 120, '2026-03-30');
    await msp.house.settle();
    const asked = { invoiceId: 'I1', ...MARCH, reason: 'Drafted anew', anewId: 'I2', by: ANNA };
    const anew = () => redraftOf(msp.house.billtrail, asked);
    expect(await anew()).toEqual({ tickets: ['T1'] });

    // Nothing is left of it.
    await atMall.voids('W1');
    await msp.house.settle();
    expect(await anew()).toMatchObject({
      code: 'NothingToDraft',
      remedy: expect.stringMatching(/^Draft I1 is kept as it is; to discard it: POST \/v1\/invoices\/I1\/discard\./),
    });
    expect(await msp.house.billtrail.models.invoices.get('I1')).toMatchObject({ status: 'draft' });
  });

  it('a draft of all is refused and names the sites; each gets its own, with the tax of its own', async () => {
    expect(await drafts('I1')).toMatchObject({ code: 'SeveralSites', details: { siteIds: [null, 'mall', 'pier'] } });
    expect(await toMake()).toEqual([{ siteId: null }, { siteId: 'mall' }, { siteId: 'pier' }]);
    expect(await bills('I1', { siteId: null })).toEqual(['INV-000001', '33.33 + 3.33 = 36.66 AUD']);
    expect(await bills('I2', { siteId: 'mall' })).toEqual(['INV-000002', 'W1 1 h 33.33', '33.33 + 3.33 = 36.66 AUD']);
    // The pier is left alone, so nothing need be named: its site stands on the document all the same.
    expect(await bills('I3', {})).toEqual(['INV-000003', 'W2 2 h 66.66', '66.66 + 6.67 = 73.33 AUD']);
    expect([await siteOf('I1'), await siteOf('I2'), await siteOf('I3')]).toEqual([null, 'mall', 'pier']);
    expect(await msp.gaps()).toEqual([]);
    expect(await invoiceWarnings(msp.house.billtrail, 'I2')).toEqual([]);
  });

  it('the fixed price of a ticket stands on the document of its site, and goes to who pays for that', async () => {
    const coverage = [
      { id: 'all', name: 'All', match: {}, outcome: 'included', incident: { price: '90.00', taxCategory: 'GST' } },
    ] as const;
    await msp.renegotiates('shop', { from: '2026-03-01', besides: { coverage, recurringCharges: [FEE] } });
    await msp.send(contracts.RegisterClient, { ...SHOP, clientId: 'group', name: 'Group' });
    await msp.send(contracts.ChangeSiteDetails, {
      clientId: 'shop',
      siteId: 'pier',
      name: 'pier',
      billTo: 'group',
      from: '2026-01-01',
    });
    await msp.house.settle();
    // 90.00 each, and the fee of no site.
    expect(await bills('I-mall', { recipientId: 'shop', siteId: 'mall' })).toContain('90.00 + 9.00 = 99.00 AUD');
    expect(await siteOf('I-mall')).toBe('mall');
    expect(await bills('I-pier', { recipientId: 'group' })).toContain('90.00 + 9.00 = 99.00 AUD');
    expect(await siteOf('I-pier')).toBe('pier');
    // The fee alone is left, and needs no name.
    expect(await toMake()).toEqual([{ siteId: null }]);
    const warnings = await invoiceWarnings(msp.house.billtrail, 'I-mall');
    expect(warnings.map(({ code }) => code)).toEqual([]);
  });

  it('each recipient has documents of its own sites', async () => {
    await msp.send(contracts.RegisterClient, { ...SHOP, clientId: 'landlord', name: 'Landlord' });
    const mall = { clientId: 'shop', siteId: 'mall', name: 'mall', from: '2026-01-01', billTo: 'landlord' };
    await msp.send(contracts.ChangeSiteDetails, mall);
    expect(await toMake()).toEqual([
      { recipientId: 'landlord', siteId: 'mall' },
      { recipientId: 'shop', siteId: null },
      { recipientId: 'shop', siteId: 'pier' },
    ]);
    expect(await drafts('I1')).toMatchObject({ code: 'SeveralRecipients' });
    expect(await drafts('I1', { recipientId: 'shop' })).toMatchObject({ code: 'SeveralSites' });
    expect(isRefusal(await drafts('I1', { recipientId: 'landlord' }))).toBe(false);
    expect(await siteOf('I1')).toBe('mall');
    expect(await drafts('I2', { recipientId: 'landlord', siteId: 'pier' })).toMatchObject({
      code: 'NothingToBill',
      message: 'Client shop has nothing to bill in 2026-03 for site pier that goes to client landlord.',
    });
    expect(await drafts('I2', { siteId: 'nowhere' })).toMatchObject({ code: 'SiteUnknown' });
  });

  it('what adjusts an invoice of a site goes on a document of that site, wherever the ticket went', async () => {
    await bills('I1', { siteId: 'mall' });
    await at('T1', 'pier');
    await atMall.corrects('W1', 120, '2026-03-30');
    await msp.house.settle();
    expect(await toMake()).toEqual([{ siteId: null }, { siteId: 'mall' }, { siteId: 'pier' }]);
    expect(await bills('I2', { siteId: 'mall' })).toEqual([
      'INV-000002',
      'W1@a1 1 h 33.33',
      '33.33 + 3.33 = 36.66 AUD',
    ]);
  });

  it('a draft asked for again is the same one; for another site it is another', async () => {
    await drafts('I1', { siteId: 'mall' });
    expect(isRefusal(await drafts('I1', { siteId: 'mall' }))).toBe(false);
    expect(await drafts('I1', { siteId: 'pier' })).toMatchObject({ code: 'InvoiceIdTaken' });
    // Together again, a draft that exists is issued as it was made.
    await msp.send(contracts.ChangeClientDetails, SHOP);
    expect(await msp.issues('I1', 'shop', '2026-03')).toBe('accepted');
    expect(await toMake()).toEqual([{}]);
  });
});
