import { type Of, shape } from '@billtrail/kernel';
import { MAX_COUNT, MAX_TERM_MEMBERS } from '../limits.js';
import { coverageMatch } from './coverage-rule.js';
import { proration } from './proration.js';

const { about, filled, decimal, list, nullable, object, oneOf, optional, positive, text, truth, whole } = shape;

const unitTier = object({
  upTo: about('Last unit of the tier, counted from the first unit; null: all beyond.', nullable(whole(1, MAX_COUNT))),
  price: about('Of one unit for a whole cycle, in the currency of the card.', decimal),
});

const CYCLE = 'write everyMonths: 1, 3, 6 or 12, which is a year; a month where it is left out';
/** What people look for. */
const CYCLE_AND_PRICE = {
  per: CYCLE,
  every: CYCLE,
  interval: CYCLE,
  frequency: CYCLE,
  period: CYCLE,
  amount: 'write price',
  fee: 'write price',
  count: 'how many there are stands in counts of the contract',
  quantity: 'how many there are stands in counts of the contract',
};

/**
 * A fee that comes with the period and not with work. It is charged for each stretch of days with the same version, price and count, as
 * `price x count x covered days / days of the cycle`, rounded once (R7, R8); with `tiers`, what its units come to tier by tier stands for
 * `price x count`. Suspended days are not covered.
 */
export const recurringCharge = object(
  {
    id: filled(about('By default made from the name.', shape.id)),
    name: text(),
    basis: filled(
      about(
        'fixed and retainer have no count; per-device and per-user are multiplied by the count in force. By default fixed.',
        oneOf(['fixed', 'retainer', 'per-device', 'per-user']),
      ),
    ),
    countOf: optional(
      about('For per-device and per-user: what is counted (workstation, server), as counts name it.', text()),
    ),
    price: optional(
      about('Of a whole cycle (of one device or user), in the currency of the card. Required without tiers.', decimal),
    ),
    tiers: optional(
      about(
        'In place of a price, for per-device and per-user: what a unit costs by how many there are. The last tier has upTo: null.',
        list(unitTier, MAX_TERM_MEMBERS, { minItems: 1, errorMessage: 'is empty: no unit would have a price' }),
      ),
    ),
    tierPricing: optional(
      about(
        'graduated: each unit costs what its own tier says. volume: all units cost what the tier of their number says. By default graduated.',
        oneOf(['graduated', 'volume']),
      ),
    ),
    minimumCount: optional(
      about('For per-device and per-user: at least so many are charged, whatever is counted.', whole(1, MAX_COUNT)),
    ),
    everyMonths: optional(
      about(
        'Length of the cycle, counted from the month in which the first version begins. By default 1.',
        oneOf([1, 3, 6, 12]),
      ),
    ),
    cycleAnchor: optional(
      about(
        'contract-day: cycles begin on the day of the month on which the first version with the term begins. By default calendar: with a month.',
        oneOf(['contract-day', 'calendar']),
      ),
    ),
    commitment: optional(
      about(
        'Of a count that only rises until a day, included: a lower one takes effect after it, and until then its licences are unused.',
        object({ until: shape.date, increaseOnly: truth }),
      ),
    ),
    billed: filled(
      about(
        'in-advance: an item of the first month of the cycle, to be billed from its first covered day. in-arrears: of its last month, after the last. By default in-advance.',
        oneOf(['in-advance', 'in-arrears']),
      ),
    ),
    taxCategory: filled(about('By default the taxCategory of the terms.', text())),
    proration: optional(about('Of changes within a cycle. By default daily.', proration)),
  },
  CYCLE_AND_PRICE,
);
export type RecurringCharge = Of<typeof recurringCharge>;

/**
 * A fee that is charged once in the life of a contract, whatever versions, renewals and terminations follow: onboarding, set-up. It is due on the first day on
 * which the contract is in force with it, or on a later one that it states, at the amount of the version of that day.
 */
export const oneTimeFee = object({
  id: filled(about('By default made from the name.', shape.id)),
  name: text(),
  amount: about('In the currency of the card, net of tax.', positive),
  on: optional(
    about('Not before this day. By default due on the first day of the first version that has it.', shape.date),
  ),
  taxCategory: filled(about('By default the taxCategory of the terms.', text())),
});
export type OneTimeFee = Of<typeof oneTimeFee>;

/** The client pays at least this in a billing period under the contract; the shortfall is an item of its own. */
export const minimumCommitment = object({
  id: filled(about('By default made from the name.', shape.id)),
  name: filled(about('By default Minimum commitment.', text())),
  amountPerPeriod: about(
    'Of a whole month; prorated by covered days where the contract covers a part of the month.',
    positive,
  ),
  countsRecurring: about('Whether recurring charges count towards it as well as work.', truth),
  taxCategory: filled(about('By default the taxCategory of the terms.', text())),
});
export type MinimumCommitment = Of<typeof minimumCommitment>;

/** A not-to-exceed cap: labour, materials and expenses that match, together (rating.md step 7, R10). */
export const cap = object({
  id: filled(about('By default made from the name.', shape.id)),
  name: text(),
  scope: about(
    'ticket: over the whole life of the ticket, so it reaches into later periods. period: per billing period.',
    oneOf(['ticket', 'period']),
  ),
  amount: about('In the currency of the card, net of discounts and of tax.', positive),
  match: optional(about('By default all work under the contract.', coverageMatch)),
  above: about(
    'What becomes of the rest: forgone by the contract, or a gap cap-exceeded. Never silent.',
    oneOf(['write-down', 'gap']),
  ),
});
export type Cap = Of<typeof cap>;

const ofAnyDiscount = {
  id: filled(about('By default made from the name.', shape.id)),
  name: text(),
  match: optional(about('By default all work under the contract.', coverageMatch)),
  includesRecurring: optional(about('Whether recurring charges are reduced as well. By default false.', truth)),
  order: filled(
    about(
      'before-minimum, the default: the minimum commitment is measured on what is left. after-minimum: on what was there before, and the discount reduces the item of the minimum too.',
      oneOf(['before-minimum', 'after-minimum']),
    ),
  ),
};
/**
 * A reduction. `percent` lowers each matching item before its one rounding; percents add up, at most 100. `amount` is an item of its own per
 * billing period (one in each tax category that it reduces), never more than what it reduces. Its `taxCategory` says no more what tax it has: its
 * charge in this category has the shorter id.
 */
export const discount = shape.variants('kind', {
  percent: { ...ofAnyDiscount, percent: shape.positivePercent },
  amount: { ...ofAnyDiscount, amount: positive, taxCategory: optional(text()) },
});
export type Discount = Of<typeof discount>;
