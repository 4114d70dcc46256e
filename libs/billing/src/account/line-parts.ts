import { Decimal, Money, type MoneyJson } from '@billtrail/kernel';
import type {
  AdjustmentBasis,
  Basis,
  ChargeBasis,
  CreditBasis,
  DiscountBasis,
  FeeBasis,
  MinimumBasis,
} from '../item/basis.js';
import type { ExplainedItem, PricedItem } from '../item/billable-item.js';
import type { Charge } from '../item/charge-item.js';
import { beforeCourtesy } from '../item/courtesy.js';
import type { LinePart } from '../item/frozen-item.js';
import { hoursText } from '../rating/quantities.js';
import { type LineFigure, partOf, sumSoFar, workedOut } from './worked-out.js';

/** Where nothing states it exactly. */
const UNIT_PRICE_DIGITS = 6;

type Label = LinePart['label'];
type OffBasis = NonNullable<ChargeBasis['off']>;
type Priced = ExplainedItem & PricedItem;

/** What the sum of a line of work, or of a part of it, is worked out from. */
interface Figures extends Pick<Priced, 'quantity' | 'unit' | 'billableMinutes' | 'unitPrice' | 'net' | 'courtesy'> {
  readonly basis: Pick<Basis, 'price' | 'discount' | 'prepaid' | 'cap' | 'paidOf' | 'isRestOfCut'>;
}

/** The sum that a line of work shows: quantity times unit price, tier by tier, then what changed it, each with its figures. */
export function partsOfWork(item: Priced): readonly LinePart[] {
  const { adjustment } = item.basis;
  return workedOut(
    adjustment === null ? figuresOfWork(item) : figuresOfAdjustment(item, adjustment),
    Money.from(item.net),
  );
}

/** `isFirst`: no figures stand before it. A courtesy is taken off what all else comes to. */
function figuresOfWork(item: Figures, isFirst = true): readonly LineFigure[] {
  const { courtesy } = item;
  if (courtesy === undefined) return figuresOfPrice(item, isFirst);
  return [
    ...figuresOfPrice(beforeCourtesy(item), isFirst),
    ...stated('courtesy', Money.from(courtesy.amount).negated()).map((part) => ({ ...part, reason: courtesy.reason })),
  ];
}

function figuresOfPrice(item: Figures, isFirst: boolean): readonly LineFigure[] {
  const { basis } = item;
  const net = Money.from(item.net);
  const price = pricesOf(item, isFirst);
  const plain = sumSoFar(price, net.currency);
  const { discount } = basis;
  if (discount === null) return [...price, ...restOf(basis, net.minus(plain), false)];
  const before = Money.of(discount.exactBefore, net.currency);
  // Of work that a block or a cap cut, the basis has the discount of the whole: that of the part is worked out from its own price.
  const isOfWhole = Money.of(discount.exact, net.currency).rounded().equals(net);
  const whole = isOfWhole ? [...price, ...restOf(basis, before.rounded().minus(plain), true)] : price;
  const figures = [...whole, ...discountOf(discount, sumSoFar(whole, net.currency), net.currency)];
  return [...figures, ...restOf(basis, net.minus(sumSoFar(figures, net.currency)), isOfWhole)];
}

/**
 * Of a correction: what it adds or takes times the unit price, less its percent, where that is its net. Else what the work is asked for now, part by part, less what
 * was billed before; what else there is was forgone, or a cap held it.
 */
function figuresOfAdjustment(item: Priced, { from }: AdjustmentBasis): readonly LineFigure[] {
  const { basis, billableMinutes, quantity, unitPrice, kind, unit } = item;
  const net = Money.from(item.net);
  const { currency } = net;
  const hours = kind === 'time' && unit === 'h' && billableMinutes !== null ? { minutes: billableMinutes } : {};
  const price = [{ ...priceOf(quantity, unitPrice), ...hours }];
  const percent = basis.discount === null ? null : percentOfAll(basis.discount, currency);
  const simple = [...price, ...(percent === null ? [] : percentOff(percent))];
  if (unit !== 'adjustment' && sumSoFar(simple, currency).equals(net)) return simple;
  if (from === undefined) return [...price, ...stated('adjustment', net.minus(sumSoFar(price, currency)))];
  const now = from.now.flatMap((one, index) =>
    figuresOfWork({ ...one, basis: one }, index === 0).map((figure) =>
      figure.label === 'price' && one.unit !== unit && figure.minutes === undefined
        ? { ...figure, unit: one.unit }
        : figure,
    ),
  );
  const figures = [...now, ...stated('billed-before', Money.of(from.before, currency).negated())];
  const rest = net.minus(sumSoFar(figures, currency));
  if (basis.cap === null) return [...figures, ...stated('adjustment', rest)];
  return [...figures, ...stated('cap', rest).map((part) => ({ ...part, capId: basis.cap?.capId ?? '' }))];
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
function restOfCharge({ before, fee, minimum, incident, travel }: ChargeBasis): Label {
  if (before !== undefined) return 'adjustment';
  if (travel !== undefined) return travel.isCapped ? 'cap' : 'rounding';
  return fee === undefined && minimum === undefined && incident === undefined ? 'proration' : 'rounding';
}

function figuresOf(charge: Charge): readonly LineFigure[] {
  const { quantity, unitPrice, basis, net } = charge;
  const { fee, before, minimum, required, credit, off, incident, travel } = basis;
  const { currency } = net;
  if (before === undefined && credit !== undefined) return figuresOfCredit(credit, Money.from(net));
  if (off !== undefined && basis.discountAmount !== null)
    return figuresOfAmountOff(basis.discountAmount, off, currency);
  if (fee !== undefined && fee.length > 0) return fee.flatMap((days) => figuresOfFee(days, currency, before?.unit));
  if (before !== undefined) return [priceOf(before.now.startsWith('-') ? '-1' : '1', amountOf(before.now, currency))];
  if (incident !== undefined) return [priceOf(quantity, unitPrice), ...percentOff(incident.percentOff)];
  if (travel !== undefined) {
    const price = priceOf(quantity, unitPrice);
    const { minutes, percentOff: percent, forgone = '0' } = travel;
    const whole = [minutes === null ? price : { ...price, minutes }, ...percentOff(percent)];
    return [...whole, ...stated('adjustment', Money.of(forgone, currency).negated())];
  }
  if (minimum === undefined || required === null) return [priceOf(quantity, unitPrice)];
  return [
    ...figuresOfMinimum(minimum, required, currency),
    ...stated('counted', Money.of(minimum.reached, currency).rounded().negated()),
    ...percentOff(minimum.percentOff),
  ];
}

/** What the terms grant, as an amount or as a percentage; then what is above the limit of the period, and what other tax categories take. */
function figuresOfCredit({ granted, percent, stated: whole }: CreditBasis, net: Money): readonly LineFigure[] {
  const { currency } = net;
  const given = Money.of(granted, currency);
  const share = new Decimal(percent?.percent ?? 100).dividedBy(-100).toFixed();
  const price = priceOf(share, { amount: percent?.of ?? whole, currency });
  const of = percent === null ? price : { ...price, unit: 'of the recurring charges' };
  return [of, ...stated('limit', Money.of(whole, currency).minus(given)), ...stated('elsewhere', given.plus(net))];
}

function figuresOfAmountOff(amount: string, { others, leftOver }: OffBasis, currency: string): readonly LineFigure[] {
  return [
    priceOf('-1', Money.of(amount, currency).rounded().toJSON()),
    ...stated('elsewhere', Money.of(others, currency)),
    ...stated('left-over', Money.of(leftOver, currency)),
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

/** `unit`: what its quantity counts, where the line counts something else. */
function figuresOfFee(fee: FeeBasis, currency: string, unit?: string): readonly LineFigure[] {
  const { quantity, unitPrice, from, to, days, cycleDays: ofDays, daysBefore, rules } = fee;
  const [first = { quantity, price: unitPrice }, ...others] = fee.tiers ?? [];
  const told = {
    ...(unit === undefined ? {} : { unit }),
    ...(fee.unused === undefined ? {} : { unused: fee.unused }),
    ...(fee.counted === undefined ? {} : { counted: fee.counted }),
  };
  const price = { ...priceOf(first.quantity, { amount: first.price, currency }), from, to, ...told };
  const tiers = others.map((tier) => ({
    ...partOf('tier'),
    quantity: tier.quantity,
    unitPrice: { amount: tier.price, currency },
    ...(unit === undefined ? {} : { unit }),
  }));
  const proration = { ...partOf('proration'), from, to, days, ofDays, ...(daysBefore === '0' ? {} : { daysBefore }) };
  const byRule = rules === undefined ? proration : { ...proration, rules };
  return [price, ...tiers, ...(days === String(ofDays) ? [] : [byRule]), ...percentOff(fee.percentOff)];
}

function billedBefore({ before }: ChargeBasis, currency: string): readonly LineFigure[] {
  return before === undefined ? [] : stated('billed-before', Money.of(before.net, currency).negated());
}

function percentOff(percent: string): readonly LineFigure[] {
  return new Decimal(percent).isZero() ? [] : [{ ...partOf('discount'), percent }];
}

/** Tier by tier where they are known, and all of their minutes are in the item; else one price. */
function pricesOf(
  { unit, quantity, billableMinutes: minutes, unitPrice, basis }: Figures,
  isFirst: boolean,
): readonly LineFigure[] {
  if (unit !== 'h' || minutes === null) return [priceOf(quantity, unitPrice)];
  const { tiers = [], per } = basis.price ?? {};
  const { currency } = unitPrice;
  const inTiers = tiers.reduce((sum, tier) => sum + tier.minutes, 0);
  // A tier adds to the figures before it, a price begins anew.
  if (isFirst && tiers.length > 0 && inTiers === minutes) {
    return tiers.map((tier) => ({
      ...partOf('tier'),
      quantity: hoursText(tier.minutes),
      unitPrice: { amount: tier.pricePerHour, currency },
      minutes: tier.minutes,
    }));
  }
  const { paidOf } = basis;
  const many = paidOf === undefined ? { quantity, minutes } : { quantity: hoursText(paidOf), minutes: paidOf };
  if (per === undefined || basis.prepaid === 'covered')
    return [{ ...priceOf(many.quantity, unitPrice), minutes: many.minutes }];
  const each = { amount: per.price, currency };
  return [{ ...priceOf(many.quantity, each), minutes: many.minutes, perMinutes: per.minutes }];
}

/** With its percent where that tells it all. */
function discountOf(discount: DiscountBasis, plain: Money, currency: string): readonly LineFigure[] {
  const before = Money.of(discount.exactBefore, currency);
  if (before.isZero()) return [];
  const percent = percentOfAll(discount, currency);
  if (percent !== null) return percentOff(percent);
  const after = Money.of(discount.exact, currency);
  return stated('discount', plain.times(after.value).dividedBy(before.value).rounded().minus(plain));
}

/** The percent that makes all of a discount; null: something else does, too. */
function percentOfAll(discount: DiscountBasis, currency: string): string | null {
  const percent = Decimal.min(new Decimal(discount.beforeMinimumPercent).plus(discount.afterMinimumPercent), 100);
  const left = Money.of(discount.exactBefore, currency).times(new Decimal(100).minus(percent)).dividedBy(100);
  return left.equals(Money.of(discount.exact, currency)) ? percent.toFixed() : null;
}

/** What the rest of a net is. */
function restOf(basis: Figures['basis'], rest: Money, isWhole: boolean): readonly LineFigure[] {
  const label = labelOf(basis, rest, isWhole);
  const capId = label === 'cap' ? basis.cap?.capId : undefined;
  return stated(label, rest).map((part) => (capId === undefined ? part : { ...part, capId }));
}

/** `rounding`: the digits that a unit price is shown without. */
function labelOf({ price, cap, prepaid, isRestOfCut }: Figures['basis'], rest: Money, isWhole: boolean): Label {
  const mode = price?.mode ?? null;
  if (mode === 'amount-on-top' && !rest.isNegative()) return 'on-top';
  if (!isWhole && isRestOfCut === true && rest.isNegative()) return 'billed-before';
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
