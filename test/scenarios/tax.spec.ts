import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { isRefusal } from '@billtrail/kernel';
import {
  billingCommands as billing,
  contractCommands as contracts,
  invoiceWarnings,
  ticketCommands,
} from '@billtrail/application';
import { Msp } from './msp.js';
import { ANNA, PRIYA } from './people.js';

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
    await msp.house.settle();
    expect(await msp.house.billtrail.models.invoices.get('I2')).toMatchObject({
      status: 'draft',
      issueDate: '2026-06-30',
    });
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

describe('work that is moved over a change of rate, where the day of supply decides (K15, B5)', () => {
  let msp: Msp;
  let printer: Awaited<ReturnType<Msp['ticket']>>;
  /** 20 % until 14 June, 22 % from then on. */
  const MIDDLE = [
    { from: '2020-01-01', rate: '20' },
    { from: '2026-06-15', rate: '22' },
  ];
  beforeEach(async () => {
    msp = await Msp.opens('2026-06-20', { taxRates: { VAT: { rate: MIDDLE } }, taxDate: 'supply' });
    await msp.signs('bluegum', { taxCategory: 'VAT', hourly: '100.00' });
    printer = await msp.ticket('T1', 'bluegum');
    await printer.time('W1', 60, '2026-06-10');
    await msp.bills('I1', 'bluegum', '2026-06');
  });
  afterEach(() => msp.closes());

  const taxes = async (invoiceId: string) => {
    await msp.house.settle();
    const invoice = await msp.house.billtrail.models.invoices.get(invoiceId);
    return invoice?.taxTotals?.map(({ rate, net, tax }) => `${net.amount} at ${rate}: ${tax.amount}`);
  };

  it('gives 100.00 back at 20 % and asks 150.00 at 22 %, in two lines that are worked out by hand', async () => {
    await printer.corrects('W1', 90, '2026-06-18');
    await msp.bills('I2', 'bluegum', '2026-06');
    expect(await taxes('I2')).toEqual(['-100.00 at 20: -20.00', '150.00 at 22: 33.00']);
    expect(await msp.document('I2')).toEqual([
      'INV-000002',
      'W1@a1 -1 h -100.00',
      'W1@a2 1.5 h 150.00',
      '50.00 + 13.00 = 63.00 AUD',
    ]);
    // 150.00 less 100.00: what is asked is the work once. Its void gives back the 150.00 at 22 %.
    await printer.voids('W1');
    expect(await msp.items('bluegum', '2026-06')).toContain('W1@a3 billable -1.5 h -150.00 AUD');
    await msp.credits('C2', 'I2', 'bluegum', '2026-06', [{ itemId: 'W1@a3', outcome: 'corrected' }]);
    expect((await msp.creditNote('C2')).at(-1)).toBe('150.00 + 33.00 = 183.00 AUD');
  });

  it('moved at the same net it is two supplies all the same, and so is the way back', async () => {
    await printer.corrects('W1', 60, '2026-06-18');
    expect(await msp.items('bluegum', '2026-06')).toEqual([
      'W1 invoiced 1 h 100.00 AUD',
      'W1@a1 billable -1 h -100.00 AUD',
      'W1@a2 billable 1 h 100.00 AUD',
    ]);
    await msp.bills('I2', 'bluegum', '2026-06');
    expect(await taxes('I2')).toEqual(['-100.00 at 20: -20.00', '100.00 at 22: 22.00']);
    await printer.corrects('W1', 60, '2026-06-11');
    // The tax alone would be 2.00 below zero: a credit note gives the one supply, an invoice asks for the other.
    expect(await msp.drafts('I3', 'bluegum', '2026-06')).toBe('accepted');
    expect(await msp.issues('I3', 'bluegum', '2026-06')).toBe('NegativeTotal');
    await msp.discards('I3', 'bluegum', '2026-06');
    const back = [{ itemId: 'W1@a3', outcome: 'corrected' }] as const;
    expect(await msp.credits('C2', 'I2', 'bluegum', '2026-06', back)).toBe('accepted');
    expect((await msp.creditNote('C2')).at(-1)).toBe('100.00 + 22.00 = 122.00 AUD');
    expect((await msp.bills('I4', 'bluegum', '2026-06')).slice(1)).toEqual([
      'W1@a4 1 h 100.00',
      '100.00 + 20.00 = 120.00 AUD',
    ]);
    expect(await msp.drafts('I5', 'bluegum', '2026-06')).toBe('NothingToBill');
  });

  it('another zone moves no line: that its day has another tax now is a gap', async () => {
    const late = { from: '2026-06-14T23:30:00+10:00', until: '2026-06-15T00:00:00+10:00' };
    await printer.time('W2', 30, '2026-06-14', late);
    await msp.bills('I2', 'bluegum', '2026-06');
    expect(await taxes('I2')).toEqual(['50.00 at 20: 10.00']);
    const moved = { clientId: 'bluegum', name: 'bluegum', currency: 'AUD', timeZone: 'Pacific/Auckland' };
    expect(await msp.tries(contracts.ChangeClientDetails, moved)).toBe('accepted');
    expect(await msp.gaps()).toEqual(['contract-mismatch W2: 0.00 AUD']);
    await msp.house.settle();
    const [gap] = (await msp.house.billtrail.models.gaps.list({}, { limit: 10 })).items;
    expect(gap?.cause).toMatch(/taxes it as of 2026-06-15, not of 2026-06-14: another tax, and no difference in net$/);
    const again = [{ itemId: 'W2', outcome: 'bill-again' }] as const;
    expect(await msp.credits('C2', 'I2', 'bluegum', '2026-06', again)).toBe('accepted');
    await msp.bills('I3', 'bluegum', '2026-06');
    expect(await taxes('I3')).toEqual(['50.00 at 22: 11.00']);
    expect(await msp.gaps()).toEqual([]);
  });

  it('within the days of one rate it is what it was', async () => {
    await printer.corrects('W1', 60, '2026-06-12');
    expect(await msp.items('bluegum', '2026-06')).toEqual(['W1 invoiced 1 h 100.00 AUD']);
  });

  it('of goodwill the rest is moved: 80.00 goes back at 20 %, 80.00 is asked at 22 %', async () => {
    const goodwill = { itemId: 'W1', outcome: 'written-off', net: { amount: '20.00', currency: 'AUD' } } as const;
    expect(await msp.credits('C1', 'I1', 'bluegum', '2026-06', [goodwill])).toBe('accepted');
    await printer.corrects('W1', 60, '2026-06-18');
    await msp.bills('I2', 'bluegum', '2026-06');
    expect(await taxes('I2')).toEqual(['-80.00 at 20: -16.00', '80.00 at 22: 17.60']);
  });

  it('material, too: 2 x 30.00', async () => {
    await printer.uses('M1', '2', '30.00', '2026-06-10');
    await msp.bills('I2', 'bluegum', '2026-06');
    const part = { itemCode: 'SSD-1T', description: 'Solid state disk', quantity: '2', unit: 'piece' };
    const price = { listPrice: { amount: '30.00', currency: 'AUD' }, workDate: '2026-06-15' };
    const of = { ticketId: 'T1', materialUsageId: 'M1', reason: 'other day' };
    await msp.send(ticketCommands.CorrectMaterialUsage, { ...of, ...part, ...price }, { actor: PRIYA });
    await msp.approves('material', 'T1', 'M1');
    await msp.bills('I3', 'bluegum', '2026-06');
    expect((await msp.document('I3')).slice(1)).toEqual([
      'M1@a1 -2 piece -60.00',
      'M1@a2 2 piece 60.00',
      '0.00 + 1.20 = 1.20 AUD',
    ]);
  });
});
