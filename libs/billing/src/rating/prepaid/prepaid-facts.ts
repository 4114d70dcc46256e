import type { LocalDate, MoneyJson } from '@billtrail/kernel';
import type { PrepaidAmount } from '@billtrail/contracts';

/** Where a draw comes from: a block that was purchased, or the allotment of a month (`month` is the one that granted it). */
export type PrepaidSource =
  | { readonly from: 'block'; readonly contractId: string; readonly blockId: string }
  | { readonly from: 'allotment'; readonly contractId: string; readonly allotmentId: string; readonly month: string };

/** What one item took of one block or allotment: a line of its statement. */
export interface Draw {
  readonly source: PrepaidSource;
  readonly itemId: string;
  readonly workItemId: string;
  readonly workDate: LocalDate;
  /** In the unit of its source; below zero: given back, because the work was corrected or voided after it was frozen. */
  readonly amount: PrepaidAmount;
  /** True where the item is frozen: the draw is then an input. */
  readonly frozen: boolean;
}

/** What is left in a block or an allotment. Never below zero. */
export interface PrepaidBalance {
  readonly source: PrepaidSource;
  readonly left: PrepaidAmount;
}

/** What a cap on a ticket has let through so far. */
export interface CapUsed {
  readonly contractId: string;
  readonly capId: string;
  readonly ticketId: string;
  readonly billed: MoneyJson;
}

/**
 * What one period hands to the next, sorted, so that equal states are equal JSON: a later period is rated again only while what it is handed
 * differs. Blocks that expired and those used up are kept at what is left, so that an unknown block is told from an empty one. Of allotments
 * only the period's own base where it rolls over, used up or not; tickets' caps only where something was billed.
 */
export interface CarriedOver {
  readonly balances: readonly PrepaidBalance[];
  readonly caps: readonly CapUsed[];
}

export const NOTHING_CARRIED_OVER: CarriedOver = { balances: [], caps: [] };
