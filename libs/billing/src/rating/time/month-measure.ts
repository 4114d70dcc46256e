import { type LocalDate, daysOf, monthOf, monthsBetween } from '@billtrail/kernel';
import { type CountedBy, type Share, withShares } from './proration.js';

interface Days {
  readonly from: LocalDate;
  readonly to: LocalDate;
}

/**
 * Parts of a month of the calendar: the least number of which the days of a month of any length, and its thirtieths, are whole ones. So months are added without
 * a rounding.
 */
const PARTS_OF_MONTH = 28 * 29 * 15 * 31;

/**
 * Days of a cycle, cut at the months of the calendar, each with how much of the cycle it counts for where every month counts the same: a whole month of a cycle of
 * twelve is a twelfth of it, however many days it has, and a month in part counts by its own days (or thirtieths). A month that two cycles meet in is whole
 * with both. So a fee reaches in each month what a fee by the month would.
 */
export function measuredByMonth<D extends Days>(
  days: readonly D[],
  { rules, edges }: CountedBy,
  monthsOfCycle: number,
): readonly (D & { readonly share: Share })[] {
  const [first] = days;
  const last = days.at(-1);
  if (first === undefined || last === undefined) return [];
  // Where no rule places an edge, it lies by the day.
  const by: CountedBy = { rules: [...new Set([...rules, 'daily' as const])], edges };
  return monthsBetween(monthOf(first.from), monthOf(last.to)).flatMap((name) => {
    const { first: from, last: to } = daysOf(name);
    const month = { from, to };
    const within = days.flatMap((one) => {
      const part = { ...one, from: one.from > from ? one.from : from, to: one.to < to ? one.to : to };
      return part.from > part.to ? [] : [part];
    });
    return withShares<D>(within, by, month).map((one) => ({
      ...one,
      share: {
        counted: one.share.counted.times(PARTS_OF_MONTH).dividedBy(one.share.of),
        of: PARTS_OF_MONTH * monthsOfCycle,
        rules,
      },
    }));
  });
}
