import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { billingCommands as billing, contractCommands as contracts } from '@billtrail/application';
import { Msp } from './msp.js';

const BLUEGUM = { clientId: 'bluegum', name: 'bluegum', currency: 'AUD', timeZone: 'Australia/Sydney' };
const OF_MARCH = { clientId: 'bluegum', period: '2026-03' };

/** Support by the contract, due 14 days after issue; the client pays on the 20th where its contracts don't say. */
describe('when an invoice is due', () => {
  let msp: Msp;
  beforeEach(async () => {
    msp = await Msp.opens('2026-03-30', { paymentTerms: { due: 'net', days: 30 } });
    await msp.signs('bluegum', { hourly: '100.00' });
    const printer = await msp.ticket('T1', 'bluegum');
    await printer.time('W1', 60, '2026-03-30');
  });
  afterEach(() => msp.closes());

  const due = async (invoiceId: string) => {
    await msp.house.settle();
    const invoice = await msp.house.billtrail.models.invoices.get(invoiceId);
    return [invoice?.dueDate, invoice?.terms];
  };
  const clientPays = (paymentTerms?: object) =>
    msp.send(contracts.ChangeClientDetails, { ...BLUEGUM, ...(paymentTerms && { paymentTerms }) });

  it('as the organisation says: a draft has the words, its day comes with the day of issue', async () => {
    await msp.drafts('I1', 'bluegum', '2026-03');
    expect(await due('I1')).toEqual([null, 'Due 30 days after the date of issue']);
    await msp.issues('I1', 'bluegum', '2026-03');
    // 30 March and 30 days.
    expect(await due('I1')).toEqual(['2026-04-29', 'Due 30 days after the date of issue']);
  });

  it('a draft that is meant for a day shows when it would be due; issued on another it is due as that says', async () => {
    await clientPays({ due: 'day-of-next-month', day: 20 });
    await msp.tries(billing.DraftInvoice, { invoiceId: 'I1', ...OF_MARCH, issueDate: '2026-03-31' });
    expect(await due('I1')).toEqual(['2026-04-20', 'Due on the 20th of the month after issue']);
    await msp.tries(billing.ApproveInvoice, { invoiceId: 'I1', ...OF_MARCH });
    expect(await msp.tries(billing.IssueInvoice, { invoiceId: 'I1', ...OF_MARCH, issueDate: '2026-04-01' })).toBe(
      'accepted',
    );
    expect(await due('I1')).toEqual(['2026-05-20', 'Due on the 20th of the month after issue']);
  });

  it('what was approved is what is issued: other terms since are refused with the difference', async () => {
    await msp.drafts('I1', 'bluegum', '2026-03');
    await msp.tries(billing.ApproveInvoice, { invoiceId: 'I1', ...OF_MARCH });
    await clientPays({ due: 'on-receipt' });
    expect(await msp.issues('I1', 'bluegum', '2026-03')).toBe('PaymentTermsChanged');
    await msp.discards('I1', 'bluegum', '2026-03');
    await msp.bills('I2', 'bluegum', '2026-03');
    expect(await due('I2')).toEqual(['2026-03-30', 'Due on receipt']);
  });

  it('an issued invoice keeps its day whatever is agreed afterwards, and its credit note is due never', async () => {
    await msp.bills('I1', 'bluegum', '2026-03');
    await clientPays({ due: 'on-receipt' });
    await msp.configures({});
    await msp.renegotiates('bluegum', {
      from: '2026-03-01',
      hourly: '100.00',
      besides: { paymentTerms: { due: 'net', days: 7 } },
    });
    await msp.house.settle();
    expect(await due('I1')).toEqual(['2026-04-29', 'Due 30 days after the date of issue']);
    await msp.credits('C1', 'I1', 'bluegum', '2026-03', [{ itemId: 'W1', outcome: 'bill-again' }]);
    await msp.house.settle();
    expect(await msp.house.billtrail.models.creditNotes.get('C1')).toMatchObject({ dueDate: null, terms: null });
    // Billed again by the version of now: its terms.
    await msp.bills('I2', 'bluegum', '2026-03');
    expect(await due('I2')).toEqual(['2026-04-06', 'Due 7 days after the date of issue']);
  });

  it('items of two contracts with other terms: the latest day, in words that say so', async () => {
    await msp.signsToo('bluegum', 'projects', {
      priority: 20,
      besides: {
        paymentTerms: { due: 'end-of-month', days: 30 },
        recurringCharges: [
          { id: 'fee', name: 'Hosting', basis: 'fixed', price: '50.00', billed: 'in-advance', taxCategory: 'GST' },
        ],
      },
    });
    await msp.bills('I1', 'bluegum', '2026-03');
    expect(await due('I1')).toEqual([
      '2026-04-30',
      'The latest of: due 30 days after the date of issue; due 30 days after the end of the month of issue',
    ]);
  });
});
