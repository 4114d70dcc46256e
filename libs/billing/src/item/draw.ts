import type { LocalDate } from '@billtrail/kernel';
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
  /** Minutes of the block that each billable minute of the item drew, decimal. Absent: one, or money, or a change of a draw. */
  readonly weight?: string;
  /** True where the item is frozen: the draw is then an input. */
  readonly frozen: boolean;
}
