import { Temporal } from 'temporal-polyfill';
import type { Minutes } from './minutes.js';
import { isWholeMinutes } from './minutes.js';
import { invariant } from './refusal.js';
import { type Instant, type LocalDate, type TimeZone, epochMillis, isLocalDate, isTimeZone } from './time.js';
import { offsetMillisAt } from './zone-offsets.js';

export const WEEKDAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;
export type Weekday = (typeof WEEKDAYS)[number];

/** Open from `opens` (part of it) to `closes` (not part of it): wall-clock times `09:00`, and `24:00` for the day's end. */
export interface OpeningHours {
  readonly opens: string;
  readonly closes: string;
}

/** A business calendar as configuration gives it. */
export interface BusinessCalendarFacts {
  readonly timeZone: TimeZone;
  /** Hours of each weekday, in order, not overlapping. A weekday that is absent or empty is closed. */
  readonly openingHours: Readonly<Partial<Record<Weekday, readonly OpeningHours[]>>>;
  /** Days on which it is closed whatever the weekday says. */
  readonly holidays: readonly LocalDate[];
}

interface Interval {
  readonly from: number;
  readonly to: number;
}

const DAY_MILLIS = 86_400_000;
const MINUTE_MILLIS = 60_000;
const CLOCK_TIME = /^(([01]\d|2[0-3]):[0-5]\d|24:00)$/;

/** Longest time that one question may span, in days: a hundred years. Beyond it a date is damaged, not late. */
export const MAX_CALENDAR_SPAN_DAYS = 36_525;

/**
 * Opening hours in a time zone, with holidays: what SLA clocks and rate classes count in (domain.md, SLA; rating.md R11).
 *
 * A business minute is a minute that passes while the calendar is open. On the days of a clock change the hours stay wall-clock
 * times and the minutes are those that really pass: open from 00:00 to 24:00, the day has 23 or 25 hours. An opening or closing
 * time that the change skips counts as the moment of the change; of a time that comes twice, opening takes the first and
 * closing the second.
 */
export class BusinessCalendar {
  readonly timeZone: TimeZone;
  private readonly weeklyHours: readonly (readonly OpeningHours[])[];
  private readonly holidays: ReadonlySet<number>;
  /** Opening intervals by day (days since 1970-01-01), worked out once each. */
  private readonly days = new Map<number, readonly Interval[]>();

  /** Throws InvariantViolation on an unknown zone, a malformed or overlapping interval, a day that does not exist, or no opening hours at all. */
  constructor(facts: BusinessCalendarFacts) {
    invariant(isTimeZone(facts.timeZone), `unknown time zone: ${facts.timeZone}`);
    this.timeZone = facts.timeZone;
    this.weeklyHours = WEEKDAYS.map((weekday) => validHours(weekday, facts.openingHours[weekday] ?? []));
    invariant(
      this.weeklyHours.some((hours) => hours.length > 0),
      'a business calendar needs opening hours on at least one weekday',
    );
    this.holidays = new Set(facts.holidays.map(epochDayOf));
  }

  /** True while open: from the opening minute on, until just before the closing one. */
  isOpenAt(instant: Instant): boolean {
    const millis = epochMillis(instant);
    return this.intervalsOf(this.dayOf(millis)).some(({ from, to }) => millis >= from && millis < to);
  }

  /** True for a day with opening hours that is no holiday. */
  isBusinessDay(date: LocalDate): boolean {
    return this.hoursOn(epochDayOf(date)).length > 0;
  }

  /** Whole business minutes that pass from `from` to `to`; negative when `to` is earlier. A part of a minute does not count. */
  businessMinutesBetween(from: Instant, to: Instant): Minutes {
    const start = epochMillis(from);
    const end = epochMillis(to);
    const sign = end < start ? -1 : 1;
    const open = this.businessMillisBetween(Math.min(start, end), Math.max(start, end));
    return sign * Math.floor(open / MINUTE_MILLIS) || 0;
  }

  /**
   * Milliseconds that pass while it is open, between two moments in milliseconds since 1970, the later second: for clocks that stand and go on, where
   * each stretch rounded by itself would lose time. Throws InvariantViolation beyond {@link MAX_CALENDAR_SPAN_DAYS}.
   */
  businessMillisBetween(start: number, end: number): number {
    const firstDay = this.dayOf(start);
    const lastDay = this.dayOf(end);
    invariant(lastDay - firstDay <= MAX_CALENDAR_SPAN_DAYS, `a span of more than ${MAX_CALENDAR_SPAN_DAYS} days`);
    let open = 0;
    for (let day = firstDay; day <= lastDay; day += 1) {
      for (const { from, to } of this.intervalsOf(day)) {
        open += Math.max(0, Math.min(to, end) - Math.max(from, start));
      }
    }
    return open;
  }

  /**
   * The moment at which `minutes` business minutes have passed since `from`, in UTC: inside opening hours, or at a closing time.
   * No minutes: `from` itself. Throws InvariantViolation on minutes that are not whole or below zero, and when the
   * calendar stays closed for {@link MAX_CALENDAR_SPAN_DAYS}.
   */
  addBusinessMinutes(from: Instant, minutes: Minutes): Instant {
    invariant(isWholeMinutes(minutes), `business minutes must be whole and not negative, got ${minutes}`);
    const end = this.addBusinessMillis(epochMillis(from), minutes * MINUTE_MILLIS);
    invariant(
      end !== null,
      `${minutes} business minutes from ${from} pass the limit of ${MAX_CALENDAR_SPAN_DAYS} days`,
    );
    return new Date(end).toISOString();
  }

  /** The same in milliseconds, from a moment in milliseconds since 1970; null past the limit. */
  addBusinessMillis(start: number, millis: number): number | null {
    let left = millis;
    if (left === 0) return start;
    const firstDay = this.dayOf(start);
    for (let day = firstDay; day <= firstDay + MAX_CALENDAR_SPAN_DAYS; day += 1) {
      for (const interval of this.intervalsOf(day)) {
        const opens = Math.max(interval.from, start);
        if (opens >= interval.to) continue;
        if (left <= interval.to - opens) return opens + left;
        left -= interval.to - opens;
      }
    }
    return null;
  }

  private dayOf(millis: number): number {
    return Math.floor((millis + offsetMillisAt(this.timeZone, millis)) / DAY_MILLIS);
  }

  private hoursOn(day: number): readonly OpeningHours[] {
    // 1970-01-01 was a Thursday: the fourth weekday, number 3 from Monday.
    return this.holidays.has(day) ? [] : (this.weeklyHours[(((day + 3) % 7) + 7) % 7] ?? []);
  }

  private intervalsOf(day: number): readonly Interval[] {
    let intervals = this.days.get(day);
    if (intervals === undefined) {
      intervals = this.hoursOn(day)
        .map(({ opens, closes }) => ({
          from: this.momentOf(day, opens, 'earlier'),
          to: this.momentOf(day, closes, 'later'),
        }))
        .filter(({ from, to }) => from < to);
      this.days.set(day, intervals);
    }
    return intervals;
  }

  /** The moment of a wall-clock time on a day; a time that the clock skips becomes the moment of the change. */
  private momentOf(day: number, clock: string, twice: 'earlier' | 'later'): number {
    const hour = Number(clock.slice(0, 2));
    const minute = Number(clock.slice(3));
    const wall = Temporal.PlainDate.from('1970-01-01')
      .add({ days: hour === 24 ? day + 1 : day })
      .toPlainDateTime({ hour: hour % 24, minute });
    const moment = wall.toZonedDateTime(this.timeZone, { disambiguation: twice });
    if (moment.toPlainDateTime().equals(wall)) return moment.epochMilliseconds;
    const beforeChange = wall.toZonedDateTime(this.timeZone, { disambiguation: 'earlier' });
    const change = beforeChange.getTimeZoneTransition('next');
    invariant(change !== null, `no clock change after ${beforeChange.toString()}`);
    return change.epochMilliseconds;
  }
}

function epochDayOf(date: LocalDate): number {
  invariant(isLocalDate(date), `not a day: ${date}`);
  return Date.parse(`${date}T00:00:00Z`) / DAY_MILLIS;
}

function validHours(weekday: Weekday, hours: readonly OpeningHours[]): readonly OpeningHours[] {
  let closed = '00:00';
  for (const { opens, closes } of hours) {
    invariant(
      CLOCK_TIME.test(opens) && CLOCK_TIME.test(closes),
      `${weekday}: not a time of day: ${opens} to ${closes}`,
    );
    invariant(opens < closes, `${weekday}: opens at ${opens} but closes at ${closes}`);
    invariant(opens >= closed, `${weekday}: hours from ${opens} overlap those until ${closed}`);
    closed = closes;
  }
  return hours;
}
