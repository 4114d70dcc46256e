import { describe, expect, it } from '@jest/globals';
import { isRefusal } from '@billtrail/kernel';
import type { Draw } from '../item/draw.js';
import { CONFIGURATION } from '../testing/facts.js';
import { aud, feeItem, hourItem } from '../testing/items.js';
import type { DraftInvoice } from './commands.js';
import { groupingOf, groupsToDraft, refuseSeveralGroups, siteOfDocument, soleRecipient } from './grouping.js';
import type { Receiving } from './recipients.js';

const CLIENT = { name: 'Bluegum Dental', taxId: null, address: null, taxExemption: null };
/** Ticket T-1 is at the mall and T-2 at the pier; contract con-2 is paid by the bank. */
const RECEIVING: Receiving = {
  clientId: 'cli-1',
  billTo: null,
  contracts: [{ contractId: 'con-2', versions: [{ versionNumber: 1, terms: { billTo: 'bank' } }] }],
  sites: [],
  siteOfTicket: new Map([
    ['T-1', 'mall'],
    ['T-2', 'pier'],
  ]),
  documents: new Map(),
  elsewhere: [],
  recipients: new Map(),
};
const mall = hourItem('w-1');
const pier = hourItem('w-2', { workItemId: 'w-2', ticketId: 'T-2' });
const nowhere = hourItem('w-3', { workItemId: 'w-3', ticketId: 'T-3' });
const ofBank = hourItem('w-4', { workItemId: 'w-4', ticketId: 'T-4', contractId: 'con-2' });
const fee = feeItem('fee', '90.00');
const feeOfBank = { ...feeItem('bank', '10.00'), chargeItemId: 'bank', contractId: 'con-2' };
const free = feeItem('free', '0.00', { contractId: 'con-2' });
const draw: Draw = {
  source: { from: 'block', contractId: 'con-2', blockId: 'b' },
  itemId: 'w-5',
  workItemId: 'w-5',
  workDate: '2026-03-10',
  amount: { unit: 'minutes', minutes: 60 },
  frozen: false,
};
const prepaid = hourItem('w-5', { disposition: 'covered', net: aud('0.00'), draw, contractId: 'con-2' });

const draft = (changes: Partial<DraftInvoice>): DraftInvoice => ({
  type: 'DraftInvoice',
  invoiceId: 'inv-1',
  clientId: 'cli-1',
  period: '2026-03',
  issueDate: '2026-04-01',
  isDateStated: false,
  items: [],
  configuration: CONFIGURATION,
  client: CLIENT,
  receiving: RECEIVING,
  ...changes,
});

describe('how items are laid on documents', () => {
  it('is as the client says, else the organisation, else together', () => {
    expect(groupingOf({ client: { invoices: 'by-site' }, configuration: { invoices: 'by-contract' } })).toBe('by-site');
    expect(groupingOf({ client: {}, configuration: { invoices: 'by-contract' } })).toBe('by-contract');
    expect(groupingOf({ client: {}, configuration: {} })).toBe('together');
  });

  it('gives each recipient a document, who is named where there are several', () => {
    const together = { client: {}, configuration: {} };
    expect(groupsToDraft([mall, pier], [fee], together, RECEIVING)).toEqual([{}]);
    expect(groupsToDraft([mall, ofBank], [fee], together, RECEIVING)).toEqual([
      { recipientId: 'bank' },
      { recipientId: 'cli-1' },
    ]);
    expect(groupsToDraft([mall, ofBank], [], together, RECEIVING, 'bank')).toEqual([{ recipientId: 'bank' }]);
    expect(groupsToDraft([mall], [], together, RECEIVING, 'bank')).toEqual([]);
  });

  it('gives none to who is asked for nothing: for prepaid work, or a charge of nothing', () => {
    const together = { client: {}, configuration: {} };
    expect(groupsToDraft([mall, prepaid], [free], together, RECEIVING)).toEqual([{}]);
    expect(groupsToDraft([prepaid], [free], together, RECEIVING)).toEqual([]);
  });

  it('gives each contract or site of a recipient one, in order', () => {
    const byContract = { client: { invoices: 'by-contract' }, configuration: {} } as const;
    const other = hourItem('w-6', { contractId: 'con-0' });
    expect(groupsToDraft([mall, pier, other], [fee], byContract, RECEIVING)).toEqual([
      { contractId: 'con-0' },
      { contractId: 'con-1' },
    ]);
    expect(groupsToDraft([mall, ofBank], [], byContract, RECEIVING)).toEqual([
      { recipientId: 'bank', contractId: 'con-2' },
      { recipientId: 'cli-1', contractId: 'con-1' },
    ]);
    const bySite = { client: { invoices: 'by-site' }, configuration: {} } as const;
    expect(groupsToDraft([pier, mall], [fee], bySite, RECEIVING)).toEqual([
      { siteId: null },
      { siteId: 'mall' },
      { siteId: 'pier' },
    ]);
  });
});

describe('who receives a draft', () => {
  it('is the one who is asked for something, the client where it is for nobody', () => {
    expect(soleRecipient(draft({ items: [mall, pier], charges: [fee] }), RECEIVING)).toBe('cli-1');
    expect(soleRecipient(draft({ items: [ofBank], charges: [feeOfBank] }), RECEIVING)).toBe('bank');
    expect(soleRecipient(draft({}), RECEIVING)).toBe('cli-1');
  });

  it('is nobody for prepaid work alone, so long as something asks; where nothing does, whoever has that work', () => {
    expect(soleRecipient(draft({ items: [prepaid, mall], charges: [free] }), RECEIVING)).toBe('cli-1');
    expect(soleRecipient(draft({ items: [prepaid] }), RECEIVING)).toBe('bank');
    expect(soleRecipient(draft({ charges: [free] }), RECEIVING)).toBe('bank');
  });

  it('is refused where it would be two, with what each has', () => {
    const several = draft({ items: [mall, ofBank, { ...ofBank, itemId: 'w-7' }], charges: [feeOfBank] });
    expect(soleRecipient(several, RECEIVING)).toMatchObject({
      code: 'SeveralRecipients',
      message: "Client cli-1's items for 2026-03 are billed to bank and cli-1; an invoice has one recipient.",
      remedy:
        'Draft for each by itself: name its `recipientId`. `billtrail invoice run --period MONTH` makes a draft for each.',
      details: {
        clientId: 'cli-1',
        period: '2026-03',
        recipients: [
          { recipientId: 'bank', tickets: ['T-4'], charges: ['bank'] },
          { recipientId: 'cli-1', tickets: ['T-1'], charges: [] },
        ],
      },
    });
    expect(
      soleRecipient({ ...several, named: { tickets: ['T-1', 'T-4'], charges: ['bank'] } }, RECEIVING),
    ).toMatchObject({ remedy: expect.stringContaining('`recipients` lists them') });
  });
});

describe('a draft of a client whose invoices are split', () => {
  const codeOf = (command: DraftInvoice, grouping: Parameters<typeof refuseSeveralGroups>[1]) => {
    const refusal = refuseSeveralGroups(command, grouping);
    return refusal === null ? null : [refusal.code, refusal.message];
  };

  it('has one contract where they are by contract', () => {
    const several = draft({ items: [ofBank, mall], charges: [fee] });
    expect(codeOf(several, 'by-contract')).toEqual([
      'SeveralContracts',
      'Invoices of client cli-1 are by contract, and these are items of con-1 and con-2.',
    ]);
    expect(refuseSeveralGroups(several, 'by-contract')?.details).toMatchObject({ contractIds: ['con-1', 'con-2'] });
    expect(codeOf(draft({ items: [mall], charges: [feeOfBank] }), 'by-contract')).not.toBeNull();
    expect(codeOf(draft({ items: [mall, pier], charges: [fee] }), 'by-contract')).toBeNull();
    expect(codeOf(several, 'together')).toBeNull();
  });

  it('has one site where they are by site, and nobody looked where sites are not known', () => {
    const several = draft({ items: [mall], charges: [fee] });
    expect(codeOf(several, 'by-site')).toEqual([
      'SeveralSites',
      'Invoices of client cli-1 are by site, and these are items of no site and mall.',
    ]);
    expect(refuseSeveralGroups(several, 'by-site')?.details).toMatchObject({ siteIds: [null, 'mall'] });
    expect(codeOf(draft({ items: [mall, { ...mall, itemId: 'w-8' }] }), 'by-site')).toBeNull();
    const { receiving: _unknown, ...unaddressed } = several;
    expect(codeOf(unaddressed, 'by-site')).toBeNull();
    expect(codeOf(several, 'together')).toBeNull();
  });

  it('is for the site that is named, else for that of its items', () => {
    expect(siteOfDocument(draft({ items: [pier] }), 'by-site')).toBe('pier');
    expect(siteOfDocument(draft({ charges: [fee] }), 'by-site')).toBeNull();
    expect(siteOfDocument(draft({}), 'by-site')).toBeUndefined();
    expect(siteOfDocument(draft({ items: [pier], siteId: 'mall' }), 'by-site')).toBe('mall');
    expect(siteOfDocument(draft({ items: [pier], siteId: null }), 'by-site')).toBeNull();
    expect(siteOfDocument(draft({ items: [pier] }), 'together')).toBeUndefined();
    const { receiving: _unknown, ...unaddressed } = draft({ items: [pier] });
    expect(siteOfDocument(unaddressed, 'by-site')).toBeUndefined();
    expect(isRefusal(soleRecipient(draft({ items: [nowhere] }), RECEIVING))).toBe(false);
  });
});
