import { type Currency, Decimal, type Minutes, type Money, invariant } from '@billtrail/kernel';
import type { BillableItem } from '../item/billable-item.js';

/** What items hold together. Money of two currencies has no sum: holdings of both throw. */
export interface Holding {
  readonly actualMinutes: Minutes;
  readonly billableMinutes: Minutes;
  /** Pieces or expenses; 0 of time. */
  readonly quantity: Decimal;
  readonly net: Decimal;
  /** null: no money at all. */
  readonly currency: Currency | null;
}

export const NOTHING: Holding = {
  actualMinutes: 0,
  billableMinutes: 0,
  quantity: new Decimal(0),
  net: new Decimal(0),
  currency: null,
};

export function moneyAlone({ value, currency }: Money): Holding {
  return { ...NOTHING, net: value, currency };
}

function oneCurrency(one: Currency | null, other: Currency | null): Currency | null {
  invariant(
    one === null || other === null || one === other,
    () => `${one} and ${other} have no sum: work is settled in one currency`,
  );
  return one ?? other;
}

export function plus(one: Holding, other: Holding): Holding {
  return {
    actualMinutes: one.actualMinutes + other.actualMinutes,
    billableMinutes: one.billableMinutes + other.billableMinutes,
    quantity: one.quantity.plus(other.quantity),
    net: one.net.plus(other.net),
    currency: oneCurrency(one.currency, other.currency),
  };
}

export function minus(one: Holding, other: Holding): Holding {
  return {
    actualMinutes: one.actualMinutes - other.actualMinutes,
    billableMinutes: one.billableMinutes - other.billableMinutes,
    quantity: one.quantity.minus(other.quantity),
    net: one.net.minus(other.net),
    currency: oneCurrency(one.currency, other.currency),
  };
}

export function areEqual(one: Holding, other: Holding): boolean {
  return isNothing(minus(one, other));
}

export function isNothing(holding: Holding): boolean {
  const { actualMinutes, billableMinutes, quantity, net } = holding;
  return actualMinutes === 0 && billableMinutes === 0 && quantity.isZero() && net.isZero();
}

/** Work without a price holds no money and no billable minutes, materials and expenses no minutes at all. */
export function holdingOf(
  items: readonly Pick<BillableItem, 'itemId' | 'kind' | 'actualMinutes' | 'billableMinutes' | 'quantity' | 'net'>[],
): Holding {
  let actualMinutes = 0;
  let billableMinutes = 0;
  let quantity = NOTHING.quantity;
  let net = NOTHING.net;
  let currency: Currency | null = null;
  for (const item of items) {
    if (item.kind === 'time') {
      invariant(item.actualMinutes !== null, () => `time ${item.itemId} holds no minutes`);
      invariant(item.net === null || item.billableMinutes !== null, () => `${item.itemId} has a price of no minutes`);
      actualMinutes += item.actualMinutes;
      if (item.billableMinutes !== null) billableMinutes += item.billableMinutes;
    } else quantity = quantity.plus(item.quantity);
    if (item.net === null) continue;
    net = net.plus(item.net.amount);
    currency = oneCurrency(currency, item.net.currency);
  }
  return { actualMinutes, billableMinutes, quantity, net, currency };
}
