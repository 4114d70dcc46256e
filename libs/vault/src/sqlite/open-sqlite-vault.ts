import { existsSync } from 'node:fs';
import type { Database as Connection } from 'better-sqlite3';
import { SqliteDialect } from 'kysely';
import { FileInPlace, hasPath, openFile, writeAhead } from '@billtrail/event-store';
import { KyselyVault } from '../kysely-vault.js';
import { patiently } from '../patiently.js';
import type { Vault } from '../port.js';
import { VaultSetBack, VaultUnavailable } from '../vault-unavailable.js';

/** How long one statement waits for another process, with the event loop standing still. Longer waits are made of several tries. */
const BUSY_TIMEOUT_MS = 10;

const BUSY = /^SQLITE_(BUSY|LOCKED|PROTOCOL)/;
const REMEDIES: readonly (readonly [code: RegExp, remedy: string])[] = [
  [BUSY, 'Another process holds its lock; stop it or wait until it is done, then try again'],
  [/^SQLITE_FULL/, 'Free some disk space, then try again'],
  [/^(SQLITE_(READONLY|PERM|AUTH)|EACCES$|EPERM$|EROFS$)/, 'Give this process write access to the file and its folder'],
  [
    /^SQLITE_(CORRUPT|NOTADB)/,
    'Stop Billtrail, put the file aside with its -wal and -shm, and restore the last backup of vault.db: it follows the log from there',
  ],
  [/^(SQLITE_(IOERR|CANTOPEN|NOMEM|NOLFS)|E[A-Z]+$)/, 'Check the folder, the disk and the system log, then try again'],
];

export interface SqliteVaultOptions {
  /** Made where it does not exist. `:memory:` for a vault that lives as long as it is open. */
  readonly file: string;
  /** Look through all pages first, as at the start of a server. Without it: only where it was not closed, or is open elsewhere. */
  readonly check?: boolean;
  /** How often a write is tried that another process keeps from being done. */
  readonly lockTries?: number;
}

/** Opens the vault in one SQLite file, which only its owner can read. @throws VaultUnavailable */
export async function openSqliteVault({ file, check = false, lockTries }: SqliteVaultOptions): Promise<Vault> {
  const translate = (error: unknown) => translated(error, file);
  const patience = {
    isInTheWay: (error: unknown) => BUSY.test(codeOf(error)),
    ...(lockTries !== undefined && { tries: lockTries }),
  };
  try {
    return await KyselyVault.open({
      // SQLite's own waiting does not cover the making of a new file, where another process makes the same one.
      connect: async () => {
        const connection = await patiently(patience, () => connect(file, check));
        return { dialect: new SqliteDialect({ database: writingFirst(connection) }), lost: lostOf(file) };
      },
      lockMigration: () => Promise.resolve(),
      translate,
      ...patience,
    });
  } catch (error) {
    throw translate(error);
  }
}

function connect(file: string, check: boolean): Connection {
  const { db, damage } = openFile({ file, look: check ? 'always' : 'when-left-open', timeoutMs: BUSY_TIMEOUT_MS });
  try {
    if (damage !== null) throw Object.assign(new Error(damage), { code: 'SQLITE_CORRUPT' });
    // A key must be on the disk before what it seals is.
    writeAhead(db, 'FULL');
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/** A transaction takes the write lock at its beginning: one that has read before could not get it any more once another process has written. */
function writingFirst(db: Connection) {
  return {
    prepare: (sql: string) => db.prepare(sql === 'begin' ? 'begin immediate' : sql),
    close: () => void db.close(),
  };
}

function lostOf(file: string): () => VaultUnavailable | null {
  if (!hasPath(file)) return () => null;
  const inPlace = new FileInPlace(file);
  inPlace.misplaced();
  return () => {
    const misplaced = inPlace.misplaced();
    if (misplaced === null) return null;
    if (misplaced === file && existsSync(file)) return new VaultSetBack(`${file} was exchanged for another file`);
    return new VaultUnavailable(
      `${misplaced} is not the file any more that was opened: it was removed`,
      'Stop Billtrail, put the vault back that was there, or else its last backup, and start again',
    );
  };
}

function codeOf(error: unknown): string {
  const { code } = (error ?? {}) as { readonly code?: unknown };
  return typeof code === 'string' ? code : '';
}

function translated(error: unknown, file: string): unknown {
  const code = codeOf(error);
  const remedy = REMEDIES.find(([codes]) => codes.test(code))?.[1];
  if (remedy === undefined) return error;
  return new VaultUnavailable(`the vault ${file} can't be used: ${(error as Error).message}`, remedy, { cause: error });
}
