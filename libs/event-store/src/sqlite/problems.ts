import { StoreUnavailable, type FileProblem } from '../store-unavailable.js';

const REMEDIES: Readonly<Record<FileProblem, string>> = {
  locked: 'Another process holds the write lock; stop it or wait until it is done, then try again',
  'disk-full': 'Free some disk space or raise the size limit, then try again; reading still works',
  'read-only': 'Give this process write access to the file and its folder, or use another folder',
  corrupt:
    'Stop Billtrail, keep a copy of the file with its -wal and -shm, remove all three, and restore the last good backup; `billtrail verify` names the affected events',
  lost: 'Stop Billtrail, put the file back with its -wal, or restore the last good backup, and start again: what was acknowledged is in the file that is gone',
  'newer-schema': 'Run the version of Billtrail that wrote it, or a newer one',
  'not-a-store': 'Use the file of a Billtrail log, or a file that does not exist yet',
  'io-error': 'Check the disk and the system log, then try again',
  closed: 'Open the store again',
};

/** The error for a problem, with what an operator can do about it. */
export function unavailable(problem: FileProblem, message: string, cause?: unknown): StoreUnavailable {
  return new StoreUnavailable(problem, message, REMEDIES[problem], cause === undefined ? undefined : { cause });
}

/** The problem behind an SQLite result code; undefined for a code that the environment did not cause (a bug). */
function problemOf(code: string): FileProblem | undefined {
  return PROBLEM_OF.find(([primary]) => code === primary || code.startsWith(`${primary}_`))?.[1];
}

const PROBLEM_OF: readonly (readonly [primaryCode: string, FileProblem])[] = [
  ['SQLITE_BUSY', 'locked'],
  ['SQLITE_LOCKED', 'locked'],
  ['SQLITE_PROTOCOL', 'locked'],
  ['SQLITE_FULL', 'disk-full'],
  ['SQLITE_READONLY', 'read-only'],
  ['SQLITE_PERM', 'read-only'],
  ['SQLITE_AUTH', 'read-only'],
  ['SQLITE_CORRUPT', 'corrupt'],
  ['SQLITE_NOTADB', 'not-a-store'],
  ['SQLITE_IOERR', 'io-error'],
  ['SQLITE_CANTOPEN', 'io-error'],
  ['SQLITE_NOMEM', 'io-error'],
  ['SQLITE_NOLFS', 'io-error'],
];

/**
 * By code, not by class: the native part of better-sqlite3 throws the class of whoever loaded it first, which under Jest is not ours.
 */
function isSqliteError(error: unknown): error is { readonly code: string; readonly message: string } {
  const code = typeof error === 'object' && error !== null ? (error as { code?: unknown }).code : undefined;
  return typeof code === 'string' && code.startsWith('SQLITE_');
}

export function isBusy(error: unknown): boolean {
  return isSqliteError(error) && problemOf(error.code) === 'locked';
}

/** The disk failed: in a COMMIT that says neither that the rows are there nor that they are not. */
export function isDiskError(error: unknown): boolean {
  return isSqliteError(error) && error.code.startsWith('SQLITE_IOERR');
}

/** Turns what SQLite threw into {@link StoreUnavailable}; anything else is returned unchanged. */
export function asStoreError(error: unknown, doing: string): unknown {
  if (!isSqliteError(error)) return error;
  const problem = problemOf(error.code);
  return problem === undefined ? error : unavailable(problem, `${doing}: ${error.message} (${error.code})`, error);
}

/** Runs `work` and throws its SQLite errors as {@link StoreUnavailable}. */
export function translated<T>(doing: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw asStoreError(error, doing);
  }
}
