import type { SlaBreached, SlaRecord, SlaWarned } from '@billtrail/ticketing';
import type { ReadDatabase } from '../database/read-database.js';
import { MOVES, SLA_RECORDS, TICKETS, UNKNOWN_PRIORITY } from '../rating-facts/tables.js';

/** Tickets as far as their SLA goes, from their rows. */
export class SlaRecords {
  private readonly stored;
  private readonly moves;
  private readonly records;
  private readonly ofClient;

  constructor(database: ReadDatabase) {
    this.stored = database.rows(TICKETS, 'WHERE ticket_id = ?');
    this.moves = database.rows(MOVES, 'WHERE ticket_id = ? ORDER BY position');
    this.records = database.rows(SLA_RECORDS, 'WHERE ticket_id = ? ORDER BY position');
    this.ofClient = database
      .statement<[string], string>('SELECT ticket_id FROM tickets WHERE client_id = ? ORDER BY ticket_id')
      .pluck();
  }

  ticketsOf(clientId: string): readonly string[] {
    return this.ofClient.all(clientId);
  }

  of(ticketId: string): SlaRecord {
    const { clientId = null, contractId = null } = this.stored.get(ticketId) ?? {};
    const records = this.records.all(ticketId);
    return {
      ticketId,
      subject: { clientId, contractId },
      moves: this.moves.all(ticketId).map(({ at, stage, priority }) => {
        if (priority === null) return { at, stage };
        return { at, stage, priority: priority === UNKNOWN_PRIORITY ? null : priority };
      }),
      breaches: records.flatMap(({ type, eventId, facts }) =>
        type === 'SlaBreached' ? [{ eventId, facts: facts as SlaBreached['data'] }] : [],
      ),
      warnings: records.flatMap(({ type, facts }) => (type === 'SlaWarned' ? [facts as SlaWarned['data']] : [])),
    };
  }
}
