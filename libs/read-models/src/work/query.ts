import { type Approval } from '@billtrail/billing';
import type { WorkKind } from '@billtrail/contracts';
import type { ForgoingAct, Instant, LocalDate } from '@billtrail/kernel';
import { streamName, type Position, type PositionNumber } from '@billtrail/event-store';
import type { RulesInForce, TimeEntryFacts, TimeOfEngineer } from '@billtrail/ticketing';
import type { ReadDatabase } from '../database/read-database.js';
import { APPROVALS } from '../approvals/tables.js';
import { conditions } from '../database/list.js';
import { CONFIGURATION, ENGINEER_DAYS, NO_CLIENT, WORK, type WorkRow } from '../rating-facts/tables.js';

/** A piece of live work as somebody approves it. */
export interface RecordedPiece {
  readonly ticketId: string;
  readonly workItemId: string;
  readonly kind: WorkKind;
  /** null: nobody knows yet whose the ticket is. */
  readonly clientId: string | null;
  /** What stands of it: 1 as recorded first, one more with each correction. */
  readonly version: number;
  /** null: it needs no approval. */
  readonly approval: Approval | null;
  readonly workDate: LocalDate;
  readonly quantity: string;
  /** Of time; null: goods. */
  readonly time: (TimeOfEngineer & TimeEntryFacts) | null;
  /** A person set its price. */
  readonly hasOwnPrice: boolean;
  readonly writtenBy: readonly string[];
  readonly recordedAt: Instant;
  /** Somebody asks to void, correct or reject it, and a second person has not decided. */
  readonly isChangeRequested: boolean;
}

export interface WorkFilter {
  readonly clientId?: string | undefined;
  readonly ticketId?: string | undefined;
  readonly engineerId?: string | undefined;
  readonly kind?: WorkKind | undefined;
  /** First and last day of the work. */
  readonly from?: LocalDate | undefined;
  readonly to?: LocalDate | undefined;
}

/** The rules of the configuration, and where it stands in the log. */
export interface RulesPublished extends RulesInForce {
  readonly configuredAt: PositionNumber;
}

/** Where a piece of work is. */
export type WorkPlace = Pick<RecordedPiece, 'ticketId' | 'workItemId'>;

/** A day of an engineer of which something changed. */
export interface EngineerDay {
  readonly engineerId: string;
  readonly workDate: LocalDate;
  readonly changedAt: PositionNumber;
}

/** Which work is there, whose it is, and what was decided on it. */
export class WorkQuery {
  constructor(private readonly database: ReadDatabase) {}

  /** What nobody approved or rejected yet, in the order of day, ticket and id; at most so many pieces. */
  unapprovedNow({ from, to, ...filter }: WorkFilter, limit: number): readonly RecordedPiece[] {
    const { sql, parameters } = conditions(WORK, { ...filter, approval: 'unapproved' });
    return this.database
      .rows(WORK, `WHERE ${sql} AND work_date BETWEEN ? AND ? ORDER BY work_date, ticket_id, work_item_id LIMIT ?`)
      .all(...parameters, from ?? FIRST, to ?? LAST, limit)
      .map((row) => this.pieceOf(row));
  }

  /** The live time entries of an engineer from one day to another. */
  ofEngineerNow(engineerId: string, from: LocalDate, to: LocalDate): readonly TimeOfEngineer[] {
    return this.database
      .rows(WORK, 'WHERE engineer_id = ? AND work_date BETWEEN ? AND ?')
      .all(engineerId, from, to)
      .flatMap((row) => timeOf(row) ?? []);
  }

  /** Live work, as it stands. null: there is none. */
  pieceNow(ticketId: string, workItemId: string): RecordedPiece | null {
    const row = this.database.rows(WORK, 'WHERE ticket_id = ? AND work_item_id = ?').get(ticketId, workItemId);
    return row === undefined ? null : this.pieceOf(row);
  }

  /** The rules by which time needs nobody. null: there are none. */
  approvalRulesNow(): RulesPublished | null {
    const row = this.database.rows(CONFIGURATION, '').get();
    const rules = row?.configuration.approvalRules ?? [];
    if (row === undefined || rules.length === 0) return null;
    return { rules, publishedBy: row.publishedBy, configuredAt: row.position };
  }

  /** Time that nobody approved or rejected yet, so many entries after one. */
  timeWaitingNow(
    after: (WorkPlace & { readonly workDate: LocalDate }) | null,
    limit: number,
  ): readonly RecordedPiece[] {
    const { workDate = FIRST, ticketId = FIRST, workItemId = FIRST } = after ?? {};
    return this.database
      .rows(
        WORK,
        `WHERE approval = 'unapproved' AND kind = 'time' AND not_taken IS NULL AND work_date >= ? AND (work_date, ticket_id, work_item_id) > (?, ?, ?)
         ORDER BY work_date, ticket_id, work_item_id LIMIT ?`,
      )
      .all(workDate, workDate, ticketId, workItemId, limit)
      .map((row) => this.pieceOf(row));
  }

  /** The days of engineers of which something changed after a position, so many after one. */
  daysChangedNow(since: Position, after: EngineerDay | null, limit: number): readonly EngineerDay[] {
    const { changedAt = since.at + 1, engineerId = FIRST, workDate = FIRST } = after ?? {};
    return this.database
      .rows(
        ENGINEER_DAYS,
        'WHERE (changed_at, engineer_id, work_date) > (?, ?, ?) ORDER BY changed_at, engineer_id, work_date LIMIT ?',
      )
      .all(BigInt(changedAt), engineerId, workDate, limit);
  }

  /** Of an engineer, from one day to another. */
  timeWaitingOfEngineerNow(engineerId: string, from: LocalDate, to: LocalDate): readonly RecordedPiece[] {
    return this.database
      .rows(
        WORK,
        "WHERE engineer_id = ? AND work_date BETWEEN ? AND ? AND approval = 'unapproved' AND not_taken IS NULL",
      )
      .all(engineerId, from, to)
      .map((row) => this.pieceOf(row));
  }

  private pieceOf(row: WorkRow): RecordedPiece {
    const { ticketId, workItemId, kind, clientId, approval, quantity, sourceEventIds, writtenBy, recordedAt } = row;
    const { workDate } = row.facts as TimeEntryFacts;
    return {
      ticketId,
      workItemId,
      kind,
      clientId: clientId === NO_CLIENT ? null : clientId,
      version: sourceEventIds.length,
      approval,
      workDate,
      quantity,
      time: timeOf(row),
      hasOwnPrice: row.override !== null,
      writtenBy,
      recordedAt,
      isChangeRequested: this.isChangeRequested(ticketId, workItemId),
    };
  }

  private isChangeRequested(ticketId: string, workItemId: string): boolean {
    const open = this.database.rows(
      APPROVALS,
      'WHERE stream = ? AND act = ? AND target = ? AND ending IS NULL LIMIT 1',
    );
    return CHANGES.some((act) => open.get(streamName('ticket', ticketId), act, workItemId) !== undefined);
  }
}

const FIRST = '';
const LAST = '9999-12-31';

/** What somebody may ask to do with work before it is approved. */
const CHANGES: readonly ForgoingAct[] = ['void-work', 'correct-work', 'reject-work'];

function timeOf({ kind, facts, ticketId, workItemId }: WorkRow): RecordedPiece['time'] {
  return kind === 'time' ? { ...(facts as TimeEntryFacts), ticketId, workItemId } : null;
}
