import { Position, type PositionNumber, type StreamName } from '@billtrail/event-store';
import { decodeCursor, encodeCursor, pageLimit, pageOf, type Page, type PageRequest } from '../database/paging.js';
import { WHOSE_STREAMS } from '../client-streams/tables.js';
import type { ReadDatabase } from '../database/read-database.js';
import { OF_MODELS, Parked, type About, type Models } from './parked.js';
import { PARKED_STREAMS, type ParkedRow } from './parked-streams.js';

/** A stream of which events were passed over: the first of them, and what can't be told for it. */
export interface ParkedStream extends Pick<ParkedRow, 'stream' | 'eventId' | 'version' | 'cause' | 'events'> {
  readonly position: Position;
  /** The read models that tell nothing of its clients for it. None: no figure rests on such a stream, and nobody is parked. */
  readonly readModels: readonly string[];
  /** Whose stream it is; none: nothing says whom it concerns, so these read models tell nothing at all. */
  readonly clients: readonly string[];
}

/** What was passed over, as far as everyone may know it. */
export interface ParkedInShort {
  readonly streams: number;
  /** Of the first event that was passed over. */
  readonly oldest: Position;
  readonly cause: string;
}

const LIST = 'parked-streams';
const NEWER = 'a newer version of Billtrail recorded events that this one can not read';
const SEALED = 'the vault does not hold keys of streams that fit';

const IS_ANY = 'SELECT EXISTS (SELECT 1 FROM parked_streams)';
const WHO = `SELECT DISTINCT s.client_id FROM parked_streams p LEFT JOIN client_streams s ON s.stream = p.stream
  WHERE ${OF_MODELS}`;
const IN_SHORT = `SELECT MIN(position) AS position, event_id AS eventId, COUNT(DISTINCT stream) AS streams,
  SUM(is_sealed) AS sealed, COUNT(*) AS entries FROM parked_streams`;
const STREAMS = `SELECT stream, MIN(position) AS position FROM parked_streams
  GROUP BY stream HAVING MIN(position) > ? ORDER BY 2 LIMIT ?`;
const THEIR_CLIENTS = `SELECT stream, client_id AS clientId FROM client_streams
  WHERE stream IN (SELECT value FROM json_each(?)) ORDER BY client_id`;

/** Of whom the read models know all, as far as it was recorded in a way that this version can read. */
export class Known {
  private readonly isAny;
  /** What was found last, and for which state of the rows. */
  private last: { readonly state: string; readonly parked: Parked } | null = null;

  constructor(
    private readonly database: ReadDatabase,
    /** Those whose rows a question reads, as far as they are folded from the log. null: all. */
    private readonly models: Models = null,
  ) {
    this.isAny = database.statement<[], number>(IS_ANY).pluck();
  }

  /** The same as far as the rows of some read models go. */
  of(...models: readonly string[]): Known {
    return new Known(this.database, JSON.stringify(models));
  }

  /** Of whom not all is known now: asked once for all that one answer is about. */
  now(): Parked {
    if (this.isAny.get() === 0) return new Parked(this.database, this.models, []);
    const state = this.database.state();
    if (state !== null && this.last?.state === state) return this.last.parked;
    const who = this.database.statement<[object], string | null>(WHO).pluck().all({ models: this.models });
    const parked = new Parked(this.database, this.models, who);
    this.last = state === null ? null : { state, parked };
    return parked;
  }

  /** @throws NotKnown where that which is asked about is of a client of whom not all is known, or may be */
  check(about: About): void {
    this.now().check(about);
  }

  /** null: nothing was passed over. */
  parkedInShort(): ParkedInShort | null {
    if (this.isAny.get() === 0) return null;
    const { eventId, position, streams, sealed, entries } = this.database
      .statement<
        [],
        {
          readonly eventId: string;
          readonly position: PositionNumber;
          readonly streams: number;
          readonly sealed: number;
          readonly entries: number;
        }
      >(IN_SHORT)
      .get()!;
    const causes = [...(sealed < entries ? [NEWER] : []), ...(sealed > 0 ? [SEALED] : [])];
    return { streams, oldest: Position.of({ id: eventId, position }), cause: causes.join('; ') };
  }

  /** The streams of which events were passed over, in the order of the first of them. */
  parkedStreams(page: PageRequest = {}): Page<ParkedStream> {
    const limit = pageLimit(page);
    const [after] = decodeCursor(LIST, ['number'], page.cursor) ?? [0];
    const found = this.database
      .statement<[number, number], { readonly stream: StreamName; readonly position: number }>(STREAMS)
      .all(Number(after), limit + 1);
    const streams = JSON.stringify(found.map(({ stream }) => stream));
    const rows = this.database
      .rows(PARKED_STREAMS, 'WHERE stream IN (SELECT value FROM json_each(?)) ORDER BY position, model')
      .all(streams);
    const clients = this.database
      .query<[string], { readonly stream: StreamName; readonly clientId: string }>(THEIR_CLIENTS)
      .all(streams);
    return pageOf(
      found,
      limit,
      ({ stream }) =>
        parkedStream(
          rows.filter((row) => row.stream === stream),
          clients.filter((row) => row.stream === stream).map(({ clientId }) => clientId),
        ),
      ({ position }) => encodeCursor(LIST, [position]),
    );
  }
}

/** From the rows of a stream, one for each read model, the earliest first. */
function parkedStream(rows: readonly ParkedRow[], clients: readonly string[]): ParkedStream {
  const { stream, eventId, version, position: at, cause } = rows[0]!;
  return {
    stream,
    eventId,
    version,
    position: Position.of({ id: eventId, position: at }),
    cause,
    events: Math.max(...rows.map(({ events }) => events)),
    readModels: rows.map(({ model }) => model).filter((model) => model !== WHOSE_STREAMS),
    clients,
  };
}
