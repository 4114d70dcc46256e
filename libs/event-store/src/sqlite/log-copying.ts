import { setImmediate as nextTurn } from 'node:timers/promises';
import type { Role } from '@billtrail/kernel';
import type { CopiedIn, Copying, StoredAppend, StoredEvent, WholeLog } from '../capabilities.js';
import { copyInto, differing } from '../copying-logs.js';
import type { LogNotEmpty } from '../errors.js';
import { categoryOf } from '../port.js';
import { AppendWriter, type Head, type WrittenAppend } from './append-writer.js';
import type { Connection } from './open-file.js';
import type { OpenLog } from './open-log.js';
import { asStoreError, translated, unavailable } from './problems.js';
import { plainUpTo } from './schema.js';

/** Appends that are read at a time, and events that are written in one transaction: memory stays the same for any log. */
const APPENDS_AT_ONCE = 100;
const EVENTS_PER_COMMIT = 1_000;

interface AppendRow extends Omit<StoredAppend, 'actor' | 'events'> {
  /** The position of its last event. */
  readonly last: number;
  readonly count: number;
  readonly actorId: string;
  readonly actorRole: Role;
}

export interface LogCopyingOptions {
  /** The log, open. @throws StoreUnavailable */
  readonly log: () => OpenLog;
  /** @throws StoreUnavailable where nothing can be written */
  readonly assertWritable: () => void;
  readonly onCommitted: () => void;
}

/** Copies whole logs out of the file and into it. */
export class LogCopying implements Copying {
  constructor(private readonly options: LogCopyingOptions) {}

  copyOut(): WholeLog {
    const { db } = this.options.log();
    const end = translated('reading the head', () => lastOf(db));
    // Of a log that nobody opened for writing since it can tell, nothing is sealed.
    return { plainEvents: plainUpTo(db) ?? end, appends: () => this.stored(end) };
  }

  async copyIn(log: WholeLog): Promise<CopiedIn> {
    this.options.assertWritable();
    const writer = new AppendWriter(() => this.options.log().appending);
    let head = writer.head();
    return copyInto(log, this.copyOut().appends(), EVENTS_PER_COMMIT, async (appends) => {
      head = this.write(writer, appends, head, log.plainEvents);
    });
  }

  private async *stored(end: number): AsyncGenerator<StoredAppend> {
    for (let after = 0; after < end;) {
      const { db } = this.options.log();
      const read = translated('reading the log', () => readAppends(db, after, end));
      if (read.length === 0) throw damaged(after + 1);
      for (const { last, append } of read) {
        if (last - append.events.length !== after) throw damaged(after + 1);
        after = last;
        yield append;
      }
      await nextTurn();
    }
  }

  /** All or none of them, behind what is known to be there. */
  private write(writer: AppendWriter, appends: readonly StoredAppend[], known: Head, plainEvents: number): Head {
    this.options.assertWritable();
    const { db } = this.options.log();
    try {
      const head = db
        .transaction(() => {
          const found = writer.head();
          if (found.hash !== known.hash) throw this.another(found.position);
          for (const append of appends) {
            const [stream = null, version = 0] = (this.options.log().appending.stream.get(append.stream) ??
              []) as readonly [number?, number?];
            writer.write(asWritten(append), stream, version, found, append.recordedAt);
          }
          db.prepare('UPDATE sealing SET plain_up_to = ?').run(plainEvents);
          return found;
        })
        .immediate();
      this.options.onCommitted();
      return head;
    } catch (error) {
      writer.forgetKinds();
      throw asStoreError(error, 'copying a log in');
    }
  }

  /** Somebody else has written to it meanwhile. */
  private another(position: number): LogNotEmpty {
    const [found] = readAppends(this.options.log().db, position - 1, position);
    if (found === undefined) throw damaged(position);
    return differing(found.append);
  }
}

function lastOf(db: Connection): number {
  return db.prepare<[], number | null>('SELECT max(position) FROM events').pluck().get() ?? 0;
}

function readAppends(
  db: Connection,
  after: number,
  end: number,
): readonly { readonly last: number; readonly append: StoredAppend }[] {
  const appends = db
    .prepare<[number, number, number], AppendRow>(
      `SELECT append AS last, event_count AS count, s.name AS stream, command_id AS commandId, fingerprint, recorded_at AS recordedAt, actor_id AS actorId,
         actor_role AS actorRole, correlation_id AS correlationId, causation_id AS causationId
       FROM appends JOIN streams s USING (stream) WHERE append > ? AND append <= ? ORDER BY append LIMIT ?`,
    )
    .all(after, end, APPENDS_AT_ONCE);
  const eventsOf = db.prepare<[number, number], StoredEvent>(
    `SELECT id, version, stored_name AS storedName, schema_version AS schemaVersion, occurred_at AS occurredAt, data AS json
     FROM events JOIN kinds USING (kind) WHERE position > ? AND position <= ? ORDER BY position`,
  );
  return appends.map(({ last, count, actorId, actorRole, ...shared }) => ({
    last,
    append: { ...shared, actor: { id: actorId, role: actorRole }, events: eventsOf.all(last - count, last) },
  }));
}

/** Kinds are few; the writer knows them by their objects. */
const kinds = new Map<string, { readonly storedName: string; readonly schemaVersion: number }>();
const MOST_KINDS = 1_000;

function kindOf({ storedName, schemaVersion }: StoredEvent) {
  const name = `${storedName} ${schemaVersion}`;
  let kind = kinds.get(name);
  if (kind === undefined) {
    kind = { storedName, schemaVersion };
    if (kinds.size < MOST_KINDS) kinds.set(name, kind);
  }
  return kind;
}

function asWritten(append: StoredAppend): WrittenAppend {
  const events = append.events.map((event) => ({ ...event, type: kindOf(event) }));
  return { ...append, category: categoryOf(append.stream), events };
}

function damaged(position: number): Error {
  return unavailable('corrupt', `the event at position ${position} can't be copied: it or its append is gone`);
}
