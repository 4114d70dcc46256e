import { Decimal, type MoneyJson, Money } from '@billtrail/kernel';
import type { PrepaidAmount } from '@billtrail/contracts';
import type { BillableItem, Disposition } from '../rating/facts.js';
import { amountOf } from '../rating/prepaid/prepaid-stock.js';
import { type DrawDifference, drawDifferences } from './draw-differences.js';
import { type FrozenWork, type Held, nextAdjustment } from './settled-work.js';
import { NOTHING, heldBy, isNothing, minus, plus } from './holding.js';
import { unpricedStep } from '../rating/coverage/placement.js';
import { hoursText } from '../rating/quantities.js';
import type { HeldBack } from '../rating/items/priced-part.js';
import { shareMinutes } from '../rating/items/part-splitting.js';
import type { Account } from '../rating/items/step-8-item.js';
import type { TraceStep } from '../item/trace.js';

/** Which of the items of the work speaks for it: one without a price, else the first with one, else the first. null: there are none. */
function spokesman(items: readonly BillableItem[]): BillableItem | null {
  return (
    items.find((item) => item.disposition === 'unpriced') ??
    items.find((item) => item.disposition === 'billable') ??
    items[0] ??
    null
  );
}

/**
 * What follows from work that changed after a part of it was frozen: adjustment items that carry the difference between the work as it is
 * now (`presentItems`; none: voided, or moved out of the period) and all that is frozen of it. Together they are the work, exactly (law L1).
 *
 * **When.** Only a change of the work's own facts (its `work` step: minutes, quantity, cost, type, role, day, void) makes an adjustment, or one of
 * work that it shares a price with (`causes`, from `reopenedWork`: it did not change itself, and its trace names the work that did).
 * Frozen money is an input of rating: a contract version published later, also a back-dated one, a new rate card, a no-charge
 * declaration or a reclassified ticket never re-price it; a credit note is the way to that. Therefore it must be
 * rated under the contract version that priced the frozen item.
 *
 * **What.** Against an invoice the difference is billable and may be negative: the client is owed it. A write-off was never asked of
 * the client, so a decrease of written-off work makes the write-off smaller (disposition `written-off`, negative) and is credited only
 * as far as the work fell below what was invoiced of it.
 *
 * An adjustment is `{workItemId}-a{n}`, n being the number of frozen items of the work, or the next that is free; the part that makes a write-off smaller,
 * where both are needed, is `{workItemId}-w{n}`. An increase is held to the caps of the version that priced the work: what they let through is
 * the adjustment, and what is above is `{workItemId}-x{n}`, written off by the contract's rule or without a price (step 7). What the work draws of a
 * block more than is frozen, or gives back to it, is `{workItemId}-d{n}`: a zero line with a draw, below zero where it is given back. A
 * decrease that nobody approved gives nothing back.
 */
export function adjustmentsOf(
  frozen: FrozenWork,
  presentItems: readonly BillableItem[],
  account: Account,
  heldBack: readonly HeldBack[] = [],
  causes: readonly string[] | null = null,
): readonly BillableItem[] {
  const items = differencesOf(frozen, presentItems, account, heldBack);
  if (causes === null) return items;
  // What did not change itself never loses its price here: it keeps what it has.
  return items.every(({ disposition }) => disposition !== 'unpriced') ? items.map((item) => because(item, causes)) : [];
}

const CORRECTED = 'the work was corrected';

function because(item: BillableItem, causes: readonly string[]): BillableItem {
  const others = causes.length === 0 ? 'other work' : causes.join(', ');
  const why = `${others}, with which the work shares a price, was corrected or voided`;
  return {
    ...item,
    trace: item.trace.map((step) =>
      step.step === 'adjustment'
        ? { ...step, text: step.text.replace(CORRECTED, why), facts: { ...step.facts, causedBy: causes } }
        : step,
    ),
  };
}

function differencesOf(
  frozen: FrozenWork,
  presentItems: readonly BillableItem[],
  account: Account,
  heldBack: readonly HeldBack[],
): readonly BillableItem[] {
  const present = spokesman(presentItems);
  const draws = drawDifferences(frozen, presentItems).filter(
    ({ amount }) => present === null || present.approval === null || present.approval === 'approved' || !isLess(amount),
  );
  const drawn = draws.reduce((sum, { held }) => plus(sum, held), NOTHING);
  const now = minus(heldBy(presentItems), drawn);
  const ofDraws = draws.map((draw, index) => drawAdjustment(frozen, present, draw, index, account));
  return [...ofTheRest(frozen, present, now, account, heldBack), ...ofDraws];
}

function isLess(amount: PrepaidAmount): boolean {
  return amountOf(amount).isNegative();
}

/** A zero line that draws more of a block, or gives something of it back: a draw below zero. */
function drawAdjustment(
  frozen: FrozenWork,
  present: BillableItem | null,
  { source, amount, held, present: covered }: DrawDifference,
  index: number,
  account: Account,
): BillableItem {
  const itemId = `${frozen.workItemId}-d${nextAdjustment(frozen) + index}`;
  const item = adjustment(frozen, covered ?? present, { ...held, net: NOTHING.net }, 'covered', itemId, account);
  const zero = Money.zero(item.net?.currency ?? account.currency).toJSON();
  const { workItemId, workDate } = item;
  return {
    ...item,
    unitPrice: zero,
    net: zero,
    draw: { source, itemId, workItemId, workDate, amount, frozen: false },
  };
}

/** Of all that no draw carries. */
function ofTheRest(
  frozen: FrozenWork,
  present: BillableItem | null,
  now: Held,
  account: Account,
  heldBack: readonly HeldBack[],
): readonly BillableItem[] {
  const change = minus(now, plus(frozen.invoiced, frozen.writtenOff));
  const id = (letter: 'a' | 'w' | 'x'): string => `${frozen.workItemId}-${letter}${nextAdjustment(frozen)}`;
  if (frozen.hasUnpricedPart || present?.disposition === 'unpriced')
    return withoutPrice(frozen, present, change, id('a'), account);
  if (isNothing(change)) return [];
  if (change.net.gt(0) && heldBack.length > 0 && (!frozen.hasWriteOff || now.net.gte(frozen.invoiced.net)))
    return heldToCap(frozen, present, change, heldBack, { billed: id('a'), above: id('x') }, account);
  if (!frozen.hasWriteOff) return [adjustment(frozen, present, change, 'billable', id('a'), account)];
  if (now.net.gte(frozen.invoiced.net)) {
    return [adjustment(frozen, present, change, change.net.gt(0) ? 'billable' : 'written-off', id('a'), account)];
  }
  const owed = adjustment(frozen, present, minus(now, frozen.invoiced), 'billable', id('a'), account);
  const takenBack = adjustment(frozen, present, minus(NOTHING, frozen.writtenOff), 'written-off', id('w'), account);
  return [besideWriteOff(owed, takenBack), takenBack];
}

/** What is owed holds the work as it is now, and yet not all of it: what was written off too much is taken back beside it. */
function besideWriteOff(owed: BillableItem, { net }: BillableItem): BillableItem {
  const writeOffTakenBack = net?.amount ?? null;
  return {
    ...owed,
    trace: owed.trace.map((step) =>
      step.step === 'adjustment' ? { ...step, facts: { ...step.facts, writeOffTakenBack } } : step,
    ),
  };
}

/** An increase, cut where the caps are met: minutes and quantity by the money. */
function heldToCap(
  frozen: FrozenWork,
  present: BillableItem | null,
  change: Held,
  heldBack: readonly HeldBack[],
  ids: { readonly billed: string; readonly above: string },
  account: Account,
): readonly BillableItem[] {
  const above = Decimal.min(
    heldBack.reduce((sum, one) => sum.plus(one.above.value), new Decimal(0)),
    change.net,
  );
  const [first] = heldBack;
  const held = heldBack.find(({ rule }) => rule === 'gap') ?? first;
  if (held === undefined) return [adjustment(frozen, present, change, 'billable', ids.billed, account)];
  const share = shareOf(change, change.net.minus(above));
  const rest = adjustment(frozen, present, minus(change, share), 'written-off', ids.above, account);
  const aboveMoney = Money.of(above, held.above.currency);
  const amount = aboveMoney.toJSON().amount;
  const text = `of the difference ${aboveMoney.toString()} is above what the cap lets through`;
  const facts = { ...held.step.facts, above: amount };
  const step: TraceStep = { ...held.step, text: `${held.step.text}; ${text}`, facts };
  const item: BillableItem =
    held.rule === 'write-down'
      ? { ...rest, trace: [...rest.trace, step] }
      : {
          ...rest,
          disposition: 'unpriced',
          billableMinutes: null,
          quantity: rest.actualMinutes === null ? rest.quantity : hoursText(rest.actualMinutes),
          unitPrice: null,
          net: null,
          trace: [...rest.trace, step],
        };
  if (share.net.isZero()) return [item];
  const billed = adjustment(frozen, present, share, 'billable', ids.billed, account);
  const { contractId = null, capId = null } = held.step.facts;
  const within: TraceStep = { step: 'cap', text, facts: { contractId, capId, heldBack: amount } };
  return [{ ...billed, trace: [...billed.trace, within] }, item];
}

/** Digits of the quantity of a part: the other part holds the rest exactly. */
const QUANTITY_DIGITS = 6;

/** What of a change stands for a part of its money. */
function shareOf(change: Held, net: Decimal): Held {
  if (net.isZero()) return NOTHING;
  const weights = [net.toNumber(), change.net.minus(net).toNumber()];
  return {
    actualMinutes: shareMinutes(change.actualMinutes, weights)[0] ?? 0,
    billableMinutes: shareMinutes(change.billableMinutes, weights)[0] ?? 0,
    quantity: change.quantity.times(net).div(change.net).toDecimalPlaces(QUANTITY_DIGITS, Decimal.ROUND_DOWN),
    net,
  };
}

/**
 * Where the frozen or the present work has no price there is no difference in money. More of it is unpriced, and so a gap; less of
 * what was written off without a price makes that write-off smaller. What was invoiced with a price and has none now stays
 * invoiced, and the gap says so.
 */
function withoutPrice(
  frozen: FrozenWork,
  present: BillableItem | null,
  change: Held,
  itemId: string,
  account: Account,
): readonly BillableItem[] {
  const less = change.actualMinutes < 0 || change.quantity.lt(0);
  const same = change.actualMinutes === 0 && change.quantity.isZero();
  const lostItsPrice = present?.disposition === 'unpriced' && !frozen.hasUnpricedPart;
  if (same && !lostItsPrice) return [];
  const disposition: Disposition = less && frozen.hasUnpricedPart ? 'written-off' : 'unpriced';
  const item = adjustment(frozen, present, change, disposition, itemId, account);
  const reason = unpricedStep(
    'adjustment',
    'written-off-without-price',
    'part of this work was written off without a price, so the rest of it has none',
  );
  return [
    {
      ...item,
      billableMinutes: null,
      unitPrice: null,
      net: null,
      trace: disposition === 'unpriced' && !lostItsPrice ? [...item.trace, reason] : item.trace,
    },
  ];
}

function adjustment(
  frozen: FrozenWork,
  present: BillableItem | null,
  change: Held,
  disposition: Disposition,
  itemId: string,
  account: Account,
): BillableItem {
  const { latest } = frozen;
  const priced = present !== null && present.contractId !== null ? present : latest;
  const currency = latest.net?.currency ?? present?.net?.currency ?? account.currency;
  const isTime = latest.kind === 'time';
  return {
    itemId,
    workItemId: frozen.workItemId,
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
    taxCategory: present?.taxCategory ?? latest.taxCategory,
    contractId: priced.contractId,
    contractVersion: priced.contractVersion,
    approval: present?.approval ?? null,
    invoiceId: null,
    sourceEventIds: [...new Set([...latest.sourceEventIds, ...(present?.sourceEventIds ?? [])])],
    trace: [...(present?.trace ?? []), adjustmentStep(frozen, present, change, currency)],
  };
}

function moneyOf(value: Decimal, currency: string): MoneyJson {
  return Money.of(value, currency).toJSON();
}

function adjustmentStep(frozen: FrozenWork, present: BillableItem | null, change: Held, currency: string): TraceStep {
  const before = plus(frozen.invoiced, frozen.writtenOff);
  const why = present === null ? 'the work was voided or moved out of this period' : CORRECTED;
  const frozenNet = moneyOf(before.net, currency).amount;
  const presentNet =
    present === null ? '0' : present.net === null ? null : moneyOf(before.net.plus(change.net), currency).amount;
  return {
    step: 'adjustment',
    text:
      `${why} after ${frozen.parts.map((part) => part.item.itemId).join(', ')} was frozen at ${frozenNet} ${currency}: ` +
      `now ${presentNet ?? 'without a price'}, difference ${moneyOf(change.net, currency).amount}`,
    facts: {
      frozenItemIds: frozen.parts.map((part) => part.item.itemId),
      invoiceIds: frozen.parts.flatMap((part) => (part.invoiceId === null ? [] : [part.invoiceId])),
      frozenNet,
      presentNet,
      difference: moneyOf(change.net, currency).amount,
      currency,
    },
  };
}
