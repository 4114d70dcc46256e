import { Decimal, Money, type MoneyJson } from '@billtrail/kernel';
import type { Basis, ChargeBasis, DiscountBasis, FeeBasis, MinimumBasis } from '../item/basis.js';
import type { ExplainedItem, PricedItem } from '../item/billable-item.js';
import type { Charge } from '../item/charge-item.js';
import type { LinePart } from '../item/frozen-item.js';
import { hoursText } from '../rating/quantities.js';
import { type LineFigure, partOf, sumSoFar, workedOut } from './worked-out.js';

/** Where nothing states it exactly. */
const UNIT_PRICE_DIGITS = 6;

type Label = LinePart['label'];
type Priced = ExplainedItem & PricedItem;

/** The sum that a line of work shows: quantity times unit price, tier by tier, then what changed it, each with its figures. */
export function partsOfWork(item: Priced): readonly LinePart[] {
  const { basis } = item;
  const net = Money.from(item.net);
  const price = pricesOf(item);
  const plain = sumSoFar(price, net.currency);
  const discount = basis.adjustment === null ? basis.discount : null;
  if (discount === null) return workedOut([...price, ...restOf(basis, net.minus(plain), false)], net);
  const before = Money.of(discount.exactBefore, net.currency);
  // Of work that a block or a cap cut, the basis has the discount of the whole: that of the part is worked out from its own price.
  const isOfWhole = Money.of(discount.exact, net.currency).rounded().equals(net);
  const whole = isOfWhole ? [...price, ...restOf(basis, before.rounded().minus(plain), true)] : price;
  const figures = [...whole, ...discountOf(discount, sumSoFar(whole, net.currency), net.currency)];
  return workedOut([...figures, ...restOf(basis, net.minus(sumSoFar(figures, net.currency)), isOfWhole)], net);
}

/** The same of a charge: a fee with its days and discounts, an adjustment with what was billed before. */
export function partsOfCharge(charge: Charge): readonly LinePart[] {
  const { basis } = charge;
  const net = Money.from(charge.net);
  const figures = [...figuresOf(charge), ...billedBefore(basis, net.currency)];
  const rest = net.minus(sumSoFar(figures, net.currency));
  return workedOut([...figures, ...stated(restOfCharge(basis), rest)], net);
}

/** What an adjustment leaves is what credit notes gave back already. A fee or a minimum leaves nothing; one without figures its days and discounts. */
function restOfCharge({ before, fee, minimum, travel }: ChargeBasis): Label {
  if (before !== undefined) return 'adjustment';
  if (travel !== undefined) return travel.isCapped ? 'cap' : 'rounding';
  return fee === undefined && minimum === undefined ? 'proration' : 'rounding';
}

function figuresOf({ quantity, unitPrice, basis, net }: Charge): readonly LineFigure[] {
  const { fee, before, minimum, required, travel } = basis;
  const { currency } = net;
  if (fee !== undefined && fee.length > 0) return fee.flatMap((days) => figuresOfFee(days, currency));
  if (before !== undefined) return [priceOf(before.now.startsWith('-') ? '-1' : '1', amountOf(before.now, currency))];
  if (travel !== undefined) {
    const price = priceOf(quantity, unitPrice);
    const { minutes } = travel;
    return [minutes === null ? price : { ...price, minutes }, ...percentOff(travel.percentOff)];
  }
  if (minimum === undefined || required === null) return [priceOf(quantity, unitPrice)];
  return [
    ...figuresOfMinimum(minimum, required, currency),
    ...stated('counted', Money.of(minimum.reached, currency).rounded().negated()),
    ...percentOff(minimum.percentOff),
  ];
}

function figuresOfMinimum(minimum: MinimumBasis, required: string, currency: string): readonly LineFigure[] {
  const { perPeriod, from, to, days, periodDays: ofDays } = minimum;
  if (perPeriod === null) return [{ ...priceOf('1', amountOf(required, currency)), from, to }];
  const price = { ...priceOf('1', amountOf(perPeriod, currency)), from, to };
  return days === ofDays ? [price] : [price, { ...partOf('proration'), from, to, days: String(days), ofDays }];
}

function amountOf(value: string, currency: string): MoneyJson {
  return Money.of(new Decimal(value).abs().toDecimalPlaces(UNIT_PRICE_DIGITS), currency).toJSON();
}

function figuresOfFee(fee: FeeBasis, currency: string): readonly LineFigure[] {
  const { quantity, unitPrice, from, to, days, cycleDays: ofDays, daysBefore, rules } = fee;
  const unused = fee.unused === undefined ? {} : { unused: fee.unused };
  const price = { ...priceOf(quantity, { amount: unitPrice, currency }), from, to, ...unused };
  const proration = { ...partOf('proration'), from, to, days, ofDays, ...(daysBefore === '0' ? {} : { daysBefore }) };
  const byRule = rules === undefined ? proration : { ...proration, rules };
  return [price, ...(days === String(ofDays) ? [] : [byRule]), ...percentOff(fee.percentOff)];
}

function billedBefore({ before }: ChargeBasis, currency: string): readonly LineFigure[] {
  return before === undefined ? [] : stated('billed-before', Money.of(before.net, currency).negated());
}

function percentOff(percent: string): readonly LineFigure[] {
  return new Decimal(percent).isZero() ? [] : [{ ...partOf('discount'), percent }];
}

/** Tier by tier where they are known, and all of their minutes are in the item; else one price. */
function pricesOf({ kind, unit, quantity, billableMinutes: minutes, unitPrice, basis }: Priced): readonly LineFigure[] {
  if (kind !== 'time' || unit !== 'h' || minutes === null) return [priceOf(quantity, unitPrice)];
  const { tiers = [], per } = basis.price ?? {};
  const { currency } = unitPrice;
  const inTiers = tiers.reduce((sum, tier) => sum + tier.minutes, 0);
  if (tiers.length > 0 && inTiers === minutes && basis.adjustment === null) {
    return tiers.map((tier) => ({
      ...partOf('tier'),
      quantity: hoursText(tier.minutes),
      unitPrice: { amount: tier.pricePerHour, currency },
      minutes: tier.minutes,
    }));
  }
  if (per === undefined || basis.prepaid === 'covered') return [{ ...priceOf(quantity, unitPrice), minutes }];
  return [{ ...priceOf(quantity, { amount: per.price, currency }), minutes, perMinutes: per.minutes }];
}

/** With its percent where that tells it all. */
function discountOf(discount: DiscountBasis, plain: Money, currency: string): readonly LineFigure[] {
  const before = Money.of(discount.exactBefore, currency);
  const after = Money.of(discount.exact, currency);
  if (before.isZero()) return [];
  const percent = Decimal.min(new Decimal(discount.beforeMinimumPercent).plus(discount.afterMinimumPercent), 100);
  const left = new Decimal(100).minus(percent);
  if (before.times(left).dividedBy(100).equals(after)) return percentOff(percent.toFixed());
  return stated('discount', plain.times(after.value).dividedBy(before.value).rounded().minus(plain));
}

/** What the rest of a net is. */
function restOf(basis: Basis, rest: Money, isWhole: boolean): readonly LineFigure[] {
  const label = labelOf(basis, rest, isWhole);
  const capId = label === 'cap' ? basis.cap?.capId : undefined;
  return stated(label, rest).map((part) => (capId === undefined ? part : { ...part, capId }));
}

/** `rounding`: the digits that a unit price is shown without. */
function labelOf({ adjustment, price, cap, prepaid }: Basis, rest: Money, isWhole: boolean): Label {
  if (adjustment !== null) return 'adjustment';
  const mode = price?.mode ?? null;
  if (mode === 'amount-on-top' && !rest.isNegative()) return 'on-top';
  if (!isWhole && cap !== null) return 'cap';
  if (!isWhole && prepaid === 'overage' && rest.isNegative()) return 'paid-before';
  if (mode === 'tiers') return 'tiers';
  // One price of which a part was frozen after its discount: what is left shows the whole price once more.
  return mode === 'flat' && rest.isNegative() ? 'discount' : 'rounding';
}

function priceOf(quantity: string, unitPrice: MoneyJson): LineFigure {
  return { label: 'price', quantity, unitPrice };
}

function stated(label: Label, amount: Money): readonly LineFigure[] {
  return amount.isZero() ? [] : [{ ...partOf(label), amount: amount.toJSON() }];
}
