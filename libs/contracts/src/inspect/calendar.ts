import { type BusinessCalendarFacts, type OpeningHours, type Partly, WEEKDAYS, type Weekday } from '@billtrail/kernel';
import { type Note, isStated, noteRepeats } from '../problems.js';
import type {
  ClassCalendar,
  Holiday,
  StatedCalendar,
  StatedHolidays,
  StatedRateCalendar,
} from '../terms/rate-calendar.js';

/** Hours in order that do not overlap, and holidays that are dated once. */
export function inspectClassCalendar(note: Note, path: string, calendar: Partly<ClassCalendar>): void {
  inspectWeek(note, `${path}.hours`, calendar.hours);
}

export function inspectRateCalendar(note: Note, path: string, calendar: Partly<StatedRateCalendar>): void {
  const { calendar: named, hours, holidays } = calendar;
  if (isStated(calendar, 'calendar') && isStated(calendar, 'hours'))
    note(`${path}.hours`, `stand in calendar ${named} of the configuration already: state one of the two`);
  else if (!isStated(calendar, 'calendar') && !isStated(calendar, 'hours'))
    note(`${path}.hours`, 'is required, or calendar: the name of one of the configuration');
  inspectWeek(note, `${path}.hours`, hours);
  inspectStatedHolidays(note, `${path}.holidays`, holidays);
}

/** Hours that are spelt out. */
export function inspectStatedCalendar(note: Note, path: string, calendar: Partly<StatedCalendar> | undefined): void {
  if (typeof calendar === 'object') inspectClassCalendar(note, path, calendar);
}

/** Days that are spelt out. */
export function inspectStatedHolidays(note: Note, path: string, holidays: Partly<StatedHolidays> | undefined): void {
  if (typeof holidays === 'object') inspectHolidays(note, path, holidays);
}

export function inspectHolidays(note: Note, path: string, holidays: Partly<readonly Holiday[]> | undefined): void {
  noteRepeats(
    holidays,
    ({ date }) => date,
    (index, first, date) => note(`${path}[${index}]`, `${date} is already ${path}[${first}]`),
  );
  holidays?.forEach((holiday, index) => {
    const { from = '00:00', to = '24:00' } = holiday ?? {};
    if (from >= to) note(`${path}[${index}]`, `ends at ${to}, not after it begins at ${from}`);
  });
}

/** The hours in which SLA clocks run: what passes here never makes the kernel's calendar throw. */
export function inspectBusinessCalendar(note: Note, path: string, calendar: Partly<BusinessCalendarFacts>): void {
  const { openingHours } = calendar;
  inspectWeek(note, `${path}.openingHours`, openingHours);
  if (
    openingHours !== undefined &&
    WEEKDAYS.every((weekday) => openingHours[weekday]?.length === 0 || !isStated(openingHours, weekday))
  )
    note(`${path}.openingHours`, 'never opens: no business minute would ever pass');
}

type Week = Partly<Partial<Record<Weekday, readonly OpeningHours[]>>>;

function inspectWeek(note: Note, path: string, week: Week | undefined): void {
  for (const weekday of WEEKDAYS) {
    let closed = '00:00';
    week?.[weekday]?.forEach((hours, index) => {
      const { opens, closes } = hours ?? {};
      if (opens === undefined || closes === undefined) return;
      const at = `${path}.${weekday}[${index}]`;
      if (opens >= closes) note(at, `closes at ${closes}, not after it opens at ${opens}`);
      else if (opens < closed) note(at, `begins at ${opens}, before the hours listed earlier end at ${closed}`);
      if (closes > closed) closed = closes;
    });
  }
}
