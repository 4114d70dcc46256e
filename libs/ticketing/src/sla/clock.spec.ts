import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { BusinessCalendar, type Instant } from '@billtrail/kernel';
import type { Priority } from '../classification.js';
import type { TicketEvent } from '../events.js';
import { GOLD, business, elapsed, inForce, moved, officeHours, requested } from '../testing/sla.js';
import { clocksOf, passed, type SlaClock, type SlaTerms } from './clock.js';
import type { SlaTarget } from './events.js';
import { moveOf, type SlaMove } from './moves.js';
import { breachOf } from './record.js';
import { runsOf } from './runs.js';

/** A time of March 2026 in Sydney: `12 09:30` is Thursday the 12th. Monday the 9th is a holiday. */
function march(text: string): Instant {
  return new Date(`2026-03-${text.replace(' ', 'T')}:00+11:00`).toISOString();
}
const told = (millis: number): string => new Date(millis + 11 * 3_600_000).toISOString().slice(8, 16).replace('T', ' ');
const movesOf = (events: readonly TicketEvent[]): readonly SlaMove[] =>
  events.map(moveOf).filter((move) => move !== null);

function clocks(events: readonly TicketEvent[], terms: SlaTerms = GOLD): readonly SlaClock[] {
  return runsOf(movesOf(events)).flatMap((run) => clocksOf(run, terms, new BusinessCalendar(terms.calendar)));
}
function clock(target: SlaTarget, events: readonly TicketEvent[], terms: SlaTerms = GOLD): SlaClock {
  const found = clocks(events, terms).findLast((one) => one.target === target);
  if (found === undefined) throw new Error('no clock');
  return found;
}
/** Percentages with their instants: those that the events show, and those ahead. */
const thresholds = ({ thresholds: all }: SlaClock): readonly string[] =>
  all.map(({ percent, at, shown }) => `${percent} ${told(at)}${shown ? '' : ' ahead'}`);
const minutes = ({ elapsedMillis }: SlaClock): number => elapsedMillis / 60_000;

describe('SLA clock', () => {
  it('R11: Friday 16:00 to Monday 10:00, open Monday to Friday 9 to 17, are 120 minutes', () => {
    const events = [requested(march('13 16:00')), moved.started(march('13 16:00')), moved.resolved(march('16 10:00'))];
    expect(clock('resolution', events)).toMatchObject({ standing: 'met', elapsedMillis: 120 * 60_000 });
  });

  it('is due when the minutes of its target are used up, with its warnings before', () => {
    const open = [requested(march('12 16:00')), moved.assigned(march('12 16:20'))];
    expect(thresholds(clock('resolution', open))).toEqual([
      '50 13 10:00 ahead',
      '80 13 11:12 ahead',
      '100 13 12:00 ahead',
    ]);
    expect(clock('response', open)).toMatchObject({ standing: 'met', elapsedMillis: 20 * 60_000 });
    expect(thresholds(clock('response', open))).toEqual(['50 12 16:15']);
  });

  it('does not count holidays and nights, and a target of all minutes counts them', () => {
    const overHoliday = [requested(march('06 16:00')), moved.resolved(march('10 10:00'))];
    expect(minutes(clock('resolution', overHoliday))).toBe(120);
    const calendarDays = [requested(march('06 16:00'), 'moderate'), moved.resolved(march('10 10:00'))];
    expect(minutes(clock('resolution', calendarDays))).toBe(3 * 1440 + 18 * 60);
    expect(thresholds(clock('resolution', calendarDays))).toEqual(['50 08 04:00', '80 09 01:36', '100 09 16:00']);
  });

  it('keeps wall-clock hours and real minutes over a clock change', () => {
    // Sydney, Sunday 5 April 2026: 03:00 becomes 02:00.
    const from = '2026-04-03T16:00:00+11:00';
    const to = '2026-04-06T10:00:00+10:00';
    const events = (priority: Priority) => [requested(from, priority), moved.resolved(to)];
    expect(minutes(clock('resolution', events('critical')))).toBe(120);
    expect(minutes(clock('resolution', events('moderate')))).toBe(67 * 60);
  });

  it('stands in Pending Client, and goes on with what is left', () => {
    const pended = [requested(march('12 10:00')), moved.started(march('12 10:10')), moved.onClient(march('12 11:00'))];
    expect(clock('resolution', pended)).toMatchObject({
      standing: 'paused',
      elapsedMillis: 60 * 60_000,
      thresholds: [],
    });
    const resumed = [...pended, moved.resumed(march('13 09:30'))];
    expect(thresholds(clock('resolution', resumed))).toEqual([
      '50 13 10:30 ahead',
      '80 13 11:42 ahead',
      '100 13 12:30 ahead',
    ]);
  });

  it('stands in Pending Third Party only where the policy says so', () => {
    const events = [
      requested(march('12 10:00')),
      moved.started(march('12 10:10')),
      moved.onThirdParty(march('12 11:00')),
      moved.resumed(march('12 13:00')),
      moved.resolved(march('12 13:30')),
    ];
    expect(minutes(clock('resolution', events))).toBe(210);
    expect(minutes(clock('resolution', events, { ...GOLD, pausesOnThirdParty: true }))).toBe(90);
  });

  it('is in time at its due instant, and late a millisecond after', () => {
    const begun = [requested(march('12 10:00')), moved.started(march('12 10:10'))];
    const due = breachOf(clock('resolution', begun));
    const at = (millis: number) => [...begun, moved.resolved(new Date((due?.at ?? 0) + millis).toISOString())];
    expect(thresholds(clock('resolution', at(0)))).toEqual(['50 12 12:00', '80 12 13:12']);
    expect(thresholds(clock('resolution', at(1)))).toEqual(['50 12 12:00', '80 12 13:12', '100 12 14:00']);
  });

  it('is due when it goes on, where a pause began at its due instant', () => {
    const paused = [requested(march('12 10:00')), moved.started(march('12 10:10')), moved.onClient(march('12 14:00'))];
    expect(thresholds(clock('resolution', paused)).at(-1)).toBe('80 12 13:12');
    expect(thresholds(clock('resolution', [...paused, moved.resumed(march('16 09:00'))])).at(-1)).toBe(
      '100 16 09:00 ahead',
    );
  });

  it('goes on in the same run when the client rejects, and from zero when a closed ticket is reopened', () => {
    const resolved = [
      requested(march('12 10:00')),
      moved.started(march('12 10:10')),
      moved.resolved(march('12 11:00')),
    ];
    expect(clock('resolution', [...resolved, moved.reopened(march('12 15:00'))])).toMatchObject({
      run: 1,
      standing: 'running',
      elapsedMillis: 60 * 60_000,
    });
    const again = [...resolved, moved.closed(march('12 12:00')), moved.reopened(march('16 09:00'))];
    expect(clock('resolution', again)).toMatchObject({ run: 2, standing: 'running', elapsedMillis: 0 });
    expect(thresholds(clock('resolution', again)).at(-1)).toBe('100 16 13:00 ahead');
    expect(clock('response', again)).toMatchObject({ run: 2, standing: 'met' });
  });

  it('ends unmet when the ticket is cancelled', () => {
    const events = [requested(march('12 10:00')), moved.cancelled(march('12 10:20'))];
    expect(clocks(events).map(({ standing }) => standing)).toEqual(['ended', 'ended']);
    expect(clock('response', events).thresholds.map(({ percent }) => percent)).toEqual([50]);
  });

  it('tells a response that was late, once', () => {
    const events = [requested(march('12 10:00')), moved.assigned(march('12 10:31')), moved.resolved(march('12 10:40'))];
    expect(thresholds(clock('response', events))).toEqual(['50 12 10:15', '80 12 10:24', '100 12 10:30']);
  });
});

describe('another priority', () => {
  const begun = (priority: Priority | null) => [
    requested(march('12 10:00'), priority),
    moved.started(march('12 10:10')),
  ];

  it('takes the new target from the beginning of the run', () => {
    const raised = [...begun('high'), moved.reprioritised(march('12 12:00'), 'critical')];
    expect(thresholds(clock('resolution', raised))).toEqual([
      '50 12 12:00 ahead',
      '80 12 13:12 ahead',
      '100 12 14:00 ahead',
    ]);
    const lowered = [...begun('critical'), moved.reprioritised(march('12 13:30'), 'high')];
    expect(thresholds(clock('resolution', lowered))).toEqual(['50 12 12:00', '80 12 13:12', '100 13 10:00 ahead']);
  });

  it('is due no earlier than the change', () => {
    const late = [
      ...begun('high'),
      moved.reprioritised(march('12 16:00'), 'critical'),
      moved.resolved(march('12 16:01')),
    ];
    expect(thresholds(clock('resolution', late))).toEqual(['50 12 14:00', '80 12 16:00', '100 12 16:00']);
  });

  it('leaves a breach that happened under the priority before, and makes no second one', () => {
    const breached = [...begun('critical'), moved.reprioritised(march('12 15:00'), 'low')];
    expect(clock('resolution', breached)).toMatchObject({ time: null, priority: 'low' });
    expect(thresholds(clock('resolution', breached)).at(-1)).toBe('100 12 14:00');
    const back = [...breached, moved.reprioritised(march('12 16:00'), 'critical')];
    expect(thresholds(clock('resolution', back)).filter((one) => one.startsWith('100'))).toEqual(['100 12 14:00']);
  });

  it('counts on the clock of the new target what passed under the old', () => {
    const events = [...begun('moderate'), moved.reprioritised(march('13 10:00'), 'critical')];
    // 480 business minutes have passed: all shares of the 240 are used up at the change.
    expect(thresholds(clock('resolution', events))).toEqual([
      '50 13 10:00 ahead',
      '80 13 10:00 ahead',
      '100 13 10:00 ahead',
    ]);
    expect(minutes(clock('resolution', events))).toBe(480);
  });

  it('has no target before it is known, and counts from the request when it is', () => {
    expect(clock('resolution', begun(null))).toMatchObject({ time: null, elapsedMillis: 0, thresholds: [] });
    const triaged = [...begun(null), moved.reprioritised(march('12 11:00'), 'critical')];
    expect(thresholds(clock('resolution', triaged)).at(-1)).toBe('100 12 14:00 ahead');
  });
});

describe('moves that are recorded late', () => {
  it('count from their own instant, whatever was recorded before about later ones', () => {
    const events = [
      requested(march('12 10:00')),
      moved.started(march('12 10:10')),
      moved.onClient(march('12 15:00')),
      moved.resolved(march('12 11:30')),
    ];
    expect(clock('resolution', events)).toMatchObject({ standing: 'met', elapsedMillis: 90 * 60_000 });
    expect(thresholds(clock('resolution', events))).toEqual([]);
  });

  it('of one instant hold in the order of the log', () => {
    const at = march('12 10:10');
    const events = [requested(march('12 10:00')), moved.assigned(at), moved.started(at), moved.resolved(at)];
    expect(clocks(events).map(({ standing }) => standing)).toEqual(['met', 'met']);
    const closed = [...events, moved.closed(at), moved.reopened(at)];
    expect(clock('resolution', closed)).toMatchObject({ run: 2, standing: 'running' });
  });

  it('are not earlier than the request', () => {
    const events = [requested(march('12 10:00')), moved.assigned(march('12 09:00'))];
    expect(clock('response', events)).toMatchObject({ startedAt: Date.parse(march('12 10:00')), elapsedMillis: 0 });
  });
});

describe('SLA clocks, whatever happens on a ticket', () => {
  const zone = fc.constantFrom('Australia/Sydney', 'Europe/London', 'America/St_Johns', 'UTC');
  const terms: fc.Arbitrary<SlaTerms> = fc.record({
    id: fc.constant('any'),
    calendar: zone.map((timeZone) => officeHours(timeZone)),
    targets: fc.record({
      critical: fc.record({ response: time(), resolution: time() }),
      high: fc.record({ response: time(), resolution: time() }),
    }),
    pausesOnThirdParty: fc.boolean(),
    warnAtPercent: fc.constantFrom([], [50], [25, 50, 90]),
  });
  function time() {
    const minutesOf = fc.integer({ min: 1, max: 3_000 });
    return fc.option(
      fc.oneof(
        minutesOf.map((one) => business(one)),
        minutesOf.map((one) => elapsed(one)),
      ),
    );
  }
  const START = Date.parse('2026-03-20T00:00:00Z');
  /** Gaps of up to two days around the clock changes of March and April, to the millisecond; some of nothing at all. */
  const gap = fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 172_800_000 }));
  const kinds = [
    'assigned',
    'started',
    'onClient',
    'onThirdParty',
    'resumed',
    'resolved',
    'closed',
    'reopened',
  ] as const;
  const step = fc.record({
    kind: fc.constantFrom(...kinds, 'raised' as const, 'lowered' as const),
    gap,
  });
  function story(
    steps: readonly { kind: (typeof kinds)[number] | 'raised' | 'lowered'; gap: number }[],
  ): TicketEvent[] {
    let at = START;
    return [
      requested(new Date(START).toISOString()),
      ...steps.map(({ kind, gap: millis }) => {
        at += millis;
        const instant = new Date(at).toISOString();
        if (kind === 'raised') return moved.reprioritised(instant, 'critical');
        return kind === 'lowered' ? moved.reprioritised(instant, 'high') : moved[kind](instant);
      }),
    ];
  }
  const stories = fc.array(step, { minLength: 1, maxLength: 12 }).map(story);

  it('conserve time: cut at any instant, the parts of a stretch are the whole', () => {
    fc.assert(
      fc.property(terms, gap, gap, fc.constantFrom('business', 'elapsed'), (sla, one, other, kind) => {
        const calendar = new BusinessCalendar(sla.calendar);
        const [cut, end] = [START + one, START + one + other];
        expect(passed(calendar, kind, START, cut) + passed(calendar, kind, cut, end)).toBe(
          passed(calendar, kind, START, end),
        );
      }),
    );
  });

  it('are the same where the log is cut by a move that changes nothing', () => {
    fc.assert(
      fc.property(terms, stories, fc.nat(), (sla, events, at) => {
        const index = at % events.length;
        const twice = [...events.slice(0, index + 1), ...events.slice(index)];
        const seen = (of: readonly TicketEvent[]) => clocks(of, sla).map((one) => ({ ...one, since: 0 }));
        expect(seen(twice)).toEqual(seen(events));
      }),
    );
  });

  it('never get time by a pause: without it, as much or more has passed, and nothing is due later', () => {
    fc.assert(
      fc.property(terms, stories, fc.nat(), (sla, events, choice) => {
        const pauses = events.flatMap((event, index) => (event.type === 'TicketPendedOnClient' ? [index] : []));
        const chosen = pauses[choice % Math.max(pauses.length, 1)];
        const unpaused = events.map((event, index) => (index === chosen ? moved.started(event.occurredAt) : event));
        const paused = clocks(events, sla);
        clocks(unpaused, sla).forEach((one, index) => {
          const other = paused[index]!;
          expect(one.elapsedMillis).toBeGreaterThanOrEqual(other.elapsedMillis);
          for (const { percent, at } of other.thresholds) {
            const same = one.thresholds.find((threshold) => threshold.percent === percent);
            expect(same?.at ?? Infinity).toBeLessThanOrEqual(at);
          }
        });
      }),
    );
  });

  it('tell each share once at most, in order, at an instant of the run while the clock runs', () => {
    fc.assert(
      fc.property(terms, stories, (sla, events) => {
        for (const { thresholds: all, startedAt } of clocks(events, sla)) {
          expect(new Set(all.map(({ percent }) => percent)).size).toBe(all.length);
          const ats = all.map(({ at }) => at);
          expect(ats).toEqual([...ats].sort((a, b) => a - b));
          for (const at of ats) expect(at).toBeGreaterThanOrEqual(startedAt);
        }
      }),
    );
  });

  it('count what an own count of every running minute gives', () => {
    const calendar = inForce().calendar;
    fc.assert(
      fc.property(fc.array(step, { maxLength: 6 }), (steps) => {
        const events = story(steps.map((one) => ({ ...one, gap: Math.floor(one.gap / 60_000) * 60_000 })));
        const found = clocks(events).findLast(({ target }) => target === 'resolution');
        const last = runsOf(movesOf(events)).at(-1);
        if (found?.time == null || last === undefined) return;
        let counted = 0;
        for (const { from, to, stage } of last.stretches) {
          if (to === null || ['pending-client', 'resolved', 'svr-pending', 'closed'].includes(stage)) continue;
          for (let at = from; at < to; at += 60_000) if (calendar.isOpenAt(new Date(at).toISOString())) counted += 1;
        }
        expect(minutes(found)).toBe(counted);
      }),
      { numRuns: 30 },
    );
  });
});
