import { type LocalDate, type MoneyJson, type Of, shape } from '@billtrail/kernel';
import {
  BURN_DECIMALS,
  MAX_BURN_WEIGHT,
  MAX_PREPAID_MINUTES,
  MAX_RENEWAL_MONTHS,
  MAX_RENEWED_BLOCKS,
  MAX_ROLL_OVER_PERIODS,
  MAX_TERM_MEMBERS,
} from '../limits.js';
import { proration } from './proration.js';

const { about, filled, decimal, list, nullable, object, oneOf, optional, text, variants } = shape;

/** What a block or an allotment holds: time, whatever its price; or money, which the price of the work draws down. */
export const prepaidAmount = variants('unit', {
  minutes: { minutes: shape.whole(1, MAX_PREPAID_MINUTES) },
  money: { money: shape.money(shape.positive) },
});
export type PrepaidAmount = Of<typeof prepaidAmount>;

/** What of a block goes back: work that burns weighted may leave a part of a minute. */
export const returnedAmount = variants('unit', {
  minutes: { minutes: shape.minutesUpTo(MAX_PREPAID_MINUTES) },
  money: { money: shape.money(shape.positive) },
});

const burnWeight = object({
  workType: optional(about('By default any.', text())),
  rateClass: optional(about('By default any.', text())),
  weight: about(
    'Minutes that a minute of it draws: "2" for double time, "0.5" for half.',
    shape.positiveUpTo(MAX_BURN_WEIGHT, BURN_DECIMALS),
  ),
});

/**
 * How many minutes of a block or an allotment a billable minute of work draws; of money the price of the work is drawn, whatever this says.
 * - `multiplier`: as many as the multiplier that the card lays on its price, of rate class or work type: the larger wins.
 * - `weights`: the largest weight that fits the work; one, where none fits.
 */
export const burn = variants('by', {
  multiplier: {},
  weights: {
    weights: list(burnWeight, MAX_TERM_MEMBERS, {
      minItems: 1,
      errorMessage: 'is empty: leave burn out, and a minute draws a minute',
    }),
  },
});
export type Burn = Of<typeof burn>;

/** Prepaid hours or money granted in every billing period. */
const allotment = object({
  id: filled(about('By default made from the name.', shape.id)),
  name: text(),
  base: about('The base of a whole month.', prepaidAmount),
  rollOver: filled(
    about(
      'one-period: the unused base of the period just before is drawn first, and lapses at the end of this one. periods: it lives for rollOverPeriods. By default none.',
      oneOf(['none', 'one-period', 'periods']),
    ),
  ),
  rollOverPeriods: optional(
    about(
      'For how many periods after its own an unused base can be drawn, where rollOver is periods. The oldest is drawn first.',
      shape.whole(1, MAX_ROLL_OVER_PERIODS),
    ),
  ),
  rollOverAtMost: optional(
    about(
      'Most unused base, of all periods together, that goes into the next one; what is above lapses, the oldest first. By default all.',
      prepaidAmount,
    ),
  ),
  proration: optional(
    about(
      'Of a version that begins or ends within the month, or changes the base. By default whole-period.',
      proration,
    ),
  ),
});
export type Allotment = Of<typeof allotment>;

/** How prepaid work beyond the blocks is priced. */
const overage = object({
  pricePerHour: about('null: the full price of the card, as if no overage were stated.', nullable(decimal)),
  multiplied: filled(
    about(
      'Whether multipliers of rate class and work type raise a stated price as well. By default false.',
      shape.truth,
    ),
  ),
});

/** When another block is bought, by an event of the system: of the size and at the price of the one bought last. */
const blockRenewal = object({
  below: about(
    'A block is bought when work leaves less than this in the blocks that can be drawn, and when it would be overage.',
    prepaidAmount,
  ),
  goodForMonths: optional(
    about('How long the new block is good. By default it does not expire.', shape.whole(1, MAX_RENEWAL_MONTHS)),
  ),
  atMostPerPeriod: optional(
    about(
      `Most blocks that are bought so in a month; what is beyond is overage. By default ${MAX_RENEWED_BLOCKS}.`,
      shape.whole(1, MAX_RENEWED_BLOCKS),
    ),
  ),
  drawable: optional(
    about('From when on the new block can be drawn. By default purchased.', oneOf(['purchased', 'paid'])),
  ),
});
export type BlockRenewal = Of<typeof blockRenewal>;

/** Work whose coverage rule says `prepaid` draws on these, and on the blocks purchased for the contract. */
export const prepaidTerms = object({
  allotment: optional(about('By default blocks alone.', allotment)),
  overage: optional(about('By default the full price of the card, with its multipliers.', overage)),
  renewBlocks: optional(about('By default nobody buys a block but a person.', blockRenewal)),
  burn: optional(
    about(
      'How many minutes of a block or an allotment a minute of work draws. By default one, whatever it costs.',
      burn,
    ),
  ),
});
export type PrepaidTerms = Of<typeof prepaidTerms>;

/** What the client pays for a block. */
export const blockPrice = object({ net: shape.money(decimal), taxCategory: text() });

/** A block as it was purchased. Work draws on it from `purchasedOn` to `expiresOn`, both days included. */
export interface PrepaidBlock {
  readonly blockId: string;
  readonly amount: PrepaidAmount;
  readonly purchasedOn: LocalDate;
  /** Last day on which work draws on it; null: it does not expire. */
  readonly expiresOn: LocalDate | null;
  /** What the client pays for it: an item of the period of `purchasedOn`. null: it was paid for elsewhere. */
  readonly price: Of<typeof blockPrice> | null;
  /** How work burns this block, in place of what the terms say. Absent: as the terms say. */
  readonly burn?: Burn;
  /** Of one that was bought because the terms renew blocks: the one that it is like, and the work that took the rest. Absent: a person bought it. */
  readonly renews?: { readonly blockId: string; readonly workItemId: string };
}

/** What of a block was given back: it can't be drawn any more, and the client has its money at the block's own price. */
export interface BlockReturn {
  readonly returnId: string;
  /** In the unit of the block. */
  readonly amount: PrepaidAmount;
  /** Its share of the price; null: the block was paid for elsewhere. */
  readonly net: MoneyJson | null;
  readonly returnedOn: LocalDate;
  readonly reason: string;
}

/** A block with what became of it since its purchase. */
export interface OwnedBlock extends PrepaidBlock {
  /** In the order in which they were recorded. Absent: none. */
  readonly returns?: readonly BlockReturn[];
  /** Why it was withdrawn. Absent: it was not. */
  readonly withdrawn?: string;
}
