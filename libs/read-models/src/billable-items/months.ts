import type { Month } from '@billtrail/kernel';

const MONTHS_A_YEAR = 12;
const YEAR_DIGITS = 4;

function monthsSinceYearZero(month: Month): number {
  const [year = '', number = ''] = month.split('-');
  return Number(year) * MONTHS_A_YEAR + Number(number) - 1;
}

function monthAt(monthsSince: number): Month {
  const year = String(Math.floor(monthsSince / MONTHS_A_YEAR)).padStart(YEAR_DIGITS, '0');
  return `${year}-${String((monthsSince % MONTHS_A_YEAR) + 1).padStart(2, '0')}`;
}

/** `months` later, or earlier where it is negative. */
export function monthLater(month: Month, months: number): Month {
  return monthAt(monthsSinceYearZero(month) + months);
}

/** All months from `first` to `last`, both included; none where `last` is before `first`. */
export function monthsBetween(first: Month, last: Month): readonly Month[] {
  const from = monthsSinceYearZero(first);
  const count = Math.max(0, monthsSinceYearZero(last) - from + 1);
  return Array.from({ length: count }, (_, index) => monthAt(from + index));
}
