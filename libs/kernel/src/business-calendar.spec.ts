import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { BusinessCalendar, MAX_CALENDAR_SPAN_DAYS, type OpeningHours, WEEKDAYS } from './business-calendar.js';
import { InvariantViolation } from './refusal.js';

const nineToFive: readonly OpeningHours[] = [{ opens: '09:00', closes: '17:00' }];
const allDay: readonly OpeningHours[] = [{ opens: '00:00', closes: '24:00' }];
const weekdays = (hours: readonly OpeningHours[]) => ({
  monday: hours,
  tuesday: hours,
  wednesday: hours,
  thursday: hours,
  friday: hours,
});
const everyDay = (hours: readonly OpeningHours[]) => ({ ...weekdays(hours), saturday: hours, sunday: hours });

const sydneyOffice = () =>
  new BusinessCalendar({
    timeZone: 'Australia/Sydney',
    openingHours: weekdays(nineToFive),
    holidays: ['2026-04-03', '2026-04-06'],
  });

describe('BusinessCalendar', () => {
  it('R11: Friday 16:00 to Monday 10:00 on a calendar Monday to Friday 9-17 is 120 minutes', () => {
    expect(sydneyOffice().businessMinutesBetween('2026-03-13T16:00:00+11:00', '2026-03-16T10:00:00+11:00')).toBe(120);
  });

  it('counts nothing outside the hours, and nothing on a holiday', () => {
    expect(sydneyOffice().businessMinutesBetween('2026-03-13T17:00:00+11:00', '2026-03-16T09:00:00+11:00')).toBe(0);
    // Good Friday to Easter Monday, 3 to 6 April 2026; the clocks go back on the Sunday between.
    expect(sydneyOffice().businessMinutesBetween('2026-04-02T16:30:00+11:00', '2026-04-07T09:30:00+10:00')).toBe(60);
  });

  it('is negative backwards, and zero (never minus zero) over nothing', () => {
    expect(sydneyOffice().businessMinutesBetween('2026-03-16T10:00:00+11:00', '2026-03-13T16:00:00+11:00')).toBe(-120);
    expect(sydneyOffice().businessMinutesBetween('2026-03-16T10:00:00+11:00', '2026-03-16T08:00:00+11:00')).toBe(-60);
    expect(sydneyOffice().businessMinutesBetween('2026-03-15T10:00:00+11:00', '2026-03-15T08:00:00+11:00')).toBe(0);
  });

  it('does not count a part of a minute', () => {
    expect(sydneyOffice().businessMinutesBetween('2026-03-16T10:00:30+11:00', '2026-03-16T10:02:29+11:00')).toBe(1);
  });

  it('opens at the opening minute and is closed at the closing one', () => {
    expect(sydneyOffice().isOpenAt('2026-03-16T08:59:59+11:00')).toBe(false);
    expect(sydneyOffice().isOpenAt('2026-03-16T09:00:00+11:00')).toBe(true);
    expect(sydneyOffice().isOpenAt('2026-03-16T16:59:59.999+11:00')).toBe(true);
    expect(sydneyOffice().isOpenAt('2026-03-16T17:00:00+11:00')).toBe(false);
    expect(sydneyOffice().isOpenAt('2026-04-06T10:00:00+10:00')).toBe(false);
  });

  it('knows business days from weekends and holidays', () => {
    expect(
      ['2026-04-02', '2026-04-03', '2026-04-04', '2026-04-05', '2026-04-06', '2026-04-07'].map((day) =>
        sydneyOffice().isBusinessDay(day),
      ),
    ).toEqual([true, false, false, false, false, true]);
    expect(sydneyOffice().isBusinessDay('1969-12-31')).toBe(true);
    expect(sydneyOffice().isBusinessDay('1969-12-28')).toBe(false);
  });

  it('adds minutes over the night, the weekend and holidays, and ends at a closing time rather than at the next opening', () => {
    expect(sydneyOffice().addBusinessMinutes('2026-03-13T16:00:00+11:00', 120)).toBe('2026-03-15T23:00:00.000Z');
    expect(sydneyOffice().addBusinessMinutes('2026-03-13T16:00:00+11:00', 60)).toBe('2026-03-13T06:00:00.000Z');
    expect(sydneyOffice().addBusinessMinutes('2026-03-14T12:00:00+11:00', 1)).toBe('2026-03-15T22:01:00.000Z');
    expect(sydneyOffice().addBusinessMinutes('2026-04-02T16:30:00+11:00', 60)).toBe('2026-04-06T23:30:00.000Z');
    expect(sydneyOffice().addBusinessMinutes('2026-03-14T12:00:00+11:00', 0)).toBe('2026-03-14T01:00:00.000Z');
  });

  it('takes several intervals a day', () => {
    const lunch = new BusinessCalendar({
      timeZone: 'UTC',
      openingHours: {
        tuesday: [
          { opens: '08:00', closes: '12:00' },
          { opens: '13:00', closes: '16:30' },
        ],
      },
      holidays: [],
    });
    expect(lunch.businessMinutesBetween('2026-03-17T00:00:00Z', '2026-03-18T00:00:00Z')).toBe(240 + 210);
    expect(lunch.addBusinessMinutes('2026-03-17T11:30:00Z', 60)).toBe('2026-03-17T13:30:00.000Z');
    expect(lunch.isOpenAt('2026-03-17T12:30:00Z')).toBe(false);
  });
});

describe('BusinessCalendar on the days of a clock change', () => {
  const around = (timeZone: string) => new BusinessCalendar({ timeZone, openingHours: everyDay(allDay), holidays: [] });

  it.each([
    ['Australia/Sydney', '2026-04-04T13:00:00Z', '2026-04-05T14:00:00Z', 25],
    ['Australia/Sydney', '2026-10-03T14:00:00Z', '2026-10-04T13:00:00Z', 23],
    ['Europe/London', '2026-03-29T00:00:00Z', '2026-03-29T23:00:00Z', 23],
    ['Europe/London', '2026-10-24T23:00:00Z', '2026-10-26T00:00:00Z', 25],
    ['Australia/Lord_Howe', '2026-04-04T13:00:00Z', '2026-04-05T13:30:00Z', 24.5],
    ['Africa/Cairo', '2026-04-23T22:00:00Z', '2026-04-24T21:00:00Z', 23],
  ])('%s: the day from %s to %s has its real length, open all day', (zone, from, to, hours) => {
    expect(around(zone).businessMinutesBetween(from, to)).toBe(hours * 60);
    expect(around(zone).isOpenAt(from)).toBe(true);
  });

  it('keeps wall-clock hours: nine to five stays eight hours before, on and after the change', () => {
    const office = new BusinessCalendar({
      timeZone: 'Europe/London',
      openingHours: everyDay(nineToFive),
      holidays: [],
    });
    expect(office.businessMinutesBetween('2026-03-28T00:00:00Z', '2026-03-31T00:00:00+01:00')).toBe(3 * 480);
    expect(office.isOpenAt('2026-03-28T08:30:00Z')).toBe(false);
    expect(office.isOpenAt('2026-03-29T08:30:00Z')).toBe(true);
  });

  it('opens at the change when the opening time is skipped', () => {
    // London, 29 March 2026: 01:00 becomes 02:00.
    const early = new BusinessCalendar({
      timeZone: 'Europe/London',
      openingHours: { sunday: [{ opens: '01:30', closes: '04:00' }] },
      holidays: [],
    });
    expect(early.businessMinutesBetween('2026-03-29T00:00:00Z', '2026-03-29T12:00:00Z')).toBe(120);
    expect(early.isOpenAt('2026-03-29T01:00:00Z')).toBe(true);
    expect(early.isOpenAt('2026-03-29T00:59:00Z')).toBe(false);
  });

  it('is not open at all when the change skips the whole interval', () => {
    const skipped = new BusinessCalendar({
      timeZone: 'Europe/London',
      openingHours: { sunday: [{ opens: '01:00', closes: '02:00' }] },
      holidays: [],
    });
    expect(skipped.businessMinutesBetween('2026-03-29T00:00:00Z', '2026-03-29T12:00:00Z')).toBe(0);
  });

  it('opens at the first and closes at the second of a time that comes twice', () => {
    // Sydney, 5 April 2026: 03:00 becomes 02:00.
    const night = new BusinessCalendar({
      timeZone: 'Australia/Sydney',
      openingHours: { sunday: [{ opens: '02:15', closes: '02:45' }] },
      holidays: [],
    });
    expect(night.businessMinutesBetween('2026-04-04T12:00:00Z', '2026-04-05T12:00:00Z')).toBe(90);
  });
});

describe('BusinessCalendar refuses', () => {
  const build = (opens: string, closes: string, timeZone = 'UTC', holidays: string[] = []) =>
    new BusinessCalendar({ timeZone, openingHours: { monday: [{ opens, closes }] }, holidays });

  it.each([
    ['an unknown zone', () => build('09:00', '17:00', 'Mars/Olympus')],
    ['a time that is none', () => build('9:00', '17:00')],
    ['a time with a digit before it', () => build('109:00', '17:00')],
    ['a time with a digit after it', () => build('09:00', '17:000')],
    ['a minute past the day', () => build('09:00', '24:01')],
    ['hours that end before they begin', () => build('17:00', '09:00')],
    ['empty hours', () => build('09:00', '09:00')],
    ['a holiday that does not exist', () => build('09:00', '17:00', 'UTC', ['2026-02-29'])],
    ['no hours at all', () => new BusinessCalendar({ timeZone: 'UTC', openingHours: {}, holidays: [] })],
    [
      'overlapping hours',
      () =>
        new BusinessCalendar({
          timeZone: 'UTC',
          openingHours: {
            monday: [
              { opens: '09:00', closes: '12:00' },
              { opens: '11:59', closes: '13:00' },
            ],
          },
          holidays: [],
        }),
    ],
    ['a fraction of a minute', () => build('09:00', '17:00').addBusinessMinutes('2026-03-16T09:00:00Z', 1.5)],
    ['minutes below zero', () => build('09:00', '17:00').addBusinessMinutes('2026-03-16T09:00:00Z', -1)],
    ['a moment without an offset', () => build('09:00', '17:00').isOpenAt('2026-03-16T09:00:00')],
    [
      'a span past the limit',
      () => build('09:00', '17:00').businessMinutesBetween('1900-01-01T00:00:00Z', '2000-01-03T00:00:00Z'),
    ],
    [
      'minutes past the limit',
      () => build('09:00', '09:01').addBusinessMinutes('2026-03-16T09:00:00Z', MAX_CALENDAR_SPAN_DAYS),
    ],
  ])('%s', (_what, act) => {
    expect(act).toThrow(InvariantViolation);
  });
});

describe('BusinessCalendar at its limit of a hundred years', () => {
  const mondays = () =>
    new BusinessCalendar({
      timeZone: 'UTC',
      openingHours: { monday: [{ opens: '09:00', closes: '09:01' }] },
      holidays: [],
    });

  it('counts over 36,525 days, of which 5,218 are Mondays, and not over one more', () => {
    expect(mondays().businessMinutesBetween('1900-01-01T00:00:00Z', '2000-01-02T00:00:00Z')).toBe(5_218);
    expect(() => mondays().businessMinutesBetween('1900-01-01T00:00:00Z', '2000-01-03T00:00:00Z')).toThrow('a span of');
  });

  it('adds up to the 36,525th day: from a Tuesday that is the 5,218th Monday after it', () => {
    const tuesday = '2026-03-17T00:00:00Z';
    expect(mondays().addBusinessMinutes(tuesday, 5_218)).toBe('2126-03-18T09:01:00.000Z');
    expect(() => mondays().addBusinessMinutes(tuesday, 5_219)).toThrow('pass the limit');
  });
});

describe('BusinessCalendar: adding and counting agree', () => {
  const clock = fc
    .uniqueArray(fc.integer({ min: 0, max: 1440 }), { minLength: 2, maxLength: 6 })
    .map((minutes) => minutes.sort((a, b) => a - b).slice(0, minutes.length - (minutes.length % 2)))
    .map((minutes): OpeningHours[] => {
      const text = (at: number) =>
        `${String(Math.floor(at / 60)).padStart(2, '0')}:${String(at % 60).padStart(2, '0')}`;
      return minutes.flatMap((opens, index) =>
        index % 2 === 0 ? [{ opens: text(opens), closes: text(minutes[index + 1] ?? opens) }] : [],
      );
    });
  const calendars = fc
    .record({
      timeZone: fc.constantFrom('Australia/Sydney', 'Europe/London', 'Australia/Lord_Howe', 'America/St_Johns', 'UTC'),
      week: fc.array(fc.option(clock, { nil: [] }), { minLength: 7, maxLength: 7 }),
      spare: clock,
    })
    .map(
      ({ timeZone, week, spare }) =>
        new BusinessCalendar({
          timeZone,
          openingHours: Object.fromEntries(
            WEEKDAYS.map((weekday, index) => [weekday, index === 2 ? spare : (week[index] ?? [])]),
          ),
          holidays: ['2026-04-08', '2026-12-25'],
        }),
    );
  const moments = fc
    .date({ min: new Date('2025-12-01T00:00:00Z'), max: new Date('2027-01-31T00:00:00Z'), noInvalidDate: true })
    .map((date) => date.toISOString());

  it('addBusinessMinutes, then businessMinutesBetween, gives the minutes back, and not a millisecond earlier', () => {
    fc.assert(
      fc.property(calendars, moments, fc.integer({ min: 1, max: 3000 }), (calendar, from, minutes) => {
        const to = calendar.addBusinessMinutes(from, minutes);
        expect(calendar.businessMinutesBetween(from, to)).toBe(minutes);
        const justBefore = new Date(Date.parse(to) - 1).toISOString();
        expect(calendar.businessMinutesBetween(from, justBefore)).toBe(minutes - 1);
      }),
    );
  });

  it('counts as a plain walk over every minute does', () => {
    fc.assert(
      fc.property(calendars, moments, fc.integer({ min: 0, max: 2880 }), (calendar, moment, span) => {
        const start = Math.floor(Date.parse(moment) / 60_000) * 60_000;
        const at = (minute: number) => new Date(start + minute * 60_000).toISOString();
        let open = 0;
        for (let minute = 0; minute < span; minute += 1) if (calendar.isOpenAt(at(minute))) open += 1;
        expect(calendar.businessMinutesBetween(at(0), at(span))).toBe(open);
      }),
      { numRuns: 30 },
    );
  });
});
