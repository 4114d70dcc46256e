import { describe, expect, it } from '@jest/globals';
import { Msp } from './msp.js';
import { BEA } from './people.js';

describe('the outcome of a ticket (K10)', () => {
  it('has the invoice that was credited, and the note', async () => {
    const msp = await Msp.opens('2026-03-02');
    await msp.signs('bluegum');
    const ticket = await msp.ticket('T1', 'bluegum');
    await ticket.time('W1', 60, '2026-03-02');
    await ticket.resolves();
    await msp.bills('I1', 'bluegum', '2026-03');
    const { timeline } = msp.house.billtrail.models;
    expect((await timeline.outcome('T1')).creditNotes).toEqual([]);
    const asked = [{ itemId: 'W1', outcome: 'bill-again' as const }];
    expect(await msp.credits('C1', 'I1', 'bluegum', '2026-03', asked, { approvedBy: BEA })).toBe('accepted');
    await msp.house.settle();
    const { items, invoices, creditNotes } = await timeline.outcome('T1');
    expect(items.map(({ itemId, disposition }) => `${itemId} ${disposition}`)).toEqual(['W1 billable']);
    expect(invoices.map(({ number }) => number)).toEqual(['INV-000001']);
    expect(creditNotes.map(({ number, invoiceId, net }) => `${number} ${invoiceId} ${net.amount}`)).toEqual([
      'CN-000001 I1 150.00',
    ]);
    await msp.closes();
  });
});
