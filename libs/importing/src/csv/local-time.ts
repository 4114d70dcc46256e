import { detached } from './csv-text.js';
import { BUSINESS_DATES, type Instant, isBusinessDate, offsetMillisAt, type TimeZone } from '@billtrail/kernel';

/** What to do with a local time that a clock change makes happen twice, or never. */
export const CLOCK_CHANGE_CHOICES = ['earlier', 'later', 'reject'] as const;
export type ClockChangeChoice = (typeof CLOCK_CHANGE_CHOICES)[number];

export interface TimeReading {
  /** A pattern ({@link compileTimeFormat}) or `iso`. */
  readonly format: string;
  readonly zone: TimeZone;
  /** For a time that happens twice (clocks go back). */
  readonly ambiguous: ClockChangeChoice;
  /** For a time that never happens (clocks go forward): before the jump by the new offset (`earlier`), or after it by the old one (`later`). */
  readonly nonexistent: ClockChangeChoice;
}

export type ReadTime =
  | { readonly ok: true; readonly millis: number; readonly clockChange: 'ambiguous' | 'nonexistent' | null }
  | { readonly ok: false; readonly reason: string };

interface TimeParts {
  /** The wall clock as if it were UTC, in milliseconds. */
  readonly localMillis: number;
  /** An offset written in the text, in milliseconds; null: the wall clock of the zone. */
  readonly offsetMillis: number | null;
}

export type TimeFormat = (text: string) => TimeParts | null;

const TOKENS: Readonly<Record<string, { readonly pattern: string; readonly part: string }>> = {
  yyyy: { pattern: '(\\d{4})', part: 'year' },
  MMM: { pattern: '([A-Za-z]{3})', part: 'monthName' },
  MM: { pattern: '(\\d{2})', part: 'month' },
  M: { pattern: '(\\d{1,2})', part: 'month' },
  dd: { pattern: '(\\d{2})', part: 'day' },
  d: { pattern: '(\\d{1,2})', part: 'day' },
  HH: { pattern: '(\\d{2})', part: 'hour' },
  H: { pattern: '(\\d{1,2})', part: 'hour' },
  hh: { pattern: '(\\d{2})', part: 'hour12' },
  h: { pattern: '(\\d{1,2})', part: 'hour12' },
  mm: { pattern: '(\\d{2})', part: 'minute' },
  ss: { pattern: '(\\d{2})', part: 'second' },
  SSS: { pattern: '(\\d{3})', part: 'milli' },
  a: { pattern: '([AaPp][Mm])', part: 'halfDay' },
  XXX: { pattern: '(Z|[+-]\\d{2}:?\\d{2})', part: 'offset' },
};
const MONTH_NAMES = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const ISO = /^(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,](\d{1,9}))?)?(Z|[+-]\d{2}:?\d{2})?)?$/;

/**
 * Compiles a pattern of `yyyy MM M MMM dd d HH H hh h mm ss SSS a XXX`, anything else standing for itself: `d/M/yyyy HH:mm`.
 * `iso` reads ISO 8601, with or without an offset. null: the pattern has no year, month or day, or a letter that means nothing.
 */
export function compileTimeFormat(pattern: string): TimeFormat | null {
  if (pattern === 'iso') return (text) => partsOfIso(text);
  const parts: string[] = [];
  let source = '';
  for (const [piece] of pattern.matchAll(/([A-Za-z])\1*|[^A-Za-z]+/g)) {
    const token = TOKENS[piece];
    if (token) {
      parts.push(token.part);
      source += token.pattern;
    } else if (/^[A-Za-z]/.test(piece) && piece !== 'T') return null;
    else source += piece.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
  }
  const has = (...names: string[]): boolean => names.some((name) => parts.includes(name));
  if (!has('year') || !has('month', 'monthName') || !has('day')) return null;
  if (has('hour12') !== has('halfDay') || new Set(parts).size !== parts.length) return null;
  const expression = new RegExp(`^${source}$`);
  return (text) => {
    const match = expression.exec(text);
    if (!match) return null;
    const values: Record<string, string> = {};
    for (let index = 0; index < parts.length; index++) values[parts[index] as string] = match[index + 1] ?? '';
    return partsOfValues(values);
  };
}

function partsOfIso(text: string): TimeParts | null {
  const match = ISO.exec(text);
  if (!match) return null;
  const [, year, month, day, hour = '0', minute = '0', second = '0', fraction = '0', offset] = match;
  const milli = fraction.padEnd(3, '0').slice(0, 3);
  return assemble(
    Number(year),
    Number(month),
    Number(day),
    Number(hour),
    Number(minute),
    Number(second),
    Number(milli),
    offset,
  );
}

function partsOfValues(values: Readonly<Record<string, string>>): TimeParts | null {
  const month = values['monthName']
    ? MONTH_NAMES.indexOf(values['monthName'].toLowerCase()) + 1
    : Number(values['month']);
  let hour = Number(values['hour'] ?? 0);
  if (values['hour12'] !== undefined) {
    const twelve = Number(values['hour12']);
    if (twelve < 1 || twelve > 12) return null;
    hour = (twelve % 12) + (values['halfDay']?.toLowerCase() === 'pm' ? 12 : 0);
  }
  const [minute, second, milli] = [
    Number(values['minute'] ?? 0),
    Number(values['second'] ?? 0),
    Number(values['milli'] ?? 0),
  ];
  return assemble(Number(values['year']), month, Number(values['day']), hour, minute, second, milli, values['offset']);
}

function assemble(
  year: number,
  month: number,
  day: number,
  hour: number,
  minute: number,
  second: number,
  milli: number,
  offset: string | undefined,
): TimeParts | null {
  // `Date.UTC` takes a year below 100 for one of the last century.
  if (year < 100 || hour > 23 || minute > 59 || second > 59) return null;
  const localMillis = Date.UTC(year, month - 1, day, hour, minute, second, milli);
  // Date.UTC carries 31 February over into March: such a day does not exist.
  const back = new Date(localMillis);
  if (back.getUTCMonth() !== month - 1 || back.getUTCDate() !== day) return null;
  return { localMillis, offsetMillis: offset === undefined ? null : offsetOf(offset) };
}

function offsetOf(text: string): number {
  if (text === 'Z') return 0;
  const digits = text.replace(/[^\d]/g, '');
  const minutes = Number(digits.slice(0, 2)) * 60 + Number(digits.slice(2));
  return (text.startsWith('-') ? -1 : 1) * minutes * 60_000;
}

const DAY_MILLIS = 86_400_000;

/** Reads times of a file: the same text is computed once while it is remembered (a log repeats its minutes). */
export class TimeReader {
  private readonly format: TimeFormat;
  private remembered = new Map<string, ReadTime>();

  /** Throws a RangeError on a format that does not compile: a mapping is validated before. */
  constructor(private readonly reading: TimeReading) {
    const format = compileTimeFormat(reading.format);
    if (!format) throw new RangeError(`not a time format: ${reading.format}`);
    this.format = format;
  }

  read(text: string): ReadTime {
    const known = this.remembered.get(text);
    if (known) return known;
    if (this.remembered.size >= 100_000) this.remembered.clear();
    const read = this.compute(text);
    this.remembered.set(detached(text), read);
    return read;
  }

  private compute(text: string): ReadTime {
    const parts = this.format(text);
    if (!parts) return { ok: false, reason: `"${text.slice(0, 40)}" is not a time of the form ${this.reading.format}` };
    if (!isBusinessDate(instantOf(parts.localMillis).slice(0, 10)))
      return { ok: false, reason: `"${text.slice(0, 40)}" is not on a day ${BUSINESS_DATES}` };
    if (parts.offsetMillis !== null)
      return { ok: true, millis: parts.localMillis - parts.offsetMillis, clockChange: null };
    return this.inZone(text, parts.localMillis);
  }

  private inZone(text: string, localMillis: number): ReadTime {
    const { zone } = this.reading;
    const before = offsetMillisAt(zone, localMillis - DAY_MILLIS);
    const after = offsetMillisAt(zone, localMillis + DAY_MILLIS);
    const early = localMillis - Math.max(before, after);
    const late = localMillis - Math.min(before, after);
    const earlyHolds = offsetMillisAt(zone, early) === localMillis - early;
    const lateHolds = offsetMillisAt(zone, late) === localMillis - late;
    if (early === late || earlyHolds !== lateHolds)
      return { ok: true, millis: earlyHolds ? early : late, clockChange: null };
    const clockChange = earlyHolds ? 'ambiguous' : 'nonexistent';
    const choice = this.reading[clockChange];
    if (choice === 'reject') {
      const what = earlyHolds ? 'happens twice' : 'does not exist';
      return { ok: false, reason: `"${text}" ${what} in ${zone}: the clocks change there` };
    }
    return { ok: true, millis: choice === 'earlier' ? early : late, clockChange };
  }
}

/** Milliseconds since 1970 as an instant in UTC, the way events carry it. */
export function instantOf(millis: number): Instant {
  return new Date(millis).toISOString();
}
