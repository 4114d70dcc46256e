import { Decimal, type Minutes, Money, at, invariant } from '@billtrail/kernel';
import type { CapBasis } from '../item/basis.js';
import type { BillableItem } from '../item/billable-item.js';
import type { MadeItem } from '../item/made-item.js';
import type { TraceStep } from '../item/trace.js';
import { capBasis, capStep } from '../rating/caps/room.js';
import { quantityFor } from '../rating/items/part-splitting.js';
import type { HeldBack } from '../rating/items/priced-part.js';
import { hoursText } from '../rating/quantities.js';
import { type Compared, adjustment, withStep } from './adjustment-item.js';
import { type Holding, NOTHING, minus } from './holding.js';

/** An increase, cut where the caps are met: minutes and quantity by the money. */
export function heldToCap(
  of: Compared,
  change: Holding,
  heldBack: readonly HeldBack[],
  number: number,
): readonly MadeItem[] {
  const held = heldBack.find(({ rule }) => rule === 'gap') ?? at(heldBack, 0, 'what a cap held back');
  const all = Money.sum(
    heldBack.map((one) => one.above),
    held.above.currency,
  );
  invariant(!all.isNegative(), () => `a cap holds back ${all.toString()} of ${of.settled.workItemId}`);
  invariant(
    change.currency === held.above.currency,
    () => `the cap of ${of.settled.workItemId} is in ${held.above.currency}, the work in ${change.currency}`,
  );
  const above = Decimal.min(all.value, change.net);
  const share = shareOf(change, change.net.minus(above));
  const aboveMoney = Money.of(above, held.above.currency);
  const amount = aboveMoney.toJSON().amount;
  const text = `of the difference ${aboveMoney.toString()} is above what the cap lets through`;
  const step = (): TraceStep => {
    const told = capStep(held.under);
    return { ...told, text: `${told.text}; ${text}`, facts: { ...told.facts, above: amount } };
  };
  const rest = adjustment(of, minus(change, share), 'written-off', { role: 'above-cap', number });
  const isForgone = held.rule === 'write-down';
  const cap: CapBasis = { ...capBasis(held.under), above: amount };
  const item = isForgone ? rest.item : itemWithoutPrice(rest.item, step().text);
  const aboveCap = withStep(rest, step, item, { cap, ...(isForgone ? {} : { unpriced: 'above-cap' as const }) });
  if (share.net.isZero()) return [aboveCap];
  const billed = adjustment(of, share, 'billable', { role: 'adjustment', number });
  const { contractId, capId } = cap;
  const within = (): TraceStep => ({ step: 'cap', text, facts: { contractId, capId, heldBack: amount } });
  return [withStep(billed, within, billed.item, { cap: { ...cap, above: null, heldBack: amount } }), aboveCap];
}

/** Above the cap and without a price: its minutes are those that were worked. */
function itemWithoutPrice(item: BillableItem, cause: string): BillableItem {
  return {
    ...item,
    disposition: 'unpriced',
    billableMinutes: null,
    quantity: item.actualMinutes === null ? item.quantity : hoursText(item.actualMinutes),
    unitPrice: null,
    net: null,
    unpriced: { reason: 'above-cap', cause },
  };
}

/** What of a change stands for a part of its money. */
function shareOf(change: Holding, net: Decimal): Holding {
  if (net.isZero()) return NOTHING;
  invariant(net.gt(0) && net.lte(change.net), 'what a cap lets through is more than what changed');
  // By largest remainder, as `shareMinutes` has it for weights that are whole: money of two parts is exact only as a decimal.
  const first = (minutes: Minutes): Minutes =>
    new Decimal(minutes).times(net).div(change.net).toDecimalPlaces(0, Decimal.ROUND_HALF_UP).toNumber();
  return {
    actualMinutes: first(change.actualMinutes),
    billableMinutes: first(change.billableMinutes),
    quantity: quantityFor(change.quantity, { value: net }, { value: change.net }),
    net,
    currency: change.currency,
  };
}
