import { describe, expect, it } from '@jest/globals';
import { type Issued, fold, invariant, isRefusal } from '@billtrail/kernel';
import type { AccountEvent } from '../events.js';
import { CONFIGURATION } from '../testing/facts.js';
import { feeItem, hourItem } from '../testing/items.js';
import { account } from './account.js';
import type { DraftInvoice } from './commands.js';
import type { Receiving } from './recipients.js';
import { type Redraft, redraft } from './redraft.js';

const by: Issued = { at: '2026-04-01T00:00:00Z', by: { id: 'acc-1', role: 'accounts' } };
const CLIENT = { name: 'Bluegum Dental', taxId: null, address: null, taxExemption: null };
const RECEIVING: Receiving = {
  clientId: 'cli-1',
  billTo: null,
  contracts: [],
  sites: [],
  siteOfTicket: new Map([
    ['T-1', 'mall'],
    ['T-2', 'port'],
  ]),
  documents: new Map(),
  elsewhere: [],
  recipients: new Map(),
};
const [one, other] = [hourItem('w-1'), hourItem('w-2', { workItemId: 'w-2', ticketId: 'T-2' })];
const fee = feeItem('care', '50.00');
const FACTS = {
  items: [one, other],
  charges: [fee],
  configuration: CONFIGURATION,
  client: CLIENT,
  receiving: RECEIVING,
};
const OF = { clientId: 'cli-1', period: '2026-03', issueDate: '2026-04-01', isDateStated: false, ...by } as const;

/** How a draft with these limits is drafted anew under these facts. */
function anew(limits: Redraft, now: Partial<Pick<DraftInvoice, 'items' | 'charges'>> = {}, mostNamed = 1_000) {
  const drafted = account.decide(
    { type: 'DraftInvoice', invoiceId: 'inv-1', ...OF, ...FACTS, ...limits },
    account.initialState,
  );
  invariant(!isRefusal(drafted), () => 'the first draft was refused');
  const discarded: AccountEvent = {
    type: 'InvoiceDraftDiscarded',
    data: { invoiceId: 'inv-1', reason: 'x' },
    occurredAt: by.at,
  };
  const state = fold(account, [...drafted, discarded]);
  const draft = fold(account, drafted).invoices.get('inv-1')!;
  const asked = { type: 'DraftInvoice', invoiceId: 'inv-2', ...OF, ...FACTS, ...now } as const;
  const answer = redraft(draft, asked, state, mostNamed);
  return isRefusal(answer) ? answer.code : answer;
}

describe('a draft that is drafted anew', () => {
  it('asks for its tickets and charges, and for no others', () => {
    expect(anew({ named: { tickets: ['T-1'], charges: [] } })).toEqual({ named: { tickets: ['T-1'], charges: [] } });
    expect(anew({ named: { tickets: [], charges: [fee.chargeItemId] } })).toEqual({
      named: { tickets: [], charges: [fee.chargeItemId] },
    });
    expect(anew({ siteId: 'port' })).toEqual({ named: { tickets: ['T-2'], charges: [] } });
    expect(anew({})).toEqual({ named: { tickets: ['T-1', 'T-2'], charges: [fee.chargeItemId] } });
  });

  it('of the same contract, where a ticket has work under another one now', () => {
    const later = hourItem('w-3', { workItemId: 'w-3', ticketId: 'T-1', contractId: 'con-2' });
    const named = { tickets: ['T-1'], charges: [] };
    expect(anew({ named }, { items: [one, later] })).toEqual({ named, contractId: one.contractId });
  });

  it('leaves out what is gone, and is refused where nothing is left', () => {
    expect(anew({}, { items: [other], charges: [] })).toEqual({ named: { tickets: ['T-2'], charges: [] } });
    expect(anew({ named: { tickets: ['T-1'], charges: [] } }, { items: [other] })).toBe('NothingToDraft');
  });

  it('asks for everything where it has more than could be named', () => expect(anew({}, {}, 1)).toEqual({}));
});
