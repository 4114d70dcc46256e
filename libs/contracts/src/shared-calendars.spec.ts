import { describe, expect, it } from '@jest/globals';
import { problemsNoted } from './problems.js';
import { calendarOf, daysOfSet, holidaysOf, inspectShared, rateCalendarOf } from './shared-calendars.js';
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
