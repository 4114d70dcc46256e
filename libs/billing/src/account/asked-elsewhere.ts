import { Decimal, Money, at } from '@billtrail/kernel';
import type { Charge, ChargeItem } from '../item/charge-item.js';
import type { TaxOfSupply } from '../tax-rules.js';
import { requestedOf } from './given-back.js';
import type { Line } from './lines-of-credit.js';
import type { AccountState } from './state.js';
import { type Supply, supplyOf } from './tax.js';
import { taxationOf, totalsFor } from './tax-key.js';

/** A recurring charge that an account of the client has invoiced: units that were there first, or joined, or left (a negative count). */
export interface AskedElsewhere extends Pick<ChargeItem, 'period' | 'contractId' | 'from' | 'to' | 'quantity'> {
  readonly termId: string;
  /** How its invoice taxed it; null: it is on a credit note of no invoice. */
  readonly taxation: TaxOfSupply | null;
}

/** True of units that left a cycle which other accounts asked for: their charge is of its own, and adjusts none. */
export function isLeave({ kind, net, chargeItemId, chargeId }: Charge): boolean {
  return kind === 'recurring' && chargeItemId === chargeId && Money.from(net).isNegative();
}

/** How an invoice of this account taxed one of its charges; null: it has no such charge. */
export function taxationOfCharge(invoiceId: string, chargeItemId: string, state: AccountState): TaxOfSupply | null {
  const invoice = requestedOf(invoiceId, state);
  const charge = invoice?.charges.find((one) => one.chargeItemId === chargeItemId);
  if (!invoice || charge === undefined) return null;
  const [total] = totalsFor(charge.taxCategory, charge.taxes[0], invoice.request.taxTotals);
  return total === undefined ? null : taxationOf(total);
}

/**
 * What units that leave a cycle give back, at the rates at which they were asked for: those that joined last leave first. null: the line is no
 * leave, or nothing is known of what was asked. Units that no invoice asked for are taxed by the rules of today.
 */
export function leftBy(line: Line, elsewhere: readonly AskedElsewhere[]): readonly Supply[] | null {
  if ('workItemId' in line || !isLeave(line)) return null;
  const own = elsewhere.filter(
    ({ contractId, termId, from, to }) =>
      contractId === line.contractId && termId === line.basis.termId && from <= line.to && to >= line.from,
  );
  const there = stillThere(own);
  if (there.length === 0) return null;
  let left = new Decimal(line.quantity).abs();
  const parts: { units: Decimal; taxation: TaxOfSupply | null }[] = [];
  for (const { units, taxation } of there.toReversed()) {
    const taken = Decimal.min(units, left);
    left = left.minus(taken);
    if (!taken.isZero()) parts.push({ units: taken, taxation });
  }
  if (!left.isZero()) parts.push({ units: left, taxation: null });
  const shares = Money.from(line.net).allocate(parts.map(({ units }) => units));
  return parts.map(({ taxation }, index) => {
    const net = at(shares, index, 'the share of units that left').toJSON();
    return { ...supplyOf(line), net, ...(taxation === null ? {} : { taxation }) };
  });
}

/** The units of a cycle, without those that left so far. */
function stillThere(asked: readonly AskedElsewhere[]): readonly { units: Decimal; taxation: TaxOfSupply | null }[] {
  const there: { units: Decimal; taxation: TaxOfSupply | null }[] = [];
  for (const { quantity, taxation } of asked) {
    let units = new Decimal(quantity);
    if (units.isNegative()) {
      for (let last = there.at(-1); last !== undefined && units.isNegative(); last = there.at(-1)) {
        const rest = last.units.plus(units);
        there.pop();
        if (rest.gt(0)) there.push({ ...last, units: rest });
        units = rest.gt(0) ? new Decimal(0) : rest;
      }
    } else there.push({ units, taxation });
  }
  return there;
}
