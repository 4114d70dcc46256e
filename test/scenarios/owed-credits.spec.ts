import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { billingCommands as billing } from '@billtrail/application';
import type { ContractTerms } from '@billtrail/contracts';
import { Msp } from './msp.js';
import { chargesOf, managed, publishedPolicy } from './service-levels.js';

const CREDIT = 'bluegum-1@credit@late@T1@resolution';
const WHY = { reasonCode: 'sla-missed', comment: 'agreed on the phone' };

/** 900.00 each three months in advance; 5 % of the month's share by its days, 28 of 90, 280.00, for a late resolution of a critical ticket. */
function quarterly(): Partial<ContractTerms> {
  const terms = managed(publishedPolicy('lucidity_au'));
  const [fee] = terms.recurringCharges ?? [];
  return { ...terms, recurringCharges: fee === undefined ? [] : [{ ...fee, everyMonths: 3 }] };
}

describe('a credit that is owed in a month without anything to take it off (K5)', () => {
  let msp: Msp;
  beforeEach(async () => {
    msp = await Msp.opens('2026-01-05');
    await msp.signs('bluegum', { from: '2026-01-01', besides: quarterly() });
    await msp.bills('I1', 'bluegum', '2026-01');
    await msp.days(28);
    await msp.ticket('T1', 'bluegum', { priority: 'critical' });
    await msp.days(4);
    expect(await chargesOf(msp, 'bluegum', '2026-02')).toEqual([`${CREDIT} billable -14.00`]);
  });
  afterEach(() => msp.closes());

  const gives = (creditNoteId: string, items: readonly string[] = [CREDIT]) =>
    msp.tries(billing.GiveCredits, { creditNoteId, clientId: 'bluegum', period: '2026-02', items, ...WHY });

  it('waits as a gap, and is given by a credit note of its own', async () => {
    expect(await msp.gaps()).toEqual([]);
    await msp.days(20);
    expect(await msp.gaps()).toEqual(['contract-mismatch: -14.00 AUD']);
    expect(await gives('C1')).toBe('accepted');
    expect(await msp.creditNote('C1')).toEqual([
      'CN-000001 of no invoice',
      `${CREDIT} corrected 14.00`,
      '14.00 + 1.40 = 15.40 AUD',
    ]);
    expect(await chargesOf(msp, 'bluegum', '2026-02')).toEqual([`${CREDIT} invoiced -14.00`]);
    const [credit] = await msp.house.billtrail.models.charges.byId(CREDIT);
    expect(credit).toMatchObject({ invoiceId: null, creditNoteId: 'C1' });
    expect(await msp.gaps()).toEqual([]);
    expect(await msp.endings('contract-mismatch')).toEqual(['billed']);
  });

  it('is given once, by whichever document is first', async () => {
    expect(await msp.drafts('I2', 'bluegum', '2026-02')).toBe('accepted');
    expect(await gives('C1')).toBe('ItemAlreadyClaimed');
    expect(await msp.issues('I2', 'bluegum', '2026-02')).toBe('NegativeTotal');
    expect(await msp.discards('I2', 'bluegum', '2026-02')).toBe('accepted');
    expect(await gives('C1')).toBe('accepted');
    expect(await gives('C1')).toBe('accepted');
    expect(await gives('C2')).toBe('ItemAlreadyInvoiced');
    expect(await msp.drafts('I3', 'bluegum', '2026-02')).toBe('NothingToBill');
  });

  it('refuses what is not owed, and an id that is used for something else', async () => {
    expect(await gives('C1', ['bluegum-1@fee@fee@2026-01-01'])).toBe('NotOwed');
    expect(await gives('C1')).toBe('accepted');
    expect(await gives('C1', ['x'])).toBe('CreditNoteIdTaken');
  });

  it('takes back the tax that was asked for its fee, whatever holds on the day of the note', async () => {
    await msp.configures({ taxRates: { GST: '15' } });
    expect(await gives('C1')).toBe('accepted');
    expect((await msp.creditNote('C1')).at(-1)).toBe('14.00 + 1.40 = 15.40 AUD');
  });

  it('does so on an invoice with other work, too', async () => {
    await msp.configures({ taxRates: { GST: '15' } });
    await (await msp.ticket('T2', 'bluegum')).time('W1', 60, '2026-02-03');
    // 150.00 at 15 %: 22.50; 14.00 at 10 %: 1.40.
    expect((await msp.bills('I2', 'bluegum', '2026-02')).at(-1)).toBe('136.00 + 21.10 = 157.10 AUD');
  });

  it('goes with other work of the month where there is some', async () => {
    const printer = await msp.ticket('T2', 'bluegum');
    await printer.time('W1', 60, '2026-02-03');
    expect((await msp.bills('I2', 'bluegum', '2026-02')).at(-1)).toBe('136.00 + 13.60 = 149.60 AUD');
    expect(await gives('C1')).toBe('ItemAlreadyInvoiced');
  });
});

describe('work that is voided after its invoice', () => {
  it('is given back without naming the invoice, and the line is not credited whole after that', async () => {
    const msp = await Msp.opens('2026-03-02');
    try {
      await msp.signs('bluegum');
      const printer = await msp.ticket('T1', 'bluegum');
      await printer.time('W1', 60, '2026-03-02');
      await msp.bills('I1', 'bluegum', '2026-03');
      await printer.voids('W1');
      const owed = { creditNoteId: 'C1', clientId: 'bluegum', period: '2026-03', items: ['W1@a1'], ...WHY };
      expect(await msp.tries(billing.GiveCredits, owed)).toBe('accepted');
      expect(await msp.items('bluegum', '2026-03')).toEqual([
        'W1 invoiced 1 h 150.00 AUD',
        'W1@a1 invoiced -1 h -150.00 AUD',
      ]);
      const again = [{ itemId: 'W1', outcome: 'bill-again' as const }];
      expect(await msp.credits('C2', 'I1', 'bluegum', '2026-03', again)).toBe('ItemAdjusted');
      expect(await msp.gaps()).toEqual([]);
    } finally {
      await msp.closes();
    }
  });
});

describe('what goes back of an invoice with an amount off (C6, L5)', () => {
  let msp: Msp;
  let printer: Awaited<ReturnType<Msp['ticket']>>;
  const OFF = 'bluegum-1@discount@off@2026-03-01@tax-GST';
  const off = { id: 'off', name: 'Loyalty', kind: 'amount', amount: '35.00', order: 'before-minimum' } as const;
  const MARCH = { clientId: 'bluegum', period: '2026-03' } as const;
  beforeEach(async () => {
    msp = await Msp.opens('2026-03-02');
    await msp.signs('bluegum', { hourly: '200.00', besides: { discounts: [off] } });
    printer = await msp.ticket('T1', 'bluegum');
    await printer.time('W1', 60, '2026-03-02');
    await printer.resolves();
    await msp.days(40);
    expect((await msp.bills('I1', 'bluegum', '2026-03')).at(-1)).toBe('165.00 + 16.50 = 181.50 AUD');
  });
  afterEach(() => msp.closes());

  const gives = (creditNoteId: string, items: readonly string[]) =>
    msp.tries(billing.GiveCredits, { creditNoteId, ...MARCH, items, ...WHY });

  it('is never more than its 165.00: the 200.00 go back with the 35.00 that were taken off, and are a gap until then', async () => {
    await printer.voids('W1');
    expect(await msp.items('bluegum', '2026-03')).toContain('W1@a1 billable -1 h -200.00 AUD');
    expect(await gives('C1', ['W1@a1'])).toBe('CreditAboveInvoice');
    // What is owed and what is asked again are never netted.
    expect(await msp.gaps()).toEqual([
      'contract-mismatch: 35.00 AUD',
      'unbilled W1: -200.00 AUD',
      'work-not-recorded: of no stated value',
    ]);
    const both = [
      { itemId: 'W1@a1', outcome: 'corrected' },
      { itemId: OFF, outcome: 'bill-again' },
    ] as const;
    expect(await msp.credits('C1', 'I1', 'bluegum', '2026-03', both)).toBe('accepted');
    expect((await msp.creditNote('C1')).at(-1)).toBe('165.00 + 16.50 = 181.50 AUD');
    expect(await msp.gaps()).toEqual(['work-not-recorded: of no stated value']);
    expect(await chargesOf(msp, 'bluegum', '2026-03')).toEqual([`${OFF} billable 0.00`]);
    expect(await msp.drafts('I2', 'bluegum', '2026-03')).toBe('NothingToBill');
  });

  it('waits for an invoice with other work: 200.00 less, 35.00 asked again', async () => {
    await printer.voids('W1');
    await (await msp.ticket('T2', 'bluegum')).time('W2', 120, '2026-03-03');
    expect((await msp.bills('I2', 'bluegum', '2026-03')).at(-1)).toBe('200.00 + 20.00 = 220.00 AUD');
  });

  it('half of it is: 100.00 of the 165.00', async () => {
    await printer.corrects('W1', 30, '2026-03-02');
    expect(await gives('C1', ['W1@a1'])).toBe('accepted');
    expect((await msp.creditNote('C1')).at(-1)).toBe('100.00 + 10.00 = 110.00 AUD');
  });

  it('is all of it once another invoice asked for the 35.00 again', async () => {
    await printer.voids('W1');
    expect(await msp.tries(billing.DraftInvoice, { invoiceId: 'I2', ...MARCH, charges: [`${OFF}@a1`] })).toBe(
      'accepted',
    );
    expect(await msp.issues('I2', 'bluegum', '2026-03')).toBe('accepted');
    expect(await gives('C1', ['W1@a1'])).toBe('accepted');
    expect((await msp.creditNote('C1')).at(-1)).toBe('200.00 + 20.00 = 220.00 AUD');
  });
});
