import type { ReadDatabase } from '../database/read-database.js';
import { CROSSED_MERGES } from '../rating-facts/tables.js';

/** A merge without effect: it would have closed a circle. */
export interface CrossedMerge {
  readonly ticketId: string;
  /** Of the event that is to be taken back. */
  readonly eventId: string;
}

/** Which tickets are one: what was merged into what. */
export class TicketMergesQuery {
  constructor(private readonly database: ReadDatabase) {}

  /** The tickets that were merged into this one, also by way of others, by id. */
  async into(ticketId: string): Promise<readonly string[]> {
    return this.database
      .query<[string], { ticketId: string }>(
        'SELECT ticket_id AS ticketId FROM merged_tickets WHERE root = ? ORDER BY ticket_id',
      )
      .all(ticketId)
      .map((row) => row.ticketId);
  }

  /** True where it was merged into another. */
  isMergedNow(ticketId: string): boolean {
    return (
      this.database.query<[string], object>('SELECT 1 FROM merged_tickets WHERE ticket_id = ?').get(ticketId) !==
      undefined
    );
  }

  /** Whether it stands for others as well, which were merged into it. Of one that is merged itself that one tells it. */
  isAnyMergedInto(ticketId: string): boolean {
    return (
      this.database.query<[string], object>('SELECT 1 FROM merged_tickets WHERE root = ?').get(ticketId) !== undefined
    );
  }

  /** The merges that a policy has to take back. */
  async crossed(): Promise<readonly CrossedMerge[]> {
    return this.database.rows(CROSSED_MERGES, 'ORDER BY ticket_id').all();
  }
}
