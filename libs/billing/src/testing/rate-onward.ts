import type { Month } from '@billtrail/kernel';
import { isSameCarryOver } from '../carry-over.js';
import type { CarriedOver } from '../rating/prepaid/prepaid-facts.js';

/** A later period of the client, and the carry-over that it was last rated with; null: it never was. */
export interface LaterPeriod {
  readonly period: Month;
  readonly ratedWith: CarriedOver | null;
}

/** One period that was rated again, with its result. */
export interface RatedAgain<Result> {
  readonly period: Month;
  readonly result: Result;
}

/**
 * Rates again the later periods that a change reaches: those after the changed one, in order, each with the carry-over of the one before, and
 * stops at the first whose carry-over is the one that it was rated with. Periods up to `changed.period` are left out. Pure as far as `rateWith` is:
 * it rates one period with a carry-over.
 */
export function rateOnward<Result extends { readonly carriedOver: CarriedOver }>(
  changed: { readonly period: Month; readonly carriedOver: CarriedOver },
  later: readonly LaterPeriod[],
  rateWith: (period: Month, carriedIn: CarriedOver) => Result,
): readonly RatedAgain<Result>[] {
  const again: RatedAgain<Result>[] = [];
  let carriedIn = changed.carriedOver;
  const inOrder = later.filter(({ period }) => period > changed.period).sort((a, b) => (a.period < b.period ? -1 : 1));
  for (const { period, ratedWith } of inOrder) {
    if (isSameCarryOver(ratedWith, carriedIn)) break;
    const result = rateWith(period, carriedIn);
    again.push({ period, result });
    carriedIn = result.carriedOver;
  }
  return again;
}
