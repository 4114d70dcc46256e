import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { isRefusal } from '@billtrail/kernel';
import { billingCommands as billing, contractCommands as contracts, invoiceWarnings } from '@billtrail/application';
import { Msp } from './msp.js';
import { ANNA } from './people.js';

const VAT = [
  { from: '2020-01-01', rate: '20' },
  { from: '2026-07-01', rate: '22' },
];

describe('tax rates with dates (K15)', () => {
  let msp: Msp;
  beforeEach(async () => {
    msp = await Msp.opens('2026-06-20', { taxRates: { VAT: '20' } });
    await msp.signs('bluegum', { taxCategory: 'VAT', hourly: '100.00' });
    const printer = await msp.ticket('T1', 'bluegum');
    await printer.time('W1', 60, '2026-06-20');
    expect(await msp.drafts('I1', 'bluegum', '2026-06')).toBe('accepted');
    await msp.tries(billing.ApproveInvoice, { invoiceId: 'I1', clientId: 'bluegum', period: '2026-06' });
  });
  afterEach(() => msp.closes());

  const issues = async (invoiceId: string, issueDate: string) => {
    const input = { invoiceId, clientId: 'bluegum', period: '2026-06', issueDate };
    const answer = await msp.house.send(billing.IssueInvoice, input, { actor: ANNA });
    return isRefusal(answer) ? answer : 'accepted';
  };

  it('a draft shows its tax; a rate published since then is not charged without a word', async () => {
    expect((await msp.document('I1')).at(-1)).toBe('100.00 + 20.00 = 120.00 AUD');
    await msp.configures({ taxRates: { VAT: '22' } });
    expect(await issues('I1', '2026-06-30')).toMatchObject({
      code: 'TaxChanged',
      details: { approved: { amount: '20.00' }, now: { amount: '22.00' }, difference: { amount: '2.00' } },
    });
  });

  it('a rate from July on leaves an invoice of June as it was approved', async () => {
    await msp.configures({ taxRates: { VAT: { rate: VAT } } });
    expect(await issues('I1', '2026-06-30')).toBe('accepted');
    expect((await msp.document('I1')).at(-1)).toBe('100.00 + 20.00 = 120.00 AUD');
  });

  it('issued in July it is refused, and the draft for that day has the new rate', async () => {
    await msp.configures({ taxRates: { VAT: { rate: VAT } } });
    expect(await issues('I1', '2026-07-01')).toMatchObject({ code: 'TaxChanged' });
    await msp.discards('I1', 'bluegum', '2026-06');
    const anew = { invoiceId: 'I2', clientId: 'bluegum', period: '2026-06', issueDate: '2026-07-01' };
    expect(await msp.tries(billing.DraftInvoice, anew)).toBe('accepted');
    expect((await msp.document('I2')).at(-1)).toBe('100.00 + 22.00 = 122.00 AUD');
    await msp.tries(billing.ApproveInvoice, { invoiceId: 'I2', clientId: 'bluegum', period: '2026-06' });
    expect(await issues('I2', '2026-07-01')).toBe('accepted');
  });

  it('is dated the day that it was drafted for, unless another is named: 20 % on 30 June, though it is July', async () => {
    await msp.configures({ taxRates: { VAT: { rate: VAT } } });
    await msp.discards('I1', 'bluegum', '2026-06');
    const of = { invoiceId: 'I2', clientId: 'bluegum', period: '2026-06' };
    expect(await msp.tries(billing.DraftInvoice, { ...of, issueDate: '2026-06-30' })).toBe('accepted');
    await msp.tries(billing.ApproveInvoice, of);
    expect(await issues('I2', '2026-07-01')).toMatchObject({
      code: 'TaxChanged',
      remedy: expect.stringMatching(/^Issue it on 2026-06-30, which it was drafted for: leave `issueDate` out\. /),
    });
    await msp.days(20);
    expect(await msp.tries(billing.IssueInvoice, of)).toBe('accepted');
    expect((await msp.document('I2')).at(-1)).toBe('100.00 + 20.00 = 120.00 AUD');
    await msp.house.settle();
    expect(await msp.house.billtrail.models.invoices.get('I2')).toMatchObject({ issueDate: '2026-06-30' });
  });

  it('and so is one for the day from which there is a rate at all: 22 % on 1 July, though it is June', async () => {
    await msp.discards('I1', 'bluegum', '2026-06');
    await msp.configures({ taxRates: { VAT: { rate: VAT.slice(1) } } });
    const of = { invoiceId: 'I2', clientId: 'bluegum', period: '2026-06' };
    expect(await msp.tries(billing.DraftInvoice, { ...of, issueDate: '2026-07-01' })).toBe('accepted');
    await msp.tries(billing.ApproveInvoice, of);
    expect(await issues('I2', '2026-06-30')).toMatchObject({
      code: 'TaxCategoryUnknown',
      remedy: expect.stringMatching(/^Issue it on 2026-07-01, /),
    });
    expect(await msp.tries(billing.IssueInvoice, of)).toBe('accepted');
    expect((await msp.document('I2')).at(-1)).toBe('100.00 + 22.00 = 122.00 AUD');
  });

  it('a draft says on which days of issue its tax is another, unless the day of the supply decides', async () => {
    const warnings = async () => {
      await msp.house.settle();
      return (await invoiceWarnings(msp.house.billtrail, 'I1')).map(({ message }) => message);
    };
    expect(await warnings()).toEqual([]);
    await msp.configures({ taxRates: { VAT: { rate: VAT } } });
    expect(await warnings()).toEqual([
      'Issued from 2026-07-01 to 2026-07-21, draft I1 would have 22.00 AUD of tax, not 20.00: that is refused. To issue it on such a day, discard it and draft it anew with `issueDate`.',
    ]);
    await msp.configures({ taxRates: { VAT: { rate: VAT } }, taxDate: 'supply' });
    expect(await warnings()).toEqual([]);
    await msp.configures({ taxRates: { VAT: '23' } });
    expect((await warnings())[0]).toMatch(
      /^Issued from 2026-05-20 to 2026-07-21, draft I1 would have 23.00 AUD of tax/,
    );
  });

  it('a draft without a rate warns which category lacks it on which day, until it is drafted anew', async () => {
    const later = { taxRates: { VAT: { rate: VAT.slice(1) } }, taxDate: 'supply' } as const;
    const warnings = async (id: string) =>
      (await invoiceWarnings(msp.house.billtrail, id)).map(({ code, message }) => `${code}: ${message}`);
    await msp.discards('I1', 'bluegum', '2026-06');
    await msp.configures(later);
    expect(await msp.drafts('I2', 'bluegum', '2026-06')).toBe('accepted');
    await msp.house.settle();
    expect(await warnings('I2')).toEqual([
      expect.stringMatching(/^TaxLacking: .* The configuration has no tax rate for VAT on 2026-06-20\. /),
    ]);
    const asked = { invoiceId: 'I2', clientId: 'bluegum', period: '2026-06' };
    expect(await msp.tries(billing.ApproveInvoice, asked)).toBe('DraftUntaxed');
    await msp.configures({ ...later, taxRates: { VAT: { rate: VAT } } });
    await msp.discards('I2', 'bluegum', '2026-06');
    expect(await msp.drafts('I3', 'bluegum', '2026-06')).toBe('accepted');
    await msp.house.settle();
    expect(await warnings('I3')).toEqual([]);
  });

  it('with the rate of the supply, the work of June has that of June whenever it is issued', async () => {
    await msp.configures({ taxRates: { VAT: { rate: VAT } }, taxDate: 'supply' });
    expect(await issues('I1', '2026-07-15')).toBe('accepted');
    expect((await msp.document('I1')).at(-1)).toBe('100.00 + 20.00 = 120.00 AUD');
  });

  it('a day of issue far before the work, or far in the future, is refused with the days that are not', async () => {
    expect(await issues('I1', '1990-01-01')).toMatchObject({
      code: 'IssueDateTooEarly',
      details: { earliest: '2026-05-20' },
    });
    expect(await issues('I1', '2099-12-31')).toMatchObject({
      code: 'IssueDateTooLate',
      details: { latest: '2026-07-21' },
    });
    expect(await issues('I1', '2026-07-21')).toBe('accepted');
  });
});

describe('the treatment of supplies (K23)', () => {
  it('is the client’s by default, and the document says why', async () => {
    const msp = await Msp.opens('2026-03-02', {
      taxRounding: 'line',
    });
    try {
      await msp.signs('kiwi');
      const client = { clientId: 'kiwi', name: 'kiwi', currency: 'AUD', timeZone: 'Pacific/Auckland' };
      const abroad = { ...client, taxExemption: 'used abroad, s 38-190', taxTreatment: 'export' };
      expect(await msp.tries(contracts.ChangeClientDetails, abroad)).toBe('accepted');
      const printer = await msp.ticket('T1', 'kiwi');
      await printer.time('W1', 60, '2026-03-02');
      await msp.bills('I1', 'kiwi', '2026-03');
      const invoice = await msp.house.billtrail.models.invoices.get('I1');
      expect(invoice).toMatchObject({
        taxRounding: 'line',
        taxTotals: [{ taxCategory: 'GST', rate: '0', code: 'G', reason: 'used abroad, s 38-190' }],
        tax: { amount: '0.00' },
      });
    } finally {
      await msp.closes();
    }
  });

  it('of a client needs its legal reason', async () => {
    const msp = await Msp.opens('2026-03-02');
    try {
      const client = { clientId: 'kiwi', name: 'kiwi', currency: 'AUD', timeZone: 'Pacific/Auckland' };
      expect(await msp.tries(contracts.RegisterClient, { ...client, taxTreatment: 'export' })).toBe('ClientMalformed');
    } finally {
      await msp.closes();
    }
  });
});
