import type { PositionNumber, RecordedEvent, StreamName } from '@billtrail/event-store';
import type { ReadDatabase } from '../database/read-database.js';
import { flag, integer, table, text, type RowOf } from '../database/table.js';

/**
 * The streams of which read models had to pass over events that this version of Billtrail can't read: the first such event of each, why, and how many there
 * are. Of the clients of such a stream, a read model that passed one over tells nothing more, until the rows are made anew where the event can be read.
 */
export const PARKED_STREAMS = table(
  'parked_streams',
  {
    /** The read model that passed events over. */
    model: text(),
    stream: text(),
    eventId: text(),
    version: integer(),
    position: integer<PositionNumber>(),
    /** With {@link schemaVersion}, what a version must know to read it, unless it is sealed. */
    type: text(),
    schemaVersion: integer(),
    /** The event is known, but the vault lacks the key of the stream. */
    isSealed: flag(),
    /** Why it can't be read. */
    cause: text(),
    /** How many events of the stream were passed over. */
    events: integer(),
  },
  { key: ['model', 'stream'], indexes: { parked_streams_by_stream: ['stream', 'model'] } },
);
export type ParkedRow = RowOf<typeof PARKED_STREAMS>;

/** Where a file has it, an earlier version filled the file, and kept one row for each event. */
const EARLIER = 'parked_events';

/** An event of a stream. */
export interface InStream {
  readonly stream: StreamName;
  readonly version: number;
}

/** A kind of event that is not known, and one event of it. */
export interface NewerEvent extends InStream {
  readonly type: string;
  readonly schemaVersion: number;
}

/** As the runner writes them: each in the transaction of the rows of its read model. */
export class ParkedStreams {
  private readonly put;
  private readonly remove;
  private readonly onStream;

  constructor(private readonly database: ReadDatabase) {
    if (!database.tables().includes(PARKED_STREAMS.name)) for (const sql of PARKED_STREAMS.created) database.exec(sql);
    const insert = PARKED_STREAMS.inserted();
    this.put = database.statement(`${insert} ON CONFLICT (model, stream) DO UPDATE SET events = events + 1`);
    this.remove = database.statement<[string]>('DELETE FROM parked_streams WHERE model = ?');
    // Prepared when it is asked: the other table may not be there yet.
    this.onStream = () =>
      database
        .statement<[{ readonly model: string; readonly stream: string }], number>(
          `SELECT EXISTS (
           SELECT 1 FROM parked_streams p WHERE p.model = :model AND (p.stream = :stream OR p.stream IN (
             SELECT theirs.stream FROM client_streams of JOIN client_streams theirs USING (client_id) WHERE of.stream = :stream)))`,
        )
        .pluck();
  }

  park(
    model: string,
    { id, stream, version, position, type, schemaVersion, sealed }: RecordedEvent,
    cause: string,
  ): void {
    const isSealed = sealed === true;
    const event = { model, stream, eventId: id, version, position, type, schemaVersion, isSealed, cause, events: 1 };
    this.put.run(...PARKED_STREAMS.cells(event));
  }

  /** Whether the read model passed over an event of the stream, or of another one of its clients. */
  isOn(model: string, stream: string): boolean {
    return this.onStream().get({ model, stream }) === 1;
  }

  /** What is not known to this version, or was not: one event of each kind. */
  newer(): readonly NewerEvent[] {
    return this.database
      .statement<[], NewerEvent>(
        `SELECT type, schema_version AS schemaVersion, MIN(stream) AS stream, version FROM parked_streams
         WHERE is_sealed = 0 GROUP BY type, schema_version`,
      )
      .all();
  }

  /** The read models that passed over events of such a kind. */
  modelsWithout({ type, schemaVersion }: NewerEvent): readonly string[] {
    return this.database
      .statement<[string, number], string>(
        'SELECT DISTINCT model FROM parked_streams WHERE is_sealed = 0 AND type = ? AND schema_version = ?',
      )
      .pluck()
      .all(type, schemaVersion);
  }

  /** What is sealed without a key, stream by stream: for each the read models that passed it over. */
  sealed(): readonly (InStream & { readonly model: string })[] {
    return this.database
      .statement<[], InStream & { readonly model: string }>(
        'SELECT model, stream, version FROM parked_streams WHERE is_sealed = 1 ORDER BY stream, model',
      )
      .all();
  }

  /** The read models that an earlier version passed something over in, as it kept it. */
  modelsBefore(): readonly string[] {
    if (!this.database.tables().includes(EARLIER)) return [];
    return this.database.statement<[], string>(`SELECT DISTINCT model FROM ${EARLIER}`).pluck().all();
  }

  /** Once those are emptied. */
  dropBefore(): void {
    this.database.exec(`DROP TABLE IF EXISTS ${EARLIER}`);
  }

  /** In the transaction that empties the read model. */
  forget(model: string): void {
    this.remove.run(model);
  }
}
