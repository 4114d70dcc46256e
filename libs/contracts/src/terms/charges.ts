import type { LocalDate } from '@billtrail/kernel';
import type { CoverageMatch } from './coverage-rule.js';
import type { Proration } from './proration.js';

/**
 * A fee that comes with the period and not with work. It is charged for each stretch of days with the same version, price and count, as
 * `price x count x covered days / days of the cycle`, rounded once (R7, R8). Suspended days are not covered.
 */
export interface RecurringCharge {
  readonly id: string;
  readonly name: string;
  /** `retainer` and `fixed` have no count; `per-device` and `per-user` are multiplied by the count in force. */
  readonly basis: 'fixed' | 'retainer' | 'per-device' | 'per-user';
  /** For `per-device` and `per-user`: what is counted (`workstation`, `server`), as `CountRecorded` names it. */
  readonly countOf?: string;
  /** Price of a whole cycle (of one device or user), decimal string in the card's currency. */
  readonly price: string;
  /** Length of the cycle, counted from the month in which the contract's first version begins. Absent: 1. */
  readonly everyMonths?: 1 | 3 | 6 | 12;
  /** `contract-day`: cycles begin on the day of the month on which the first version with the term begins. Absent: `calendar`, with a month. */
  readonly cycleAnchor?: 'contract-day' | 'calendar';
  /** Of a count that only rises until a day, included: a lower one takes effect after it, and until then its licences are unused. Absent: none. */
  readonly commitment?: { readonly until: LocalDate; readonly increaseOnly: boolean };
  /**
   * `in-advance`: an item of the cycle's first month, to be billed from its first covered day. `in-arrears`: of its last month, after the last. An item
   * billed in advance for days that are then not covered (termination, fewer devices) is corrected by an adjustment.
   */
  readonly billed: 'in-advance' | 'in-arrears';
  readonly taxCategory: string;
  /** Of changes within a cycle. Absent: `daily`. */
  readonly proration?: Proration;
}

/** The client pays at least this in a billing period under the contract; the shortfall is an item of its own. */
export interface MinimumCommitment {
  readonly id: string;
  readonly name: string;
  /** Of a whole month, decimal string; prorated by covered days where the contract covers a part of the month. */
  readonly amountPerPeriod: string;
  /** True if recurring charges count towards it as well as work. */
  readonly countsRecurring: boolean;
  readonly taxCategory: string;
}

/** A not-to-exceed cap: labour, materials and expenses that match, together (rating.md step 7, R10). */
export interface Cap {
  readonly id: string;
  readonly name: string;
  /** `ticket`: over the ticket's whole life, so it reaches into later periods; `period`: per billing period. */
  readonly scope: 'ticket' | 'period';
  /** Decimal string in the card's currency, net of discounts and of tax. */
  readonly amount: string;
  /** Absent: all work under the contract. */
  readonly match?: CoverageMatch;
  /** What becomes of the rest: forgone by the contract, or a gap `cap-exceeded`. Never silent. */
  readonly above: 'write-down' | 'gap';
}

/**
 * A reduction. `percent` lowers each matching item before its one rounding; percents add up, at most 100. `amount` is an item of its own per
 * billing period (one in each tax category that it reduces), never more than what it reduces.
 * `before-minimum`: the minimum commitment is measured on what is left. `after-minimum`: it is measured on what was there before, and
 * the discount reduces the minimum's item too.
 */
export type Discount = {
  readonly id: string;
  readonly name: string;
  /** Absent: all work under the contract. */
  readonly match?: CoverageMatch;
  /** True if recurring charges are reduced as well. Absent: false. */
  readonly includesRecurring?: boolean;
  readonly order: 'before-minimum' | 'after-minimum';
} & (
  | { readonly kind: 'percent'; readonly percent: string }
  | {
      readonly kind: 'amount';
      readonly amount: string;
      /** Says no more what tax it has: an amount off has that of what it reduces. Its charge in this category has the shorter id. */
      readonly taxCategory?: string;
    }
);
