import { Money, type MoneyJson } from '@billtrail/kernel';
import type { Adjusts } from '../item/basis.js';
import { type BillableItem, type ExplainedItem, isPriced, isReadyToBill } from '../item/billable-item.js';
import { type CreditOf, type FrozenItem, type InvoiceLine, type LineDetails, NO_DETAILS } from '../item/frozen-item.js';
import { partsOfWork } from './line-parts.js';

/** Most lines of one invoice. */
export const MAX_LINES_PER_INVOICE = 10_000;
/** Most lines of one event `InvoiceLinesAdded`. */
export const MAX_LINES_PER_EVENT = 200;
/** Most characters of one such event's lines as JSON: well below the store's limit of a million bytes, whatever the alphabet. */
export const MAX_LINE_CHARACTERS_PER_EVENT = 300_000;
/**
 * Most bytes of one draft in the log: it is one append, and is written and read as a whole. Well below what the store takes, for there its texts are sealed,
 * which makes them a third longer.
 */
export const MAX_DRAFT_BYTES = 12_000_000;

/**
 * The items that a draft may take: billable, on no draft, and not work that awaits approval or was rejected; with them what a block or an
 * allotment covers, as zero lines, so that the client sees them (rating.md step 6) and what the document shows as prepaid stays so (ADR 8).
 * With the id of a draft also what it has already, so that it can be told when it is asked for again.
 */
export function draftableItems<Item extends BillableItem>(
  items: readonly Item[],
  invoiceId: string | null = null,
): readonly Item[] {
  return items.filter((item) => isBillable(item) || isPrepaid(item) || isOn(item, invoiceId));
}

/** True for an item or a charge that this document has. */
export function isOn(item: { readonly invoiceId: string | null }, invoiceId: string | null): boolean {
  return invoiceId !== null && item.invoiceId === invoiceId;
}

function isBillable(item: BillableItem): boolean {
  return item.disposition === 'billable' && isReadyToBill(item);
}

/** True for a part that a block or an allotment covers: a zero line. */
export function isPrepaid(item: BillableItem): boolean {
  return item.disposition === 'covered' && item.draw !== undefined && isReadyToBill(item);
}

/** What of an item is frozen when a document takes it. */
export function frozenOf(item: ExplainedItem): FrozenItem {
  const { itemId, workItemId, ticketId, kind, description, workDate, actualMinutes, billableMinutes } = item;
  const { quantity, unit, unitPrice, net, standardValue, cost, taxCategory, sourceEventIds } = item;
  const { contractId, contractVersion, basis, trace, segment, draw, courtesy, mergedInto } = item;
  return {
    itemId,
    workItemId,
    ticketId,
    ...(mergedInto === undefined ? {} : { mergedInto }),
    kind,
    description,
    workDate,
    actualMinutes,
    billableMinutes,
    quantity,
    unit,
    unitPrice,
    net,
    standardValue,
    cost,
    taxCategory,
    sourceEventIds,
    contractId,
    contractVersion,
    basis,
    trace,
    ...(segment === undefined ? {} : { segment }),
    ...(draw === undefined ? {} : { draw }),
    ...(courtesy === undefined ? {} : { courtesy }),
  };
}

/** The line that an item makes; null where it lacks a price or its provenance. */
export function lineOf(item: ExplainedItem): InvoiceLine | null {
  if (!isPriced(item)) return null;
  const { unitPrice, net, taxCategory, contractId, contractVersion } = item;
  const priced = { unitPrice, net, taxCategory, contractId, contractVersion };
  const creditOf = creditOfEarlier(item.basis.adjustment?.adjusts, net);
  return { ...frozenOf(item), ...priced, ...NO_DETAILS, parts: partsOfWork(item), creditOf };
}

/** Of an adjustment that gives money back: which earlier documents asked for it. null: it gives none back, or no document did. */
export function creditOfEarlier(adjusts: Adjusts | undefined, net: MoneyJson): CreditOf | null {
  if (adjusts === undefined || !Money.from(net).isNegative()) return null;
  const [documentId, ...furtherDocumentIds] = adjusts.documentIds;
  if (documentId === undefined) return null;
  const further = furtherDocumentIds.length === 0 ? {} : { furtherDocumentIds };
  return { documentId, ...further, reason: adjusts.why };
}

/** Cuts lines (or charges) into parts that each fit one event, in their order. */
export function chunksOf<Line extends object>(lines: readonly Line[]): readonly (readonly Line[])[] {
  const chunks: Line[][] = [];
  let current: Line[] = [];
  let characters = 0;
  for (const line of lines) {
    const length = JSON.stringify(line).length;
    if (
      current.length > 0 &&
      (current.length >= MAX_LINES_PER_EVENT || characters + length > MAX_LINE_CHARACTERS_PER_EVENT)
    ) {
      chunks.push(current);
      current = [];
      characters = 0;
    }
    current.push(line);
    characters += length;
  }
  if (current.length > 0) chunks.push(current);
  return chunks;
}

/** Most differences that a refusal of a stale draft lists. */
export const MAX_DIFFERENCES_SHOWN = 100;

/** How a line or a charge of a draft differs from the rating of now. */
export interface LineDifference {
  /** Of a charge its `chargeItemId`. */
  readonly itemId: string;
  /** `gone`: the item is no more, or is not billable now; `changed`: it has another price, quantity or origin. */
  readonly difference: 'gone' | 'changed';
  readonly fields: Readonly<Record<string, { readonly drafted: unknown; readonly now: unknown }>>;
}

/** What of a line is shown to who approves its document, and is to be as it was when that is issued: `here` by comparing lines, else by what is named. */
type HeldBy = 'here' | 'the tax of the document' | 'its recipient' | 'its site' | 'the contract version';

const FIELDS = {
  itemId: 'here',
  workItemId: 'here',
  ticketId: 'here',
  mergedInto: 'here',
  kind: 'here',
  description: 'here',
  workDate: 'here',
  actualMinutes: 'here',
  billableMinutes: 'here',
  quantity: 'here',
  unit: 'here',
  unitPrice: 'here',
  net: 'here',
  taxCategory: 'here',
  contractId: 'here',
  contractVersion: 'here',
  segment: 'here',
  draw: 'here',
  courtesy: 'here',
  // Work that was corrected without a change of price: the line must name the correction too (law L6).
  sourceEventIds: 'here',
  parts: 'here',
  creditOf: 'here',
  taxes: 'the tax of the document',
  billTo: 'its recipient',
  servedClientId: 'its recipient',
  siteId: 'its site',
  purchaseOrder: 'the contract version',
  estimateId: 'the contract version',
  // On no document: why it is so, what the work is worth by the card, what it cost.
  basis: null,
  trace: null,
  standardValue: null,
  cost: null,
} as const satisfies Readonly<Record<keyof InvoiceLine, HeldBy | null>>;

const COMPARED = comparedHere<InvoiceLine>(FIELDS);

/** The fields that are compared line by line. */
export function comparedHere<Line extends object>(
  fields: Readonly<Record<keyof Line & string, HeldBy | null>>,
): readonly (keyof Line & string)[] {
  return (Object.keys(fields) as (keyof Line & string)[]).filter((name) => fields[name] === 'here');
}

/** Every line that is not what rating makes of its item now. Empty: the draft is fresh. */
export function staleLines(
  lines: readonly InvoiceLine[],
  items: readonly ExplainedItem[],
  invoiceId: string,
): readonly LineDifference[] {
  const now = new Map(items.map((item) => [item.itemId, item]));
  const differences: LineDifference[] = [];
  for (const line of lines) {
    const item = now.get(line.itemId);
    const difference = item === undefined ? goneLine(line.itemId, 'absent') : differenceOf(line, item, invoiceId);
    if (difference !== null) differences.push(difference);
  }
  return differences;
}

export function goneLine(itemId: string, disposition: string): LineDifference {
  return { itemId, difference: 'gone', fields: { disposition: { drafted: 'claimed', now: disposition } } };
}

function differenceOf(line: InvoiceLine, item: ExplainedItem, invoiceId: string): LineDifference | null {
  const claimedHere = item.disposition === 'claimed' && item.invoiceId === invoiceId;
  const covered = line.draw !== undefined && item.disposition === 'covered';
  if (item.disposition !== 'billable' && !claimedHere && !covered) return goneLine(line.itemId, item.disposition);
  const fields = {
    ...(isReadyToBill(item) ? {} : { approval: { drafted: 'approved', now: item.approval } }),
    ...changedFields<InvoiceLine>(COMPARED, line, asShown(line, lineOf(item) ?? { ...NO_DETAILS, ...item })),
  };
  return Object.keys(fields).length === 0 ? null : { itemId: line.itemId, difference: 'changed', fields };
}

/** What a line shows now; of one that was frozen before lines showed how they are worked out, as little of that. */
export function asShown<Now extends Partial<LineDetails>>({ parts }: LineDetails, now: Now): Now {
  return parts.length === 0 ? { ...now, parts } : now;
}

/** The fields that differ as JSON: what was drafted, and what it is now. */
export function changedFields<Line extends object>(
  names: readonly (keyof Line & string)[],
  drafted: Line,
  now: Readonly<Partial<Record<keyof Line & string, unknown>>>,
): LineDifference['fields'] {
  const fields: Record<string, { drafted: unknown; now: unknown }> = {};
  for (const name of names) {
    if (JSON.stringify(drafted[name]) !== JSON.stringify(now[name]))
      fields[name] = { drafted: drafted[name], now: now[name] };
  }
  return fields;
}
