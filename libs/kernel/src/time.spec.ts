import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { InvariantViolation } from './refusal.js';
import * as time from './time.js';
import { offsetMillisAt } from './zone-offsets.js';

const {
  isInstant,
  isLocalDate,
  isMonth,
  isTimeZone,
  epochMillis,
  localDateIn,
  localTimeIn,
  monthOf,
  daysBetween,
  addDays,
  daysOf,
  monthNumber,
  monthsBetween,
  monthsLater,
} = time;

describe('instants', () => {
  it.each(['2026-03-31T23:30:00+11:00', '2026-03-31T23:30Z', '2024-02-29T00:00:00.123456789Z', '0000-01-01T00:00:00Z'])(
    '%s is one',
    (text) => expect(isInstant(text)).toBe(true),
  );
  it.each([
    '2026-03-31T23:30:00',
    '2026-03-31',
    'March 7',
    '2026-03-31 23:30:00Z',
    '2026-02-29T00:00:00Z',
    '2026-03-31T24:00:00Z',
    '2026-03-31T23:60:00Z',
    '2026-03-31T23:59:60Z',
    '2026-03-31T23:30:00+1100',
    '9999-12-31T23:59:59-01:00',
    '0000-01-01T00:00:00+01:00',
    '',
  ])('%s is none, and is refused wherever one is needed', (text) => {
    expect(isInstant(text)).toBe(false);
    expect(() => epochMillis(text)).toThrow(InvariantViolation);
    expect(() => localDateIn('UTC', text)).toThrow(InvariantViolation);
  });
  it('the same moment is the same number in every zone, to the millisecond', () => {
    const moment = Date.UTC(2026, 2, 31, 12, 30);
    expect(epochMillis('2026-03-31T23:30:00+11:00')).toBe(moment);
    expect(epochMillis('2026-03-31T12:30:00.000999Z')).toBe(moment);
  });
});

describe('days and months', () => {
  it('know the leap years', () => {
    expect(['2024-02-29', '2000-02-29', '0000-02-29', '2026-12-31'].every(isLocalDate)).toBe(true);
    expect(
      ['2025-02-29', '1900-02-29', '2026-04-31', '2026-00-01', '2026-13-01', '2026-01-00', '2026-1-1'].some(
        isLocalDate,
      ),
    ).toBe(false);
    expect(['2026-01', '2026-12'].every(isMonth)).toBe(true);
    expect(['2026-00', '2026-13', '2026-1', '2026-01-01'].some(isMonth)).toBe(false);
    expect(daysOf('2024-02')).toEqual({ first: '2024-02-01', last: '2024-02-29' });
    expect(daysOf('2100-02').last).toBe('2100-02-28');
    expect(daysOf('2026-12').last).toBe('2026-12-31');
    expect(monthOf('2026-03-31')).toBe('2026-03');
  });

  it('counts months over the ends of years', () => {
    expect(monthsLater('2026-11', 3)).toBe('2027-02');
    expect(monthsLater('2026-01', -1)).toBe('2025-12');
    expect(monthNumber('2027-02') - monthNumber('2026-11')).toBe(3);
    expect(monthsBetween('2026-11', '2027-01')).toEqual(['2026-11', '2026-12', '2027-01']);
    expect(monthsBetween('2026-11', '2026-10')).toEqual([]);
  });
  it('count and add', () => {
    expect(daysBetween('2024-02-28', '2024-03-01')).toBe(2);
    expect(daysBetween('2026-03-01', '2026-02-28')).toBe(-1);
    expect(addDays('2024-02-28', 1)).toBe('2024-02-29');
    expect(addDays('2026-01-01', -1)).toBe('2025-12-31');
    const days = fc.integer({ min: -700_000, max: 2_000_000 });
    fc.assert(
      fc.property(days, fc.integer({ min: -10_000, max: 10_000 }), (start, by) => {
        const date = addDays('1970-01-01', start);
        expect(isLocalDate(date)).toBe(true);
        expect(daysBetween(date, addDays(date, by))).toBe(by);
      }),
    );
  });
  it('throw on what is none, rather than passing NaN on', () => {
    expect(() => daysBetween('2026-02-29', '2026-03-01')).toThrow(InvariantViolation);
    expect(() => addDays('2026-3-1', 1)).toThrow(InvariantViolation);
    expect(() => addDays('2026-03-01', 0.5)).toThrow(InvariantViolation);
    expect(() => addDays('9999-12-31', 1)).toThrow(InvariantViolation);
    expect(() => addDays('0000-01-01', -1)).toThrow(InvariantViolation);
    expect(() => daysOf('2026-13')).toThrow(InvariantViolation);
  });
});

describe('zones', () => {
  it('are IANA names, not offsets', () => {
    expect(['Australia/Sydney', 'UTC', 'Europe/London', 'Etc/GMT+12'].every(isTimeZone)).toBe(true);
    expect(['Mars/Olympus', '+11:00', '', 'Sydney'].some(isTimeZone)).toBe(false);
    expect(() => localDateIn('Mars/Olympus', '2026-03-31T12:00:00Z')).toThrow(InvariantViolation);
    expect(() => localDateIn('Mars/Olympus', '2026-03-31T12:00:00Z')).toThrow(InvariantViolation);
  });

  it.each([
    ['Australia/Sydney', '2026-03-31T12:59:59Z', '2026-03-31'],
    ['Australia/Sydney', '2026-03-31T13:00:00Z', '2026-04-01'],
    // 5 April 2026: the clocks go back at 03:00, so its midnight is at +11 and the next one at +10.
    ['Australia/Sydney', '2026-04-04T13:00:00Z', '2026-04-05'],
    ['Australia/Sydney', '2026-04-05T13:59:59Z', '2026-04-05'],
    ['Australia/Sydney', '2026-04-05T14:00:00Z', '2026-04-06'],
    ['Europe/London', '2026-03-28T23:59:59Z', '2026-03-28'],
    ['Europe/London', '2026-03-29T23:00:00Z', '2026-03-30'],
    ['America/New_York', '2024-03-01T04:59:59Z', '2024-02-29'],
    ['Pacific/Kiritimati', '2026-03-31T10:00:00Z', '2026-04-01'],
    ['Pacific/Apia', '2011-12-30T09:59:59Z', '2011-12-29'],
    ['Pacific/Apia', '2011-12-30T10:00:00Z', '2011-12-31'],
    ['UTC', '2026-03-31T23:30:00-01:00', '2026-04-01'],
  ])('in %s, %s falls on %s', (zone, instant, date) => {
    expect(localDateIn(zone, instant)).toBe(date);
  });

  it('agree with the zone database at every moment, in whatever order they are asked', () => {
    const names = fc.constantFrom(
      'Australia/Sydney',
      'Europe/London',
      'Australia/Lord_Howe',
      'Africa/Casablanca',
      'Asia/Kathmandu',
      'UTC',
    );
    const moments = fc.integer({ min: Date.parse('1960-01-01T00:00:00Z'), max: Date.parse('2060-01-01T00:00:00Z') });
    fc.assert(
      fc.property(names, moments, (zone, millis) => {
        const exact = Temporal.Instant.fromEpochMilliseconds(millis).toZonedDateTimeISO(zone);
        expect(offsetMillisAt(zone, millis)).toBe(exact.offsetNanoseconds / 1_000_000);
        expect(localDateIn(zone, new Date(millis).toISOString())).toBe(exact.toPlainDate().toString());
      }),
      { numRuns: 500 },
    );
  });

  it('agree with it at the very millisecond of each clock change', () => {
    let change = Temporal.ZonedDateTime.from('2020-01-01T00:00[Australia/Sydney]').getTimeZoneTransition('next');
    for (let count = 0; count < 12 && change !== null; count += 1) {
      for (const millis of [change.epochMilliseconds, change.epochMilliseconds - 1, change.epochMilliseconds + 1]) {
        const exact = Temporal.Instant.fromEpochMilliseconds(millis).toZonedDateTimeISO('Australia/Sydney');
        expect(offsetMillisAt('Australia/Sydney', millis)).toBe(exact.offsetNanoseconds / 1_000_000);
      }
      change = change.getTimeZoneTransition('next');
    }
    expect(change?.year).toBe(2026);
  });
});

describe('the time of day where people are', () => {
  it.each([
    ['Australia/Sydney', '2026-03-02T03:05:59Z', '2026-03-02 14:05'],
    ['Australia/Sydney', '2026-04-04T16:30:00Z', '2026-04-05 02:30'],
    ['America/New_York', '2026-03-02T14:05:00+11:00', '2026-03-01 22:05'],
    ['Asia/Kathmandu', '2026-12-31T18:30:00.500Z', '2027-01-01 00:15'],
  ])('in %s, %s is %s', (zone, instant, local) => expect(localTimeIn(zone, instant)).toBe(local));
});
