import { Decimal } from '@billtrail/kernel';
import type { BillableItem } from '../rating/facts.js';
import type { Held } from './settled-work.js';

export const NOTHING: Held = { actualMinutes: 0, billableMinutes: 0, quantity: new Decimal(0), net: new Decimal(0) };

export function plus(one: Held, other: Held): Held {
  return {
    actualMinutes: one.actualMinutes + other.actualMinutes,
    billableMinutes: one.billableMinutes + other.billableMinutes,
    quantity: one.quantity.plus(other.quantity),
    net: one.net.plus(other.net),
  };
}

export function minus(one: Held, other: Held): Held {
  return {
    actualMinutes: one.actualMinutes - other.actualMinutes,
    billableMinutes: one.billableMinutes - other.billableMinutes,
    quantity: one.quantity.minus(other.quantity),
    net: one.net.minus(other.net),
  };
}

export function isNothing(held: Held): boolean {
  return held.actualMinutes === 0 && held.billableMinutes === 0 && held.quantity.isZero() && held.net.isZero();
}

export function heldBy(
  items: readonly Pick<BillableItem, 'kind' | 'actualMinutes' | 'billableMinutes' | 'quantity' | 'net'>[],
): Held {
  return items.reduce<Held>(
    (held, item) =>
      plus(held, {
        actualMinutes: item.actualMinutes ?? 0,
        billableMinutes: item.billableMinutes ?? 0,
        quantity: new Decimal(item.kind === 'time' ? 0 : item.quantity),
        net: new Decimal(item.net?.amount ?? 0),
      }),
    NOTHING,
  );
}
