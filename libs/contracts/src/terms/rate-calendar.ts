import type { LocalDate, OpeningHours, Weekday } from '@billtrail/kernel';

/** The classes of rating.md. A calendar may name further ones (a published grid has `night`). */
export const RATE_CLASSES = ['business', 'after-hours', 'weekend', 'holiday'] as const;
export type RateClass = string;

/** Hours of a weekday, in the contract's time zone, with the class that work in them has. */
export interface ClassHours extends OpeningHours {
  /** Absent: `business`. */
  readonly rateClass?: RateClass;
}

/** A holiday, the whole day or a part of it: Christmas Eve from 18:00. */
export interface Holiday {
  readonly date: LocalDate;
  readonly name: string;
  /** Time of day at which it begins. Absent: with the day. */
  readonly from?: string;
  /** Time of day at which it ends. Absent: with the day. */
  readonly to?: string;
}

/** The class hours of a contract, a site, a client or the organisation, without holidays. */
export interface ClassCalendar {
  /** In order, not overlapping. A weekday that is absent or empty has no hours of its own. */
  readonly hours: Readonly<Partial<Record<Weekday, readonly ClassHours[]>>>;
  /** Absent: `after-hours`, `weekend`, `holiday`. */
  readonly outside?: { readonly weekday: RateClass; readonly weekend: RateClass; readonly holiday: RateClass };
  /** Absent: Saturday and Sunday. */
  readonly weekendDays?: readonly Weekday[];
}

/**
 * Which rate class a moment has: in a holiday `outside.holiday`; else the class of the hours that it lies in; else
 * `outside.weekend` on a weekend day and `outside.weekday` on another. Work with start and end is split at the edges.
 * A duration without start takes its declared class; without one `outside.holiday` on a holiday of a whole day, `outside.weekend` on a weekend
 * day, else `business` (rating.md step 2). Edges on a day of a clock change follow the kernel's BusinessCalendar.
 */
export interface RateCalendar extends ClassCalendar {
  /** They hold where neither the site of the work, nor the client, nor the organisation states holidays. */
  readonly holidays: readonly Holiday[];
}
