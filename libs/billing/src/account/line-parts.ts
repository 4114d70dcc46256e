import { Money, type MoneyJson, invariant } from '@billtrail/kernel';
import type { Basis } from '../item/basis.js';
import type { ExplainedItem, PricedItem } from '../item/billable-item.js';
import type { Charge } from '../item/charge-item.js';
import type { LinePart } from '../item/frozen-item.js';

type Label = LinePart['label'];
type Priced = ExplainedItem & PricedItem;

/**
 * The sum that a line of work shows: quantity times unit price, then what changed it. Amounts are rounded one by one, and one holds what
 * remains, so that they sum to the net.
 */
export function partsOfWork(item: Priced): readonly LinePart[] {
  const { basis, quantity, unitPrice } = item;
  const net = Money.from(item.net);
  const plain = plainPrice(item);
  const discount = basis.adjustment === null ? discountOf(basis, plain, net) : null;
  const off = discount?.off ?? Money.zero(net.currency);
  const rest = net.minus(off).minus(plain);
  const label = labelOf(basis, rest, discount?.isOfWhole === true);
  const parts = [partOf('discount', off), ...(label === null ? [] : [partOf(label, rest)])];
  const price = partOfPrice(quantity, unitPrice, label === null ? plain.plus(rest) : plain);
  return sumsTo(net, [price, ...(discount?.isOfWhole === true ? parts.toReversed() : parts)]);
}

/** The same of a charge: of a fee, days and percent discounts are one part. */
export function partsOfCharge({ quantity, unitPrice, net: asked }: Charge): readonly LinePart[] {
  const net = Money.from(asked);
  const price = Money.from(unitPrice).times(quantity).rounded();
  return sumsTo(net, [partOfPrice(quantity, unitPrice, price), partOf('proration', net.minus(price))]);
}

/** Of hours the minutes count: thirds of an hour have no exact decimal. */
function plainPrice({ kind, unit, quantity, billableMinutes, unitPrice }: Priced): Money {
  const each = Money.from(unitPrice);
  const isByMinutes = kind === 'time' && unit === 'h' && billableMinutes !== null;
  return (isByMinutes ? each.times(billableMinutes).dividedBy(60) : each.times(quantity)).rounded();
}

/** Of work that a block or a cap cut, the basis has the discount of the whole: that of the part is worked out from its own price. */
function discountOf(
  { discount }: Basis,
  plain: Money,
  net: Money,
): { readonly off: Money; readonly isOfWhole: boolean } | null {
  if (discount === null) return null;
  const before = Money.of(discount.exactBefore, net.currency);
  const after = Money.of(discount.exact, net.currency);
  if (after.rounded().equals(net)) return { off: net.minus(before.rounded()), isOfWhole: true };
  if (before.isZero()) return null;
  return { off: plain.times(after.value).dividedBy(before.value).rounded().minus(plain), isOfWhole: false };
}

/** What the rest of the net is. null: nothing, or the digits that a unit price is shown without. */
function labelOf({ adjustment, price, cap, prepaid }: Basis, rest: Money, isWhole: boolean): Label | null {
  if (rest.isZero()) return null;
  if (adjustment !== null) return 'adjustment';
  const mode = price?.mode ?? null;
  if (mode === 'amount-on-top' && !rest.isNegative()) return 'on-top';
  if (!isWhole && cap !== null) return 'cap';
  if (!isWhole && prepaid === 'overage' && rest.isNegative()) return 'paid-before';
  if (mode === 'tiers') return 'tiers';
  // One price of which a part was frozen after its discount: what is left shows the whole price once more.
  return mode === 'flat' && rest.isNegative() ? 'discount' : null;
}

function partOfPrice(quantity: string, unitPrice: MoneyJson, amount: Money): LinePart {
  return { label: 'price', quantity, unitPrice, amount: amount.toJSON() };
}

function partOf(label: Label, amount: Money): LinePart {
  return { label, quantity: null, unitPrice: null, amount: amount.toJSON() };
}

function sumsTo(net: Money, parts: readonly LinePart[]): readonly LinePart[] {
  const sum = sumOf(parts.map(({ amount }) => Money.from(amount)));
  invariant(sum.equals(net), `the parts of a line come to ${sum.toString()}, its net is ${net.toString()}`);
  return parts.filter(({ label, amount }) => label === 'price' || !Money.from(amount).isZero());
}

function sumOf(amounts: readonly Money[]): Money {
  const [first] = amounts;
  invariant(first !== undefined, 'a line has at least one part');
  return Money.sum(amounts, first.currency);
}
