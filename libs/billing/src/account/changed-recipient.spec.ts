import { describe, expect, it } from '@jest/globals';
import { type Issued, fold, isRefusal } from '@billtrail/kernel';
import { CONFIGURATION } from '../testing/facts.js';
import { feeItem, hourItem } from '../testing/items.js';
import { account } from './account.js';
import { movedLines, refuseChangedRecipient } from './changed-recipient.js';
import type { Receiving } from './recipients.js';
import type { Invoice } from './state.js';

const issued: Issued = { at: '2026-04-01T00:00:00Z', by: { id: 'acc-1', role: 'accounts' } };
const CLIENT = { name: 'Bluegum Dental', taxId: null, address: null, taxExemption: null };
const AS_DRAFTED: Receiving = {
  clientId: 'cli-1',
  billTo: null,
  contracts: [],
  sites: [],
  siteOfTicket: new Map([['T-1', 'mall']]),
  documents: new Map(),
  elsewhere: [],
  recipients: new Map([
    ['bank', { ...CLIENT, clientId: 'bank' }],
    ['chained', { ...CLIENT, clientId: 'chained', billTo: 'bank' }],
  ]),
};
const items = [hourItem('w-1'), hourItem('w-2', { workItemId: 'w-2', ticketId: 'T-2', contractId: 'con-2' })];
const charges = [feeItem('fee', '90.00', { contractId: 'con-3' })];

/** The draft of both hours and the fee, as it stands. */
function drafted(receiving?: Receiving): Invoice {
  const decision = account.decide(
    {
      type: 'DraftInvoice',
      invoiceId: 'inv-1',
      clientId: 'cli-1',
      period: '2026-03',
      issueDate: '2026-04-01',
      isDateStated: false,
      items,
      charges,
      configuration: CONFIGURATION,
      client: CLIENT,
      ...(receiving === undefined ? {} : { receiving }),
      ...issued,
    },
    account.initialState,
  );
  if (isRefusal(decision)) throw new Error(decision.message);
  const invoice = fold(account, decision).invoices.get('inv-1');
  if (invoice === undefined) throw new Error('no draft');
  return invoice;
}
const paidBy = (billTo: string, ...contractIds: readonly string[]): Receiving => ({
  ...AS_DRAFTED,
  contracts: contractIds.map((contractId) => ({ contractId, versions: [{ versionNumber: 1, terms: { billTo } }] })),
});

describe('a draft whose lines would go to another now', () => {
  it('is refused with each of these lines, and who would receive it', () => {
    const now = { items, charges, receiving: { ...paidBy('bank', 'con-2', 'con-3') } };
    expect(refuseChangedRecipient(drafted(AS_DRAFTED), now)).toMatchObject({
      code: 'RecipientChanged',
      message: 'Draft inv-1 is for client cli-1, and 2 of its lines now go to bank.',
      remedy: 'Discard it, and draft it anew. Or put the bill-to back as it was.',
      details: {
        invoiceId: 'inv-1',
        recipientId: 'cli-1',
        recipients: ['bank'],
        differences: [
          { itemId: 'w-2', recipientId: 'bank' },
          { itemId: 'con-1@fee@fee@2026-03-01', recipientId: 'bank' },
        ],
      },
    });
  });

  it('names all who would, each once and in order', () => {
    const contracts = [...paidBy('chained', 'con-1').contracts, ...paidBy('bank', 'con-2', 'con-3').contracts];
    expect(
      refuseChangedRecipient(drafted(AS_DRAFTED), { items, charges, receiving: { ...AS_DRAFTED, contracts } }),
    ).toMatchObject({
      message: 'Draft inv-1 is for client cli-1, and 3 of its lines now go to bank and chained.',
    });
  });

  it('goes on where all go to the same, or nothing is rated of them now, or nobody looked', () => {
    const draft = drafted(AS_DRAFTED);
    expect(refuseChangedRecipient(draft, { items, charges, receiving: AS_DRAFTED })).toBeNull();
    expect(refuseChangedRecipient(draft, { items: [], receiving: paidBy('bank', 'con-2') })).toBeNull();
    expect(refuseChangedRecipient(draft, { items, charges })).toBeNull();
  });

  it('is refused where its recipient may not receive it any more', () => {
    const draft = drafted(paidBy('bank', 'con-1', 'con-2', 'con-3'));
    const receiving = { ...paidBy('bank', 'con-1', 'con-2', 'con-3') };
    expect(refuseChangedRecipient(draft, { items, charges, receiving })).toBeNull();
    const gone = { ...receiving, recipients: new Map() };
    expect(refuseChangedRecipient(draft, { items, charges, receiving: gone })).toMatchObject({ code: 'BillToUnknown' });
    const further = new Map([['bank', { ...CLIENT, clientId: 'bank', billTo: 'other' }]]);
    expect(
      refuseChangedRecipient(draft, { items, charges, receiving: { ...receiving, recipients: further } }),
    ).toMatchObject({ code: 'BillToChained' });
  });
});

describe('lines of which the site is another now', () => {
  const moved = { ...AS_DRAFTED, siteOfTicket: new Map([['T-2', 'pier']]) };

  it('say both sites', () => {
    expect(movedLines(drafted(AS_DRAFTED), { items, charges, receiving: moved })).toEqual([
      { itemId: 'w-1', difference: 'changed', fields: { siteId: { drafted: 'mall', now: null } } },
      { itemId: 'w-2', difference: 'changed', fields: { siteId: { drafted: null, now: 'pier' } } },
    ]);
  });

  it('are none where nobody looked, then or now, or nothing is rated of them', () => {
    expect(movedLines(drafted(AS_DRAFTED), { items, charges })).toEqual([]);
    expect(movedLines(drafted(AS_DRAFTED), { items, charges, receiving: AS_DRAFTED })).toEqual([]);
    expect(movedLines(drafted(AS_DRAFTED), { items: [], receiving: moved })).toEqual([]);
    expect(movedLines({ ...drafted(AS_DRAFTED), isAddressed: false }, { items, charges, receiving: moved })).toEqual(
      [],
    );
  });
});
