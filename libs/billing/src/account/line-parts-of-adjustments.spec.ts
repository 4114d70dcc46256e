import { describe, expect, it } from '@jest/globals';
import type { ContractTerms, WorkTypePricing } from '@billtrail/contracts';
import { rateExplained } from '../rate.js';
import type { WorkItem } from '../rating/facts.js';
import { block, contractWith, money } from '../testing/charges.js';
import { asInvoiced, card, facts, material, time } from '../testing/facts.js';
import { lineOf } from './lines.js';

/** The line of what is asked or owed after a correction (none: voided): its figures, then each part. */
function corrected(terms: Partial<ContractTerms>, before: WorkItem, after: WorkItem | null): readonly string[] {
  const contracts = [contractWith(terms)];
  const invoiced = asInvoiced(rateExplained(facts([before], { contracts })).items);
  const { items } = rateExplained(facts(after === null ? [] : [after], { contracts, invoiced }));
  return told(items.find(({ disposition }) => disposition === 'billable'));
}

function told(item: Parameters<typeof lineOf>[0] | undefined): readonly string[] {
  const line = item === undefined ? null : lineOf(item);
  if (line === null) return [];
  return [
    `${line.quantity} ${line.unit} x ${line.unitPrice.amount}: ${line.net.amount}`,
    ...line.parts.map(({ label, quantity, unitPrice, minutes, unit = '', amount: { amount } }) =>
      [label, ...(quantity === null ? [] : [`${minutes ?? quantity}${unit} x ${unitPrice?.amount}`]), amount].join(' '),
    ),
  ];
}

const hour = time();
const minutes = (count: number): WorkItem => time({ minutes: count, sourceEventIds: ['ev-2'] });
const priced = (pricing: WorkTypePricing): Partial<ContractTerms> => ({ rateCard: card({ workTypes: [pricing] }) });
const FLAT = priced({ workType: 'remote', mode: 'flat', price: '140.00', per: 'visit' });
const ON_TOP = priced({ workType: 'remote', mode: 'amount-on-top', amount: '33.00', per: 'entry' });
/** The first half hour at 150.00, the rest at 225.00. */
const TIERS = priced({
  workType: 'remote',
  mode: 'tiers',
  per: 'entry',
  tiers: [
    { upToMinutes: 30, pricePerHour: '150.00' },
    { upToMinutes: null, pricePerHour: '225.00' },
  ],
});
const OFF = {
  discounts: [{ id: 'd', name: 'Off', kind: 'percent', percent: '7.5', order: 'before-minimum', match: {} }],
} as const;

describe('the line of a correction can be worked out by hand (K6)', () => {
  it('by the hour: the minutes that changed', () => {
    expect(corrected({}, hour, minutes(90))).toEqual(['0.5 h x 150.00: 75.00', 'price 30 x 150.00 75.00']);
    expect(corrected({}, hour, null)).toEqual(['-1 h x 150.00: -150.00', 'price -60 x 150.00 -150.00']);
  });

  it('another price: what is asked now, less what was billed before', () => {
    const pricePerHour = { amount: '200.00', currency: 'AUD' };
    const dearer = time({
      override: { pricePerHour, reason: 'x', overriddenBy: 'anna', eventId: 'ev-o' },
      sourceEventIds: ['ev-2'],
    });
    expect(corrected({}, hour, dearer)).toEqual([
      '0 h x 200.00: 50.00',
      'price 60 x 200.00 200.00',
      'billed-before -150.00',
    ]);
    expect(corrected({}, material(), material({ listPrice: { amount: '16.00', currency: 'AUD' } }))).toEqual([
      '0 piece x 16.00: 3.00',
      'price 3 x 16.00 48.00',
      'billed-before -45.00',
    ]);
  });

  it('one price whatever the minutes: one piece, never hours of it', () => {
    expect(corrected(FLAT, hour, minutes(90))).toEqual([
      '1 adjustment x 0.00: 0.00',
      'price 1flat x 140.00 140.00',
      'billed-before -140.00',
    ]);
    expect(corrected(FLAT, hour, null)).toEqual(['-1 adjustment x 140.00: -140.00', 'billed-before -140.00']);
  });

  it('tier by tier', () => {
    // 75.00 + 225.00 - (75.00 + 112.50) = 112.50
    expect(corrected(TIERS, hour, minutes(90))).toEqual([
      '0.5 h x 200.00: 112.50',
      'tier 30 x 150.00 75.00',
      'tier 60 x 225.00 225.00',
      'billed-before -187.50',
    ]);
    expect(corrected(TIERS, hour, minutes(25))).toEqual([
      '-0.583333 h x 150.00: -125.00',
      'tier 25 x 150.00 62.50',
      'billed-before -187.50',
    ]);
  });

  it('with an amount on top', () => {
    expect(corrected(ON_TOP, hour, minutes(90))).toEqual(['0.5 h x 150.00: 75.00', 'price 30 x 150.00 75.00']);
    expect(corrected(ON_TOP, hour, null)).toEqual(['-1 h x 150.00: -183.00', 'billed-before -183.00']);
  });

  it('less a percent', () => {
    // 75.00 - 5.625 = 69.375: 69.38, and 208.125 - 138.75 is the same.
    expect(corrected(OFF, hour, minutes(90))).toEqual([
      '0.5 h x 150.00: 69.38',
      'price 30 x 150.00 75.00',
      'discount -5.62',
    ]);
    // 1 min is 2.50 less 0.1875: 2.31; 61 min are 141.0625 and 138.75 were billed.
    expect(corrected(OFF, hour, minutes(61))).toEqual([
      '0.016667 h x 150.00: 2.31',
      'price 1 x 150.00 2.50',
      'discount -0.19',
    ]);
    expect(corrected(OFF, hour, null)).toEqual(['-1 h x 150.00: -138.75', 'billed-before -138.75']);
  });
});

describe('the line of overage of which money of a block paid a part', () => {
  const prepaid = (overage?: string): Partial<ContractTerms> => ({
    coverage: [{ id: 'p', name: 'Prepaid', match: {}, outcome: 'prepaid' }],
    rateCard: card({ labour: [{ workType: 'remote', engineerRole: null, pricePerHour: '160.00' }] }),
    ...(overage === undefined ? {} : { prepaid: { overage: { pricePerHour: overage, multiplied: false } } }),
  });
  const overageOf = (terms: Partial<ContractTerms>, held: string) =>
    told(
      rateExplained(facts([hour], { contracts: [contractWith(terms, { blocks: [block('m', money(held))] })] }))
        .items[1],
    );

  it('is all of the work, less what the block paid', () => {
    expect(overageOf(prepaid(), '100.00')).toEqual([
      '0.383333 h x 160.00: 60.00',
      'price 60 x 160.00 160.00',
      'paid-before -100.00',
    ]);
    // 100.00 of 160.00 are paid: 62.5 % of 180.00.
    expect(overageOf(prepaid('180.00'), '100.00')).toEqual([
      '0.383333 h x 180.00: 67.50',
      'price 60 x 180.00 180.00',
      'paid-before -112.50',
    ]);
  });

  it('is its own minutes where those are whole', () =>
    expect(overageOf(prepaid(), '80.00')).toEqual(['0.5 h x 160.00: 80.00', 'price 30 x 160.00 80.00']));
});
