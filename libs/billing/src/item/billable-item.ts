import type { LocalDate, Minutes, Month, MoneyJson } from '@billtrail/kernel';
import type { RateClass, WorkKind } from '@billtrail/contracts';
import type { Basis, UnpricedReason } from './basis.js';
import type { CourtesyGiven } from './courtesy.js';
import type { Draw } from './draw.js';
import type { Trace } from './trace.js';

/**
 * A stretch of an entry, in minutes from its beginning: `from` is part of it, `to` is not. What is frozen of an entry is cut out of it by its
 * stretches; the rest is rated as work.
 */
export interface Segment {
  readonly fromMinute: Minutes;
  readonly toMinute: Minutes;
  readonly date: LocalDate;
  /** null: no calendar, and none declared. */
  readonly rateClass: RateClass | null;
}

/** Those of domain.md. Nothing is `deferred` yet: the word is kept for the event that will say so, and reconciliation counts it. */
export const DISPOSITIONS = [
  'billable',
  'claimed',
  'invoiced',
  'covered',
  'deferred',
  'written-off',
  'unpriced',
] as const;
export type Disposition = (typeof DISPOSITIONS)[number];

export type Approval = 'unapproved' | 'approved' | 'rejected';

/** The priced outcome of one work item or of a part of it. */
export interface BillableItem {
  /**
   * `itemIdOf`: the work item's id; where it was cut (step 2), drawn on blocks (6) or capped (7), the ids of its parts, numbered from 1 in order
   * of time, then the draws, then overage, then what is above the cap. It is unique within the account of its client-period:
   * work that was moved to another period after it was invoiced has an adjustment there and an item of its own here.
   */
  readonly itemId: string;
  readonly workItemId: string;
  readonly ticketId: string;
  /** The ticket that its own was merged into, and as whose work it is rated. Absent: its own stands for itself. */
  readonly mergedInto?: string;
  /** null: the ticket has no client yet, so its work is `unpriced`. */
  readonly clientId: string | null;
  readonly period: Month;
  readonly kind: WorkKind;
  readonly disposition: Disposition;
  readonly workDate: LocalDate;
  readonly description: string;
  readonly actualMinutes: Minutes | null;
  readonly billableMinutes: Minutes | null;
  readonly quantity: string;
  readonly unit: string;
  /** null where there is no price (`unpriced`). */
  readonly unitPrice: MoneyJson | null;
  /** Line net; zero when covered; null where there is no price. */
  readonly net: MoneyJson | null;
  /**
   * The card's price of the work before cover, cap, discount and write-off, rounded once: what was done is worth this much, whatever is asked
   * for it. null: the card has no price for it, or it was frozen before this was recorded.
   */
  readonly standardValue: MoneyJson | null;
  /** What materials and expenses cost us; null: nobody stated it. Of time always null. */
  readonly cost: MoneyJson | null;
  readonly taxCategory: string | null;
  readonly contractId: string | null;
  readonly contractVersion: number | null;
  /** Work that nobody approved or rejected yet, or that was rejected, is priced but not billed: no draft takes it. null: it needs no approval. */
  readonly approval: Approval | null;
  /** Invoice that claims or carries it. */
  readonly invoiceId: string | null;
  /** The credit note that wrote it off, settled it, or took a part of its money back. Absent: none. */
  readonly creditNoteId?: string;
  readonly sourceEventIds: readonly string[];
  /** Why it has no price, as a code and as a sentence. Absent: it has one, or none is asked. */
  readonly unpriced?: { readonly reason: UnpricedReason; readonly cause: string };
  /** Absent: the whole of a work item that was not cut. */
  readonly segment?: Segment;
  /** What it took of a block or allotment: then it is `covered`. Absent: nothing. */
  readonly draw?: Draw;
  /** What accounts took off its price by choice: its net is what is left. Absent: nothing. */
  readonly courtesy?: CourtesyGiven;
}

/** True for an item with a price that nobody has yet to approve. */
export function isReadyToBill(item: BillableItem): boolean {
  return isPriced(item) && (item.approval === null || item.approval === 'approved');
}

/** What is drawn from what was prepaid, at the card's price; null: nothing is, or nobody knows it. */
export function valueDrawn({ draw, standardValue }: Pick<BillableItem, 'draw' | 'standardValue'>): MoneyJson | null {
  if (draw === undefined) return null;
  return standardValue ?? (draw.amount.unit === 'money' ? draw.amount.money : null);
}

/** The tickets by which its work may be named: its own, and the one that this was merged into. */
export function namesOf({ ticketId, mergedInto }: Pick<BillableItem, 'ticketId' | 'mergedInto'>): readonly string[] {
  return mergedInto === undefined ? [ticketId] : [ticketId, mergedInto];
}

/** A price, with the contract version that it is from. */
interface PriceOfVersion {
  readonly unitPrice: MoneyJson;
  readonly net: MoneyJson;
  readonly taxCategory: string;
  readonly contractId: string;
  readonly contractVersion: number;
}
type MayBePriced = { readonly [Name in keyof PriceOfVersion]: PriceOfVersion[Name] | null };

/** An item with a price. */
export type PricedItem = BillableItem & PriceOfVersion;

/** True of an item, or of what is frozen of one, with a price: it has all of it or nothing. */
export function isPriced<Item extends MayBePriced>(item: Item): item is Item & PriceOfVersion {
  const { unitPrice, net, taxCategory, contractId, contractVersion } = item;
  return unitPrice !== null && net !== null && taxCategory !== null && contractId !== null && contractVersion !== null;
}

/** An item with what priced it: as data, and for people. Made where somebody asks or a document freezes it. */
export interface ExplainedItem extends BillableItem {
  readonly basis: Basis;
  readonly trace: Trace;
}
