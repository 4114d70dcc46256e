import { type Currency, type LocalDate, type Of, ROUNDING_DIRECTIONS, type Shape, shape } from '@billtrail/kernel';
import {
  MAX_CRITERION_VALUES,
  MAX_LABOUR_RATES,
  MAX_ROUNDING_MINUTES,
  MAX_TERM_MEMBERS,
  MAX_TERM_MINUTES,
} from '../limits.js';

const { about, anyOf, decimal, filled, list, nullable, object, oneOf, optional, positive, text, variants, whole } =
  shape;

/** What people look for. */
const PRICE_OF_LABOUR = {
  price: 'write pricePerHour',
  rate: 'write pricePerHour',
  per: 'write priceMinutes, the minutes that pricePerHour is really of: 450 for a day of 7.5 hours',
  role: 'write engineerRole',
};

/**
 * One price of labour. Of those that fit, the one for the very work type wins, then the one for the very role, then the one for the very rate
 * class. A price for the very rate class is the price of that class: no class multiplier is laid on it.
 */
const labourRate = object(
  {
    workType: filled(about('By default null: any work type, the base rate of the card.', nullable(text()))),
    engineerRole: filled(about('By default null: any role.', nullable(text()))),
    rateClass: optional(about('By default any class.', text())),
    pricePerHour: about('The price of an hour, or of priceMinutes where those are stated.', decimal),
    priceMinutes: optional(
      about(
        'Minutes that the price is really of: 450 for a day rate over 7.5 h, 30 for a price per half-hour. By default 60.',
        whole(1, MAX_ROUNDING_MINUTES),
      ),
    ),
  },
  PRICE_OF_LABOUR,
);
/** `isOfContract`: the contract's own, in place of what the card that it names says. */
export type LabourRate = Of<typeof labourRate> & { readonly isOfContract?: true };

/**
 * What a price or a tier is counted over, and what minimum and increment are applied to. Never across a billing period. A `visit` is the work at one
 * site of the client on one day by one engineer (or crew, see `RateCard.visitBy`), whatever its tickets.
 */
const SCOPES = ['entry', 'ticket-day', 'ticket', 'visit'] as const;
const roundingScope = oneOf(SCOPES);
export type RoundingScope = Of<typeof roundingScope>;

/** Whose journey a visit is: each engineer's own, or that of all who are at the site on that day. */
const visitBy = about(
  'Whose journey a visit is: that of each engineer (the default), or of all who are at the site on that day.',
  oneOf(['engineer', 'crew']),
);

const priceTier = object({
  upToMinutes: about(
    'End of the tier, counted from the beginning of the scope; null: all beyond.',
    nullable(whole(1, MAX_TERM_MINUTES)),
  ),
  pricePerHour: decimal,
});
export type PriceTier = Of<typeof priceTier>;

const per = about('What it is counted over.', roundingScope);
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
const workTypePricing = variants('mode', {
  multiplier: { workType: text(), multiplier: positive },
  'amount-on-top': { workType: text(), amount: positive, per: oneOf(['hour', ...SCOPES]) },
  flat: { workType: text(), price: decimal, per },
  tiers: {
    workType: text(),
    per,
    tiers: list(priceTier, MAX_TERM_MEMBERS, { minItems: 1, errorMessage: 'is empty: no minute would have a price' }),
  },
});
export type WorkTypePricing = Of<typeof workTypePricing>;

const minimumMinutes = whole(0, MAX_ROUNDING_MINUTES);
const incrementMinutes = whole(1, MAX_ROUNDING_MINUTES);
const rounding = oneOf(ROUNDING_DIRECTIONS);

/** Minimum and increment of some work, in place of the card's (R14: after hours at least 2 h). The first that matches wins. */
const roundingRule = object({
  workTypes: optional(anyOf(text(), MAX_CRITERION_VALUES)),
  rateClasses: optional(anyOf(text(), MAX_CRITERION_VALUES)),
  minimumMinutes: optional(minimumMinutes),
  incrementMinutes: optional(incrementMinutes),
  rounding: optional(rounding),
  roundingScope: optional(roundingScope),
});
export type RoundingRule = Of<typeof roundingRule>;

const rateClassMultiplier = object({ rateClass: text(), multiplier: positive });

/** What is laid on a net cost, exactly one of the two. */
const onCost = {
  markupPercent: optional(about('A share of the cost: 100.00 with 20 % is 120.00.', decimal)),
  marginPercent: optional(about('A share of the price: 100.00 with 20 % is 125.00.', shape.below100Percent)),
};
export type OnCost = Of<ReturnType<typeof object<typeof onCost>>>;

/** How expenses of a type are charged: at a price of the card, or at cost, of which at most so much counts. */
const expenseTypeRate = object({
  type: about('As expenseType of the expense: mileage, meals.', text()),
  pricePerUnit: optional(about('Charged for each unit whatever it cost: 0.88 a kilometre, a daily rate.', positive)),
  capPerUnit: optional(
    about(
      'Most of the net cost of each unit that is charged on; the rest is forgone by the contract, and told.',
      positive,
    ),
  ),
});
export type ExpenseTypeRate = Of<typeof expenseTypeRate>;

/** What a card says, whoever's it is. */
export const cardPrices = {
  labour: filled(about('By default no work has a price by the hour.', list(labourRate, MAX_LABOUR_RATES))),
  workTypes: optional(
    about('Work types priced in another way than by the hour, each once.', list(workTypePricing, MAX_TERM_MEMBERS)),
  ),
  rateClassMultipliers: optional(
    about(
      'By default no class costs more than another, unless labour says so.',
      list(rateClassMultiplier, MAX_TERM_MEMBERS),
    ),
  ),
  minimumMinutes: filled(about('By default 0.', minimumMinutes)),
  incrementMinutes: filled(about('By default 1.', incrementMinutes)),
  rounding: optional(
    about(
      'To which multiple of the increment: up (the default), to the nearest, the half up, or down. The minimum holds in each.',
      rounding,
    ),
  ),
  roundingRules: optional(
    about(
      'Minimum, increment and rounding of some work, in place of those of the card. The first that matches wins.',
      list(roundingRule, MAX_TERM_MEMBERS),
    ),
  ),
  roundingScope: filled(
    about('What minimum and increment are applied to, never across a billing period. By default entry.', roundingScope),
  ),
  visitBy: optional(visitBy),
  materials: filled(
    about(
      'At list price (the default), or at cost with a mark-up or margin. At cost, one with a missing cost is a gap, never zero.',
      variants('pricing', { list: {}, 'cost-plus': onCost }),
    ),
  ),
  expenses: filled(
    about(
      'By default at cost.',
      object({
        ...onCost,
        types: optional(
          about('Types of expenses that are charged otherwise.', list(expenseTypeRate, MAX_TERM_MEMBERS)),
        ),
      }),
    ),
  ),
  taxCategories: filled(
    about(
      'Tax category of each kind of work; its rate is configuration. By default the taxCategory of the terms.',
      object({ time: filled(text()), material: filled(text()), expense: filled(text()) }),
    ),
  ),
};

/** Longest name of a rate card of the configuration. */
const MAX_CARD_NAME = 100;

const written = object({
  card: optional(
    about(
      'Name of a rate card of the configuration: it holds as it is on the day of the work. What stands beside the name replaces that of the card: prices one by one, the rest member by member.',
      text(MAX_CARD_NAME),
    ),
  ),
  id: filled(about('By default made from the name.', shape.id)),
  name: filled(about('By default Rate card.', text())),
  currency: filled(about('By default that of the client.', shape.currency)),
  ...cardPrices,
});
type Written = Of<typeof written>;

/** Which version of a card of the configuration gave the prices. */
export interface CardTaken {
  readonly card: string;
  /** Its place in the list of versions: 1, 2, 3 ... */
  readonly version: number;
  /** The first day of that version. */
  readonly from: LocalDate;
}

/** A card with all of its prices: spelt out by the contract, or that of the configuration as it holds on a day. */
export interface RateCard extends Omit<Written, 'card' | 'labour'> {
  readonly card?: undefined;
  readonly labour: readonly LabourRate[];
  /** Absent: the contract spells out its own. */
  readonly taken?: CardTaken;
}

/** A card of the configuration by its name, and what the contract has in place of what that one says. */
export interface NamedRateCard extends Partial<Omit<Written, 'card' | 'currency' | 'id' | 'name' | 'taxCategories'>> {
  readonly card: string;
  readonly currency: Currency;
  readonly taxCategories?: Partial<Written['taxCategories']>;
}

/** As terms state it. */
export type StatedRateCard = RateCard | NamedRateCard;
// What a named card leaves out is not filled, and what is spelt out has no name.
export const rateCard = written as Shape<StatedRateCard>;
