import { describe, expect, it } from '@jest/globals';
import { type Issued, fold, isRefusal } from '@billtrail/kernel';
import type { AccountEvent } from '../events.js';
import type { ExplainedItem } from '../item/billable-item.js';
import { CONFIGURATION } from '../testing/facts.js';
import { aud, draftedOn, feeItem, hourItem } from '../testing/items.js';
import { account } from './account.js';
import { draftableCharges } from './charges.js';
import type { DraftInvoice } from './commands.js';
import { draftableItems } from './lines.js';
import type { Receiving } from './recipients.js';

const issued: Issued = { at: '2026-04-01T00:00:00Z', by: { id: 'acc-1', role: 'accounts' } };
const client = { name: 'Bluegum Dental', taxId: null, address: '2 Gum Street', taxExemption: null };
const here = { disposition: 'claimed', invoiceId: 'inv-1' } as const;

const one = hourItem('w-1');
const other = hourItem('w-2', { workItemId: 'w-2', ticketId: 'T-2' });
const fee = feeItem('fee', '500.00');
const draft = (changes: Partial<DraftInvoice> = {}): DraftInvoice & Issued => ({
  type: 'DraftInvoice',
  issueDate: '2026-04-01',
  invoiceId: 'inv-1',
  clientId: 'cli-1',
  period: '2026-03',
  items: [one, other],
  charges: [fee],
  configuration: CONFIGURATION,
  client,
  ...issued,
  ...changes,
});
const named = (tickets: readonly string[], charges: readonly string[] = []) => ({ named: { tickets, charges } });

function drafted(command: DraftInvoice & Issued): readonly AccountEvent[] {
  const decision = account.decide(command, account.initialState);
  if (isRefusal(decision)) throw new Error(decision.message);
  return decision;
}
/** The command again, with what rating makes of the period once the draft has its items. */
function again(before: readonly AccountEvent[], items: readonly ExplainedItem[], changes: Partial<DraftInvoice> = {}) {
  const charges = draftableCharges([{ ...fee, ...here }], draftedOn('2026-04-01'), 'inv-1');
  return account.decide(draft({ items: draftableItems(items, 'inv-1'), charges, ...changes }), fold(account, before));
}

describe('what a draft may take', () => {
  it('is, besides what is free, what this very draft has, whatever became of it', () => {
    const away = { disposition: 'claimed', invoiceId: 'inv-2' } as const;
    const rejected = hourItem('w-4', { ...here, approval: 'rejected' });
    const items = [one, { ...other, ...here }, hourItem('w-3', away), rejected];
    expect(draftableItems(items).map(({ itemId }) => itemId)).toEqual(['w-1']);
    expect(draftableItems(items, 'inv-1').map(({ itemId }) => itemId)).toEqual(['w-1', 'w-2', 'w-4']);
    const charges = [fee, feeItem('mine', '1.00', here), feeItem('away', '1.00', away)];
    expect(draftableCharges(charges, draftedOn('2026-04-01'))).toEqual([fee]);
    expect(draftableCharges(charges, draftedOn('2026-04-01'), 'inv-1')).toEqual(charges.slice(0, 2));
  });
});

describe('a draft that is asked for again', () => {
  const whole = () => drafted(draft());
  const claimed = [one, other].map((item) => ({ ...item, ...here }));

  it('is quiet: of all the period, and of what was named', () => {
    expect(again(whole(), claimed)).toEqual([]);
    const ofOne = named(['T-1'], [fee.chargeItemId]);
    expect(again(drafted(draft(ofOne)), [{ ...one, ...here }, other], ofOne)).toEqual([]);
  });
  it('is stale where a line has another price now, or is gone', () => {
    const dearer = { ...claimed[0]!, net: aud('160.00') };
    expect(again(whole(), [dearer, claimed[1]!])).toMatchObject({
      code: 'DraftStale',
      message:
        '1 of 3 lines of draft inv-1 is out of date: w-1 of ticket T-1: amount was 150.00 AUD, is 160.00 AUD now.',
      remedy:
        'Discard it and draft it anew: billtrail invoice redraft inv-1, or POST /v1/invoices/inv-1/discard, then POST /v1/invoices',
      details: { differences: [{ itemId: 'w-1', difference: 'changed' }] },
    });
    const gone = { code: 'DraftStale', details: { differences: [{ itemId: 'w-2', difference: 'gone' }] } };
    expect(again(whole(), [claimed[0]!])).toMatchObject(gone);
    expect(again(whole(), [claimed[0]!], named(['T-1', 'T-2'], [fee.chargeItemId]))).toMatchObject(gone);
  });
  it('has an id that is taken where it is another draft, and says how it differs', () => {
    const more = hourItem('w-3', { workItemId: 'w-3', ticketId: 'T-3' });
    expect(again(whole(), [...claimed, more])).toMatchObject({
      code: 'InvoiceIdTaken',
      message: 'Draft inv-1 exists already. It differs from what is asked for: it lacks w-3.',
      remedy: 'Use another id; to have all of it on one document, discard that draft first.',
      details: { invoiceId: 'inv-1', status: 'draft', lacking: ['w-3'], besides: [] },
    });
    expect(again(whole(), [...claimed, more], named(['T-1', 'T-3']))).toMatchObject({
      code: 'InvoiceIdTaken',
      message: `Draft inv-1 exists already. It differs from what is asked for: it lacks w-3 and has w-2, ${fee.chargeItemId} besides.`,
    });
    expect(again(whole(), claimed, named(['T-1']))).toMatchObject({ code: 'InvoiceIdTaken', details: { lacking: [] } });
  });
  it('that names something else is not called stale, whatever became of the lines', () => {
    const more = hourItem('w-3', { workItemId: 'w-3', ticketId: 'T-3' });
    const names = named(['T-3']);
    expect(again(whole(), [{ ...claimed[0]!, net: aud('160.00') }, claimed[1]!, more], names)).toMatchObject({
      code: 'InvoiceIdTaken',
    });
    expect(again(whole(), claimed.slice(1), named([], ['con-1@fee@other@2026-03-01']))).toMatchObject({
      code: 'InvoiceIdTaken',
    });
  });
  it('is stale when it is approved, too', () => {
    const approved = { type: 'InvoiceApproved', data: { invoiceId: 'inv-1', approvedBy: 'a', hash: 'h' } } as const;
    expect(
      again(
        [...whole(), { ...approved, occurredAt: issued.at }],
        [{ ...claimed[0]!, net: aud('160.00') }, claimed[1]!],
      ),
    ).toMatchObject({ code: 'DraftStale' });
  });
  it('for another recipient or site than it has has an id that is taken', () => {
    const answer = (changes: Partial<DraftInvoice>) => {
      const decision = again(whole(), claimed, changes);
      return isRefusal(decision) ? decision.message : decision;
    };
    const differs = 'Draft inv-1 exists already. It differs from what is asked for: it';
    expect(answer({ recipientId: 'bank' })).toBe(`${differs} is for client cli-1.`);
    expect(answer({ recipientId: 'cli-1' })).toEqual([]);
    expect(answer({ siteId: 'mall' })).toBe(`${differs} is for no site.`);
    expect(answer({ recipientId: 'bank', siteId: 'mall' })).toBe(`${differs} is for client cli-1 and is for no site.`);
  });
  it('of a site takes what is there again, and says so to another site', () => {
    const receiving: Receiving = {
      clientId: 'cli-1',
      billTo: null,
      contracts: [],
      sites: [],
      siteOfTicket: new Map([
        ['T-1', 'mall'],
        ['T-2', 'pier'],
      ]),
      documents: new Map(),
      elsewhere: [],
      recipients: new Map(),
    };
    const ofMall = { siteId: 'mall', receiving, items: [one, other], charges: [] };
    const before = drafted(draft(ofMall));
    const mine = [{ ...one, ...here }, other];
    expect(again(before, mine, { receiving, siteId: 'mall', charges: [] })).toEqual([]);
    expect(again(before, mine, { receiving, charges: [] })).toEqual([]);
    expect(again(before, mine, { receiving, siteId: 'pier', charges: [] })).toMatchObject({
      code: 'InvoiceIdTaken',
      message: 'Draft inv-1 exists already. It differs from what is asked for: it is for site mall.',
    });
  });
  it('is never stale once it is issued: it is what it was', () => {
    const request = {
      type: 'InvoiceIssueRequested',
      data: { invoiceId: 'inv-1', issueDate: '2026-04-01' },
      occurredAt: issued.at,
    };
    const on = { disposition: 'invoiced', invoiceId: 'inv-1' } as const;
    const dearer = [
      { ...one, ...on, net: aud('160.00') },
      { ...other, ...on },
    ];
    const events = [...whole(), request as unknown as AccountEvent];
    expect(again(events, dearer)).toEqual([]);
    expect(again(events, [...dearer, hourItem('w-3')])).toMatchObject({
      code: 'InvoiceIdTaken',
      message: 'Invoice inv-1 exists already. It differs from what is asked for: it lacks w-3.',
      remedy: 'Use another id.',
    });
  });
  it('is refused with another day of issue, whatever its tax, as a draft with one, with none, and issued', () => {
    const another = { issueDate: '2026-04-02' };
    const message = 'Draft inv-1 exists already, made for issue on 2026-04-01 and not for 2026-04-02.';
    expect(again(whole(), claimed, another)).toMatchObject({ code: 'IssueDateDiffers', message });
    expect(again(whole(), claimed, { ...another, isDateStated: false })).toEqual([]);
    const undated = drafted(draft({ isDateStated: false }));
    expect(again(undated, claimed, another)).toMatchObject({ code: 'IssueDateDiffers', details: { meantFor: null } });
    const data = { invoiceId: 'inv-1', issueDate: '2026-04-01' };
    const request = { type: 'InvoiceIssueRequested', data, occurredAt: issued.at } as unknown as AccountEvent;
    expect(again([...whole(), request], claimed, another)).toMatchObject({
      code: 'IssueDateDiffers',
      details: { issuedOn: '2026-04-01' },
    });
    expect(again([...whole(), request], claimed)).toEqual([]);
  });
  it('was discarded: its id stays taken', () => {
    const discarded = { type: 'InvoiceDraftDiscarded', data: { invoiceId: 'inv-1', reason: 'x' } } as const;
    expect(again([...whole(), { ...discarded, occurredAt: issued.at }], [one, other])).toMatchObject({
      code: 'InvoiceIdTaken',
      message: 'Draft inv-1 was discarded, and its id stays taken.',
      details: { status: 'discarded' },
    });
  });
  it('needs no prepaid part that another document shows; one that no document shows makes it another draft', () => {
    const zero = aud('0.00');
    const source = { from: 'block', contractId: 'con-1', blockId: 'b-1' } as const;
    const amount = { unit: 'minutes', minutes: 60 } as const;
    const draw = { source, itemId: 'w-9', workItemId: 'w-9', workDate: '2026-03-10', frozen: false, amount } as const;
    const covered = hourItem('w-9', { workItemId: 'w-9', disposition: 'covered', unitPrice: zero, net: zero, draw });
    const elsewhere = account.decide(
      draft({ invoiceId: 'inv-0', items: [covered, hourItem('w-8')], charges: [] }),
      account.initialState,
    );
    if (isRefusal(elsewhere)) throw new Error(elsewhere.message);
    const later = account.decide(draft({ items: [covered, one, other] }), fold(account, elsewhere));
    if (isRefusal(later)) throw new Error(later.message);
    expect(again([...elsewhere, ...later], [covered, ...claimed])).toEqual([]);
    expect(again(whole(), [covered, ...claimed])).toMatchObject({ details: { lacking: ['w-9'] } });
    expect(again(drafted(draft({ items: [covered, one, other] })), [covered, ...claimed])).toEqual([]);
  });
});
