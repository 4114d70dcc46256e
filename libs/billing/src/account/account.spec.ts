import { describe, expect, it } from '@jest/globals';
import { type Issued, addDays, fold, isRefusal } from '@billtrail/kernel';
import { spec } from '@billtrail/kernel/testing';
import type { ExplainedItem } from '../item/billable-item.js';
import type { AccountEvent, InvoiceDrafted, TaxTotal, Totals } from '../events.js';
import { RATING_VERSION } from '../rating-version.js';
import { rateExplained as rate } from '../rate.js';
import { aud } from '../testing/items.js';
import { BY_ANYONE, CONFIGURATION, contractFacts, facts, material, only, terms, time } from '../testing/facts.js';
import { account } from './account.js';
import type { AccountCommand, DraftInvoice, RequestInvoiceIssue, WriteOffWork } from './commands.js';
import { NO_DOCUMENT_TERMS, draftHash } from './document.js';
import {
  MAX_LINES_PER_EVENT,
  MAX_LINES_PER_INVOICE,
  MAX_LINE_CHARACTERS_PER_EVENT,
  chunksOf,
  draftableItems,
  frozenOf,
  lineOf,
} from './lines.js';

const issued: Issued = { at: '2026-04-01T00:00:00Z', by: { id: 'acc-1', role: 'accounts' } };
const items = rate(facts([time(), material()])).items;
const [labour, cable] = items as [ExplainedItem, ExplainedItem];
const lineFor = (item: ExplainedItem) => {
  const line = lineOf(item);
  if (line === null) throw new Error('no line');
  return line;
};

const CLIENT = { name: 'Bluegum Dental', taxId: null, address: null, taxExemption: null };
const draft = (changes: Partial<DraftInvoice> = {}): DraftInvoice & Issued => ({
  type: 'DraftInvoice',
  issueDate: '2026-04-01',
  isDateStated: false,
  invoiceId: 'inv-1',
  clientId: 'cli-1',
  period: '2026-03',
  items,
  configuration: CONFIGURATION,
  client: CLIENT,
  ...issued,
  ...changes,
});
const TOTALS: Totals = {
  taxTotals: [
    {
      taxCategory: 'GST',
      rate: '10',
      net: aud('195.00'),
      tax: aud('19.50'),
      treatment: 'taxable',
      code: 'S',
      reason: null,
    },
  ],
  net: aud('195.00'),
  tax: aud('19.50'),
  total: aud('214.50'),
};
const SELLER = { name: 'Example MSP', taxId: '96 999 111 222', address: '1 Example Street, Sydney NSW 2000' };
const BUYER = { name: 'Bluegum Dental', taxId: null, address: null };
const CONTENT = { ...NO_DOCUMENT_TERMS, buyer: BUYER, seller: SELLER, totals: TOTALS };
const drafted: InvoiceDrafted = {
  type: 'InvoiceDrafted',
  data: {
    invoiceId: 'inv-1',
    clientId: 'cli-1',
    period: '2026-03',
    currency: 'AUD',
    recipientId: 'cli-1',
    ...CONTENT,
    draftedBy: 'acc-1',
    ratedAt: issued.at,
    ratingVersion: RATING_VERSION,
    hash: draftHash({ ...CONTENT, lines: [labour, cable].map(lineFor), charges: [] }),
  },
  occurredAt: issued.at,
};
/** Of schema version 1, which said nothing of its tax: nothing was approved that could differ. */
/** Of schema version 1, which said nothing of the tax. */
const untotalled: InvoiceDrafted = { ...drafted, data: { ...drafted.data, totals: null, hash: null } };
const linesAdded = (...lines: ExplainedItem[]): AccountEvent => ({
  type: 'InvoiceLinesAdded',
  data: { invoiceId: 'inv-1', lines: lines.map(lineFor) },
  occurredAt: issued.at,
});
const approved: AccountEvent = {
  type: 'InvoiceApproved',
  data: { invoiceId: 'inv-1', approvedBy: 'acc-1', hash: drafted.data.hash },
  occurredAt: issued.at,
};
const discarded: AccountEvent = {
  type: 'InvoiceDraftDiscarded',
  data: { invoiceId: 'inv-1', reason: 'wrong period' },
  occurredAt: issued.at,
};
const issueRequested: AccountEvent = {
  type: 'InvoiceIssueRequested',
  data: {
    invoiceId: 'inv-1',
    issueDate: '2026-04-01',
    series: 'INV',
    seller: SELLER,
    buyer: BUYER,
    taxExemption: null,
    ...NO_DOCUMENT_TERMS,
    ...TOTALS,
  },
  occurredAt: issued.at,
};
const invoiceIssued: AccountEvent = {
  type: 'InvoiceIssued',
  data: { invoiceId: 'inv-1', number: 'INV-000001', numberInSeries: 1, series: 'INV' },
  occurredAt: issued.at,
};
const writtenOff: AccountEvent = {
  type: 'WorkWrittenOff',
  data: {
    ...frozenOf(labour),
    reasonCode: 'goodwill',
    comment: 'agreed by phone',
    writtenOffBy: 'acc-1',
    secondPerson: null,
  },
  occurredAt: issued.at,
};

const given = (...events: AccountEvent[]) => spec(account).given(...events);
const draftOfBoth = [drafted, linesAdded(labour, cable)] as const;

describe('DraftInvoice', () => {
  it('claims the items as lines', () =>
    given()
      .when(draft())
      .then(...draftOfBoth));
  it('is quiet on repeat, also once approved or issued', () => {
    given(...draftOfBoth)
      .when(draft())
      .thenNothing();
    given(...draftOfBoth, approved, issueRequested, invoiceIssued)
      .when(draft({ items: [cable, labour] }))
      .thenNothing();
  });
  it('refuses an id in use, and what is not on offer any more', () => {
    given(...draftOfBoth)
      .when(draft({ items: [labour, cable, { ...labour, itemId: 'w-9' }] }))
      .thenRefused('InvoiceIdTaken');
    given(...draftOfBoth)
      .when(draft({ items: [labour] }))
      .thenRefused('DraftStale');
    given(...draftOfBoth, discarded)
      .when(draft())
      .thenRefused('InvoiceIdTaken');
  });
  it('refuses nothing', () =>
    given()
      .when(draft({ items: [] }))
      .thenRefused('NothingToBill'));
  it.each<[string, ExplainedItem]>([
    ['covered', { ...labour, disposition: 'covered' }],
    ['without a price', { ...labour, disposition: 'unpriced', net: null }],
    ['unapproved', { ...labour, approval: 'unapproved' }],
    ['rejected', { ...labour, approval: 'rejected' }],
    ['of another client', { ...labour, clientId: 'cli-2' }],
    ['of another period', { ...labour, period: '2026-02' }],
    ['named twice', cable],
  ])('refuses an item that is %s', (_case, item) =>
    given()
      .when(draft({ items: [cable, item] }))
      .thenRefused('ItemNotDraftable'),
  );
  it('refuses what another draft claims, until that is discarded', () => {
    given(...draftOfBoth)
      .when(draft({ invoiceId: 'inv-2' }))
      .thenRefused('ItemAlreadyClaimed');
    given(...draftOfBoth, discarded)
      .when(draft({ invoiceId: 'inv-2' }))
      .thenLike({ type: 'InvoiceDrafted' }, { type: 'InvoiceLinesAdded' });
  });
  it('refuses what is on an invoice from the moment its issue is requested', () => {
    given(...draftOfBoth, approved, issueRequested)
      .when(draft({ invoiceId: 'inv-2' }))
      .thenRefused('ItemAlreadyInvoiced');
    given(...draftOfBoth, approved, issueRequested, invoiceIssued)
      .when(draft({ invoiceId: 'inv-2' }))
      .thenRefused('ItemAlreadyInvoiced');
  });
  it('refuses what was written off', () => given(writtenOff).when(draft()).thenRefused('ItemWrittenOff'));
  const usd = (amount: string) => ({ amount, currency: 'USD' });
  it('refuses two currencies', () =>
    given()
      .when(draft({ items: [labour, { ...cable, unitPrice: usd('15.00'), net: usd('45.00') }] }))
      .thenRefused('MixedCurrency'));

  const many = (count: number): ExplainedItem[] =>
    Array.from({ length: count }, (_, index) => ({ ...cable, itemId: `m-${index}`, trace: [] }));
  it('splits long drafts into events, and refuses one line too many', () => {
    const decision = account.decide(draft({ items: many(MAX_LINES_PER_INVOICE) }), account.initialState);
    if (isRefusal(decision)) throw new Error(decision.message);
    const counts = decision.flatMap((event) => (event.type === 'InvoiceLinesAdded' ? [event.data.lines.length] : []));
    expect(counts).toEqual(
      Array.from({ length: MAX_LINES_PER_INVOICE / MAX_LINES_PER_EVENT }, () => MAX_LINES_PER_EVENT),
    );
    expect(fold(account, decision).claimed.size).toBe(MAX_LINES_PER_INVOICE);
    given()
      .when(draft({ items: many(MAX_LINES_PER_INVOICE + 1) }))
      .thenRefused('TooManyLines');
  });
  it('keeps an event of long lines short of the limit of the store', () => {
    const long = many(5).map((item) => ({ ...item, description: 'x'.repeat(MAX_LINE_CHARACTERS_PER_EVENT / 2) }));
    expect(chunksOf(long.map(lineFor)).map((chunk) => chunk.length)).toEqual([1, 1, 1, 1, 1]);
    expect(chunksOf([])).toEqual([]);
    const tooLong = many(2).map((item) => ({ ...item, description: 'x'.repeat(MAX_LINE_CHARACTERS_PER_EVENT) }));
    expect(chunksOf(tooLong).map((chunk) => chunk.length)).toEqual([1, 1]);
  });
  it('fills an event up to its limit of characters', () => {
    const half = MAX_LINE_CHARACTERS_PER_EVENT / 2;
    // `{"a":""}` has eight characters.
    const lines = (...lengths: readonly number[]) => lengths.map((length) => ({ a: 'x'.repeat(length - 8) }));
    expect(chunksOf(lines(half, half, half)).map((chunk) => chunk.length)).toEqual([2, 1]);
    expect(chunksOf(lines(half, half + 1, half - 1)).map((chunk) => chunk.length)).toEqual([1, 2]);
  });
  it('draftable is what is billable and waits for nobody', () => {
    const work = [
      time({ workItemId: 'a' }),
      time({ workItemId: 'b', approval: 'unapproved' }),
      time({ workItemId: 'c', approval: 'rejected' }),
      time({ workItemId: 'd', workType: 'onsite' }),
      material(),
    ];
    const all = rate(facts(work, { claimed: new Map([['m-1', 'inv-9']]) })).items;
    expect(draftableItems(all).map((item) => item.itemId)).toEqual(['a']);
  });
});

describe('a covered part that a live document shows', () => {
  const line = (itemId: string, changes: Partial<ExplainedItem>): ExplainedItem => ({
    ...labour,
    itemId,
    workItemId: 'w-1',
    ...changes,
  });
  const zero = { amount: '0.00', currency: 'AUD' };
  const draw = {
    source: { from: 'block', contractId: 'con-1', blockId: 'b-1' },
    itemId: 'w-1@p1',
    workItemId: 'w-1',
    workDate: '2026-03-10',
    amount: { unit: 'minutes', minutes: 30 },
    frozen: false,
  } as const;
  const covered = line('w-1@p1', { disposition: 'covered', net: zero, unitPrice: zero, draw });
  const overage = line('w-1@p2', {});
  const later = line('w-1@p3', {});
  const first = draft({ items: [covered, overage] });

  it('is offered to a second draft of the period by the items, and simply not taken by it', () => {
    const second = draftableItems([covered, { ...overage, disposition: 'claimed', invoiceId: 'inv-1' }, later]);
    expect(second.map(({ itemId }) => itemId)).toEqual(['w-1@p1', 'w-1@p3']);
    const one = account.decide(first, account.initialState);
    if (isRefusal(one)) throw new Error(one.message);
    const state = fold(account, one);
    const two = account.decide(draft({ invoiceId: 'inv-2', items: second }), state);
    expect(two).toMatchObject([
      { type: 'InvoiceDrafted', data: { invoiceId: 'inv-2' } },
      { data: { lines: [{ itemId: 'w-1@p3' }] } },
    ]);
    const issuedFirst = [...one, approved, issueRequested, invoiceIssued];
    given(...issuedFirst)
      .when(draft({ invoiceId: 'inv-2', items: second }))
      .thenLike({ type: 'InvoiceDrafted' }, { data: { lines: [{ itemId: 'w-1@p3' }] } });
  });

  it('is taken again once the draft that shows it is discarded; alone it makes no draft', () => {
    const one = account.decide(first, account.initialState);
    if (isRefusal(one)) throw new Error(one.message);
    given(...one, discarded)
      .when(draft({ invoiceId: 'inv-2', items: [covered, later] }))
      .thenLike({ type: 'InvoiceDrafted' }, { data: { lines: [{ itemId: 'w-1@p1' }, { itemId: 'w-1@p3' }] } });
    given(...one)
      .when(draft({ invoiceId: 'inv-2', items: [covered] }))
      .thenRefused('NothingToBill');
  });
  it('is told on which draft the rest waits', () => {
    const one = account.decide(first, account.initialState);
    if (isRefusal(one)) throw new Error(one.message);
    const state = fold(account, one);
    expect(account.decide(draft({ invoiceId: 'inv-2', items: [] }), state)).toMatchObject({
      code: 'NothingToBill',
      message: 'Client cli-1 has nothing to bill in 2026-03.',
      remedy: expect.stringMatching(/^What is on draft inv-1 waits there: .* POST \/v1\/invoices\/inv-1\/discard/),
      details: { invoiceIds: ['inv-1'] },
    });
  });
});

describe('DiscardDraft', () => {
  const discard = { type: 'DiscardDraft', invoiceId: 'inv-1', reason: 'wrong period', ...issued } as const;
  it('gives the items free, approved or not', () => {
    given(...draftOfBoth)
      .when(discard)
      .then(discarded);
    given(...draftOfBoth, approved)
      .when(discard)
      .then(discarded);
    expect(given(...draftOfBoth, discarded).state.claimed.size).toBe(0);
  });
  it('is quiet on repeat', () =>
    given(...draftOfBoth, discarded)
      .when(discard)
      .thenNothing());
  it('refuses an unknown draft', () => given().when(discard).thenRefused('InvoiceUnknown'));
  it('names the invoice that is not there, or was discarded', () => {
    const answer = (command: AccountCommand, ...events: readonly AccountEvent[]) =>
      account.decide({ ...command, ...issued }, fold(account, events));
    const approve = { type: 'ApproveInvoice', invoiceId: 'inv-1', ...BY_ANYONE } as const;
    expect(answer(discard)).toMatchObject({ code: 'InvoiceUnknown', details: { invoiceId: 'inv-1' } });
    expect(answer(approve, ...draftOfBoth, discarded)).toMatchObject({
      code: 'InvoiceDiscarded',
      details: { invoiceId: 'inv-1' },
    });
  });
  it('refuses an invoice whose issue was requested', () =>
    given(...draftOfBoth, approved, issueRequested)
      .when(discard)
      .thenRefused('InvoiceLocked'));
  it('refuses to do it without a reason', () =>
    given(...draftOfBoth)
      .when({ ...discard, reason: ' ' })
      .thenRefused('ReasonMissing'));
});

describe('ApproveInvoice', () => {
  const approve = { type: 'ApproveInvoice', invoiceId: 'inv-1', ...BY_ANYONE, ...issued } as const;
  it('approves', () =>
    given(...draftOfBoth)
      .when(approve)
      .then(approved));
  it('is quiet on repeat', () => {
    given(...draftOfBoth, approved)
      .when(approve)
      .thenNothing();
    given(...draftOfBoth, approved, issueRequested, invoiceIssued)
      .when(approve)
      .thenNothing();
  });
  it('refuses an unknown or a discarded draft', () => {
    given().when(approve).thenRefused('InvoiceUnknown');
    given(...draftOfBoth, discarded)
      .when(approve)
      .thenRefused('InvoiceDiscarded');
  });
});

describe('RequestInvoiceIssue', () => {
  const request = (changes: Partial<RequestInvoiceIssue> = {}): RequestInvoiceIssue & Issued => ({
    type: 'RequestInvoiceIssue',
    invoiceId: 'inv-1',
    issueDate: '2026-04-01',
    items,
    configuration: CONFIGURATION,
    client: CLIENT,
    ...issued,
    ...changes,
  });
  const claimed = rate(
    facts([time(), material()], {
      claimed: new Map([
        ['w-1', 'inv-1'],
        ['m-1', 'inv-1'],
      ]),
    }),
  ).items;

  it('locks the invoice with its totals', () => {
    given(...draftOfBoth, approved)
      .when(request())
      .then(issueRequested);
    given(...draftOfBoth, approved)
      .when(request({ items: claimed }))
      .then(issueRequested);
  });
  it('refuses before the organisation has a name', () => {
    const configuration = { ...CONFIGURATION, organisation: { ...CONFIGURATION.organisation, name: null } };
    given(...draftOfBoth, approved)
      .when(request({ configuration }))
      .thenRefused('OrganisationUnnamed');
  });
  it('is quiet on repeat', () => {
    given(...draftOfBoth, approved, issueRequested)
      .when(request({ items: [] }))
      .thenNothing();
    given(...draftOfBoth, approved, issueRequested, invoiceIssued)
      .when(request({ items: [] }))
      .thenNothing();
  });
  it('refuses what is no approved draft', () => {
    given().when(request()).thenRefused('InvoiceUnknown');
    given(...draftOfBoth)
      .when(request())
      .thenRefused('InvoiceNotApproved');
    given(...draftOfBoth, discarded)
      .when(request())
      .thenRefused('InvoiceDiscarded');
    for (const issueDate of ['2026-04-31', '1989-12-31', '2101-01-01'])
      given(...draftOfBoth, approved)
        .when(request({ issueDate }))
        .thenRefused('IssueDateMalformed');
  });
  it.each<[string, readonly ExplainedItem[], object]>([
    [
      'is gone',
      [cable],
      { itemId: 'w-1', difference: 'gone', fields: { disposition: { drafted: 'claimed', now: 'absent' } } },
    ],
    [
      'is covered now',
      [{ ...labour, disposition: 'covered' }, cable],
      { difference: 'gone', fields: { disposition: { now: 'covered' } } },
    ],
    [
      'is claimed by another',
      [{ ...labour, disposition: 'claimed', invoiceId: 'inv-2' }, cable],
      { difference: 'gone' },
    ],
    [
      'was corrected',
      rate(facts([time({ minutes: 90 }), material()])).items,
      { difference: 'changed', fields: { net: { drafted: { amount: '150.00' }, now: { amount: '225.00' } } } },
    ],
    [
      'awaits approval again',
      [{ ...labour, approval: 'unapproved' }, cable],
      { difference: 'changed', fields: { approval: { drafted: 'approved', now: 'unapproved' } } },
    ],
    [
      'was corrected at the same price',
      [{ ...labour, sourceEventIds: ['ev-w-1', 'ev-corrected'] }, cable],
      { difference: 'changed', fields: { sourceEventIds: { drafted: ['ev-w-1'], now: ['ev-w-1', 'ev-corrected'] } } },
    ],
    [
      'has another contract version',
      [{ ...labour, contractVersion: 2 }, cable],
      { difference: 'changed', fields: { contractVersion: { drafted: 1, now: 2 } } },
    ],
  ])('refuses a stale draft with its differences: a line whose item %s', (_case, now, difference) => {
    const decision = account.decide(request({ items: now }), given(...draftOfBoth, approved).state);
    if (!isRefusal(decision)) throw new Error('expected a refusal');
    expect(decision.code).toBe('DraftStale');
    expect(decision.details).toMatchObject({ differenceCount: 1, differences: [difference] });
  });
  it('does not mind new items that are not on it', () => {
    const more = rate(facts([time(), material(), time({ workItemId: 'w-2', position: 9 })])).items;
    given(...draftOfBoth, approved)
      .when(request({ items: more }))
      .thenLike({ type: 'InvoiceIssueRequested' });
  });

  it('R16: 1,487.40 at 10 % GST: 148.74, total 1,636.14; never the sum of rounded shares', () => {
    const nets = ['495.81', '495.83', '495.76'];
    const priced = nets.map((amount, index) => ({ ...cable, itemId: `m-${index}`, net: { amount, currency: 'AUD' } }));
    const events = [untotalled, linesAdded(...priced), approved];
    given(...events)
      .when(request({ items: priced }))
      .thenLike({
        data: {
          net: { amount: '1487.40' },
          tax: { amount: '148.74' },
          total: { amount: '1636.14' },
          taxTotals: [{ taxCategory: 'GST', rate: '10', net: { amount: '1487.40' } }],
        },
      });
  });
  it('takes tax once for each category, none for an exempt client, whose reason is frozen', () => {
    const mixed = [{ ...labour, taxCategory: 'GST-FREE' }, cable];
    const events = [untotalled, linesAdded(...mixed), approved];
    given(...events)
      .when(request({ items: mixed }))
      .thenLike({
        data: {
          taxTotals: [
            { taxCategory: 'GST', net: { amount: '45.00' }, tax: { amount: '4.50' } },
            { taxCategory: 'GST-FREE', net: { amount: '150.00' }, tax: { amount: '0.00' } },
          ],
          total: { amount: '199.50' },
        },
      });
    const client = { name: 'Bluegum Dental', taxId: null, address: null, taxExemption: 'export' };
    given(untotalled, ...draftOfBoth.slice(1), approved)
      .when(request({ client }))
      .thenLike({
        data: {
          taxExemption: 'export',
          tax: { amount: '0.00' },
          total: { amount: '195.00' },
          taxTotals: [{ taxCategory: 'GST', rate: '0' }],
        },
      });
  });
  it('refuses what was approved with another buyer or seller, and says the difference', () => {
    const client = { name: 'Bluegum Dental Group', taxId: '96 999 111 222', address: null, taxExemption: null };
    const organisation = { ...CONFIGURATION.organisation, taxId: '83 914 571 673' };
    const asked = request({ client, configuration: { ...CONFIGURATION, organisation } });
    expect(account.decide(asked, given(...draftOfBoth, approved).state)).toMatchObject({
      code: 'PartiesChanged',
      details: {
        differences: [
          { party: 'buyer', field: 'name', was: 'Bluegum Dental', is: 'Bluegum Dental Group' },
          { party: 'buyer', field: 'taxId', was: null, is: '96 999 111 222' },
          { party: 'seller', field: 'taxId', was: CONFIGURATION.organisation.taxId, is: '83 914 571 673' },
        ],
      },
    });
  });
  it('refuses what was approved with other tax, and says the difference (K15)', () => {
    const dated = [
      { from: '2020-01-01', rate: '10' },
      { from: '2026-04-02', rate: '12' },
    ];
    const configuration = { ...CONFIGURATION, taxRates: { GST: { rate: dated } } };
    given(...draftOfBoth, approved)
      .when(request({ configuration, issueDate: '2026-04-01' }))
      .thenLike({ type: 'InvoiceIssueRequested' });
    const later = account.decide(
      request({ configuration, issueDate: '2026-04-02' }),
      given(...draftOfBoth, approved).state,
    );
    expect(later).toMatchObject({
      code: 'TaxChanged',
      message:
        'Draft inv-1 was approved with 19.50 AUD of tax; issued on 2026-04-02 it would have 23.40, a difference of 3.90 AUD (GST 10 % on 195.00: 19.50, now GST 12 % on 195.00: 23.40).',
      details: { difference: aud('3.90') },
    });
    const exempt = { ...CLIENT, taxExemption: 'school' };
    given(...draftOfBoth, approved)
      .when(request({ client: exempt }))
      .thenRefused('TaxChanged');
  });
  it('refuses the same tax with another treatment, legal reason or rounding: nobody approved those', () => {
    const free = (treatment: 'gst-free' | 'export', legalReason: string) =>
      ({ ...CONFIGURATION, taxRates: { GST: { rate: '0', treatment, legalReason } } }) as const;
    const approvedUnder = (configuration: typeof CONFIGURATION) => {
      const before = account.decide(draft({ configuration }), account.initialState) as readonly AccountEvent[];
      const [yes] = account.decide(
        { type: 'ApproveInvoice', invoiceId: 'inv-1', ...BY_ANYONE, ...issued },
        given(...before).state,
      ) as readonly AccountEvent[];
      return given(...before, yes as AccountEvent);
    };
    const zeroRated = approvedUnder(free('gst-free', 'a'));
    zeroRated.when(request({ configuration: free('gst-free', 'a') })).thenLike({ type: 'InvoiceIssueRequested' });
    expect(account.decide(request({ configuration: free('export', 'b') }), zeroRated.state)).toMatchObject({
      code: 'TaxChanged',
      message: expect.stringContaining(
        '(GST 0 % on 195.00: 0.00, gst-free, a, now GST 0 % on 195.00: 0.00, export, b)',
      ),
    });
    zeroRated.when(request({ configuration: free('gst-free', 'b') })).thenRefused('TaxChanged');
    // 19.50 in all either way: 15.00 and 4.50.
    const taxed = approvedUnder(CONFIGURATION);
    expect(
      account.decide(request({ configuration: { ...CONFIGURATION, taxRounding: 'line' } }), taxed.state),
    ).toMatchObject({
      code: 'TaxChanged',
      message: expect.stringContaining('(rounded by document, now by line)'),
    });
  });
  it('takes the tax of a draft of before, which did not say its treatment', () => {
    const [total] = TOTALS.taxTotals;
    const { treatment: _, code: __, reason: ___, ...ofBefore } = total as TaxTotal;
    const old = { ...drafted, data: { ...drafted.data, totals: { ...TOTALS, taxTotals: [ofBefore] } } };
    given(old, ...draftOfBoth.slice(1), approved)
      .when(request())
      .thenLike({ type: 'InvoiceIssueRequested', data: { tax: aud('19.50') } });
  });
  it('refuses a day of issue far before the work, or far after today', () => {
    const on = (issueDate: string, configuration = CONFIGURATION) =>
      given(...draftOfBoth, approved).when(request({ issueDate, today: '2026-04-01', configuration }));
    const works = [labour, cable].map(({ workDate }) => workDate).sort();
    const last = works.at(-1) ?? '';
    on(addDays(last, -32)).thenRefused('IssueDateTooEarly');
    on(addDays(last, -31)).thenLike({ type: 'InvoiceIssueRequested' });
    on('2026-05-03').thenRefused('IssueDateTooLate');
    on('2026-05-02').thenLike({ type: 'InvoiceIssueRequested' });
    const strict = { ...CONFIGURATION, issueDates: { daysBeforeWork: 0, daysAhead: 0 } };
    on(addDays(last, -1), strict).thenRefused('IssueDateTooEarly');
    on('2026-04-02', strict).thenRefused('IssueDateTooLate');
    on('2026-04-01', strict).thenLike({ type: 'InvoiceIssueRequested' });
  });
  it('refuses an unknown tax category, also one named like a property of every object', () => {
    for (const taxCategory of ['VAT', 'constructor']) {
      const odd = [{ ...labour, taxCategory }];
      given(drafted, linesAdded(...odd), approved)
        .when(request({ items: odd }))
        .thenRefused('TaxCategoryUnknown');
    }
  });
  it('refuses a negative total, and takes a total of nothing', () => {
    const net = (amount: string) => [{ ...labour, net: { amount, currency: 'AUD' } }];
    given(untotalled, linesAdded(...net('-0.01')), approved)
      .when(request({ items: net('-0.01') }))
      .thenRefused('NegativeTotal');
    given(untotalled, linesAdded(...net('0.00')), approved)
      .when(request({ items: net('0.00') }))
      .thenLike({ data: { total: { amount: '0.00' } } });
  });
});

describe('WithdrawInvoiceIssue', () => {
  const withdraw = {
    type: 'WithdrawInvoiceIssue',
    invoiceId: 'inv-1',
    issueDate: '2026-04-01',
    seriesReached: '2026-04-02',
    ...issued,
  } as const;
  const withdrawn: AccountEvent = {
    type: 'InvoiceIssueWithdrawn',
    data: {
      invoiceId: 'inv-1',
      issueDate: '2026-04-01',
      series: 'INV',
      seriesReached: '2026-04-02',
      meantFor: drafted.data.issueDate ?? null,
    },
    occurredAt: issued.at,
  };
  it('makes it the approved draft again that it was', () => {
    given(...draftOfBoth, approved, issueRequested)
      .when(withdraw)
      .then(withdrawn);
    const before = fold(account, [...draftOfBoth, approved]);
    expect(fold(account, [...draftOfBoth, approved, issueRequested, withdrawn])).toEqual(before);
  });
  it('is quiet on repeat, where another issue was requested since, and where it was issued', () => {
    given(...draftOfBoth, approved, issueRequested, withdrawn)
      .when(withdraw)
      .thenNothing();
    given(...draftOfBoth, approved, issueRequested)
      .when({ ...withdraw, issueDate: '2026-03-31' })
      .thenNothing();
    given(...draftOfBoth, approved, issueRequested, invoiceIssued)
      .when(withdraw)
      .thenNothing();
    given().when(withdraw).thenRefused('InvoiceUnknown');
  });
});

describe('RecordInvoiceIssue', () => {
  const record = {
    type: 'RecordInvoiceIssue',
    invoiceId: 'inv-1',
    series: 'INV',
    numberInSeries: 1,
    number: 'INV-000001',
    ...issued,
  } as const;
  it('puts the number on it', () =>
    given(...draftOfBoth, approved, issueRequested)
      .when(record)
      .then(invoiceIssued));
  it('is quiet on repeat', () =>
    given(...draftOfBoth, approved, issueRequested, invoiceIssued)
      .when(record)
      .thenNothing());
  it('refuses an unknown invoice, one whose issue nobody requested, another number, another series', () => {
    given().when(record).thenRefused('InvoiceUnknown');
    given(...draftOfBoth, approved)
      .when(record)
      .thenRefused('IssueNotRequested');
    given(...draftOfBoth, approved, issueRequested, invoiceIssued)
      .when({ ...record, numberInSeries: 2 })
      .thenRefused('NumberConflict');
    given(...draftOfBoth, approved, issueRequested)
      .when({ ...record, series: 'INV2' })
      .thenRefused('NumberConflict');
  });
});

describe('WriteOffWork', () => {
  const writeOff = (changes: Partial<WriteOffWork> = {}): WriteOffWork & Issued => ({
    type: 'WriteOffWork',
    item: labour,
    reasonCode: 'goodwill',
    comment: 'agreed by phone',
    workBy: ['eng-1'],
    configuration: CONFIGURATION,
    ...issued,
    ...changes,
  });
  const unpriced = only(rate(facts([time({ minutes: 240 })], { contracts: [] })).items);

  it('freezes what is forgone', () => given().when(writeOff()).then(writtenOff));
  it('takes work without a price', () =>
    given()
      .when(writeOff({ item: { ...unpriced, actualMinutes: 60 } }))
      .thenLike({ data: { net: null } }));
  it('is quiet on repeat', () => given(writtenOff).when(writeOff()).thenNothing());
  it('refuses what is on an invoice or a draft', () => {
    given(...draftOfBoth)
      .when(writeOff())
      .thenRefused('ItemAlreadyClaimed');
    given(...draftOfBoth, approved, issueRequested)
      .when(writeOff())
      .thenRefused('ItemAlreadyInvoiced');
  });
  it('refuses what asks for nothing', () => {
    given()
      .when(writeOff({ item: { ...labour, disposition: 'covered' } }))
      .thenRefused('ItemNotWriteOffable');
    given()
      .when(writeOff({ item: { ...labour, net: { amount: '-1.00', currency: 'AUD' } } }))
      .thenRefused('ItemNotWriteOffable');
  });
  it('refuses it without reason code or comment', () => {
    given()
      .when(writeOff({ reasonCode: '' }))
      .thenRefused('ReasonMissing');
    given()
      .when(writeOff({ comment: ' ' }))
      .thenRefused('CommentMissing');
    given()
      .when(writeOff({ comment: 'x'.repeat(2_001) }))
      .thenRefused('CommentMissing');
  });
  it("refuses one's own work", () =>
    given()
      .when(writeOff({ workBy: ['eng-1', 'acc-1'] }))
      .thenRefused('OwnWork'));
  it('takes what is above every limit, and without a price: whether one person is enough is said by the verdict', () => {
    given()
      .when(writeOff({ item: { ...labour, net: { amount: '500.01', currency: 'USD' } } }))
      .thenLike({ type: 'WorkWrittenOff', data: { secondPerson: null } });
    given()
      .when(writeOff({ item: unpriced, configuration: { ...CONFIGURATION, assumedPricePerHour: null } }))
      .thenLike({ data: { net: null, secondPerson: null } });
  });
});

describe('the account and rating together', () => {
  it('a draft that a contract change made stale is refused, and a fresh one is taken', () => {
    const dearer = [
      contractFacts({ terms: terms({ labour: [{ workType: 'remote', engineerRole: null, pricePerHour: '160.00' }] }) }),
    ];
    const now = rate(
      facts([time(), material()], { contracts: dearer, claimed: given(...draftOfBoth, approved).state.claimed }),
    ).items;
    given(...draftOfBoth, approved)
      .when({
        type: 'RequestInvoiceIssue',
        invoiceId: 'inv-1',
        issueDate: '2026-04-01',
        items: now,
        configuration: CONFIGURATION,
        client: { name: 'B', taxId: null, address: null, taxExemption: null },
        ...issued,
      })
      .thenRefused('DraftStale');
    given(...draftOfBoth, approved, discarded)
      .when(draft({ invoiceId: 'inv-2', items: rate(facts([time(), material()], { contracts: dearer })).items }))
      .thenLike({ type: 'InvoiceDrafted' }, { type: 'InvoiceLinesAdded' });
  });
});
