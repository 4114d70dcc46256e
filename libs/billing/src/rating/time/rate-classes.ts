import { type LocalDate, type TimeZone, WEEKDAYS, invariant, offsetMillisAt } from '@billtrail/kernel';
import type { ClassCalendar, ClassHours, Holiday, RateCalendar, RateClass } from '@billtrail/contracts';

const DAY_MILLIS = 86_400_000;
const MINUTE_MILLIS = 60_000;
const DAY_BEGINS = '00:00';
const DAY_ENDS = '24:00';
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
  /** null: there are no class hours, only holidays. */
  readonly outside: RateClass | null;
}

/** The class hours and the holidays that hold together. Without `hours` no other time than holidays has a class. */
type Classes = Partial<ClassCalendar> & Pick<RateCalendar, 'holidays'>;

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

/** The rate classes of one calendar in its zone, with its holidays. Each day is worked out once. */
export class RateClasses {
  private readonly days = new Map<number, ClassDay>();
  private readonly holidays: ReadonlyMap<number, Holiday>;
  private readonly hasHours: boolean;
  private readonly outside: NonNullable<RateCalendar['outside']>;
  private readonly weekend: ReadonlySet<number>;
  private readonly weekly: readonly (readonly ClassHours[])[];

  constructor(
    calendar: Classes,
    readonly zone: TimeZone,
  ) {
    this.holidays = new Map(calendar.holidays.map((holiday) => [dayNumberOf(holiday.date), holiday]));
    this.hasHours = calendar.hours !== undefined;
    this.outside = calendar.outside ?? DEFAULT_OUTSIDE;
    this.weekend = new Set((calendar.weekendDays ?? DEFAULT_WEEKEND).map((weekday) => WEEKDAYS.indexOf(weekday)));
    this.weekly = WEEKDAYS.map((weekday) => calendar.hours?.[weekday] ?? []);
  }

  /** The class of a moment. */
  at(millis: number): RateClass | null {
    const day = this.dayOf(dayNumberAt(this.zone, millis));
    for (const { from, to, rateClass } of day.intervals) if (millis >= from && millis < to) return rateClass;
    return day.outside;
  }

  /** The class of work of which only the day is known. */
  ofDate(date: LocalDate): RateClass | null {
    const day = dayNumberOf(date);
    if (this.holidayOf(date) !== null) return this.outside.holiday;
    if (!this.hasHours) return null;
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

  /** The holiday in which a moment lies. */
  holidayAt(millis: number): Holiday | null {
    const dayNumber = dayNumberAt(this.zone, millis);
    const holiday = this.holidays.get(dayNumber);
    if (holiday === undefined) return null;
    const part = this.partOf(dayNumber, holiday);
    return part === null || (millis >= part.from && millis < part.to) ? holiday : null;
  }

  /** The holiday that takes a whole day. */
  holidayOf(date: LocalDate): Holiday | null {
    const holiday = this.holidays.get(dayNumberOf(date));
    return holiday !== undefined && isWholeDay(holiday) ? holiday : null;
  }

  /** The part of a day that a holiday takes; null: all of it. */
  private partOf(dayNumber: number, holiday: Holiday): ClassInterval | null {
    if (isWholeDay(holiday)) return null;
    return {
      from: this.momentOf(dayNumber, holiday.from ?? DAY_BEGINS, 'earlier'),
      to: this.momentOf(dayNumber, holiday.to ?? DAY_ENDS, 'later'),
      rateClass: this.outside.holiday,
    };
  }

  private work(dayNumber: number): ClassDay {
    const holiday = this.holidays.get(dayNumber);
    const part = holiday === undefined ? null : this.partOf(dayNumber, holiday);
    if (holiday !== undefined && part === null) return { intervals: [], outside: this.outside.holiday };
    // The first interval that holds a moment wins.
    const holidays = part === null || part.from >= part.to ? [] : [part];
    if (!this.hasHours) return { intervals: holidays, outside: null };
    const weekday = weekdayOf(dayNumber);
    const intervals = (this.weekly[weekday] ?? [])
      .map(({ opens, closes, rateClass }) => ({
        from: this.momentOf(dayNumber, opens, 'earlier'),
        to: this.momentOf(dayNumber, closes, 'later'),
        rateClass: rateClass ?? 'business',
      }))
      .filter(({ from, to }) => from < to);
    return {
      intervals: [...holidays, ...intervals],
      outside: this.weekend.has(weekday) ? this.outside.weekend : this.outside.weekday,
    };
  }

  private momentOf(dayNumber: number, clock: string, twice: 'earlier' | 'later'): number {
    const minutes = Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));
    invariant(Number.isInteger(minutes), `not a time of day: ${clock}`);
    // The end of a day is the beginning of the next: where midnight comes twice, the next day begins at the first.
    const isDaysEnd = minutes === 1_440;
    return momentOfWall(this.zone, dayNumber * DAY_MILLIS + minutes * MINUTE_MILLIS, isDaysEnd ? 'earlier' : twice);
  }
}

function isWholeDay({ from, to }: Holiday): boolean {
  return (from ?? DAY_BEGINS) === DAY_BEGINS && (to ?? DAY_ENDS) === DAY_ENDS;
}

function dayNumberOf(date: LocalDate): number {
  return Math.floor(Date.parse(`${date}T00:00:00Z`) / DAY_MILLIS);
}

/** 1970-01-01 was a Thursday: number 3 from Monday. */
function weekdayOf(dayNumber: number): number {
  return (((dayNumber + 3) % 7) + 7) % 7;
}
