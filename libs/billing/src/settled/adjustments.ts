import { Money, invariant } from '@billtrail/kernel';
import { type PrepaidAmount, amountOf } from '@billtrail/contracts';
import type { BillableItem, Disposition } from '../item/billable-item.js';
import { type MadeItem, changed } from '../item/made-item.js';
import type { TraceStep } from '../item/trace.js';
import { unpricedStep } from '../rating/coverage/placement.js';
import type { HeldBack } from '../rating/items/priced-part.js';
import { type AdjustedAccount, type Causes, type Compared, adjustment, withStep } from './adjustment-item.js';
import { differenceOf } from './difference.js';
import { type DrawDifference, drawDifferences } from './draws.js';
import { heldToCap } from './held-to-cap.js';
import { type Holding, NOTHING, holdingOf, isNothing, minus, plus } from './holding.js';
import { byDayOfSupply } from './moved-over-tax.js';
import { type SettledWork, isForgiven, nextAdjustment } from './settled-work.js';
import { VALUES, differenceIn, withCourtesy, withDifference } from './values-told.js';

/** One without a price, else the first with one, else the first. */
function representativeItem(items: readonly MadeItem[]): MadeItem | null {
  return (
    items.find(({ item }) => item.disposition === 'unpriced') ??
    items.find(({ item }) => item.disposition === 'billable') ??
    items[0] ??
    null
  );
}

/**
 * What follows from work that changed after a part of it was frozen: adjustment items that carry the difference between the work as it is
 * now (`present`; none: voided, or moved out of the period) and all that is frozen of it. Together they are the work, exactly (law L1).
 *
 * **When.** Only a change of the work's own facts (its priced facts: minutes, quantity, cost, type, role, day, void) makes an adjustment, or one of
 * work that it shares a price with (`causes`), or a courtesy that is withdrawn after what it left was written off. Frozen money is an input of rating: a contract version published later, also a back-dated one, a
 * new rate card, a no-charge declaration or a reclassified ticket never re-price it; a credit note is the way to that. Therefore it must be
 * rated under the contract version that priced the frozen item.
 *
 * **What.** Against an invoice the difference is billable and may be negative: the client is owed it. What was forgone `differenceOf` says.
 *
 * The number of an adjustment is that of the frozen items of the work, or the next that is free. An increase is held to the caps of the version that
 * priced the work: what they let through is the adjustment, what is above is of role `above-cap`, written off by the contract's rule or without a
 * price (step 7). What the work draws of a block more than is frozen, or gives back to it, is a `draw-change`: a zero line with a draw, below
 * zero where it is given back. A decrease that nobody approved gives nothing back.
 *
 * Work that was moved to a day with another tax (`taxDate: supply`) is two supplies: `byDayOfSupply`.
 */
export function adjustmentsOf(
  settled: SettledWork,
  present: readonly MadeItem[],
  account: AdjustedAccount,
  heldBack: readonly HeldBack[] = [],
  causes: Causes = null,
): readonly MadeItem[] {
  const representative = representativeItem(present);
  const why = settled.parts.every(isForgiven) ? { why: 'the work is billed again' } : {};
  const of: Compared = { settled, account, causes, present, representative, ...why };
  const approval = representative?.item.approval ?? null;
  const givesBack = approval === null || approval === 'approved';
  const draws = drawDifferences(settled, present).filter(({ amount }) => givesBack || !givesSomeBack(amount));
  const drawn = draws.reduce((sum, { holding }) => plus(sum, holding), NOTHING);
  const now = minus(holdingOf(present.map(({ item }) => item)), drawn);
  const items = [
    ...byDayOfSupply(of, ofTheRest(of, now, heldBack)),
    ...draws.map((draw, index) => drawChange(of, draw, nextAdjustment(settled) + index)),
  ];
  // What did not change itself never loses its price here: it keeps what it has.
  if (causes !== null && items.some(({ item }) => item.disposition === 'unpriced')) return [];
  areTheDifference(items, present, settled);
  const told = VALUES.reduce<readonly MadeItem[]>(
    (list, value) => withDifference(list, value, differenceIn(settled, present, value)),
    items,
  );
  return namedBeside(withCourtesy(told, settled, present));
}

/** Each names the others: who has only some of them settled has not settled the difference. */
function namedBeside(items: readonly MadeItem[]): readonly MadeItem[] {
  if (items.length < 2) return items;
  const ids = items.map(({ item }) => item.itemId);
  return items.map((made) =>
    changed(made, {
      basis: () => {
        const basis = made.basis();
        const { adjustment: of } = basis;
        invariant(of !== null, () => `${made.item.itemId} carries a difference and does not say of what`);
        return { ...basis, adjustment: { ...of, beside: ids.filter((id) => id !== made.item.itemId) } };
      },
    }),
  );
}

/** Law L1: what is settled and its adjustments are the work. Money only where all of it has a price. */
function areTheDifference(
  items: readonly MadeItem[],
  present: readonly MadeItem[],
  { workItemId, invoiced, writtenOff, hasUnpricedPart }: SettledWork,
): void {
  const adjusted = holdingOf(items.map(({ item }) => item));
  const difference = minus(holdingOf(present.map(({ item }) => item)), plus(invoiced, writtenOff));
  invariant(
    adjusted.actualMinutes === difference.actualMinutes && adjusted.quantity.equals(difference.quantity),
    () => `the adjustments of ${workItemId} do not hold what changed of it`,
  );
  const hasPrice = !hasUnpricedPart && [...items, ...present].every(({ item }) => item.disposition !== 'unpriced');
  invariant(
    !hasPrice || adjusted.net.equals(difference.net),
    () => `the adjustments of ${workItemId} come to ${adjusted.net.toFixed()}, not to ${difference.net.toFixed()}`,
  );
}

function givesSomeBack(amount: PrepaidAmount): boolean {
  return amountOf(amount).isNegative();
}

/** A zero line that draws more of a block, or gives something of it back: a draw below zero. */
function drawChange(of: Compared, draw: DrawDifference<MadeItem>, number: number): MadeItem {
  const { source, amount, holding, present: drawn } = draw;
  const role = { role: 'draw-change', number } as const;
  const representative = drawn ?? of.representative;
  const made = adjustment({ ...of, representative }, { ...holding, net: NOTHING.net }, 'covered', role);
  const { itemId, workItemId, workDate, net } = made.item;
  const zero = Money.zero(net?.currency ?? of.account.currency).toJSON();
  return changed(made, {
    item: {
      ...made.item,
      unitPrice: zero,
      net: zero,
      draw: { source, itemId, workItemId, workDate, amount, frozen: false },
    },
  });
}

/** Of all that no draw carries. */
function ofTheRest(of: Compared, now: Holding, heldBack: readonly HeldBack[]): readonly MadeItem[] {
  const { settled, representative } = of;
  const { invoiced, writtenOff, hasUnpricedPart } = settled;
  const change = minus(now, plus(invoiced, writtenOff));
  const number = nextAdjustment(settled);
  if (hasUnpricedPart || representative?.item.disposition === 'unpriced') return withoutPrice(of, change, number);
  if (isNothing(change)) return [];
  const { owed: asked, forgone } = differenceOf(settled, now);
  const owed = asked !== null && forgone !== null && isNothing(asked) ? null : asked;
  if (change.net.gt(0) && heldBack.length > 0 && owed?.net.equals(change.net) === true)
    return heldToCap(of, change, heldBack, number);
  const first = { role: 'adjustment', number } as const;
  if (owed !== null && forgone === null) return [adjustment(of, owed, 'billable', first)];
  invariant(forgone !== null, `the difference of ${settled.workItemId} is neither owed nor forgone`);
  if (owed === null) return [adjustment(of, forgone, 'written-off', first)];
  const reversal = { role: 'write-off-reversal', number } as const;
  const takenBack = adjustment(of, forgone, 'written-off', reversal, { beside: owed });
  // What is owed holds the work as it is now, and yet not all of it: what was written off too much is taken back beside it.
  const { net } = takenBack.item;
  invariant(net !== null, `the write-off of ${settled.workItemId} that is taken back has no amount`);
  const writeOffTakenBack = net.amount;
  return [adjustment(of, owed, 'billable', first, { writeOffTakenBack, beside: forgone }), takenBack];
}

/**
 * Where the frozen or the present work has no price there is no difference in money. More of it is unpriced, and so a gap; less of
 * what was written off without a price makes that write-off smaller. What was invoiced with a price and has none now stays
 * invoiced, and the gap says so.
 */
function withoutPrice(of: Compared, change: Holding, number: number): readonly MadeItem[] {
  const { settled, representative } = of;
  const isLess = change.actualMinutes < 0 || change.quantity.lt(0);
  const isSame = change.actualMinutes === 0 && change.quantity.isZero();
  const lostItsPrice = representative?.item.disposition === 'unpriced' && !settled.hasUnpricedPart;
  if (isSame && !lostItsPrice) return [];
  const disposition: Disposition = isLess && settled.hasUnpricedPart ? 'written-off' : 'unpriced';
  const made = adjustment(of, change, disposition, { role: 'adjustment', number });
  const item: BillableItem = { ...made.item, billableMinutes: null, unitPrice: null, net: null };
  if (disposition === 'written-off') return [changed(made, { item })];
  if (lostItsPrice) {
    const { unpriced } = representative.item;
    return [changed(made, { item: { ...item, ...(unpriced === undefined ? {} : { unpriced }) } })];
  }
  const reason = 'written-off-without-price';
  const why = 'part of this work was written off without a price, so the rest of it has none';
  const step = (): TraceStep => unpricedStep('adjustment', reason, why);
  // Listed under the reason for which the work has no price; its gap says why the rest of it has none.
  const unpriced = representative?.item.unpriced ?? { reason, cause: why };
  return [{ ...withStep(made, step, { ...item, unpriced }, { unpriced: reason }), cause: why }];
}
