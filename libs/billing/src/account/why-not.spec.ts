import { describe, expect, it } from '@jest/globals';
import { type Issued, fold, isRefusal } from '@billtrail/kernel';
import { CONFIGURATION } from '../testing/facts.js';
import { aud, feeItem, hourItem } from '../testing/items.js';
import { account } from './account.js';
import type { DraftInvoice } from './commands.js';
import { onlyNamed } from './named.js';
import type { Receiving } from './recipients.js';

const issued: Issued = { at: '2026-04-01T00:00:00Z', by: { id: 'acc-1', role: 'accounts' } };
const one = hourItem('w-1');
const fee = feeItem('fee', '500.00');

const draft = (changes: Partial<DraftInvoice>): DraftInvoice & Issued => ({
  type: 'DraftInvoice',
  issueDate: '2026-04-01',
  invoiceId: 'inv-1',
  clientId: 'cli-1',
  period: '2026-03',
  items: [one],
  charges: [fee],
  configuration: CONFIGURATION,
  client: { name: 'Bluegum Dental', taxId: null, address: null, taxExemption: null },
  ...issued,
  ...changes,
});
/** What is said where a ticket or a charge is named, and rating has these. */
function said(
  named: Partial<NonNullable<DraftInvoice['named']>>,
  rated: Partial<NonNullable<DraftInvoice['rated']>> = {},
) {
  const command = draft({
    named: { tickets: [], charges: [], ...named },
    rated: { items: [one, ...(rated.items ?? [])], charges: [fee, ...(rated.charges ?? [])] },
  });
  const decision = account.decide(command, account.initialState);
  return isRefusal(decision) ? decision : null;
}
const ofOther = (changes: object) => hourItem('w-2', { workItemId: 'w-2', ticketId: 'T-2', ...changes });

describe('why a ticket has nothing to draft', () => {
  it.each<[string, object, string, string]>([
    ['is of another month', { period: '2026-02' }, 'other-month', 'of 2026-02'],
    ['is of another client', { clientId: 'cli-2' }, 'other-client', 'of client cli-2'],
    ['has no client', { clientId: null }, 'other-client', 'of client nobody yet'],
    ['waits', { approval: 'unapproved' }, 'unapproved', 'its time awaits approval'],
    ['was rejected', { approval: 'rejected' }, 'rejected', 'its time was rejected'],
    ['has no price', { disposition: 'unpriced' }, 'unpriced', 'it has work without a price'],
    ['is included', { disposition: 'covered' }, 'included', 'its work is included in the contract'],
    ['is forgone', { disposition: 'written-off' }, 'written-off', 'its work was written off'],
  ])('is said: it %s', (_what, changes, reason, text) => {
    expect(said({ tickets: ['T-1', 'T-2'] }, { items: [ofOther(changes)] })).toMatchObject({
      code: 'NothingToDraft',
      message: `Nothing can be drafted for ticket T-2 (${text}).`,
      details: { tickets: ['T-2'], reasons: [{ id: 'T-2', reason, text }] },
    });
  });
  it('is said of each of its items, once', () => {
    const items = ['w-2', 'w-3', 'w-4'].map((id) => ofOther({ itemId: id, workItemId: id, approval: 'unapproved' }));
    const all = [...items, ofOther({ itemId: 'w-5', workItemId: 'w-5', disposition: 'written-off' })];
    expect(said({ tickets: ['T-2'] }, { items: all })?.message).toBe(
      'Nothing can be drafted for ticket T-2 (its time awaits approval, its work was written off).',
    );
  });
  it('is that there is no work, months before clients', () => {
    expect(said({ tickets: ['T-9'] })?.message).toBe('Nothing can be drafted for ticket T-9 (it has no work).');
    expect(said({ tickets: ['T-9'] })?.details['reasons']).toMatchObject([{ id: 'T-9', reason: 'unknown' }]);
    const months = [ofOther({ period: '2026-02' }), ofOther({ period: '2026-01' }), ofOther({ clientId: 'cli-2' })];
    expect(said({ tickets: ['T-2'] }, { items: months })?.message).toContain('ticket T-2 (of 2026-01 and 2026-02)');
  });
});

describe('why a charge can not be drafted', () => {
  const other = (changes: object = {}) => feeItem('licence', '200.00', changes);
  const { chargeItemId } = other();
  it.each<[string, object, string, string]>([
    ['is of another month', { period: '2026-02' }, 'other-month', 'of 2026-02'],
    ['is of another client', { clientId: 'cli-2' }, 'other-client', 'of client cli-2'],
    ['is not due', { billableFrom: '2026-05-01' }, 'not-due', 'it can be drafted from 2026-05-01 on'],
  ])('is said: it %s', (_what, changes, reason, text) => {
    expect(said({ charges: [fee.chargeItemId, chargeItemId] }, { charges: [other(changes)] })).toMatchObject({
      code: 'NothingToDraft',
      message: `Nothing can be drafted for charge ${chargeItemId} (${text}).`,
      details: { charges: [chargeItemId], reasons: [{ id: chargeItemId, reason, text }] },
    });
  });
  it('is that it is an item, or that there is none', () => {
    expect(said({ charges: ['w-1'] })?.message).toBe(
      'Nothing can be drafted for charge w-1 (it is an item of work, not a charge: name its ticket T-1).',
    );
    expect(said({ charges: [chargeItemId] })?.message).toContain('(there is no such charge)');
    expect(said({ charges: ['w-1', chargeItemId] })?.details['reasons']).toMatchObject([
      { id: 'w-1', reason: 'is-an-item' },
      { id: chargeItemId, reason: 'unknown' },
    ]);
  });
  it('is the document that has it, where one has', () => {
    const before = account.decide(draft({ invoiceId: 'inv-0' }), account.initialState);
    if (isRefusal(before)) throw new Error(before.message);
    const claimed = { disposition: 'claimed', invoiceId: 'inv-0' } as const;
    const rated = { items: [{ ...one, ...claimed }], charges: [{ ...fee, ...claimed }] };
    const named = { tickets: ['T-1'], charges: [fee.chargeItemId] };
    expect(account.decide(draft({ items: [], charges: [], named, rated }), fold(account, before))).toMatchObject({
      message: `Nothing can be drafted for ticket T-1 (on draft inv-0), charge ${fee.chargeItemId} (on draft inv-0).`,
      details: { reasons: [] },
    });
  });
});

describe('named tickets with prepaid work only', () => {
  it('are told to cost nothing, and go along with what has a price', () => {
    const zero = aud('0.00');
    const source = { from: 'block', contractId: 'con-1', blockId: 'b-1' } as const;
    const amount = { unit: 'minutes', minutes: 60 } as const;
    const draw = { source, itemId: 'w-2', workItemId: 'w-2', workDate: '2026-03-10', frozen: false, amount } as const;
    const covered = { ...ofOther({ unitPrice: zero, net: zero, draw }), disposition: 'covered' } as const;
    const of = (tickets: readonly string[]) =>
      account.decide(draft({ items: [one, covered], named: { tickets, charges: [] } }), account.initialState);
    expect(of(['T-2'])).toMatchObject({
      code: 'NothingToBill',
      message: 'What was named costs nothing: the work of ticket T-2 is prepaid.',
      remedy: 'Name something of the period that has a price beside it: the prepaid work goes on that document.',
      details: { clientId: 'cli-1', period: '2026-03', tickets: ['T-2'] },
    });
    expect(of(['T-1', 'T-2'])).toMatchObject([{}, { data: { lines: [{ itemId: 'w-1' }, { itemId: 'w-2' }] } }]);
  });
});

describe('what goes to another than was named', () => {
  const receiving: Receiving = {
    clientId: 'cli-1',
    billTo: null,
    contracts: [{ contractId: 'con-2', versions: [{ versionNumber: 1, terms: { billTo: 'bank' } }] }],
    sites: [],
    siteOfTicket: new Map([['T-2', 'pier']]),
    documents: new Map(),
    elsewhere: [],
    recipients: new Map([['bank', { clientId: 'bank', name: 'Bank', taxId: null, address: null, taxExemption: null }]]),
  };
  const ofBank = hourItem('w-3', { workItemId: 'w-3', ticketId: 'T-3', contractId: 'con-2' });
  const feeOfBank = feeItem('bank', '10.00', { chargeItemId: 'bank', contractId: 'con-2' });
  const atPier = ofOther({});
  const reasonsOf = (changes: Partial<DraftInvoice>) => {
    const items = [one, atPier, ofBank];
    const charges = [fee, feeOfBank];
    const decision = account.decide(
      draft({ items, charges, rated: { items, charges }, receiving, ...changes }),
      account.initialState,
    );
    if (!isRefusal(decision)) return [];
    return (
      decision.details['reasons'] as readonly { readonly id: string; readonly reason: string; readonly text: string }[]
    ).map(({ id, reason, text }) => `${id} ${reason}: ${text}`);
  };

  it('is told with who receives it', () => {
    const named = { tickets: ['T-1', 'T-3'], charges: ['bank'] };
    expect(reasonsOf({ named, recipientId: 'cli-1' })).toEqual([
      'T-3 other-recipient: it goes to client bank',
      'bank other-recipient: it goes to client bank',
    ]);
    expect(reasonsOf({ named, recipientId: 'bank' })).toEqual(['T-1 other-recipient: it goes to client cli-1']);
  });

  it('is told with its site', () => {
    const named = { tickets: ['T-1', 'T-2'], charges: [fee.chargeItemId] };
    expect(reasonsOf({ named, siteId: 'mall' })).toEqual([
      'T-1 other-site: it is for no site',
      'T-2 other-site: it is for site pier',
      `${fee.chargeItemId} other-site: it is for no site`,
    ]);
    expect(reasonsOf({ named, siteId: null })).toEqual(['T-2 other-site: it is for site pier']);
  });

  it('is a charge that only a credit note gives', () => {
    const { basis } = feeItem('late', '-8.00');
    const credit = { granted: '50.00', percent: null, stated: '50.00', isLeftOver: true };
    const leftOver = feeItem('late', '-8.00', { chargeItemId: 'rest', basis: { ...basis, credit } });
    const rated = { items: [one], charges: [leftOver] };
    expect(reasonsOf({ charges: [], rated, named: { tickets: ['T-1'], charges: ['rest'] } })).toEqual([
      'rest by-note: a credit note gives it: POST /v1/credit-notes/owed',
    ]);
    const claimed = { ...rated, charges: [{ ...leftOver, disposition: 'claimed', invoiceId: 'inv-0' } as const] };
    expect(reasonsOf({ charges: [], rated: claimed, named: { tickets: ['T-1'], charges: ['rest'] } })).toEqual([]);
  });
});

describe('a draft of what one recipient, site or contract has', () => {
  const receiving: Receiving = {
    clientId: 'cli-1',
    billTo: null,
    contracts: [{ contractId: 'con-2', versions: [{ versionNumber: 1, terms: { billTo: 'bank' } }] }],
    sites: [],
    siteOfTicket: new Map([['T-2', 'pier']]),
    documents: new Map(),
    elsewhere: [],
    recipients: new Map(),
  };
  const items = [one, ofOther({}), hourItem('w-3', { workItemId: 'w-3', ticketId: 'T-3', contractId: 'con-2' })];
  const fixed = feeItem('fix', '250.00', { kind: 'incident', ticketId: 'T-2', chargeItemId: 'fix' });
  const charges = [fee, fixed, feeItem('bank', '10.00', { chargeItemId: 'bank', contractId: 'con-2' })];
  const taken = (changes: Partial<DraftInvoice>) => {
    const command = onlyNamed(draft({ items, charges, receiving, ...changes }));
    return [...command.items.map(({ itemId }) => itemId), ...(command.charges ?? []).map((of) => of.chargeItemId)];
  };

  it('takes that alone, and with it what this very draft has, wherever it would go now', () => {
    expect(taken({})).toHaveLength(6);
    expect(taken({ contractId: 'con-2' })).toEqual(['w-3', 'bank']);
    expect(taken({ recipientId: 'bank' })).toEqual(['w-3', 'bank']);
    expect(taken({ recipientId: 'cli-1' })).toEqual(['w-1', 'w-2', fee.chargeItemId, 'fix']);
    expect(taken({ siteId: 'pier' })).toEqual(['w-2', 'fix']);
    expect(taken({ siteId: null })).toEqual(['w-1', 'w-3', fee.chargeItemId, 'bank']);
    const held = items.map((item) => ({ ...item, invoiceId: 'inv-1' }));
    expect(taken({ items: held, charges: [], siteId: 'mall' })).toEqual(['w-1', 'w-2', 'w-3']);
  });

  it('takes work of a merged ticket by the name of either', () => {
    const merged = [hourItem('w-9', { ticketId: 'T-9', mergedInto: 'T-2' })];
    const of = (ticketId: string) => taken({ items: merged, charges: [], named: { tickets: [ticketId], charges: [] } });
    expect([of('T-9'), of('T-2'), of('T-1')]).toEqual([['w-9'], ['w-9'], []]);
  });

  it('has something of a ticket where it has its fixed price alone, and of no other charge with one', () => {
    const named = { tickets: ['T-2'], charges: [] };
    const credit = feeItem('late', '10.00', { kind: 'service-credit', ticketId: 'T-2', chargeItemId: 'late' });
    const answer = (charge: typeof fixed) =>
      account.decide(draft({ items: [], charges: [charge], named, receiving }), account.initialState);
    expect(isRefusal(answer(fixed))).toBe(false);
    expect(answer(credit)).toMatchObject({ code: 'NothingToDraft' });
    expect(answer({ ...fixed, ticketId: null })).toMatchObject({ code: 'NothingToDraft' });
  });

  it('takes tickets with their fixed prices, and charges by their ids', () => {
    const named = { tickets: ['T-2'], charges: [] };
    expect(taken({ named })).toEqual(['w-2', 'fix']);
    // A service credit for its breach is no fixed price of a ticket.
    const credit = feeItem('late', '-10.00', { kind: 'service-credit', ticketId: 'T-2', chargeItemId: 'late' });
    expect(taken({ named, charges: [credit, { ...fixed, ticketId: null }] })).toEqual(['w-2']);
    expect(taken({ named: { tickets: [], charges: ['bank'] } })).toEqual(['bank']);
  });

  it('takes all for the client, and nothing for a site, where nobody looked who receives what', () => {
    const { receiving: _unknown, ...unaddressed } = draft({ items, charges });
    const of = (changes: Partial<DraftInvoice>) => onlyNamed({ ...unaddressed, ...changes }).items.length;
    expect([
      of({ recipientId: 'cli-1' }),
      of({ recipientId: 'bank' }),
      of({ siteId: null }),
      of({ siteId: 'pier' }),
    ]).toEqual([3, 0, 3, 0]);
  });
});
