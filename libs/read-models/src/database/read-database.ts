import type { Database, RunResult, Statement, Transaction } from 'better-sqlite3';
import { openFile, StoreUnavailable, writeAhead } from '@billtrail/event-store';
import { FILL_ANEW, ReadModelsUnavailable } from './read-models-unavailable.js';
import type { Cell, Found, Table } from './table.js';

/** Pages, busy wait and mapping of the read models' file. The events have their own file, their own lock and their own settings. */
const PAGE_SIZE_BYTES = 8192;
const BUSY_TIMEOUT_MS = 5_000;
const MMAP_BYTES = 1 << 30;
/** A file without a name in the folder of temporary files: what does not fit in the cache goes there, and it is gone once it is closed. */
export const TEMPORARY_FILE = '';
/** Queries that are kept prepared. A query's text holds no values, so that their number is small and fixed. */
const MAX_PREPARED_QUERIES = 500;

export interface ReadDatabaseOptions {
  /** Look through all pages of the file first, as at the start of a server. */
  readonly check?: boolean;
  /** Nothing in the file is changed, and there must be one. */
  readonly isReadOnly?: boolean;
}

const FREE_SPACE =
  'Free some disk space: a server that is running goes on by itself then, anything else can be tried again';
const DISK_FULL = 'SQLITE_FULL';
const DAMAGED = /^SQLITE_(CORRUPT|NOTADB)/;

/** The error comes from a damaged file. By code, not by class: the native part throws the class of whoever loaded it first. */
export function isDamagedFile(error: unknown): boolean {
  const code = typeof error === 'object' && error !== null ? (error as { code?: unknown }).code : undefined;
  return typeof code === 'string' && DAMAGED.test(code);
}

function connect(file: string, { check = false, isReadOnly = false }: ReadDatabaseOptions): Database {
  const look = check ? 'always' : 'never';
  const { db, damage } = openFile({ file, readonly: isReadOnly, look, timeoutMs: BUSY_TIMEOUT_MS });
  try {
    if (damage !== null)
      throw new ReadModelsUnavailable(`the read models' file ${file} is damaged: ${damage}`, true, FILL_ANEW);
    if (!isReadOnly) {
      db.pragma(`page_size = ${PAGE_SIZE_BYTES}`);
      // A crash may lose the last batches, never their order: the checkpoint goes with them and the log has them.
      writeAhead(db, 'NORMAL');
    }
    db.pragma(`mmap_size = ${MMAP_BYTES}`);
    db.pragma('cache_size = -65536');
    db.pragma('temp_store = MEMORY');
    db.pragma('wal_autocheckpoint = 8000');
    // A row that is replaced is told to triggers as one that goes.
    db.pragma('recursive_triggers = ON');
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

/**
 * The SQLite file of the read models. Integers come back as BigInt unless a statement was made for plain numbers
 * ({@link statement}), so that money can't pass through a float by forgetting something.
 *
 * All access is synchronous and on one connection: a query never sees half a batch.
 */
export class ReadDatabase {
  private readonly connection: Database;
  /** Made once: to make it costs more than what it does. */
  private readonly within: Transaction<(work: () => unknown) => unknown>;
  private readonly prepared = new Map<string, Statement>();
  private readonly versionOfOthers: Statement<[], number>;
  private readonly writes: Statement<[], number>;

  /** @throws ReadModelsUnavailable */
  constructor(file: string, options: ReadDatabaseOptions = {}) {
    try {
      this.connection = connect(file, options);
    } catch (cause) {
      if (cause instanceof ReadModelsUnavailable) throw cause;
      const isDamaged = isDamagedFile(cause);
      throw new ReadModelsUnavailable(
        `the read models' file ${file} can't be opened: ${(cause as Error).message}`,
        isDamaged,
        isDamaged ? FILL_ANEW : 'Check the folder and its rights, then try again',
        { cause },
      );
    }
    this.within = this.connection.transaction((work: () => unknown) => work());
    this.connection.defaultSafeIntegers(true);
    this.versionOfOthers = this.connection
      .prepare<[], number>('SELECT data_version FROM pragma_data_version')
      .safeIntegers(false)
      .pluck();
    this.writes = this.connection.prepare<[], number>('SELECT total_changes()').safeIntegers(false).pluck();
  }

  /** A statement for a projection: integers are plain numbers. Never for a money column. */
  statement<Parameters extends unknown[] = unknown[], Row = unknown>(sql: string): Statement<Parameters, Row> {
    return this.connection.prepare<Parameters, Row>(sql).safeIntegers(false);
  }

  /** A statement whose integers are BigInt: where money is read. */
  exactStatement<Parameters extends unknown[] = unknown[], Row = unknown>(sql: string): Statement<Parameters, Row> {
    return this.connection.prepare<Parameters, Row>(sql);
  }

  /** Another number whenever another connection has written to the file since; this one's own writes don't change it. */
  writtenByOthers(): number {
    return this.versionOfOthers.get() ?? 0;
  }

  /** Another text whenever rows were written since, by this connection or another. null within a transaction, which may be rolled back. */
  state(): string | null {
    return this.connection.inTransaction ? null : `${this.writtenByOthers()} ${this.writes.get() ?? 0}`;
  }

  /** The names of all tables in the file. */
  tables(): readonly string[] {
    const names = this.connection.prepare<[], string>("SELECT name FROM sqlite_master WHERE type = 'table'").pluck();
    return names.all().filter((name) => !name.startsWith('sqlite_'));
  }

  /** The statement that created a table; null: there is none of that name. */
  createdAs(tableName: string): string | null {
    const sql = this.connection.prepare<[string], string>('SELECT sql FROM sqlite_master WHERE name = ?').pluck();
    return sql.get(tableName) ?? null;
  }

  /** A function that SQL on this connection may call. */
  define(name: string, called: (...given: never[]) => Cell): void {
    this.connection.function(name, { safeIntegers: false }, called);
  }

  exec(sql: string): void {
    this.connection.exec(sql);
  }

  /**
   * Runs `work` in one transaction that takes the write lock at its start. Throws what `work` throws, with nothing written.
   * @throws StoreUnavailable `disk-full`
   */
  transaction<Result>(work: () => Result): Result {
    try {
      return this.within.immediate(work) as Result;
    } catch (error) {
      if ((error as { code?: unknown } | null)?.code !== DISK_FULL) throw error;
      throw new StoreUnavailable('disk-full', `writing the read models: ${(error as Error).message}`, FREE_SPACE, {
        cause: error,
      });
    }
  }

  /** Runs `work` within a transaction. Throws what `work` throws, with nothing of it written. */
  nested<Result>(work: () => Result): Result {
    return this.within(work) as Result;
  }

  /** Runs `work` on one state of the file: several queries that must agree. */
  snapshot<Result>(work: () => Result): Result {
    if (this.connection.inTransaction) return work();
    return this.within.deferred(work) as Result;
  }

  /** Writes rows of a table. */
  insert<Row>(into: Table<Row>, or: '' | 'OR REPLACE' | 'OR IGNORE' = ''): (row: Row) => RunResult {
    const statement = this.connection.prepare<Cell[]>(into.inserted(or));
    return (row) => statement.run(...into.cells(row));
  }

  /** Writes rows of a table from something that has most columns as properties of the same name. */
  insertFrom<Row, Given extends object>(into: Table<Row>, found: Found<Row, Given>): (given: Given) => RunResult {
    const statement = this.connection.prepare<Cell[]>(into.inserted());
    const cellsOf = into.encoder(found);
    return (given) => statement.run(...cellsOf(given));
  }

  /** Reads rows of a table: `rest` follows the table's name. Kept prepared, for questions are asked again. */
  rows<Row>(from: Table<Row>, rest: string): Rows<Row> {
    return new Rows(from, this.query(`SELECT ${from.columns} FROM ${from.name} ${rest}`).raw());
  }

  /** A statement that is kept prepared under its text, with integers as BigInt. */
  query<Parameters extends unknown[] = unknown[], Result = unknown>(sql: string): Statement<Parameters, Result> {
    const known = this.prepared.get(sql) as Statement<Parameters, Result> | undefined;
    if (known) return known;
    if (this.prepared.size >= MAX_PREPARED_QUERIES) this.prepared.clear();
    const statement = this.connection.prepare<Parameters, Result>(sql);
    this.prepared.set(sql, statement);
    return statement;
  }

  /** Runs `work` with another file beside this one, whose tables are named by `name`. */
  beside<Result>(file: string, name: string, work: () => Result): Result {
    this.connection.prepare(`ATTACH ? AS ${name}`).run(file);
    try {
      return work();
    } finally {
      // Statements that name it can't be asked again.
      this.prepared.clear();
      this.connection.exec(`DETACH ${name}`);
    }
  }

  close(): void {
    this.prepared.clear();
    this.connection.close();
  }
}

/** A question for rows of one table. */
export class Rows<Row> {
  constructor(
    private readonly from: Table<Row>,
    private readonly statement: Statement,
  ) {}

  all(...parameters: readonly Cell[] | readonly [Readonly<Record<string, Cell>>]): readonly Row[] {
    return (this.statement.all(...parameters) as Cell[][]).map((cells) => this.from.read(cells));
  }

  get(...parameters: readonly Cell[]): Row | undefined {
    const cells = this.statement.get(...parameters) as Cell[] | undefined;
    return cells && this.from.read(cells);
  }
}
