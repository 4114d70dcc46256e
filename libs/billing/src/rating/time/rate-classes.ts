import { type LocalDate, type TimeZone, WEEKDAYS, invariant, offsetMillisAt } from '@billtrail/kernel';
import type { ClassHours, RateCalendar, RateClass } from '@billtrail/contracts';

const DAY_MILLIS = 86_400_000;
const MINUTE_MILLIS = 60_000;
const DEFAULT_OUTSIDE = { weekday: 'after-hours', weekend: 'weekend', holiday: 'holiday' } as const;
const DEFAULT_WEEKEND: NonNullable<RateCalendar['weekendDays']> = ['saturday', 'sunday'];

interface ClassInterval {
  readonly from: number;
  readonly to: number;
  readonly rateClass: RateClass;
}

/** A day of the calendar: its hours in moments (milliseconds since 1970), and the class of all that lies outside of them. */
interface ClassDay {
  readonly intervals: readonly ClassInterval[];
  readonly outside: RateClass;
}

/** The number of a day, counted from 1970-01-01, in a zone at a moment. */
export function dayNumberAt(zone: TimeZone, millis: number): number {
  return Math.floor((millis + offsetMillisAt(zone, millis)) / DAY_MILLIS);
}

/**
 * The moment of a wall-clock time (counted in milliseconds as if it were UTC) in a zone. A time that the clock skips is the moment of the
 * change; of one that comes twice `twice` says which: as the kernel's BusinessCalendar has it.
 */
export function momentOfWall(zone: TimeZone, wallMillis: number, twice: 'earlier' | 'later'): number {
  const before = offsetMillisAt(zone, wallMillis - DAY_MILLIS);
  const after = offsetMillisAt(zone, wallMillis + DAY_MILLIS);
  if (before === after) return wallMillis - before;
  const first = wallMillis - before;
  const second = wallMillis - after;
  const isFirst = offsetMillisAt(zone, first) === before;
  const isSecond = offsetMillisAt(zone, second) === after;
  if (isFirst && isSecond) return twice === 'earlier' ? first : second;
  if (isFirst) return first;
  return isSecond ? second : changeBetween(zone, second, first);
}

/** The first moment after `before`, up to `at`, that has the offset of `at`: there is one change between them. */
function changeBetween(zone: TimeZone, before: number, at: number): number {
  const offset = offsetMillisAt(zone, at);
  let low = before;
  let high = at;
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (offsetMillisAt(zone, middle) === offset) high = middle;
    else low = middle;
  }
  return high;
}

/** The first moment of a day in a zone. */
export function midnightOf(zone: TimeZone, dayNumber: number): number {
  return momentOfWall(zone, dayNumber * DAY_MILLIS, 'earlier');
}

/** The rate classes of one contract version's calendar in its zone. Each day is worked out once. */
export class RateClasses {
  private readonly days = new Map<number, ClassDay>();
  private readonly holidays: ReadonlySet<number>;
  private readonly outside: NonNullable<RateCalendar['outside']>;
  private readonly weekend: ReadonlySet<number>;
  private readonly weekly: readonly (readonly ClassHours[])[];

  constructor(
    calendar: RateCalendar,
    readonly zone: TimeZone,
  ) {
    this.holidays = new Set(calendar.holidays.map((holiday) => dayNumberOf(holiday.date)));
    this.outside = calendar.outside ?? DEFAULT_OUTSIDE;
    this.weekend = new Set((calendar.weekendDays ?? DEFAULT_WEEKEND).map((weekday) => WEEKDAYS.indexOf(weekday)));
    this.weekly = WEEKDAYS.map((weekday) => calendar.hours[weekday] ?? []);
  }

  /** The class of a moment. */
  at(millis: number): RateClass {
    const day = this.dayOf(dayNumberAt(this.zone, millis));
    for (const { from, to, rateClass } of day.intervals) if (millis >= from && millis < to) return rateClass;
    return day.outside;
  }

  /** The class of work of which only the day is known. */
  ofDate(date: LocalDate): RateClass {
    const day = dayNumberOf(date);
    if (this.holidays.has(day)) return this.outside.holiday;
    return this.weekend.has(weekdayOf(day)) ? this.outside.weekend : 'business';
  }

  /** The moments within a day, its beginning among them, from which on the class may be another. */
  edgesOf(dayNumber: number): readonly number[] {
    const { intervals } = this.dayOf(dayNumber);
    return [midnightOf(this.zone, dayNumber), ...intervals.flatMap(({ from, to }) => [from, to])];
  }

  private dayOf(dayNumber: number): ClassDay {
    let day = this.days.get(dayNumber);
    if (day === undefined) {
      day = this.work(dayNumber);
      this.days.set(dayNumber, day);
    }
    return day;
  }

  private work(dayNumber: number): ClassDay {
    if (this.holidays.has(dayNumber)) return { intervals: [], outside: this.outside.holiday };
    const weekday = weekdayOf(dayNumber);
    const intervals = (this.weekly[weekday] ?? [])
      .map(({ opens, closes, rateClass }) => ({
        from: this.momentOf(dayNumber, opens, 'earlier'),
        to: this.momentOf(dayNumber, closes, 'later'),
        rateClass: rateClass ?? 'business',
      }))
      .filter(({ from, to }) => from < to);
    return { intervals, outside: this.weekend.has(weekday) ? this.outside.weekend : this.outside.weekday };
  }

  private momentOf(dayNumber: number, clock: string, twice: 'earlier' | 'later'): number {
    const minutes = Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));
    invariant(Number.isInteger(minutes), `not a time of day: ${clock}`);
    // The end of a day is the beginning of the next: where midnight comes twice, the next day begins at the first.
    const isDaysEnd = minutes === 1_440;
    return momentOfWall(this.zone, dayNumber * DAY_MILLIS + minutes * MINUTE_MILLIS, isDaysEnd ? 'earlier' : twice);
  }
}

function dayNumberOf(date: LocalDate): number {
  return Math.floor(Date.parse(`${date}T00:00:00Z`) / DAY_MILLIS);
}

/** 1970-01-01 was a Thursday: number 3 from Monday. */
function weekdayOf(dayNumber: number): number {
  return (((dayNumber + 3) % 7) + 7) % 7;
}
