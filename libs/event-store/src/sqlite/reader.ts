import type { Role } from '@billtrail/kernel';
import {
  START,
  type AllSlice,
  type EventFilter,
  type Newest,
  type Position,
  type ReadAllOptions,
  type ReadStreamOptions,
  type RecordedEvent,
  type StreamName,
  type StreamSlice,
} from '../port.js';
import { UnknownStoredEvent } from '../errors.js';
import type { StoredNames } from '../stored-names.js';
import { unavailable } from './problems.js';
import { checkReadLimit, checkWhole } from './requests.js';
import { STREAM_AND_VERSION, type Connection } from './schema.js';

/** A filtered read looks at this many positions at most, so that a reader of rare events never holds up the process for long. */
export const FILTER_WINDOW = 20_000;
/** Bounds of what the reader remembers; names and appends never change once committed. */
const MAX_CACHED_STREAMS = 50_000;

type EventRow = [
  position: number,
  stream: number,
  version: number,
  kind: number,
  append: number,
  id: string,
  occurredAt: string,
  data: string,
];
type KindRow = [kind: number, category: string, storedName: string, schemaVersion: number];
/** Where its id stands in a row. */
const ID = 5;
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
    return (this.statements.head.get() as number | null) ?? START;
  }

  newest(): Newest | null {
    const row = this.statements.newest.get() as [position: number, recordedAt: string] | undefined;
    return row === undefined ? null : { position: row[0], recordedAt: row[1] };
  }

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
    const events = this.record(rows, false);
    const unknown = events.find((event) => event.unknown !== undefined)?.unknown;
    if (unknown !== undefined) throw new UnknownStoredEvent(stream, unknown);
    return { stream, version, events };
  }

  readAll(options: ReadAllOptions): AllSlice {
    const { after, limit } = options;
    checkReadLimit('limit', limit);
    checkWhole('after', after, 0);
    if (options.upTo !== undefined) checkWhole('upTo', options.upTo, 0);
    const head = this.head();
    const filter = this.filterOf(options);
    let last = Math.min(options.upTo ?? head, head);
    if (filter) last = Math.min(last, after + FILTER_WINDOW);
    if (last <= after) return { events: [], next: after, nextId: this.idAt(after), atEnd: after >= head };
    const rows = (
      filter
        ? this.statements.filtered.all({ after, last, limit, ...filter })
        : this.statements.all.all(after, last, limit)
    ) as EventRow[];
    const next = rows.length === limit ? (rows[limit - 1] as EventRow)[0] : last;
    const lastRow = rows.at(-1);
    const nextId = lastRow?.[0] === next ? lastRow[ID] : this.idAt(next);
    return { events: this.record(rows, !filter), next, nextId, atEnd: next >= head };
  }

  idAt(position: Position): string | null {
    return (this.statements.idAt.get(position) as string | undefined) ?? null;
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
      return {
        id: row[5],
        stream,
        version: row[2],
        position: row[0],
        type: kind.type,
        data: kind.lift ? kind.lift(data) : data,
        schemaVersion: kind.schemaVersion,
        occurredAt: row[6],
        recordedAt: metadata.recordedAt,
        actor: metadata.actor,
        commandId: metadata.commandId,
        correlationId: metadata.correlationId,
        causationId: metadata.causationId,
        ...(kind.unknown !== null && { unknown: kind.unknown }),
      };
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

function damaged(position: Position, what: string): Error {
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
    head: db.prepare('SELECT max(position) FROM events').pluck(),
    idAt: db.prepare('SELECT id FROM events WHERE position = ?').pluck(),
    newest: raw('SELECT position, recorded_at FROM events JOIN appends USING (append) ORDER BY position DESC LIMIT 1'),
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
