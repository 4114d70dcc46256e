import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import { billingCommands as billing } from '@billtrail/application';
import { Msp } from './msp.js';

const MARCH = '2026-03';

describe('numbers follow the days of their documents (G19)', () => {
  let msp: Msp;

  beforeEach(async () => {
    msp = await Msp.opens('2026-04-30');
    for (const clientId of ['bluegum', 'wattle']) {
      await msp.signs(clientId);
      const ticket = await msp.ticket(`T-${clientId}`, clientId);
      await ticket.time(`W-${clientId}`, 60, '2026-03-10');
    }
    await msp.house.settle();
    for (const [invoiceId, clientId] of [
      ['I1', 'bluegum'],
      ['I2', 'wattle'],
    ] as const) {
      expect(await msp.drafts(invoiceId, clientId, MARCH)).toBe('accepted');
      expect(await msp.tries(billing.ApproveInvoice, { invoiceId, clientId, period: MARCH })).toBe('accepted');
    }
  });
  afterEach(async () => {
    jest.restoreAllMocks();
    await msp.closes();
  });

  const issue = (invoiceId: string, clientId: string, issueDate: string) => ({
    invoiceId,
    clientId,
    period: MARCH,
    issueDate,
  });
  const issued = async (invoiceId: string) => {
    await msp.house.settle();
    const invoice = await msp.house.billtrail.models.invoices.get(invoiceId);
    return [invoice?.status, invoice?.number, invoice?.issueDate];
  };
  const numbers = async () =>
    (await msp.house.billtrail.store.readStream('numbering-INV')).events.map(({ data }) => data);

  it('an issue of 30 April that was interrupted, and completed after one of 1 May, is withdrawn without a number', async () => {
    expect(await msp.tries(billing.IssueInvoice, issue('I1', 'bluegum', '2026-04-30'), { interrupted: true })).toBe(
      'accepted',
    );
    expect(await msp.tries(billing.IssueInvoice, issue('I2', 'wattle', '2026-05-01'))).toBe('accepted');
    expect(await issued('I1')).toEqual(['approved', null, null]);
    expect(await issued('I2')).toEqual(['issued', 'INV-000001', '2026-05-01']);
    expect(await numbers()).toEqual([
      expect.objectContaining({ documentId: 'I2', kind: 'invoice', issueDate: '2026-05-01', number: 1 }),
    ]);
    // It holds its work as the draft that it is again, and its issue on a later day has the next number.
    expect(await msp.items('bluegum', MARCH)).toEqual(['W-bluegum claimed 1 h 150.00 AUD']);
    expect(await msp.tries(billing.IssueInvoice, issue('I1', 'bluegum', '2026-05-01'))).toBe('accepted');
    expect(await issued('I1')).toEqual(['issued', 'INV-000002', '2026-05-01']);
    expect(await msp.gaps()).toEqual([]);
    const told = (await msp.house.billtrail.models.timeline.timeline('T-bluegum'))?.items.map(
      ({ sentence }) => sentence,
    );
    expect(told).toContain('Took back the issue of draft I1 on 2026-04-30: its series had reached 2026-05-01');
  });

  it('one that was withdrawn may be discarded, and its work drafted anew', async () => {
    await msp.tries(billing.IssueInvoice, issue('I1', 'bluegum', '2026-04-30'), { interrupted: true });
    await msp.tries(billing.IssueInvoice, issue('I2', 'wattle', '2026-05-01'));
    await msp.house.settle();
    expect(await msp.discards('I1', 'bluegum', MARCH)).toBe('accepted');
    expect(await msp.drafts('I3', 'bluegum', MARCH)).toBe('accepted');
    expect(await msp.items('bluegum', MARCH)).toEqual(['W-bluegum claimed 1 h 150.00 AUD']);
  });

  it('a document of a later day that is numbered in the last moment: who asked is told', async () => {
    const { store } = msp.house.billtrail;
    const append = store.append.bind(store);
    let other = '';
    jest.spyOn(store, 'append').mockImplementation(async (request, ...others) => {
      if (request.stream === 'account-bluegum-2026-03' && other === '' && isRequest(request.events)) {
        const done = await append(request, ...others);
        other = await msp.tries(billing.IssueInvoice, issue('I2', 'wattle', '2026-05-01'));
        return done;
      }
      return append(request, ...others);
    });
    const told = await msp.tries(billing.IssueInvoice, issue('I1', 'bluegum', '2026-04-30'));
    expect([told, other]).toEqual(['IssueWithdrawn', 'accepted']);
    expect(await issued('I1')).toEqual(['approved', null, null]);
  });

  it('a day before that of the last number is refused', async () => {
    await msp.tries(billing.IssueInvoice, issue('I2', 'wattle', '2026-05-01'));
    expect(await msp.tries(billing.IssueInvoice, issue('I1', 'bluegum', '2026-04-30'))).toBe('IssueDateTooEarly');
    expect(await msp.tries(billing.IssueInvoice, issue('I1', 'bluegum', '2026-05-01'))).toBe('accepted');
  });

  it('an issue that was interrupted has its number on its own day, where none of a later day was given', async () => {
    await msp.tries(billing.IssueInvoice, issue('I1', 'bluegum', '2026-04-30'), { interrupted: true });
    expect(await msp.tries(billing.IssueInvoice, issue('I2', 'wattle', '2026-04-30'))).toBe('accepted');
    expect(await issued('I1')).toEqual(['issued', 'INV-000002', '2026-04-30']);
  });

  it('a credit note that was interrupted is completed on the day that its series has reached', async () => {
    for (const [invoiceId, clientId] of [
      ['I1', 'bluegum'],
      ['I2', 'wattle'],
    ] as const)
      expect(await msp.tries(billing.IssueInvoice, issue(invoiceId, clientId, '2026-04-30'))).toBe('accepted');
    const note = (creditNoteId: string, invoiceId: string, clientId: string, issueDate: string) => ({
      creditNoteId,
      invoiceId,
      clientId,
      period: MARCH,
      issueDate,
      items: [{ itemId: `W-${clientId}`, outcome: 'bill-again' }],
      reasonCode: 'wrong-item',
      comment: 'agreed on the phone',
    });
    expect(
      await msp.tries(billing.IssueCreditNote, note('C1', 'I1', 'bluegum', '2026-04-30'), { interrupted: true }),
    ).toBe('accepted');
    expect(await msp.tries(billing.IssueCreditNote, note('C2', 'I2', 'wattle', '2026-05-02'))).toBe('accepted');
    await msp.house.settle();
    const { creditNotes } = msp.house.billtrail.models;
    const [first, second] = [await creditNotes.get('C2'), await creditNotes.get('C1')];
    expect([first?.issueDate, second?.issueDate]).toEqual(['2026-05-02', '2026-05-02']);
    expect([first?.numberInSeries, second?.numberInSeries]).toEqual([1, 2]);
  });
});

function isRequest(events: readonly { readonly type: string }[]): boolean {
  return events.some(({ type }) => type === 'InvoiceIssueRequested');
}
