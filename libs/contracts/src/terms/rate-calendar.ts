import type { LocalDate, OpeningHours, Weekday } from '@billtrail/kernel';

/** The classes of rating.md. A calendar may name further ones (a published grid has `night`). */
export const RATE_CLASSES = ['business', 'after-hours', 'weekend', 'holiday'] as const;
export type RateClass = string;

/** Hours of a weekday, in the contract's time zone, with the class that work in them has. */
export interface ClassHours extends OpeningHours {
  /** Absent: `business`. */
  readonly rateClass?: RateClass;
}

export interface Holiday {
  readonly date: LocalDate;
  readonly name: string;
}

/**
 * Which rate class a moment has: on a holiday `outside.holiday`, the whole day; else the class of the hours that it lies in; else
 * `outside.weekend` on a weekend day and `outside.weekday` on another. Work with start and end is split at the edges.
 * A duration without start takes its declared class; without one `outside.holiday` on a holiday, `outside.weekend` on a weekend day, else
 * `business` (rating.md step 2). Edges on a day of a clock change follow the kernel's BusinessCalendar.
 */
export interface RateCalendar {
  /** In order, not overlapping. A weekday that is absent or empty has no hours of its own. */
  readonly hours: Readonly<Partial<Record<Weekday, readonly ClassHours[]>>>;
  readonly holidays: readonly Holiday[];
  /** Absent: `after-hours`, `weekend`, `holiday`. */
  readonly outside?: { readonly weekday: RateClass; readonly weekend: RateClass; readonly holiday: RateClass };
  /** Absent: Saturday and Sunday. */
  readonly weekendDays?: readonly Weekday[];
}
