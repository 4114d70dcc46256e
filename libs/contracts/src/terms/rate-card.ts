import type { Currency, Minutes } from '@billtrail/kernel';
import type { WorkKind } from './coverage-rule.js';
import type { RateClass } from './rate-calendar.js';

/**
 * One price of labour. Of those that fit, the one for the very work type wins, then the one for the very role, then the one for the very rate
 * class. A price for the very rate class is the price of that class: no class multiplier is laid on it.
 */
export interface LabourRate {
  /** null: any work type, the base rate of the card. */
  readonly workType: string | null;
  /** null: any role. */
  readonly engineerRole: string | null;
  /** Absent: any class. */
  readonly rateClass?: RateClass;
  /** Decimal string: the price of an hour, or of `priceMinutes` where those are stated. */
  readonly pricePerHour: string;
  /** Minutes that the price is really of: 450 for a day rate over 7.5 h, 30 for a price per half-hour. Absent: 60. */
  readonly priceMinutes?: Minutes;
}

/**
 * What a price or a tier is counted over, and what minimum and increment are applied to. Never across a billing period. A `visit` is the work at one
 * site of the client on one day by one engineer (or crew, see `RateCard.visitBy`), whatever its tickets.
 */
export type RoundingScope = 'entry' | 'ticket-day' | 'ticket' | 'visit';

/** Whose journey a visit is: each engineer's own, or that of all who are at the site on that day. */
export type VisitBy = 'engineer' | 'crew';

/**
 * How a work type is priced where that is not the card's hourly price (rating.md step 5):
 * - `multiplier`: the hourly price times this. It and the rate class multiplier do not multiply: the larger wins.
 * - `amount-on-top`: the hourly price, and an amount added once per entry, ticket-day, ticket or visit, or to each hour. No multiplier is
 *   laid on the amount.
 * - `flat`: one price per entry, ticket-day, ticket or visit, whatever the minutes; the first entry of the scope carries it. A rate class
 *   multiplier applies to it.
 * - `tiers`: minutes of the scope by running total, each at its tier's price (R3: 60 minutes at 150.00, beyond at 225.00); a rate class
 *   multiplier applies to each. The last tier has `upToMinutes: null`.
 */
export type WorkTypePricing =
  | { readonly workType: string; readonly mode: 'multiplier'; readonly multiplier: string }
  | {
      readonly workType: string;
      readonly mode: 'amount-on-top';
      readonly amount: string;
      readonly per: 'hour' | RoundingScope;
    }
  | { readonly workType: string; readonly mode: 'flat'; readonly price: string; readonly per: RoundingScope }
  | {
      readonly workType: string;
      readonly mode: 'tiers';
      readonly per: RoundingScope;
      readonly tiers: readonly PriceTier[];
    };

export interface PriceTier {
  /** End of the tier, counted from the scope's beginning; null: all beyond. */
  readonly upToMinutes: Minutes | null;
  readonly pricePerHour: string;
}

/** Minimum and increment of some work, in place of the card's (R14: after hours at least 2 h). The first that matches wins. */
export interface RoundingRule {
  /** Absent: any. */
  readonly workTypes?: readonly string[];
  readonly rateClasses?: readonly RateClass[];
  /** Absent: the card's. */
  readonly minimumMinutes?: Minutes;
  readonly incrementMinutes?: Minutes;
  readonly roundingScope?: RoundingScope;
}

export interface RateClassMultiplier {
  readonly rateClass: RateClass;
  /** Decimal string; 1 for a class that is not listed. */
  readonly multiplier: string;
}

/**
 * What is laid on a net cost, exactly one of the two. A mark-up is a share of the cost: 100.00 with 20 % is 120.00. A margin is a share of the
 * price: 100.00 with 20 % is 125.00.
 */
export interface OnCost {
  readonly markupPercent?: string;
  /** Below 100. */
  readonly marginPercent?: string;
}

/** How expenses of a type are charged: at a price of the card, or at cost, of which at most so much counts. */
export interface ExpenseTypeRate {
  /** As `expenseType` of the expense: `mileage`, `meals`. */
  readonly type: string;
  /** Charged for each unit whatever it cost: 0.88 a kilometre, a daily rate. Decimal string in the card's currency. */
  readonly pricePerUnit?: string;
  /** Most of the net cost of each unit that is charged on; the rest is forgone by the contract, and told. */
  readonly capPerUnit?: string;
}

export interface RateCard {
  readonly id: string;
  readonly name: string;
  readonly currency: Currency;
  readonly labour: readonly LabourRate[];
  /** At most one for a work type. Absent: the hourly prices of `labour` alone. */
  readonly workTypes?: readonly WorkTypePricing[];
  /** Absent: no class costs more than another, unless `labour` says so. */
  readonly rateClassMultipliers?: readonly RateClassMultiplier[];
  readonly minimumMinutes: Minutes;
  readonly incrementMinutes: Minutes;
  /** Absent: the card's minimum and increment for all work. */
  readonly roundingRules?: readonly RoundingRule[];
  /** What the minimum and the increment are applied to. A scope never crosses a billing period. */
  readonly roundingScope: RoundingScope;
  /** Absent: `engineer`. */
  readonly visitBy?: VisitBy;
  /** Materials: at list price, or at cost with a markup. `cost-plus` with a missing cost is a gap `unpriced`, never zero. */
  readonly materials: { readonly pricing: 'list' } | ({ readonly pricing: 'cost-plus' } & OnCost);
  readonly expenses: OnCost & {
    /** Types of expenses that are charged otherwise. Absent: all at cost with what is laid on it. */
    readonly types?: readonly ExpenseTypeRate[];
  };
  /** Tax category of each kind of work; its rate is configuration. */
  readonly taxCategories: Readonly<Record<WorkKind, string>>;
}
