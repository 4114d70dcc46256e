import { Decimal, type Minutes, invariant } from '@billtrail/kernel';
import type { FrozenItem } from '../../events.js';
import type { ClientPeriodFacts, ContractFacts, Segment, WorkItem } from '../facts.js';
import type { InForce } from '../coverage/placement.js';
import type { TraceStep } from '../trace.js';

/** One item that is on an invoice (with its id) or written off (null). */
export interface FrozenPart {
  readonly item: FrozenItem;
  readonly invoiceId: string | null;
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
  for (const { line, invoiceId } of facts.invoiced) add({ item: line, invoiceId });
  for (const item of facts.writtenOff) add({ item, invoiceId: null });
  return new Map([...parts].map(([workItemId, ofWork]) => [workItemId, gather(workItemId, ofWork)]));
}

/** Number of the part `{workItemId}~{n}` that an item is; 0 for the whole; null for an adjustment. */
export function partNumber(item: Pick<FrozenItem, 'itemId' | 'workItemId'>): number | null {
  const suffix = item.itemId.slice(item.workItemId.length);
  if (suffix === '') return 0;
  return suffix.startsWith('~') ? Number(suffix.slice(1)) : null;
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
  return frozen.actualMinutes >= work.minutes;
}

function gather(workItemId: string, unordered: readonly FrozenPart[]): FrozenWork {
  const parts = [...unordered].sort((a, b) => inOrder(a.item, b.item));
  const latest = parts.at(-1);
  invariant(latest !== undefined, `nothing is frozen of ${workItemId}`);
  const invoiced = held(parts.filter((part) => part.invoiceId !== null));
  const writtenOff = held(parts.filter((part) => part.invoiceId === null));
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
    hasWriteOff: parts.some((part) => part.invoiceId === null),
    hasUnpricedPart: parts.some((part) => part.item.net === null),
  };
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
  const priced = frozen.parts.filter(({ item }) => item.contractId !== null && item.net !== null);
  const part = priced.find(({ item }) => holdsMinute(item.segment, minute)) ?? priced.at(-1);
  return part === undefined ? null : versionOf(part.item, contracts);
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
