import { chmodSync, closeSync, openSync, statSync } from 'node:fs';
import Database, { type Database as Connection } from 'better-sqlite3';

/** Only the owner may read what the log holds. */
const OWN_FILE = 0o600;
const OF_OTHERS = 0o077;

/** A file that SQLite would make readable for everybody is made here first; one that was is closed to others. The `-wal` and `-shm` take its mode. */
export function keepPrivate(file: string): void {
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
export function wasLeftOpen(file: string): boolean {
  return (statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0) > 0;
}

/**
 * What is wrong with the pages of an SQLite file, as `quick_check` says it first; null where nothing is. It is opened for reading only: even closing would
 * otherwise copy a `-wal` that may belong to another file into this one.
 */
export function damageOf(file: string): string | null {
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
