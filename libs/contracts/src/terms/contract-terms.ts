import { type LocalDate, type Of, shape } from '@billtrail/kernel';
import {
  MAX_COVERAGE_RULES,
  MAX_NOTICE_DAYS,
  MAX_ORDER_NUMBER,
  MAX_RENEWAL_MONTHS,
  MAX_TERM_MEMBERS,
} from '../limits.js';
import { cap, discount, minimumCommitment, oneTimeFee, recurringCharge } from './charges.js';
import { coverageRule } from './coverage-rule.js';
import { paymentTerms } from './payment-terms.js';
import { milestone } from './milestones.js';
import { prepaidTerms } from './prepaid.js';
import { rateCalendar } from './rate-calendar.js';
import { rateCard } from './rate-card.js';
import { serviceLevels } from './service-levels.js';
import { travelTerm } from './travel.js';

const { about, filled, list, object, optional, whole } = shape;

/** What happens at the end of the term. A renewal is an event, recorded by a policy on the last day where it is automatic; a price that changes with it is a new version. */
const renewalTerms = object({
  automatic: shape.truth,
  months: about('Length of a renewed term.', whole(1, MAX_RENEWAL_MONTHS)),
  noticeDays: about('Days before the end of the term until which either side may decline.', whole(0, MAX_NOTICE_DAYS)),
});

/** What was promised about prices. */
const fixedPrices = object({
  why: shape.text(shape.MAX_LINE),
  until: optional(about('Last day on which they are fixed; by default as long as these terms hold.', shape.date)),
});

/**
 * The terms of one contract version. A kind of contract is a combination of parts, not a type: time and materials is a card and
 * `billable` rules; fixed fee is a recurring charge with `included` and `excluded` rules; block hours are `prepaid` rules and purchased blocks.
 * Every part but coverage and card may be absent, and then does not exist.
 */
export const contractTerms = object({
  timeZone: optional(
    about(
      'Days, months and hours of the contract are those of this zone; by default that of the client.',
      shape.timeZone,
    ),
  ),
  rateCalendar: optional(about('By default work has the class that was declared on it, or none.', rateCalendar)),
  taxCategory: optional(about('Of all that states none.', shape.text())),
  coverage: filled(
    about(
      'Ordered rules: the first that matches wins. By default all work is billable.',
      list(coverageRule, MAX_COVERAGE_RULES, {
        minItems: 1,
        errorMessage: 'is empty: no work would be covered or priced',
      }),
    ),
  ),
  rateCard,
  prepaid: optional(prepaidTerms),
  recurringCharges: optional(list(recurringCharge, MAX_TERM_MEMBERS)),
  oneTimeFees: optional(
    about('Charged once in the life of the contract: onboarding, set-up.', list(oneTimeFee, MAX_TERM_MEMBERS)),
  ),
  milestones: optional(
    about('Parts of a project at a fixed price, billed when declared reached.', list(milestone, MAX_TERM_MEMBERS)),
  ),
  minimumCommitment: optional(minimumCommitment),
  caps: optional(about('Work that several caps match is limited by each.', list(cap, MAX_TERM_MEMBERS))),
  discounts: optional(list(discount, MAX_TERM_MEMBERS)),
  travel: optional(
    about('What the way to a visit costs: each term that fits it, once.', list(travelTerm, MAX_TERM_MEMBERS)),
  ),
  serviceLevels: optional(serviceLevels),
  paymentTerms: optional(
    about("When documents with items of the contract are due. By default as the client's details say.", paymentTerms),
  ),
  purchaseOrder: optional(
    about("Number of the client's order, which lines of the contract name on documents.", shape.text(MAX_ORDER_NUMBER)),
  ),
  billTo: optional(
    about(
      "Id of the client that receives and pays for what the contract prices. By default the site's, else the client's.",
      shape.id,
    ),
  ),
  renewal: optional(renewalTerms),
  fixedPrices: optional(
    about('Prices that no general increase raises (`contract uplift`), and why. By default it may.', fixedPrices),
  ),
});
export type ContractTerms = Of<typeof contractTerms>;

/** The terms of a contract from a day on. A change is a new version, never an edit. */
export interface ContractVersion {
  /** 1, 2, 3 ... in the order of publication. */
  readonly versionNumber: number;
  readonly effectiveFrom: LocalDate;
  /** Last day in force; null: until the next version or the termination. */
  readonly effectiveTo: LocalDate | null;
  readonly terms: ContractTerms;
  /** The general increase of prices that it is: by so many percent, of that version. Absent: it is none. */
  readonly increase?: { readonly percent: string; readonly ofVersion: number };
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
