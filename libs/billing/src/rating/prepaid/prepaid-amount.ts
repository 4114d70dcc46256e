import { type Currency, type Decimal, Money } from '@billtrail/kernel';
import type { PrepaidAmount } from '@billtrail/contracts';
import type { PrepaidSource } from '../../item/draw.js';

/** One text for each block and each month's allotment: equal sources have equal keys. */
export function prepaidKey(source: PrepaidSource): string {
  return source.from === 'block'
    ? JSON.stringify(['block', source.contractId, source.blockId])
    : JSON.stringify(['allotment', source.contractId, source.allotmentId, source.month]);
}

/** Of money; null: it is minutes. */
export function currencyOf(amount: PrepaidAmount): Currency | null {
  return amount.unit === 'minutes' ? null : amount.money.currency;
}

/**
 * Tells draws apart by what they are on and by their unit. A block holds one unit for ever; an allotment that is of money in one version and of
 * minutes in the next has draws in both, which never add up.
 */
export function unitKey(source: PrepaidSource, amount: PrepaidAmount): string {
  return `${prepaidKey(source)}\u0000${currencyOf(amount) ?? ''}`;
}

/** An amount in the unit of a supply. */
export function prepaidAmount(value: Decimal, currency: Currency | null): PrepaidAmount {
  return currency === null
    ? { unit: 'minutes', minutes: value.toNumber() }
    : { unit: 'money', money: Money.of(value, currency).toJSON() };
}
