import type { Month } from '@billtrail/kernel';
import { Position, type PositionNumber, type StreamName } from '@billtrail/event-store';
import { decodeCursor, encodeCursor, pageLimit, pageOf, type Page, type PageRequest } from '../database/paging.js';
import { WHOSE_STREAMS } from '../client-streams/tables.js';
import type { ReadDatabase } from '../database/read-database.js';
import { NOT_TAKEN, ROW_UNREADABLE } from './not-known.js';
import { Parked, WHO, type About, type Models, type WhoRow } from './parked.js';
import { ANY, PARKED, type ParkedRow } from './parked-streams.js';

/** A stream with events that can't be read or taken: the first of them, and what can't be told for it. */
export interface ParkedStream extends Pick<ParkedRow, 'stream' | 'eventId' | 'cause' | 'events'> {
  /** What is not told of its clients: a month; null: all that these read models would tell of them. */
  readonly period: Month | null;
  readonly position: Position;
  /** The read models that tell nothing of its clients for it. None: no figure rests on such a stream, and nobody is parked. */
  readonly readModels: readonly string[];
  /** Whose stream it is; none: nothing says whom it concerns, so these read models tell nothing at all. */
  readonly clients: readonly string[];
}

/** What was passed over, as far as everyone may know it. */
export interface ParkedInShort {
  readonly streams: number;
  /** Client-periods that can't be rated. */
  readonly periods: number;
  /** Of the first event that was passed over. */
  readonly oldest: Position;
  readonly cause: string;
}

const LIST = 'parked-streams';
const NEWER = 'a newer version of Billtrail recorded events that this one can not read';
const UNLIFTED = 'events hold data that no version of Billtrail wrote';
const SEALED = 'the vault does not hold keys of streams that fit';

const IS_ANY = 'SELECT EXISTS (SELECT 1 FROM parked)';
const IN_SHORT = `SELECT MIN(position) AS position, event_id AS eventId, COUNT(DISTINCT stream) AS streams,
  COUNT(DISTINCT nullif(client_id || ' ' || period, ' ')) AS periods,
  SUM(why = 'unknown') AS newer, SUM(why = 'sealed') AS sealed, SUM(why = 'not-taken') AS notTaken, SUM(why = 'unlifted') AS unlifted,
  SUM(why = 'row') AS rows FROM parked`;
/** Each stream with each period that it parks, in the order of positions. */
const STREAMS = `SELECT stream, period, MIN(position) AS position FROM parked
  GROUP BY stream, period HAVING (MIN(position), stream, period) > (?, ?, ?) ORDER BY 3, 1, 2 LIMIT ?`;
const NOT_FOLDED = `SELECT p.model, p.stream, s.client_id AS clientId FROM parked p JOIN client_streams s USING (stream)
  WHERE p.why = 'not-taken' AND p.subject = '' ORDER BY p.position, p.model, s.client_id`;
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
    const who = this.database.statement<[object], WhoRow>(WHO).all({ models: this.models });
    const parked = new Parked(this.database, this.models, who);
    this.last = state === null ? null : { state, parked };
    return parked;
  }

  /** @throws NotKnown where that which is asked about is of a client of whom not all is known, or may be */
  check(about: About): void {
    this.now().check(about);
  }

  /** What could be read and not be folded, by whose it is. */
  notFolded(): readonly NotFolded[] {
    if (this.isAny.get() === 0) return [];
    return this.database.statement<[], NotFolded>(NOT_FOLDED).all();
  }

  /** null: all was read and taken. */
  parkedInShort(): ParkedInShort | null {
    if (this.isAny.get() === 0) return null;
    const { eventId, position, streams, periods, newer, sealed, notTaken, unlifted, rows } = this.database
      .statement<
        [],
        { readonly eventId: string; readonly position: PositionNumber } & Readonly<Record<Counted, number>>
      >(IN_SHORT)
      .get()!;
    const causes = [
      ...(newer > 0 ? [NEWER] : []),
      ...(sealed > 0 ? [SEALED] : []),
      ...(unlifted > 0 ? [UNLIFTED] : []),
      ...(notTaken > 0 ? [NOT_TAKEN] : []),
      ...(rows > 0 ? [`${ROW_UNREADABLE}: billtrail rebuild`] : []),
    ];
    return { streams, periods, oldest: Position.of({ id: eventId, position }), cause: causes.join('; ') };
  }

  /** The streams with events that can't be read or taken, each with each period that it parks, in the order of the first of them. */
  parkedStreams(page: PageRequest = {}): Page<ParkedStream> {
    const limit = pageLimit(page);
    const after = decodeCursor(LIST, ['number', 'string', 'string'], page.cursor) ?? [0, '', ''];
    const found = this.database
      .statement<
        [number, string, string, number],
        { readonly stream: StreamName; readonly period: Month; readonly position: number }
      >(STREAMS)
      .all(Number(after[0]), String(after[1]), String(after[2]), limit + 1);
    const streams = JSON.stringify(found.map(({ stream }) => stream));
    const rows = this.database
      .rows(PARKED, 'WHERE stream IN (SELECT value FROM json_each(?)) ORDER BY position, model')
      .all(streams);
    const clients = this.database
      .query<[string], { readonly stream: StreamName; readonly clientId: string }>(THEIR_CLIENTS)
      .all(streams);
    return pageOf(
      found,
      limit,
      ({ stream, period }) =>
        parkedStream(
          rows.filter((row) => row.stream === stream && row.period === period),
          clients.filter((row) => row.stream === stream).map(({ clientId }) => clientId),
        ),
      ({ position, stream, period }) => encodeCursor(LIST, [position, stream, period]),
    );
  }
}

interface NotFolded extends Pick<ParkedRow, 'model' | 'stream'> {
  readonly clientId: string;
}

type Counted = 'streams' | 'periods' | 'newer' | 'sealed' | 'notTaken' | 'unlifted' | 'rows';

/** From the rows of a stream, one for each read model and subject, the earliest first. */
function parkedStream(rows: readonly ParkedRow[], clients: readonly string[]): ParkedStream {
  const { stream, eventId, position: at, cause, period } = rows[0]!;
  const named = rows.map(({ clientId }) => clientId).filter((one) => one !== ANY);
  return {
    stream,
    period: period === ANY ? null : period,
    eventId,
    position: Position.of({ id: eventId, position: at }),
    cause,
    events: Math.max(...rows.map(({ events }) => events)),
    readModels: [...new Set(rows.map(({ model }) => model))].filter((model) => model !== WHOSE_STREAMS),
    clients: named.length > 0 ? [...new Set(named)].sort() : clients,
  };
}
