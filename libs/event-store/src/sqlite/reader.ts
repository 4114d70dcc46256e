import type { Role } from '@billtrail/kernel';
import { PositionUnknown } from '../errors.js';
import {
  MAX_READ_BYTES,
  type AllSlice,
  type EventFilter,
  type Newest,
  type ReadAllOptions,
  type ReadStreamOptions,
  type RecordedEvent,
  type StreamName,
  type StreamSlice,
} from '../port.js';
import { Position, START, type PositionNumber } from '../position.js';
import { isSealed } from '../sealed-data.js';
import { lifted } from '../sealing.js';
import type { StoredNames } from '../stored-names.js';
import type { Connection } from './open-file.js';
import { unavailable } from './problems.js';
import { checkReadLimit, checkWhole } from '../requests.js';
import { STREAM_AND_VERSION } from './schema.js';

/** A filtered read looks at this many positions at most, so that a reader of rare events never holds up the process for long. */
export const FILTER_WINDOW = 20_000;
/** Bounds of what the reader remembers; names and appends never change once committed. */
const MAX_CACHED_STREAMS = 50_000;

type EventRow = [
  position: PositionNumber,
  stream: number,
  version: number,
  kind: number,
  append: number,
  id: string,
  occurredAt: string,
  data: string,
];
type KindRow = [kind: number, category: string, storedName: string, schemaVersion: number];
type PlaceRow = [position: PositionNumber, id: string];
/** Where its data stands in a row. */
const DATA = 7;
/** Rows that are read at once: a slice may need memory for as many events beside its own. */
const PIECE = 128;
type AppendRow = [
  append: number,
  commandId: string,
  recordedAt: string,
  actorId: string,
  actorRole: Role,
  correlationId: string,
  causationId: string | null,
];
type AppendMetadata = Pick<RecordedEvent, 'recordedAt' | 'actor' | 'commandId' | 'correlationId' | 'causationId'>;

interface Kind {
  readonly type: string;
  readonly schemaVersion: number;
  /** Why it can't be read; null: it can. */
  readonly unknown: string | null;
  /** Undefined where the stored shape is the present one. */
  readonly lift: ((data: object) => object) | undefined;
}

/** Reads of one connection. Each is one short synchronous piece of work that sees only committed events. */
export class Reader {
  private readonly statements: ReturnType<typeof prepare>;
  private readonly kinds = new Map<number, Kind>();
  private readonly streamNames = new Map<number, StreamName>();

  constructor(
    private readonly db: Connection,
    private readonly names: StoredNames,
  ) {
    this.statements = prepare(db);
  }

  head(): Position {
    const row = this.statements.lastUpTo.get(Number.MAX_SAFE_INTEGER) as PlaceRow | undefined;
    return row === undefined ? START : placeOf(row);
  }

  newest(): Newest | null {
    const row = this.statements.newest.get() as [...PlaceRow, recordedAt: string] | undefined;
    if (row === undefined) return null;
    const [position, id, recordedAt] = row;
    return { position: Position.of({ position, id }), recordedAt };
  }

  /** What can't be read is delivered as unknown. */
  readStream(stream: StreamName, options: ReadStreamOptions = {}): StreamSlice {
    const backwards = options.direction === 'backwards';
    if (options.from !== undefined) checkWhole('from', options.from, 0);
    if (options.to !== undefined) checkWhole('to', options.to, 0);
    if (options.limit !== undefined) checkWhole('limit', options.limit, 1);
    const row = this.statements.stream.get(stream) as [stream: number, version: number] | undefined;
    if (!row) return { stream, version: 0, events: [] };
    const [key, version] = row;
    const low = (backwards ? options.to : options.from) ?? 1;
    // Never beyond the version just read: a commit of another process between the two statements stays out.
    const high = Math.min((backwards ? options.from : options.to) ?? version, version);
    const statement = backwards ? this.statements.backwards : this.statements.forwards;
    const rows = statement.all(key, low, high, options.limit ?? -1) as EventRow[];
    return { stream, version, events: this.record(rows, false) };
  }

  readAll(options: ReadAllOptions): AllSlice {
    const { after, limit } = options;
    checkReadLimit('limit', limit);
    this.assertHeld(after);
    if (options.upTo !== undefined) this.assertHeld(options.upTo);
    const head = this.head();
    const filter = this.filterOf(options);
    let last = options.upTo ?? head;
    if (filter && last.at - after.at > FILTER_WINDOW) last = this.endOfWindow(after);
    if (!last.isAfter(after)) return { events: [], next: after, atEnd: !head.isAfter(after) };
    const { rows, isCut } = inBounds(after.at, limit, (from, most) =>
      filter
        ? this.statements.filtered.all({ after: from, last: last.at, limit: most, ...filter })
        : this.statements.all.all(from, last.at, most),
    );
    const events = this.record(rows, !filter);
    const next = isCut ? Position.of(events.at(-1) as RecordedEvent) : last;
    return { events, next, atEnd: !head.isAfter(next) };
  }

  eventAt(position: Position): RecordedEvent | null {
    if (position.is(START)) return null;
    const [event] = this.record(this.statements.at.all(position.at) as EventRow[], false);
    if (event === undefined || !Position.of(event).is(position)) throw new PositionUnknown(position);
    return event;
  }

  private assertHeld(position: Position): void {
    if (position.is(START)) return;
    const row = this.statements.lastUpTo.get(position.at) as PlaceRow | undefined;
    if (row === undefined || !placeOf(row).is(position)) throw new PositionUnknown(position);
  }

  /** The last event of the window after a position; beyond a hole of a damaged file the first that is there. */
  private endOfWindow(after: Position): Position {
    const end = placeOf(this.statements.lastUpTo.get(after.at + FILTER_WINDOW) as PlaceRow);
    return end.isAfter(after) ? end : placeOf(this.statements.firstAfter.get(after.at) as PlaceRow);
  }

  /** The kinds that match, as JSON for the statement: there are few. Undefined if nothing is filtered. */
  private filterOf({ categories, types }: EventFilter): { kinds: string } | undefined {
    if (!categories && !types) return undefined;
    const storedNames = types && new Set(types.map((type) => this.names.toStored(type).storedName));
    const kinds = (this.statements.kinds.all() as KindRow[]).filter(
      ([, category, storedName, schemaVersion]) =>
        (!categories || categories.includes(category)) &&
        (!storedNames || storedNames.has(storedName) || this.names.whyUnknown(storedName, schemaVersion) !== null),
    );
    return { kinds: JSON.stringify(kinds.map(([kind]) => kind)) };
  }

  private record(rows: readonly EventRow[], contiguous: boolean): RecordedEvent[] {
    if (rows.length === 0) return [];
    const appends = this.appendsOf(rows, contiguous);
    this.learnStreams(rows);
    let append = -1;
    let metadata: AppendMetadata | undefined;
    return rows.map((row) => {
      const kind = this.kinds.get(row[3]) ?? this.learnKind(row);
      if (row[4] !== append || !metadata) {
        append = row[4];
        metadata = appends.get(append);
        if (!metadata) throw damaged(row[0], 'its append is gone');
      }
      const stream = this.streamNames.get(row[1]);
      if (stream === undefined) throw damaged(row[0], 'its stream is gone');
      const data = parsed(row);
      const event: RecordedEvent = {
        id: row[5],
        stream,
        version: row[2],
        position: row[0],
        type: kind.type,
        data,
        schemaVersion: kind.schemaVersion,
        occurredAt: row[6],
        recordedAt: metadata.recordedAt,
        actor: metadata.actor,
        commandId: metadata.commandId,
        correlationId: metadata.correlationId,
        causationId: metadata.causationId,
      };
      // Nearly all are known and of the present shape: to spread something into each costs as much as all its fields.
      if (kind.unknown !== null) return { ...event, unknown: kind.unknown };
      // What is sealed is lifted when it is opened.
      return kind.lift === undefined || isSealed(data) ? event : lifted(event, kind.lift);
    });
  }

  /** Appends are read beside the events, not joined: the many events of a bulk append share one row and its strings. */
  private appendsOf(rows: readonly EventRow[], contiguous: boolean): Map<number, AppendMetadata> {
    const found = contiguous
      ? this.statements.appendsBetween.all((rows[0] as EventRow)[4], (rows[rows.length - 1] as EventRow)[4])
      : this.statements.appendsOf.all(JSON.stringify([...new Set(rows.map((row) => row[4]))]));
    const appends = new Map<number, AppendMetadata>();
    for (const [append, commandId, recordedAt, id, role, correlationId, causationId] of found as AppendRow[]) {
      appends.set(append, { recordedAt, actor: { id, role }, commandId, correlationId, causationId });
    }
    return appends;
  }

  private learnStreams(rows: readonly EventRow[]): void {
    const unknown = new Set<number>();
    for (const row of rows) if (!this.streamNames.has(row[1])) unknown.add(row[1]);
    if (unknown.size === 0) return;
    if (this.streamNames.size + unknown.size > MAX_CACHED_STREAMS) {
      this.streamNames.clear();
      for (const row of rows) unknown.add(row[1]);
    }
    for (const [stream, name] of this.statements.streamNames.all(JSON.stringify([...unknown])) as [number, string][]) {
      this.streamNames.set(stream, name);
    }
  }

  private learnKind(row: EventRow): Kind {
    const found = this.statements.kind.get(row[3]) as [storedName: string, schemaVersion: number] | undefined;
    if (!found) throw damaged(row[0], 'its type is gone');
    const kind = this.kindOf(...found);
    this.kinds.set(row[3], kind);
    return kind;
  }

  private kindOf(storedName: string, schemaVersion: number): Kind {
    const unknown = this.names.whyUnknown(storedName, schemaVersion);
    if (unknown !== null) return { type: `unknown:${storedName}`, schemaVersion, unknown, lift: undefined };
    const entry = this.names.fromStored(storedName);
    const lift = (data: object): object => this.names.upcast(entry, schemaVersion, data);
    return {
      type: entry.type,
      schemaVersion,
      unknown,
      lift: schemaVersion === entry.schemaVersion ? undefined : lift,
    };
  }
}

function placeOf([position, id]: PlaceRow): Position {
  return Position.of({ position, id });
}

/** Rows in pieces, until they are as many as asked for or as large as a slice may be: how large events are must not say how much memory a read takes. */
function inBounds(
  after: number,
  limit: number,
  read: (after: number, limit: number) => unknown[],
): { readonly rows: EventRow[]; readonly isCut: boolean } {
  const pieces: EventRow[][] = [];
  const together = () => ([] as EventRow[]).concat(...pieces);
  let [from, units] = [after, 0];
  for (let left = limit; left > 0; left -= PIECE) {
    const most = Math.min(PIECE, left);
    const piece = read(from, most) as EventRow[];
    pieces.push(piece);
    for (const row of piece) units += row[DATA].length;
    // A UTF-16 unit is at most 3 bytes of UTF-8: bytes are counted only where it could matter.
    if (3 * units > MAX_READ_BYTES) {
      const rows = together();
      const within = countWithin(rows);
      if (within < rows.length) return { rows: rows.slice(0, within), isCut: true };
    }
    if (piece.length < most) return { rows: together(), isCut: false };
    from = (piece[piece.length - 1] as EventRow)[0];
  }
  return { rows: together(), isCut: true };
}

/** How many of the rows a slice may hold: one at least. */
function countWithin(rows: readonly EventRow[]): number {
  let bytes = 0;
  const first = rows.findIndex((row) => (bytes += Buffer.byteLength(row[DATA])) > MAX_READ_BYTES);
  return first < 0 ? rows.length : Math.max(1, first);
}

function damaged(position: number, what: string): Error {
  return unavailable('corrupt', `the event at position ${position} can't be read: ${what}`);
}

function parsed([position, , , , , , , data]: EventRow): object {
  try {
    return JSON.parse(data) as object;
  } catch {
    throw damaged(position, 'its data is not JSON');
  }
}

const EVENT = 'position, stream, version, kind, append, id, occurred_at, data';
const APPEND = 'append, command_id, recorded_at, actor_id, actor_role, correlation_id, causation_id';

function prepare(db: Connection) {
  const raw = (sql: string) => db.prepare(sql).raw();
  return {
    at: raw(`SELECT ${EVENT} FROM events WHERE position = ?`),
    lastUpTo: raw('SELECT position, id FROM events WHERE position <= ? ORDER BY position DESC LIMIT 1'),
    firstAfter: raw('SELECT position, id FROM events WHERE position > ? ORDER BY position LIMIT 1'),
    newest: raw(
      'SELECT position, id, recorded_at FROM events JOIN appends USING (append) ORDER BY position DESC LIMIT 1',
    ),
    stream: raw(STREAM_AND_VERSION),
    forwards: raw(`SELECT ${EVENT} FROM events WHERE stream = ? AND version BETWEEN ? AND ? ORDER BY version LIMIT ?`),
    backwards: raw(
      `SELECT ${EVENT} FROM events WHERE stream = ? AND version BETWEEN ? AND ? ORDER BY version DESC LIMIT ?`,
    ),
    all: raw(`SELECT ${EVENT} FROM events WHERE position > ? AND position <= ? ORDER BY position LIMIT ?`),
    filtered: raw(
      `SELECT ${EVENT} FROM events WHERE position > @after AND position <= @last AND kind IN (SELECT value FROM json_each(@kinds))
       ORDER BY position LIMIT @limit`,
    ),
    appendsBetween: raw(`SELECT ${APPEND} FROM appends WHERE append BETWEEN ? AND ?`),
    appendsOf: raw(`SELECT ${APPEND} FROM appends WHERE append IN (SELECT value FROM json_each(?))`),
    streamNames: raw('SELECT stream, name FROM streams WHERE stream IN (SELECT value FROM json_each(?))'),
    kinds: raw('SELECT kind, category, stored_name, schema_version FROM kinds'),
    kind: raw('SELECT stored_name, schema_version FROM kinds WHERE kind = ?'),
  };
}
