import { type LocalDate, dayMonthsLater, monthNumber, monthOf } from '@billtrail/kernel';

/** A cycle of a recurring charge, both days included: whole months of the calendar, or from a day of the month to the day before it. */
export interface Cycle {
  readonly from: LocalDate;
  readonly to: LocalDate;
  /** The day that it is counted from, where it is not one of whole months of the calendar: its own months begin on that day of the month. */
  readonly anchor?: LocalDate;
}

/** The first days of the months of a cycle: each begins on the day of the month that the cycle is counted from, or on the last one of a shorter month. */
export function monthsOfCycle({ from, to, anchor = from }: Cycle): readonly LocalDate[] {
  const begun = monthNumber(monthOf(from)) - monthNumber(monthOf(anchor));
  const months: LocalDate[] = [];
  for (let passed = begun; dayMonthsLater(anchor, passed) <= to; passed += 1)
    months.push(dayMonthsLater(anchor, passed));
  return months;
}
