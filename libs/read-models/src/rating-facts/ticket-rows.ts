import type { ReadDatabase } from '../database/read-database.js';
import { remember, type FactsMemory } from './memory.js';
import { TICKETS, type TicketRow } from './tables.js';

/** Rows of tickets that stay in memory between two ratings: some 20 MB. Beyond it all are forgotten. */
const MAX_REMEMBERED_TICKETS = 20_000;

/** The rows of tickets, many by one query, and those that were read before from memory. Whoever writes such a row forgets it there. */
export class TicketRows {
  private readonly byIds;
  private readonly byId;

  constructor(
    database: ReadDatabase,
    private readonly memory: FactsMemory,
  ) {
    this.byIds = database.rows(TICKETS, 'WHERE ticket_id IN (SELECT value FROM json_each(?))');
    this.byId = database.rows(TICKETS, 'WHERE ticket_id = ?');
  }

  /** Each once, in the order of the ids. A ticket that is not known is left out. */
  of(ticketIds: Iterable<string>): readonly TicketRow[] {
    const found = new Map<string, TicketRow | undefined>();
    const missing: string[] = [];
    for (const ticketId of ticketIds) {
      if (found.has(ticketId)) continue;
      const known = this.memory.tickets.get(ticketId);
      found.set(ticketId, known);
      if (known === undefined) missing.push(ticketId);
    }
    if (missing.length > 0)
      for (const row of this.byIds.all(JSON.stringify(missing)))
        found.set(row.ticketId, remember(this.memory.tickets, row.ticketId, row, MAX_REMEMBERED_TICKETS));
    return [...found.values()].filter((row) => row !== undefined);
  }

  /** As it is stored now. */
  one(ticketId: string): TicketRow | undefined {
    return this.byId.get(ticketId);
  }
}
