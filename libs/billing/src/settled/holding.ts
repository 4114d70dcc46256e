import { Decimal, type Minutes } from '@billtrail/kernel';
import type { BillableItem } from '../item/billable-item.js';

/** What items hold together. Money in the one currency of their work. */
export interface Holding {
  readonly actualMinutes: Minutes;
  readonly billableMinutes: Minutes;
  /** Pieces or expenses; 0 of time. */
  readonly quantity: Decimal;
  readonly net: Decimal;
}

export const NOTHING: Holding = { actualMinutes: 0, billableMinutes: 0, quantity: new Decimal(0), net: new Decimal(0) };

export function plus(one: Holding, other: Holding): Holding {
  return {
    actualMinutes: one.actualMinutes + other.actualMinutes,
    billableMinutes: one.billableMinutes + other.billableMinutes,
    quantity: one.quantity.plus(other.quantity),
    net: one.net.plus(other.net),
  };
}

export function minus(one: Holding, other: Holding): Holding {
  return {
    actualMinutes: one.actualMinutes - other.actualMinutes,
    billableMinutes: one.billableMinutes - other.billableMinutes,
    quantity: one.quantity.minus(other.quantity),
    net: one.net.minus(other.net),
  };
}

export function isNothing(holding: Holding): boolean {
  const { actualMinutes, billableMinutes, quantity, net } = holding;
  return actualMinutes === 0 && billableMinutes === 0 && quantity.isZero() && net.isZero();
}

/** Work without a price holds no money, materials and expenses no minutes. */
export function holdingOf(
  items: readonly Pick<BillableItem, 'kind' | 'actualMinutes' | 'billableMinutes' | 'quantity' | 'net'>[],
): Holding {
  let actualMinutes = 0;
  let billableMinutes = 0;
  let quantity = NOTHING.quantity;
  let net = NOTHING.net;
  for (const item of items) {
    actualMinutes += item.actualMinutes ?? 0;
    billableMinutes += item.billableMinutes ?? 0;
    if (item.kind !== 'time') quantity = quantity.plus(item.quantity);
    if (item.net !== null) net = net.plus(item.net.amount);
  }
  return { actualMinutes, billableMinutes, quantity, net };
}
