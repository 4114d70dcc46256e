import { type Decimal, type Minutes, type Month, Money, type MoneyJson, addTo, at, invariant } from '@billtrail/kernel';
import type { Segment } from '../item/billable-item.js';
import { beforeCourtesy } from '../item/courtesy.js';
import type { FrozenItem } from '../item/frozen-item.js';
import { type ItemKey, isOfWork, itemKeyOf } from '../item/item-key.js';
import type { ClientPeriodFacts } from '../client-period.js';
import { inScopesOfNow } from './scopes-of-now.js';
import { type Holding, NOTHING, holdingOf, minus, moneyAlone, plus } from './holding.js';
import { NAMES_NOTHING, type NamedValue, type ValuedPart, namedValue } from './named-value.js';

/** One item that is on an invoice (with its id) or written off (null). */
export interface SettledPart {
  readonly item: FrozenItem;
  readonly key: ItemKey;
  /** The billing period in whose account it is. */
  readonly period: Month;
  readonly invoiceId: string | null;
  /** What credit notes took back of an invoiced one; it counts as written off. */
  readonly credited: MoneyJson | null;
  readonly creditNoteId: string | null;
}

/** What is settled of one piece of work in the account of one period. */
export interface SettledWork {
  readonly workItemId: string;
  readonly period: Month;
  /** First the item itself or its parts, then its adjustments in their order. Never empty. */
  readonly parts: readonly SettledPart[];
  /** The stretches of its parts, in order of time. Empty where the whole is frozen, and of materials and expenses. */
  readonly stretches: readonly Segment[];
  readonly latest: FrozenItem;
  readonly invoiced: Holding;
  /** With what was given back. */
  readonly writtenOff: Holding;
  /** Parts that were never asked of the client, at their value. null: there are none. */
  readonly forgone: Holding | null;
  /** Which of the whole value those parts name. */
  readonly named: NamedValue;
  /** Money of invoiced parts that credit notes gave back and wrote off. null: none. */
  readonly givenBack: Holding | null;
  readonly actualMinutes: Minutes;
  readonly billableMinutes: Minutes;
  /** Pieces or expenses; 0 of time. */
  readonly quantity: Decimal;
  readonly hasWriteOff: boolean;
  /** True where all of it was only ever forgone. */
  readonly isForgone: boolean;
  /** True where a part was written off without a price. What a cap held back has one: that of the work above the cap. */
  readonly hasUnpricedPart: boolean;
}

export type SettledWorkById = ReadonlyMap<string, SettledWork>;

/** What a client's accounts hold of the work of a period, by work item. */
export interface SettledOfClient {
  /** What the period at hand holds: this, and nothing else, rules count. */
  readonly here: SettledWorkById;
  /** What the client's other periods hold of this period's work, also where this one holds nothing of it, in the order of those periods. */
  readonly elsewhere: ReadonlyMap<string, readonly SettledElsewhere[]>;
}

/** What the account of another period holds of a piece of work. */
export interface SettledElsewhere {
  readonly settled: SettledWork;
  /** True where a line of it was credited there to be billed again. */
  readonly wasCredited: boolean;
}

type SettledFacts = Pick<ClientPeriodFacts, 'period' | 'invoiced' | 'writtenOff' | 'elsewhere' | 'tickets'>;

/** Folds what the accounts of a client hold of the period's work, over all periods. */
export function settledWork(facts: SettledFacts): SettledOfClient {
  const parts = new Map<string, SettledPart[]>();
  const { tickets } = facts;
  addAccount(parts, facts, tickets);
  const here = new Map<string, SettledWork>();
  for (const [workItemId, ofWork] of parts) here.set(workItemId, gather(workItemId, ofWork));
  const elsewhere = new Map<string, SettledElsewhere[]>();
  for (const account of [...(facts.elsewhere ?? [])].sort((a, b) => (a.period < b.period ? -1 : 1))) {
    invariant(account.period !== facts.period, () => `the account of ${account.period} is given twice`);
    const there = new Map<string, SettledPart[]>();
    addAccount(there, account, tickets);
    for (const [workItemId, ofWork] of there)
      addTo(elsewhere, workItemId, {
        settled: gather(workItemId, ofWork),
        wasCredited: account.creditedWork?.has(workItemId) === true,
      });
  }
  return { here, elsewhere };
}

function addAccount(
  parts: Map<string, SettledPart[]>,
  { period, invoiced, writtenOff }: Omit<SettledFacts, 'elsewhere' | 'tickets'>,
  tickets: SettledFacts['tickets'],
): void {
  const add = (part: SettledPart): void => addTo(parts, part.item.workItemId, part);
  for (const { line, invoiceId, credited = null, creditNoteId = null } of invoiced)
    add({
      item: inScopesOfNow(line, tickets, credited?.amount === line.net.amount ? 'forgone' : 'asked'),
      key: itemKeyOf(line.itemId),
      period,
      invoiceId,
      credited,
      creditNoteId,
    });
  for (const { creditNoteId = null, beforeMerge = false, ...item } of writtenOff)
    add({
      item: inScopesOfNow(item, tickets, beforeMerge ? 'before-merge' : 'forgone'),
      key: itemKeyOf(item.itemId),
      period,
      invoiceId: null,
      credited: null,
      creditNoteId,
    });
}

/**
 * What was asked of the client and not to be asked again: what is invoiced, also where a credit note gave money of it back or wrote it off. What was given
 * as a courtesy counts as asked: it makes no room for other work.
 */
export function billedOnce({
  invoiced,
  writtenOff,
}: Pick<ClientPeriodFacts, 'invoiced' | 'writtenOff'>): readonly FrozenItem[] {
  const credited = writtenOff.filter(({ creditNoteId }) => creditNoteId !== undefined);
  return [...invoiced.map(({ line }) => line), ...credited].map(beforeCourtesy);
}

/** The number of the next adjustment: that of the settled items, and never one that is given. */
export function nextAdjustment({ parts }: Pick<SettledWork, 'parts'>): number {
  return Math.max(parts.length, ...parts.map(({ key }) => (isOfWork(key) ? 0 : key.number + 1)));
}

/** The item itself first, then its parts, then its adjustments, each by their numbers. */
function inOrder(a: SettledPart, b: SettledPart): number {
  if (isOfWork(a.key) !== isOfWork(b.key)) return isOfWork(a.key) ? -1 : 1;
  const byNumber = a.key.number - b.key.number;
  if (byNumber !== 0 || isOfWork(a.key)) return byNumber;
  return a.item.itemId < b.item.itemId ? -1 : 1;
}

/** True of money that was given back of a line that is on no document any more: its work is billed again, and that much stays forgone. */
export function isForgiven({ key, invoiceId }: Pick<SettledPart, 'key' | 'invoiceId'>): boolean {
  return invoiceId === null && key.role === 'credit';
}

/** What credit notes took back of invoiced items: of money that they have, in its currency. */
function takenBackOf(parts: readonly SettledPart[]): Holding {
  let takenBack = NOTHING;
  for (const { item, credited } of parts) {
    if (credited === null) continue;
    invariant(
      item.net?.currency === credited.currency,
      () => `${item.itemId} was credited in another currency than it has`,
    );
    takenBack = plus(takenBack, moneyAlone(Money.from(credited)));
  }
  return takenBack;
}

/** What lies above a cap is written off without a price, and yet is worth what the cap held back. */
export function atItsValue(item: FrozenItem): FrozenItem {
  const { cap } = item.basis;
  if (item.net !== null || cap === null || cap.above === null) return item;
  const net = { amount: cap.above, currency: cap.currency };
  return { ...item, net, billableMinutes: item.actualMinutes };
}

/**
 * In the order in which their values lie on each other. Which of several parts of the work itself a decrease takes is not said: it takes those first that were
 * written off.
 */
function inOrderOfValue(parts: readonly SettledPart[]): readonly ValuedPart[] {
  const standing = parts.filter((part) => !isForgiven(part));
  const valued = standing.map(({ item, key, invoiceId }) =>
    invoiceId === null ? { item: atItsValue(item), key, isForgone: true } : { item, key, isForgone: false },
  );
  const ofWork = valued.filter(({ key }) => isOfWork(key));
  return [
    ...ofWork.filter(({ isForgone }) => !isForgone),
    ...ofWork.filter(({ isForgone }) => isForgone),
    ...valued.filter(({ key }) => !isOfWork(key)),
  ];
}

function gather(workItemId: string, unordered: readonly SettledPart[]): SettledWork {
  const parts = [...unordered].sort(inOrder);
  const onInvoices = parts.filter((part) => part.invoiceId !== null);
  const onLines = holdingOf(onInvoices.map(({ item }) => item));
  const onThem = takenBackOf(onInvoices);
  const invoiced = minus(onLines, onThem);
  const forgiven = parts.filter(isForgiven).map(({ item }) => item);
  const takenBack = plus(onThem, holdingOf(forgiven));
  const forgone = parts
    .filter((part) => part.invoiceId === null && !isForgiven(part))
    .map(({ item }) => atItsValue(item));
  const neverAsked = holdingOf(forgone);
  const writtenOff = plus(neverAsked, takenBack);
  return {
    workItemId,
    period: at(parts, 0, `what is settled of ${workItemId}`).period,
    parts,
    stretches: parts
      .flatMap(({ item }) => (item.segment === undefined ? [] : [item.segment]))
      .sort((a, b) => a.fromMinute - b.fromMinute || a.toMinute - b.toMinute),
    latest: at(parts, parts.length - 1, `what is settled of ${workItemId}`).item,
    invoiced,
    writtenOff,
    forgone: forgone.length === 0 ? null : neverAsked,
    named: forgone.length === 0 ? NAMES_NOTHING : namedValue(inOrderOfValue(parts)),
    givenBack: takenBack.net.isZero() ? null : takenBack,
    actualMinutes: invoiced.actualMinutes + writtenOff.actualMinutes,
    billableMinutes: invoiced.billableMinutes + writtenOff.billableMinutes,
    quantity: invoiced.quantity.plus(writtenOff.quantity),
    hasWriteOff: parts.some((part) => part.invoiceId === null || part.credited !== null),
    isForgone: onInvoices.length === 0 && forgiven.length === 0,
    hasUnpricedPart: forgone.some(({ net }) => net === null),
  };
}
