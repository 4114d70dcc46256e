import { Decimal, type Minutes, type MoneyJson, invariant } from '@billtrail/kernel';
import type { FrozenItem } from '../events.js';
import type { ClientPeriodFacts, ContractFacts, Segment, WorkItem } from '../rating/facts.js';
import type { InForce, Placement } from '../rating/coverage/placement.js';
import type { TraceStep } from '../item/trace.js';
import { flatPricesLeft } from './flat-price-left.js';

/** One item that is on an invoice (with its id) or written off (null). */
export interface FrozenPart {
  readonly item: FrozenItem;
  readonly invoiceId: string | null;
  /** What credit notes took back of an invoiced one; it counts as written off. */
  readonly credited: MoneyJson | null;
  readonly creditNoteId: string | null;
}

/** What the parts of one kind hold together. */
export interface Held {
  readonly actualMinutes: Minutes;
  readonly billableMinutes: Minutes;
  readonly quantity: Decimal;
  readonly net: Decimal;
}

/** All that is frozen of one work item. */
export interface FrozenWork {
  readonly workItemId: string;
  /** First the item itself or its parts, then its adjustments in their order. */
  readonly parts: readonly FrozenPart[];
  /** The stretches of its parts, in order of time. Empty where the whole is frozen, and of materials and expenses. */
  readonly stretches: readonly Segment[];
  readonly latest: FrozenItem;
  readonly invoiced: Held;
  readonly writtenOff: Held;
  readonly actualMinutes: Minutes;
  readonly billableMinutes: Minutes;
  /** Pieces or expenses; 0 of time. */
  readonly quantity: Decimal;
  readonly hasWriteOff: boolean;
  /** True where a part was written off without a price. */
  readonly hasUnpricedPart: boolean;
}

export type FrozenWorkById = ReadonlyMap<string, FrozenWork>;

/** Everything that the account froze, by work item. */
export function frozenWork(facts: Pick<ClientPeriodFacts, 'invoiced' | 'writtenOff'>): FrozenWorkById {
  const parts = new Map<string, FrozenPart[]>();
  const add = (part: FrozenPart): void => {
    const known = parts.get(part.item.workItemId);
    if (known === undefined) parts.set(part.item.workItemId, [part]);
    else known.push(part);
  };
  for (const { line, invoiceId, credited = null, creditNoteId = null } of facts.invoiced)
    add({ item: line, invoiceId, credited, creditNoteId });
  for (const { creditNoteId = null, ...item } of facts.writtenOff)
    add({ item, invoiceId: null, credited: null, creditNoteId });
  return new Map([...parts].map(([workItemId, ofWork]) => [workItemId, gather(workItemId, ofWork)]));
}

/** What was asked of the client and not to be asked again: what is invoiced, also where a credit note gave money of it back or wrote it off. */
export function billedOnce({
  invoiced,
  writtenOff,
}: Pick<ClientPeriodFacts, 'invoiced' | 'writtenOff'>): readonly FrozenItem[] {
  const credited = writtenOff.filter(({ creditNoteId }) => creditNoteId !== undefined);
  return [...invoiced.map(({ line }) => line), ...credited];
}

/** Number of the part `{workItemId}~{n}` that an item is; 0 for the whole; null for an adjustment. */
export function partNumber(item: Pick<FrozenItem, 'itemId' | 'workItemId'>): number | null {
  const suffix = item.itemId.slice(item.workItemId.length);
  if (suffix === '') return 0;
  return suffix.startsWith('~') ? Number(suffix.slice(1)) : null;
}

/** True where an adjustment is frozen, and not all that it adjusted: a credit note gave a part of that free to be billed again. */
export function lacksWhatWasAdjusted(
  { workItemId, parts }: FrozenWork,
  { creditedWork }: Pick<ClientPeriodFacts, 'creditedWork'>,
): boolean {
  return creditedWork?.has(workItemId) === true && parts.some(({ item }) => partNumber(item) === null);
}

/** The number of the next adjustment: that of the frozen items, and never one that is frozen. */
export function nextAdjustment({ parts }: FrozenWork): number {
  const taken = parts.flatMap(({ item }) => (partNumber(item) === null ? [adjustmentNumber(item) + 1] : []));
  return Math.max(parts.length, ...taken);
}

/** The item itself first, then its parts, then its adjustments, each by their numbers. */
function inOrder(a: FrozenItem, b: FrozenItem): number {
  const partA = partNumber(a);
  const partB = partNumber(b);
  if (partA !== null && partB !== null) return partA - partB;
  if (partA !== null || partB !== null) return partA === null ? 1 : -1;
  return adjustmentNumber(a) - adjustmentNumber(b) || (a.itemId < b.itemId ? -1 : 1);
}

function adjustmentNumber(item: FrozenItem): number {
  return Number(item.itemId.slice(item.workItemId.length + 2));
}

/**
 * True where nothing of the work is left to rate, if it is what it was: the whole is frozen, or was corrected and the difference is frozen too,
 * or its parts make up the whole.
 */
export function isWhollyFrozen(frozen: FrozenWork, work: WorkItem): boolean {
  if (frozen.parts.some(({ item }) => (partNumber(item) ?? 0) === 0)) return true;
  if (work.kind !== 'time') return frozen.quantity.gte(work.kind === 'material' ? work.quantity : 1);
  return frozen.actualMinutes >= work.minutes && flatPricesLeft(frozen).length === 0;
}

function gather(workItemId: string, unordered: readonly FrozenPart[]): FrozenWork {
  const parts = [...unordered].sort((a, b) => inOrder(a.item, b.item));
  const latest = parts.at(-1);
  invariant(latest !== undefined, `nothing is frozen of ${workItemId}`);
  const onInvoices = parts.filter((part) => part.invoiceId !== null);
  const credited = creditedOf(onInvoices);
  const invoiced = less(held(onInvoices), credited);
  const forgone = held(parts.filter((part) => part.invoiceId === null));
  const writtenOff = { ...forgone, net: forgone.net.plus(credited) };
  return {
    workItemId,
    parts,
    stretches: parts
      .flatMap(({ item }) => (item.segment === undefined ? [] : [item.segment]))
      .sort((a, b) => a.fromMinute - b.fromMinute || a.toMinute - b.toMinute),
    latest: latest.item,
    invoiced,
    writtenOff,
    actualMinutes: invoiced.actualMinutes + writtenOff.actualMinutes,
    billableMinutes: invoiced.billableMinutes + writtenOff.billableMinutes,
    quantity: invoiced.quantity.plus(writtenOff.quantity),
    hasWriteOff: parts.some((part) => part.invoiceId === null || part.credited !== null),
    hasUnpricedPart: parts.some((part) => part.item.net === null),
  };
}

function creditedOf(parts: readonly FrozenPart[]): Decimal {
  return parts.reduce((sum, { credited }) => sum.plus(credited?.amount ?? 0), new Decimal(0));
}

function less(whole: Held, net: Decimal): Held {
  return { ...whole, net: whole.net.minus(net) };
}

function held(parts: readonly FrozenPart[]): Held {
  let actualMinutes = 0;
  let billableMinutes = 0;
  let quantity = new Decimal(0);
  let net = new Decimal(0);
  for (const { item } of parts) {
    actualMinutes += item.actualMinutes ?? 0;
    billableMinutes += item.billableMinutes ?? 0;
    if (item.kind !== 'time') quantity = quantity.plus(item.quantity);
    if (item.net !== null) net = net.plus(item.net.amount);
  }
  return { actualMinutes, billableMinutes, quantity, net };
}

/**
 * The contract version under which a frozen item was priced, as the one link of a chain; null where it had no price. Of parts it is that of the
 * part in which the minute lies, else of the last one.
 */
export function pricedUnder(
  frozen: FrozenWork,
  contracts: readonly ContractFacts[],
  minute: Minutes = 0,
): { readonly inForce: InForce; readonly step: TraceStep } | null {
  const part = pricedPartAt(frozen, minute);
  return part === null ? null : versionOf(part.item, contracts);
}

function pricedPartAt({ parts }: FrozenWork, minute: Minutes): FrozenPart | null {
  const priced = parts.filter(({ item }) => item.contractId !== null && item.net !== null);
  return priced.find(({ item }) => holdsMinute(item.segment, minute)) ?? priced.at(-1) ?? null;
}

/**
 * Where a minute of frozen work was put when it was frozen: under the very rule of then, whatever was said of its ticket since. null: that can
 * no longer be told.
 */
export function placedThen(frozen: FrozenWork, contracts: readonly ContractFacts[], minute: Minutes): Placement | null {
  const part = pricedPartAt(frozen, minute);
  const link = part === null ? null : versionOf(part.item, contracts);
  if (part === null || link === null) return null;
  const taken = part.item.trace.findLast(({ step }) => step === 'coverage');
  const rule = link.inForce.version.terms.coverage.find(({ id }) => id === ruleOf(part.item));
  if (taken === undefined || rule === undefined || rule.outcome === 'excluded') return null;
  return { as: rule.outcome, inForce: link.inForce, rule, steps: [link.step, taken] };
}

/** The rule that was taken: the last that was asked. */
export function ruleOf({ trace }: Pick<FrozenItem, 'trace'>): string | null {
  const rule = trace.findLast(({ step }) => step === 'coverage')?.facts['ruleId'];
  return typeof rule === 'string' ? rule : null;
}

function holdsMinute(segment: Segment | undefined, minute: Minutes): boolean {
  return segment !== undefined && minute >= segment.fromMinute && minute < segment.toMinute;
}

/** The contract version that priced a frozen item; null where it had no price. */
export function versionOf(
  item: Pick<FrozenItem, 'contractId' | 'contractVersion'>,
  contracts: readonly ContractFacts[],
): { readonly inForce: InForce; readonly step: TraceStep } | null {
  const { contractId, contractVersion } = item;
  const contract = contracts.find((one) => one.contractId === contractId);
  const version = contract?.versions.find((one) => one.versionNumber === contractVersion);
  if (contract === undefined || version === undefined) return null;
  return {
    inForce: { contract, version },
    step: {
      step: 'contract',
      text: `contract ${contract.name} (${contract.contractId}), version ${version.versionNumber}: the one that priced the frozen item`,
      facts: { contractId: contract.contractId, contractVersion: version.versionNumber, chosenBy: 'frozen' },
    },
  };
}
