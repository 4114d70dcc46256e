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
  it('of what is taken off are the amount itself', () => {
    const off = { kind: 'discount', quantity: '-1', unit: 'discount', unitPrice: aud('50.00') } as const;
    expect(shown(partsOfCharge(feeItem('loyal', '-50.00', off)))).toEqual(['price -50.00']);
  });
});
