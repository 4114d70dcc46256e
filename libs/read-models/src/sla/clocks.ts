import type { ServiceLevel } from '@billtrail/billing';
import {
  breachOf,
  dueOf,
  runsOf,
  SLA_TARGETS,
  slaActsAfter,
  slaClocksOf,
  type Priority,
  type SlaBreached,
  type SlaMove,
  type SlaRecord,
  type SlaRun,
  type SlaTarget,
  type SlaWarned,
  type TimedClock,
} from '@billtrail/ticketing';
import type { ReadDatabase } from '../database/read-database.js';
import type { ServiceLevels } from './contracts.js';
import { AT_ONCE_MILLIS, UNKNOWN_PRIORITY } from './schema.js';

const TICKETS_AT_ONCE = 100;
const CLOCK_COLUMNS = 20;

interface MoveRow {
  at: number;
  stage: SlaMove['stage'];
  priority: string | null;
}
type RecordRow =
  | { readonly type: 'SlaBreached'; readonly event_id: string; readonly facts: string }
  | { readonly type: 'SlaWarned'; readonly event_id: string; readonly facts: string };

type Cells = readonly (string | number | null)[];

/** Works out the clocks of stale tickets anew, and when something of them is to be recorded. Each ticket is worked out by itself, from its own rows. */
export class SlaSettlement {
  private readonly nextStale;
  private readonly done;
  private readonly subject;
  private readonly moves;
  private readonly records;
  private readonly clear;
  private readonly put;
  private readonly act;
  private readonly rest;

  constructor(
    database: ReadDatabase,
    private readonly levels: ServiceLevels,
    private readonly isTracked: (clientId: string) => boolean,
  ) {
    this.nextStale = database.statement<[number], string>('SELECT ticket_id FROM sla_stale LIMIT ?').pluck();
    this.done = database.statement('DELETE FROM sla_stale WHERE ticket_id = ?');
    this.subject = database.statement<[string], { clientId: string | null; contractId: string | null }>(
      'SELECT client_id AS clientId, contract_id AS contractId FROM sla_subjects WHERE ticket_id = ?',
    );
    this.moves = database.statement<[string], MoveRow>(
      'SELECT at, stage, priority FROM sla_moves WHERE ticket_id = ? ORDER BY position',
    );
    this.records = database.statement<[string], RecordRow>(
      'SELECT type, event_id, facts FROM sla_records WHERE ticket_id = ? ORDER BY position',
    );
    this.clear = database.statement('DELETE FROM sla_clocks WHERE ticket_id = ?');
    this.put = database.statement(`INSERT INTO sla_clocks VALUES (?${', ?'.repeat(CLOCK_COLUMNS - 1)})`);
    this.act = database.statement('INSERT OR REPLACE INTO sla_acts VALUES (?, ?)');
    this.rest = database.statement('DELETE FROM sla_acts WHERE ticket_id = ?');
  }

  /** Until the deadline. True while tickets are left. */
  run(deadline: number, now: () => number): boolean {
    for (let next = this.nextStale.all(TICKETS_AT_ONCE); next.length > 0; next = this.nextStale.all(TICKETS_AT_ONCE)) {
      for (const ticketId of next) {
        this.ticket(ticketId);
        this.done.run(ticketId);
        if (now() >= deadline) return this.nextStale.all(1).length > 0;
      }
    }
    return false;
  }

  private ticket(ticketId: string): void {
    const record = this.recordOf(ticketId);
    const { clientId } = record.subject;
    const clocks = slaClocksOf(record, this.levels.find);
    this.clear.run(ticketId);
    if (clientId !== null && this.isTracked(clientId)) {
      for (const clock of clocks) this.put.run(...clockCells(ticketId, clock));
      for (const cells of this.without(record, clientId, clocks)) this.put.run(...cells);
    }
    const actsAfter = slaActsAfter(record, clocks);
    if (actsAfter === null) this.rest.run(ticketId);
    else this.act.run(ticketId, Math.max(actsAfter, AT_ONCE_MILLIS));
  }

  private recordOf(ticketId: string): SlaRecord {
    const records = this.records.all(ticketId);
    return {
      ticketId,
      subject: this.subject.get(ticketId) ?? { clientId: null, contractId: null },
      moves: this.moves.all(ticketId).map(moveOfRow),
      breaches: records.flatMap(({ type, event_id: eventId, facts }) =>
        type === 'SlaBreached' ? [{ eventId, facts: JSON.parse(facts) as SlaBreached['data'] }] : [],
      ),
      warnings: records.flatMap(({ type, facts }) =>
        type === 'SlaWarned' ? [JSON.parse(facts) as SlaWarned['data']] : [],
      ),
    };
  }

  /** Rows of the runs that have no service level, which say why: an SLA that is missing by mistake must be seen. */
  private without({ ticketId, subject, moves }: SlaRecord, clientId: string, clocks: readonly TimedClock[]): Cells[] {
    const timed = new Set(clocks.map(({ run }) => run));
    return runsOf(moves).flatMap((run) => {
      if (timed.has(run.run)) return [];
      const startedAt = new Date(run.startedAt).toISOString();
      const level = this.levels.at({ clientId, contractId: subject.contractId }, startedAt);
      return SLA_TARGETS.map((target) => untimedCells(ticketId, clientId, run, target, level));
    });
  }
}

function moveOfRow({ at, stage, priority }: MoveRow): SlaMove {
  if (priority === null) return { at, stage };
  return { at, stage, priority: priority === UNKNOWN_PRIORITY ? null : (priority as Priority) };
}

function clockCells(ticketId: string, clock: TimedClock): Cells {
  const { run, target, sla, priority, standing, time, startedAt, elapsedMillis, since, thresholds } = clock;
  const breach = breachOf(clock);
  const isUntimed = time === null && breach === null;
  const warnings = thresholds.filter((one) => one !== breach);
  return [
    ticketId,
    run,
    target,
    sla.clientId,
    sla.contractId,
    sla.contractVersion,
    sla.terms.id,
    priority,
    isUntimed ? 'none' : standing,
    isUntimed ? whyUntimed(clock) : null,
    time?.minutes ?? breach?.time.minutes ?? null,
    time?.clock ?? null,
    startedAt,
    elapsedMillis,
    since,
    dueOf(clock),
    breach?.at ?? null,
    breach?.shown === true ? 1 : 0,
    warnings.length === 0 ? null : Math.min(...warnings.map(({ at }) => at)),
    JSON.stringify(warnings.map(({ percent, at }) => [percent, at])),
  ];
}

function whyUntimed({ priority, target, sla }: TimedClock): string {
  const policy = `policy ${sla.terms.id} of contract ${sla.contractId} version ${sla.contractVersion}`;
  return priority === null
    ? `the ticket has no priority yet, by which ${policy} sets its targets`
    : `${policy} has no ${target} target for priority ${priority}`;
}

function untimedCells(
  ticketId: string,
  clientId: string,
  { run, startedAt, stretches }: SlaRun,
  target: SlaTarget,
  level: ServiceLevel,
): Cells {
  const why = level.inForce === null ? level.why : null;
  const priority = stretches.at(-1)?.priority ?? null;
  const none = [null, null, startedAt, 0, startedAt, null, null, 0, null, '[]'] as const;
  return [ticketId, run, target, clientId, null, null, null, priority, 'none', why, ...none];
}
