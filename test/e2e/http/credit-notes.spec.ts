import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Api, eventually, type Page } from '../kit.js';
import { MONTH, Story, TERMS } from '../story.js';

const aud = (amount: string) => ({ amount, currency: 'AUD' });
const WHY = { reasonCode: 'wrong-item', comment: 'agreed by phone' };

interface Warned {
  readonly status: string;
  readonly credited: object | null;
  readonly warnings: readonly object[];
}

describe('credit notes over HTTP', () => {
  let api: Api;
  let story: Story;
  beforeAll(async () => {
    api = await Api.open();
    story = new Story(api);
    await story
      .client('acme')
      .contract('acme-tm')
      .ticketInProgress('INC1')
      .time('te-1', 70)
      .time('te-2', 30)
      .approveTime('te-1')
      .approveTime('te-2')
      .resolve()
      .draft('inv-1')
      .approve()
      .issue()
      .told();
  });
  afterAll(() => api.close());

  it('a draft is not credited, an unknown invoice is not found, and a malformed body is told apart', async () => {
    const items = [{ itemId: 'te-1', outcome: 'bill-again' }];
    const refused = async (body: object) => {
      const answer = await story.accounts.post('/v1/credit-notes', { ...WHY, ...body });
      return [answer.status, answer.body.code];
    };
    expect(await refused({ invoiceId: 'inv-9', items })).toEqual([404, 'InvoiceNotFound']);
    expect(await refused({ invoiceId: 'inv-1', items: [] })).toEqual([409, 'NothingToCredit']);
    expect(await refused({ invoiceId: 'inv-1', items: [{ itemId: 'te-9', outcome: 'bill-again' }] })).toEqual([
      409,
      'ItemNotOnInvoice',
    ]);
    expect(await refused({ items })).toEqual([400, 'InvalidInput']);
    expect(await refused({ invoiceId: 'inv-1', items: [{ itemId: 'te-1', outcome: 'forget' }] })).toEqual([
      400,
      'InvalidInput',
    ]);
    expect(await refused({ invoiceId: 'inv-1', items, number: 'CN-9' })).toEqual([400, 'InvalidInput']);
  });

  it('is issued with a number of its own; the same key has one effect, another body under it is refused', async () => {
    const body = {
      ...WHY,
      creditNoteId: 'cn-1',
      invoiceId: 'inv-1',
      items: [{ itemId: 'te-1', outcome: 'written-off', net: aud('87.50') }],
    };
    const key = { 'idempotency-key': 'credit-1' };
    const first = await story.accounts.post<{ creditNoteId: string; position: number }>('/v1/credit-notes', body, key);
    expect(first.status).toBe(201);
    expect(first.body).toMatchObject({ creditNoteId: 'cn-1', stream: `account-acme-${MONTH}`, repeated: false });
    const again = await story.accounts.post('/v1/credit-notes', body, key);
    expect(again.body).toMatchObject({ creditNoteId: 'cn-1', repeated: true });
    const other = await story.accounts.post('/v1/credit-notes', { ...body, comment: 'no' }, key);
    expect([other.status, other.body.code]).toEqual([422, 'IdempotencyKeyReused']);
    const taken = await story.accounts.post('/v1/credit-notes', { ...body, comment: 'no' });
    expect([taken.status, taken.body.code]).toEqual([409, 'CreditNoteIdTaken']);

    const note = await story.accounts.reads(`/v1/credit-notes/cn-1?atLeast=${first.body.position}`);
    expect(note).toMatchObject({
      creditNoteId: 'cn-1',
      status: 'issued',
      number: 'CN-000001',
      invoiceId: 'inv-1',
      invoiceNumber: 'INV-000001',
      issueDate: '2026-03-20',
      net: aud('87.50'),
      tax: aud('8.75'),
      total: aud('96.25'),
      ...WHY,
      lineCount: 1,
    });
  });

  it('the note made without an id has one; invoice, lines, items and lists show it', async () => {
    const { creditNoteId, position } = await story.accounts.does<{ creditNoteId: string }>('/v1/credit-notes', {
      ...WHY,
      invoiceId: 'inv-1',
      items: [{ itemId: 'te-2', outcome: 'bill-again' }],
    });
    expect(creditNoteId).toMatch(/^cn-[0-9a-f]{24}$/);
    const { items: lines } = await story.accounts.reads<Page<object>>(`/v1/credit-notes/${creditNoteId}/lines`);
    expect(lines).toMatchObject([
      { lineNumber: 1, outcome: 'bill-again', isWhole: true, net: aud('75.00'), line: { itemId: 'te-2' } },
    ]);
    const ids = async (path: string) =>
      (await story.accounts.readsAll<{ creditNoteId: string }>(path, 1)).map((note) => note.creditNoteId);
    const both = ['cn-1', creditNoteId];
    expect(await ids('/v1/invoices/inv-1/credit-notes')).toEqual(both);
    expect(await ids(`/v1/credit-notes?invoiceId=inv-1&status=issued&clientId=acme&period=${MONTH}`)).toEqual(both);
    expect(await ids('/v1/credit-notes?clientId=beta')).toEqual([]);
    const invoice = await story.accounts.reads<Warned>(`/v1/invoices/inv-1?atLeast=${position}`);
    expect(invoice).toMatchObject({
      status: 'issued',
      credited: { net: aud('162.50'), tax: aud('16.25'), total: aud('178.75') },
    });
    const items = await story.accounts.readsAll<{ itemId: string }>(`/v1/billable-items?clientId=acme`);
    expect(items).toMatchObject([
      { itemId: 'te-1', disposition: 'invoiced', net: aud('100.00'), creditNoteId: 'cn-1' },
      { itemId: 'te-1@c1', disposition: 'written-off', net: aud('87.50'), creditNoteId: 'cn-1' },
      { itemId: 'te-2', disposition: 'billable', net: aud('75.00') },
    ]);
    const missing = await story.accounts.get('/v1/credit-notes/cn-9');
    expect([missing.status, missing.body.code]).toEqual([404, 'CreditNoteNotFound']);
  });

  it('a draft that lacks a charge of its period says so, and so does its issue', async () => {
    await new Story(api)
      .client('beta')
      .contract('beta-tm')
      .ticketInProgress('INC2')
      .time('te-3')
      .approveTime('te-3')
      .told();
    const { position } = await story.accounts.does('/v1/invoices', {
      invoiceId: 'inv-2',
      clientId: 'beta',
      period: MONTH,
    });
    const draft = await story.accounts.reads<Warned>(`/v1/invoices/inv-2?atLeast=${position}`);
    expect(draft.warnings).toEqual([]);

    const fee = {
      id: 'fee',
      name: 'Monthly fee',
      basis: 'fixed',
      price: '90.00',
      billed: 'in-advance',
      taxCategory: 'GST',
    };
    const late = await story.accounts.does('/v1/contracts', {
      contractId: 'beta-fee',
      clientId: 'beta',
      name: 'Fee',
      priority: 1,
      effectiveFrom: '2026-03-01',
      terms: { ...TERMS, coverage: [{ ...TERMS.coverage[0], outcome: 'excluded' }], recurringCharges: [fee] },
    });
    const lacking = [{ code: 'ChargeLacking', chargeItemId: 'beta-fee@fee@fee@2026-03-01', net: aud('90.00') }];
    const warned = await story.accounts.reads<Warned>(`/v1/invoices/inv-2?atLeast=${late.position}`);
    expect(warned.warnings).toMatchObject(lacking);
    await story.accounts.does('/v1/invoices/inv-2/approve');
    expect(await story.accounts.does('/v1/invoices/inv-2/issue')).toMatchObject({ warnings: lacking });
    const gaps = () => story.accounts.reads<Page<object>>('/v1/gaps?kind=contract-mismatch&state=open&clientId=beta');
    const { items } = await eventually(gaps, (page) => page.items.length > 0);
    const chargeId = 'beta-fee@fee@fee@2026-03-01';
    expect(items).toMatchObject([{ charge: { chargeId }, valueAtRisk: { money: aud('90.00') }, ticketId: null }]);
  });
});
