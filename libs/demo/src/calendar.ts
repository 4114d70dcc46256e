import { type Instant, type LocalDate, type Month, type TimeZone, daysOf, offsetMillisAt } from '@billtrail/kernel';

/**
 * A wall-clock time of the organisation, in minutes since 1970-01-01 00:00 on that clock. The plan of a month is made in these, because
 * people keep office hours by the clock on the wall; {@link DemoCalendar.instantOf} turns them into moments.
 */
export type WallMinutes = number;

export const MINUTES_PER_DAY = 1_440;
const MINUTE_MILLIS = 60_000;
const DAY_MILLIS = 86_400_000;

/** The second half of an instant for each minute of a UTC day: a month is told in some twenty thousand of them. */
const UTC_TIMES: readonly string[] = Array.from({ length: MINUTES_PER_DAY }, (_, minute) =>
  new Date(minute * MINUTE_MILLIS).toISOString().slice(10),
);

/** The days of one month in the organisation's zone, and the business days around it. Days are counted since 1970-01-01. */
export class DemoCalendar {
  readonly firstDay: number;
  readonly lastDay: number;
  /** Monday to Friday; public holidays are worked like other days, for the sample needs none. */
  readonly businessDays: readonly number[];
  readonly weekendDays: readonly number[];
  /** Of the zone from UTC, in minutes, by day. */
  private readonly offsets = new Map<number, number>();
  private readonly dates = new Map<number, LocalDate>();

  constructor(
    readonly month: Month,
    readonly zone: TimeZone,
  ) {
    const { first, last } = daysOf(month);
    this.firstDay = dayNumberOf(first);
    this.lastDay = dayNumberOf(last);
    const days = Array.from({ length: this.lastDay - this.firstDay + 1 }, (_, index) => this.firstDay + index);
    this.businessDays = days.filter(isBusinessDay);
    this.weekendDays = days.filter((day) => !isBusinessDay(day));
  }

  /** The `count`-th business day after a day. */
  businessDayAfter(day: number, count = 1): number {
    let after = day;
    for (let left = count; left > 0;) {
      after += 1;
      if (isBusinessDay(after)) left -= 1;
    }
    return after;
  }

  /** The moment at which the organisation's clock shows that time, by the offset of the day's noon: the sample keeps off the night. */
  instantOf(wall: WallMinutes): Instant {
    const day = dayOf(wall);
    let offset = this.offsets.get(day);
    if (offset === undefined) {
      const noon = wallAt(day, 12 * 60) * MINUTE_MILLIS;
      offset = offsetMillisAt(this.zone, noon - offsetMillisAt(this.zone, noon)) / MINUTE_MILLIS;
      this.offsets.set(day, offset);
    }
    const utcMinutes = wall - offset;
    const utcDay = dayOf(utcMinutes);
    return this.dateText(utcDay) + (UTC_TIMES[utcMinutes - utcDay * MINUTES_PER_DAY] as string);
  }

  private dateText(day: number): LocalDate {
    let date = this.dates.get(day);
    if (date === undefined) this.dates.set(day, (date = dateOf(day)));
    return date;
  }

  /** Minutes by which the clocks of another zone are behind the organisation's. */
  minutesBehind(zone: TimeZone, wall: WallMinutes): number {
    const asUtc = wall * MINUTE_MILLIS;
    return (offsetMillisAt(this.zone, asUtc) - offsetMillisAt(zone, asUtc)) / MINUTE_MILLIS;
  }
}

export function dayOf(wall: WallMinutes): number {
  return Math.floor(wall / MINUTES_PER_DAY);
}

export function wallAt(day: number, minuteOfDay: number): WallMinutes {
  return day * MINUTES_PER_DAY + minuteOfDay;
}

export function dateOf(day: number): LocalDate {
  return new Date(day * DAY_MILLIS).toISOString().slice(0, 10);
}

export function isBusinessDay(day: number): boolean {
  // 1970-01-01 was a Thursday.
  const weekday = (((day + 4) % 7) + 7) % 7;
  return weekday !== 0 && weekday !== 6;
}

function dayNumberOf(date: LocalDate): number {
  return Date.parse(`${date}T00:00:00Z`) / DAY_MILLIS;
}
