import { type Of, shape } from '@billtrail/kernel';

/**
 * How a change within a period counts, be it a start, an end, a price or a count: each by itself.
 * `daily`: from its day on, by the days of the period. `thirtieths`: the same, each month of the cycle having 30
 * days: its 31st counts as its 30th, and the last day of a shorter month too. `whole-period`: a part of the period counts as
 * all of it, and of two sizes the larger. A suspension is a decrease, and what comes back after it is no increase.
 * `next-period`: from the next period on; until then all stays as it was.
 */
export const PRORATION_RULES = ['daily', 'whole-period', 'next-period', 'thirtieths'] as const;
export type ProrationRule = (typeof PRORATION_RULES)[number];

/** Absent: what the term says of its default. */
export const proration = {
  ...shape.object({
    increases: shape.optional(shape.about('Of a start, a higher price, a higher count.', shape.oneOf(PRORATION_RULES))),
    decreases: shape.optional(shape.about('Of an end, a lower price, a lower count.', shape.oneOf(PRORATION_RULES))),
  }),
  minProperties: 1,
  errorMessage: 'must state increases, decreases or both',
};
export type Proration = Of<typeof proration>;
