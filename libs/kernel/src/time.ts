import { InvariantViolation, invariant } from './refusal.js';
import { offsetMillisAt } from './zone-offsets.js';

/** A moment: RFC 3339 with an offset (`2026-03-31T23:30:00+11:00` or `...Z`). */
export type Instant = string;
/** A calendar day without a zone: `2026-03-31`. Whose day it is, is told beside it. */
export type LocalDate = string;
/** A calendar month: `2026-03`. */
export type Month = string;
/** An IANA time zone: `Australia/Sydney`. */
export type TimeZone = string;

const INSTANT = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:\d{2})$/;
const LOCAL_DATE = /^\d{4}-\d{2}-\d{2}$/;
const DAY_MILLIS = 86_400_000;
const MONTH = /^\d{4}-(0[1-9]|1[0-2])$/;

/** Whole years 0000 to 9999, in UTC too: outside of them the ISO text changes its shape and no longer sorts by time. */
const FIRST_MILLIS = Date.parse('0000-01-01T00:00:00Z');
const LAST_MILLIS = Date.parse('9999-12-31T23:59:59.999Z');

/** True for a moment with an offset, on a day that exists: `2026-03-31T23:30+11:00`. Without an offset it is none. */
export function isInstant(value: string): boolean {
  return !Number.isNaN(millisOf(value));
}

/** NaN for all that is not an instant. `Date.parse` alone would take `March 7` and read a missing offset as this machine's. */
function millisOf(value: string): number {
  if (!INSTANT.test(value) || value.startsWith('24', 11)) return NaN;
  // `Date.parse` refuses a day 32 and a month 13, and takes 30 February for 2 March.
  if (value.slice(8, 10) > '28' && !isLocalDate(value.slice(0, 10))) return NaN;
  const millis = Date.parse(value);
  return millis >= FIRST_MILLIS && millis <= LAST_MILLIS ? millis : NaN;
}

/** True for a day that exists: `2025-02-29` does not. */
export function isLocalDate(value: string): boolean {
  if (!LOCAL_DATE.test(value)) return false;
  const year = Number(value.slice(0, 4));
  const month = Number(value.slice(5, 7));
  const day = Number(value.slice(8));
  return month >= 1 && month <= 12 && day >= 1 && day <= daysInMonth(year, month);
}

export function isMonth(value: string): boolean {
  return MONTH.test(value);
}

const zones = new Map<string, boolean>();
/** True for an IANA zone that this machine knows. */
export function isTimeZone(value: string): boolean {
  let known = zones.get(value);
  if (known === undefined) {
    try {
      const { timeZone } = new Intl.DateTimeFormat('en', { timeZone: value }).resolvedOptions();
      known = /^[A-Za-z]/.test(value) && timeZone !== '';
    } catch {
      known = false;
    }
    zones.set(value, known);
  }
  return known;
}

function daysInMonth(year: number, month: number): number {
  if (month !== 2) return month === 4 || month === 6 || month === 9 || month === 11 ? 30 : 31;
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0) ? 29 : 28;
}

/** Milliseconds since 1970 of an instant; finer digits are dropped. Throws {@link InvariantViolation} on anything that is not one. */
export function epochMillis(instant: Instant): number {
  const millis = millisOf(instant);
  if (Number.isNaN(millis)) throw new InvariantViolation(`not an instant: ${instant}`);
  return millis;
}

/** The day on which an instant falls in a zone. Days are days in the zone of the contract or client, never UTC. */
export function localDateIn(zone: TimeZone, instant: Instant): LocalDate {
  const millis = epochMillis(instant);
  return dateText(millis + offsetMillisAt(zone, millis));
}

/** Day and time of day at which an instant falls in a zone, to the minute: `2026-03-02 14:05`. */
export function localTimeIn(zone: TimeZone, instant: Instant): string {
  const millis = epochMillis(instant);
  const local = new Date(millis + offsetMillisAt(zone, millis)).toISOString();
  return local.replace('T', ' ').replace(/:\d\d\.\d+Z$/, '');
}

export function monthOf(date: LocalDate): Month {
  return date.slice(0, 7);
}

/** Whole days from `from` to `to`; negative when `to` is earlier. */
export function daysBetween(from: LocalDate, to: LocalDate): number {
  return (midnightMillis(to) - midnightMillis(from)) / DAY_MILLIS;
}

/** The day `days` later (earlier when negative). Throws {@link InvariantViolation} when that leaves the years 0000 to 9999. */
export function addDays(date: LocalDate, days: number): LocalDate {
  invariant(Number.isSafeInteger(days), `days must be whole, got ${days}`);
  return dateText(midnightMillis(date) + days * DAY_MILLIS);
}

/** Days that were reckoned with, both ways: work is dated again and again within the same few years. */
const midnights = new Map<LocalDate, number>();
const dateTexts = new Map<number, LocalDate>();
const MAX_REMEMBERED_DAYS = 40_000;

function midnightMillis(date: LocalDate): number {
  const known = midnights.get(date);
  if (known !== undefined) return known;
  invariant(isLocalDate(date), `not a day: ${date}`);
  const millis = Date.parse(`${date}T00:00:00Z`);
  if (midnights.size >= MAX_REMEMBERED_DAYS) midnights.clear();
  midnights.set(date, millis);
  return millis;
}

/** The day of a wall-clock time counted in milliseconds as if it were UTC. */
function dateText(wallMillis: number): LocalDate {
  const day = Math.floor(wallMillis / DAY_MILLIS);
  const known = dateTexts.get(day);
  if (known !== undefined) return known;
  invariant(wallMillis >= FIRST_MILLIS && wallMillis <= LAST_MILLIS, 'a day outside the years 0000 to 9999');
  const text = new Date(wallMillis).toISOString().slice(0, 10);
  if (dateTexts.size >= MAX_REMEMBERED_DAYS) dateTexts.clear();
  dateTexts.set(day, text);
  return text;
}

/** First and last day of a month. */
export function daysOf(month: Month): { readonly first: LocalDate; readonly last: LocalDate } {
  invariant(isMonth(month), `not a month: ${month}`);
  const lastDay = daysInMonth(Number(month.slice(0, 4)), Number(month.slice(5)));
  return { first: `${month}-01`, last: `${month}-${lastDay}` };
}

/** Months since year 0: consecutive months are consecutive numbers. */
export function monthNumber(month: Month): number {
  invariant(isMonth(month), `not a month: ${month}`);
  return Number(month.slice(0, 4)) * 12 + Number(month.slice(5)) - 1;
}

function monthAt(number: number): Month {
  return `${String(Math.floor(number / 12)).padStart(4, '0')}-${String((number % 12) + 1).padStart(2, '0')}`;
}

/** The month `months` later (earlier when negative). */
export function monthsLater(month: Month, months: number): Month {
  return monthAt(monthNumber(month) + months);
}

/** All months from `first` to `last`, both included; none where `last` is before `first`. */
export function monthsBetween(first: Month, last: Month): readonly Month[] {
  const from = monthNumber(first);
  return Array.from({ length: Math.max(0, monthNumber(last) - from + 1) }, (_, index) => monthAt(from + index));
}

/** The same day of the month so many months later (or earlier); in a month without it, its last. */
export function dayMonthsLater(date: LocalDate, months: number): LocalDate {
  const { first, last } = daysOf(monthsLater(monthOf(date), months));
  const day = `${monthOf(first)}${date.slice(monthOf(date).length)}`;
  return day > last ? last : day;
}
