import {
  MAX_CALENDAR_SPAN_DAYS,
  type BusinessCalendar,
  type BusinessCalendarFacts,
  type Minutes,
  unreachable,
} from '@billtrail/kernel';
import type { Priority } from '../classification.js';
import { SLA_TARGETS, type SlaTarget } from './events.js';
import type { SlaStage } from './moves.js';
import type { SlaRun, Stretch } from './runs.js';

/** Time that may pass: while the calendar is open, or all of it. */
export interface TargetTime {
  readonly minutes: Minutes;
  readonly clock: 'business' | 'elapsed';
}

/** The part of a contract's SLA policy that clocks go by. */
export interface SlaTerms {
  readonly id: string;
  readonly calendar: BusinessCalendarFacts;
  /** By priority. Absent or null: no target. */
  readonly targets: Readonly<Record<string, Readonly<Record<SlaTarget, TargetTime | null>>>>;
  readonly pausesOnThirdParty: boolean;
  readonly warnAtPercent: readonly number[];
}

/** The percentage of a target at which it is breached. All others are warnings. */
export const BREACH_PERCENT = 100;

/** The instant at which a share of a target's time was or will be used up. */
export interface Threshold {
  readonly percent: number;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly priority: Priority;
  readonly time: TargetTime;
  /** The ticket's own events show that it passed. Else it passes when the time comes, where nothing happens on the ticket. */
  readonly shown: boolean;
}

export type ClockStanding = 'running' | 'paused' | 'met' | 'ended';

/** One target of one run of a ticket. Moments are milliseconds since 1970. */
export interface SlaClock {
  readonly run: number;
  readonly target: SlaTarget;
  readonly startedAt: number;
  /** `ended`: the ticket was cancelled, or merged into another, before the target was met. */
  readonly standing: ClockStanding;
  /** As far as is known now. */
  readonly priority: Priority | null;
  /** What may pass under this priority; null: no target. */
  readonly time: TargetTime | null;
  /** What had passed at `since`, on the clock of `time`; since then it goes on where the clock runs. 0 without a target. */
  readonly elapsedMillis: number;
  readonly since: number;
  /** In the order of their instants; each percentage once at most. */
  readonly thresholds: readonly Threshold[];
}

/** The clocks of a run: one for each target. `calendar` is that of the terms. */
export function clocksOf(run: SlaRun, terms: SlaTerms, calendar: BusinessCalendar): readonly SlaClock[] {
  return SLA_TARGETS.map((target) => clockOf(run, target, terms, calendar));
}

/** The stretches in which a clock ran. */
class Ran {
  private readonly stretches: { readonly from: number; readonly to: number }[] = [];

  constructor(private readonly calendar: BusinessCalendar) {}

  add(from: number, to: number): void {
    if (to > from) this.stretches.push({ from, to });
  }

  millis(clock: TargetTime['clock']): number {
    return this.stretches.reduce((sum, { from, to }) => sum + passed(this.calendar, clock, from, to), 0);
  }
}

export const MINUTE_MILLIS = 60_000;
const MAX_SPAN_MILLIS = (MAX_CALENDAR_SPAN_DAYS - 1) * 86_400_000;

/** Milliseconds that a clock counts between two moments, the later second. Beyond the longest span that a calendar answers for, a date is damaged: what lies beyond does not count. */
export function passed(calendar: BusinessCalendar, clock: TargetTime['clock'], from: number, to: number): number {
  if (to <= from) return 0;
  return clock === 'elapsed' ? to - from : calendar.businessMillisBetween(from, Math.min(to, from + MAX_SPAN_MILLIS));
}

function clockOf(run: SlaRun, target: SlaTarget, terms: SlaTerms, calendar: BusinessCalendar): SlaClock {
  const ran = new Ran(calendar);
  const thresholds: Threshold[] = [];
  let [last] = run.stretches;
  let standing: ClockStanding = 'running';
  let since = run.startedAt;
  for (const stretch of run.stretches) {
    const phase = phaseOf(target, stretch.stage, terms.pausesOnThirdParty);
    if (phase === 'running') {
      thresholds.push(...within(stretch, target, terms, ran, calendar, thresholds));
      if (stretch.to !== null) ran.add(stretch.from, stretch.to);
    }
    if (phase !== standing || phase === 'running') since = stretch.from;
    standing = phase;
    last = stretch;
    // The response is given once; the resolution may turn out to be none.
    if (phase === 'ended' || (target === 'response' && phase === 'met')) break;
  }
  const time = timeOf(terms, last.priority, target);
  const elapsedMillis = time === null ? 0 : ran.millis(time.clock);
  const { startedAt } = run;
  return {
    run: run.run,
    target,
    startedAt,
    standing,
    priority: last.priority,
    time,
    elapsedMillis,
    since,
    thresholds,
  };
}

function timeOf(terms: SlaTerms, priority: Priority | null, target: SlaTarget): TargetTime | null {
  return priority === null ? null : (terms.targets[priority]?.[target] ?? null);
}

function phaseOf(target: SlaTarget, stage: SlaStage, pausesOnThirdParty: boolean): ClockStanding {
  switch (stage) {
    case 'cancelled':
    case 'merged':
      return 'ended';
    case 'request':
    case 'triage':
      return 'running';
    case 'assigned':
    case 'in-progress':
      return target === 'response' ? 'met' : 'running';
    case 'pending-client':
      return target === 'response' ? 'met' : 'paused';
    case 'pending-third-party':
      if (target === 'response') return 'met';
      return pausesOnThirdParty ? 'paused' : 'running';
    case 'resolved':
    case 'svr-pending':
    case 'closed':
      return 'met';
    default:
      return unreachable(stage);
  }
}

/** The thresholds that pass in a stretch in which the clock runs, beside those that have passed. What falls on its very end has not. */
function within(
  { from, to, priority }: Stretch,
  target: SlaTarget,
  terms: SlaTerms,
  ran: Ran,
  calendar: BusinessCalendar,
  known: readonly Threshold[],
): readonly Threshold[] {
  const time = timeOf(terms, priority, target);
  if (time === null || priority === null || from === to) return [];
  const before = ran.millis(time.clock);
  const open = [...terms.warnAtPercent, BREACH_PERCENT].filter((one) => !known.some(({ percent }) => percent === one));
  return open.flatMap((percent): readonly Threshold[] => {
    const left = (time.minutes * MINUTE_MILLIS * percent) / 100 - before;
    const at = left <= 0 ? from : later(calendar, time.clock, from, left);
    if (at === null || (to !== null && at >= to)) return [];
    return [{ percent, at, priority, time, shown: to !== null }];
  });
}

/** The moment at which a clock that begins at `from` has counted `millis`; null: beyond what a calendar answers for. */
export function later(
  calendar: BusinessCalendar,
  clock: TargetTime['clock'],
  from: number,
  millis: number,
): number | null {
  return clock === 'elapsed' ? from + millis : calendar.addBusinessMillis(from, millis);
}
