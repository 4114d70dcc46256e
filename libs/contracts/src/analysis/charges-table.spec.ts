import { describe, expect, it } from '@jest/globals';
import { analyseCoverage, type ContractToAnalyse } from '../coverage-analysis.js';
import type { ContractTerms, RecurringCharge, ServiceLevels } from '../events.js';
import { all, contractOf, version } from '../testing/contracts-to-analyse.js';
import { chargesTable } from './charges-table.js';

const taxCategory = 'GST';
const fee: RecurringCharge = {
  id: 'fee',
  name: 'Fee',
  basis: 'fixed',
  price: '900.00',
  billed: 'in-advance',
  taxCategory,
};
const seats: RecurringCharge = { ...fee, id: 'seats', basis: 'per-user', countOf: 'user', price: '30.00' };

/** Without days and contract. */
function told(changes: Partial<ContractTerms>, contract: Partial<ContractToAnalyse> = {}): readonly string[] {
  const terms = { ...all, ...changes };
  const contracts = [{ ...contractOf('k', 1, version(1, '2026-01-01', null, terms)), ...contract }];
  return chargesTable(analyseCoverage({ contracts })).rows.map((row) => row.slice(3).join(' | '));
}

describe('what a contract charges besides the prices of work', () => {
  it('is told of each fee: price, cycle, when, and how many there are', () => {
    const counts = [
      { countOf: 'user', count: 14, from: '2026-03-15' },
      { countOf: 'user', count: 12, from: '2026-01-01' },
      { countOf: 'server', count: 3, from: '2026-01-01' },
    ];
    const yearly: RecurringCharge = { ...fee, id: 'yearly', everyMonths: 12, cycleAnchor: 'contract-day' };
    const late: RecurringCharge = { ...fee, id: 'late', everyMonths: 3, billed: 'in-arrears' };
    expect(told({ recurringCharges: [fee, yearly, late, seats] }, { counts })).toEqual([
      'fee | fee | 900.00 AUD a month | in advance | GST',
      "yearly | fee | 900.00 AUD a year | in advance, from the contract's day | GST",
      'late | fee | 900.00 AUD a quarter | in arrears | GST',
      'seats | fee | 30.00 AUD a user a month, 12 from 2026-01-01, 14 from 2026-03-15 | in advance | GST',
    ]);
    expect(told({ recurringCharges: [seats] }, { counts: [] })).toEqual([
      'seats | fee | 30.00 AUD a user a month, a gap until they are counted | in advance | GST',
    ]);
  });

  it('is told of tiers, of a least number, of what is committed, and of proration that is not by the day', () => {
    const { price: _price, ...unpriced } = seats;
    const tiers = [
      { upTo: 10, price: '30.00' },
      { upTo: 20, price: '25.00' },
      { upTo: null, price: '20.00' },
    ];
    const tiered: RecurringCharge = { ...unpriced, tiers, minimumCount: 5 };
    const committed: RecurringCharge = {
      ...seats,
      commitment: { until: '2026-12-31', increaseOnly: true },
      proration: { increases: 'next-period', decreases: 'next-period' },
    };
    const apart: RecurringCharge = { ...fee, proration: { decreases: 'thirtieths' } };
    expect(told({ recurringCharges: [tiered, { ...tiered, id: 'v', tierPricing: 'volume' }] })).toEqual([
      'seats | fee | 1 to 10: 30.00, 11 to 20: 25.00, from 21: 20.00 AUD a user a month, at least 5 | in advance | GST',
      'v | fee | all by their number, 1 to 10: 30.00, 11 to 20: 25.00, from 21: 20.00 AUD a user a month, at least 5 | in advance | GST',
    ]);
    expect(told({ recurringCharges: [committed, apart] })).toEqual([
      'seats | fee | 30.00 AUD a user a month | in advance, committed to 2026-12-31, changes next-period | GST',
      'fee | fee | 900.00 AUD a month | in advance, increases daily, decreases thirtieths | GST',
    ]);
  });

  it('is told of what is charged once, of a minimum, of what is taken off and of limits', () => {
    const off = { includesRecurring: true, order: 'after-minimum' } as const;
    expect(
      told({
        oneTimeFees: [
          { id: 'setup', name: 'Set-up', amount: '1500.00', taxCategory },
          { id: 'move', name: 'Move', amount: '200.00', on: '2026-03-10', taxCategory },
        ],
        milestones: [{ id: 'live', name: 'Go-live', amount: '8000.00', plannedOn: '2026-05-01', taxCategory }],
        minimumCommitment: { id: 'min', name: 'Least', amountPerPeriod: '1500.00', countsRecurring: true, taxCategory },
        discounts: [
          {
            id: 'loyal',
            name: 'Loyal',
            kind: 'percent',
            percent: '5',
            order: 'before-minimum',
            match: { kinds: ['time'] },
          },
          { id: 'start', name: 'Start', kind: 'amount', amount: '100.00', ...off },
        ],
        caps: [
          { id: 'ticket', name: 'Ticket', scope: 'ticket', amount: '2000.00', above: 'gap' },
          {
            id: 'visits',
            name: 'Visits',
            scope: 'period',
            amount: '800.00',
            above: 'write-down',
            match: { workTypes: ['onsite', 'remote'], sites: ['depot'] },
          },
        ],
      }),
    ).toEqual([
      'setup | one-time fee | 1500.00 AUD | once, on its first day | GST',
      'move | one-time fee | 200.00 AUD | once, on 2026-03-10 | GST',
      'live | milestone | 8000.00 AUD | when reached, planned for 2026-05-01 | GST',
      'min | minimum | at least 1500.00 AUD a month | work and fees count | GST',
      'loyal | discount | 5 % off | kind time, before a minimum | ',
      'start | discount | 100.00 AUD off a month | all work and fees, after a minimum | ',
      'ticket | cap | at most 2000.00 AUD a ticket | all work, what is above is a gap | ',
      'visits | cap | at most 800.00 AUD a month | work type onsite or remote; site depot, what is above is forgone | ',
    ]);
  });

  it('is told of what is prepaid', () => {
    const base = { unit: 'minutes', minutes: 600 } as const;
    const allotment = { id: 'hours', name: 'Hours', base, rollOver: 'none' } as const;
    const months = {
      ...allotment,
      rollOver: 'periods',
      rollOverPeriods: 3,
      rollOverAtMost: { unit: 'minutes', minutes: 700 },
    } as const;
    const money = { unit: 'money', money: { amount: '500.00', currency: 'AUD' } } as const;
    const blocks = [
      {
        blockId: 'b-1',
        amount: base,
        purchasedOn: '2026-02-01',
        expiresOn: '2026-12-31',
        price: { net: { amount: '1300.00', currency: 'AUD' }, taxCategory },
      },
      { blockId: 'b-2', amount: money, purchasedOn: '2026-02-01', expiresOn: null, price: null },
      { blockId: 'before', amount: money, purchasedOn: '2025-02-01', expiresOn: '2025-12-31', price: null },
    ];
    expect(told({ prepaid: { allotment } }, { blocks })).toEqual([
      'hours | prepaid each month | 600 min a month | what is left lapses | ',
      'b-1 | prepaid block | 600 min: 1300.00 AUD | once, on 2026-02-01, good to 2026-12-31 | GST',
      'b-2 | prepaid block | 500.00 AUD: paid elsewhere | once, on 2026-02-01, does not expire | ',
    ]);
    expect(told({ prepaid: { allotment: months } })).toEqual([
      'hours | prepaid each month | 600 min a month | what is left lives for 3 months, at most 700 min | ',
    ]);
    expect(told({ prepaid: { allotment: { ...allotment, rollOver: 'one-period' } } })).toEqual([
      'hours | prepaid each month | 600 min a month | what is left lives for the next month | ',
    ]);
  });

  it('is told of service credits, with the most that they come to', () => {
    const serviceLevels: ServiceLevels = {
      policy: {
        id: 'p',
        name: 'P',
        calendar: { timeZone: 'UTC', openingHours: {}, holidays: [] },
        targets: {},
        pausesOnThirdParty: true,
        warnAtPercent: [],
      },
      credits: [
        {
          id: 'late',
          name: 'Late',
          target: 'resolution',
          priorities: ['critical', 'high'],
          credit: { kind: 'percent-of-recurring', percent: '5' },
          taxCategory,
        },
        { id: 'slow', name: 'Slow', target: 'response', credit: { kind: 'amount', amount: '50.00' }, taxCategory },
      ],
      creditsByBreaches: [
        {
          id: 'missed',
          name: 'Missed',
          steps: [
            { from: 1, percent: '2' },
            { from: 3, amount: '50.00' },
          ],
          taxCategory,
        },
      ],
    };
    expect(told({ serviceLevels })).toEqual([
      "late | service credit | 5 % of the month's fees back | each missed resolution of priority critical or high, in all at most the month's fees | GST",
      "slow | service credit | 50.00 AUD back | each missed response, in all at most the month's fees | GST",
      "missed | service credit | from 1: 2 % of the month's fees, from 3: 50.00 AUD back, never less than a step before | by targets missed in a month, in all at most the month's fees | GST",
    ]);
    expect(
      told({ serviceLevels: { ...serviceLevels, creditsByBreaches: [], maximumCreditPerPeriod: '90.00' } })[1],
    ).toContain('in all at most 90.00 AUD a month');
  });

  it('is one row over versions that do not change it', () => {
    const versions = [
      version(1, '2026-01-01', null, { ...all, recurringCharges: [fee, seats] }),
      version(2, '2026-07-01', null, { ...all, recurringCharges: [fee, { ...seats, price: '32.00' }] }),
    ];
    const { rows } = chargesTable(analyseCoverage({ contracts: [contractOf('k', 1, ...versions)] }));
    expect(rows.map((row) => [row[0], row[1], row[3], row[5]].join(' '))).toEqual([
      '2026-01-01  fee 900.00 AUD a month',
      '2026-01-01 2026-06-30 seats 30.00 AUD a user a month',
      '2026-07-01  seats 32.00 AUD a user a month',
    ]);
  });
});
