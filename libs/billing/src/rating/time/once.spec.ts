import { describe, expect, it } from '@jest/globals';
import type { RateCalendar } from '@billtrail/contracts';
import { card, contractFacts, facts, only, terms, time } from '../../testing/facts.js';
import { Roundings } from './rounding.js';
import { Places } from './places.js';
import { Timeline } from './step-2-segments.js';
import { RoundAlone } from './step-4-billable-time.js';

const calendar: RateCalendar = { hours: { tuesday: [{ opens: '09:00', closes: '17:00' }] }, holidays: [] };
const ofVersion = { ...terms(), timeZone: 'Australia/Sydney', rateCalendar: calendar };
const places = () => new Places(facts([], { clientTimeZone: 'Australia/Sydney' }));
const timeline = (at = places()) => new Timeline([contractFacts({ terms: ofVersion })], at);

/** What is found for one of them holds for all of that work, so they must be one object: rating rests its speed on it. */
describe('equal questions about time are one question', () => {
  const whenOf = (of: Timeline, changes: Parameters<typeof time>[0]) =>
    of.segmentsOf(time(changes)).map((one) => one.when);
  const from = (clock: string) => ({
    startedAt: `2026-03-10T${clock}:00+11:00`,
    endedAt: `2026-03-10T${clock}:30+11:00`,
  });

  it('work of one day and one declared class, not of another day or class', () => {
    const of = timeline();
    const [first] = whenOf(of, {});
    expect(whenOf(of, { workItemId: 'w-2', minutes: 5 })).toEqual([first]);
    expect(whenOf(of, { workItemId: 'w-2', minutes: 5 })[0]).toBe(first);
    expect(whenOf(of, { workDate: '2026-03-11' })[0]).not.toBe(first);
    const [weekend] = whenOf(of, { rateClass: 'weekend' });
    expect(weekend).not.toBe(first);
    expect(whenOf(of, { rateClass: 'weekend' })[0]).toBe(weekend);
    expect(whenOf(of, { rateClass: 'holiday' })[0]).not.toBe(weekend);
  });

  it('work between the same two edges, with the same declared class', () => {
    const of = timeline();
    const [morning] = whenOf(of, from('12:00'));
    expect(whenOf(of, from('14:00'))[0]).toBe(morning);
    expect(whenOf(of, from('18:00'))[0]).not.toBe(morning);
    const [declared] = whenOf(of, { ...from('12:00'), rateClass: 'holiday' });
    expect(declared).not.toBe(morning);
    expect(whenOf(of, { ...from('14:00'), rateClass: 'holiday' })[0]).toBe(declared);
    expect(whenOf(of, { ...from('14:00'), rateClass: 'weekend' })[0]).not.toBe(declared);
  });

  it('the classes of one calendar at one place, also of two versions', () => {
    const at = places();
    const of = timeline(at);
    const here = only(only(at.all).localities);
    const classes = of.classesAt(ofVersion, here);
    expect(classes).not.toBeNull();
    expect(of.classesAt({ ...ofVersion }, here)).toBe(classes);
    expect(of.classesAt(ofVersion, { ...here, timeZone: 'UTC' })).not.toBe(classes);
    expect(of.classesAt({ ...ofVersion, rateCalendar: { ...calendar } }, here)).not.toBe(classes);
  });

  it('the rounding of a card without rules; with rules that of each work type and class', () => {
    const roundings = new Roundings();
    const plain = card();
    expect(roundings.of(plain, 'onsite', 'weekend')).toBe(roundings.of(plain, 'remote', null));
    expect(roundings.of(card(), 'remote', null)).not.toBe(roundings.of(plain, 'remote', null));
    const ruled = card({ roundingRules: [{ workTypes: ['onsite'], minimumMinutes: 60 }] });
    expect(roundings.of(ruled, 'remote', 'weekend')).toBe(roundings.of(ruled, 'remote', 'weekend'));
    expect(roundings.of(ruled, 'onsite', 'weekend').minimumMinutes).toBe(60);
  });

  it('the billable time of equal minutes under one rounding', () => {
    const rounding = { minimumMinutes: 30, incrementMinutes: 15, scope: 'entry', rule: '', direction: 'up' } as const;
    const alone = new RoundAlone();
    const of = (actualMinutes: number, stated: number | null = null) => alone.round(rounding, actualMinutes, stated);
    const [first, same, longer, stated, sameStated] = [of(20), of(20), of(40), of(20, 50), of(20, 50)];
    expect(same).toBe(first);
    expect(sameStated).toBe(stated);
    expect([first, longer, stated].map((one) => one?.minutes)).toEqual([30, 45, 60]);
  });
});
