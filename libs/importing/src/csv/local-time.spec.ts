import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Temporal } from 'temporal-polyfill';
import { compileTimeFormat, instantOf, TimeReader, type TimeReading } from './local-time.js';

const sydney: TimeReading = {
  format: 'd/M/yyyy HH:mm',
  zone: 'Australia/Sydney',
  ambiguous: 'earlier',
  nonexistent: 'later',
};

function read(text: string, reading: Partial<TimeReading> = {}): string {
  const time = new TimeReader({ ...sydney, ...reading }).read(text);
  return time.ok ? `${instantOf(time.millis)} ${time.clockChange ?? '-'}` : time.reason;
}

describe('times of a file', () => {
  it('are local to the stated zone, in summer and in winter', () => {
    expect(read('1/1/2016 09:30')).toBe('2015-12-31T22:30:00.000Z -');
    expect(read('29/2/2016 01:16', { zone: 'UTC' })).toBe('2016-02-29T01:16:00.000Z -');
    expect(read('01/07/2016 09:30')).toBe('2016-06-30T23:30:00.000Z -');
  });

  it('are on days of business', () => {
    expect(read('31/12/1989 23:59')).toBe('"31/12/1989 23:59" is not on a day from 1990-01-01 to 2100-12-31');
    expect(read('1/1/0001 00:00')).toMatch('not a time of the form');
    expect(read('1/1/1990 00:00')).toBe('1989-12-31T13:00:00.000Z -');
  });

  it('follow the choice where the clocks go back (02:30 on 3 April 2016 happens twice)', () => {
    expect(read('3/4/2016 02:30', { ambiguous: 'earlier' })).toBe('2016-04-02T15:30:00.000Z ambiguous');
    expect(read('3/4/2016 02:30', { ambiguous: 'later' })).toBe('2016-04-02T16:30:00.000Z ambiguous');
    expect(read('3/4/2016 02:30', { ambiguous: 'reject' })).toBe(
      '"3/4/2016 02:30" happens twice in Australia/Sydney: the clocks change there',
    );
  });

  it('follow the choice where the clocks go forward (02:30 on 2 October 2016 never happens)', () => {
    expect(read('2/10/2016 02:30', { nonexistent: 'earlier' })).toBe('2016-10-01T15:30:00.000Z nonexistent');
    expect(read('2/10/2016 02:30', { nonexistent: 'later' })).toBe('2016-10-01T16:30:00.000Z nonexistent');
    expect(read('2/10/2016 02:30', { nonexistent: 'reject' })).toMatch('does not exist in Australia/Sydney');
  });

  it('agree with Temporal at every minute, round the clock changes of several zones too', () => {
    const zone = fc.constantFrom(
      'Australia/Sydney',
      'America/New_York',
      'Europe/London',
      'Australia/Lord_Howe',
      'UTC',
      'Asia/Kolkata',
    );
    const day = fc.constantFrom(
      '2016-04-02',
      '2016-04-03',
      '2016-10-01',
      '2016-10-02',
      '2016-03-13',
      '2016-03-27',
      '2016-10-30',
      '2016-11-06',
      '2016-07-01',
    );
    fc.assert(
      fc.property(
        zone,
        day,
        fc.nat(1439),
        fc.constantFrom('earlier' as const, 'later' as const),
        (timeZone, date, minute, choice) => {
          const local = Temporal.PlainDateTime.from(`${date}T00:00`).add({ minutes: minute });
          const expected = local.toZonedDateTime(timeZone, { disambiguation: choice }).epochMilliseconds;
          const reader = new TimeReader({ format: 'iso', zone: timeZone, ambiguous: choice, nonexistent: choice });
          expect(reader.read(local.toString())).toMatchObject({ ok: true, millis: expected });
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('refuse what is no time, naming the form that was expected', () => {
    expect(read('31/2/2016 10:00')).toBe('"31/2/2016 10:00" is not a time of the form d/M/yyyy HH:mm');
    for (const text of ['', '?', '1/13/2016 10:00', '1/1/2016 24:00', '1/1/2016', '1/1/2016 10:00 ', '1/1/16 10:00']) {
      expect(read(text)).toMatch('is not a time of the form');
    }
  });

  it('are read by other patterns', () => {
    const utc = { zone: 'UTC' };
    expect(read('03/31/2026 12:05:09 AM', { ...utc, format: 'MM/dd/yyyy hh:mm:ss a' })).toBe(
      '2026-03-31T00:05:09.000Z -',
    );
    expect(read('31-Mar-2026 3:05 pm', { ...utc, format: 'dd-MMM-yyyy h:mm a' })).toBe('2026-03-31T15:05:00.000Z -');
    expect(read('2026-03-31 09:00:00.123+11:00', { ...utc, format: 'yyyy-MM-dd HH:mm:ss.SSSXXX' })).toBe(
      '2026-03-30T22:00:00.123Z -',
    );
    expect(read('2026-03-31T09:00:00-0500', { ...utc, format: 'iso' })).toBe('2026-03-31T14:00:00.000Z -');
    expect(read('2026-03-31', { ...utc, format: 'iso' })).toBe('2026-03-31T00:00:00.000Z -');
  });

  it('have no format without day, month and year, with unknown or repeated letters, or with half a clock', () => {
    for (const pattern of [
      'HH:mm',
      'dd/MM',
      'dd/mm/yyyy',
      'yyyy-MM-dd q',
      'dd/MM/yyyy dd',
      'dd/MM/yyyy hh:mm',
      'yy-MM-dd',
    ]) {
      expect([pattern, compileTimeFormat(pattern)]).toEqual([pattern, null]);
    }
  });
});
