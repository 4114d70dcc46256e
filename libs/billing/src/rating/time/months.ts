import { type Month, invariant, isMonth } from '@billtrail/kernel';

/** Months since year 0: consecutive months are consecutive numbers. */
export function monthNumber(month: Month): number {
  invariant(isMonth(month), `not a month: ${month}`);
  return Number(month.slice(0, 4)) * 12 + Number(month.slice(5)) - 1;
}

/** The month `months` later (earlier when negative). */
export function monthsLater(month: Month, months: number): Month {
  const number = monthNumber(month) + months;
  const year = Math.floor(number / 12);
  return `${String(year).padStart(4, '0')}-${String((number % 12) + 1).padStart(2, '0')}`;
}
