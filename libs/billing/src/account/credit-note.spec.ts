import { describe, expect, it } from '@jest/globals';
import { sellerOfCredit } from './seller.js';
import fc from 'fast-check';
import { type Issued, Money, isRefusal } from '@billtrail/kernel';
import { spec } from '@billtrail/kernel/testing';
import type { ExplainedItem } from '../item/billable-item.js';
import type { AccountEvent, TaxTotal } from '../events.js';
import type { ChargeItem } from '../item/charge-item.js';
import { rateExplained as rate } from '../rate.js';
import { CONFIGURATION, asInvoiced, facts, material, only, time } from '../testing/facts.js';
import { draftedInvoice } from '../testing/documents.js';
import { aud, feeItem } from '../testing/items.js';
import { account } from './account.js';
import type { CreditAsked, RequestCreditNoteIssue } from './commands.js';
import { frozenChargeOf } from './charges.js';
import { NO_DOCUMENT_TERMS } from './document.js';
import type { Receiving } from './recipients.js';
import { MAX_LINES_PER_INVOICE, frozenOf, lineOf } from './lines.js';

const issued: Issued = { at: '2026-04-01T00:00:00Z', by: { id: 'acc-1', role: 'accounts' } };
const [labour, cable] = rate(facts([time(), material()])).items as [ExplainedItem, ExplainedItem];
const lineFor = (item: ExplainedItem) => {
  const line = lineOf(item);
  if (line === null) throw new Error('no line');
  return line;
};
const fee = feeItem('fee', '90.00');
const discount = feeItem('loyal', '-40.00');

const ASKED = {
  configuration: CONFIGURATION,
  client: { name: 'Bluegum Dental', taxId: null, address: null, taxExemption: null },
};
const party = { name: 'Example MSP', taxId: null, address: null };
const at = issued.at;

/** An invoice as it was issued, with the tax that its lines have at 10 percent, or at other rates. */
function invoice(
  lines: readonly ExplainedItem[],
  charges: readonly ChargeItem[] = [],
  rates: Readonly<Record<string, string>> = { GST: '10' },
): readonly AccountEvent[] {
  const all = [...lines.map(lineFor), ...charges];
  const taxTotals = [...new Set(all.map(({ taxCategory }) => taxCategory))].map((taxCategory): TaxTotal => {
    const nets = all.filter((one) => one.taxCategory === taxCategory).map(({ net }) => Money.from(net));
    const net = Money.sum(nets, 'AUD');
    const percent = rates[taxCategory] ?? '10';
    return { taxCategory, rate: percent, net: net.toJSON(), tax: net.times(percent).dividedBy(100).rounded().toJSON() };
  });
  const sum = (of: 'net' | 'tax') =>
    Money.sum(
      taxTotals.map((one) => Money.from(one[of])),
      'AUD',
    );
  const [net, tax] = [sum('net'), sum('tax')];
  const drafted = draftedInvoice({ invoiceId: 'inv-1', clientId: 'cli-1', period: '2026-03' });
  return [
    { type: 'InvoiceDrafted', data: drafted, occurredAt: at },
    {
      type: 'InvoiceLinesAdded',
      data: { invoiceId: 'inv-1', lines: lines.map(lineFor), charges: charges.map(frozenChargeOf) },
      occurredAt: at,
    },
    { type: 'InvoiceApproved', data: { invoiceId: 'inv-1', approvedBy: 'acc-1', hash: drafted.hash }, occurredAt: at },
    {
      type: 'InvoiceIssueRequested',
      data: {
        invoiceId: 'inv-1',
        issueDate: '2026-04-01',
        series: 'INV',
        seller: party,
        buyer: { ...party, name: 'Bluegum Dental' },
        taxExemption: null,
        ...NO_DOCUMENT_TERMS,
        taxTotals,
        net: net.toJSON(),
        tax: tax.toJSON(),
        total: net.plus(tax).toJSON(),
      },
      occurredAt: at,
    },
  ];
}
const numbered: AccountEvent = {
  type: 'InvoiceIssued',
  data: { invoiceId: 'inv-1', number: 'INV-000001', numberInSeries: 1, series: 'INV' },
  occurredAt: at,
};
const issuedInvoice = [...invoice([labour, cable], [fee]), numbered];

const request = (
  credits: readonly CreditAsked[],
  changes: Partial<RequestCreditNoteIssue> = {},
): RequestCreditNoteIssue & Issued => ({
  type: 'RequestCreditNoteIssue',
  creditNoteId: 'cn-1',
  invoiceId: 'inv-1',
  issueDate: '2026-04-02',
  credits,
  reasonCode: 'wrong-item',
  comment: 'agreed by phone',
  workBy: ['eng-1'],
  items: [],
  charges: [],
  configuration: CONFIGURATION,
  ...issued,
  ...changes,
});
const again = (itemId: string): CreditAsked => ({ itemId, outcome: 'bill-again' });
const forgo = (itemId: string, net?: string): CreditAsked => ({
  itemId,
  outcome: 'written-off',
  ...(net === undefined ? {} : { net: aud(net) }),
});
const settle = (itemId: string): CreditAsked => ({ itemId, outcome: 'corrected' });

const given = (...events: AccountEvent[]) => spec(account).given(...events);
/** The log after notes, each of which must be accepted, and issued. */
function after(events: readonly AccountEvent[], ...commands: (RequestCreditNoteIssue & Issued)[]): AccountEvent[] {
  let log = [...events];
  for (const command of commands) {
    log = requested(log, command);
    const { creditNoteId } = command;
    const number = { series: 'CN', number: `CN-${creditNoteId}`, numberInSeries: log.length };
    const decision = account.decide(
      { type: 'RecordCreditNoteIssue', creditNoteId, ...number, ...issued },
      given(...log).state,
    );
    if (isRefusal(decision)) throw new Error(`${decision.code}: ${decision.message}`);
    log.push(...decision);
  }
  return log;
}

/** The same, none of which has its verdict. */
function requested(events: readonly AccountEvent[], ...commands: (RequestCreditNoteIssue & Issued)[]): AccountEvent[] {
  const log = [...events];
  for (const command of commands) {
    const decision = account.decide(command, given(...log).state);
    if (isRefusal(decision)) throw new Error(`${decision.code}: ${decision.message}`);
    log.push(...decision);
  }
  return log;
}

describe('RequestCreditNoteIssue', () => {
  it('takes a line back with its tax, and freezes all that the document shows', () => {
    const decision = account.decide(request([again('w-1')]), given(...issuedInvoice).state);
    expect(decision).toEqual([
      {
        type: 'CreditNoteIssueRequested',
        data: {
          creditNoteId: 'cn-1',
          clientId: 'cli-1',
          period: '2026-03',
          currency: 'AUD',
          recipientId: 'cli-1',
          invoiceId: 'inv-1',
          invoiceNumber: 'INV-000001',
          issueDate: '2026-04-02',
          series: 'CN',
          seller: party,
          buyer: { ...party, name: 'Bluegum Dental' },
          taxExemption: null,
          ...NO_DOCUMENT_TERMS,
          taxTotals: [{ taxCategory: 'GST', rate: '10', net: aud('150.00'), tax: aud('15.00') }],
          net: aud('150.00'),
          tax: aud('15.00'),
          total: aud('165.00'),
          reasonCode: 'wrong-item',
          comment: 'agreed by phone',
          secondPerson: null,
        },
        occurredAt: at,
      },
      {
        type: 'CreditNoteLinesAdded',
        data: {
          creditNoteId: 'cn-1',
          invoiceId: 'inv-1',
          lines: [{ line: lineFor(labour), outcome: 'bill-again', net: aud('150.00'), isWhole: true }],
          charges: [],
        },
        occurredAt: at,
      },
    ]);
  });

  it('gives exactly the credited items free: they can be drafted again, all else stays invoiced', () => {
    const log = after(issuedInvoice, request([again('w-1'), again(fee.chargeItemId)]));
    const draft = {
      type: 'DraftInvoice',
      issueDate: '2026-04-01',
      ...ASKED,
      invoiceId: 'inv-2',
      clientId: 'cli-1',
      period: '2026-03',
      ...issued,
    } as const;
    given(...log)
      .when({ ...draft, items: [labour], charges: [fee] })
      .thenLike({ type: 'InvoiceDrafted' }, { type: 'InvoiceLinesAdded' }, { type: 'InvoiceLinesAdded' });
    given(...log)
      .when({ ...draft, items: [cable] })
      .thenRefused('ItemAlreadyInvoiced');
  });

  it('what is written off is on no draft again, work or charge', () => {
    const log = after(issuedInvoice, request([forgo('w-1'), forgo(fee.chargeItemId)]));
    const draft = {
      type: 'DraftInvoice',
      issueDate: '2026-04-01',
      ...ASKED,
      invoiceId: 'inv-2',
      clientId: 'cli-1',
      period: '2026-03',
      ...issued,
    } as const;
    given(...log)
      .when({ ...draft, items: [labour] })
      .thenRefused('ItemWrittenOff');
    given(...log)
      .when({ ...draft, items: [], charges: [fee] })
      .thenRefused('ItemAlreadyInvoiced');
  });

  it('is quiet on repeat, also with its number; refuses its id for anything else', () => {
    const asked = [again('w-1'), forgo('m-1', '5.00')];
    const log = after(issuedInvoice, request(asked));
    given(...log)
      .when(request(asked.toReversed()))
      .thenNothing();
    for (const other of [
      request([again('w-1')]),
      request([again('w-1'), forgo('m-1', '6.00')]),
      request(asked, { comment: 'another story' }),
      request(asked, { reasonCode: 'goodwill' }),
    ])
      given(...log)
        .when(other)
        .thenRefused('CreditNoteIdTaken');
  });

  it('refuses an invoice that is not there, is a draft, or has no number yet', () => {
    given()
      .when(request([again('w-1')]))
      .thenRefused('InvoiceUnknown');
    const events = invoice([labour]);
    for (const count of [2, 3, 4])
      given(...events.slice(0, count))
        .when(request([again('w-1')]))
        .thenRefused('InvoiceNotIssued');
  });

  it.each<[string, readonly CreditAsked[], string]>([
    ['nothing', [], 'NothingToCredit'],
    ['an item twice', [again('w-1'), forgo('w-1')], 'ItemNamedTwice'],
    ['an item of another invoice', [again('w-9')], 'ItemNotOnInvoice'],
    ['a correction that rating does not know', [settle('w-1@a1')], 'ItemNotOnInvoice'],
    ['a part to be billed again', [{ ...again('w-1'), net: aud('1.00') }], 'CreditMalformed'],
    ['a part of nothing', [forgo('w-1', '0.00')], 'CreditMalformed'],
    ['a part below nothing', [forgo('w-1', '-1.00')], 'CreditMalformed'],
    ['a part of a cent', [forgo('w-1', '0.005')], 'CreditMalformed'],
    ['a part in other money', [{ ...forgo('w-1'), net: { amount: '1.00', currency: 'USD' } }], 'CreditMalformed'],
    ['more than the line', [forgo('w-1', '150.01')], 'CreditAboveItem'],
  ])('refuses %s', (_case, credits, code) =>
    given(...issuedInvoice)
      .when(request(credits))
      .thenRefused(code),
  );

  it('refuses a day before that of its invoice, whatever the limits', () => {
    const configuration = { ...CONFIGURATION, issueDates: { daysBeforeWork: 366, daysAhead: 31 } };
    const on = (issueDate: string) => request([again('w-1')], { issueDate, configuration });
    expect(account.decide(on('2026-03-31'), given(...issuedInvoice).state)).toMatchObject({
      code: 'IssueDateTooEarly',
      message: '2026-03-31 is before 2026-04-01, the day of issue of invoice inv-1, which the document credits.',
      details: { earliest: '2026-04-01' },
    });
    given(...issuedInvoice)
      .when(on('2026-04-01'))
      .thenLike({ type: 'CreditNoteIssueRequested' }, { type: 'CreditNoteLinesAdded' });
  });

  it('refuses a day that is none, and more lines than a document has', () => {
    given(...issuedInvoice)
      .when(request([again('w-1')], { issueDate: '2026-04-31' }))
      .thenRefused('IssueDateMalformed');
    const many = (count: number) => Array.from({ length: count }, (_, index) => again(`w-${index}`));
    given(...issuedInvoice)
      .when(request(many(MAX_LINES_PER_INVOICE + 1)))
      .thenRefused('TooManyLines');
    given(...issuedInvoice)
      .when(request(many(MAX_LINES_PER_INVOICE)))
      .thenRefused('ItemNotOnInvoice');
  });

  it('refuses an item that was credited, whole or in parts until nothing is left', () => {
    const whole = after(issuedInvoice, request([again('w-1')]));
    const parts = after(
      issuedInvoice,
      request([forgo('w-1', '100.00')]),
      request([forgo('w-1', '50.00')], { creditNoteId: 'cn-2' }),
    );
    const forgone = after(issuedInvoice, request([forgo('w-1')]));
    for (const log of [whole, parts, forgone])
      for (const credit of [forgo('w-1'), forgo('w-1', '0.01')])
        given(...log)
          .when(request([credit], { creditNoteId: 'cn-3' }))
          .thenRefused('ItemAlreadyCredited');
    // What was written off stays so, and the work can be billed again less that, once.
    for (const log of [parts, forgone])
      given(...log)
        .when(request([again('w-1')], { creditNoteId: 'cn-3' }))
        .thenLike({ data: { net: aud('0.00') } }, { data: { lines: [{ net: aud('0.00'), isWhole: true }] } });
    for (const log of [whole, after(forgone, request([again('w-1')], { creditNoteId: 'cn-3' }))])
      given(...log)
        .when(request([again('w-1')], { creditNoteId: 'cn-4' }))
        .thenRefused('ItemAlreadyCredited');
  });

  it('a line of which a part was forgiven is billed again less that, or written off: 100.00 + 50.00; a charge is not', () => {
    const log = after(issuedInvoice, request([forgo('w-1', '100.00'), forgo(fee.chargeItemId, '0.01')]));
    given(...log)
      .when(request([again(fee.chargeItemId)], { creditNoteId: 'cn-2' }))
      .thenRefused('ItemForgivenInPart');
    given(...log)
      .when(request([again('w-1')], { creditNoteId: 'cn-2' }))
      .thenLike({ data: { net: aud('50.00') } }, { data: { lines: [{ net: aud('50.00'), isWhole: true }] } });
    given(...log)
      .when(request([forgo('w-1')], { creditNoteId: 'cn-2' }))
      .thenLike({ data: { net: aud('50.00') } }, { data: { lines: [{ net: aud('50.00'), isWhole: true }] } });
  });

  it('refuses to write off lines of 0.00 alone: the note would say nothing; such a line is billed again', () => {
    const free = { ...labour, net: aud('0.00'), unitPrice: aud('0.00') };
    const log = [...invoice([free, cable], []), numbered];
    given(...log)
      .when(request([forgo('w-1')]))
      .thenRefused('NothingToCredit');
    given(...log)
      .when(request([again('w-1')]))
      .thenLike({ data: { net: aud('0.00') } }, { data: { lines: [{ outcome: 'bill-again', isWhole: true }] } });
  });

  it('write-offs follow the rules of write-offs, over the note as a whole', () => {
    const dear = ['w-1', 'w-2'].map((itemId) => ({ ...labour, itemId, workItemId: itemId, net: aud('300.00') }));
    const log = [...invoice(dear), numbered];
    const both = dear.map(({ itemId }) => forgo(itemId));
    given(...log)
      .when(request(both))
      .thenLike({ type: 'CreditNoteIssueRequested', data: { secondPerson: null } }, { type: 'CreditNoteLinesAdded' });
    given(...log)
      .when(request(both, { workBy: ['acc-1'] }))
      .thenRefused('OwnWork');
    // Billed again it is not forgone, by whoever did it and at whatever value.
    given(...log)
      .when(request([again('w-1'), again('w-2')], { workBy: ['acc-1'] }))
      .thenLike({ data: { net: aud('600.00') } }, { type: 'CreditNoteLinesAdded' });
  });

  it('never gives the money of a block back alone: its hours could still be drawn', () => {
    const price = feeItem('b-1', '900.00', { kind: 'prepaid-block', chargeItemId: 'block' });
    const bought = [...invoice([labour], [price]), numbered];
    expect(account.decide(request([forgo('block')]), given(...bought).state)).toMatchObject({
      code: 'PrepaidBlockKeepsHours',
      message:
        "Item block is the price of prepaid block b-1: its money can't go back alone, its hours could still be drawn.",
      remedy: expect.stringContaining(
        'Return hours and money together: POST /v1/contracts/con-1/prepaid-blocks/b-1/return;',
      ),
      details: { itemId: 'block', contractId: 'con-1', blockId: 'b-1', isWithdrawn: false },
    });
    const withdrawn = (contractId: string, blockId: string) => [
      { contractId, withdrawnBlocks: [{ blockId }] } as unknown as NonNullable<
        RequestCreditNoteIssue['contracts']
      >[number],
    ];
    const asked = request([forgo('block')], { contracts: withdrawn('con-1', 'b-1') });
    expect(account.decide(asked, given(...bought).state)).toMatchObject({
      message:
        "Item block is the price of prepaid block b-1, which was withdrawn: what it keeps is the price of the hours that work drew, and can't go back without them.",
      remedy: expect.stringContaining('To give more back, void or correct the work that drew on it'),
      details: { isWithdrawn: true },
    });
    for (const contracts of [withdrawn('con-2', 'b-1'), withdrawn('con-1', 'b-2')])
      expect(account.decide(request([forgo('block')], { contracts }), given(...bought).state)).toMatchObject({
        details: { isWithdrawn: false },
      });
    given(...bought)
      .when(request([again('block')]))
      .thenLike({ data: { net: aud('900.00') } }, { type: 'CreditNoteLinesAdded' });
  });

  it('gives on an invoice what is owed to its recipient alone', () => {
    const owed = { ...labour, itemId: 'w-1@a1', net: aud('-75.00'), disposition: 'billable' } as const;
    const receiving: Receiving = {
      clientId: 'cli-1',
      billTo: 'bank',
      contracts: [],
      sites: [],
      siteOfTicket: new Map(),
      documents: new Map(),
      elsewhere: [],
      recipients: new Map(),
    };
    expect(
      account.decide(request([settle('w-1@a1')], { items: [owed], receiving }), given(...issuedInvoice).state),
    ).toMatchObject({
      code: 'OwedToAnother',
      message: 'Item w-1@a1 is owed to client bank, and invoice inv-1 went to client cli-1.',
      details: { itemId: 'w-1@a1', owedTo: 'bank', invoiceId: 'inv-1', recipientId: 'cli-1' },
    });
    given(...issuedInvoice)
      .when(request([settle('w-1@a1')], { items: [owed], receiving: { ...receiving, billTo: null } }))
      .thenLike({ data: { net: aud('75.00') } }, { type: 'CreditNoteLinesAdded' });
  });

  it('refuses to do it without a reason or a comment', () => {
    given(...issuedInvoice)
      .when(request([again('w-1')], { reasonCode: ' ' }))
      .thenRefused('ReasonMissing');
    given(...issuedInvoice)
      .when(request([again('w-1')], { comment: '' }))
      .thenRefused('CommentMissing');
  });
});

describe('who stands on a credit note', () => {
  const { organisation } = CONFIGURATION;
  const sample = { name: 'Example MSP', taxId: '51 824 753 556', address: '1 Example Street, Sydney NSW 2000' };

  it('the seller of its invoice, as it was there', () =>
    expect(sellerOfCredit({ ...party, name: 'As it was called then' }, organisation)).toEqual({
      ...party,
      name: 'As it was called then',
    }));
  it('the organisation of now, where the invoice named the sample of early versions', () =>
    expect(sellerOfCredit(sample, organisation)).toEqual({
      name: organisation.name,
      taxId: organisation.taxId,
      address: organisation.address,
    }));
  it('nobody before the organisation has a name', () =>
    expect(sellerOfCredit(party, { ...organisation, name: null })).toMatchObject({ code: 'OrganisationUnnamed' }));
});

describe('credits that are owed', () => {
  const shorter = time({ minutes: 30, sourceEventIds: ['ev-w-1', 'ev-w-1b'] });
  const owed = only(
    rate(facts([shorter], { invoiced: asInvoiced([labour]) })).items.filter(({ itemId }) => itemId === 'w-1@a1'),
  );

  it('an adjustment is settled where the invoice carries its work, and only once', () => {
    expect(owed.net).toEqual(aud('-75.00'));
    const log = after(issuedInvoice, request([settle('w-1@a1')], { items: [owed] }));
    expect(log.slice(-3, -1)).toMatchObject([
      { data: { net: aud('75.00'), tax: aud('7.50'), total: aud('82.50') } },
      { data: { lines: [{ line: { itemId: 'w-1@a1', net: aud('-75.00') }, outcome: 'corrected' }] } },
    ]);
    given(...log)
      .when(request([settle('w-1@a1')], { items: [owed], creditNoteId: 'cn-2' }))
      .thenRefused('ItemAlreadyInvoiced');
    given(...invoice([cable]), numbered)
      .when(request([settle('w-1@a1')], { items: [owed] }))
      .thenRefused('CreditAboveItem');
  });

  it('the line that it adjusted gives back no more than is left, and not its whole any more', () => {
    const log = after(issuedInvoice, request([settle('w-1@a1')], { items: [owed] }));
    const next = (...credits: CreditAsked[]) => request(credits, { creditNoteId: 'cn-2' });
    given(...log)
      .when(next(again('w-1')))
      .thenRefused('ItemAdjusted');
    given(...log)
      .when(next(forgo('w-1', '75.01')))
      .thenRefused('CreditAboveItem');
    given(...log)
      .when(next(forgo('w-1', '75.00')))
      .thenLike({ data: { net: aud('75.00') } }, { type: 'CreditNoteLinesAdded' });
    const credited = after(issuedInvoice, request([forgo('w-1', '100.00')]));
    given(...credited)
      .when(request([settle('w-1@a1')], { items: [owed], creditNoteId: 'cn-2' }))
      .thenRefused('CreditAboveItem');
    // In one note a line can't be billed again and its adjustment settled: what is billed again is rated with the correction.
    given(...issuedInvoice)
      .when(request([again('w-1'), settle('w-1@a1')], { items: [owed] }))
      .thenRefused('CreditAboveItem');
  });

  it('refuses what is not owed: claimed by a draft, positive, not to be billed yet', () => {
    const drafted = draftedInvoice({ invoiceId: 'inv-2', clientId: 'cli-1', period: '2026-03' });
    const claim: readonly AccountEvent[] = [
      { type: 'InvoiceDrafted', data: drafted, occurredAt: at },
      { type: 'InvoiceLinesAdded', data: { invoiceId: 'inv-2', lines: [lineFor(owed)] }, occurredAt: at },
    ];
    given(...issuedInvoice, ...claim)
      .when(request([settle('w-1@a1')], { items: [owed] }))
      .thenRefused('ItemAlreadyClaimed');
    for (const item of [
      { ...owed, net: aud('75.00') },
      { ...owed, disposition: 'written-off' as const },
      { ...owed, approval: 'rejected' as const },
    ])
      given(...issuedInvoice)
        .when(request([settle('w-1@a1')], { items: [item] }))
        .thenRefused('ItemNotCorrectable');
    for (const charge of [
      { ...discount, net: aud('40.00') },
      { ...discount, billableFrom: '2026-05-01' },
    ])
      given(...issuedInvoice)
        .when(request([settle(discount.chargeItemId)], { charges: [charge] }))
        .thenRefused('ItemNotCorrectable');
  });

  it('a discount or a service credit may stand on any invoice of the account; an adjusted charge on its own', () => {
    const log = after(issuedInvoice, request([settle(discount.chargeItemId)], { charges: [discount] }));
    expect(log.at(-2)).toMatchObject({ data: { charges: [{ net: aud('40.00'), outcome: 'corrected' }] } });
    given(...log)
      .when(request([settle(discount.chargeItemId)], { charges: [discount], creditNoteId: 'cn-2' }))
      .thenRefused('ItemAlreadyInvoiced');
    const less = { ...fee, chargeItemId: `${fee.chargeId}-a1`, net: aud('-30.00') };
    given(...issuedInvoice)
      .when(request([settle(less.chargeItemId)], { charges: [less] }))
      .thenLike({ data: { net: aud('30.00') } }, { data: { charges: [{ charge: { net: aud('-30.00') } }] } });
    given(...invoice([labour]), numbered)
      .when(request([settle(less.chargeItemId)], { charges: [less] }))
      .thenRefused('CreditAboveItem');
  });
});

describe('an invoice of schema version 1', () => {
  it('says a rate and no treatment; what is settled on it takes its tax and says which', () => {
    const less = { ...fee, chargeItemId: `${fee.chargeId}-a1`, net: aud('-30.00') };
    const log = after(issuedInvoice, request([settle(less.chargeItemId)], { charges: [less] }));
    expect(log.at(-3)).toMatchObject({
      data: { taxTotals: [{ taxCategory: 'GST', rate: '10', net: aud('30.00'), tax: aud('3.00') }] },
    });
    const givesBack = { documentId: 'inv-1', itemId: fee.chargeItemId };
    const taxes = [{ treatment: 'taxable', reason: null, net: aud('-30.00'), tax: aud('-3.00'), givesBack }];
    expect(log.at(-2)).toMatchObject({ data: { charges: [{ charge: { taxes } }] } });
    // 60.00 are left of the fee: 6.00.
    given(...log)
      .when(request([forgo(fee.chargeItemId, '60.00')], { creditNoteId: 'cn-2' }))
      .thenLike({ data: { tax: aud('6.00') } }, { type: 'CreditNoteLinesAdded' });
  });
});

describe('tax and the limits of credits', () => {
  const worth = (itemId: string, amount: string, taxCategory = 'GST'): ExplainedItem => ({
    ...labour,
    itemId,
    workItemId: itemId,
    net: aud(amount),
    taxCategory,
  });

  it('R13: invoice 200.00 at 25 %, credited 29/30: 193.33 + 48.33 = 241.66; the rest comes to the invoice, to the cent', () => {
    const events = [...invoice([worth('w-1', '200.00')], [], { GST: '25' }), numbered];
    const log = after(events, request([forgo('w-1', '193.33')]));
    expect(log.at(-3)).toMatchObject({ data: { net: aud('193.33'), tax: aud('48.33'), total: aud('241.66') } });
    given(...log)
      .when(request([forgo('w-1')], { creditNoteId: 'cn-2' }))
      .thenLike({ data: { net: aud('6.67'), tax: aud('1.67'), total: aud('8.34') } }, { type: 'CreditNoteLinesAdded' });
  });

  it('tax of the k-th note is that on all credited until then, less what was credited before', () => {
    const lines = ['a', 'b', 'c'].map((id) => worth(id, '0.05'));
    const events = [...invoice(lines), numbered];
    const log = after(events, ...lines.map(({ itemId }) => request([again(itemId)], { creditNoteId: `cn-${itemId}` })));
    const taxes = log.flatMap((event) => (event.type === 'CreditNoteIssueRequested' ? [event.data.tax.amount] : []));
    expect(taxes).toEqual(['0.01', '0.00', '0.01']);
  });

  it('a negative line is taken back beside the lines that it was taken off, never alone', () => {
    const events = [...invoice([worth('w-1', '300.00'), worth('w-2', '-150.00')]), numbered];
    given(...events)
      .when(request([again('w-1')]))
      .thenRefused('CreditAboveInvoice');
    given(...events)
      .when(request([again('w-2')]))
      .thenRefused('CreditAboveInvoice');
    given(...events)
      .when(request([forgo('w-2')]))
      .thenRefused('ItemNotWriteOffable');
    given(...events)
      .when(request([again('w-1'), again('w-2')]))
      .thenLike({ data: { net: aud('150.00'), tax: aud('15.00') } }, { type: 'CreditNoteLinesAdded' });
  });

  it('refuses a note that asks for money, one above the whole of the invoice, and one of a tax that is not on it', () => {
    const events = [...invoice([worth('w-1', '200.00'), worth('w-2', '-50.00', 'FREE')], [], { FREE: '0' }), numbered];
    given(...events)
      .when(request([again('w-2')]))
      .thenRefused('CreditNegative');
    expect(account.decide(request([again('w-2')]), given(...events).state)).toMatchObject({
      details: { invoiceId: 'inv-1', net: aud('-50.00'), total: aud('-50.00') },
    });
    given(...events)
      .when(request([again('w-1')]))
      .thenRefused('CreditAboveInvoice');
    given(...issuedInvoice)
      .when(request([settle(discount.chargeItemId)], { charges: [{ ...discount, taxCategory: 'FREE' }] }))
      .thenRefused('TaxCategoryNotOnInvoice');
  });

  it('L5: whatever is credited in whatever parts, tax and nets of all notes never pass the invoice, and the whole comes to it', () => {
    const cents = fc.integer({ min: 1, max: 5_000 });
    const property = fc.property(
      fc.array(fc.tuple(cents, fc.constantFrom('GST', 'VAT')), { minLength: 1, maxLength: 6 }),
      fc.array(fc.tuple(fc.nat(5), fc.integer({ min: 1, max: 100 })), { maxLength: 12 }),
      (nets, parts) => {
        const lines = nets.map(([net, category], index) => worth(`w-${index}`, (net / 100).toFixed(2), category));
        let log = [...invoice(lines, [], { GST: '10', VAT: '8.25' }), numbered];
        const wholes = lines.map(({ itemId }) => forgo(itemId));
        const asked = parts.map(([which, percent]) => {
          const [net] = nets[which % nets.length] ?? [1];
          return forgo(`w-${which % nets.length}`, (Math.max(Math.floor((net * percent) / 100), 1) / 100).toFixed(2));
        });
        [...asked, ...wholes].forEach((credit, index) => {
          const command = request([credit], { creditNoteId: `cn-${index}` });
          const decision = account.decide(command, given(...log).state);
          if (!isRefusal(decision)) log = after(log, command);
          else expect(['CreditAboveItem', 'ItemAlreadyCredited']).toContain(decision.code);
        });
        const notes = log.flatMap((event) => (event.type === 'CreditNoteIssueRequested' ? [event.data] : []));
        const [asIssued] = log.flatMap((event) => (event.type === 'InvoiceIssueRequested' ? [event.data] : []));
        const sum = (of: 'net' | 'tax') =>
          Money.sum(
            notes.map((note) => Money.from(note[of])),
            'AUD',
          ).toJSON();
        expect(notes.every((note) => !note.tax.amount.startsWith('-'))).toBe(true);
        expect([sum('net'), sum('tax')]).toEqual([asIssued?.net, asIssued?.tax]);
      },
    );
    fc.assert(property, { numRuns: 200 });
  });
});

describe('RecordCreditNoteIssue', () => {
  const record = {
    type: 'RecordCreditNoteIssue',
    creditNoteId: 'cn-1',
    series: 'CN',
    numberInSeries: 1,
    number: 'CN-000001',
    ...issued,
  } as const;
  const asked = () => requested(issuedInvoice, request([again('w-1')]));

  it('issues the note with its number and all that it shows', () =>
    given(...asked())
      .when(record)
      .thenLike({
        type: 'CreditNoteIssued',
        data: {
          number: 'CN-000001',
          numberInSeries: 1,
          series: 'CN',
          invoiceNumber: 'INV-000001',
          total: aud('165.00'),
        },
      }));
  it('is quiet on repeat; refuses another number, another series and a note that nobody asked for', () => {
    const [numberGiven] = account.decide(record, given(...asked()).state) as readonly [AccountEvent];
    given(...asked(), numberGiven)
      .when(record)
      .thenNothing();
    given(...asked(), numberGiven)
      .when({ ...record, numberInSeries: 2, number: 'CN-000002' })
      .thenRefused('NumberConflict');
    given(...asked())
      .when({ ...record, series: 'INV' })
      .thenRefused('NumberConflict');
    given().when(record).thenRefused('CreditNoteUnknown');
  });

  it('asserts that what it names is held as it was when the note was asked for (L3)', () => {
    const owed = rate(facts([time({ minutes: 30 })], { invoiced: asInvoiced([labour]) })).items;
    const adjustment = only(owed.filter(({ itemId }) => itemId === 'w-1@a1'));
    const settled = requested(issuedInvoice, request([settle('w-1@a1')], { items: [adjustment] }));
    const why = { reasonCode: 'goodwill', comment: 'agreed', writtenOffBy: 'acc-1', secondPerson: null };
    const data = { ...frozenOf(adjustment), ...why };
    expect(() =>
      account.decide(record, given(...settled, { type: 'WorkWrittenOff', data, occurredAt: at }).state),
    ).toThrow('credit note cn-1 has w-1@a1 as settled, which is held by a write-off');
    const freed = requested(issuedInvoice, request([again('w-1')], { comparedUpTo: '9' }));
    const { state } = given(...freed);
    expect(() => account.decide(record, { ...state, invoiced: new Map([['w-1', 'inv-2']]) })).toThrow(
      'credit note cn-1 has w-1 as freed, which is held by inv-2',
    );
    // In logs of before it was free from the request on, and may be billed again by now.
    const old = given(...asked()).state;
    expect(account.decide(record, { ...old, invoiced: new Map([['w-1', 'inv-2']]) })).toHaveLength(1);
  });

  it('bills again what was written off whole, and takes back charges', () => {
    const forgone = after(issuedInvoice, request([forgo('w-1')], { comparedUpTo: '9' }));
    const billed = { creditNoteId: 'cn-2', comparedUpTo: '10' };
    const log = after(forgone, request([again('w-1'), again(fee.chargeItemId)], billed));
    expect(log.at(-1)).toMatchObject({ type: 'CreditNoteIssued', data: { creditNoteId: 'cn-2' } });
    const { state } = given(...log);
    expect([state.writtenOff.size, state.invoicedCharges.size]).toEqual([0, 0]);
  });
});

describe('a credit note without its verdict', () => {
  const asked = () => requested(issuedInvoice, request([again('w-1'), forgo('m-1')]));
  const changed = { stream: 'ticket-T-1', eventId: 'ev-9' };
  const withdraw = { type: 'WithdrawCreditNoteIssue', creditNoteId: 'cn-1', changed, ...issued } as const;
  const ofDraft = { type: 'DraftInvoice', issueDate: '2026-04-01', ...ASKED, invoiceId: 'inv-2' } as const;
  const draft = { ...ofDraft, clientId: 'cli-1', period: '2026-03', items: [labour], ...issued } as const;

  it('takes nothing back, and holds up every other document of the account', () => {
    const { state } = given(...asked());
    expect(state.invoiced.get('w-1')).toBe('inv-1');
    expect(state.writtenOff.size).toBe(0);
    given(...asked())
      .when(draft)
      .thenRefused('DocumentUnderWay');
    given(...asked())
      .when(request([again(fee.chargeItemId)], { creditNoteId: 'cn-2' }))
      .thenRefused('DocumentUnderWay');
    const why = { reasonCode: 'goodwill', comment: 'agreed', workBy: [] } as const;
    given(...asked())
      .when({ type: 'WriteOffWork', item: labour, ...why, configuration: CONFIGURATION, ...issued })
      .thenRefused('DocumentUnderWay');
    given(...asked())
      .when(request([again('w-1'), forgo('m-1')]))
      .thenNothing();
  });

  it('is withdrawn without a trace: the same id may be asked for again, with the same lines', () => {
    const decision = account.decide(withdraw, given(...asked()).state) as readonly AccountEvent[];
    expect(decision).toEqual([
      {
        type: 'CreditNoteIssueWithdrawn',
        data: { creditNoteId: 'cn-1', invoiceId: 'inv-1', issueDate: '2026-04-02', changed },
        occurredAt: at,
      },
    ]);
    const log = [...asked(), ...decision];
    expect(given(...log).state).toEqual(given(...issuedInvoice).state);
    given(...log)
      .when(withdraw)
      .thenNothing();
    given(...log)
      .when(request([forgo('w-1')]))
      .thenLike({ type: 'CreditNoteIssueRequested' }, { type: 'CreditNoteLinesAdded' });
  });

  it('is not withdrawn once it is issued', () =>
    given(...after(issuedInvoice, request([again('w-1')])))
      .when(withdraw)
      .thenNothing());
});

describe('a write-off by credit', () => {
  it('freezes the line as it was invoiced', () => {
    const log = after(issuedInvoice, request([forgo('w-1')]));
    expect(given(...log).state.writtenOff.get('w-1')).toMatchObject(frozenOf(labour));
  });
});
