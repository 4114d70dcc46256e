import { Temporal } from 'temporal-polyfill';
import { InvariantViolation } from './refusal.js';

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
const MONTH = /^\d{4}-(0[1-9]|1[0-2])$/;

export function isInstant(value: string): boolean {
  return INSTANT.test(value) && !Number.isNaN(Date.parse(value)) && isLocalDate(value.slice(0, 10));
}

/** True for a day that exists: `2025-02-29` does not. */
export function isLocalDate(value: string): boolean {
  if (!LOCAL_DATE.test(value)) return false;
  const [year, month, day] = value.split('-').map(Number) as [number, number, number];
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
      new Intl.DateTimeFormat('en', { timeZone: value });
      known = /^[A-Za-z]/.test(value);
    } catch {
      known = false;
    }
    zones.set(value, known);
  }
  return known;
}

function daysInMonth(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

/** Milliseconds since 1970 of an instant. Throws on anything that is not one. */
export function epochMillis(instant: Instant): number {
  const millis = Date.parse(instant);
  if (Number.isNaN(millis)) throw new InvariantViolation(`not an instant: ${instant}`);
  return millis;
}

/** The same moment written in UTC, to the millisecond: equal moments become equal strings that sort by time. */
export function utc(instant: Instant): Instant {
  return new Date(epochMillis(instant)).toISOString();
}

/** The day on which an instant falls in a zone. Days are days in the zone of the contract or client, never UTC. */
export function localDateIn(zone: TimeZone, instant: Instant): LocalDate {
  return Temporal.Instant.from(instant).toZonedDateTimeISO(zone).toPlainDate().toString();
}

export function monthOf(date: LocalDate): Month {
  return date.slice(0, 7);
}

/** Whole days from `from` to `to`; negative when `to` is earlier. */
export function daysBetween(from: LocalDate, to: LocalDate): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000);
}

export function addDays(date: LocalDate, days: number): LocalDate {
  return new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** First and last day of a month. */
export function daysOf(month: Month): { readonly first: LocalDate; readonly last: LocalDate } {
  const [year, number] = month.split('-').map(Number) as [number, number];
  return { first: `${month}-01`, last: `${month}-${String(daysInMonth(year, number)).padStart(2, '0')}` };
}
