import { epochMillis, type Instant, type Minutes } from '@billtrail/kernel';
import type { ContractFacts, SlaBreach } from '@billtrail/billing';
import { MINUTE_MILLIS, breachesBy, passed, slaClocksOf, type FindSla, type SlaTarget } from '@billtrail/ticketing';
import { listed, type Also } from '../database/list.js';
import type { Page, PageRequest } from '../database/paging.js';
import type { ReadDatabase } from '../database/read-database.js';
import { FactsReader, inPlaceOf } from '../rating-facts/facts-reader.js';
import { breachFactsOf } from '../rating-facts/sla-facts.js';
import { SlaRecords } from './records.js';
import { ServiceLevels } from './service-levels.js';
import { ACTS, CLOCKS, type ClockRow } from './tables.js';

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

/** In place of the event that recorded a breach: nothing did. */
const SUPPOSED = 'supposed';

/** Most tickets that are handed out at once. */
const MAX_DUE_TICKETS = 1_000;

/** How tickets stand against the service levels of their contracts. The moment is an input: nothing here reads a clock. */
export class SlaQuery {
  constructor(private readonly database: ReadDatabase) {}

  /** Tickets of clients that have a contract with service levels, each with its targets, in the order of ticket, run and target, as of `now`. */
  async list(now: Instant, filter: SlaFilter = {}, page: PageRequest = {}): Promise<Page<SlaStatus>> {
    const { clientId, ticketId, state } = filter;
    const at = epochMillis(now);
    const levels = new ServiceLevels(new FactsReader(this.database));
    const list = {
      name: 'sla',
      from: CLOCKS,
      order: ['ticketId', 'run', 'target'] as const,
      present: (row: ClockRow) => present(row, at, levels),
    };
    return listed(this.database, list, { clientId, ticketId }, page, state === undefined ? undefined : isIn(state, at));
  }

  /** Tickets of which something is to be recorded at `now`, the longest due first; the page after `after`. */
  async due(now: Instant, after: DueTicket | null): Promise<readonly DueTicket[]> {
    const { actsAfter, ticketId } = after ?? { actsAfter: Number.MIN_SAFE_INTEGER, ticketId: '' };
    return this.database
      .rows(ACTS, 'WHERE acts_after < ? AND (acts_after, ticket_id) > (?, ?) ORDER BY acts_after, ticket_id LIMIT ?')
      .all(BigInt(epochMillis(now)), BigInt(actsAfter), ticketId, MAX_DUE_TICKETS);
  }

  /**
   * The breaches of a client's tickets that would stand at `now`, once the policy has looked, were these contracts in force in place of those with their
   * ids. null: no contract has service levels, now or then.
   */
  async breachesIf(
    clientId: string,
    supposed: readonly ContractFacts[],
    now: Instant,
  ): Promise<readonly SlaBreach[] | null> {
    return this.database.snapshot(() => {
      const facts = new FactsReader(this.database);
      const recorded = new ServiceLevels(facts);
      const contracts = { ofClient: (id: string) => inPlaceOf(facts.contracts.ofClient(id), supposed) };
      const levels = new ServiceLevels({ client: (id) => facts.client(id), contracts });
      if (!recorded.areStatedFor(clientId) && !levels.areStatedFor(clientId)) return null;
      const records = new SlaRecords(this.database);
      return records.ticketsOf(clientId).flatMap((ticketId) => {
        const record = records.of(ticketId);
        const breaches = breachesBy(record, slaClocksOf(record, levels.find), now);
        return breaches
          .filter((one) => one.facts.clientId === clientId)
          .map((one) => breachFactsOf(one.facts, one.eventId ?? SUPPOSED));
      });
    });
  }

  /** Finds service levels by the contracts as they are now; for one round of work, for it remembers them. */
  serviceLevels(): FindSla {
    return new ServiceLevels(new FactsReader(this.database)).find;
  }
}

/** As a person would say it: a breach stays one, what has ended is no longer late, a clock that stands warns nobody. */
function stateOf({ standing, breachShown, breachedAfter, warnedAfter }: ClockRow, at: number): SlaState {
  if (standing === 'none') return 'none';
  if (breachShown || (breachedAfter !== null && breachedAfter < at)) return 'breached';
  if (standing !== 'running') return standing;
  return warnedAfter !== null && warnedAfter < at ? 'warned' : 'running';
}

/** The rows of one {@link stateOf}. */
function isIn(state: SlaState, at: number): Also {
  const breached = 'breach_shown = 1 OR breached_after < ?';
  return {
    sql: `CASE WHEN standing = 'none' THEN 'none' WHEN ${breached} THEN 'breached' WHEN standing <> 'running' THEN standing
      WHEN warned_after < ? THEN 'warned' ELSE 'running' END = ?`,
    parameters: [BigInt(at), BigInt(at), state],
  };
}

function present(row: ClockRow, at: number, levels: ServiceLevels): SlaStatus {
  const { ticketId, run, target, clientId, contractId, contractVersion, policyId, priority, targetMinutes } = row;
  const { clock, dueAt, warnings, why } = row;
  const percents = warnings.flatMap(([percent, after]) => (after < at ? [percent] : []));
  return {
    ticketId,
    run,
    target,
    clientId,
    contractId,
    contractVersion,
    policyId,
    priority,
    targetMinutes,
    clock,
    why,
    state: stateOf(row, at),
    startedAt: instantOf(row.startedAt),
    elapsedMinutes: clock === null ? null : elapsedMinutes(row, clock, at, levels),
    dueAt: dueAt === null ? null : instantOf(dueAt),
    warnedAtPercent: percents.length === 0 ? null : Math.max(...percents),
  };
}

/** Whole minutes until `at`, or until the clock stood. */
function elapsedMinutes(row: ClockRow, clock: 'business' | 'elapsed', at: number, levels: ServiceLevels): Minutes {
  const { clientId, contractId, contractVersion: version, standing, since, elapsedMillis } = row;
  const calendar =
    contractId === null || version === null ? null : levels.calendarOfVersion(clientId, contractId, version);
  const sinceThen = standing !== 'running' || calendar === null ? 0 : passed(calendar, clock, since, at);
  return Math.floor((elapsedMillis + sinceThen) / MINUTE_MILLIS);
}

function instantOf(millis: number): Instant {
  return new Date(millis).toISOString();
}
