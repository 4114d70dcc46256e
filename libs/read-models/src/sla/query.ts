import { epochMillis, type Instant, type Minutes } from '@billtrail/kernel';
import { sql, type RawBuilder } from 'kysely';
import { MINUTE_MILLIS, passed, type FindSla, type SlaTarget } from '@billtrail/ticketing';
import { numberOrNull } from '../database/money-columns.js';
import { decodeCursor, encodeCursor, pageLimit, pageOf, type Page, type PageRequest } from '../database/paging.js';
import type { ReadDatabase } from '../database/read-database.js';
import { ServiceLevels } from './contracts.js';
import { slaQueries, type SlaClockRow } from './schema.js';

/**
 * How a target stands. `warned`: it runs, and a share at which the policy warns is used up. `ended`: the ticket was cancelled before the target was
 * met. `none`: the ticket has no such target.
 */
export const SLA_STATES = ['running', 'warned', 'paused', 'breached', 'met', 'ended', 'none'] as const;
export type SlaState = (typeof SLA_STATES)[number];

/** One target of one ticket at a moment. */
export interface SlaStatus {
  readonly ticketId: string;
  /** 1 from the request on, 2 from the first time that the ticket went on after it was closed, and so on. */
  readonly run: number;
  readonly target: SlaTarget;
  readonly state: SlaState;
  readonly clientId: string;
  readonly contractId: string | null;
  readonly contractVersion: number | null;
  readonly policyId: string | null;
  readonly priority: string | null;
  /** null: no target, or none any more for the priority of now. */
  readonly targetMinutes: Minutes | null;
  /** What the minutes are: those of the policy's calendar, or all. */
  readonly clock: 'business' | 'elapsed' | null;
  readonly startedAt: Instant;
  /** Minutes of the clock that have passed, pauses left out; null without a target. */
  readonly elapsedMinutes: Minutes | null;
  /** When it is due, or was; null while the clock stands, and without a target. */
  readonly dueAt: Instant | null;
  /** The largest share at which a warning was due, in percent; null: none yet. */
  readonly warnedAtPercent: number | null;
  /** Why there is no target; null where there is one. */
  readonly why: string | null;
}

export interface SlaFilter {
  readonly clientId?: string | undefined;
  readonly ticketId?: string | undefined;
  readonly state?: SlaState | undefined;
}

/** A ticket of which something is to be recorded. */
export interface DueTicket {
  readonly ticketId: string;
  readonly actsAfter: number;
}

/** Most tickets that are handed out at once. */
const MAX_DUE_TICKETS = 1_000;

const CLOCK_KEY = ['string', 'number', 'string'] as const;

/** How tickets stand against the service levels of their contracts. The moment is an input: nothing here reads a clock. */
export class SlaQuery {
  constructor(private readonly database: ReadDatabase) {}

  /** Tickets of clients that have a contract with service levels, each with its targets, in the order of ticket, run and target, as of `now`. */
  async list(now: Instant, filter: SlaFilter = {}, page: PageRequest = {}): Promise<Page<SlaStatus>> {
    const limit = pageLimit(page);
    const after = decodeCursor('sla', CLOCK_KEY, page.cursor) as [string, number, SlaTarget] | null;
    const at = epochMillis(now);
    const state = stateAt(at);
    let query = slaQueries.selectFrom('sla_clocks').selectAll().select(state.as('state'));
    if (filter.clientId !== undefined) query = query.where('client_id', '=', filter.clientId);
    if (filter.ticketId !== undefined) query = query.where('ticket_id', '=', filter.ticketId);
    if (filter.state !== undefined) query = query.where(state, '=', filter.state);
    if (after) {
      const [ticketId, run, target] = after;
      query = query.where(({ eb, refTuple, tuple }) =>
        eb(refTuple('ticket_id', 'run', 'target'), '>', tuple(ticketId, BigInt(run), target)),
      );
    }
    const rows = this.database.all(
      query
        .orderBy('ticket_id')
        .orderBy('run')
        .orderBy('target')
        .limit(limit + 1),
    );
    const levels = new ServiceLevels(this.database);
    return pageOf(
      rows,
      limit,
      (row) => present(row, at, levels),
      (row) => encodeCursor('sla', [row.ticket_id, Number(row.run), row.target]),
    );
  }

  /** Tickets of which something is to be recorded at `now`, the longest due first; the page after `after`. */
  async due(now: Instant, after: DueTicket | null): Promise<readonly DueTicket[]> {
    let query = slaQueries
      .selectFrom('sla_acts')
      .selectAll()
      .where('acts_after', '<', BigInt(epochMillis(now)));
    if (after) {
      query = query.where(({ eb, refTuple, tuple }) =>
        eb(refTuple('acts_after', 'ticket_id'), '>', tuple(BigInt(after.actsAfter), after.ticketId)),
      );
    }
    const rows = this.database.all(query.orderBy('acts_after').orderBy('ticket_id').limit(MAX_DUE_TICKETS));
    return rows.map((row) => ({ ticketId: row.ticket_id, actsAfter: Number(row.acts_after) }));
  }

  /** Finds service levels by the contracts as they are now; for one round of work, for it remembers them. */
  serviceLevels(): FindSla {
    return new ServiceLevels(this.database).find;
  }
}

/** As a person would say it: a breach stays one, what has ended is no longer late, a clock that stands warns nobody. */
function stateAt(at: number): RawBuilder<SlaState> {
  const now = BigInt(at);
  return sql<SlaState>`CASE
    WHEN standing = 'none' THEN 'none'
    WHEN breach_shown = 1 OR breached_after < ${now} THEN 'breached'
    WHEN standing <> 'running' THEN standing
    WHEN warned_after < ${now} THEN 'warned'
    ELSE 'running' END`;
}

function present(row: SlaClockRow & { readonly state: SlaState }, at: number, levels: ServiceLevels): SlaStatus {
  const warnings = (JSON.parse(row.warnings) as [percent: number, at: number][]).filter(([, after]) => after < at);
  return {
    ticketId: row.ticket_id,
    run: Number(row.run),
    target: row.target,
    state: row.state,
    clientId: row.client_id,
    contractId: row.contract_id,
    contractVersion: numberOrNull(row.contract_version),
    policyId: row.policy_id,
    priority: row.priority,
    targetMinutes: numberOrNull(row.target_minutes),
    clock: row.clock,
    startedAt: instantOf(row.started_at),
    elapsedMinutes: row.clock === null ? null : elapsedMinutes(row, row.clock, at, levels),
    dueAt: row.due_at === null ? null : instantOf(row.due_at),
    warnedAtPercent: warnings.length === 0 ? null : Math.max(...warnings.map(([percent]) => percent)),
    why: row.why,
  };
}

/** Whole minutes until `at`, or until the clock stood. */
function elapsedMinutes(row: SlaClockRow, clock: 'business' | 'elapsed', at: number, levels: ServiceLevels): Minutes {
  const { client_id: clientId, contract_id: contractId, contract_version: version, standing } = row;
  const calendar =
    contractId === null || version === null ? null : levels.calendarOfVersion(clientId, contractId, Number(version));
  const sinceThen = standing !== 'running' || calendar === null ? 0 : passed(calendar, clock, Number(row.since), at);
  return Math.floor((Number(row.elapsed_millis) + sinceThen) / MINUTE_MILLIS);
}

function instantOf(millis: bigint): Instant {
  return new Date(Number(millis)).toISOString();
}
