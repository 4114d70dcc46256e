import { Decimal, type LocalDate, addDays, invariant } from '@billtrail/kernel';
import type { RecurringCharge } from '@billtrail/contracts';
import type { ContractFacts } from '../facts.js';
import { type CoveredDays, dayCount } from '../time/covered-days.js';
import type { Cycle } from '../time/cycle.js';
import type { Share } from '../time/proration.js';
import { type UnitsAtPrice, unitsAtPrices } from './units.js';

/**
 * What a contract charges by the cycle for a stretch of days with one version and one count: those in force, or those that count on these days where the
 * contract says how changes count.
 */
export interface RecurringStretch {
  readonly contract: ContractFacts;
  readonly charge: RecurringCharge;
  readonly days: CoveredDays;
  readonly cycle: Cycle;
  /** Days of the cycle before these that are charged alike: the fee of all of them is rounded as one, so that the parts sum to it. */
  readonly daysBefore: Decimal;
  /** For how much of the cycle these days count, where the contract says how changes count. Absent: for themselves. */
  readonly share?: Share & { readonly ownDays: number };
  /** The count in force; null: nobody recorded one, so there is no price. */
  readonly count: number | null;
  /** Units that other accounts charge on these days, before those that joined. Absent: none. */
  readonly unitsBefore?: number;
  readonly countEventIds: readonly string[];
}

/** What its units cost in a whole cycle, price by price. Throws where the stretch has no count. */
export function unitsOf({ charge, days, count, unitsBefore }: RecurringStretch): readonly UnitsAtPrice[] {
  invariant(count !== null, `nobody recorded a count for ${charge.id} from ${days.from}`);
  return unitsAtPrices(charge, count, unitsBefore);
}

/** The days that a stretch counts for in its cycle: its own, where nothing else is stated. */
export function countedDays({ days, share }: Pick<RecurringStretch, 'days' | 'share'>): Decimal {
  const own = new Decimal(dayCount(days));
  return share === undefined ? own : share.counted.times(own).dividedBy(share.ownDays);
}

/** What of a stretch lies within days. */
export function clipped(
  stretch: RecurringStretch,
  within: { readonly from: LocalDate; readonly to: LocalDate },
): readonly RecurringStretch[] {
  const { days } = stretch;
  const from = days.from > within.from ? days.from : within.from;
  const to = days.to < within.to ? days.to : within.to;
  if (from > to) return [];
  const daysBefore =
    from === days.from
      ? stretch.daysBefore
      : stretch.daysBefore.plus(countedDays({ ...stretch, days: { ...days, to: addDays(from, -1) } }));
  return [{ ...stretch, daysBefore, days: { ...days, from, to } }];
}
