import { Money, at, invariant } from '@billtrail/kernel';
import type { ChargeBasis } from '../item/basis.js';
import type { Charge } from '../item/charge-item.js';
import { chargeAdjustmentId, invoicesOf } from '../item/item-key.js';
import type { TraceStep } from '../item/trace.js';
import type { CategoryNet, ExpectedCharge } from '../rating/charges/charge-ledger.js';
import { differenceOf } from './difference.js';
import { standsText } from './given-back.js';
import { type Holding, moneyAlone } from './holding.js';
import { NAMES_NOTHING } from './named-value.js';
import { type SettledCharge, nextAdjustment } from './settled-charges.js';

/** What follows where a settled charge should be something else: an adjustment in each tax category in which something is asked or owed. */
export function adjustmentsOfCharge(
  settled: SettledCharge,
  nets: readonly CategoryNet[],
  why: string,
  expected: ExpectedCharge | null,
): readonly Charge[] {
  const first = nextAdjustment(settled.charges);
  return differencesOf(settled, nets).map((difference, index) =>
    adjustmentOf(settled, difference, { why, expected, number: first + index }),
  );
}

/** What is said of the charge itself, and not of its adjustment. */
function withoutFigures(whole: ChargeBasis): ChargeBasis {
  const { fee: _fee, before: _before, minimum: _minimum, ...others } = whole;
  const { off: _off, credit: _credit, travel: _travel, incident: _incident, reduces: _reduces, ...basis } = others;
  return basis;
}

/** In one tax category: what was asked, what should be, and what therefore is asked or owed. */
interface CategoryDifference extends CategoryNet {
  readonly before: Money;
  readonly difference: Money;
  /** True where the one is owed what another is asked: the charge went from category to category. */
  readonly isMoved: boolean;
}

/**
 * What is asked or owed in each tax category; none without a difference. Together they are the difference of the charge: what credit notes took
 * back, never to be billed again, stays forgone in whichever category the rest is asked for now.
 */
function differencesOf(settled: SettledCharge, nets: readonly CategoryNet[]): readonly CategoryDifference[] {
  const zero = Money.zero(settled.net.currency);
  const now = Money.sum(
    nets.map(({ net }) => net),
    zero.currency,
  );
  const owed = owedOf(settled, now);
  const asked = nets.filter(({ net }) => !net.isZero());
  const whole = settled.net.minus(settled.credited).plus(owed);
  const shares = asked.length === 0 ? [] : whole.allocate(asked.map(({ net }) => net.value.abs()));
  const shareOf = new Map(asked.map(({ taxCategory }, index) => [taxCategory, at(shares, index, 'a share')]));
  invariant(
    asked.length > 0 || whole.isZero(),
    () => `${settled.chargeId} is nothing, and ${whole.toString()} is left`,
  );
  const categories = [...new Set([...settled.byCategory.keys(), ...nets.map(({ taxCategory }) => taxCategory)])];
  const differences = categories.map((taxCategory) => {
    const { net: before, credited } = settled.byCategory.get(taxCategory) ?? { net: zero, credited: zero };
    const expected = nets.find((one) => one.taxCategory === taxCategory) ?? { taxCategory, net: zero };
    const difference = (shareOf.get(taxCategory) ?? zero).minus(before.minus(credited));
    return { ...expected, before, difference };
  });
  const differing = differences.filter(({ difference }) => !difference.isZero());
  const sum = Money.sum(
    differing.map(({ difference }) => difference),
    zero.currency,
  );
  invariant(sum.equals(owed), () => `the adjustments of ${settled.chargeId} are not what it differs by`);
  const isMoved = new Set(differing.map(({ difference }) => difference.isNegative())).size > 1;
  return differing.map((one) => ({ ...one, isMoved }));
}

function adjustmentOf(
  { original, charges, chargeId, credited }: SettledCharge,
  { taxCategory, net, fee, priced, before, difference, isMoved }: CategoryDifference,
  {
    why,
    expected,
    number,
  }: { readonly why: string; readonly expected: ExpectedCharge | null; readonly number: number },
): Charge {
  const reason = isMoved ? 'the tax category changed' : why;
  const of = isMoved ? ` in tax category ${taxCategory}` : '';
  const step: TraceStep = {
    step: 'adjustment',
    text: `${reason} after ${chargeId} was invoiced at ${before.toString()}${of}: now ${net.toString()}, difference ${difference.toString()}${isMoved ? '' : standsText(givenBackOf(credited), net.value)}`,
    facts: {
      frozenItemIds: charges.map(({ charge }) => charge.chargeItemId),
      invoiceIds: charges.map(({ invoiceId }) => invoiceId),
      frozenNet: before.toJSON().amount,
      presentNet: net.toJSON().amount,
      difference: difference.toJSON().amount,
      currency: difference.currency,
      ...(isMoved ? { taxCategory } : {}),
    },
  };
  const now = priced ?? expected ?? original;
  const events = new Set([...original.sourceEventIds, ...now.sourceEventIds]);
  return {
    ...original,
    chargeItemId: chargeAdjustmentId(chargeId, number),
    quantity: difference.isNegative() ? '-1' : '1',
    unit: 'adjustment',
    unitPrice: (difference.isNegative() ? difference.negated() : difference).toJSON(),
    net: difference.toJSON(),
    taxCategory,
    contractVersion: now.contractVersion,
    sourceEventIds: [...events],
    basis: {
      ...withoutFigures(expected?.basis ?? original.basis),
      ...(fee === undefined ? {} : { fee }),
      ...(expected?.basis.off === undefined ? {} : { off: expected.basis.off }),
      before: {
        net: before.toJSON().amount,
        now: net.toJSON().amount,
        documentIds: invoicesOf(charges.map(({ invoiceId }) => invoiceId)),
        why: reason,
        ...(priced === undefined ? {} : { unit: priced.unit }),
      },
    },
    trace: [...now.trace, step],
  };
}

function givenBackOf(credited: Money): Holding | null {
  return credited.isZero() ? null : moneyAlone(credited);
}

/** What is still asked of the client, or owed to it, where a settled charge should have another net, in all tax categories together. */
function owedOf({ net, credited }: SettledCharge, now: Money): Money {
  const invoiced = moneyAlone(net.minus(credited));
  const { owed } = differenceOf(
    { invoiced, forgone: null, named: NAMES_NOTHING, givenBack: givenBackOf(credited) },
    moneyAlone(now),
  );
  return owed === null ? Money.zero(net.currency) : Money.of(owed.net, net.currency);
}
