import { chmodSync, closeSync, openSync, statSync } from 'node:fs';
import Database from 'better-sqlite3';
import { InvariantViolation } from '@billtrail/kernel';

export type Connection = Database.Database;

/** What `:memory:` means to SQLite: a database that lives as long as its connection. */
export const IN_MEMORY = ':memory:';
/** Only the owner may read what a file holds. */
const OWN_FILE = 0o600;
const OF_OTHERS = 0o077;
/** What SQLite calls the two. */
const SYNCHRONOUS = { NORMAL: 1, FULL: 2 } as const;

export interface FileOptions {
  /** A path, or a name under which SQLite makes no file that others could open: `:memory:`, or none for a temporary file. */
  readonly file: string;
  /** Nothing of it is changed, and it must be there. */
  readonly readonly?: boolean;
  /** Whether all its pages are looked through first. `when-left-open`: its `-wal` may belong to another file, as beside a backup that was copied back. */
  readonly look: 'always' | 'when-left-open' | 'never';
  /** How long one statement waits for another process, with the event loop standing still. */
  readonly timeoutMs: number;
}

export interface OpenedFile {
  readonly db: Connection;
  /** What is wrong with its pages; null: nothing, or nobody looked. Then it was opened for reading only, and nothing of it changes. */
  readonly damage: string | null;
}

/**
 * The one way in which an SQLite file is opened, whatever it holds: the log, the read models, the vault, a lease. It is made where there is none, for its owner alone.
 * @throws what SQLite or the file system throws
 */
export function openFile({ file, readonly = false, look, timeoutMs }: FileOptions): OpenedFile {
  const stats = hasPath(file) ? statSync(file, { throwIfNoEntry: false }) : undefined;
  const isLookedThrough = look === 'always' || (look === 'when-left-open' && wasLeftOpen(file));
  const damage = stats?.isFile() && stats.size > 0 && isLookedThrough ? damageOf(file) : null;
  const onlyReads = readonly || damage !== null;
  if (hasPath(file) && !onlyReads) keepPrivate(file);
  return { db: new Database(file, { readonly: onlyReads, timeout: timeoutMs }), damage };
}

/** Whether SQLite makes a file of that name. */
export function hasPath(file: string): boolean {
  return file !== IN_MEMORY && file !== '';
}

/** Commits go to a `-wal` beside the file, and are on the disk once acknowledged (`FULL`), or after a crash the last ones are missing (`NORMAL`). */
export function writeAhead(db: Connection, synchronous: keyof typeof SYNCHRONOUS): void {
  db.pragma('journal_mode = WAL');
  makeDurable(db, synchronous);
}

/** better-sqlite3 is built to fall back to NORMAL beside a `-wal`: what is acknowledged would then not be on the disk. */
export function makeDurable(db: Connection, synchronous: keyof typeof SYNCHRONOUS): void {
  db.pragma(`synchronous = ${synchronous}`);
  const found = db.pragma('synchronous', { simple: true });
  if (found !== SYNCHRONOUS[synchronous])
    throw new InvariantViolation(`synchronous is ${String(found)}, must be ${synchronous}`);
}

/** A file that SQLite would make readable for everybody is made here first; one that was is closed to others. The `-wal` and `-shm` take its mode. */
function keepPrivate(file: string): void {
  closeSync(openSync(file, 'a', OWN_FILE));
  const { mode } = statSync(file);
  if ((mode & OF_OTHERS) === 0) return;
  for (const name of [file, `${file}-wal`, `${file}-shm`]) {
    try {
      chmodSync(name, OWN_FILE);
    } catch {
      // Not there, or another user's, who decides who may read it.
    }
  }
}

/** The process before did not close the file, or another one has it open. */
function wasLeftOpen(file: string): boolean {
  return (statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0;
}

/**
 * What is wrong with the pages of an SQLite file, as `quick_check` says it first; null where nothing is. It is opened for reading only: even closing would
 * otherwise copy a `-wal` that may belong to another file into this one.
 */
function damageOf(file: string): string | null {
  const db = new Database(file, { readonly: true });
  try {
    return damageIn(db);
  } finally {
    db.close();
  }
}

/** The same of a file that is open. It holds the event loop for as long as all pages take. */
export function damageIn(db: Connection): string | null {
  try {
    const found = db.pragma('quick_check(1)', { simple: true }) as string;
    return found === 'ok' ? null : found;
  } catch (error) {
    const { code = '', message } = error as { code?: string; message: string };
    if (code.startsWith('SQLITE_CORRUPT')) return message;
    throw error;
  }
}

/** Tells whether an open file, with its `-wal`, is still the one that bears its name: what is written into any other is gone when the process ends. */
export class FileInPlace {
  private readonly known = new Map<string, string>();

  constructor(private readonly file: string) {}

  /** The name that bears another file now, or none; null: all are in place. */
  misplaced(): string | null {
    for (const name of [this.file, `${this.file}-wal`]) {
      const stats = statSync(name, { throwIfNoEntry: false });
      const found = stats && `${stats.dev}:${stats.ino}`;
      const known = this.known.get(name);
      // The `-wal` comes with the first write.
      if (known === undefined) {
        if (found !== undefined) this.known.set(name, found);
      } else if (found !== known) return name;
    }
    return null;
  }
}
