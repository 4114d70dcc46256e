import type { PositionNumber, RecordedEvent, StreamName } from '@billtrail/event-store';
import type { ReadDatabase } from '../database/read-database.js';
import { integer, table, text, type RowOf } from '../database/table.js';

/** Why it is parked. `unknown`: a newer version recorded it. `sealed`: the vault lacks the key of its stream. `unlifted`: its data are none that any version wrote. `not-taken`: it can be read, and not be reckoned with. `row`: it can be reckoned with, and a row that it concerns can't be read. */
export type WhyParked = 'unknown' | 'sealed' | 'unlifted' | 'not-taken' | 'row';

/** In `subject`: events of the stream were passed over. */
const OF_STREAM = '';
/** In `client_id`: whose stream it is. In `period`: all of them. */
export const ANY = '';
/** In `client_id`: a ticket without a client, alone. */
export const NOBODY = '-';

/**
 * What read models can't tell, and for which event. An event that can't be read, or not be folded, is passed over: of its stream the first one stands here, and how many
 * there are, and of the clients of the stream nothing is told. What was folded and can't be rated parks one client-period, or, where nothing says which, the client.
 */
export const PARKED = table(
  'parked',
  {
    /** The read model that lacks it. */
    model: text(),
    /** What is worked out anew where it can be: a client-period, or a ticket. {@link OF_STREAM}: nothing, for the event was passed over. */
    subject: text(),
    stream: text(),
    clientId: text(),
    period: text(),
    eventId: text(),
    version: integer(),
    position: integer<PositionNumber>(),
    /** With {@link schemaVersion}, what a version must know to read it, unless it is sealed. */
    type: text(),
    schemaVersion: integer(),
    why: text<WhyParked>(),
    /** Why it can't be read or taken. */
    cause: text(),
    /** How many events of the stream were passed over. */
    events: integer(),
  },
  { compared: 'never', key: ['model', 'subject', 'stream'], indexes: { parked_by_stream: ['stream', 'model'] } },
);
export type ParkedRow = RowOf<typeof PARKED>;

/** Where a file has one of them, an earlier version filled the file. */
export const EARLIER_PARKED = ['parked_events', 'parked_streams'];

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

/** Where there is none. */
export function createParked(database: ReadDatabase): void {
  if (!database.tables().includes(PARKED.name)) for (const sql of PARKED.created) database.exec(sql);
}

/** As the runner writes them: each in the transaction of the rows of its read model. */
export class ParkedStreams {
  private readonly put;
  private readonly remove;
  private readonly onStream;

  constructor(private readonly database: ReadDatabase) {
    createParked(database);
    const insert = PARKED.inserted();
    this.put = database.statement(`${insert} ON CONFLICT (model, subject, stream) DO UPDATE SET events = events + 1`);
    this.remove = database.statement<[string]>('DELETE FROM parked WHERE model = ?');
    // Prepared when it is asked: the other table may not be there yet.
    this.onStream = () =>
      database
        .statement<[{ readonly model: string; readonly stream: string }], number>(
          `SELECT EXISTS (
           SELECT 1 FROM parked p WHERE p.model = :model AND p.subject = '${OF_STREAM}' AND (p.stream = :stream OR p.stream IN (
             SELECT theirs.stream FROM client_streams of JOIN client_streams theirs USING (client_id) WHERE of.stream = :stream)))`,
        )
        .pluck();
  }

  park(
    model: string,
    { id, stream, version, position, type, schemaVersion }: RecordedEvent,
    why: WhyParked,
    cause: string,
  ): void {
    const event = { stream, eventId: id, version, position, type, schemaVersion };
    const whom = { subject: OF_STREAM, clientId: ANY, period: ANY };
    this.put.run(...PARKED.cells({ model, ...whom, ...event, why, cause, events: 1 }));
  }

  /** Whether the read model passed over an event of the stream, or of another one of its clients. */
  isOn(model: string, stream: string): boolean {
    return this.onStream().get({ model, stream }) === 1;
  }

  /** What is not known to this version, or was not: one event of each kind. */
  newer(): readonly NewerEvent[] {
    return this.database
      .statement<[], NewerEvent>(
        `SELECT type, schema_version AS schemaVersion, MIN(stream) AS stream, version FROM parked
         WHERE why = 'unknown' GROUP BY type, schema_version`,
      )
      .all();
  }

  /** The read models that passed over events of such a kind. */
  modelsWithout({ type, schemaVersion }: NewerEvent): readonly string[] {
    return this.database
      .statement<[string, number], string>(
        "SELECT DISTINCT model FROM parked WHERE why = 'unknown' AND type = ? AND schema_version = ?",
      )
      .pluck()
      .all(type, schemaVersion);
  }

  /** What is sealed without a key, stream by stream: for each the read models that passed it over. */
  sealed(): readonly (InStream & { readonly model: string })[] {
    return this.because('sealed');
  }

  /** The same of what can't be lifted. */
  unlifted(): readonly (InStream & { readonly model: string })[] {
    return this.because('unlifted');
  }

  private because(why: WhyParked): readonly (InStream & { readonly model: string })[] {
    return this.database
      .statement<[WhyParked], InStream & { readonly model: string }>(
        'SELECT model, stream, version FROM parked WHERE why = ? ORDER BY stream, model',
      )
      .all(why);
  }

  /** The read models that an earlier version passed something over in, as it kept it. */
  modelsBefore(): readonly string[] {
    const tables = this.database.tables().filter((name) => EARLIER_PARKED.includes(name));
    return tables.flatMap((name) =>
      this.database.statement<[], string>(`SELECT DISTINCT model FROM ${name}`).pluck().all(),
    );
  }

  /** In the transaction that empties the read model. */
  forget(model: string): void {
    this.remove.run(model);
  }
}
