import { describe, expect, it } from '@jest/globals';
import { problemsNoted } from './problems.js';
import {
  calendarOf,
  daysOfSet,
  holidaysOf,
  inspectNamed,
  inspectShared,
  rateCalendarOf,
  withKnownCalendar,
} from './shared-calendars.js';
import { all } from './testing/contracts-to-analyse.js';
import type { HolidaySet } from './terms/shared-calendars.js';

const expanded = { by: 'test', days: [{ date: '2026-12-24', name: 'Christmas Eve', from: '18:00' }] };
const office = { hours: { monday: [{ opens: '09:00', closes: '17:00' }] }, weekendDays: [] };

describe('what is named of a configuration', () => {
  it('a set changes the days that it was published with, in order, and is one list while it is one set', () => {
    const set: HolidaySet = {
      country: 'AU',
      years: [2026],
      expanded,
      days: [
        { date: '2026-12-24', name: 'Eve' },
        { date: '2026-03-09', name: 'Labour Day' },
      ],
    };
    expect(daysOfSet(set)).toEqual([
      { date: '2026-03-09', name: 'Labour Day' },
      { date: '2026-12-24', name: 'Eve', from: '18:00' },
    ]);
    expect(daysOfSet(set)).toBe(daysOfSet(set));
    expect(daysOfSet({ expanded, days: [{ date: '2026-12-24', from: '12:00', to: '24:00' }] })).toEqual([
      { date: '2026-12-24', name: 'Christmas Eve', from: '12:00', to: '24:00' },
    ]);
    expect(daysOfSet({ expanded, days: [{ date: '2026-12-24', isHoliday: false }] })).toEqual([]);
  });
  it('what is spelt out is itself; what is named is that of the configuration, and throws by name where there is none', () => {
    const shared = { calendars: { office }, holidaySets: { vic: { days: [{ date: '2026-11-03', name: 'Cup Day' }] } } };
    expect(calendarOf(office, {})).toBe(office);
    expect(calendarOf('office', shared)).toBe(office);
    expect(holidaysOf('vic', shared)).toEqual([{ date: '2026-11-03', name: 'Cup Day' }]);
    expect(() => calendarOf('night', shared)).toThrow('the configuration has no calendar night');
    expect(() => holidaysOf('nsw', shared)).toThrow('the configuration has no holiday set nsw');
    const outside = { weekday: 'late', weekend: 'late', holiday: 'dear' };
    expect(rateCalendarOf({ calendar: 'office', outside, holidays: 'vic' }, shared)).toEqual({
      ...office,
      outside,
      holidays: [{ date: '2026-11-03', name: 'Cup Day' }],
    });
  });
  it.each<[string, HolidaySet, string[]]>([
    ['a state without its country', { state: 'VIC' }, ['holidaySets.s.state']],
    ['a country without years', { country: 'AU' }, ['holidaySets.s.years']],
    ['a region without its state', { country: 'AU', region: 'MEL', years: [2026] }, ['holidaySets.s.region']],
    ['a day of its own without a name', { days: [{ date: '2026-01-02' }] }, ['holidaySets.s.days[0].name']],
    [
      'a day dropped that it does not have',
      { days: [{ date: '2026-01-02', isHoliday: false }] },
      ['holidaySets.s.days[0]'],
    ],
    [
      'a day twice, and one that ends before it begins',
      {
        days: [
          { date: '2026-01-02', name: 'A', from: '12:00', to: '11:00' },
          { date: '2026-01-02', name: 'B' },
        ],
      },
      ['holidaySets.s.days[1]', 'holidaySets.s.days[0]'],
    ],
    [
      'a public holiday dropped before it is known',
      { country: 'AU', years: [2026], days: [{ date: '2026-01-02', isHoliday: false }] },
      [],
    ],
  ])('%s', (_case, set, paths) =>
    expect(problemsNoted((note) => inspectShared(note, { holidaySets: { s: set } })).map(({ path }) => path)).toEqual(
      paths,
    ),
  );
});

describe('the hours of a contract', () => {
  const own = { hours: { friday: [{ opens: '08:00', closes: '12:00' }] }, outside: { weekday: 'late' } };

  it('are its own, without a calendar that it names', () => {
    expect(rateCalendarOf({ ...own, weekendDays: ['friday'], holidays: [] } as never, {})).toEqual({
      ...own,
      weekendDays: ['friday'],
      holidays: [],
    });
    expect(rateCalendarOf({ holidays: [] }, {})).toEqual({ hours: {}, holidays: [] });
  });

  it('are known to who knows the calendar that they name; else nobody can say which classes work has', () => {
    const rateCalendar = { calendar: 'office', holidays: [] };
    const terms = { ...all, rateCalendar };
    expect(withKnownCalendar(terms, { calendars: { office } }).rateCalendar).toEqual({ ...office, holidays: [] });
    for (const shared of [undefined, {}, { calendars: { night: office } }])
      expect(withKnownCalendar(terms, shared)).toEqual(all);
    expect(withKnownCalendar(all, { calendars: { office } })).toBe(all);
    const spelt = { ...all, rateCalendar: { hours: office.hours, holidays: [] } };
    expect(withKnownCalendar(spelt, undefined)).toBe(spelt);
  });
});

describe('what is named that the configuration does not have', () => {
  const noted = (named: unknown, part: 'calendars' | 'holidaySets', shared: object) =>
    problemsNoted((note) => inspectNamed(note, 'at', named, part, shared)).map(
      ({ path, problem }) => `${path} ${problem}`,
    );

  it('is told with what it has', () => {
    expect(noted('night', 'calendars', { calendars: { office, late: office } })).toEqual([
      'at night is no calendar of the configuration, which has office, late',
    ]);
    expect(noted('nsw', 'holidaySets', {})).toEqual([
      'at nsw is no holiday set of the configuration, which has no holiday set',
    ]);
    expect(noted('office', 'calendars', { calendars: { office } })).toEqual([]);
    expect(noted(office, 'calendars', {})).toEqual([]);
    expect(noted(undefined, 'calendars', {})).toEqual([]);
  });
});

describe('the days of a set', () => {
  const notes = (set: object) =>
    problemsNoted((note) => inspectShared(note, { holidaySets: { s: set } })).map(
      ({ path, problem }) => `${path} ${problem}`,
    );

  it('without its country state nothing of it, and none is of nothing', () => {
    expect(notes({ state: 'VIC', region: 'MEL', years: [2026], expanded: { by: 'x', days: [] } })).toEqual(
      ['state', 'region', 'years', 'expanded'].map((name) => `holidaySets.s.${name} needs the country`),
    );
    expect(inspectedNothing({ calendars: { office: undefined }, holidaySets: { s: undefined } })).toEqual([]);
  });

  it('have a part of the day that ends after it begins', () => {
    const day = (part: object) => notes({ days: [{ date: '2026-12-24', name: 'Eve', ...part }] });
    const at = 'holidaySets.s.days[0]';
    expect(day({ from: '18:00' })).toEqual([]);
    expect(day({ to: '12:00' })).toEqual([]);
    expect(day({ from: '24:00' })).toEqual([`${at} ends at 24:00, not after it begins at 24:00`]);
    expect(day({ to: '00:00' })).toEqual([`${at} ends at 00:00, not after it begins at 00:00`]);
  });

  it('change a public holiday that is there, and no other', () => {
    const known = { country: 'AU', years: [2026], expanded };
    const of = (day: object) => notes({ ...known, days: [day] });
    expect(of({ date: '2026-12-24', isHoliday: false })).toEqual([]);
    expect(of({ date: '2026-12-24', from: '12:00' })).toEqual([]);
    expect(of({ date: '2026-12-25', isHoliday: false })).toEqual([
      'holidaySets.s.days[0] takes out 2026-12-25, which is no holiday of the set',
    ]);
    expect(of({ date: '2026-12-25' })).toEqual([
      'holidaySets.s.days[0].name is required: the set has no holiday on 2026-12-25',
    ]);
    expect(of({ date: '2026-12-25', name: 'Christmas' })).toEqual([]);
  });
});

function inspectedNothing(shared: object): readonly string[] {
  return problemsNoted((note) => inspectShared(note, shared)).map(({ path }) => path);
}
