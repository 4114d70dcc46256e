import { invariant, namedIn, type Partly } from '@billtrail/kernel';
import { inspectClassCalendar, inspectHolidays } from './inspect/calendar.js';
import { type Note, noteRepeats } from './problems.js';
import type {
  ClassCalendar,
  Holiday,
  RateCalendar,
  StatedCalendar,
  StatedHolidays,
  StatedRateCalendar,
} from './terms/rate-calendar.js';
import type { ContractTerms } from './terms/contract-terms.js';
import type { HolidaySet, SharedCalendars } from './terms/shared-calendars.js';

const daysBySet = new WeakMap<HolidaySet, readonly Holiday[]>();

/** The days of a set, in order: the public holidays that it was published with, as its own days change them. The same list each time. */
export function daysOfSet(set: HolidaySet): readonly Holiday[] {
  let days = daysBySet.get(set);
  if (days === undefined) daysBySet.set(set, (days = changed(set)));
  return days;
}

function changed({ expanded, days = [] }: HolidaySet): readonly Holiday[] {
  const byDate = new Map((expanded?.days ?? []).map((day) => [day.date, day]));
  for (const { date, name, isHoliday = true, ...part } of days) {
    if (!isHoliday) byDate.delete(date);
    else byDate.set(date, { date, name: name ?? byDate.get(date)?.name ?? date, ...partOf(part, byDate.get(date)) });
  }
  return [...byDate.values()].sort((one, other) => (one.date < other.date ? -1 : 1));
}

/** A day that is only renamed keeps its part. */
function partOf(stated: Pick<Holiday, 'from' | 'to'>, before: Holiday | undefined): Pick<Holiday, 'from' | 'to'> {
  const { from, to } = stated.from === undefined && stated.to === undefined && before !== undefined ? before : stated;
  return { ...(from === undefined ? {} : { from }), ...(to === undefined ? {} : { to }) };
}

/** A calendar spelt out, or that of the configuration that is named. Throws where there is none: commands refuse such a name, and publishing to drop it. */
export function calendarOf(stated: StatedCalendar, { calendars = {} }: SharedCalendars): ClassCalendar {
  if (typeof stated !== 'string') return stated;
  const calendar = namedIn(calendars, stated);
  invariant(calendar !== undefined, `the configuration has no calendar ${stated}`);
  return calendar;
}

/** Holidays spelt out, or those of the set that is named. Throws as {@link calendarOf}. */
export function holidaysOf(stated: StatedHolidays, { holidaySets = {} }: SharedCalendars): readonly Holiday[] {
  if (typeof stated !== 'string') return stated;
  const set = namedIn(holidaySets, stated);
  invariant(set !== undefined, `the configuration has no holiday set ${stated}`);
  return daysOfSet(set);
}

/** The calendar of a contract with its hours and holidays. Throws as {@link calendarOf}. */
export function rateCalendarOf(stated: StatedRateCalendar, shared: SharedCalendars): RateCalendar {
  const { calendar, hours = {}, outside, weekendDays } = stated;
  const own: ClassCalendar = {
    hours,
    ...(outside === undefined ? {} : { outside }),
    ...(weekendDays === undefined ? {} : { weekendDays }),
  };
  const named = calendar === undefined ? null : calendarOf(calendar, shared);
  return {
    ...(named === null ? own : { ...named, ...own, hours: named.hours }),
    holidays: holidaysOf(stated.holidays, shared),
  };
}

type Names = readonly string[];

/** Notes a name that the configuration does not have, with those that it has. */
export function inspectNamed(
  note: Note,
  path: string,
  named: unknown,
  part: keyof SharedCalendars,
  shared: Partly<SharedCalendars>,
): void {
  if (typeof named !== 'string') return;
  const names: Names = Object.keys(shared[part] ?? {});
  if (names.includes(named)) return;
  const what = part === 'calendars' ? 'calendar' : 'holiday set';
  const has = names.length === 0 ? `which has no ${what}` : `which has ${names.join(', ')}`;
  note(path, `${named} is no ${what} of the configuration, ${has}`);
}

/** Notes what calendars and holiday sets of a configuration say that can't be meant. */
export function inspectShared(note: Note, { calendars = {}, holidaySets = {} }: Partly<SharedCalendars>): void {
  for (const [name, calendar] of Object.entries(calendars))
    if (calendar !== undefined) inspectClassCalendar(note, `calendars.${name}`, calendar);
  for (const [name, set] of Object.entries(holidaySets))
    if (set !== undefined) inspectSet(note, `holidaySets.${name}`, set);
}

function inspectSet(note: Note, path: string, set: Partly<HolidaySet>): void {
  const { country, state, region, years, days = [], expanded } = set;
  if (country === undefined) {
    for (const [name, value] of Object.entries({ state, region, years, expanded }))
      if (value !== undefined) note(`${path}.${name}`, 'needs the country');
  } else if (years === undefined)
    note(`${path}.years`, 'is required: the years of which the public holidays are taken');
  if (region !== undefined && state === undefined) note(`${path}.region`, 'needs the state');
  inspectHolidays(note, `${path}.expanded.days`, expanded?.days);
  const dates = new Set((expanded?.days ?? []).map((day) => day?.date));
  noteRepeats(
    days,
    (day) => day.date,
    (index, first, date) => note(`${path}.days[${index}]`, `${date} is already ${path}.days[${first}]`),
  );
  days.forEach((day, index) => {
    const { date, name, isHoliday = true, from = '00:00', to = '24:00' } = day ?? {};
    if (date === undefined) return;
    const at = `${path}.days[${index}]`;
    if (from >= to) note(at, `ends at ${to}, not after it begins at ${from}`);
    // Whether a public holiday is on the day is known once the set is expanded.
    const isOfSet = dates.has(date) || (country !== undefined && expanded === undefined);
    if (isHoliday && name === undefined && !isOfSet)
      note(`${at}.name`, `is required: the set has no holiday on ${date}`);
    if (!isHoliday && !isOfSet) note(at, `takes out ${date}, which is no holiday of the set`);
  });
}

/** The terms with the hours of the calendar that they name; without a calendar, where the caller does not know that one: then nobody can say which classes work has. */
export function withKnownCalendar(terms: ContractTerms, shared: SharedCalendars | undefined): ContractTerms {
  const { rateCalendar, ...rest } = terms;
  const named = rateCalendar?.calendar;
  if (rateCalendar === undefined || named === undefined) return terms;
  const known = namedIn(shared?.calendars, named);
  return known === undefined ? rest : { ...rest, rateCalendar: { ...known, holidays: [] } };
}
