import { describe, expect, it } from '@jest/globals';
import { daysOfSet, type HolidaySet } from '@billtrail/contracts';
import { expandedSets, problemsOfPlaces, proposedChanges } from './public-holidays.js';

const set = (wanted: HolidaySet, inForce?: HolidaySet): HolidaySet =>
  expandedSets({ one: wanted }, inForce === undefined ? {} : { one: inForce })['one']!;
const named = (of: HolidaySet, name: string) => daysOfSet(of).find((day) => day.name.startsWith(name));

describe('holiday sets of a country, worked out when they are published (K26)', () => {
  it('Melbourne Cup Day is a whole day in Victoria, and none in New South Wales', () => {
    const victoria = set({ country: 'AU', state: 'VIC', years: [2026, 2027] });
    expect(named(victoria, 'Melbourne Cup')).toEqual({ date: '2026-11-03', name: 'Melbourne Cup' });
    expect(victoria.expanded?.by).toMatch(/^date-holidays \d/);
    expect(daysOfSet(victoria).some(({ date }) => date === '2027-11-02')).toBe(true);
    expect(named(set({ country: 'AU', state: 'NSW', years: [2026] }), 'Melbourne Cup')).toBeUndefined();
  });
  it('Christmas Eve in Queensland begins at 18:00, and takes the rest of its day', () =>
    expect(named(set({ country: 'AU', state: 'QLD', years: [2026] }), 'Christmas Eve')).toEqual({
      date: '2026-12-24',
      name: 'Christmas Eve',
      from: '18:00',
    }));
  it('a day on which the clock is put back is one day', () => {
    const days = daysOfSet(set({ country: 'AU', state: 'VIC', years: [2026] }));
    expect(days.filter(({ date }) => date >= '2026-04-03' && date <= '2026-04-07').map(({ date }) => date)).toEqual([
      '2026-04-03',
      '2026-04-04',
      '2026-04-05',
      '2026-04-06',
    ]);
  });
  it('each day can be dropped, renamed, made a part of its day, and others added', () => {
    const days = daysOfSet(
      set({
        country: 'AU',
        state: 'VIC',
        years: [2026],
        days: [
          { date: '2026-09-25', isHoliday: false },
          { date: '2026-11-03', name: 'Cup Day' },
          { date: '2026-12-24', name: 'Closing early', from: '12:00' },
        ],
      }),
    );
    expect(days.find(({ date }) => date === '2026-09-25')).toBeUndefined();
    expect(days.find(({ date }) => date === '2026-11-03')).toEqual({ date: '2026-11-03', name: 'Cup Day' });
    expect(days.find(({ date }) => date === '2026-12-24')).toEqual({
      date: '2026-12-24',
      name: 'Closing early',
      from: '12:00',
    });
  });
  it('years that were published stay as they were; a new year is worked out, and another place anew', () => {
    const expanded = { by: 'an older version', days: [{ date: '2026-02-02', name: 'Of then' }] };
    const inForce: HolidaySet = { country: 'AU', state: 'VIC', years: [2026], expanded };
    expect(set({ country: 'AU', state: 'VIC', years: [2026] }, inForce)).toEqual(inForce);
    const longer = set({ country: 'AU', state: 'VIC', years: [2026, 2027] }, inForce);
    expect(daysOfSet(longer).filter(({ date }) => date < '2027')).toEqual(expanded.days);
    expect(daysOfSet(longer).some(({ date }) => date === '2027-11-02')).toBe(true);
    expect(daysOfSet(set({ country: 'AU', state: 'QLD', years: [2026] }, inForce))).not.toContainEqual(
      expanded.days[0],
    );
  });
  it('a newer package only proposes a difference', () => {
    const now = set({ country: 'AU', state: 'VIC', years: [2026] });
    expect(proposedChanges({ vic: now })).toEqual([]);
    const then = now.expanded!.days.filter(({ date }) => date !== '2026-11-03');
    const old = { ...now, expanded: { by: 'then', days: [...then, { date: '2026-02-02', name: 'Of then' }] } };
    expect(proposedChanges({ vic: old })).toEqual([
      { set: 'vic', date: '2026-02-02', was: { date: '2026-02-02', name: 'Of then' }, is: null },
      { set: 'vic', date: '2026-11-03', was: null, is: { date: '2026-11-03', name: 'Melbourne Cup' } },
    ]);
  });
  it('a country or state that there is not is a problem, with those that there are', () => {
    const [country, state] = problemsOfPlaces({
      one: { country: 'XX', years: [2026] },
      two: { country: 'AU', state: 'VICT', years: [2026] },
    });
    expect(country).toMatchObject({ path: 'holidaySets.one.country', problem: expect.stringContaining('AU') });
    expect(state).toEqual({
      path: 'holidaySets.two.state',
      problem: 'VICT is none of ACT, NSW, NT, QLD, SA, TAS, VIC, WA',
    });
  });
});
