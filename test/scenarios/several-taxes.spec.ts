import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { isRefusal } from '@billtrail/kernel';
import { billingCommands as billing } from '@billtrail/application';
import { type BillingConfiguration, DEFAULT_CONFIGURATION, type TaxTotal } from '@billtrail/billing';
import { Msp } from './msp.js';
import { ANNA } from './people.js';
import type { TicketStory } from './ticket-story.js';
import { ADMIN } from '../laws/kit/house.js';

const QUEBEC = {
  taxes: [
    { name: 'GST', rate: '5' },
    { name: 'QST', rate: '9.975' },
  ],
};
const MARCH = '2026-03';

const told = ({ rate, net, tax, byName = [] }: TaxTotal): string =>
  `${rate} % on ${net.amount}: ${tax.amount} (${byName.map((one) => `${one.name} ${one.tax.amount}`).join(', ')})`;

/** Three times 20 minutes at 99.99 an hour: three lines of 33.33 that bear GST and QST. */
describe('a line that bears several taxes', () => {
  let msp: Msp;
  let first: TicketStory;
  const opens = async (configuration: Partial<BillingConfiguration>) => {
    msp = await Msp.opens('2026-03-30', { taxRates: { QC: QUEBEC }, ...configuration });
    await msp.signs('laurier', { taxCategory: 'QC', hourly: '99.99', minimum: 0, increment: 1 });
    first = await msp.ticket('T1', 'laurier');
    for (const id of ['W1', 'W2', 'W3']) await first.time(id, 20, '2026-03-30');
  };
  const totals = async (invoiceId: string) => {
    await msp.house.settle();
    return ((await msp.house.billtrail.models.invoices.get(invoiceId))?.taxTotals ?? []).map(told);
  };
  const lineTaxes = async (invoiceId: string) => {
    const { items } = await msp.house.billtrail.models.invoices.lines(invoiceId);
    return items.map(({ taxes }) => (taxes[0]?.byName ?? []).map(({ tax }) => tax.amount).join(' '));
  };
  const noted = async (creditNoteId: string) => {
    await msp.house.settle();
    return ((await msp.house.billtrail.models.creditNotes.get(creditNoteId))?.taxTotals ?? []).map(told).join();
  };
  const creditsOf = (id: string, itemId: string) =>
    msp.credits(id, 'I1', 'laurier', MARCH, [{ itemId, outcome: 'bill-again' }]);
  afterEach(() => msp.closes());

  describe('rounded by document', () => {
    beforeEach(() => opens({}));

    it('5 % of 99.99 is 5.00 (4.9995), 9.975 % is 9.97 (9.9740); each line shows its share of each', async () => {
      expect((await msp.bills('I1', 'laurier', MARCH)).at(-1)).toBe('99.99 + 14.97 = 114.96 AUD');
      expect(await totals('I1')).toEqual(['14.975 % on 99.99: 14.97 (GST 5.00, QST 9.97)']);
      // Of 33.33: 1.67 (1.6665) and 3.32 (3.3247); of 66.66 3.33 (3.333) and 6.65 (6.6493); of all 5.00 and 9.97.
      expect(await lineTaxes('I1')).toEqual(['1.67 3.32', '1.66 3.33', '1.67 3.32']);
    });

    it('three credit notes give each tax back by itself, to the cent of what was asked', async () => {
      await msp.bills('I1', 'laurier', MARCH);
      for (const [id, itemId] of [
        ['C1', 'W1'],
        ['C2', 'W2'],
        ['C3', 'W3'],
      ] as const)
        expect(await creditsOf(id, itemId)).toBe('accepted');
      expect([await noted('C1'), await noted('C2'), await noted('C3')]).toEqual([
        '14.975 % on 33.33: 4.99 (GST 1.67, QST 3.32)',
        '14.975 % on 33.33: 4.99 (GST 1.66, QST 3.33)',
        '14.975 % on 33.33: 4.99 (GST 1.67, QST 3.32)',
      ]);
    });

    it('a correction on a later invoice takes back what was asked, whatever the taxes are by then', async () => {
      await msp.bills('I1', 'laurier', MARCH);
      await msp.configures({ taxRates: { QC: { taxes: [{ name: 'GST', rate: '7' }, QUEBEC.taxes[1]!] } } });
      const ticket = await msp.ticket('T2', 'laurier');
      await ticket.time('W4', 60, '2026-03-30');
      await msp.house.settle();
      await first.voids('W1');
      await msp.bills('I2', 'laurier', MARCH);
      // 99.99 at 7 %: 7.00 (6.9993), at 9.975 %: 9.97. Back: 33.33 with 1.67 and 3.32.
      expect(await totals('I2')).toEqual([
        '14.975 % on -33.33: -4.99 (GST -1.67, QST -3.32)',
        '16.975 % on 99.99: 16.97 (GST 7.00, QST 9.97)',
      ]);
    });

    it('a rate of one of them that changes between approval and issue refuses the issue, with the difference by name', async () => {
      await msp.drafts('I1', 'laurier', MARCH);
      await msp.tries(billing.ApproveInvoice, { invoiceId: 'I1', clientId: 'laurier', period: MARCH });
      const rate = [
        { from: '2013-01-01', rate: '9.975' },
        { from: '2026-03-01', rate: '10' },
      ];
      await msp.configures({ taxRates: { QC: { taxes: [QUEBEC.taxes[0]!, { name: 'QST', rate }] } } });
      const answer = await msp.house.send(
        billing.IssueInvoice,
        {
          invoiceId: 'I1',
          clientId: 'laurier',
          period: MARCH,
        },
        { actor: ANNA },
      );
      expect(isRefusal(answer) ? [answer.code, answer.message] : answer).toEqual([
        'TaxChanged',
        expect.stringContaining('QST 9.975 %: 9.97, now QC 15 % on 99.99: 15.00, GST 5 %: 5.00, QST 10 %: 10.00'),
      ]);
    });
  });

  it('rounded by line: three times 1.67 and three times 3.32', async () => {
    await opens({ taxRounding: 'line' });
    expect((await msp.bills('I1', 'laurier', MARCH)).at(-1)).toBe('99.99 + 14.97 = 114.96 AUD');
    expect(await totals('I1')).toEqual(['14.975 % on 99.99: 14.97 (GST 5.01, QST 9.96)']);
    expect(await lineTaxes('I1')).toEqual(['1.67 3.32', '1.67 3.32', '1.67 3.32']);
  });

  it('taxes of the day of each supply: one of them has no rate on that day, so the draft has no tax', async () => {
    const rate = [{ from: '2026-03-31', rate: '9.975' }];
    await opens({ taxDate: 'supply', taxRates: { QC: { taxes: [QUEBEC.taxes[0]!, { name: 'QST', rate }] } } });
    await msp.drafts('I1', 'laurier', MARCH);
    expect(await totals('I1')).toEqual([]);
  });

  it.each<readonly [string, object, problem: string]>([
    ['a rate too', { rate: '5', ...QUEBEC }, 'taxRates.QC.rate must be left out: each of the taxes has its own'],
    ['neither', {}, 'taxRates.QC.rate is required, or taxes where there are several'],
    [
      'one name twice',
      { taxes: [QUEBEC.taxes[0], QUEBEC.taxes[0]] },
      'taxRates.QC.taxes[1].name GST stands in the list already',
    ],
    [
      'a treatment without tax',
      { treatment: 'export', legalReason: 'used abroad', ...QUEBEC },
      'taxRates.QC.taxes must be left out: what is export bears no tax; state its rate as 0',
    ],
  ])('a category with %s is refused', async (_what, category, problem) => {
    await opens({});
    const configuration = { ...DEFAULT_CONFIGURATION, taxRates: { QC: category } };
    const answer = await msp.house.send(billing.PublishConfiguration, { configuration }, { actor: ADMIN });
    expect(isRefusal(answer) ? answer.message : answer).toContain(problem);
  });
});
