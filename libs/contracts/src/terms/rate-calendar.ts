import { type BusinessCalendarFacts, type Of, type Shape, WEEKDAYS, type Weekday, shape } from '@billtrail/kernel';
import { MAX_HOLIDAYS, MAX_INTERVALS_PER_DAY } from '../limits.js';

/** The classes of rating.md. A calendar may name further ones (a published grid has `night`). */
export const RATE_CLASSES = ['business', 'after-hours', 'weekend', 'holiday'] as const;
export type RateClass = string;

/** Hours by weekday. One that is absent or empty has none. */
function week<T>(hours: Shape<T>): Shape<Readonly<Partial<Record<Weekday, readonly T[]>>>> {
  return shape.anyOfMembers(WEEKDAYS, shape.list(hours, MAX_INTERVALS_PER_DAY));
}

/** Longest name of a calendar or holiday set of the configuration. */
const MAX_SHARED_NAME = 100;

const opensAndCloses = { opens: shape.clockTime, closes: shape.clockTime };

/** Hours of a weekday, in the contract's time zone, with the class that work in them has. */
const classHours = shape.object({
  ...opensAndCloses,
  rateClass: shape.optional(shape.about('By default business.', shape.text())),
});
export type ClassHours = Of<typeof classHours>;

/** A holiday, the whole day or a part of it: Christmas Eve from 18:00. */
const holiday = shape.object({
  date: shape.date,
  name: shape.text(),
  from: shape.optional(shape.about('Time of day at which it begins; by default with the day.', shape.clockTime)),
  to: shape.optional(shape.about('Time of day at which it ends; by default with the day.', shape.clockTime)),
});
export type Holiday = Of<typeof holiday>;
export const holidays = shape.list(holiday, MAX_HOLIDAYS);

/** Spelt out, or the name of a set of the configuration. */
export const statedHolidays = shape.either(
  shape.text(MAX_SHARED_NAME),
  holidays,
  'a list of days; a name is that of a holiday set of the configuration',
);
export type StatedHolidays = Of<typeof statedHolidays>;

const classes = {
  hours: shape.about(
    'By weekday, in order, not overlapping. A weekday that is absent or empty has none.',
    week(classHours),
  ),
  outside: shape.optional(
    shape.about(
      'The class of work outside of the hours; by default after-hours, weekend, holiday.',
      shape.object({ weekday: shape.text(), weekend: shape.text(), holiday: shape.text() }),
    ),
  ),
  weekendDays: shape.optional(
    shape.about(
      'By default Saturday and Sunday; an empty list where there is no weekend.',
      shape.list(shape.oneOf(WEEKDAYS), WEEKDAYS.length, { uniqueItems: true }),
    ),
  ),
};

/** The class hours of a contract, a site, a client or the organisation, without holidays. */
export const classCalendar = shape.object(classes);
export type ClassCalendar = Of<typeof classCalendar>;

/** Spelt out, or the name of a calendar of the configuration. */
export const statedCalendar = shape.either(
  shape.text(MAX_SHARED_NAME),
  classCalendar,
  'an object with its hours; a name is that of a calendar of the configuration',
);
export type StatedCalendar = Of<typeof statedCalendar>;

/**
 * Which rate class a moment has: in a holiday `outside.holiday`; else the class of the hours that it lies in; else
 * `outside.weekend` on a weekend day and `outside.weekday` on another. Work with start and end is split at the edges.
 * A duration without start takes its declared class; without one `outside.holiday` on a holiday of a whole day, `outside.weekend` on a weekend
 * day, else `business` (rating.md step 2). Edges on a day of a clock change follow the kernel's BusinessCalendar.
 */
export const rateCalendar = shape.object({
  ...classes,
  calendar: shape.optional(
    shape.about('Name of a calendar of the configuration, in place of hours.', shape.text(MAX_SHARED_NAME)),
  ),
  hours: shape.optional(classes.hours),
  holidays: shape.filled(
    shape.about(
      'They hold where neither the site of the work, nor the client, nor the organisation states holidays. By default none.',
      statedHolidays,
    ),
  ),
});
/** As it is written: its hours or its holidays may be named. */
export type StatedRateCalendar = Of<typeof rateCalendar>;

/** With its hours and its holidays. */
export interface RateCalendar extends ClassCalendar {
  readonly holidays: readonly Holiday[];
}

/** The hours in which SLA clocks run, as the kernel's calendar takes them. */
export const businessCalendar: Shape<BusinessCalendarFacts> = shape.object({
  timeZone: shape.timeZone,
  openingHours: week(shape.object(opensAndCloses)),
  holidays: shape.filled(
    shape.about(
      'Days on which it is closed whatever the weekday says. By default none.',
      shape.list(shape.date, MAX_HOLIDAYS, { uniqueItems: true }),
    ),
  ),
});
