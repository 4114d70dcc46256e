import { describe, expect, it } from '@jest/globals';
import { type Issued, type MoneyJson, fold, isRefusal, refuse } from '@billtrail/kernel';
import type { AccountEvent, BillingConfiguration, InvoiceDrafted } from '../events.js';
import type { ExplainedItem } from '../item/billable-item.js';
import type { ChargeItem } from '../item/charge-item.js';
import { BY_ANYONE, CONFIGURATION } from '../testing/facts.js';
import { aud, feeItem, hourItem } from '../testing/items.js';
import { Account, owed } from '../testing/billed.js';
import { account } from './account.js';
import type { AccountCommand, DraftInvoice, RequestInvoiceIssue } from './commands.js';
import { draftableItems } from './lines.js';
import type { Receiving } from './recipients.js';
import { netsOfLinesNow } from './stale.js';

const by: Issued = { at: '2026-04-01T00:00:00Z', by: { id: 'acc-1', role: 'accounts' } };
const CLIENT = { name: 'Bluegum Dental', taxId: '51 824 753 556', address: '1 High Street', taxExemption: null };
const RECEIVING: Receiving = {
  clientId: 'cli-1',
  billTo: null,
  contracts: [],
  sites: [],
  siteOfTicket: new Map([['T-1', 'mall']]),
  documents: new Map(),
  elsewhere: [],
  recipients: new Map([['bank', { ...CLIENT, clientId: 'bank' }]]),
};
const hour = hourItem('w-1');
const other = hourItem('w-2', { workItemId: 'w-2', ticketId: 'T-2' });
const fee = feeItem('care', '50.00');
const FACTS = {
  items: [hour, other],
  charges: [fee],
  configuration: CONFIGURATION,
  client: CLIENT,
  receiving: RECEIVING,
};
type Facts = Pick<DraftInvoice, 'items' | 'charges' | 'client' | 'receiving'> & {
  readonly configuration: BillingConfiguration;
};

/** An account in which a draft of these facts was approved. */
function approved(facts: Facts = FACTS) {
  const events: AccountEvent[] = [];
  const send = (command: AccountCommand & Issued) => {
    const decision = account.decide(command, fold(account, events));
    if (!isRefusal(decision)) events.push(...decision);
    return decision;
  };
  const of = { clientId: 'cli-1', period: '2026-03', issueDate: '2026-04-01', isDateStated: false, ...by } as const;
  const drafts = (invoiceId: string, now: Facts) => {
    const drafted = send({ type: 'DraftInvoice', invoiceId, ...of, ...now, items: draftableItems(now.items) });
    return isRefusal(drafted) ? drafted : send({ type: 'ApproveInvoice', invoiceId, ...BY_ANYONE, ...by });
  };
  expect(drafts('inv-1', facts)).toHaveLength(1);
  return {
    /** Issued under these facts: what it is refused for, in words; null: it is issued. */
    issues: (now: Partial<Facts>, more: Partial<RequestInvoiceIssue> = {}, invoiceId = 'inv-1') => {
      const request = { ...facts, ...now, items: now.items ?? facts.items, today: '2026-04-01' };
      const answer = send({ type: 'RequestInvoiceIssue', invoiceId, ...of, ...request, ...more });
      return isRefusal(answer) ? `${answer.code}: ${answer.message}` : null;
    },
    /** What its lines come to under these facts, in each currency. */
    comesTo: (now: Partial<Facts>) => {
      const draft = fold(account, events).invoices.get('inv-1')!;
      return netsOfLinesNow(draft, { ...facts, ...now }).map((net) => net.toString());
    },
    /** What each of these refusals tells to do. */
    draftsAnew: (now: Partial<Facts>) => {
      expect(send({ type: 'DiscardDraft', invoiceId: 'inv-1', reason: 'stale', ...by })).toHaveLength(1);
      expect(drafts('inv-2', { ...facts, ...now })).toHaveLength(1);
    },
  };
}

const tax = (taxRates: BillingConfiguration['taxRates']) => ({ configuration: { ...CONFIGURATION, taxRates } });
const client = (change: object) => ({ client: { ...CLIENT, ...change } });
const work = (change: Partial<ExplainedItem>) => ({ items: [{ ...hour, ...change }, other] });
const SELLER = CONFIGURATION.organisation;
function inDollars<One extends Pick<ExplainedItem, 'unitPrice' | 'net'>>(one: One): One {
  const dollars = (money: MoneyJson | null) => money && { ...money, currency: 'USD' };
  return { ...one, unitPrice: dollars(one.unitPrice), net: dollars(one.net) };
}
/** Ten seats that are committed to, so many of them unused. */
function seats(unused: number) {
  const days = { from: '2026-03-01', to: '2026-03-31', days: '31', cycleDays: 31, daysBefore: '0' };
  const basis = {
    ...fee.basis,
    fee: [{ quantity: '10', unitPrice: '5.00', percentOff: '0', net: '50.00', ...days, unused }],
  };
  return { charges: [{ ...fee, quantity: '10', unitPrice: aud('5.00'), basis }] };
}

/** What changed after the approval, and what the issue is refused with: what was approved, and what there is now. */
const CHANGES: readonly (readonly [name: string, now: Partial<Facts>, told: string])[] = [
  [
    'the tax is set to 0',
    tax({ GST: '0' }),
    'TaxChanged: Draft inv-1 was approved with 35.00 AUD of tax; issued on 2026-04-01 it would have 0.00',
  ],
  [
    'the client is exempted',
    client({ taxExemption: 'export' }),
    'TaxChanged: Draft inv-1 was approved with 35.00 AUD of tax',
  ],
  [
    'the client is renamed',
    client({ name: 'Elsewhere Pty' }),
    'PartiesChanged: Draft inv-1 was approved with another buyer or seller: name of the buyer Bluegum Dental, now Elsewhere Pty',
  ],
  [
    'its address',
    client({ address: '9 Elsewhere Lane' }),
    'PartiesChanged: Draft inv-1 was approved with another buyer or seller: address of the buyer 1 High Street, now 9 Elsewhere Lane',
  ],
  [
    'its tax id',
    client({ taxId: null }),
    'PartiesChanged: Draft inv-1 was approved with another buyer or seller: taxId of the buyer 51 824 753 556, now none',
  ],
  [
    'who sells',
    { configuration: { ...CONFIGURATION, organisation: { ...SELLER, name: 'Other MSP' } } },
    `PartiesChanged: Draft inv-1 was approved with another buyer or seller: name of the seller ${SELLER.name}, now Other MSP`,
  ],
  [
    'the bill-to',
    { receiving: { ...RECEIVING, billTo: 'bank' } },
    'RecipientChanged: Draft inv-1 is for client cli-1, and 3 of its lines now go to bank',
  ],
  [
    'the site of the work',
    { receiving: { ...RECEIVING, siteOfTicket: new Map([['T-1', 'port']]) } },
    'DraftStale: 1 of 3 lines of draft inv-1 is out of date: w-1 of ticket T-1: site was mall, is port now.',
  ],
  [
    'the terms of payment',
    client({ paymentTerms: { due: 'net', days: 60 } }),
    'PaymentTermsChanged: Draft inv-1 was approved with other terms of payment: none, now Due 60 days after the date of issue',
  ],
  [
    'how tax is rounded',
    { configuration: { ...CONFIGURATION, taxRounding: 'line' } },
    'TaxChanged: Draft inv-1 was approved with 35.00 AUD of tax',
  ],
  [
    'the price',
    work({ unitPrice: aud('160.00'), net: aud('160.00') }),
    'DraftStale: 1 of 3 lines of draft inv-1 is out of date: w-1 of ticket T-1: amount was 150.00 AUD, is 160.00 AUD now, price of a unit was 150.00 AUD, is 160.00 AUD now.',
  ],
  [
    'the currency',
    { items: [inDollars(hour), inDollars(other)], charges: [inDollars(fee)] },
    'DraftStale: 3 of 3 lines of draft inv-1 are out of date: w-1 of ticket T-1: amount was 150.00 AUD, is 150.00 USD now, price of a unit was 150.00 AUD, is 150.00 USD now; ',
  ],
  [
    'what it rests on alone',
    work({ sourceEventIds: ['ev-w-1', 'ev-w-2'] }),
    'DraftStale: 1 of 3 lines of draft inv-1 is out of date: w-1 of ticket T-1 changed: its source records.',
  ],
  [
    'a line is gone',
    { items: [other] },
    'DraftStale: 1 of 3 lines of draft inv-1 is out of date: w-1 of ticket T-1 is gone.',
  ],
  [
    'a line is covered',
    work({ disposition: 'covered' }),
    'DraftStale: 1 of 3 lines of draft inv-1 is out of date: w-1 of ticket T-1 is covered now.',
  ],
  [
    'a fee',
    { charges: [feeItem('care', '60.00')] },
    'DraftStale: 1 of 3 lines of draft inv-1 is out of date: con-1@fee@care@2026-03-01 (Fee care): amount was 50.00 AUD, is 60.00 AUD now, price of a unit was 50.00 AUD, is 60.00 AUD now.',
  ],
  [
    'the counts of a fee alone',
    { charges: [{ ...fee, sourceEventIds: ['ev-c-1'] }] },
    'DraftStale: 1 of 3 lines of draft inv-1 is out of date: con-1@fee@care@2026-03-01 (Fee care) changed: its source records.',
  ],
];

describe('what was approved is what is issued (Y4)', () => {
  it.each(CHANGES)('not where it is another by now: %s', (_, now, told) => {
    const one = approved();
    expect(one.issues(now)).toMatch(told);
    one.draftsAnew(now);
    const configuration = now.configuration ?? CONFIGURATION;
    const isOther = now.receiving?.billTo === 'bank';
    expect(one.issues({ ...now, configuration }, isOther ? { invoiceId: 'inv-2' } : {}, 'inv-2')).toBeNull();
  });

  it('and it is issued as ever where nothing changed', () => expect(approved().issues({})).toBeNull());

  it('not where only how a line is worked out is another: of ten seats three are unused, not two', () => {
    const one = approved({ ...FACTS, ...seats(2) });
    expect(one.issues(seats(3))).toBe(
      'DraftStale: 1 of 3 lines of draft inv-1 is out of date: con-1@fee@care@2026-03-01 (Fee care) changed: its parts.',
    );
    one.draftsAnew(seats(3));
    expect(one.issues(seats(3), {}, 'inv-2')).toBeNull();
  });

  it('not where another document gave back what a credit in it gives back', () => {
    const [a, b, c] = ['a', 'b', 'c'].map((id) => feeItem(id, '33.35')) as [ChargeItem, ChargeItem, ChargeItem];
    const one = new Account();
    one.bills('I1', [a, b, c]);
    const charges = [feeItem('new', '200.00'), owed(a, '-33.35')];
    one.drafts('I2', charges);
    expect(one.tries({ type: 'ApproveInvoice', invoiceId: 'I2', ...BY_ANYONE })).toBe('accepted');
    expect(one.gives(owed(b, '-33.35'))).toBe('accepted');
    expect(one.issues('I2', charges)).toBe('TaxChanged');
  });

  it('of two drafts each by its own hash: whoever has seen the other one is refused, and approves none', () => {
    const events: AccountEvent[] = [];
    const send = (command: AccountCommand) => {
      const decision = account.decide({ ...command, ...by }, fold(account, events));
      if (!isRefusal(decision)) events.push(...decision);
      return isRefusal(decision) ? decision.code : decision.length;
    };
    const { receiving: _, ...facts } = FACTS;
    const of = { clientId: 'cli-1', period: '2026-03', issueDate: '2026-04-01', isDateStated: false, ...facts };
    send({ type: 'DraftInvoice', invoiceId: 'inv-1', ...of, items: [hour], charges: [] });
    send({ type: 'DraftInvoice', invoiceId: 'inv-2', ...of, items: [other] });
    const [first, second] = ['inv-1', 'inv-2'].map((id) => fold(account, events).invoices.get(id)?.hash ?? '');
    expect(first).not.toBe(second);
    expect(send({ type: 'ApproveInvoice', invoiceId: 'inv-1', hash: second ?? '', ...BY_ANYONE })).toBe('HashMismatch');
    expect(send({ type: 'ApproveInvoice', invoiceId: 'inv-1', hash: first ?? '', ...BY_ANYONE })).toBe(1);
    expect(events.at(-1)).toMatchObject({ type: 'InvoiceApproved', data: { invoiceId: 'inv-1', hash: first } });
  });

  it('not where the organisation was named after the approval: nobody approved who sells', () => {
    const unnamed = { ...CONFIGURATION, organisation: { ...SELLER, name: null } };
    const one = approved({ ...FACTS, configuration: unnamed });
    expect(one.issues({ configuration: CONFIGURATION })).toMatch(
      `PartiesChanged: Draft inv-1 was approved with another buyer or seller: name of the seller none, now ${SELLER.name}`,
    );
  });

  it.each([
    ['2019-01-01', { today: '2026-04-01' }, '2019-01-01 is more than 31 days before 2026-03-10, the last day'],
    ['2026-03-01', { today: '2026-07-01' }, '2026-03-01 is more than 92 days before today, 2026-07-01'],
    ['2026-03-31', { seriesReached: '2026-04-01' }, '2026-03-31 is before 2026-04-01, the day of the last document'],
    ['2026-05-03', { today: '2026-04-01' }, '2026-05-03 is more than 31 days after today, 2026-04-01'],
  ])('nor on %s', (issueDate, more, told) => {
    expect(approved().issues({}, { issueDate, isDateStated: true, ...more })).toContain(told);
  });

  it('is approved by another person than who drafted it, where the organisation wants that', () => {
    const events: AccountEvent[] = [];
    const send = (command: AccountCommand, id: string) => {
      const decision = account.decide({ ...command, ...by, by: { id, role: 'accounts' } }, fold(account, events));
      if (!isRefusal(decision)) events.push(...decision);
      return isRefusal(decision) ? decision.code : decision.length;
    };
    const of = { clientId: 'cli-1', period: '2026-03', issueDate: '2026-04-01', isDateStated: false, ...FACTS };
    expect(send({ type: 'DraftInvoice', invoiceId: 'inv-1', ...of }, 'anna')).toBe(3);
    const approve = { type: 'ApproveInvoice', invoiceId: 'inv-1', related: null } as const;
    const two = { draftApproval: 'another-person' } as const;
    expect(send({ ...approve, configuration: two }, 'anna')).toBe('OwnDraft');
    const related = refuse('KeyedByRequester', 'anna made a key of bo.', 'Ask another person.');
    expect(send({ ...approve, configuration: {}, related }, 'anna')).toBe(1);
    events.pop();
    expect(send({ ...approve, configuration: two, related }, 'bo')).toBe('KeyedByRequester');
    expect(send({ ...approve, configuration: two }, 'bo')).toBe(1);
    expect(send({ ...approve, configuration: two, related }, 'bo')).toBe(0);
    // A draft of before does not say who drafted it.
    const [drafted, ...lines] = events as [InvoiceDrafted, ...AccountEvent[]];
    const { draftedBy: _, ...unsaid } = drafted.data;
    events.splice(0, events.length, { ...drafted, data: unsaid }, ...lines.slice(0, 2));
    const refused = account.decide({ ...approve, configuration: two, ...by }, fold(account, events));
    expect(refused).toMatchObject({
      code: 'OwnDraft',
      remedy: expect.stringMatching(/^Discard it and draft it again/),
    });
    expect(send({ ...approve, configuration: {} }, 'bo')).toBe(1);
  });
});

describe('what the lines of a draft come to now', () => {
  const { comesTo } = approved();

  it('is stated in the currency that they are in by now, each by itself: no line counts for nothing', () => {
    expect(comesTo({})).toEqual(['350.00 AUD']);
    expect(comesTo({ items: [inDollars(hour), inDollars(other)], charges: [inDollars(fee)] })).toEqual(['350.00 USD']);
    expect(comesTo({ items: [inDollars(hour), other] })).toEqual(['200.00 AUD', '150.00 USD']);
  });

  it('is nothing, in the currency of the draft, where all of them are gone', () =>
    expect(comesTo({ items: [], charges: [] })).toEqual(['0.00 AUD']));
});
