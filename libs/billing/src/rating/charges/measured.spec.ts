import { describe, expect, it } from '@jest/globals';
import { Money, monthsBetween } from '@billtrail/kernel';
import type { ContractTerms, RecurringCharge } from '@billtrail/contracts';
import { contractWith, fee, minimumOf, monthOf, versionsFrom } from '../../testing/charges.js';
import { charged } from '../../testing/steps.js';
import type { ContractFacts, PeriodFacts } from '../facts.js';
import { netFee } from './fee.js';
import { stretchesMeasured } from './measured.js';

const terms = (charge: Partial<RecurringCharge>, minimum = '1500.00'): Partial<ContractTerms> => ({
  recurringCharges: [fee(charge)],
  minimumCommitment: minimumOf(minimum, { countsRecurring: true }),
});
const from = (day: string, charge: Partial<RecurringCharge>, minimum?: string): ContractFacts =>
  contractWith({}, versionsFrom([day, terms(charge, minimum)]));
const chargesIn = (period: string, contract: ContractFacts, changes: Partial<PeriodFacts> = {}) =>
  charged(monthOf(period, [contract], changes), []).charges;
/** What the minimum asks for, month by month. */
const asked = (contract: ContractFacts, first: string, last: string): readonly string[] =>
  monthsBetween(first, last).flatMap((month) =>
    chargesIn(month, contract).flatMap(({ kind, net }) => (kind === 'minimum' ? [`${month} ${net.amount}`] : [])),
  );
/** What the fee reaches, month by month. */
const reached = (contract: ContractFacts, first: string, last: string): readonly string[] =>
  monthsBetween(first, last).map(
    (month) => Money.sum(stretchesMeasured(contract, month).map(netFee), 'AUD').toJSON().amount,
  );

const sumOf = (amounts: readonly string[]): string =>
  Money.sum(
    amounts.map((amount) => Money.of(amount, 'AUD')),
    'AUD',
  ).toJSON().amount;

describe('what a fee by the quarter or year reaches in a month', () => {
  it.each<readonly [string, Partial<RecurringCharge>]>([
    ['a year of 18,000.00 in advance', { price: '18000.00', everyMonths: 12 }],
    ['a year in arrears', { price: '18000.00', everyMonths: 12, billed: 'in-arrears' }],
    ['a quarter of 4,500.00', { price: '4500.00', everyMonths: 3 }],
    ['half a year of 9,000.00', { price: '9000.00', everyMonths: 6 }],
  ])('%s meets a minimum of 1,500.00 in every month', (_what, charge) => {
    expect(asked(from('2026-01-01', charge), '2026-01', '2026-12')).toEqual([]);
    // A cent more lacks a cent: each month is measured.
    expect(asked(from('2026-01-01', charge, '1500.01'), '2026-01', '2026-12')).toEqual(
      monthsBetween('2026-01', '2026-12').map((month) => `${month} 0.01`),
    );
  });

  it('meets it from the contract\u2019s day too, with a month in part and months that two cycles meet in', () => {
    const anchor = { cycleAnchor: 'contract-day' } as const;
    const charges: readonly Partial<RecurringCharge>[] = [
      { price: '18000.00', everyMonths: 12, ...anchor },
      { price: '4500.00', everyMonths: 3, ...anchor },
      { price: '1500.00', ...anchor },
    ];
    for (const charge of charges) {
      for (const day of ['2026-01-15', '2026-01-31'])
        expect(asked(from(day, charge), '2026-01', '2027-12')).toEqual([]);
    }
  });

  it('meets it where the contract begins, ends or rests within a month', () => {
    const contract = from('2026-02-10', { price: '4500.00', everyMonths: 3 });
    // February: 1,500.00 x 19/28 = 1,017.86 of the minimum. The fee is 4,500.00 x 80/89 = 4,044.94, shared as 1,017.86 and twice 1,500.00.
    expect(reached(contract, '2026-02', '2026-04')).toEqual(['1024.72', '1510.11', '1510.11']);
    const suspensions = [{ from: '2026-06-11', resumedOn: '2026-06-21' }];
    const ended = { ...contract, suspensions, lastDay: '2026-08-20' };
    // June without 10 of its 30 days, August to its 20th of 31: 82 of 92 days, 4,010.87, shared as 1,500.00, 1,000.00 and 1,500.00; then 20 of 92 days.
    expect(reached(ended, '2026-05', '2026-09')).toEqual(['1504.08', '1002.71', '1504.08', '978.26', '0.00']);
    expect(asked(ended, '2026-02', '2026-09')).toEqual([]);
  });

  it('reaches what is asked for, where a cycle that is cut short costs more by its days than by its months', () => {
    const quarterly = { price: '4500.00', everyMonths: 3 } as const;
    const ends = (lastDay: string, minimum: string) => ({ ...from('2026-01-01', quarterly, minimum), lastDay });
    // 1 July to 20 August: 4,500.00 x 51/92 = 2,494.57; by months 1,500.00 and 967.74. July has 31 of the 51 days, as both have 31.
    const august = ends('2026-08-20', '2000.00');
    expect(reached(august, '2026-07', '2026-08')).toEqual(['1516.30', '978.27']);
    // 2,000.00 - 1,516.30 and 2,000.00 x 20/31 = 1,290.32 - 978.27: with the fee 3,290.32, the minimum of both months to the cent.
    expect(asked(august, '2026-07', '2026-08')).toEqual(['2026-07 483.70', '2026-08 312.05']);
    // To 20 September: 4,500.00 x 82/92 = 4,010.87, by months 4,000.00. None of them lacks something to a minimum that they meet by months.
    const september = ends('2026-09-20', '1500.00');
    expect(reached(september, '2026-07', '2026-09')).toEqual(['1504.08', '1504.07', '1002.72']);
    expect(asked(september, '2026-07', '2026-09')).toEqual([]);
    // To 27 February it costs less by its days, 4,500.00 x 58/90 = 2,900.00, than by its months: it meets what it would by the month.
    expect(reached(ends('2026-02-27', '1500.00'), '2026-01', '2026-02')).toEqual(['1500.00', '1446.43']);
    // 436.00 a quarter that ends with October: 436.00 x 31/92 = 146.91, and not its third, 145.33: 1.58 less is asked for beside it.
    const october = { ...from('2026-10-01', { price: '436.00', everyMonths: 3 }, '500.00'), lastDay: '2026-10-31' };
    expect(asked(october, '2026-10', '2026-10')).toEqual(['2026-10 353.09']);
  });

  it('is a share of the whole, to the cent', () => {
    const contract = from('2026-01-01', { price: '1000.00', everyMonths: 3 });
    expect(reached(contract, '2026-01', '2026-03')).toEqual(['333.33', '333.34', '333.33']);
  });

  it('follows a price that changes within the cycle from its day on', () => {
    const before = terms({ price: '18000.00', everyMonths: 12 });
    const dearer = terms({ price: '24000.00', everyMonths: 12 });
    const contract = contractWith({}, versionsFrom(['2026-01-01', before], ['2026-05-16', dearer]));
    // May: 1,500.00 x 15/31 = 725.81 and 2,000.00 x 16/31 = 1,032.26, in all 21,758.07. The year is 18,000.00 x 135/365 and 24,000.00 x 230/365 = 21,780.82.
    expect(reached(contract, '2026-04', '2026-06')).toEqual(['1501.57', '1759.90', '2002.09']);
    expect(sumOf(reached(contract, '2026-01', '2026-12'))).toBe('21780.82');
  });

  it('counts thirtieths of the month where the terms count them, and the whole of it by whole-period', () => {
    const by = (increases: 'thirtieths' | 'whole-period' | 'next-period') => {
      const charge = fee({ id: 'late', price: '4500.00', everyMonths: 3, proration: { increases } });
      const quarterly = { price: '4500.00', everyMonths: 3 } as const;
      const second = { recurringCharges: [fee(quarterly), charge] };
      return contractWith(
        {},
        versionsFrom(
          ['2026-01-01', { recurringCharges: [fee(quarterly), { ...charge, price: '0.00' }] }],
          ['2026-02-20', second],
        ),
      );
    };
    // The one of 4,500.00 is 1,500.00 in each month; what joins on 20 February counts its 20th to 30th day: 11/30.
    expect(reached(by('thirtieths'), '2026-01', '2026-03')).toEqual(['1500.00', '2050.00', '3000.00']);
    expect(reached(by('whole-period'), '2026-01', '2026-03')).toEqual(['3000.00', '3000.00', '3000.00']);
    expect(reached(by('next-period'), '2026-01', '2026-04')).toEqual(['1500.00', '1500.00', '1500.00', '3000.00']);
  });

  it('counts units that join within the cycle from their day on', () => {
    const seats = { price: '450.00', everyMonths: 3, basis: 'per-user', countOf: 'seat' } as const;
    const count = (units: number, day: string) => ({ countOf: 'seat', count: units, from: day, eventId: `ev-${day}` });
    const counts = [count(10, '2026-01-01'), count(14, '2026-02-15')];
    for (const cycleAnchor of [undefined, 'calendar'] as const) {
      const charge = { ...seats, ...(cycleAnchor && { cycleAnchor }) };
      // 150.00 a month each: in February ten to the 14th and fourteen after it, in halves of its 28 days.
      expect(reached({ ...from('2026-01-01', charge), counts }, '2026-01', '2026-03')).toEqual([
        '1500.00',
        '1800.00',
        '2100.00',
      ]);
    }
  });

  it('is by its days what service credits are a percentage of, and at most (K5)', () => {
    const serviceLevels: ContractTerms['serviceLevels'] = {
      policy: { id: 'p', name: 'P', warnAtPercent: [], targets: [] },
      credits: [
        { id: 'c', name: 'Credit', target: 'response', credit: { kind: 'percent', percent: '10' }, taxCategory: 'GST' },
      ],
    } as never;
    const contract = contractWith({
      recurringCharges: [fee({ price: '18000.00', everyMonths: 12 })],
      serviceLevels,
    });
    const breach = (breachedOn: string) => ({
      ticketId: 'T-1',
      target: 'response' as const,
      priority: 'high',
      breachedOn,
      contractId: 'con-1',
      eventId: 'ev-breach',
    });
    // 28 and 31 of 365 days.
    for (const [month, credit] of [
      ['2026-02', '-138.08'],
      ['2026-03', '-152.88'],
    ] as const)
      expect(
        chargesIn(month, contract, { slaBreaches: [breach(`${month}-12`)] }).flatMap(({ kind, net }) =>
          kind === 'service-credit' ? [net.amount] : [],
        ),
      ).toEqual([credit]);
  });
});
