import { describe, expect, it } from '@jest/globals';
import type { ContractTerms, RecurringCharge } from '@billtrail/contracts';
import { partsOfCharge } from '../../account/line-parts.js';
import { rateExplained } from '../../rate.js';
import { storyOf } from '../../story.js';
import { contractWith, fee, monthOf, onInvoice, versionsFrom } from '../../testing/charges.js';
import { only } from '../../testing/facts.js';
import { charged } from '../../testing/steps.js';
import type { ContractFacts, CountFacts } from '../facts.js';
import { unitsAtPrices } from './units.js';
import { unusedLicencesOn } from './unused-licences.js';

const TIERS = [
  { upTo: 10, price: '30.00' },
  { upTo: null, price: '25.00' },
];
const users = (more: Partial<RecurringCharge> = {}): Partial<ContractTerms> => {
  const { price: _price, ...rest } = fee({ basis: 'per-user', countOf: 'user' });
  return { recurringCharges: [{ ...rest, ...(more.price === undefined ? { tiers: TIERS } : {}), ...more }] };
};
const count = (number: number, from = '2026-01-01'): CountFacts => ({
  countOf: 'user',
  count: number,
  from,
  eventId: `ev-${from}-${number}`,
});
const withUsers = (more: Partial<RecurringCharge>, ...counts: readonly CountFacts[]): ContractFacts =>
  contractWith(users(more), { counts });
const chargesIn = (period: string, contract: ContractFacts, changes = {}) =>
  charged(monthOf(period, [contract], changes), []).charges;
const nets = (period: string, contract: ContractFacts, changes = {}) =>
  chargesIn(period, contract, changes).map(({ net }) => net.amount);
const sums = (charge: Parameters<typeof partsOfCharge>[0]) =>
  partsOfCharge(charge).map(({ label, quantity, unitPrice, amount }) =>
    [label, quantity ?? '', unitPrice?.amount ?? '', amount.amount].join(' '),
  );

describe('units at their prices', () => {
  const graduated = { id: 'fee', tiers: TIERS };
  const byVolume = { ...graduated, tierPricing: 'volume' } as const;
  const text = (...of: Parameters<typeof unitsAtPrices>) =>
    unitsAtPrices(...of).map(({ quantity, price }) => `${quantity} at ${price}`);

  it('graduated: each unit costs what its own tier says', () => {
    expect(text(graduated, 0)).toEqual(['0 at 30.00']);
    expect(text(graduated, 10)).toEqual(['10 at 30.00']);
    expect(text(graduated, 11)).toEqual(['10 at 30.00', '1 at 25.00']);
    expect(text(graduated, 4, 8)).toEqual(['2 at 30.00', '2 at 25.00']);
    expect(text(graduated, -4, 12)).toEqual(['-2 at 30.00', '-2 at 25.00']);
  });
  it('by volume: all cost what the tier of their number says', () => {
    expect(text(byVolume, 0)).toEqual(['0 at 30.00']);
    expect(text(byVolume, 10)).toEqual(['10 at 30.00']);
    expect(text(byVolume, 11)).toEqual(['11 at 25.00']);
    expect(text(byVolume, 1, 10)).toEqual(['11 at 25.00', '-10 at 30.00']);
  });
});

describe('tiers of units on a charge', () => {
  it('multiply out tier by tier: 10 x 30.00 and 2 x 25.00 are 350.00', () => {
    const charge = only(chargesIn('2026-03', withUsers({}, count(12))));
    expect(charge).toMatchObject({ quantity: '12', unit: 'user', unitPrice: { amount: '29.166667' } });
    expect(charge.net.amount).toBe('350.00');
    expect(sums(charge)).toEqual(['price 10 30.00 300.00', 'tier 2 25.00 50.00']);
  });
  it('by volume: 12 x 25.00 are 300.00, and the line says no more', () => {
    const charge = only(chargesIn('2026-03', withUsers({ tierPricing: 'volume' }, count(12))));
    expect(charge).toMatchObject({ quantity: '12', unitPrice: { amount: '25.00' }, net: { amount: '300.00' } });
    expect(sums(charge)).toEqual(['price 12 25.00 300.00']);
  });
  it('are told tier by tier', () => {
    const contract = withUsers({}, count(12));
    const { charges } = rateExplained(monthOf('2026-03', [contract]));
    expect(storyOf(only(charges)).map(({ label, text }) => `${label}: ${text}`)).toEqual([
      'Charge: Managed service (fee), per-user of contract con-1 version 1, 2026-03-01 to 2026-03-31',
      'Days: all 31 days of 2026-03-01 to 2026-03-31',
      'Net: 10 user x 30.00 = 300.00, 2 user x 25.00 = 50.00: 350.00 AUD',
    ]);
    expect(charges[0]?.trace[1]?.text).toBe(
      '12 user, 10 at 30.00, 2 at 25.00: 350 AUD x 31 of 31 days of 2026-03-01 to 2026-03-31',
    );
  });
  it('with a count that changes within the month: 300.00 x 15/31 and 350.00 x 16/31', () => {
    const contract = withUsers({}, count(10), count(12, '2026-03-16'));
    expect(nets('2026-03', contract)).toEqual(['145.16', '180.65']);
    expect(sums(chargesIn('2026-03', contract)[1] ?? only([]))).toEqual([
      'price 10 30.00 300.00',
      'tier 2 25.00 50.00',
      'proration   -169.35',
    ]);
  });
  it('with a discount of 10 %: 315.00', () => {
    const discounts = [
      { id: 'off', name: 'Off', kind: 'percent', percent: '10', includesRecurring: true, order: 'before-minimum' },
    ] as const;
    const contract = contractWith({ ...users(), discounts }, { counts: [count(12)] });
    expect(nets('2026-03', contract)).toEqual(['315.00']);
  });
  it('where increases wait for the next period: 300.00 in March, 350.00 in April', () => {
    const contract = withUsers({ proration: { increases: 'next-period' } }, count(10), count(12, '2026-03-16'));
    expect([...nets('2026-03', contract), ...nets('2026-04', contract)]).toEqual(['300.00', '350.00']);
  });
  it('by volume, a unit more that makes all cheaper is judged as more units', () => {
    const waits = { tierPricing: 'volume', proration: { increases: 'next-period' } } as const;
    const contract = withUsers(waits, count(10), count(11, '2026-03-16'));
    expect([...nets('2026-03', contract), ...nets('2026-04', contract)]).toEqual(['300.00', '275.00']);
  });
});

describe('tiers that change after the invoice (K1)', () => {
  const asked = withUsers({}, count(12));
  const invoiced = { invoicedCharges: onInvoice(chargesIn('2026-03', asked)) };
  const dearer = users({ tiers: [{ upTo: 10, price: '32.00' }, ...TIERS.slice(1)] });

  it('by a back-dated version: 350.00 x 15/31 + 370.00 x 16/31 - 350.00 = 10.32', () => {
    const contract = contractWith(
      {},
      { ...versionsFrom(['2026-01-01', users()], ['2026-03-16', dearer]), counts: [count(12)] },
    );
    const [, adjustment] = chargesIn('2026-03', contract, invoiced);
    expect(adjustment?.net.amount).toBe('10.32');
    expect(adjustment?.basis.before?.why).toBe(
      '12 user (10 at 32.00, 2 at 25.00) instead of 12 (10 at 30.00, 2 at 25.00) from 2026-03-16 on',
    );
    expect(sums(adjustment ?? only([]))).toEqual([
      'price 10 30.00 300.00',
      'tier 2 25.00 50.00',
      'proration   -180.65',
      'price 10 32.00 320.00',
      'tier 2 25.00 50.00',
      'proration   -179.03',
      'billed-before   -350.00',
    ]);
  });
  it('by a count, to a unit less than the tier begins with: 10 x 30.00 - 350.00 = -50.00', () => {
    const contract = withUsers({}, count(12), count(10));
    expect(nets('2026-03', contract, invoiced)).toEqual(['350.00', '-50.00']);
  });
  it('by a version with one price for all: 12 x 28.00 - 350.00 = -14.00, and back', () => {
    const plain = contractWith(users({ price: '28.00' }), { counts: [count(12)] });
    const charges = chargesIn('2026-03', plain, invoiced);
    expect(charges.map(({ net }) => net.amount)).toEqual(['350.00', '-14.00']);
    expect(charges[1]?.basis.before?.why).toContain('12 user (12 at 28.00) instead of 12 (10 at 30.00, 2 at 25.00)');
    expect(nets('2026-03', asked, { invoicedCharges: onInvoice(charges) })).toEqual(['350.00', '-14.00', '14.00']);
  });
});

describe('units that join a year by tiers (K22)', () => {
  const yearly = { everyMonths: 12, cycleAnchor: 'contract-day' } as const;
  const SEATS = [
    { upTo: 10, price: '372.00' },
    { upTo: null, price: '365.00' },
  ];
  const of = (more: Partial<RecurringCharge>, ...counts: readonly CountFacts[]) =>
    contractWith({}, { ...versionsFrom(['2026-03-15', users({ ...yearly, tiers: SEATS, ...more })]), counts });

  it('cost what their own tier says: four above ten are 4 x 365.00 x 212/365 = 848.00', () => {
    const contract = of({}, count(10, '2026-03-15'), count(14, '2026-08-15'));
    expect([...nets('2026-03', contract), ...nets('2026-08', contract)]).toEqual(['3720.00', '848.00']);
  });
  it('by volume make the others cheaper: (14 x 365.00 - 10 x 372.00) x 212/365 = 807.34', () => {
    const contract = of({ tierPricing: 'volume' }, count(10, '2026-03-15'), count(14, '2026-08-15'));
    const charge = only(chargesIn('2026-08', contract));
    expect(charge.net.amount).toBe('807.34');
    expect(sums(charge)).toEqual(['price 14 365.00 5110.00', 'tier -10 372.00 -3720.00', 'proration   -582.66']);
  });
  it('where they make all of it less, it is given back: (11 x 330.00 - 10 x 372.00) x 212/365 = -52.27', () => {
    const cheaper = [SEATS[0] ?? only([]), { upTo: null, price: '330.00' }];
    const contract = of({ tiers: cheaper, tierPricing: 'volume' }, count(10, '2026-03-15'), count(11, '2026-08-15'));
    const charge = only(chargesIn('2026-08', contract));
    expect(charge).toMatchObject({ quantity: '-1', unitPrice: { amount: '90.00' }, net: { amount: '-52.27' } });
  });
  it('are given back tier by tier where they leave: 9 of 14, (5 x 365.00 less 4 x 365.00 and 1 x 372.00) x 104/365', () => {
    const counts = [count(10, '2026-03-15'), count(14, '2026-08-15'), count(9, '2026-12-01')];
    // 4 x 365.00 + 1 x 372.00 = 1832.00.
    expect(nets('2026-12', of({}, ...counts))).toEqual(['-521.99']);
    // 14 x 365.00 - 9 x 372.00 = 1762.00.
    expect(nets('2026-12', of({ tierPricing: 'volume' }, ...counts))).toEqual(['-502.05']);
  });
});

describe('at least so many units', () => {
  const least = { price: '30.00', minimumCount: 10 } as const;

  it('are charged: 8 counted, 10 x 30.00 = 300.00, and the line says so', () => {
    const charge = only(chargesIn('2026-03', withUsers(least, count(8))));
    expect(charge).toMatchObject({ quantity: '10', net: { amount: '300.00' } });
    expect(partsOfCharge(charge)).toMatchObject([{ label: 'price', quantity: '10', counted: 8 }]);
    expect(charge.trace.map(({ text }) => text)).toContain('8 user counted: at least 10 are charged');
  });
  it('say nothing where more are there, and are what the gap of a missing count is worth', () => {
    const charge = only(chargesIn('2026-03', withUsers(least, count(12))));
    expect(charge.net.amount).toBe('360.00');
    expect(partsOfCharge(charge)[0]).not.toHaveProperty('counted');
    const { charges, gaps } = rateExplained(monthOf('2026-03', [withUsers(least)]));
    // What is owed in any case: 10 x 30.00.
    expect([charges.length, gaps.map(({ cause, valueAtRisk }) => [cause, valueAtRisk.money?.amount])]).toEqual([
      0,
      [[expect.stringContaining('nobody recorded how many user there are; at least 10 are charged'), '300.00']],
    ]);
  });
  it('are one charge while the count stays below them, and an adjustment after the invoice says what came', () => {
    const contract = withUsers(least, count(8), count(9, '2026-03-10'));
    const charges = chargesIn('2026-03', contract);
    expect(charges.map(({ net }) => net.amount)).toEqual(['300.00']);
    const invoiced = { invoicedCharges: onInvoice(charges) };
    // 2 x 30.00 x 16/31.
    expect(nets('2026-03', withUsers(least, count(8), count(12, '2026-03-16')), invoiced)).toEqual(['300.00', '30.97']);
    // A version without them: 8 x 30.00.
    expect(nets('2026-03', withUsers({ price: '30.00' }, count(8)), invoiced)).toEqual(['300.00', '-60.00']);
  });
  it('fill the tiers, and those who join a year are above them', () => {
    expect(nets('2026-03', withUsers({ minimumCount: 12 }, count(3)))).toEqual(['350.00']);
    const yearly = users({ ...least, price: '365.00', everyMonths: 12, cycleAnchor: 'contract-day' });
    const counts = [count(8, '2026-03-15'), count(13, '2026-08-15')];
    const contract = contractWith({}, { ...versionsFrom(['2026-03-15', yearly]), counts });
    // 10 x 365.00; then 3 x 365.00 x 212/365.
    expect([...nets('2026-03', contract), ...nets('2026-08', contract)]).toEqual(['3650.00', '636.00']);
  });
  it('beside a commitment: the higher of both is charged, and unused are those that it holds (K25)', () => {
    const commitment = { until: '2026-06-30', increaseOnly: true } as const;
    const counts = [count(12), count(4, '2026-03-01')];
    const contract = withUsers({ commitment, minimumCount: 6 }, ...counts);
    const april = only(chargesIn('2026-04', contract));
    expect(april.net.amount).toBe('350.00');
    expect(partsOfCharge(april)[0]).toMatchObject({ unused: 8 });
    // 4 to 10 at 30.00, two at 25.00.
    expect(unusedLicencesOn(contract, '2026-04-01')).toMatchObject([{ unused: 8, net: { amount: '230.00' } }]);
    const july = only(chargesIn('2026-07', contract));
    expect(july.net.amount).toBe('180.00');
    expect(partsOfCharge(july)[0]).toMatchObject({ counted: 4 });
  });
});
