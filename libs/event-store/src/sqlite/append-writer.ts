import { randomUUID } from 'node:crypto';
import type { Actor, Instant, StoredEventType } from '@billtrail/kernel';
import type { Appended } from '../port.js';
import { Position, type PositionNumber } from '../position.js';
import { EVENT_COLUMNS, ROWS_PER_STATEMENT, type prepareAppending } from './append-statements.js';
import { GENESIS, chainHash, encodeAppend } from './chain.js';

/** Categories are few; stream names with unheard-of categories must still not grow memory without end. */
const MAX_CACHED_CATEGORIES = 1_000;

type Kind = Pick<StoredEventType, 'storedName' | 'schemaVersion'>;

/** One append, as its rows hold it. */
export interface WrittenAppend {
  readonly stream: string;
  readonly category: string;
  readonly actor: Actor;
  readonly commandId: string;
  /** Null only in old logs. */
  readonly fingerprint: string | null;
  readonly correlationId: string;
  readonly causationId: string | null;
  readonly events: readonly WrittenEvent[];
}

interface WrittenEvent extends Kind {
  /** The same object for all of one name and version. */
  readonly type: Kind;
  readonly occurredAt: string;
  readonly json: string;
  /** As in the log that it is copied from; without it, it gets one. */
  readonly id?: string;
}

/** The end of the log. Who writes moves it. */
export interface Head {
  position: number;
  hash: string;
  /** Null: there is no event. */
  recordedAt: Instant | null;
}

/** Writes the rows of appends, each event chained to the one before, in a transaction that is open. */
export class AppendWriter {
  private readonly kinds = new Map<string, Map<Kind, number>>();

  constructor(private readonly prepared: () => ReturnType<typeof prepareAppending>) {}

  /** Read under the write lock: another process may have appended since. */
  head(): Head {
    const row = this.prepared().head.get() as [position: number, hash: string, recordedAt: Instant] | undefined;
    return row
      ? { position: row[0], hash: row[1], recordedAt: row[2] }
      : { position: 0, hash: GENESIS, recordedAt: null };
  }

  /** After a transaction that was rolled back: a kind that was new in it is gone, and its number may be given to another. */
  forgetKinds(): void {
    this.kinds.clear();
  }

  /** `known`: the number of the stream; null where it does not exist yet. `current`: its version. */
  write(append: WrittenAppend, known: number | null, current: number, head: Head, recordedAt: Instant): Appended {
    const statements = this.prepared();
    const version = current + append.events.length;
    const stream = known ?? Number(statements.newStream.run(append.stream).lastInsertRowid);
    const position = head.position + append.events.length;
    statements.newAppend.run(
      position,
      stream,
      append.commandId,
      append.fingerprint,
      version,
      append.events.length,
      recordedAt,
      append.actor.id,
      append.actor.role,
      append.correlationId,
      append.causationId,
    );
    head.recordedAt = recordedAt;
    const id = this.insertEvents(append, stream, current, position, head, encodeAppend(append, recordedAt));
    return { version, position: Position.of({ id, position: position as PositionNumber }), repeated: false };
  }

  /** Answers the id of the last one. */
  private insertEvents(
    append: WrittenAppend,
    stream: number,
    fromVersion: number,
    appendKey: number,
    head: Head,
    encodedAppend: string,
  ): string {
    const statements = this.prepared();
    let version = fromVersion;
    let id = '';
    let row: (string | number)[] = [];
    for (const event of append.events) {
      version++;
      const position = ++head.position;
      id = event.id ?? randomUUID();
      const { type, storedName, schemaVersion, occurredAt, json } = event;
      head.hash = chainHash(head.hash, encodedAppend, {
        id,
        version,
        position,
        storedName,
        schemaVersion,
        occurredAt,
        json,
      });
      const kind = this.kindOf(append.category, type);
      row.push(position, stream, version, kind, appendKey, id, occurredAt, json, head.hash);
      if (row.length === EVENT_COLUMNS * ROWS_PER_STATEMENT) {
        statements.newEvents.run(row);
        row = [];
      }
    }
    for (let start = 0; start < row.length; start += EVENT_COLUMNS) {
      statements.newEvent.run(row.slice(start, start + EVENT_COLUMNS));
    }
    return id;
  }

  private kindOf(category: string, type: Kind): number {
    const statements = this.prepared();
    let inCategory = this.kinds.get(category);
    if (!inCategory) {
      if (this.kinds.size >= MAX_CACHED_CATEGORIES) this.kinds.clear();
      this.kinds.set(category, (inCategory = new Map()));
    }
    let kind = inCategory.get(type);
    if (kind === undefined) {
      const { storedName, schemaVersion } = type;
      kind =
        (statements.kind.get(category, storedName, schemaVersion) as number | undefined) ??
        Number(statements.newKind.run(category, storedName, schemaVersion).lastInsertRowid);
      inCategory.set(type, kind);
    }
    return kind;
  }
}
