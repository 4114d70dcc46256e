import type { LocalDate, TimeZone } from '@billtrail/kernel';
import type { Cap, Discount, MinimumCommitment, RecurringCharge } from './charges.js';
import type { CoverageRule } from './coverage-rule.js';
import type { PrepaidTerms } from './prepaid.js';
import type { RateCalendar } from './rate-calendar.js';
import type { RateCard } from './rate-card.js';
import type { ServiceLevels } from './service-levels.js';
import type { TravelTerm } from './travel.js';

/** What happens at the end of the term. A renewal is an event, recorded by a policy on the last day where it is automatic; a price that changes with it is a new version. */
export interface RenewalTerms {
  readonly automatic: boolean;
  /** Length of a renewed term. */
  readonly months: number;
  /** Days before the end of the term until which either side may decline. */
  readonly noticeDays: number;
}

/**
 * The terms of one contract version. A kind of contract is a combination of parts, not a type: time and materials is a card and
 * `billable` rules; fixed fee is a recurring charge with `included` and `excluded` rules; block hours are `prepaid` rules and purchased blocks.
 * Every part but coverage and card may be absent, and then does not exist.
 */
export interface ContractTerms {
  /** Days, months and hours of the contract are those of this zone. Absent: the client's. */
  readonly timeZone?: TimeZone;
  /** Absent: work has the class that was declared on it, or none. */
  readonly rateCalendar?: RateCalendar;
  readonly coverage: readonly CoverageRule[];
  readonly rateCard: RateCard;
  readonly prepaid?: PrepaidTerms;
  readonly recurringCharges?: readonly RecurringCharge[];
  readonly minimumCommitment?: MinimumCommitment;
  /** Work that several caps match is limited by each. */
  readonly caps?: readonly Cap[];
  readonly discounts?: readonly Discount[];
  /** What the way to a visit costs: each term that fits it, once. */
  readonly travel?: readonly TravelTerm[];
  readonly serviceLevels?: ServiceLevels;
  readonly renewal?: RenewalTerms;
}

/** The terms of a contract from a day on. A change is a new version, never an edit. */
export interface ContractVersion {
  /** 1, 2, 3 ... in the order of publication. */
  readonly versionNumber: number;
  readonly effectiveFrom: LocalDate;
  /** Last day in force; null: until the next version or the termination. */
  readonly effectiveTo: LocalDate | null;
  readonly terms: ContractTerms;
}

/** Days on which a contract is suspended: its work goes to the next contract, its fees are not charged. */
export interface Suspension {
  readonly from: LocalDate;
  /** First day in force again; null: still suspended. */
  readonly resumedOn: LocalDate | null;
}

/** That a contract shall end with its term, where it would renew by itself. */
export interface Notice {
  /** The day on which it was given: in time up to so many days before the end of the term as the terms say, else it counts for the next one. */
  readonly givenOn: LocalDate;
  readonly reason: string;
  /** Taken back since: as if it had not been given. */
  readonly isWithdrawn: boolean;
  /** A later notice that repeats it: the first one counts. Absent: there is none. */
  readonly reminder?: { readonly givenOn: LocalDate; readonly reason: string };
}

/** How many devices or users there are from a day on, until the next count of the same thing. The last one recorded for a day wins. */
export interface Count {
  readonly countOf: string;
  readonly count: number;
  readonly from: LocalDate;
}
