import { describe, expect, it } from '@jest/globals';
import type { ClientPeriodFacts } from '../client-period.js';
import { aud, contractWith, fee, onInvoice } from '../testing/charges.js';
import { asInvoiced, contractFacts, facts, terms, time } from '../testing/facts.js';
import { rateExplained } from '../rate.js';
import { askedLessOnceFree } from './asked-less.js';
import { billedAgain, type SupposedCredit } from './billed-again.js';

const WORK = [time(), time({ workItemId: 'w-2', position: 2 })];
const HALF = {
  contracts: [
    contractFacts({ terms: terms({ labour: [{ workType: null, engineerRole: null, pricePerHour: '75.00' }] }) }),
  ],
};
const invoiced = asInvoiced(rateExplained(facts(WORK)).items);
/** A note that takes these items of the invoice back whole. */
const note = (
  of: readonly (readonly [itemId: string, outcome: 'bill-again' | 'written-off' | 'corrected'])[],
  more: Partial<SupposedCredit> = {},
): SupposedCredit => ({
  clientId: 'cli-1',
  period: '2026-03',
  invoiceId: 'inv-1',
  lines: of.flatMap(([itemId, outcome]) =>
    invoiced.flatMap(({ line }) => (line.itemId === itemId ? [{ line, outcome, net: line.net, isWhole: true }] : [])),
  ),
  charges: [],
  ...more,
});
const lessOf = (periods: readonly ClientPeriodFacts[], credit: SupposedCredit): readonly string[] =>
  askedLessOnceFree(periods, billedAgain(periods, credit)).map((one) => `${one.ticketId} ${one.money?.toString()}`);

describe('a credit note that is supposed to give free what it bills again', () => {
  it('has that rated as of now: 75.00 in place of 150.00', () => {
    expect(lessOf([facts(WORK, { ...HALF, invoiced })], note([['w-1', 'bill-again']]))).toEqual(['T-1 75.00 AUD']);
    expect(lessOf([facts(WORK, { invoiced })], note([['w-1', 'bill-again']]))).toEqual([]);
  });

  it('leaves what it writes off or corrects, what is on another invoice, and other clients', () => {
    const now = [facts(WORK, { ...HALF, invoiced })];
    expect(
      lessOf(
        now,
        note([
          ['w-1', 'written-off'],
          ['w-2', 'corrected'],
        ]),
      ),
    ).toEqual([]);
    expect(lessOf(now, note([['w-1', 'bill-again']], { invoiceId: 'inv-2' }))).toEqual([]);
    expect(billedAgain(now, note([['w-1', 'bill-again']], { clientId: 'cli-2' }))).toEqual(now);
  });

  it('keeps forgone what a note before it gave back of the line', () => {
    const before = invoiced.map((one) =>
      one.line.itemId === 'w-1' ? { ...one, credited: aud('40.00'), creditNoteId: 'C-0' } : one,
    );
    const [after] = billedAgain([facts(WORK, { invoiced: before })], note([['w-1', 'bill-again']]));
    expect(after?.writtenOff).toMatchObject([{ itemId: 'w-1@c1', net: aud('40.00'), creditNoteId: 'C-0' }]);
    expect([...(after?.creditedWork ?? [])]).toEqual(['w-1']);
    expect(after?.invoiced.map(({ line }) => line.itemId)).toEqual(['w-2']);
  });

  it('is known to the other months of the work, and to its fixed prices', () => {
    const settled = [
      { itemId: 'w-1', workItemId: 'w-1', period: '2026-03', startedAt: null },
      { itemId: 'w-1', workItemId: 'w-1', period: '2026-02', startedAt: null },
      { itemId: 'w-2', workItemId: 'w-2', period: '2026-03', startedAt: null },
    ];
    const elsewhere = ['2026-02', '2026-03'].map((period) => ({ period, invoiced, writtenOff: [] }));
    const april = facts([], { period: '2026-04', elsewhere, incidents: { work: [], settled, asked: [] } });
    const [after] = billedAgain([april], note([['w-1', 'bill-again']]));
    expect(after?.elsewhere?.map((one) => one.invoiced.map(({ line }) => line.itemId))).toEqual([
      ['w-1', 'w-2'],
      ['w-2'],
    ]);
    expect(after?.incidents?.settled).toEqual(settled.slice(1));
  });

  it('gives charges free by their own outcome', () => {
    const contracts = [contractWith({ recurringCharges: [fee({ price: '50.00' })] })];
    const { charges } = rateExplained(facts([], { contracts }));
    const invoicedCharges = onInvoice(charges);
    const asked = charges.map(({ chargeId, period }) => ({ chargeId, period }));
    const now = facts([], { contracts, invoicedCharges, incidents: { work: [], settled: [], asked } });
    const taking = (outcome: 'bill-again' | 'written-off', more: Partial<SupposedCredit> = {}) =>
      billedAgain([now], {
        ...note([]),
        charges: invoicedCharges.map(
          ({ charge }) => ({ charge, outcome, net: charge.net }) as unknown as SupposedCredit['charges'][number],
        ),
        ...more,
      })[0];
    expect(taking('bill-again')).toMatchObject({ invoicedCharges: [], incidents: { asked: [] } });
    expect(taking('written-off')).toMatchObject({ invoicedCharges, incidents: { asked } });
    expect(taking('bill-again', { invoiceId: 'inv-2' })).toMatchObject({ invoicedCharges });
  });
});
