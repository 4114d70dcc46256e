import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Money } from '@billtrail/kernel';
import type { Basis } from '../item/basis.js';
import type { ExplainedItem } from '../item/billable-item.js';
import type { LinePart } from '../item/frozen-item.js';
import { HOURLY, aud, feeItem, hourItem } from '../testing/items.js';
import { partsOfCharge } from './line-parts.js';
import { lineOf } from './lines.js';

function partsOf(changes: Partial<ExplainedItem>, basis: Partial<Basis> = {}): readonly LinePart[] {
  return lineOf(hourItem('w-1', { basis: { ...HOURLY, ...basis }, ...changes }))?.parts ?? [];
}
const shown = (parts: readonly LinePart[]) => parts.map(({ label, amount }) => `${label} ${amount.amount}`);

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
    expect(partsOf({})).toEqual([{ label: 'price', quantity: '1', unitPrice: aud('150.00'), amount: aud('150.00') }]);
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
  it('hide the digits that a unit price is shown without', () => {
    const day = { billableMinutes: 4_200, quantity: '70', unitPrice: aud('142.857143'), net: aud('10000.00') };
    expect(shown(partsOf({ ...day, unitPrice: aud('142.86') }))).toEqual(['price 10000.00']);
    expect(shown(partsOf(day))).toEqual(['price 10000.00']);
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
          expect(parts[0]).toMatchObject({ label: 'price' });
          expect(parts.slice(1).filter(({ amount }) => Money.from(amount).isZero())).toEqual([]);
        },
      ),
      { numRuns: 300 },
    );
  });
});

describe('the parts of a charge', () => {
  it('are its price, and what its days and discounts make of it', () => {
    expect(shown(partsOfCharge(feeItem('fee', '500.00')))).toEqual(['price 500.00']);
    const licences = feeItem('licence', '200.00', { quantity: '12', unit: 'user', unitPrice: aud('20.00') });
    expect(shown(partsOfCharge(licences))).toEqual(['price 240.00', 'proration -40.00']);
  });
  it('of what is taken off are the amount itself', () => {
    const off = { kind: 'discount', quantity: '-1', unit: 'discount', unitPrice: aud('50.00') } as const;
    expect(shown(partsOfCharge(feeItem('loyal', '-50.00', off)))).toEqual(['price -50.00']);
  });
});
