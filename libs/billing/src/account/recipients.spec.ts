import { describe, expect, it } from '@jest/globals';
import type { SiteDetails } from '@billtrail/contracts';
import { chargeIdOf } from '../item/item-key.js';
import { NO_BASIS } from '../item/made-item.js';
import { feeItem, hourItem } from '../testing/items.js';
import type { AskedElsewhere } from './asked-elsewhere.js';
import { frozenChargeOf } from './charges.js';
import { type Receiving, addressed, recipientNamed, recipientOf, refuseRecipient, siteOf } from './recipients.js';

const place: SiteDetails = {
  name: 'Mall',
  address: null,
  timeZone: null,
  calendar: null,
  holidays: null,
  billTo: null,
};
const NOBODY: Receiving = {
  clientId: 'cli-1',
  billTo: null,
  contracts: [{ contractId: 'con-1', versions: [{ versionNumber: 1, terms: {} }] }],
  sites: [],
  siteOfTicket: new Map(),
  documents: new Map(),
  elsewhere: [],
  recipients: new Map(),
};
const AT_SITE: Receiving = {
  ...NOBODY,
  billTo: 'group',
  siteOfTicket: new Map([['T-1', 'mall']]),
  sites: [
    {
      siteId: 'mall',
      details: [
        { ...place, from: '2026-03-01', billTo: 'landlord' },
        { ...place, from: '2026-03-11', billTo: null },
      ],
    },
  ],
};
const versions = [1, 2].map((versionNumber) => ({
  versionNumber,
  terms: versionNumber === 1 ? {} : { billTo: 'bank' },
}));
const CONTRACT: Receiving = { ...AT_SITE, contracts: [{ contractId: 'con-1', versions }] };

const travel = (from: string) => {
  const id = { contractId: 'con-1', of: 'travel', termId: 'way', from, siteId: 'mall', engineerId: 'E@1' } as const;
  return feeItem('way', '50.00', { chargeId: chargeIdOf(id), kind: 'travel', from, to: from });
};
/** An hour that adjusts what these invoices asked for. */
const adjusting = (...documentIds: string[]) => {
  const adjusts = { documentIds, why: 'corrected' };
  const adjustment = { causedBy: null, writeOffTakenBack: null, adjusts };
  return hourItem('w-1@a1', { basis: { ...NO_BASIS, adjustment } });
};

describe('who receives work and charges', () => {
  it('is the client, where nobody says anything', () => {
    expect(recipientOf(hourItem('w-1'), NOBODY)).toBe('cli-1');
    expect(siteOf(hourItem('w-1'), NOBODY)).toBeNull();
  });

  it('is as the site says on the day of the work, else the client', () => {
    expect(recipientOf(hourItem('w-1'), AT_SITE)).toBe('landlord');
    expect(recipientOf(hourItem('w-1', { workDate: '2026-02-28' }), AT_SITE)).toBe('group');
    expect(recipientOf(hourItem('w-1', { workDate: '2026-03-11' }), AT_SITE)).toBe('group');
    expect(recipientOf(hourItem('w-1', { ticketId: 'T-2' }), AT_SITE)).toBe('group');
    expect(siteOf(hourItem('w-1'), AT_SITE)).toBe('mall');
  });

  it('is of travel as the site says to which it goes, and of a fee as the client says', () => {
    expect(recipientOf(travel('2026-03-10'), AT_SITE)).toBe('landlord');
    expect(recipientOf(travel('2026-03-12'), AT_SITE)).toBe('group');
    expect(siteOf(travel('2026-03-12'), AT_SITE)).toBe('mall');
    expect(recipientOf(feeItem('fee', '50.00'), AT_SITE)).toBe('group');
    expect(siteOf(feeItem('fee', '50.00'), AT_SITE)).toBeNull();
  });

  it('is before all that as the version of the contract says that prices it', () => {
    expect(recipientOf(hourItem('w-1', { contractVersion: 2 }), CONTRACT)).toBe('bank');
    expect(recipientOf(hourItem('w-1'), CONTRACT)).toBe('landlord');
    expect(recipientOf(hourItem('w-1', { contractId: 'con-2', contractVersion: 2 }), CONTRACT)).toBe('landlord');
  });

  it('is of what adjusts invoices who received the last of them, at its site', () => {
    const documents = new Map([
      ['I1', { recipientId: 'old', siteId: null }],
      ['I2', { recipientId: 'new', siteId: 'pier' }],
    ]);
    const receiving = { ...CONTRACT, documents };
    expect(recipientOf(adjusting('I1'), receiving)).toBe('old');
    expect(siteOf(adjusting('I1'), receiving)).toBe('mall');
    expect(recipientOf(adjusting('I1', 'I2'), receiving)).toBe('new');
    expect(siteOf(adjusting('I1', 'I2'), receiving)).toBe('pier');
    expect(recipientOf(adjusting('I9'), receiving)).toBe('landlord');
    const before = { documentIds: ['I1'], why: 'terms', net: '50.00', now: '0' };
    const fee = feeItem('fee', '-50.00');
    expect(recipientOf({ ...fee, basis: { ...fee.basis, before } }, receiving)).toBe('old');
  });

  it('is of a service credit, and of units that leave, who received the fees', () => {
    const documents = new Map([['I1', { recipientId: 'old', siteId: null }]]);
    const fee = feeItem('seat', '100.00', { to: '2026-03-31' });
    const { period, contractId, from, to, net, taxCategory } = fee;
    const taxation = { treatment: 'taxable', rate: '10', reason: null } as const;
    const of = { period, contractId, termId: 'seat', from, to, net, taxCategory };
    const elsewhere: readonly AskedElsewhere[] = [{ ...of, quantity: '10', invoiceId: 'I1', taxation }];
    const receiving = { ...AT_SITE, documents, elsewhere };
    const credit = feeItem('late', '-10.00', { kind: 'service-credit' });
    expect(recipientOf(credit, receiving)).toBe('old');
    expect(recipientOf({ ...credit, contractId: 'con-2' }, receiving)).toBe('group');
    expect(recipientOf(feeItem('seat', '-20.00', { quantity: '-2', to: '2026-03-31' }), receiving)).toBe('old');
    const left = feeItem('seat', '-20.00', { quantity: '-2', to: '2026-03-31' });
    const both = [...elsewhere, ...elsewhere.map((one) => ({ ...one, invoiceId: 'I2', recipientId: 'new' }))];
    const paid = { ...receiving, elsewhere: both.map((one) => ({ recipientId: 'old', ...one })) };
    const known = { ...paid, documents: new Map([...documents, ['I2', { recipientId: 'new', siteId: null }]]) };
    expect(recipientOf(left, known)).toBe('new');
    for (const billTo of ['old', 'new', 'nobody'])
      expect(recipientOf({ ...left, basis: { ...left.basis, billTo } }, known)).toBe(billTo);
    // Another fee of the month, and more of it, are asked of who receives them now.
    expect(recipientOf(feeItem('seat', '20.00', { quantity: '2' }), receiving)).toBe('group');
  });
});

describe('a client that is to receive', () => {
  const party = { name: 'Group', taxId: null, address: null, taxExemption: null };
  const fee = feeItem('fee', '50.00');
  const before = { documentIds: ['I1'], why: 'terms', net: '50.00', now: '0' };
  const adjustment = { ...fee, basis: { ...fee.basis, before } };
  const named = (billTo: string | null, all = [fee]) =>
    refuseRecipient('group', all, {
      ...NOBODY,
      documents: new Map([['I1', { recipientId: 'group', siteId: null }]]),
      recipients: new Map([['group', { clientId: 'group', ...party, billTo }]]),
    });

  it('must be there, and receive its own documents', () => {
    expect(refuseRecipient('group', [fee], NOBODY)).toMatchObject({ code: 'BillToUnknown' });
    expect(refuseRecipient('cli-1', [fee], NOBODY)).toBeNull();
    expect(named(null)).toBeNull();
    expect(named('group')).toBeNull();
    expect(named('bank')).toMatchObject({ code: 'BillToChained', details: { further: 'bank' } });
  });

  it('has what adjusts an invoice that it received, whomever it names today', () => {
    expect(named('bank', [adjustment])).toBeNull();
    expect(named('bank', [adjustment, fee])).toMatchObject({ code: 'BillToChained' });
  });
});

describe('the fixed price of a ticket', () => {
  it('is for the site of its ticket, and goes to who receives work there', () => {
    const incident = feeItem('fix', '250.00', { kind: 'incident', ticketId: 'T-1', from: '2026-03-10' });
    expect([siteOf(incident, AT_SITE), recipientOf(incident, AT_SITE)]).toEqual(['mall', 'landlord']);
    expect(siteOf({ ...incident, ticketId: 'T-2' }, AT_SITE)).toBeNull();
    // A service credit has a ticket too, and is for no site.
    expect(siteOf({ ...incident, kind: 'service-credit' }, AT_SITE)).toBeNull();
  });
});

describe('a line as a document says it', () => {
  const line = frozenChargeOf(feeItem('fee', '50.00', { kind: 'incident', ticketId: 'T-1' }));
  const served = { clientId: 'cli-1', recipientId: 'cli-1' };

  it('names who pays and who is served where these are two, and the site', () => {
    expect(addressed(line, { ...served, recipientId: 'bank', receiving: AT_SITE })).toEqual({
      ...line,
      billTo: 'bank',
      servedClientId: 'cli-1',
      siteId: 'mall',
    });
    expect(addressed(line, { ...served, receiving: AT_SITE })).toEqual({ ...line, siteId: 'mall' });
    expect(addressed(line, served)).toEqual({ ...line, siteId: null });
  });
});

describe('the client on a document', () => {
  const party = { name: 'Group', taxId: null, address: null, taxExemption: null };
  const client = { ...party, name: 'Dental' };
  const group = { ...party, clientId: 'group' };
  const recipients = new Map([
    ['group', group],
    ['gone', null],
  ]);
  const of = (recipientId: string, receiving: Receiving | null = { ...NOBODY, recipients }) =>
    recipientNamed(recipientId, { clientId: 'cli-1', client, ...(receiving === null ? {} : { receiving }) });

  it('is the one served, or who receives it', () => {
    expect([of('cli-1'), of('group'), of('group', null)]).toEqual([client, group, client]);
  });

  it('is never the one served because nobody read who receives it', () => {
    expect(() => of('bank')).toThrow('the recipient of a document');
    expect(() => of('gone')).toThrow('client gone, which receives a document, is not registered');
  });
});
