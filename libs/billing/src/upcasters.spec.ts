import { describe, expect, it } from '@jest/globals';
import type { CreditNoteFacts, InvoiceApproved, InvoiceDrafted, InvoiceIssueRequested } from './events.js';
import { storedBillingEvents } from './events/stored.js';

/** As the store lifts it. The type says what the test expects of it. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters
function lifted<Data extends object>(type: string, data: object): Data {
  const entry = storedBillingEvents.find((one) => one.type === type);
  const upcaster = entry?.upcasters?.[1] as ((data: object) => Data) | undefined;
  if (entry?.schemaVersion !== 2 || upcaster === undefined) throw new Error(`${type} has no upcaster`);
  return upcaster(data);
}

const aud = (amount: string) => ({ amount, currency: 'AUD' });
const totals = { taxTotals: [], net: aud('100.00'), tax: aud('10.00'), total: aud('110.00') };
const party = { name: 'Bluegum Dental', taxId: null, address: null };
const line = {
  itemId: 'W1~1',
  workItemId: 'W1',
  ticketId: 'T1',
  kind: 'material',
  net: aud('100.00'),
  trace: [{ step: 'coverage', text: 'rule all', facts: { ruleId: 'all' } }],
};
const charge = {
  chargeItemId: 'K1:fee:2026-03-01-a1',
  chargeId: 'K1:fee:2026-03-01',
  kind: 'recurring',
  contractId: 'K1',
  from: '2026-03-01',
  ticketId: null,
  trace: [{ step: 'charge', text: 'fee', facts: { chargeTermId: 'fee' } }],
};
const NEW_LINE = { itemId: 'W1@p1', basis: { ruleId: 'all' }, standardValue: null, parts: [], creditOf: null };
const NEW_CHARGE = { chargeItemId: 'K1@fee@fee@2026-03-01@a1', basis: { termId: 'fee' }, parts: [], creditOf: null };

describe('billing events of schema version 1', () => {
  it('say of a draft that it has no totals, parties, time of rating and hash', () => {
    const data = { invoiceId: 'i-1', clientId: 'c-1', period: '2026-03', currency: 'AUD' };
    expect(lifted<InvoiceDrafted['data']>('InvoiceDrafted', data)).toEqual({
      ...data,
      taxRounding: 'document',
      dueDate: null,
      terms: null,
      buyer: null,
      seller: null,
      totals: null,
      ratedAt: null,
      ratingVersion: 1,
      hash: null,
    });
  });
  it('have lines and charges with a basis', () => {
    expect(lifted('InvoiceLinesAdded', { invoiceId: 'i-1', lines: [line], charges: [charge] })).toMatchObject({
      invoiceId: 'i-1',
      lines: [NEW_LINE],
      charges: [NEW_CHARGE],
    });
    expect(lifted('InvoiceLinesAdded', { invoiceId: 'i-1', lines: [] })).toEqual({ invoiceId: 'i-1', lines: [] });
  });
  it('approve no hash', () => {
    const data = { invoiceId: 'i-1', approvedBy: 'acc-1' };
    expect(lifted<InvoiceApproved['data']>('InvoiceApproved', data)).toEqual({ ...data, hash: null });
  });
  it('round tax once for a document', () => {
    const common = {
      issueDate: '2026-04-01',
      series: 'INV',
      seller: party,
      buyer: party,
      taxExemption: null,
      ...totals,
    };
    const terms = { taxRounding: 'document', dueDate: null, terms: null };
    const request = { invoiceId: 'i-1', ...common };
    expect(
      lifted<InvoiceIssueRequested['data']>('InvoiceIssueRequested', { ...request, taxPolicy: 'per-document' }),
    ).toEqual({ ...request, ...terms });
    const note = { creditNoteId: 'cn-1', ...common, reasonCode: 'other', comment: 'agreed', secondPerson: null };
    const old = { ...note, taxPolicy: 'per-document' };
    expect(lifted<CreditNoteFacts>('CreditNoteIssueRequested', old)).toEqual({ ...note, ...terms });
    expect(lifted('CreditNoteIssued', { ...old, number: 'CN-1', numberInSeries: 1 })).toEqual({
      ...note,
      ...terms,
      number: 'CN-1',
      numberInSeries: 1,
    });
  });
  it('credit lines and charges that have a basis', () => {
    const credit = { outcome: 'bill-again', net: aud('100.00'), isWhole: true };
    const data = {
      creditNoteId: 'cn-1',
      invoiceId: 'i-1',
      lines: [{ line, ...credit }],
      charges: [{ charge, ...credit }],
    };
    expect(lifted('CreditNoteLinesAdded', data)).toMatchObject({
      ...data,
      lines: [{ line: NEW_LINE, ...credit }],
      charges: [{ charge: NEW_CHARGE, ...credit }],
    });
  });
  it('write an item off that has a basis', () => {
    const why = { reasonCode: 'goodwill', comment: 'agreed', writtenOffBy: 'acc-1', secondPerson: null };
    expect(lifted('WorkWrittenOff', { ...line, ...why })).toMatchObject({
      ...why,
      itemId: 'W1@p1',
      basis: { ruleId: 'all' },
      standardValue: null,
      cost: null,
    });
  });
  it('are gaps with the ids of then, in all versions', () => {
    const gaps = storedBillingEvents.filter(({ type }) => type.startsWith('BillingGap'));
    expect(gaps.map(({ schemaVersion }) => schemaVersion)).toEqual([1, 1, 1, 1, 1]);
  });
});
