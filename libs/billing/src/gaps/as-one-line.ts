import { Money } from '@billtrail/kernel';
import { type BillableItem, type PricedItem, isPriced } from '../item/billable-item.js';
import { beforeCourtesy, givenOn } from '../item/courtesy.js';
import type { Draw } from '../item/draw.js';
import type { FrozenItem, InvoiceLine } from '../item/frozen-item.js';
import { invoicesOf, isOfWork, itemKeyOf } from '../item/item-key.js';
import type { MadeItem } from '../item/made-item.js';
import type { WorkItem } from '../rating/facts.js';
import { hoursText, piecesOf } from '../rating/quantities.js';
import { isSameWork } from '../settled/earlier-work.js';
import { type Holding, holdingOf } from '../settled/holding.js';
import type { SettledPart, SettledWork } from '../settled/settled-work.js';

type Priced = 'unitPrice' | 'net' | 'taxCategory' | 'contractId' | 'contractVersion';
/** A settled item with a price: a line of a document, or what was written off. */
export type PricedLine = FrozenItem & Pick<InvoiceLine, Priced>;

/** What was decided on a piece of work, or on a part of it, as one line that can be held against what the work is worth now. */
export interface ToldLine {
  readonly line: PricedLine;
  /** Where it stands, in words that `asks` or `comes to` may follow. */
  readonly said: string;
  /** What of its net was never asked of the client. */
  readonly forgone: Money;
  /** What it drew of blocks and allotments. */
  readonly draws: readonly Draw[];
}

/**
 * What is settled of a piece of work as lines: each part by itself while the work is what it was, else all that stands of it as one, with the adjustments
 * that wait to be billed and what was written off: together they are the work as it is now (law L1). None where that has no price, or where a
 * part of the work is settled and the rest is not. `items`: those of the work.
 */
export function toldLines(settled: SettledWork, work: WorkItem, items: readonly MadeItem[]): readonly ToldLine[] {
  const known = new Set(settled.parts.map(({ item }) => item.itemId));
  const waiting = items.filter(({ item: { itemId } }) => !known.has(itemId) && itemKeyOf(itemId).role !== 'credit');
  const isAdjusted = [
    ...waiting.map(({ item }) => itemKeyOf(item.itemId)),
    ...settled.parts.map(({ key }) => key),
  ].some((key) => !isOfWork(key));
  if (!isAdjusted && settled.parts.every(({ item }) => isSameWork(item, work))) return settled.parts.flatMap(ofPart);
  const hasRest = waiting.some(({ item }) => isOfWork(itemKeyOf(item.itemId)));
  return hasRest ? [] : asOne(settled, work, items, waiting);
}

/** A line of a draft: none where it adjusts others, or the work is another by now. */
export function toldDraft(line: InvoiceLine, invoiceId: string, work: WorkItem): readonly ToldLine[] {
  if (!isOfWork(itemKeyOf(line.itemId)) || !isSameWork(line, work)) return [];
  return [
    {
      line: beforeCourtesy(line),
      said: `draft ${invoiceId} asks`,
      forgone: Money.zero(line.net.currency),
      draws: drawsOf([line]),
    },
  ];
}

function ofPart({ item, invoiceId }: SettledPart): readonly ToldLine[] {
  const line = pricedLine(beforeCourtesy(item));
  if (line === null) return [];
  const said = invoiceId === null ? 'what was written off comes to' : `invoice ${invoiceId} asks`;
  const forgone = invoiceId === null ? Money.from(line.net) : Money.zero(line.net.currency);
  return [{ line, said, forgone, draws: drawsOf([line]) }];
}

function asOne(
  settled: SettledWork,
  work: WorkItem,
  made: readonly MadeItem[],
  waiting: readonly MadeItem[],
): readonly ToldLine[] {
  const items = made.map(({ item }) => item);
  const representative = representativeOf(settled, waiting);
  if (representative === null || items.some(({ net }) => net === null)) return [];
  const holding = holdingOf(items);
  if (!holdsAllOf(holding, work)) return [];
  const { segment: _segment, draw: _draw, courtesy: _courtesy, ...rest } = representative;
  const isTime = work.kind === 'time';
  const { currency } = representative.net;
  const line: PricedLine = {
    ...rest,
    itemId: settled.workItemId,
    actualMinutes: isTime ? holding.actualMinutes : null,
    billableMinutes: isTime ? holding.billableMinutes : null,
    quantity: isTime ? hoursText(holding.billableMinutes) : holding.quantity.toFixed(),
    net: Money.of(holding.net, currency).plus(givenOn(items, currency)).toJSON(),
  };
  const forgone = items.filter(wasNeverAsked);
  return [
    {
      line,
      said: whereItStands(settled, waiting, forgone),
      forgone: Money.of(holdingOf(forgone).net, currency),
      draws: drawsOf(items),
    },
  ];
}

/** An account may hold a part of an entry, and another the rest. */
function holdsAllOf({ actualMinutes, quantity }: Holding, work: WorkItem): boolean {
  return work.kind === 'time' ? actualMinutes === work.minutes : quantity.equals(piecesOf(work));
}

/** What tells how the work as it is now is priced: the latest adjustment that waits, else the latest settled item with a price. */
function representativeOf({ parts }: SettledWork, waiting: readonly MadeItem[]): PricedLine | null {
  const made = waiting.findLast(({ item }) => itemKeyOf(item.itemId).role === 'adjustment' && isPriced(item));
  if (made !== undefined && isPriced(made.item)) return asFrozen(made.item, made);
  const settled = parts.findLast(({ item, key }) => (isOfWork(key) || key.role === 'adjustment') && pricedLine(item));
  return settled === undefined ? null : pricedLine(settled.item);
}

function asFrozen(item: PricedItem, made: MadeItem): PricedLine {
  return { ...item, basis: made.basis(), trace: [] };
}

function pricedLine(item: FrozenItem): PricedLine | null {
  return isPriced(item) ? item : null;
}

function wasNeverAsked({ disposition, creditNoteId }: BillableItem): boolean {
  return disposition === 'written-off' && creditNoteId === undefined;
}

function whereItStands({ parts }: SettledWork, waiting: readonly MadeItem[], forgone: readonly BillableItem[]): string {
  const invoices = invoicesOf(parts.map(({ invoiceId }) => invoiceId));
  const where = [
    ...(invoices.length === 0 ? [] : [`invoice ${invoices.join(' and ')}`]),
    ...(waiting.length === 0 ? [] : ['what waits to be billed']),
    ...(forgone.length === 0 ? [] : ['what was written off']),
  ];
  if (where.length > 1) return `${where.join(', ')} together come to`;
  return invoices.length === 0 ? `${where.join('')} comes to` : `${where.join('')} asks`;
}

function drawsOf(items: readonly { readonly draw?: Draw }[]): readonly Draw[] {
  return items.flatMap(({ draw }) => (draw === undefined ? [] : [draw]));
}
