import { type Of, shape } from '@billtrail/kernel';
import { MAX_HOLIDAYS } from '../limits.js';
import { classCalendar, holidays } from './rate-calendar.js';

const { about, clockTime, date, list, object, optional, text, truth, whole } = shape;

/** Most calendars, and most holiday sets, of a configuration. */
const MAX_SHARED = 100;
const MAX_YEARS = 50;

const changedDay = object({
  date,
  name: optional(about('Of a day that the set adds; of one that it has, a new name.', text())),
  from: optional(about('Time of day at which it begins; by default with the day.', clockTime)),
  to: optional(about('Time of day at which it ends; by default with the day.', clockTime)),
  isHoliday: optional(about('False takes the day out of the set. By default true.', truth)),
});

/** Holidays that organisation, clients, sites and contracts name: those of a country and a state, with changes to them, or days of its own. */
const holidaySet = object({
  country: optional(about('Whose public holidays they are: AU. By default only the days listed.', text(10))),
  state: optional(about('The state of the country: VIC.', text(20))),
  region: optional(about('The region of the state, where one has days of its own.', text(20))),
  years: optional(
    about(
      'The years of which the public holidays are taken.',
      list(whole(1990, 2100), MAX_YEARS, { uniqueItems: true }),
    ),
  ),
  days: optional(about('Days that it adds, changes or drops, each once.', list(changedDay, MAX_HOLIDAYS))),
  expanded: optional(
    about(
      'The public holidays as they were worked out when the set was published. Filled by publishing; what stands here stays so, whatever a later version would work out.',
      object({ by: about('What worked them out.', text()), days: holidays }),
    ),
  ),
});
export type HolidaySet = Of<typeof holidaySet>;

/** The sections of a configuration that calendars and holidays are named from. */
export const sharedCalendars = {
  calendars: optional(
    about(
      'Class hours by name, for organisation, clients, sites and contracts that name them.',
      shape.record(classCalendar, 0, MAX_SHARED),
    ),
  ),
  holidaySets: optional(
    about(
      'Holidays by name, for organisation, clients, sites and contracts that name them.',
      shape.record(holidaySet, 0, MAX_SHARED),
    ),
  ),
};
export type SharedCalendars = Of<ReturnType<typeof object<typeof sharedCalendars>>>;
