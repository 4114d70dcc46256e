import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Money } from '@billtrail/kernel';
import type { Basis } from '../item/basis.js';
import type { ExplainedItem } from '../item/billable-item.js';
import type { LinePart } from '../item/frozen-item.js';
import { HOURLY, aud, feeItem, hourItem } from '../testing/items.js';
import { partsOfCharge } from './line-parts.js';
import { sumSoFar } from './worked-out.js';
import { lineOf } from './lines.js';

function partsOf(changes: Partial<ExplainedItem>, basis: Partial<Basis> = {}): readonly LinePart[] {
  return lineOf(hourItem('w-1', { basis: { ...HOURLY, ...basis }, ...changes }))?.parts ?? [];
}
const shown = (parts: readonly LinePart[]) => parts.map(({ label, amount }) => `${label} ${amount.amount}`);

const NO_PRICE = { quantity: null, unitPrice: null };
const price = { mode: 'hourly', scope: null, charged: false, flatPrice: null } as const;
const discount = (exactBefore: string, exact: string) => ({
  exactBefore,
  exact,
  beforeMinimumPercent: '0',
  afterMinimumPercent: '0',
});
const cap = { contractId: 'con-1', capId: 'cap-1', currency: 'AUD', above: null, heldBack: null };

describe('the parts of a line of work', () => {
  it('are its price alone, by quantity and unit price', () => {
    expect(partsOf({})).toEqual([
      { label: 'price', quantity: '1', minutes: 60, unitPrice: aud('150.00'), amount: aud('150.00') },
    ]);
    const material = {
      kind: 'material',
      quantity: '3',
      unit: 'piece',
      unitPrice: aud('0.335'),
      net: aud('1.01'),
    } as const;
    expect(shown(partsOf({ ...material, actualMinutes: null, billableMinutes: null }))).toEqual(['price 1.01']);
  });
  it('count the minutes, where hours have no exact decimal', () =>
    expect(
      shown(partsOf({ billableMinutes: 20, quantity: '0.333333', unitPrice: aud('0.045'), net: aud('0.02') })),
    ).toEqual(['price 0.02']));
  it('tell what the digits make that a unit price is shown without, or the price that was stated', () => {
    const day = { billableMinutes: 4_200, quantity: '70', unitPrice: aud('142.857143'), net: aud('10000.00') };
    expect(shown(partsOf({ ...day, unitPrice: aud('142.86') }))).toEqual(['price 10000.20', 'rounding -0.20']);
    expect(shown(partsOf(day))).toEqual(['price 10000.00']);
    const perDay = { ...price, per: { price: '1000.00', minutes: 420 } };
    expect(partsOf(day, { price: perDay })).toEqual([
      {
        label: 'price',
        quantity: '70',
        unitPrice: aud('1000.00'),
        minutes: 4_200,
        perMinutes: 420,
        amount: aud('10000.00'),
      },
    ]);
  });
  it('state a discount', () =>
    expect(shown(partsOf({ net: aud('127.50') }, { discount: discount('150', '127.5') }))).toEqual([
      'price 150.00',
      'discount -22.50',
    ]));
  it('state a discount of everything', () =>
    expect(shown(partsOf({ net: aud('0.00') }, { discount: discount('150', '0') }))).toEqual([
      'price 150.00',
      'discount -150.00',
    ]));
  it('state an amount on top, before its discount', () => {
    const onTop = { ...price, mode: 'amount-on-top', scope: 'entry', charged: true } as const;
    expect(shown(partsOf({ net: aud('180.00') }, { price: onTop }))).toEqual(['price 150.00', 'on-top 30.00']);
    expect(shown(partsOf({ net: aud('162.00') }, { price: onTop, discount: discount('180', '162') }))).toEqual([
      'price 150.00',
      'on-top 30.00',
      'discount -18.00',
    ]);
  });
  it('state tier by tier, each at its own price, and their discount', () => {
    const tiers = { ...price, mode: 'tiers', scope: 'entry', tiers: [] } as const;
    const two = [
      { minutes: 60, pricePerHour: '150.00' },
      { minutes: 40, pricePerHour: '100.00' },
    ];
    const item = { billableMinutes: 100, quantity: '1.666667', unitPrice: aud('130.00'), net: aud('216.67') };
    expect(partsOf(item, { price: { ...tiers, tiers: two } })).toEqual([
      { label: 'tier', quantity: '1', unitPrice: aud('150.00'), minutes: 60, amount: aud('150.00') },
      { label: 'tier', quantity: '0.666667', unitPrice: aud('100.00'), minutes: 40, amount: aud('66.67') },
    ]);
    const less = { discount: { ...discount('216.666667', '195.0000003'), beforeMinimumPercent: '10' } };
    expect(shown(partsOf({ ...item, net: aud('195.00') }, { price: { ...tiers, tiers: two }, ...less }))).toEqual([
      'tier 150.00',
      'tier 66.67',
      'discount -21.67',
    ]);
    // A block cut it: which minutes of which tier are left, nobody can tell.
    expect(shown(partsOf({ ...item, billableMinutes: 60 }, { price: { ...tiers, tiers: two } }))).toEqual([
      'price 130.00',
      'tiers 86.67',
    ]);
  });
  it('state the percent of a discount, and which cap took off what', () => {
    const item = { billableMinutes: 540, quantity: '9', unitPrice: aud('100.00') };
    const tenOff = { ...discount('900', '810'), beforeMinimumPercent: '10' };
    expect(partsOf({ ...item, net: aud('810.00') }, { discount: tenOff })[1]).toEqual({
      label: 'discount',
      quantity: null,
      unitPrice: null,
      percent: '10',
      amount: aud('-90.00'),
    });
    const capped = partsOf({ ...item, net: aud('700.00') }, { discount: tenOff, cap });
    expect(capped.slice(2)).toEqual([
      { label: 'cap', quantity: null, unitPrice: null, capId: 'cap-1', amount: aud('-110.00') },
    ]);
  });
  it('state what tiers add to their average, as it is shown', () => {
    const tiers = { ...price, mode: 'tiers', scope: 'ticket T-1' } as const;
    expect(shown(partsOf({ unitPrice: aud('149.99'), net: aud('150.00') }, { price: tiers }))).toEqual([
      'price 149.99',
      'tiers 0.01',
    ]);
  });
  it('state what a cap takes off, of a part of discounted work with its share of the discount', () => {
    expect(shown(partsOf({ net: aud('100.00') }, { cap }))).toEqual(['price 150.00', 'cap -50.00']);
    expect(shown(partsOf({ net: aud('100.00') }, { cap, discount: discount('300', '240') }))).toEqual([
      'price 150.00',
      'discount -30.00',
      'cap -20.00',
    ]);
  });
  it('state what tiers add before a discount, also under a cap that let all through', () => {
    const tiers = { ...price, mode: 'tiers', scope: 'ticket T-1' } as const;
    const item = { unitPrice: aud('149.99'), net: aud('120.00') };
    expect(shown(partsOf(item, { price: tiers, cap, discount: discount('150', '120') }))).toEqual([
      'price 149.99',
      'tiers 0.01',
      'discount -30.00',
    ]);
  });
  it('leave out what comes to nothing', () => {
    const tenOff = { ...discount('0.01', '0.009'), beforeMinimumPercent: '10' };
    expect(shown(partsOf({ unitPrice: aud('0.01'), net: aud('0.01') }, { discount: tenOff }))).toEqual(['price 0.01']);
  });
  it('state nothing of a cap that let all through', () =>
    expect(shown(partsOf({ net: aud('120.00') }, { cap, discount: discount('150', '120') }))).toEqual([
      'price 150.00',
      'discount -30.00',
    ]));
  it('state what money of a block paid before', () =>
    expect(shown(partsOf({ net: aud('149.50') }, { prepaid: 'overage' }))).toEqual([
      'price 150.00',
      'paid-before -0.50',
    ]));
  it('state one price once more, where a part of it was billed after its discount', () => {
    const flat = { ...price, mode: 'flat', scope: 'ticket T-1', charged: true, flatPrice: aud('220.00') } as const;
    const rest = { unit: 'flat', quantity: '0.5', unitPrice: aud('220.00'), net: aud('99.00') };
    expect(shown(partsOf(rest, { price: flat }))).toEqual(['price 110.00', 'discount -11.00']);
  });
  it('state what a correction adds or takes, whatever priced it', () => {
    const adjustment = { causedBy: null, writeOffTakenBack: null };
    const less = { billableMinutes: -30, quantity: '-0.5', net: aud('-75.00') };
    expect(shown(partsOf(less, { adjustment }))).toEqual(['price -75.00']);
    expect(shown(partsOf({ ...less, net: aud('-80.00') }, { adjustment, discount: discount('150', '120') }))).toEqual([
      'price -75.00',
      'adjustment -5.00',
    ]);
  });
  it('state a courtesy after all else, with its reason', () => {
    const courtesy = { amount: aud('27.50'), reason: 'late start' };
    const parts = partsOf({ net: aud('100.00'), courtesy }, { discount: discount('150', '127.5') });
    expect(shown(parts)).toEqual(['price 150.00', 'discount -22.50', 'courtesy -27.50']);
    expect(parts[2]).toEqual({ ...NO_PRICE, label: 'courtesy', reason: 'late start', amount: aud('-27.50') });
  });
  it('state the whole work of a part that money of a block paid', () => {
    // 45 minutes at 150.00 are 112.50: money paid 100.00 of them, and 12.50 are asked.
    const part = { billableMinutes: 5, quantity: '0.083333', net: aud('12.50') };
    expect(partsOf(part, { prepaid: 'overage', paidOf: 45 })).toEqual([
      { label: 'price', quantity: '0.75', minutes: 45, unitPrice: aud('150.00'), amount: aud('112.50') },
      { ...NO_PRICE, label: 'paid-before', amount: aud('-100.00') },
    ]);
  });
  it('state the price of a correction of goods by the piece, and no minutes of it', () => {
    const adjustment = { causedBy: null, writeOffTakenBack: null };
    const goods = {
      kind: 'material',
      unit: 'piece',
      quantity: '-2',
      unitPrice: aud('15.00'),
      net: aud('-30.00'),
    } as const;
    expect(partsOf({ ...goods, actualMinutes: null, billableMinutes: null }, { adjustment })).toEqual([
      { label: 'price', quantity: '-2', unitPrice: aud('15.00'), amount: aud('-30.00') },
    ]);
  });
  it('state what a correction adds less its percent', () => {
    const adjustment = { causedBy: null, writeOffTakenBack: null };
    const tenOff = { ...discount('75', '67.5'), afterMinimumPercent: '10' };
    const more = { billableMinutes: 30, quantity: '0.5', net: aud('67.50') };
    expect(shown(partsOf(more, { adjustment, discount: tenOff }))).toEqual(['price 75.00', 'discount -7.50']);
  });
  it('state that a block covers it', () =>
    expect(shown(partsOf({ unitPrice: aud('0.00'), net: aud('0.00') }, { prepaid: 'covered' }))).toEqual([
      'price 0.00',
    ]));

  it('sum to the net, whatever it is', () => {
    const modes = ['hourly', 'quantity', 'tiers', 'flat', 'amount-on-top'] as const;
    const cents = fc.integer({ min: -1_000_000, max: 1_000_000 });
    const money = (minor: number) => Money.ofMinor(BigInt(minor), 'AUD').toJSON();
    fc.assert(
      fc.property(
        fc.record({
          net: cents,
          unitPrice: cents,
          minutes: fc.integer({ min: -600, max: 600 }),
          mode: fc.constantFrom(...modes),
          exact: fc.option(fc.tuple(fc.integer({ min: 0, max: 1_000_000 }), fc.integer({ min: 0, max: 1_000_000 }))),
          prepaid: fc.constantFrom('covered', 'overage', null),
          isCapped: fc.boolean(),
          isAdjustment: fc.boolean(),
        }),
        ({ net, unitPrice, minutes, mode, exact, prepaid, isCapped, isAdjustment }) => {
          const parts = partsOf(
            { net: money(net), unitPrice: money(unitPrice), billableMinutes: minutes },
            {
              price: { ...price, mode },
              discount: exact === null ? null : discount(String(exact[0] / 100), String(exact[1] / 100)),
              prepaid,
              cap: isCapped ? cap : null,
              adjustment: isAdjustment ? { causedBy: null, writeOffTakenBack: null } : null,
            },
          );
          const sum = Money.sum(
            parts.map(({ amount }) => Money.from(amount)),
            'AUD',
          );
          expect(sum.toJSON()).toEqual(money(net));
          expect(sumSoFar(parts, 'AUD').toJSON()).toEqual(money(net));
          expect(parts[0]).toMatchObject({ label: 'price' });
          expect(parts.slice(1).filter(({ amount }) => Money.from(amount).isZero())).toEqual([]);
        },
      ),
      { numRuns: 300, seed: 20261129 },
    );
  });
});

describe('the parts of a charge', () => {
  it('are its price, and what its days and discounts make of it', () => {
    expect(shown(partsOfCharge(feeItem('fee', '500.00')))).toEqual(['price 500.00']);
    const licences = feeItem('licence', '200.00', { quantity: '12', unit: 'user', unitPrice: aud('20.00') });
    expect(shown(partsOfCharge(licences))).toEqual(['price 240.00', 'proration -40.00']);
  });
  it('of a fee are quantity times price, its days of the cycle, and its discount', () => {
    const days = { from: '2026-03-15', to: '2026-03-31', days: '17', cycleDays: 31, daysBefore: '0' };
    const fee = { ...days, quantity: '12', unitPrice: '12.50', percentOff: '10', net: '74.03' };
    const basis = { ...feeItem('fee', '1').basis, fee: [fee] };
    const licences = feeItem('fee', '74.03', { quantity: '12', unit: 'device', unitPrice: aud('12.50'), basis });
    const figures = { from: '2026-03-15', to: '2026-03-31' };
    expect(partsOfCharge(licences)).toEqual([
      { label: 'price', quantity: '12', unitPrice: aud('12.50'), ...figures, amount: aud('150.00') },
      { ...NO_PRICE, label: 'proration', ...figures, days: '17', ofDays: 31, amount: aud('-67.74') },
      { ...NO_PRICE, label: 'discount', percent: '10', amount: aud('-8.23') },
    ]);
  });
  it('of a fee that other days are charged like are rounded with those', () => {
    // Three stretches of 10, 10 and 11 days at 100.00 are 100.00 together, whatever the cents of each.
    const nets = ['32.26', '32.26', '35.48'];
    const sums = ['10', '10', '11'].map((days, index) => {
      const stretch = { from: '2026-03-01', to: '2026-03-10', days, cycleDays: 31, daysBefore: String(10 * index) };
      const fee = { ...stretch, quantity: '1', unitPrice: '100.00', percentOff: '0', net: nets[index] ?? '' };
      return partsOfCharge(feeItem('fee', nets[index] ?? '', { basis: { ...feeItem('fee', '1').basis, fee: [fee] } }));
    });
    expect(sums.map((parts) => parts.map(({ label }) => label))).toEqual([
      ['price', 'proration'],
      ['price', 'proration'],
      ['price', 'proration'],
    ]);
    expect(sums.map((parts) => sumSoFar(parts, 'AUD').toJSON().amount)).toEqual(nets);
  });
  it('of an adjustment are what it should be, less what was billed before', () => {
    const before = { net: '3100.00', now: '3320.00', documentIds: ['I1'], why: 'the terms changed' };
    const stretch = { cycleDays: 31, daysBefore: '0', quantity: '1', percentOff: '0' };
    const fee = [
      { ...stretch, from: '2026-03-01', to: '2026-03-09', days: '9', unitPrice: '3100.00', net: '900.00' },
      { ...stretch, from: '2026-03-10', to: '2026-03-31', days: '22', unitPrice: '3410.00', net: '2420.00' },
    ];
    const adjusted = { unit: 'adjustment', basis: { ...feeItem('fee', '1').basis, fee, before } };
    expect(shown(partsOfCharge(feeItem('fee', '220.00', adjusted)))).toEqual([
      'price 3100.00',
      'proration -2200.00',
      'price 3410.00',
      'proration -990.00',
      'billed-before -3100.00',
    ]);
    const gone = { ...adjusted, basis: { ...feeItem('fee', '1').basis, fee: [], before: { ...before, now: '0.00' } } };
    expect(shown(partsOfCharge(feeItem('fee', '-3100.00', gone)))).toEqual(['price 0.00', 'billed-before -3100.00']);
    const credited = { ...adjusted, basis: { ...adjusted.basis, before: { ...before, net: '3400.00' } } };
    expect(shown(partsOfCharge(feeItem('fee', '0.00', credited))).at(-1)).toBe('adjustment 80.00');
  });
  it('of a minimum are what is required, less what counts towards it, less its discount', () => {
    const march = { from: '2026-03-01', to: '2026-03-31' };
    const basis = {
      ...feeItem('min', '1').basis,
      required: '322.58064516',
      minimum: { ...march, reached: '150', percentOff: '10', perPeriod: '500.00', days: 20, periodDays: 31 },
    };
    const minimum = feeItem('min', '155.32', { kind: 'minimum', unit: 'period', unitPrice: aud('155.32'), basis });
    expect(shown(partsOfCharge(minimum))).toEqual([
      'price 500.00',
      'proration -177.42',
      'counted -150.00',
      'discount -17.26',
    ]);
    const changed = { ...basis, minimum: { ...basis.minimum, perPeriod: null } };
    expect(partsOfCharge({ ...minimum, basis: changed })[0]).toMatchObject({ unitPrice: aud('322.580645') });
  });
  it('of days that are charged by a rule, with unused and counted units, and tiers of units', () => {
    const days = { from: '2026-03-10', to: '2026-03-31', days: '15', cycleDays: 30, daysBefore: '5' };
    const fee = {
      ...days,
      quantity: '25',
      unitPrice: '9.60',
      tiers: [
        { quantity: '20', price: '10.00' },
        { quantity: '5', price: '8.00' },
      ],
      rules: ['thirtieths'],
      unused: 3,
      counted: 22,
      percentOff: '0',
      net: '120.00',
    };
    const seats = feeItem('seat', '120.00', { basis: { ...feeItem('fee', '1').basis, fee: [fee] } });
    const figures = { from: '2026-03-10', to: '2026-03-31' };
    // 20 x 10.00 and 5 x 8.00 are 240.00 a cycle; of 20 days 5 were charged before: 160.00 less 40.00.
    expect(partsOfCharge(seats)).toEqual([
      {
        label: 'price',
        quantity: '20',
        unitPrice: aud('10.00'),
        ...figures,
        unused: 3,
        counted: 22,
        amount: aud('200.00'),
      },
      { label: 'tier', quantity: '5', unitPrice: aud('8.00'), amount: aud('40.00') },
      {
        ...NO_PRICE,
        label: 'proration',
        ...figures,
        days: '15',
        ofDays: 30,
        daysBefore: '5',
        rules: ['thirtieths'],
        amount: aud('-120.00'),
      },
    ]);
    const before = { net: '100.00', now: '120.00', unit: 'seat', documentIds: ['I1'], why: 'counted again' };
    const adjusted = { ...seats, net: aud('20.00'), basis: { ...seats.basis, before } };
    expect(partsOfCharge(adjusted).map(({ label, unit = '', amount }) => `${label} ${unit} ${amount.amount}`)).toEqual([
      'price seat 200.00',
      'tier seat 40.00',
      'proration  -120.00',
      'billed-before  -100.00',
    ]);
  });
  it('of a whole cycle have no proration, and of what cannot be told from its days one', () => {
    const march = { from: '2026-03-01', to: '2026-03-31', days: '31', cycleDays: 31, daysBefore: '0' };
    const fee = { ...march, quantity: '1', unitPrice: '90.00', percentOff: '0', net: '90.00' };
    const monthly = feeItem('fee', '90.00', { basis: { ...feeItem('fee', '1').basis, fee: [fee] } });
    expect(shown(partsOfCharge(monthly))).toEqual(['price 90.00']);
    expect(shown(partsOfCharge({ ...monthly, net: aud('89.99') }))).toEqual(['price 90.00', 'rounding -0.01']);
    expect(shown(partsOfCharge(feeItem('once', '80.00', { unitPrice: aud('90.00') })))).toEqual([
      'price 90.00',
      'proration -10.00',
    ]);
  });
  it('of a service credit are what the terms grant, less what is above the limit, and what other categories take', () => {
    const credit = (changes: object) => ({
      ...feeItem('late', '1').basis,
      credit: { granted: '50.00', percent: null, stated: '50.00', isLeftOver: false, ...changes },
    });
    const of = (net: string, changes: object = {}) =>
      partsOfCharge(feeItem('late', net, { kind: 'service-credit', basis: credit(changes) }));
    expect(shown(of('-50.00'))).toEqual(['price -50.00']);
    // 10 % of 800.00 are 80.00: 30.00 are above the limit of the month, and 15.00 stand in another category.
    const tenth = { stated: '80.00', percent: { of: '800.00', percent: '10' } };
    expect(shown(of('-35.00', tenth))).toEqual(['price -80.00', 'limit 30.00', 'elsewhere 15.00']);
    expect(of('-35.00', tenth)[0]).toMatchObject({
      quantity: '-0.1',
      unitPrice: aud('800.00'),
      unit: 'of the recurring charges',
    });
    expect(of('-50.00')[0]).toMatchObject({ quantity: '-1', unitPrice: aud('50.00') });
    expect(of('-50.00')[0]?.unit).toBeUndefined();
  });
  it('of an amount off are the amount, less what other categories took and what nothing could take', () => {
    const off = { others: '12.00', leftOver: '8.00' };
    const basis = { ...feeItem('loyal', '1').basis, discountAmount: '50.005', off };
    const loyal = feeItem('loyal', '-30.01', { kind: 'discount', basis });
    expect(shown(partsOfCharge(loyal))).toEqual(['price -50.01', 'elsewhere 12.00', 'left-over 8.00']);
  });
  it('of the fixed price of a ticket are that, and its discount', () => {
    const basis = { ...feeItem('fix', '1').basis, incident: { number: null, percentOff: '10' } };
    const fixed = feeItem('fix', '225.00', { kind: 'incident', unitPrice: aud('250.00'), basis });
    expect(shown(partsOfCharge(fixed))).toEqual(['price 250.00', 'discount -25.00']);
    expect(shown(partsOfCharge({ ...fixed, net: aud('224.99') }))).toEqual([
      'price 250.00',
      'discount -25.00',
      'rounding -0.01',
    ]);
  });
  it('of travel are its minutes or kilometres, its discount, what it costs at most, and what was given back before', () => {
    const travel = (net: string, changes: object, more: object = {}) =>
      partsOfCharge(
        feeItem('way', net, {
          kind: 'travel',
          quantity: '0.333333',
          unit: 'h',
          unitPrice: aud('90.00'),
          basis: {
            ...feeItem('way', '1').basis,
            travel: { minutes: 20, percentOff: '0', isCapped: false, ...changes },
          },
          ...more,
        }),
      );
    expect(travel('30.00', {})).toEqual([
      { label: 'price', quantity: '0.333333', unitPrice: aud('90.00'), minutes: 20, amount: aud('30.00') },
    ]);
    expect(shown(travel('27.00', { percentOff: '10' }))).toEqual(['price 30.00', 'discount -3.00']);
    expect(shown(travel('25.00', { isCapped: true }))).toEqual(['price 30.00', 'cap -5.00']);
    expect(shown(travel('29.99', {}))).toEqual(['price 30.00', 'rounding -0.01']);
    expect(shown(travel('20.00', { forgone: '10.00' }))).toEqual(['price 30.00', 'adjustment -10.00']);
    const kilometres = { quantity: '12', unit: 'km', unitPrice: aud('0.85') };
    expect(travel('10.20', { minutes: null }, kilometres)).toEqual([
      { label: 'price', quantity: '12', unitPrice: aud('0.85'), amount: aud('10.20') },
    ]);
  });
  it('of a minimum of a whole period have no proration', () => {
    const march = { from: '2026-03-01', to: '2026-03-31', days: 31, periodDays: 31 };
    const minimum = { ...march, reached: '150.005', percentOff: '0', perPeriod: '500.00' };
    const basis = { ...feeItem('min', '1').basis, required: '500', minimum };
    expect(shown(partsOfCharge(feeItem('min', '349.99', { kind: 'minimum', basis })))).toEqual([
      'price 500.00',
      'counted -150.01',
    ]);
  });
  it('of what is taken off are the amount itself', () => {
    const off = { kind: 'discount', quantity: '-1', unit: 'discount', unitPrice: aud('50.00') } as const;
    expect(shown(partsOfCharge(feeItem('loyal', '-50.00', off)))).toEqual(['price -50.00']);
  });
});
