import type { Month } from '@billtrail/kernel';
import type { ReadDatabase } from '../database/read-database.js';
import { knownPeriods } from '../rating-facts/stale-marks.js';

/** A client-period is parked under its own name, anything else is a ticket: its stream. */
const IS_TICKET = "subject <> client_id || ' ' || period";
const PARKED = `SELECT client_id, period FROM parked WHERE model = 'billable-items' AND NOT ${IS_TICKET}`;
const OF_MARKED = 'AND client_id IN (SELECT client_id FROM stale_periods)';

/** Marks what could not be rated, and what goes on from it, to be tried again. */
export class ParkedMarks {
  private readonly markAll;
  private readonly markOfMarked;
  private readonly markTickets;
  private readonly markLater;

  constructor(database: ReadDatabase) {
    this.markAll = database.statement(`INSERT OR IGNORE INTO stale_periods ${PARKED}`);
    this.markOfMarked = database.statement(`INSERT OR IGNORE INTO stale_periods ${PARKED} ${OF_MARKED}`);
    this.markTickets = database.statement(
      `INSERT OR IGNORE INTO stale_tickets SELECT substr(subject, length('ticket-') + 1) FROM parked
       WHERE model = 'billable-items' AND ${IS_TICKET}`,
    );
    this.markLater = database.statement(
      `INSERT OR IGNORE INTO stale_periods ${knownPeriods('client_id = :client AND period > :period')}`,
    );
  }

  /** All of it, or what is of the clients of whom something else is marked. A ticket is marked by all that changes it. */
  parked(isAll: boolean): void {
    if (!isAll) this.markOfMarked.run();
    else for (const statement of [this.markAll, this.markTickets]) statement.run();
  }

  later(client: string, period: Month): void {
    this.markLater.run({ client, period });
  }
}
