import { streamName } from '@billtrail/event-store';
import type { ServiceLevel } from '@billtrail/billing';
import {
  breachOf,
  dueOf,
  runsOf,
  SLA_TARGETS,
  slaActsAfter,
  slaClocksOf,
  type SlaRecord,
  type SlaRun,
  type TimedClock,
} from '@billtrail/ticketing';
import type { ReadDatabase } from '../database/read-database.js';
import { whyNotTaken } from '../parking/not-taken.js';
import { ParkedPeriods } from '../parking/parked-periods.js';
import { ANY, NOBODY } from '../parking/parked-streams.js';
import { FactsReader } from '../rating-facts/facts-reader.js';
import { FactsMemory } from '../rating-facts/memory.js';
import { ToldEvents } from '../rating-facts/told-events.js';
import type { Deriving } from '../runner/projection.js';
import { SlaRecords } from './records.js';
import { ServiceLevels } from './service-levels.js';
import { ACTS, AT_ONCE_MILLIS, CLOCKS, type ClockRow } from './tables.js';

const TICKETS_AT_ONCE = 100;

/** Works out the clocks of stale tickets anew, and when something of them is to be recorded. Each ticket is worked out by itself, from its own rows. */
export class SlaClocks implements Deriving {
  private readonly levels: ServiceLevels;
  private readonly nextStale;
  private readonly done;
  private readonly records: SlaRecords;
  private readonly clear;
  private readonly put;
  private readonly act;
  private readonly rest;

  private readonly told: ToldEvents;
  private readonly notTaken: ParkedPeriods;
  private readonly markAllParked;
  private readonly clientOf;
  private isAnyParked = false;

  constructor(private readonly database: ReadDatabase) {
    this.told = new ToldEvents(database);
    this.notTaken = new ParkedPeriods(database, 'sla');
    this.markAllParked = database.statement(
      "INSERT OR IGNORE INTO stale_clocks SELECT substr(subject, length('ticket-') + 1) FROM parked WHERE model = 'sla'",
    );
    this.clientOf = database
      .statement<[string], string | null>('SELECT client_id FROM tickets WHERE ticket_id = ?')
      .pluck();
    this.levels = new ServiceLevels(new FactsReader(database, FactsMemory.begun(database)));
    this.nextStale = database.statement<[number], string>('SELECT ticket_id FROM stale_clocks LIMIT ?').pluck();
    this.done = database.statement('DELETE FROM stale_clocks WHERE ticket_id = ?');
    this.records = new SlaRecords(database);
    this.clear = database.statement('DELETE FROM sla_clocks WHERE ticket_id = ?');
    this.put = database.insert(CLOCKS);
    this.act = database.insert(ACTS, 'OR REPLACE');
    this.rest = database.statement('DELETE FROM sla_acts WHERE ticket_id = ?');
  }

  markParked(isAll: boolean): void {
    if (isAll) this.markAllParked.run();
  }

  derive(deadline: number, now: () => number): boolean {
    this.isAnyParked = this.notTaken.isAny();
    for (let next = this.nextStale.all(TICKETS_AT_ONCE); next.length > 0; next = this.nextStale.all(TICKETS_AT_ONCE)) {
      for (const ticketId of next) {
        this.tried(ticketId);
        this.done.run(ticketId);
        if (now() >= deadline) return this.nextStale.all(1).length > 0;
      }
    }
    return false;
  }

  private tried(ticketId: string): void {
    const subject = streamName('ticket', ticketId);
    try {
      this.database.nested(() => this.ticket(ticketId));
      if (this.isAnyParked) this.notTaken.taken(subject);
    } catch (error) {
      const found = whyNotTaken(error);
      if (found === null) throw error;
      const clientId = this.clientOf.get(ticketId) ?? NOBODY;
      this.notTaken.park(subject, { clientId, period: ANY, ...found, told: this.told.of(subject, clientId) });
      this.isAnyParked = true;
      this.clear.run(ticketId);
      this.rest.run(ticketId);
    }
  }

  private ticket(ticketId: string): void {
    const record = this.records.of(ticketId);
    const { clientId } = record.subject;
    const clocks = slaClocksOf(record, this.levels.find);
    this.clear.run(ticketId);
    if (clientId !== null && this.levels.areStatedFor(clientId)) {
      for (const clock of clocks) this.put(clockRow(ticketId, clock));
      for (const row of this.without(record, clientId, clocks)) this.put(row);
    }
    const actsAfter = slaActsAfter(record, clocks);
    if (actsAfter === null) this.rest.run(ticketId);
    else this.act({ ticketId, actsAfter: Math.max(actsAfter, AT_ONCE_MILLIS) });
  }

  /** Rows of the runs that have no service level, which say why: an SLA that is missing by mistake must be seen. */
  private without(
    { ticketId, subject, moves }: SlaRecord,
    clientId: string,
    clocks: readonly TimedClock[],
  ): readonly ClockRow[] {
    const timed = new Set(clocks.map(({ run }) => run));
    return runsOf(moves).flatMap((run) => {
      if (timed.has(run.run)) return [];
      const startedAt = new Date(run.startedAt).toISOString();
      const level = this.levels.at({ clientId, contractId: subject.contractId }, startedAt);
      return SLA_TARGETS.map((target) => untimedRow({ ticketId, clientId, target }, run, level));
    });
  }
}

function clockRow(ticketId: string, clock: TimedClock): ClockRow {
  const { run, target, sla, priority, standing, time, startedAt, elapsedMillis, since, thresholds } = clock;
  const breach = breachOf(clock);
  const isUntimed = time === null && breach === null;
  const warnings = thresholds.filter((one) => one !== breach);
  return {
    ticketId,
    run,
    target,
    priority,
    startedAt,
    elapsedMillis,
    since,
    clientId: sla.clientId,
    contractId: sla.contractId,
    contractVersion: sla.contractVersion,
    policyId: sla.terms.id,
    standing: isUntimed ? 'none' : standing,
    why: isUntimed ? whyUntimed(clock) : null,
    targetMinutes: time?.minutes ?? breach?.time.minutes ?? null,
    clock: time?.clock ?? null,
    dueAt: dueOf(clock),
    breachedAfter: breach?.at ?? null,
    breachShown: breach?.shown === true,
    warnedAfter: warnings.length === 0 ? null : Math.min(...warnings.map(({ at }) => at)),
    warnings: warnings.map(({ percent, at }) => [percent, at] as const),
  };
}

function whyUntimed({ priority, target, sla }: TimedClock): string {
  const policy = `policy ${sla.terms.id} of contract ${sla.contractId} version ${sla.contractVersion}`;
  return priority === null
    ? `the ticket has no priority yet, by which ${policy} sets its targets`
    : `${policy} has no ${target} target for priority ${priority}`;
}

function untimedRow(
  named: Pick<ClockRow, 'ticketId' | 'clientId' | 'target'>,
  { run, startedAt, stretches }: SlaRun,
  level: ServiceLevel,
): ClockRow {
  return {
    ...named,
    run,
    startedAt,
    elapsedMillis: 0,
    since: startedAt,
    priority: stretches.at(-1)?.priority ?? null,
    standing: 'none',
    why: level.inForce === null ? level.why : null,
    contractId: null,
    contractVersion: null,
    policyId: null,
    targetMinutes: null,
    clock: null,
    dueAt: null,
    breachedAfter: null,
    breachShown: false,
    warnedAfter: null,
    warnings: [],
  };
}
