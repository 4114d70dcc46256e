import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Api, eventually } from '../kit.js';
import { MONTH, Story, timeEntry } from '../story.js';

interface Gap {
  readonly gapId: string;
  readonly state: string;
  readonly valueAtRisk: { readonly money: { readonly amount: string } | null };
}

describe('ids that are used twice, and figures beyond reason', () => {
  let api: Api;
  let story: Story;
  beforeAll(async () => {
    api = await Api.open();
    story = new Story(api);
    await story.client('one').contract('one-tm').told();
    await story.client('two').contract('two-tm').told();
  });
  afterAll(() => api.close());

  it('an invoice id belongs to the account that used it first; the store goes on', async () => {
    for (const client of ['one', 'two']) {
      await new Story(api)
        .client(client)
        .ticketInProgress(`T-${client}`)
        .time(`${client}-e`)
        .approveTime(`${client}-e`)
        .resolve()
        .told();
    }
    const draft = (clientId: string) =>
      story.accounts.post('/v1/invoices', { invoiceId: 'same', clientId, period: MONTH });
    const [first, second] = await Promise.all([draft('one'), draft('two')]);
    const refused = [first, second].filter((answer) => answer.status === 409);
    expect([first, second].some((answer) => answer.status === 201)).toBe(true);
    expect(refused.map((answer) => answer.body.code)).toEqual(['InvoiceIdTaken']);
    const ready = await story.accounts.get<{ status: string }>('/health/ready');
    expect(ready.body.status).toBe('ready');
  });

  it('an id that a refused draft or credit note names is free: the corrected request is taken', async () => {
    const wrong = { invoiceId: 'mended', clientId: 'two', period: MONTH };
    const right = { ...wrong, period: '2026-02' };
    const workDate = '2026-02-10';
    await story.ticketInProgress('T-feb').time('feb-e', 60, { workDate }).approveTime('feb-e').told();
    const refused = await story.accounts.post('/v1/invoices', { ...wrong, tickets: ['T-feb'] });
    expect(refused).toMatchObject({ status: 409, body: { code: 'NothingToDraft' } });
    await story.accounts.does('/v1/invoices', { ...right, tickets: ['T-feb'] });
    await story.accounts.does('/v1/invoices/mended/approve');
    await story.accounts.does('/v1/invoices/mended/issue');
    const credit = (itemId: string) =>
      story.accounts.post('/v1/credit-notes', {
        creditNoteId: 'mended-too',
        invoiceId: 'mended',
        items: [{ itemId, outcome: 'bill-again' }],
        reasonCode: 'wrong-item',
        comment: 'agreed by phone',
      });
    expect((await credit('feb-f')).body).toMatchObject({ code: 'ItemNotOnInvoice' });
    expect((await credit('feb-e')).status).toBe(201);
  });

  // X5
  it('whatever somebody is called and sends as a key, no id of a policy is taken', async () => {
    await new Story(api)
      .client('x5')
      .contract('x5-tm')
      .ticketInProgress('T-x5')
      .time('x5-e')
      .approveTime('x5-e')
      .resolve()
      .draft('x5-i')
      .told();
    // The policy that issues carries out `issued/x5-i` on the stream of this draft.
    const issued = api.as('accounts', 'issued');
    await issued.does('/v1/invoices/x5-i/approve', {}, { 'idempotency-key': 'x5-i' });
    await issued.does('/v1/invoices/x5-i/issue');

    await story.ticketInProgress('T-x5-gap', { clientId: 'x5' }).time('x5-open').resolve().told();
    const gaps = () => story.operations.readsAll<Gap>('/v1/gaps?ticketId=T-x5-gap');
    const [gap] = await eventually(gaps, (found) => found.length === 1);
    // The one that closes gaps carries out `CloseBillingGap/2` on a gap with two events.
    const closer = api.as('operations', 'CloseBillingGap');
    await closer.does(`/v1/gaps/${gap!.gapId}/assign`, { ownerId: 'ann' }, { 'idempotency-key': '2' });
    await story.operations.does('/v1/tickets/T-x5-gap/time-entries/x5-open/approve');
    await eventually(gaps, ([one]) => one?.state !== 'open');
  });

  it('a quantity or a price beyond reason is refused before it can leave the range of any column', async () => {
    await story.ticketInProgress('T-a', { clientId: 'one' }).told();
    const material = (quantity: string, amount: string) =>
      story.support.post('/v1/tickets/T-a/materials', {
        itemCode: 'X',
        description: 'x',
        quantity,
        listPrice: { amount, currency: 'AUD' },
        workDate: '2026-03-10',
      });
    expect((await material('100000.1', '1')).body).toMatchObject({ code: 'QuantityInvalid' });
    expect((await material('1', '100000000.01')).body).toMatchObject({ code: 'MoneyInvalid' });
    expect((await material('1', '0')).body).toMatchObject({ code: 'MoneyInvalid' });
    expect((await material('100000', '100000000')).status).toBe(201);
    await story.accounts.reads(`/v1/reconciliation?clientId=one`);
  });

  it('an accepted gap that grows is a gap again', async () => {
    await story.ticketInProgress('T-grow', { clientId: 'two' }).time('grow-e', 30).resolve().told();
    const gaps = () => story.operations.readsAll<Gap>('/v1/gaps?ticketId=T-grow');
    const [gap] = await eventually(gaps, (found) => found.length === 1);
    await story.accounts.does(`/v1/gaps/${gap!.gapId}/accept`, { reasonCode: 'goodwill', comment: 'small' });
    await story.support.does('/v1/tickets/T-grow/time-entries/grow-e/correct', {
      ...entryFacts(1_400),
      reason: 'it was a day',
    });
    const after = await eventually(gaps, (found) => found.length === 2);
    expect(after.map(({ state, valueAtRisk }) => [state, valueAtRisk.money?.amount])).toEqual([
      ['accepted', '75.00'],
      ['open', '3525.00'],
    ]);
    const reconciliation = await story.accounts.reads<{ tickets: { gap: number } }>('/v1/reconciliation?clientId=two');
    expect(reconciliation.tickets.gap).toBe(1);
  });

  it('an entry over the end of a month has items in two periods, and nobody guesses which is meant', async () => {
    const overMonthEnd = {
      workDate: '2026-02-28',
      startedAt: '2026-02-28T23:00:00+11:00',
      endedAt: '2026-03-01T01:00:00+11:00',
    };
    await story.ticketInProgress('T-night', { clientId: 'one' }).time('night', 120, overMonthEnd).told();
    await story.approveTime('night').resolve().told();
    const id = 'night@p1';
    const unsaid = [
      await story.accounts.get(`/v1/billable-items/${id}`),
      await story.accounts.get(`/v1/billable-items/${id}/explanation`),
      await story.accounts.post(`/v1/billable-items/${id}/write-off`, {
        reasonCode: 'goodwill',
        comment: 'the late part',
      }),
    ];
    expect(unsaid.map(({ status, body }) => [status, body.code])).toEqual(
      unsaid.map(() => [409, 'ItemInSeveralPeriods']),
    );
    await story.accounts.does(`/v1/billable-items/${id}/write-off?period=2026-03`, {
      reasonCode: 'goodwill',
      comment: 'the late part',
    });
    const of = (period: string) =>
      story.accounts.reads<{ disposition: string }>(`/v1/billable-items/${id}?period=${period}`);
    expect([(await of('2026-02')).disposition, (await of('2026-03')).disposition]).toEqual(['billable', 'written-off']);
  });

  it('an unknown client has no clean bill of health', async () => {
    const answer = await story.accounts.get('/v1/reconciliation?clientId=nosuch');
    expect([answer.status, answer.body.code]).toEqual([404, 'ClientNotFound']);
  });
});

function entryFacts(minutes: number): object {
  const { timeEntryId: _, ...facts } = timeEntry('unused', minutes);
  return facts;
}
