import { Money, addTo, at } from '@billtrail/kernel';
import type { Charge, InvoicedCharge } from '../item/charge-item.js';
import { withoutDetails } from '../item/frozen-item.js';
import { chargeItemKeyOf, invoiceOfHolder } from '../item/item-key.js';
import type { EarlierCharge } from '../rating/charges/charge-ledger.js';

/** What invoices of the account carry of one charge. */
export interface SettledCharge extends EarlierCharge {
  /** The charge itself first, then its adjustments. */
  readonly original: Charge;
  readonly charges: readonly InvoicedCharge[];
}

function adjustmentNumber({ charge }: InvoicedCharge): number {
  return chargeItemKeyOf(charge.chargeItemId).adjustment;
}

/** The number of what is frozen of the charge, and never one that is given. */
export function nextAdjustment(charges: readonly InvoicedCharge[]): number {
  return Math.max(charges.length, ...charges.map((one) => adjustmentNumber(one) + 1));
}

/** Folds what invoices of the account carry, by charge. */
export function settledCharges(invoiced: readonly InvoicedCharge[]): ReadonlyMap<string, SettledCharge> {
  const byId = new Map<string, InvoicedCharge[]>();
  for (const one of invoiced) addTo(byId, one.charge.chargeId, one);
  const settled = new Map<string, SettledCharge>();
  for (const [chargeId, unordered] of byId) {
    const charges = [...unordered].sort((a, b) => adjustmentNumber(a) - adjustmentNumber(b));
    const first = at(charges, 0, `what is settled of charge ${chargeId}`);
    const original: Charge = withoutDetails(first.charge);
    const invoiceId = invoiceOfHolder(first.invoiceId);
    const { currency } = original.net;
    const byCategory = new Map<string, Pick<EarlierCharge, 'net' | 'credited'>>();
    for (const { charge, credited: back = Money.zero(currency).toJSON() } of charges) {
      const { net, credited } = byCategory.get(charge.taxCategory) ?? {
        net: Money.zero(currency),
        credited: Money.zero(currency),
      };
      byCategory.set(charge.taxCategory, {
        net: net.plus(Money.from(charge.net)),
        credited: credited.plus(Money.from(back)),
      });
    }
    const sumOf = (of: 'net' | 'credited'): Money =>
      Money.sum(
        [...byCategory.values()].map((one) => one[of]),
        currency,
      );
    const sums = { net: sumOf('net'), credited: sumOf('credited') };
    const figures = charges.findLast(({ charge }) => charge.basis.fee !== undefined)?.charge.basis.fee ?? null;
    const { billTo } = first.charge;
    settled.set(chargeId, { ...original, invoiceId, billTo, ...sums, figures, original, charges, byCategory });
  }
  return settled;
}
