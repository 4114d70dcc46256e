import { Decimal, type Minutes, invariant } from '@billtrail/kernel';
import type { FrozenItem } from '../events.js';
import type { ClientPeriodFacts, ContractFacts } from './facts.js';
import type { InForce } from './placement.js';
import type { TraceStep } from './trace.js';

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
  /** First the item itself, then its adjustments in their order. */
  readonly parts: readonly FrozenPart[];
  readonly latest: FrozenItem;
  readonly invoiced: Held;
  readonly writtenOff: Held;
  readonly billableMinutes: Minutes;
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

/** The number of an adjustment, 0 for the item itself. */
function ordinal(item: FrozenItem): number {
  return item.itemId === item.workItemId ? 0 : Number(item.itemId.slice(item.workItemId.length + 2));
}

function gather(workItemId: string, unordered: readonly FrozenPart[]): FrozenWork {
  const parts = [...unordered].sort((a, b) => ordinal(a.item) - ordinal(b.item));
  const latest = parts.at(-1);
  invariant(latest !== undefined, `nothing is frozen of ${workItemId}`);
  const invoiced = held(parts.filter((part) => part.invoiceId !== null));
  const writtenOff = held(parts.filter((part) => part.invoiceId === null));
  return {
    workItemId,
    parts,
    latest: latest.item,
    invoiced,
    writtenOff,
    billableMinutes: invoiced.billableMinutes + writtenOff.billableMinutes,
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

/** The contract version under which a frozen item was priced, as the one link of a chain; null where it had no price. */
export function pricedUnder(
  frozen: FrozenWork,
  contracts: readonly ContractFacts[],
): { readonly inForce: InForce; readonly step: TraceStep } | null {
  const part = frozen.parts.findLast(({ item }) => item.contractId !== null && item.net !== null);
  if (part === undefined) return null;
  const { contractId, contractVersion } = part.item;
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
