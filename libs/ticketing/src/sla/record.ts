import { epochMillis, localDateIn, type BusinessCalendar, type Instant, type TimeZone } from '@billtrail/kernel';
import type { Classification } from '../classification.js';
import type { TicketEvent } from '../events.js';
import { sameData } from '../same-data.js';
import { UNCLASSIFIED } from '../state.js';
import {
  BREACH_PERCENT,
  MINUTE_MILLIS,
  clocksOf,
  later,
  type SlaClock,
  type SlaTerms,
  type Threshold,
} from './clock.js';
import type { SlaBreached, SlaBreachWithdrawn, SlaFacts, SlaWarned } from './events.js';
import { moveOf, type SlaMove } from './moves.js';
import { runsOf } from './runs.js';

/** The service level of a contract version that a run of a ticket has. */
export interface SlaInForce {
  readonly clientId: string;
  readonly contractId: string;
  readonly contractVersion: number;
  /** Of the contract: its days are days here. */
  readonly timeZone: TimeZone;
  readonly terms: SlaTerms;
  /** Of the terms; made once for many tickets, for it remembers the days that it has worked out. */
  readonly calendar: BusinessCalendar;
}

/** What of a ticket's classification finds its contract. */
export type SlaSubject = Pick<Classification, 'clientId' | 'contractId'>;

/** Which service level a ticket has from an instant on; null: none. */
export type FindSla = (subject: SlaSubject, startedAt: Instant) => SlaInForce | null;

/** A breach that is recorded and was not withdrawn. */
export interface StandingBreach {
  readonly eventId: string;
  readonly facts: SlaBreached['data'];
}

/** A ticket as far as its SLA goes, folded from its stream. */
export interface SlaRecord {
  readonly ticketId: string;
  /** As it is classified now. */
  readonly subject: SlaSubject;
  readonly moves: readonly SlaMove[];
  readonly breaches: readonly StandingBreach[];
  readonly warnings: readonly Pick<SlaWarned['data'], 'run' | 'target' | 'percent'>[];
}

/** A clock with the service level that it goes by. */
export interface TimedClock extends SlaClock {
  readonly sla: SlaInForce;
}

/** An SLA event to be recorded as soon as it is later than `after` (milliseconds since 1970). */
interface Pending<Event extends SlaBreached | SlaWarned> {
  readonly after: number;
  readonly event: Event;
}

export type SlaEvent = SlaWarned | SlaBreached | SlaBreachWithdrawn;

/** Folds the events of a ticket's stream, in the order of the log. */
export function slaRecordOf(ticketId: string, events: Iterable<TicketEvent & { readonly id: string }>): SlaRecord {
  let subject: SlaSubject = UNCLASSIFIED;
  const moves: SlaMove[] = [];
  const breaches = new Map<string, StandingBreach>();
  const warnings: SlaWarned['data'][] = [];
  for (const event of events) {
    const move = moveOf(event);
    if (move !== null) moves.push(move);
    switch (event.type) {
      case 'TicketRequested':
      case 'TicketTriaged':
      case 'TicketReclassified':
        subject = event.data;
        break;
      case 'SlaBreached':
        breaches.set(event.id, { eventId: event.id, facts: event.data });
        break;
      case 'SlaBreachWithdrawn':
        breaches.delete(event.data.breachEventId);
        break;
      case 'SlaWarned':
        warnings.push(event.data);
        break;
      default:
    }
  }
  return { ticketId, subject, moves, breaches: [...breaches.values()], warnings };
}

/** The clocks of a ticket: for each run that has a service level, one for each target. */
export function slaClocksOf(record: SlaRecord, find: FindSla): readonly TimedClock[] {
  return runsOf(record.moves).flatMap((run) => {
    const sla = find(record.subject, instantOf(run.startedAt));
    return sla === null ? [] : clocksOf(run, sla.terms, sla.calendar).map((clock) => ({ ...clock, sla }));
  });
}

/**
 * What is to be recorded of a ticket now: breaches and warnings that have passed and are not recorded, and the withdrawal of breaches that the facts no
 * longer support, with the breach as it is now after it. Carried out, it answers nothing for the same `now`.
 */
export function decideSla(record: SlaRecord, clocks: readonly TimedClock[], now: Instant): readonly SlaEvent[] {
  const at = epochMillis(now);
  const wanted = clocks.map((clock) => ({ clock, breach: pendingBreach(record, clock) }));
  const due = wanted.flatMap(({ breach }) => (breach !== null && breach.after < at ? [breach.event] : []));
  const withdrawn = unsupported(record, wanted).map((one): SlaBreachWithdrawn => {
    const { ticketId, run, target } = one.facts;
    const reason = whyWithdrawn(one, due, clocks);
    return {
      type: 'SlaBreachWithdrawn',
      data: { ticketId, run, target, breachEventId: one.eventId, reason },
      occurredAt: now,
    };
  });
  const breached = due.filter((event) => !isRecorded(record, event));
  const warned = wanted
    .filter(({ breach }) => breach === null || breach.after >= at)
    .flatMap(({ clock }) => pendingWarnings(record, clock))
    .filter(({ after }) => after < at);
  return [...withdrawn, ...breached, ...warned.map(({ event }) => event)];
}

/** The breaches that stand at `now` once all that {@link decideSla} answers is recorded. Those to come have no event yet: null. */
export function breachesBy(
  record: SlaRecord,
  clocks: readonly TimedClock[],
  now: Instant,
): readonly { readonly eventId: string | null; readonly facts: SlaBreached['data'] }[] {
  const decided = decideSla(record, clocks, now);
  const withdrawn = new Set(
    decided.flatMap((event) => (event.type === 'SlaBreachWithdrawn' ? [event.data.breachEventId] : [])),
  );
  return [
    ...record.breaches.filter(({ eventId }) => !withdrawn.has(eventId)),
    ...decided.flatMap((event) => (event.type === 'SlaBreached' ? [{ eventId: null, facts: event.data }] : [])),
  ];
}

/**
 * The instant after which {@link decideSla} has something to record, in milliseconds since 1970, where nothing else happens; -Infinity: at once; null:
 * never.
 */
export function slaActsAfter(record: SlaRecord, clocks: readonly TimedClock[]): number | null {
  const wanted = clocks.map((clock) => ({ clock, breach: pendingBreach(record, clock) }));
  if (unsupported(record, wanted).length > 0) return -Infinity;
  const open = wanted.filter(({ breach }) => breach === null || !isRecorded(record, breach.event));
  const afters = open.flatMap(({ clock, breach }): readonly number[] => [
    ...(breach === null ? [] : [breach.after]),
    ...pendingWarnings(record, clock).map(({ after }) => after),
  ]);
  return afters.length === 0 ? null : Math.min(...afters);
}

type Wanted = readonly { readonly clock: TimedClock; readonly breach: Pending<SlaBreached> | null }[];

function isRecorded(record: SlaRecord, { data }: SlaBreached): boolean {
  return record.breaches.some(({ facts }) => sameData(facts, data));
}

/** Recorded breaches that no clock comes to, neither yet nor ever. */
function unsupported(record: SlaRecord, wanted: Wanted): readonly StandingBreach[] {
  return record.breaches.filter(
    ({ facts }) => !wanted.some(({ breach }) => breach !== null && sameData(facts, breach.event.data)),
  );
}

function whyWithdrawn(
  { facts }: StandingBreach,
  due: readonly SlaBreached[],
  clocks: readonly TimedClock[],
): SlaBreachWithdrawn['data']['reason'] {
  const isOf = ({ run, target }: Pick<SlaFacts, 'run' | 'target'>): boolean =>
    run === facts.run && target === facts.target;
  if (due.some(({ data }) => isOf(data))) return 'restated';
  return clocks.some((clock) => isOf(clock) && clock.time !== null) ? 'in-time' : 'no-sla';
}

function factsOf({ ticketId }: SlaRecord, clock: TimedClock, { priority, time }: Threshold): SlaFacts {
  const { clientId, contractId, contractVersion, terms } = clock.sla;
  return {
    ticketId,
    clientId,
    contractId,
    contractVersion,
    policyId: terms.id,
    target: clock.target,
    run: clock.run,
    priority,
    targetMinutes: time.minutes,
    clock: time.clock,
  };
}

function pendingBreach(record: SlaRecord, clock: TimedClock): Pending<SlaBreached> | null {
  const breach = breachOf(clock);
  if (breach === null) return null;
  const dueAt = instantOf(breach.at);
  const data = { ...factsOf(record, clock, breach), dueAt, breachedOn: localDateIn(clock.sla.timeZone, dueAt) };
  return { after: afterOf(breach), event: { type: 'SlaBreached', data, occurredAt: dueAt } };
}

/** None for a clock that has come to its end, or past its due instant: nobody can act on them. */
function pendingWarnings(record: SlaRecord, clock: TimedClock): readonly Pending<SlaWarned>[] {
  const breach = breachOf(clock);
  if (clock.standing === 'met' || clock.standing === 'ended' || breach?.shown === true) return [];
  return clock.thresholds.flatMap((threshold): readonly Pending<SlaWarned>[] => {
    const { percent } = threshold;
    const isKnown = record.warnings.some(
      (one) => one.run === clock.run && one.target === clock.target && one.percent === percent,
    );
    if (percent === BREACH_PERCENT || isKnown) return [];
    const dueAt = breach === null ? null : instantOf(breach.at);
    const data = { ...factsOf(record, clock, threshold), percent, dueAt };
    return [{ after: afterOf(threshold), event: { type: 'SlaWarned', data, occurredAt: instantOf(threshold.at) } }];
  });
}

function afterOf({ at, shown }: Threshold): number {
  return shown ? -Infinity : at;
}

/** The threshold at which the target is breached, passed or ahead; null: it is met in time, or stands. */
export function breachOf({ thresholds }: Pick<SlaClock, 'thresholds'>): Threshold | null {
  return thresholds.find(({ percent }) => percent === BREACH_PERCENT) ?? null;
}

/**
 * When the clock's target is or was due, in milliseconds since 1970; of one that was met in time, when it would have been had the clock gone on. null: it
 * has none, or stands.
 */
export function dueOf({ thresholds, time, standing, elapsedMillis, since, sla }: TimedClock): number | null {
  const breach = breachOf({ thresholds });
  if (breach !== null) return breach.at;
  if (time === null || standing !== 'met') return null;
  return later(sla.calendar, time.clock, since, Math.max(0, time.minutes * MINUTE_MILLIS - elapsedMillis));
}

function instantOf(millis: number): Instant {
  return new Date(millis).toISOString();
}
