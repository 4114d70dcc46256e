import { statSync } from 'node:fs';
import { InvariantViolation } from '@billtrail/kernel';
import { IN_MEMORY, makeDurable, openFile, type Connection, type OpenedFile } from './open-file.js';
import { asStoreError, isBusy, unavailable } from './problems.js';

/** `BTRL` in the header of the file: it tells a Billtrail log from any other SQLite file. */
export const APPLICATION_ID = 0x4254524c;

const PAGE_SIZE_BYTES = 8192;
const MMAP_BYTES = 1024 ** 3;
/**
 * A checkpoint copies the WAL back when it holds this many pages (32 MB), and one commit in a thousand or so pays for it. Not more:
 * until the first checkpoint each commit lengthens the WAL, which costs the file system half as much again.
 */
const CHECKPOINT_PAGES = 4000;
/** How long one statement waits for another process, with the event loop standing still. Longer waits are made of several tries. */
const BUSY_TIMEOUT_MS = 100;
/** How often opening is tried while another process makes the same file. Tries and not time: on a busy machine the other one is slow as well. */
const OPENING_TRIES = 100;

/**
 * One entry for each schema version, applied in order; `PRAGMA user_version` counts them. Never change an entry that was released.
 *
 * Each b-tree that an append touches is a page of 8 kB to write and sync. So the version of a stream is not kept in `streams`, it is
 * the highest in the index of `events`. Integer keys keep the b-trees small. `kinds` joins category, stored name and schema version in one integer, so that a filter
 * by category or type is a test on one column of `events`, without a join. `appends` holds what all events of one append share;
 * its key is the position of its last event. A fingerprint that was not given is null, as in logs of before every caller gave one:
 * such an append is told by its events. Foreign keys are not declared: only the appender writes, and `verify` checks them.
 *
 * `sealing` keeps where the log was when this file was first opened by a version that seals personal fields: what is up to there is in plain text.
 */
const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE streams (
    stream INTEGER PRIMARY KEY,
    name TEXT NOT NULL UNIQUE
  ) STRICT;
  CREATE TABLE kinds (
    kind INTEGER PRIMARY KEY,
    category TEXT NOT NULL,
    stored_name TEXT NOT NULL,
    schema_version INTEGER NOT NULL,
    UNIQUE (category, stored_name, schema_version)
  ) STRICT;
  CREATE TABLE appends (
    append INTEGER PRIMARY KEY,
    stream INTEGER NOT NULL,
    command_id TEXT NOT NULL,
    fingerprint TEXT,
    version INTEGER NOT NULL,
    event_count INTEGER NOT NULL,
    recorded_at TEXT NOT NULL,
    actor_id TEXT NOT NULL,
    actor_role TEXT NOT NULL,
    correlation_id TEXT NOT NULL,
    causation_id TEXT,
    UNIQUE (stream, command_id)
  ) STRICT;
  CREATE TABLE events (
    position INTEGER PRIMARY KEY,
    stream INTEGER NOT NULL,
    version INTEGER NOT NULL,
    kind INTEGER NOT NULL,
    append INTEGER NOT NULL,
    id TEXT NOT NULL,
    occurred_at TEXT NOT NULL,
    data TEXT NOT NULL,
    hash TEXT NOT NULL,
    UNIQUE (stream, version)
  ) STRICT;
  CREATE TRIGGER events_never_change BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'events never change'); END;
  CREATE TRIGGER events_never_go BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'events are never deleted'); END;
  CREATE TRIGGER appends_never_change BEFORE UPDATE ON appends BEGIN SELECT RAISE(ABORT, 'appends never change'); END;
  CREATE TRIGGER appends_never_go BEFORE DELETE ON appends BEGIN SELECT RAISE(ABORT, 'appends are never deleted'); END;
  `,
  `
  CREATE TABLE sealing (plain_up_to INTEGER NOT NULL) STRICT;
  INSERT INTO sealing SELECT coalesce(max(position), 0) FROM events;
  `,
];
/** The schema version of the file that tells from where on personal fields are sealed. */
const SEALING_SINCE = 2;
export const SCHEMA_VERSION = MIGRATIONS.length;

/** Number and version of a stream by its name; no row where it does not exist. */
export const STREAM_AND_VERSION =
  'SELECT stream, (SELECT max(version) FROM events e WHERE e.stream = s.stream) FROM streams s WHERE name = ?';

export interface ConnectionOptions {
  readonly file: string;
  readonly readonly: boolean;
  /** The file may not grow beyond this many bytes, rounded down to whole pages; then appends are refused with `disk-full`. */
  readonly maxFileBytes?: number;
  /** Look through all its pages, even where it was closed well. */
  readonly check: boolean;
}

/**
 * Opens the file, makes or migrates its schema and asserts the settings that durability rests on. A file that was not closed is looked through first:
 * a backup that was copied over it does not go with the `-wal` of the file before. What is damaged is opened for reading only.
 * @throws StoreUnavailable `not-a-store`, `newer-schema`, `corrupt`, `locked`, `read-only`, `disk-full`, `io-error`
 */
export function openConnection(options: ConnectionOptions): OpenedFile {
  const opened = connect(options);
  const { db } = opened;
  try {
    const isNew = patiently(() => recognise(db, options.file));
    if (db.readonly) {
      if (isNew) throw unavailable('not-a-store', `${options.file} is empty`);
    } else {
      if (isNew) db.pragma(`page_size = ${PAGE_SIZE_BYTES}`);
      patiently(() => db.pragma('journal_mode = WAL'));
      patiently(() => migrate(db, options.file));
    }
    configure(db, options);
    return opened;
  } catch (error) {
    db.close();
    throw asStoreError(error, `opening ${options.file}`);
  }
}

function connect({ file, readonly, check }: ConnectionOptions): OpenedFile {
  const stats = file === IN_MEMORY ? undefined : statSync(file, { throwIfNoEntry: false });
  if (stats?.isDirectory()) throw unavailable('not-a-store', `${file} is a folder`);
  if (!stats && readonly) throw unavailable('not-a-store', `there is no file ${file}`);
  try {
    const look = check ? 'always' : 'when-left-open';
    return patiently(() => openFile({ file, readonly, look, timeoutMs: BUSY_TIMEOUT_MS }));
  } catch (error) {
    // better-sqlite3 checks the folder itself and throws a TypeError of its own.
    if (error instanceof TypeError || isMissing(error))
      throw unavailable('io-error', `opening ${file}: its folder does not exist`, error);
    throw asStoreError(error, `opening ${file}`);
  }
}

function isMissing(error: unknown): boolean {
  return (error as { code?: unknown } | null)?.code === 'ENOENT';
}

/** True for a file without any content yet. Throws for a file that is not ours or too new. */
function recognise(db: Connection, file: string): boolean {
  const applicationId = numberPragma(db, 'application_id');
  const version = numberPragma(db, 'user_version');
  if (applicationId === APPLICATION_ID) {
    if (version > SCHEMA_VERSION) {
      throw unavailable(
        'newer-schema',
        `${file} has schema version ${version}, this version of Billtrail knows up to ${SCHEMA_VERSION}`,
      );
    }
    return version === 0;
  }
  const objects = db.prepare('SELECT count(*) FROM sqlite_schema').pluck().get() as number;
  if (applicationId !== 0 || version !== 0 || objects > 0)
    throw unavailable('not-a-store', `${file} is another SQLite database`);
  return true;
}

function migrate(db: Connection, file: string): void {
  if (numberPragma(db, 'user_version') === SCHEMA_VERSION) return;
  db.transaction(() => {
    // Another process may have been first: look again under the write lock.
    recognise(db, file);
    const from = numberPragma(db, 'user_version');
    for (const statements of MIGRATIONS.slice(from)) db.exec(statements);
    db.pragma(`application_id = ${APPLICATION_ID}`);
    db.pragma(`user_version = ${SCHEMA_VERSION}`);
  }).immediate();
}

function configure(db: Connection, options: ConnectionOptions): void {
  makeDurable(db, 'FULL');
  db.pragma(`wal_autocheckpoint = ${CHECKPOINT_PAGES}`);
  db.pragma(`mmap_size = ${MMAP_BYTES}`);
  if (options.maxFileBytes !== undefined) {
    db.pragma(`max_page_count = ${Math.max(1, Math.floor(options.maxFileBytes / PAGE_SIZE_BYTES))}`);
  }
  const journal = db.pragma('journal_mode', { simple: true });
  const wanted = options.file === IN_MEMORY ? 'memory' : 'wal';
  if (journal !== wanted) throw new InvariantViolation(`journal_mode is ${String(journal)}, must be ${wanted}`);
}

/** Changing the journal mode fails at once where another process opens the same new file: SQLite's busy timeout does not cover it. */
function patiently<Done>(work: () => Done): Done {
  for (let attempt = 1; ; attempt++) {
    try {
      return work();
    } catch (error) {
      if (!isBusy(error) || attempt === OPENING_TRIES) throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 20);
    }
  }
}

/** Up to this position personal fields are in plain text; null: no version that can tell has opened the file for writing. */
export function plainUpTo(db: Connection): number | null {
  if (numberPragma(db, 'user_version') < SEALING_SINCE) return null;
  return db.prepare<[], number>('SELECT plain_up_to FROM sealing').pluck().get() ?? null;
}

export function numberPragma(db: Connection, name: string): number {
  return db.pragma(name, { simple: true }) as number;
}
