import BetterSqlite, { type Database, type Statement } from 'better-sqlite3';
import { DummyDriver, Kysely, SqliteAdapter, SqliteIntrospector, SqliteQueryCompiler, type Compilable } from 'kysely';

/** Pages, busy wait and mapping of the read models' file. The events have their own file, their own lock and their own settings. */
const PAGE_SIZE_BYTES = 8192;
const BUSY_TIMEOUT_MS = 5_000;
const MMAP_BYTES = 1 << 30;
/** Compiled queries that are kept prepared. A query's text holds no values, so that their number is small and fixed. */
const MAX_PREPARED_QUERIES = 500;

/** Kysely only builds the queries: `Tables` is the schema of the folder that asks. */
export type QueryBuilder<Tables> = Kysely<Tables>;

/** The read models' file can't be used. It holds nothing that the log doesn't hold: deleting it is always a way out. */
export class ReadModelsUnavailable extends Error {
  override readonly name = 'ReadModelsUnavailable';
}

/**
 * The SQLite file of the read models. Integers come back as BigInt unless a statement was made for plain numbers
 * ({@link statement}), so that money can't pass through a float by forgetting something.
 *
 * All access is synchronous and on one connection: a query never sees half a batch.
 */
export class ReadDatabase {
  private readonly connection: Database;
  private readonly prepared = new Map<string, Statement>();
  private readonly versionOfOthers: Statement<[], number>;

  constructor(file: string) {
    try {
      this.connection = new BetterSqlite(file, { timeout: BUSY_TIMEOUT_MS });
      this.connection.pragma(`page_size = ${PAGE_SIZE_BYTES}`);
      this.connection.pragma('journal_mode = WAL');
      // A crash may lose the last batches, never their order: the checkpoint goes with them and the log has them.
      this.connection.pragma('synchronous = NORMAL');
      this.connection.pragma(`mmap_size = ${MMAP_BYTES}`);
      this.connection.pragma('cache_size = -65536');
      this.connection.pragma('temp_store = MEMORY');
      this.connection.pragma('wal_autocheckpoint = 8000');
    } catch (cause) {
      throw new ReadModelsUnavailable(
        `the read models' file ${file} can't be opened: ${(cause as Error).message}. ` +
          'Check the folder and its rights; if the file is damaged delete it (and its -wal and -shm): it is rebuilt from the log',
        { cause },
      );
    }
    this.connection.defaultSafeIntegers(true);
    this.versionOfOthers = this.connection
      .prepare<[], number>('SELECT data_version FROM pragma_data_version')
      .safeIntegers(false)
      .pluck();
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

  exec(sql: string): void {
    this.connection.exec(sql);
  }

  /** Runs `work` in one transaction that takes the write lock at its start. Throws what `work` throws, with nothing written. */
  transaction<Result>(work: () => Result): Result {
    return this.connection.transaction(work).immediate();
  }

  /** Runs `work` on one state of the file: several queries that must agree. */
  snapshot<Result>(work: () => Result): Result {
    if (this.connection.inTransaction) return work();
    return this.connection.transaction(work).deferred();
  }

  /** All rows of a query that Kysely built. Integers are BigInt. */
  all<Row>(query: Compilable<Row>): Row[] {
    const { sql, parameters } = query.compile();
    return this.preparedFor(sql).all(...parameters) as Row[];
  }

  first<Row>(query: Compilable<Row>): Row | undefined {
    const { sql, parameters } = query.compile();
    return this.preparedFor(sql).get(...parameters) as Row | undefined;
  }

  close(): void {
    this.prepared.clear();
    this.connection.close();
  }

  private preparedFor(sql: string): Statement {
    const known = this.prepared.get(sql);
    if (known) return known;
    if (this.prepared.size >= MAX_PREPARED_QUERIES) this.prepared.clear();
    const statement = this.connection.prepare(sql);
    this.prepared.set(sql, statement);
    return statement;
  }
}

/** A typed builder over the tables of one read model. It has no connection: {@link ReadDatabase} runs what it builds. */
export function queryBuilder<Tables>(): QueryBuilder<Tables> {
  return new Kysely<Tables>({
    dialect: {
      createAdapter: () => new SqliteAdapter(),
      createDriver: () => new DummyDriver(),
      createIntrospector: (database) => new SqliteIntrospector(database),
      createQueryCompiler: () => new SqliteQueryCompiler(),
    },
  });
}
