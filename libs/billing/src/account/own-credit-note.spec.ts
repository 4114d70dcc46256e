import { describe, expect, it } from '@jest/globals';
import { type Issued, fold, isRefusal } from '@billtrail/kernel';
import type { AccountEvent } from '../events.js';
import { CONFIGURATION } from '../testing/facts.js';
import { aud, feeItem, hourItem } from '../testing/items.js';
import { account } from './account.js';
import type { DraftInvoice, GiveCredits } from './commands.js';
import type { Receiving } from './recipients.js';

const issued: Issued = { at: '2026-04-01T00:00:00Z', by: { id: 'acc-1', role: 'accounts' } };
const CLIENT = { name: 'Bluegum Dental', taxId: null, address: null, taxExemption: null };
/** Half an hour that was billed too much, and a service credit: both owed. */
const less = hourItem('w-1@a1', { quantity: '-0.5', billableMinutes: -30, net: aud('-75.00') });
const breach = feeItem('late', '-50.00', { kind: 'service-credit', from: '2026-03-12', chargeItemId: 'late' });
const asked = hourItem('w-2', { workItemId: 'w-2' });
const fee = feeItem('fee', '90.00', { chargeItemId: 'fee' });

const give = (itemIds: readonly string[], changes: Partial<GiveCredits> = {}): GiveCredits & Issued => ({
  type: 'GiveCredits',
  creditNoteId: 'cn-1',
  clientId: 'cli-1',
  period: '2026-03',
  issueDate: '2026-04-02',
  itemIds,
  reasonCode: 'correction',
  comment: 'as agreed',
  items: [less, asked],
  charges: [breach, fee],
  configuration: CONFIGURATION,
  client: CLIENT,
  ...issued,
  ...changes,
});
const answer = (command: GiveCredits & Issued, before: readonly AccountEvent[] = []) =>
  account.decide(command, fold(account, before));
function given(command: GiveCredits & Issued): readonly AccountEvent[] {
  const decision = answer(command);
  if (isRefusal(decision)) throw new Error(`${decision.code}: ${decision.message}`);
  return decision;
}
/** The note has its number. */
function numbered(before: readonly AccountEvent[]): readonly AccountEvent[] {
  const number = { creditNoteId: 'cn-1', series: 'CN', number: 'CN-000001', numberInSeries: 1 };
  const decision = account.decide({ type: 'RecordCreditNoteIssue', ...number, ...issued }, fold(account, before));
  if (isRefusal(decision)) throw new Error(`${decision.code}: ${decision.message}`);
  return [...before, ...decision];
}
/** A draft that has one of the items. */
function drafted(changes: Partial<DraftInvoice>): readonly AccountEvent[] {
  const decision = account.decide(
    {
      type: 'DraftInvoice',
      invoiceId: 'inv-1',
      clientId: 'cli-1',
      period: '2026-03',
      issueDate: '2026-04-01',
      items: [],
      configuration: CONFIGURATION,
      client: CLIENT,
      ...issued,
      ...changes,
    },
    account.initialState,
  );
  if (isRefusal(decision)) throw new Error(decision.message);
  return decision;
}

const RECEIVING: Receiving = {
  clientId: 'cli-1',
  billTo: null,
  contracts: [{ contractId: 'con-2', versions: [{ versionNumber: 1, terms: { billTo: 'bank' } }] }],
  sites: [],
  siteOfTicket: new Map([['T-1', 'mall']]),
  documents: new Map(),
  elsewhere: [],
  recipients: new Map([['bank', { ...CLIENT, name: 'Bank', clientId: 'bank' }]]),
};

describe('a credit note of no invoice', () => {
  it('gives work and charges that are owed, with their tax, to the client', () => {
    const [requested, ...added] = given(give(['w-1@a1', 'late']));
    expect(requested).toMatchObject({
      type: 'CreditNoteIssueRequested',
      data: {
        creditNoteId: 'cn-1',
        invoiceId: null,
        invoiceNumber: null,
        recipientId: 'cli-1',
        currency: 'AUD',
        issueDate: '2026-04-02',
        buyer: { name: 'Bluegum Dental' },
        seller: { name: CONFIGURATION.organisation.name },
        taxRounding: 'document',
        taxTotals: [{ taxCategory: 'GST', rate: '10', net: aud('125.00'), tax: aud('12.50') }],
        net: aud('125.00'),
        tax: aud('12.50'),
        total: aud('137.50'),
        reasonCode: 'correction',
        comment: 'as agreed',
        secondPerson: null,
      },
    });
    expect(added).toMatchObject([
      {
        type: 'CreditNoteLinesAdded',
        data: {
          lines: [{ line: { itemId: 'w-1@a1', taxes: [] }, outcome: 'corrected', net: aud('75.00'), isWhole: true }],
          charges: [],
        },
      },
      {
        data: {
          lines: [],
          charges: [
            { charge: { chargeItemId: 'late', taxes: [] }, outcome: 'corrected', net: aud('50.00'), isWhole: true },
          ],
        },
      },
    ]);
  });

  it('states the tax of each line, work before charges, where the totals alone do not', () => {
    const configuration = { ...CONFIGURATION, taxRounding: 'line' } as const;
    const [, work, charges] = given(give(['late', 'w-1@a1'], { configuration }));
    expect(work).toMatchObject({ data: { lines: [{ line: { taxes: [{ net: aud('-75.00'), tax: aud('-7.50') }] } }] } });
    expect(charges).toMatchObject({
      data: { charges: [{ charge: { taxes: [{ net: aud('-50.00'), tax: aud('-5.00') }] } }] },
    });
  });

  it('gives each of several taxes back', () => {
    const taxes = [
      { name: 'GST', rate: '5' },
      { name: 'PST', rate: '7' },
    ];
    const configuration = { ...CONFIGURATION, taxRates: { GST: { taxes } } };
    expect(given(give(['late'], { configuration }))[0]).toMatchObject({
      data: {
        taxTotals: [{ tax: aud('6.00'), byName: [{ tax: aud('2.50') }, { tax: aud('3.50') }] }],
        tax: aud('6.00'),
      },
    });
  });

  it('is the same on repeat, with its day; another under its id is refused', () => {
    const before = given(give(['late', 'w-1@a1']));
    expect(answer(give(['w-1@a1', 'late']), before)).toEqual([]);
    expect(answer(give(['late']), before)).toMatchObject({ code: 'CreditNoteIdTaken' });
    expect(answer(give(['late', 'w-1@a1'], { comment: 'otherwise' }), before)).toMatchObject({
      code: 'CreditNoteIdTaken',
    });
    expect(answer(give(['late', 'w-1@a1'], { issueDate: '2026-04-03' }), before)).toMatchObject({
      code: 'IssueDateDiffers',
    });
  });
});

describe('what a credit note of no invoice can not give', () => {
  it('is nothing, the same twice, or what is supplied long after its day', () => {
    expect(answer(give([]))).toMatchObject({ code: 'NothingToCredit' });
    expect(answer(give(['late', 'late']))).toMatchObject({ code: 'ItemNamedTwice' });
    expect(answer(give(['w-1@a1'], { issueDate: '2026-02-06' }))).toMatchObject({ code: 'IssueDateTooEarly' });
    expect(isRefusal(answer(give(['w-1@a1'], { issueDate: '2026-02-07' })))).toBe(false);
    expect(answer(give(['late'], { issueDate: '2026-02-08' }))).toMatchObject({
      code: 'IssueDateTooEarly',
      details: { earliest: '2026-02-09' },
    });
  });

  it('is what is not owed: unknown, asked of the client, not due yet', () => {
    expect(answer(give(['w-9']))).toMatchObject({
      code: 'NotOwed',
      remedy:
        'Use the `itemId` of a billable item or the `chargeItemId` of a charge with a negative net: GET /v1/billable-items and GET /v1/charges of the period. Owed in this period: `itemId` w-1@a1, `chargeItemId` late.',
      details: { itemId: 'w-9' },
    });
    expect(answer(give(['w-2']))).toMatchObject({
      code: 'ItemNotCorrectable',
      message: 'Item w-2 is not a credit that is owed: it is billable at 150.00.',
    });
    expect(answer(give(['fee']))).toMatchObject({
      code: 'ItemNotCorrectable',
      message: 'Item fee is not a credit that is owed: it is billable at 90.00.',
    });
    const unpriced = { ...less, disposition: 'unpriced', net: null } as const;
    expect(answer(give(['w-1@a1'], { items: [unpriced] }))).toMatchObject({
      message: 'Item w-1@a1 is not a credit that is owed: it is unpriced at no price.',
    });
    const waiting = { ...less, approval: 'unapproved' } as const;
    expect(answer(give(['w-1@a1'], { items: [waiting] }))).toMatchObject({ code: 'ItemNotCorrectable' });
    const forgone = [
      { ...less, disposition: 'written-off' } as const,
      { ...breach, disposition: 'claimed', billableFrom: '2026-04-03' } as const,
    ] as const;
    expect(answer(give(['w-1@a1'], { items: [forgone[0]] }))).toMatchObject({ code: 'ItemNotCorrectable' });
    expect(answer(give(['late'], { charges: [forgone[1]] }))).toMatchObject({
      message: 'Item late is not a credit that is owed: it is claimed at -50.00.',
    });
    const later = { ...breach, billableFrom: '2026-04-03' };
    expect(answer(give(['late'], { charges: [later] }))).toMatchObject({
      message:
        'Item late is not a credit that is owed: it is owed from 2026-04-03 on, after the day of issue 2026-04-02.',
      remedy: 'Give a day of issue from 2026-04-03 on (`issueDate`).',
    });
    expect(isRefusal(answer(give(['late'], { charges: [later], issueDate: '2026-04-03' })))).toBe(false);
  });

  it('is what a document has: a draft is discarded first, and what was given is left out', () => {
    const draft = drafted({ items: [less, asked], charges: [breach] });
    for (const itemId of ['w-1@a1', 'late'])
      expect(answer(give([itemId]), draft)).toMatchObject({
        code: 'ItemAlreadyClaimed',
        remedy: 'Issue or discard that draft first.',
      });
    const before = numbered(given(give(['late', 'w-1@a1'])));
    for (const itemId of ['w-1@a1', 'late'])
      expect(answer(give([itemId], { creditNoteId: 'cn-2' }), before)).toMatchObject({
        code: 'ItemAlreadyInvoiced',
        message: `Item ${itemId} is on credit note cn-1.`,
        remedy: 'Leave it out: the client has it already, on that document. Nothing is owed in this period.',
      });
  });

  it('is given without a reason, of an organisation without a name, or without a rate of tax', () => {
    expect(answer(give(['late'], { reasonCode: '' }))).toMatchObject({ code: 'ReasonMissing' });
    expect(answer(give(['late'], { comment: ' ' }))).toMatchObject({ code: 'CommentMissing' });
    // Whoever did the work may give it: nothing is forgone.
    expect(isRefusal(answer({ ...give(['w-1@a1']), by: { id: 'eng-1', role: 'accounts' } }))).toBe(false);
    const reasonCodes = { writeOff: [{ code: 'correction', name: 'C' }], credit: [{ code: 'agreed', name: 'A' }] };
    const listed = { ...CONFIGURATION, reasonCodes } as unknown as GiveCredits['configuration'];
    expect(answer(give(['late'], { configuration: listed }))).toMatchObject({ code: 'ReasonCodeUnknown' });
    const unnamed = { ...CONFIGURATION, organisation: { ...CONFIGURATION.organisation, name: null } };
    expect(answer(give(['late'], { configuration: unnamed as unknown as GiveCredits['configuration'] }))).toMatchObject(
      {
        code: 'OrganisationUnnamed',
      },
    );
    expect(answer(give(['late'], { configuration: { ...CONFIGURATION, taxRates: {} } }))).toMatchObject({
      code: 'TaxCategoryUnknown',
    });
  });

  it('is of two currencies', () => {
    const money = { amount: '-10.00', currency: 'NZD' };
    const nzd = feeItem('nz', '-10.00', { net: money, unitPrice: money, chargeItemId: 'nz' });
    expect(answer(give(['nz', 'late'], { charges: [nzd, breach] }))).toMatchObject({
      code: 'MixedCurrency',
      message: 'The credits are in AUD and NZD; a credit note has one currency.',
      details: { currencies: ['AUD', 'NZD'] },
    });
    expect(given(give(['nz'], { charges: [nzd] }))[0]).toMatchObject({ data: { currency: 'NZD' } });
  });
});

describe('who a credit note of no invoice goes to', () => {
  const ofBank = feeItem('bank', '-20.00', { contractId: 'con-2', chargeItemId: 'bank', kind: 'discount' });
  const charges = [breach, ofBank];

  it('is the one who is owed it, with the site on its lines', () => {
    expect(given(give(['w-1@a1'], { receiving: RECEIVING }))).toMatchObject([
      { data: { recipientId: 'cli-1' } },
      { data: { lines: [{ line: { siteId: 'mall', billTo: null } }] } },
    ]);
    expect(given(give(['bank'], { charges, receiving: RECEIVING }))).toMatchObject([
      { data: { recipientId: 'bank', buyer: { name: 'Bank' } } },
      { data: { charges: [{ charge: { billTo: 'bank', servedClientId: 'cli-1' } }] } },
    ]);
    expect(given(give(['bank'], { charges }))[0]).toMatchObject({ data: { recipientId: 'cli-1' } });
  });

  it('is one: what is owed to two goes on two notes', () => {
    expect(answer(give(['late', 'w-1@a1', 'bank'], { charges, receiving: RECEIVING }))).toMatchObject({
      code: 'SeveralRecipients',
      message: 'The credits are owed to bank (bank) and cli-1 (w-1@a1, late); a credit note goes to one client.',
      details: {
        clientId: 'cli-1',
        period: '2026-03',
        recipients: [
          { recipientId: 'bank', items: ['bank'] },
          { recipientId: 'cli-1', items: ['w-1@a1', 'late'] },
        ],
      },
    });
  });

  it('is registered, and receives its own documents', () => {
    const unknown = { ...RECEIVING, recipients: new Map() };
    expect(answer(give(['bank'], { charges, receiving: unknown }))).toMatchObject({ code: 'BillToUnknown' });
    const bank = { ...CLIENT, clientId: 'bank', billTo: 'other' };
    const chained = { ...RECEIVING, recipients: new Map([['bank', bank]]) };
    expect(answer(give(['bank'], { charges, receiving: chained }))).toMatchObject({ code: 'BillToChained' });
  });
});
