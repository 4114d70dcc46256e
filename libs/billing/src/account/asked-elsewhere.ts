import { Decimal, Money, at, daysOf, monthOf } from '@billtrail/kernel';
import type { Charge, ChargeItem, FrozenCharge } from '../item/charge-item.js';
import type { TaxTotal } from '../events.js';
import type { TaxOfSupply } from '../tax-rules.js';
import type { Line } from './lines-of-credit.js';
import { type Supply, supplyOf } from './tax.js';
import { taxationOf, totalsFor } from './tax-key.js';

/** A recurring charge that an account of the client has invoiced: units that were there first, or joined, or left (a negative count). */
export interface AskedElsewhere extends Pick<
  ChargeItem,
  'period' | 'contractId' | 'from' | 'to' | 'quantity' | 'net' | 'taxCategory'
> {
  readonly termId: string;
  /** The invoice that asks for it; null or absent: a credit note of no invoice, or nobody looked. */
  readonly invoiceId?: string | null;
  /** Who received that, or was given it by a credit note of no invoice; null or absent: nobody looked. */
  readonly recipientId?: string | null;
  /** How its invoice taxed it; null: it is on a credit note of no invoice. */
  readonly taxation: TaxOfSupply | null;
}

/** True of units that left a cycle which other accounts asked for: their charge is of its own, and adjusts none. */
export function isLeave({ kind, net, chargeItemId, chargeId }: Charge): boolean {
  return kind === 'recurring' && chargeItemId === chargeId && Money.from(net).isNegative();
}

/** True of a charge whose tax is that of fees which accounts of the client have invoiced: of units that left, and of a service credit. */
export function needsAsked(charge: Charge): boolean {
  return isLeave(charge) || charge.kind === 'service-credit';
}

/** How a document with these tax totals taxed one of its charges; null: by no rate, as of a category without one. */
export function chargeTaxedAs(
  { taxCategory, taxes }: Pick<FrozenCharge, 'taxCategory' | 'taxes'>,
  taxTotals: readonly TaxTotal[],
): TaxOfSupply | null {
  const [total] = totalsFor(taxCategory, taxes[0], taxTotals);
  return total === undefined ? null : taxationOf(total);
}

/**
 * What units that leave a cycle give back, at the rates at which they were asked for: those that joined last leave first. null: the line is no
 * leave, or nothing is known of what was asked. Units that no invoice asked for are taxed by the rules of today.
 */
export function leftBy(line: Line, elsewhere: readonly AskedElsewhere[]): readonly Supply[] | null {
  if ('workItemId' in line) return null;
  const there = stillThere(cycleLeft(line, elsewhere));
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

/** What was asked of the cycle that units leave by a charge, of who paid for them where several did. Empty: none leave by it. */
export function cycleLeft(charge: Charge, elsewhere: readonly AskedElsewhere[]): readonly AskedElsewhere[] {
  if (!isLeave(charge)) return [];
  return elsewhere.filter(
    ({ contractId, termId, from, to, recipientId }) =>
      contractId === charge.contractId &&
      termId === charge.basis.termId &&
      from <= charge.to &&
      to >= charge.from &&
      (charge.basis.billTo === undefined || charge.basis.billTo === recipientId),
  );
}

/**
 * What a service credit takes off the fees of its month, each at the rate at which it was asked for; fees that stand on the same document are taxed there.
 * null: the line is none, or nothing was charged for that month in its tax category.
 */
export function creditedOff(
  line: Line,
  elsewhere: readonly AskedElsewhere[],
  beside: readonly Line[],
): readonly Supply[] | null {
  if ('workItemId' in line || line.kind !== 'service-credit') return null;
  const asked = feesCredited(line, elsewhere).map(({ taxation, from: on, net }) => ({ on, net, taxation }));
  const here = beside.flatMap((one) =>
    'workItemId' in one || one.kind !== 'recurring' || !isCreditedBy(line, one) ? [] : [{ on: one.from, net: one.net }],
  );
  const fees = [...asked, ...here].filter(({ net }) => !Money.from(net).isZero());
  if (fees.length === 0 || Money.from(line.net).isZero()) return null;
  const shares = Money.from(line.net).allocate(fees.map(({ net }) => Money.from(net).value));
  return fees.flatMap((fee, index): readonly Supply[] => {
    const share = at(shares, index, 'the share of a fee');
    return share.isZero() ? [] : [{ ...supplyOf(line), ...fee, net: share.toJSON() }];
  });
}

/** The fees on invoices that a service credit takes something off. Empty: the charge is none, or no invoice asks for any. */
export function feesCredited(charge: Charge, elsewhere: readonly AskedElsewhere[]) {
  return elsewhere.flatMap((one) => {
    const { taxation, recipientId } = one;
    const { billTo = recipientId } = charge.basis;
    return taxation !== null && billTo === recipientId && isCreditedBy(charge, one) ? [{ ...one, taxation }] : [];
  });
}

/** True of a fee of the month of a service credit, in its tax category. */
function isCreditedBy(
  charge: Charge,
  { contractId, taxCategory, from, to, net }: Pick<Charge, 'contractId' | 'taxCategory' | 'from' | 'to' | 'net'>,
): boolean {
  const { first, last } = daysOf(monthOf(charge.from));
  return (
    charge.kind === 'service-credit' &&
    contractId === charge.contractId &&
    taxCategory === charge.taxCategory &&
    from <= last &&
    to >= first &&
    net.currency === charge.net.currency &&
    !Money.from(net).isNegative()
  );
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
