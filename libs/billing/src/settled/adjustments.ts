import { type Currency, Decimal, Money, type MoneyJson, at, invariant } from '@billtrail/kernel';
import { type PrepaidAmount, amountOf } from '@billtrail/contracts';
import type { AdjustmentBasis, CapBasis } from '../item/basis.js';
import type { BillableItem, Disposition } from '../item/billable-item.js';
import { type ItemRole, invoicesOf, itemIdOf } from '../item/item-key.js';
import { type MadeItem, NO_BASIS, changed } from '../item/made-item.js';
import type { Step, TraceStep } from '../item/trace.js';
import { capBasis, capStep } from '../rating/caps/room.js';
import { unpricedStep } from '../rating/coverage/placement.js';
import { quantityFor } from '../rating/items/part-splitting.js';
import type { HeldBack } from '../rating/items/priced-part.js';
import type { ClientPeriod } from '../rating/items/step-8-item.js';

import { hoursText } from '../rating/quantities.js';
import { shareMinutes } from '../rating/share-minutes.js';
import { differenceOf } from './difference.js';
import { type DrawDifference, drawDifferences } from './draws.js';
import { type Holding, NOTHING, holdingOf, isNothing, minus, plus } from './holding.js';
import { type SettledWork, nextAdjustment } from './settled-work.js';

/**
 * Why settled work is held against what it is now: because it changed itself, or because of other work that it shares a price with (`reopenedWork`).
 * That work's ids; none where it is no more to be found. null: it changed itself.
 */
export type Causes = readonly string[] | null;

/** Work as it is now, against what is settled of it. */
interface Compared {
  readonly settled: SettledWork;
  readonly account: ClientPeriod;
  readonly causes: Causes;
  /** The item of now from which an adjustment takes what the work is: its text, day, price, approval. null: there are none. */
  readonly representative: MadeItem | null;
}

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
 * work that it shares a price with (`causes`). Frozen money is an input of rating: a contract version published later, also a back-dated one, a
 * new rate card, a no-charge declaration or a reclassified ticket never re-price it; a credit note is the way to that. Therefore it must be
 * rated under the contract version that priced the frozen item.
 *
 * **What.** Against an invoice the difference is billable and may be negative: the client is owed it. What was forgone `differenceOf` says.
 *
 * The number of an adjustment is that of the frozen items of the work, or the next that is free. An increase is held to the caps of the version that
 * priced the work: what they let through is the adjustment, what is above is of role `above-cap`, written off by the contract's rule or without a
 * price (step 7). What the work draws of a block more than is frozen, or gives back to it, is a `draw-change`: a zero line with a draw, below
 * zero where it is given back. A decrease that nobody approved gives nothing back.
 */
export function adjustmentsOf(
  settled: SettledWork,
  present: readonly MadeItem[],
  account: ClientPeriod,
  heldBack: readonly HeldBack[] = [],
  causes: Causes = null,
): readonly MadeItem[] {
  const representative = representativeItem(present);
  const of: Compared = { settled, account, causes, representative };
  const approval = representative?.item.approval ?? null;
  const givesBack = approval === null || approval === 'approved';
  const draws = drawDifferences(settled, present).filter(({ amount }) => givesBack || !givesSomeBack(amount));
  const drawn = draws.reduce((sum, { holding }) => plus(sum, holding), NOTHING);
  const now = minus(holdingOf(present.map(({ item }) => item)), drawn);
  const items = [
    ...ofTheRest(of, now, heldBack),
    ...draws.map((draw, index) => drawChange(of, draw, nextAdjustment(settled) + index)),
  ];
  // What did not change itself never loses its price here: it keeps what it has.
  if (causes !== null && items.some(({ item }) => item.disposition === 'unpriced')) return [];
  areTheDifference(items, present, settled);
  return VALUES.reduce<readonly MadeItem[]>(
    (list, value) => withDifference(list, value, differenceIn(settled, present, value)),
    items,
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

/** What an item tells beside its net, of the work as a whole. */
const VALUES = ['standardValue', 'cost'] as const;
type Value = (typeof VALUES)[number];

/** How much more, or less, a value of the work is than what is frozen says; null: of a part of it that was never told. */
function differenceIn({ parts }: SettledWork, present: readonly MadeItem[], value: Value): Money | null {
  let difference: Money | null = null;
  const count = (told: MoneyJson | null, sign: 1 | -1): boolean => {
    if (told === null || (difference !== null && difference.currency !== told.currency)) return false;
    const amount = sign === 1 ? Money.from(told) : Money.from(told).negated();
    difference = difference === null ? amount : difference.plus(amount);
    return true;
  };
  const isTold =
    parts.every(({ item }) => count(item[value], -1)) && present.every(({ item }) => count(item[value], 1));
  return isTold ? difference : null;
}

/** The first of the adjustments carries it. */
function withDifference(items: readonly MadeItem[], value: Value, difference: Money | null): readonly MadeItem[] {
  if (difference === null) return items;
  return items.map((made, index) => {
    const told = (index === 0 ? difference : Money.zero(difference.currency)).toJSON();
    return changed(made, { item: { ...made.item, [value]: told } });
  });
}

function givesSomeBack(amount: PrepaidAmount): boolean {
  return amountOf(amount).isNegative();
}

/** A zero line that draws more of a block, or gives something of it back: a draw below zero. */
function drawChange(of: Compared, draw: DrawDifference<MadeItem>, number: number): MadeItem {
  const { source, amount, holding, present } = draw;
  const role = { role: 'draw-change', number } as const;
  const representative = present ?? of.representative;
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
  const { invoiced, writtenOff, hasWriteOff, hasUnpricedPart } = settled;
  const change = minus(now, plus(invoiced, writtenOff));
  const number = nextAdjustment(settled);
  if (hasUnpricedPart || representative?.item.disposition === 'unpriced') return withoutPrice(of, change, number);
  if (isNothing(change)) return [];
  const { owed, forgone } = differenceOf({ invoiced, forgone: hasWriteOff ? writtenOff : null }, now);
  if (change.net.gt(0) && heldBack.length > 0 && owed?.net.equals(change.net) === true)
    return heldToCap(of, change, heldBack, number);
  const asked = { role: 'adjustment', number } as const;
  if (owed !== null && forgone === null) return [adjustment(of, owed, 'billable', asked)];
  invariant(forgone !== null, `the difference of ${settled.workItemId} is neither owed nor forgone`);
  if (owed === null) return [adjustment(of, forgone, 'written-off', asked)];
  const reversal = { role: 'write-off-reversal', number } as const;
  const takenBack = adjustment(of, forgone, 'written-off', reversal);
  // What is owed holds the work as it is now, and yet not all of it: what was written off too much is taken back beside it.
  const { net } = takenBack.item;
  invariant(net !== null, `the write-off of ${settled.workItemId} that is taken back has no amount`);
  const writeOffTakenBack = net.amount;
  return [adjustment(of, owed, 'billable', asked, { writeOffTakenBack }), takenBack];
}

/** An increase, cut where the caps are met: minutes and quantity by the money. */
function heldToCap(of: Compared, change: Holding, heldBack: readonly HeldBack[], number: number): readonly MadeItem[] {
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

function withStep(
  made: MadeItem,
  step: Step,
  item: BillableItem,
  more: Partial<ReturnType<MadeItem['basis']>>,
): MadeItem {
  return { item, basis: () => ({ ...made.basis(), ...more }), trace: () => [...made.trace(), step()] };
}

/** What of a change stands for a part of its money. */
function shareOf(change: Holding, net: Decimal): Holding {
  if (net.isZero()) return NOTHING;
  invariant(net.gt(0) && net.lte(change.net), 'what a cap lets through is more than what changed');
  const weights = [net.toNumber(), change.net.minus(net).toNumber()];
  const first = (minutes: number): number => at(shareMinutes(minutes, weights), 0, 'the minutes below the cap');
  return {
    actualMinutes: first(change.actualMinutes),
    billableMinutes: first(change.billableMinutes),
    quantity: quantityFor(change.quantity, { value: net }, { value: change.net }),
    net,
    currency: change.currency,
  };
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

function adjustment(
  of: Compared,
  change: Holding,
  disposition: Disposition,
  { role, number }: { readonly role: ItemRole; readonly number: number },
  { writeOffTakenBack = null }: Partial<AdjustmentBasis> = {},
): MadeItem {
  const { settled, account, representative, causes } = of;
  const { latest } = settled;
  const present = representative?.item ?? null;
  const priced = present !== null && present.contractId !== null ? present : latest;
  const currency = latest.net?.currency ?? present?.net?.currency ?? account.currency;
  const isTime = latest.kind === 'time';
  const item: BillableItem = {
    itemId: itemIdOf({ workItemId: settled.workItemId, role, number }),
    workItemId: settled.workItemId,
    ticketId: present?.ticketId ?? latest.ticketId,
    clientId: account.clientId,
    period: account.period,
    kind: latest.kind,
    disposition,
    workDate: present?.workDate ?? latest.workDate,
    description: present?.description ?? latest.description,
    actualMinutes: isTime ? change.actualMinutes : null,
    billableMinutes: isTime ? change.billableMinutes : null,
    quantity: isTime ? hoursText(change.billableMinutes) : change.quantity.toFixed(),
    // Of time an adjustment holds minutes, also where the price is one whatever the minutes.
    unit: isTime ? 'h' : latest.unit,
    unitPrice: present?.disposition === 'billable' ? present.unitPrice : latest.unitPrice,
    net: moneyOf(change.net, currency),
    standardValue: null,
    cost: null,
    taxCategory: present?.taxCategory ?? latest.taxCategory,
    contractId: priced.contractId,
    contractVersion: priced.contractVersion,
    approval: present?.approval ?? null,
    invoiceId: null,
    sourceEventIds: [...new Set([...latest.sourceEventIds, ...(present?.sourceEventIds ?? [])])],
  };
  return {
    item,
    basis: () => ({
      ...(representative?.basis() ?? NO_BASIS),
      adjustment: { causedBy: causes, writeOffTakenBack, ...whatIsAdjusted(of) },
    }),
    trace: () => [...(representative?.trace() ?? []), adjustmentStep(of, change, currency, writeOffTakenBack)],
  };
}

/** The documents that carry the work, and why they are adjusted; nothing where none does. */
function whatIsAdjusted({ settled, representative, causes }: Compared): Pick<AdjustmentBasis, 'adjusts'> {
  const documentIds = invoicesOf(settled.parts.map(({ invoiceId }) => invoiceId));
  if (documentIds.length === 0) return {};
  return { adjusts: { documentIds, why: whyChanged(representative?.item ?? null, causes) } };
}

function moneyOf(value: Decimal, currency: Currency): MoneyJson {
  return Money.of(value, currency).toJSON();
}

function adjustmentStep(
  { settled, representative, causes }: Compared,
  change: Holding,
  currency: Currency,
  writeOffTakenBack: string | null,
): TraceStep {
  const present = representative?.item ?? null;
  const before = plus(settled.invoiced, settled.writtenOff);
  const frozenItemIds = settled.parts.map(({ item }) => item.itemId);
  const frozenNet = moneyOf(before.net, currency).amount;
  const presentNet =
    present === null ? '0' : present.net === null ? null : moneyOf(before.net.plus(change.net), currency).amount;
  const difference = moneyOf(change.net, currency).amount;
  return {
    step: 'adjustment',
    text:
      `${whyChanged(present, causes)} after ${frozenItemIds.join(', ')} was frozen at ${frozenNet} ${currency}: ` +
      `now ${presentNet ?? 'without a price'}, difference ${difference}`,
    facts: {
      frozenItemIds,
      invoiceIds: settled.parts.flatMap(({ invoiceId }) => (invoiceId === null ? [] : [invoiceId])),
      frozenNet,
      presentNet,
      difference,
      currency,
      ...(writeOffTakenBack === null ? {} : { writeOffTakenBack }),
      ...(causes === null ? {} : { causedBy: causes }),
    },
  };
}

function whyChanged(present: BillableItem | null, causes: Causes): string {
  if (present === null) return 'the work was voided or moved out of this period';
  if (causes === null) return 'the work was corrected';
  const others = causes.length === 0 ? 'other work' : causes.join(', ');
  return `${others}, with which the work shares a price, was corrected or voided`;
}
