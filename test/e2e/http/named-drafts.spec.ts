import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Api } from '../kit.js';
import { MONTH, Story, TERMS, timeEntry } from '../story.js';

const FEE = 'acme-tm@fee@fee@2026-03-01';
const fee = {
  id: 'fee',
  name: 'Monthly fee',
  basis: 'fixed',
  price: '90.00',
  billed: 'in-advance',
  taxCategory: 'GST',
};

describe('a draft of named tickets and charges, over HTTP', () => {
  let api: Api;
  let story: Story;
  const draft = (invoiceId: string, named: object) =>
    story.accounts.does('/v1/invoices', { invoiceId, clientId: 'acme', period: MONTH, ...named });
  const refusal = (named: object) =>
    story.accounts.post('/v1/invoices', { invoiceId: 'inv-9', clientId: 'acme', period: MONTH, ...named });
  const billedOn = async (invoiceId: string) => {
    const lines = await story.accounts.readsAll<{ itemId: string }>(`/v1/invoices/${invoiceId}/lines`);
    const charges = await story.accounts.readsAll<{ chargeItemId: string }>(`/v1/invoices/${invoiceId}/charges`);
    return [...lines.map(({ itemId }) => itemId), ...charges.map(({ chargeItemId }) => chargeItemId)];
  };

  beforeAll(async () => {
    api = await Api.open();
    story = new Story(api);
    await story
      .client('acme')
      .contract('acme-tm', { ...TERMS, recurringCharges: [fee] })
      .ticketInProgress('INC1')
      .time('te-1', 70)
      .approveTime('te-1')
      .expense('ex-1')
      .approveGoods('expenses/ex-1')
      .ticketInProgress('INC2')
      .time('te-2', 30)
      .approveTime('te-2')
      .told();
  });
  afterAll(() => api.close());

  it.each<[string, object]>([
    ['no list of tickets', { tickets: null }],
    ['no list of charges', { charges: null }],
    ['no list of charges beside tickets', { tickets: ['INC1'], charges: null }],
    ['a list of nothing', { tickets: [null] }],
    ['an empty list', { tickets: [] }],
    ['an empty list of charges', { charges: [] }],
    ['one ticket twice', { tickets: ['INC1', 'INC1'] }],
    ['more tickets than are allowed', { tickets: Array.from({ length: 1_001 }, (_, index) => `INC${index}`) }],
    ['a ticket with an id of an item', { tickets: ['INC1@p1'] }],
    ['a charge with a malformed id', { charges: ['acme-tm fee'] }],
    ['a list that is none', { charges: FEE }],
  ])('does not take %s', async (_what, named) => {
    const { status, body } = await refusal(named);
    expect({ status, code: body.code }).toEqual({ status: 400, code: 'InvalidInput' });
    expect(body.detail).toMatch(/^(tickets|charges)( |\[)/);
  });

  it('refuses, by name, what has nothing to draft', async () => {
    expect(await refusal({ tickets: ['INC1', 'INC9'], charges: ['acme-tm@fee@other@2026-03-01'] })).toMatchObject({
      status: 409,
      body: {
        code: 'NothingToDraft',
        details: { tickets: ['INC9'], charges: ['acme-tm@fee@other@2026-03-01'] },
      },
    });
  });

  it('says why: of another month, not yet due, or an item of work', async () => {
    const past = FEE.replace('2026-03', '2026-02');
    expect(await refusal({ charges: ['te-1', past] })).toMatchObject({
      body: {
        detail: `Nothing can be drafted for charge te-1 (it is an item of work, not a charge: name its ticket INC1), charge ${past} (of 2026-02).`,
      },
    });
    const next = { period: '2026-04', charges: [FEE.replace('2026-03', '2026-04')], tickets: ['INC1'] };
    expect((await refusal(next)).body.details).toMatchObject({
      reasons: [
        { id: 'INC1', reason: 'other-month', text: 'of 2026-03' },
        { reason: 'not-due', text: 'it can be drafted from 2026-04-01 on' },
      ],
    });
  });

  it('takes what is named, and a later draft the rest', async () => {
    await draft('inv-1', { tickets: ['INC1'] });
    await draft('inv-2', { charges: [FEE] });
    const { position } = await draft('inv-3', {});
    await story.accounts.reads(`/v1/invoices/inv-3?atLeast=${position}`);
    expect(new Set(await billedOn('inv-1'))).toEqual(new Set(['te-1', 'ex-1']));
    expect(await billedOn('inv-2')).toEqual([FEE]);
    expect(await billedOn('inv-3')).toEqual(['te-2']);
  });

  it('shows a draft with tax, total, parties and a hash, and approves what was seen by its hash', async () => {
    const { hash, ...shown } = await story.accounts.reads<{ hash: string }>('/v1/invoices/inv-2');
    expect(shown).toMatchObject({
      status: 'draft',
      net: { amount: '90.00' },
      tax: { amount: '9.00' },
      total: { amount: '99.00' },
      taxTotals: [{ taxCategory: 'GST', rate: '10' }],
      buyer: { name: 'Client acme' },
      seller: { taxId: '96 999 111 222' },
      dueDate: null,
    });
    const approve = (body: object) => story.accounts.post('/v1/invoices/inv-2/approve', body);
    const other = hash.startsWith('0') ? '1'.repeat(64) : '0'.repeat(64);
    expect(await approve({ hash: other })).toMatchObject({ status: 409, body: { code: 'HashMismatch' } });
    for (const malformed of ['', hash.slice(1), null])
      expect(await approve({ hash: malformed })).toMatchObject({ status: 400, body: { code: 'InvalidInput' } });
    expect(await approve({ hash })).toMatchObject({ status: 200 });
    expect(await approve({})).toMatchObject({ body: { repeated: true } });
  });

  it('answers the same draft asked for again as a repeat, without a key: of named things and of all the month', async () => {
    expect(await draft('inv-1', { tickets: ['INC1'] })).toMatchObject({ repeated: true });
    expect(await draft('inv-2', { charges: [FEE] })).toMatchObject({ repeated: true });
    expect(await draft('inv-3', {})).toMatchObject({ repeated: true });
    const other = { invoiceId: 'inv-3', clientId: 'acme', period: MONTH, tickets: ['INC1'] };
    expect(await story.accounts.post('/v1/invoices', other)).toMatchObject({
      status: 409,
      body: { code: 'InvoiceIdTaken', details: { besides: ['te-2'] } },
    });
  });

  it('says that a draft is stale where it is asked for again and its work has changed', async () => {
    const { timeEntryId: _, ...facts } = timeEntry('te-2', 90);
    await story.support.does('/v1/tickets/INC2/time-entries/te-2/correct', { ...facts, reason: 'it was longer' });
    await story.operations.does('/v1/tickets/INC2/time-entries/te-2/approve', { version: 2 });
    const again = { invoiceId: 'inv-3', clientId: 'acme', period: MONTH };
    expect(await story.accounts.post('/v1/invoices', again)).toMatchObject({
      status: 409,
      body: { code: 'DraftStale', remedy: expect.stringMatching(/^Discard it and draft it anew/) },
    });
    const less = { code: 'DraftStale', invoiceId: 'inv-3', net: { amount: '150.00', currency: 'AUD' } };
    type Told = { invoiceId: string; freshness?: string | null; stale?: object | null };
    const { items } = await story.accounts.reads<{ items: Told[] }>('/v1/invoices?stale=true');
    expect(items.filter(({ stale }) => stale !== null)).toMatchObject([{ invoiceId: 'inv-3', stale: less }]);
    expect(items.map(({ freshness }) => freshness)).toEqual(['fresh', 'fresh', 'stale']);
    const plain = await story.accounts.reads<{ items: Told[] }>('/v1/invoices');
    expect(plain.items.map(({ freshness, stale }) => [freshness, stale])).toEqual(
      items.map(() => [undefined, undefined]),
    );
    expect(await story.accounts.reads('/v1/invoices/inv-3')).toMatchObject({ warnings: [less] });
    const approved = await story.accounts.post('/v1/invoices/inv-3/approve', {});
    expect(approved).toMatchObject({ status: 200, body: { warnings: [less] } });
    await story.accounts.does('/v1/invoices/inv-3/discard', { reason: 'stale' });
    await draft('inv-4', {});
    expect(await billedOn('inv-4')).toEqual(['te-2']);
  });

  it('refuses a ticket that another draft has', async () => {
    expect(await refusal({ tickets: ['INC1'] })).toMatchObject({ status: 409, body: { code: 'NothingToDraft' } });
  });
  it('refuses a credit alone; a draft of the whole month, that can be nothing else, says that it can not be issued', async () => {
    await story.accounts.does('/v1/invoices/inv-1/approve');
    await story.accounts.does('/v1/invoices/inv-1/issue');
    await story.operations.does('/v1/tickets/INC1/time-entries/te-1/void', { reason: 'entered twice' });
    expect(await refusal({ tickets: ['INC1'] })).toMatchObject({
      status: 409,
      body: { code: 'NegativeTotal', details: { total: { amount: '-206.25', currency: 'AUD' } } },
    });
    const warning = {
      code: 'NegativeTotal',
      message: expect.stringContaining('comes to -206.25 AUD and'),
      net: { amount: '-187.50', currency: 'AUD' },
      total: { amount: '-206.25', currency: 'AUD' },
    };
    expect(await draft('inv-5', {})).toMatchObject({ warnings: [warning] });
    expect(await story.accounts.reads('/v1/invoices/inv-5')).toMatchObject({ warnings: [warning] });
    await story.accounts.does('/v1/invoices/inv-5/approve');
    expect(await story.accounts.post('/v1/invoices/inv-5/issue')).toMatchObject({
      status: 409,
      body: { code: 'NegativeTotal' },
    });
    const { position } = await story.accounts.does('/v1/invoices/inv-5/discard', { reason: 'below zero' });
    expect(await story.accounts.reads(`/v1/invoices/inv-5?atLeast=${position}`)).toMatchObject({ warnings: [] });
    const owed = { clientId: 'acme', period: MONTH, items: ['te-1@a1'], reasonCode: 'voided', comment: 'twice' };
    const given = await story.accounts.does('/v1/credit-notes/owed', { creditNoteId: 'cn-1', ...owed });
    expect(await story.accounts.reads(`/v1/credit-notes/cn-1?atLeast=${given.position}`)).toMatchObject({
      number: 'CN-000001',
      invoiceId: null,
      total: { amount: '206.25', currency: 'AUD' },
    });
  });
});
