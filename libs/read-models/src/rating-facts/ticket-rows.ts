import type { ReadDatabase } from '../database/read-database.js';
import type { TicketRow } from './schema.js';

/** Rows of tickets that stay in memory between two ratings: some 20 MB. Beyond it all are forgotten. */
const MAX_REMEMBERED_TICKETS = 20_000;

/** The rows of tickets, many by one query, and those that were read before from memory. Whoever writes such a row tells it here. */
export class TicketRows {
  private readonly remembered = new Map<string, TicketRow>();
  private readonly byIds;
  private readonly byId;

  constructor(database: ReadDatabase) {
    this.byIds = database.statement<[string], TicketRow>(
      'SELECT * FROM tickets WHERE ticket_id IN (SELECT value FROM json_each(?))',
    );
    this.byId = database.statement<[string], TicketRow>('SELECT * FROM tickets WHERE ticket_id = ?');
  }

  /** Each once, in the order of the ids. A ticket that is not known is left out. Their `resolved_on` may be of before the last settlement. */
  of(ticketIds: Iterable<string>): readonly TicketRow[] {
    const found = new Map<string, TicketRow | undefined>();
    const missing: string[] = [];
    for (const ticketId of ticketIds) {
      if (found.has(ticketId)) continue;
      const known = this.remembered.get(ticketId);
      found.set(ticketId, known);
      if (known === undefined) missing.push(ticketId);
    }
    if (missing.length > 0) {
      for (const row of this.byIds.iterate(JSON.stringify(missing))) {
        found.set(row.ticket_id, row);
        this.remember(row);
      }
    }
    return [...found.values()].filter((row) => row !== undefined);
  }

  /** As it is stored now. */
  one(ticketId: string): TicketRow | undefined {
    return this.byId.get(ticketId);
  }

  changed(ticketId: string): void {
    this.remembered.delete(ticketId);
  }

  private remember(row: TicketRow): void {
    if (this.remembered.size >= MAX_REMEMBERED_TICKETS) this.remembered.clear();
    this.remembered.set(row.ticket_id, row);
  }
}
