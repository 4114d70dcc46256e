import { type Approval } from '@billtrail/billing';
import type { WorkKind } from '@billtrail/contracts';
import type { Instant, LocalDate } from '@billtrail/kernel';
import type { TimeEntryFacts, TimeOfEngineer } from '@billtrail/ticketing';
import type { ReadDatabase } from '../database/read-database.js';
import { conditions } from '../database/list.js';
import { NO_CLIENT, WORK, type WorkRow } from '../rating-facts/tables.js';

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
  readonly time: TimeOfEngineer | null;
  readonly writtenBy: readonly string[];
  readonly recordedAt: Instant;
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

/** Which work is there, whose it is, and what was decided on it. */
export class WorkQuery {
  constructor(private readonly database: ReadDatabase) {}

  /** What nobody approved or rejected yet, in the order of day, ticket and id; at most so many pieces. */
  unapprovedNow({ from, to, ...filter }: WorkFilter, limit: number): readonly RecordedPiece[] {
    const { sql, parameters } = conditions(WORK, { ...filter, approval: 'unapproved' });
    return this.database
      .rows(WORK, `WHERE ${sql} AND work_date BETWEEN ? AND ? ORDER BY work_date, ticket_id, work_item_id LIMIT ?`)
      .all(...parameters, from ?? FIRST, to ?? LAST, limit)
      .map(pieceOf);
  }

  /** The live time entries of an engineer from one day to another. */
  ofEngineerNow(engineerId: string, from: LocalDate, to: LocalDate): readonly TimeOfEngineer[] {
    return this.database
      .rows(WORK, 'WHERE engineer_id = ? AND work_date BETWEEN ? AND ?')
      .all(engineerId, from, to)
      .flatMap((row) => pieceOf(row).time ?? []);
  }
}

const FIRST = '';
const LAST = '9999-12-31';

function pieceOf(row: WorkRow): RecordedPiece {
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
    time: kind === 'time' ? timeOf(row) : null,
    writtenBy,
    recordedAt,
  };
}

function timeOf({ ticketId, workItemId, facts }: WorkRow): TimeOfEngineer {
  const { engineerId, workDate, minutes, startedAt, endedAt } = facts as TimeEntryFacts;
  return { ticketId, workItemId, engineerId, workDate, minutes, startedAt, endedAt };
}
