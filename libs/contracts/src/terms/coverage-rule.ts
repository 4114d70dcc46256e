import type { Minutes } from '@billtrail/kernel';

export const WORK_KINDS = ['time', 'material', 'expense'] as const;
export type WorkKind = (typeof WORK_KINDS)[number];

/** Which work a rule is about. A criterion that is absent matches everything; each list matches any of its members. */
export interface CoverageMatch {
  readonly kinds?: readonly WorkKind[];
  readonly workTypes?: readonly string[];
  readonly categories?: readonly string[];
  readonly ticketTypes?: readonly string[];
  readonly priorities?: readonly string[];
  readonly engineerRoles?: readonly string[];
  readonly sites?: readonly string[];
  readonly rateClasses?: readonly string[];
}

/**
 * What becomes of the work of a coverage rule: `included` costs nothing, `prepaid` draws down the contract's blocks and allotment,
 * `billable` has the card's price, `excluded` goes on to the next contract in the chain (by declared priority).
 */
export type CoverageOutcome = 'included' | 'prepaid' | 'billable' | 'excluded';

/** One rule of the ordered list; the first that matches wins (rating.md step 3). */
export interface CoverageRule {
  readonly id: string;
  readonly name: string;
  readonly match: CoverageMatch;
  readonly outcome: CoverageOutcome;
  /** For `included`: minutes of one ticket above which the work looks like scope creep (gap `scope-suspected`). */
  readonly includedMinutesPerTicket?: Minutes;
}
