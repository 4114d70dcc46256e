import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { Api } from '../kit.js';
import { MONTH, Story } from '../story.js';

interface Line {
  readonly lineNumber: number;
  readonly itemId: string;
  readonly workItemId: string;
  readonly quantity: string;
  readonly unit: string;
  readonly unitPrice: object;
  readonly net: object;
  readonly taxCategory: string;
  readonly contractId: string;
  readonly contractVersion: number;
  readonly sourceEventIds: readonly string[];
  readonly trace: readonly { readonly step: string; readonly text: string }[];
}

const aud = (amount: string) => ({ amount, currency: 'AUD' });

describe('from a ticket to an issued invoice, over HTTP', () => {
  let api: Api;
  let story: Story;
  let position: string;

  beforeAll(async () => {
    api = await Api.open();
    story = new Story(api);
    ({ position } = await story
      .client('acme')
      .contract('acme-tm')
      .ticketInProgress('INC1')
      .time('te-1', 70)
      .material('mu-1', '120.00', '2')
      .expense('ex-1', '19.95')
      .approveTime('te-1')
      .approveGoods('materials/mu-1', 'expenses/ex-1')
      .resolve({ materials: 'listed' })
      .verification()
      .draft('inv-1')
      .approve()
      .issue()
      .told());
  });
  afterAll(() => api.close());

  it('issues the invoice with the first number of its series, and tax computed once on the summed nets', async () => {
    const invoice = await story.accounts.reads<Record<string, unknown>>(`/v1/invoices/inv-1?atLeast=${position}`);
    expect(invoice).toMatchObject({
      invoiceId: 'inv-1',
      clientId: 'acme',
      period: MONTH,
      status: 'issued',
      number: 'INV-000001',
      numberInSeries: 1,
      series: 'INV',
      issueDate: '2026-03-20',
      approvedBy: 'accounts-1',
      lineCount: 3,
      // 187.50 of time, 240.00 of material, 21.95 of expense (19.95 and a tenth).
      net: aud('449.45'),
      tax: aud('44.95'),
      total: aud('494.40'),
      taxTotals: [{ taxCategory: 'GST', rate: '10', net: aud('449.45'), tax: aud('44.95') }],
      buyer: { name: 'Client acme' },
    });
    expect(invoice['seller']).toMatchObject({ taxId: '96 999 111 222' });
  });

  it('gives every line its provenance: source events, contract version, rules and rounding (law L6)', async () => {
    const lines = await story.accounts.readsAll<Line>('/v1/invoices/inv-1/lines', 1);
    const timeline = await story.support.readsAll<{ eventId: string }>('/v1/tickets/INC1/timeline');
    const eventIds = new Set(timeline.map((entry) => entry.eventId));

    expect(lines.map((line) => line.lineNumber)).toEqual([1, 2, 3]);
    expect(new Map(lines.map((line) => [line.workItemId, line.net]))).toEqual(
      new Map([
        ['te-1', aud('187.50')],
        ['mu-1', aud('240.00')],
        ['ex-1', aud('21.95')],
      ]),
    );
    const time = lines.find((line) => line.workItemId === 'te-1');
    expect(time).toMatchObject({ quantity: '1.25', unit: 'h', unitPrice: aud('150.00'), taxCategory: 'GST' });
    for (const line of lines) {
      expect(line).toMatchObject({ contractId: 'acme-tm', contractVersion: 1 });
      expect(line.sourceEventIds.length).toBeGreaterThan(0);
      for (const eventId of line.sourceEventIds) expect(eventIds).toContain(eventId);
      expect(line.trace.map(({ step }) => step)).toEqual(expect.arrayContaining(['work', 'contract', 'coverage']));
    }
  });

  it('shows the items as invoiced and the ticket without a gap', async () => {
    const items = await story.accounts.readsAll<{ disposition: string; invoiceId: string; net: object }>(
      '/v1/billable-items?ticketId=INC1',
    );
    expect(items).toHaveLength(3);
    for (const item of items) expect(item).toMatchObject({ disposition: 'invoiced', invoiceId: 'inv-1' });

    const outcome = await story.operations.reads<Record<string, readonly unknown[]>>('/v1/tickets/INC1/outcome');
    expect(outcome['derivedGaps']).toEqual([]);
    expect(outcome['invoices']).toMatchObject([{ number: 'INV-000001' }]);
    expect(await story.operations.readsAll('/v1/gaps?state=open')).toEqual([]);
  });

  it('reconciles: the one resolved ticket is billed, and recorded work equals its dispositions', async () => {
    const reconciliation = await story.accounts.reads<object>('/v1/reconciliation');
    expect(reconciliation).toMatchObject({
      asOf: '2026-03-20',
      tickets: { resolved: 1, billed: 1, covered: 0, waiting: 0, gap: 0 },
      gaps: [],
      gapsOfOpenTickets: [],
      imbalances: [],
      accounted: { byDisposition: { invoiced: { items: 3, minutes: 70, money: [aud('449.45')] } } },
    });
    expect(await story.accounts.readsAll('/v1/reconciliation/tickets?fate=billed')).toMatchObject([
      { ticketId: 'INC1', clientId: 'acme', resolvedOn: '2026-03-20' },
    ]);
    expect(await story.accounts.readsAll('/v1/reconciliation/client-periods')).toMatchObject([
      { clientId: 'acme', period: MONTH, tickets: { resolved: 1, billed: 1 } },
    ]);
  });

  it('tells it all in the timeline, in order, each with who and when', async () => {
    const entries = await story.support.readsAll<{ type: string; position: string; sentence: string; actor: object }>(
      '/v1/tickets/INC1/timeline',
      3,
    );
    const positions = entries.map((entry) => Number(entry.position.split('.')[0]));
    expect(positions).toEqual([...positions].sort((one, other) => one - other));
    const types = entries.map((entry) => entry.type);
    expect(types).toEqual(
      expect.arrayContaining([
        'TicketRequested',
        'TicketTriaged',
        'TicketAssigned',
        'WorkStarted',
        'TimeEntryLogged',
        'MaterialUsed',
        'ExpenseIncurred',
        'TimeEntryApproved',
        'TicketResolved',
        'ServiceVerificationRequested',
      ]),
    );
    expect(types.filter((type) => type.startsWith('BillingGap'))).toEqual([]);
    for (const entry of entries) expect(entry.sentence).toMatch(/\S/);
    expect(entries.find((entry) => entry.type === 'TimeEntryApproved')?.actor).toEqual({
      id: 'operations-1',
      role: 'operations',
    });
    // The ticket's own end of the story: that its work reached an invoice.
    expect(types.at(-1)).toMatch(/^Invoice/);
  });

  it('shows the timeline as it was at an earlier position', async () => {
    const entries = await story.support.readsAll<{ type: string; position: string }>('/v1/tickets/INC1/timeline');
    const resolved = entries.findIndex((entry) => entry.type === 'TicketResolved');
    const then = await story.support.readsAll<{ type: string }>(
      `/v1/tickets/INC1/timeline?upTo=${entries[resolved]?.position}`,
    );
    expect(then).toEqual(entries.slice(0, resolved + 1));
    expect(then.at(-1)?.type).toBe('TicketResolved');
  });

  it('refuses to bill the same work again: there is nothing left to draft', async () => {
    const again = await story.accounts.post('/v1/invoices', { clientId: 'acme', period: MONTH });
    expect(again.status).toBe(409);
    expect(again.body.code).toBe('NothingToBill');
  });
});
