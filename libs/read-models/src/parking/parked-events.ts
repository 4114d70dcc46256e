import type { PositionNumber, RecordedEvent } from '@billtrail/event-store';
import type { ReadDatabase } from '../database/read-database.js';
import { integer, table, text, type RowOf } from '../database/table.js';

/**
 * What read models had to pass over: events that this version of Billtrail can't read, each with why. Of the clients whose streams they are on, a read
 * model that passed one over tells nothing more, until a version that can read it makes the rows anew.
 */
export const PARKED_EVENTS = table(
  'parked_events',
  {
    /** The read model that passed it over. */
    model: text(),
    eventId: text(),
    stream: text(),
    version: integer(),
    position: integer<PositionNumber>(),
    /** Why it can't be read. */
    cause: text(),
  },
  { key: ['model', 'eventId'], indexes: { parked_events_by_position: ['position', 'model'] } },
);
export type ParkedRow = RowOf<typeof PARKED_EVENTS>;

/** As the runner writes them: each in the transaction of the rows of its read model. */
export class ParkedEvents {
  private readonly put;
  private readonly remove;
  private readonly rows;
  private readonly onStream;

  constructor(database: ReadDatabase) {
    if (!database.tables().includes(PARKED_EVENTS.name)) for (const sql of PARKED_EVENTS.created) database.exec(sql);
    this.put = database.insert(PARKED_EVENTS, 'OR IGNORE');
    this.remove = database.statement<[string]>('DELETE FROM parked_events WHERE model = ?');
    // Prepared when it is asked: the other table may not be there yet.
    this.onStream = () =>
      database
        .statement<[{ readonly model: string; readonly stream: string }], number>(
          `SELECT EXISTS (
           SELECT 1 FROM parked_events p WHERE p.model = :model AND (p.stream = :stream OR p.stream IN (
             SELECT theirs.stream FROM client_streams of JOIN client_streams theirs USING (client_id) WHERE of.stream = :stream)))`,
        )
        .pluck();
    this.rows = database.rows(PARKED_EVENTS, 'ORDER BY position, model');
  }

  park(model: string, { id, stream, version, position }: RecordedEvent, cause: string): void {
    this.put({ model, eventId: id, stream, version, position, cause });
  }

  /** Whether the read model passed over an event of the stream, or of another one of its clients. */
  isOn(model: string, stream: string): boolean {
    return this.onStream().get({ model, stream }) === 1;
  }

  /** In the order of the log. */
  all(): readonly ParkedRow[] {
    return this.rows.all();
  }

  /** In the transaction that empties the read model. */
  forget(model: string): void {
    this.remove.run(model);
  }
}
