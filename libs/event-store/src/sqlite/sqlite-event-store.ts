import type { Instant } from '@billtrail/kernel';
import type { StoreUnavailable } from '../store-unavailable.js';
import type {
  AllSlice,
  AppendRequest,
  Appended,
  ChainReport,
  EventStore,
  Newest,
  Position,
  ReadAllOptions,
  ReadStreamOptions,
  StreamName,
  StreamSlice,
  SubscribeOptions,
} from '../port.js';
import type { StoredNames } from '../stored-names.js';
import { Appender, type ReachFailpoint } from './appender.js';
import { EarlierAppends } from './earlier-appends.js';
import { FileInPlace } from './file-check.js';
import { translated, unavailable } from './problems.js';
import { Reader } from './reader.js';
import { encode } from './requests.js';
import { IN_MEMORY, openConnection, type Opened } from './schema.js';
import { CommitSignal, follow } from './subscription.js';
import { Verification, type VerifyOptions } from './verification.js';

export interface SqliteEventStoreOptions {
  /** Path of the log; it is made where it does not exist. `:memory:` for a log that lives as long as the store. */
  readonly file: string;
  readonly names: StoredNames;
  /** Gives `recordedAt`. Without it: the clock of the machine, in UTC, to the millisecond. */
  readonly clock?: () => Instant;
  /** For tools that only look: appends are refused, an older schema is not migrated. */
  readonly readonly?: boolean;
  /**
   * How often an append tries to get the write lock that another process holds before it is refused as `locked`; 50 times without it. SQLite waits
   * up to 100 ms in each try. Tries and not time: on a busy machine whoever holds the lock is slow as well.
   */
  readonly lockTries?: number;
  /** Look through all pages of the file, as at the start of a server. Without it: only where it was not closed, or is open elsewhere. */
  readonly check?: boolean;
  /** The log may not grow beyond this many bytes; then appends are refused as `disk-full` and reading goes on. */
  readonly maxFileBytes?: number;
  /** For proofs: called at each step of a group commit, where it may throw or kill the process. */
  readonly failpoint?: ReachFailpoint;
}

const DEFAULT_LOCK_TRIES = 50;

/**
 * The event store in one SQLite file. Several processes may write to the same file on one machine; each append is on the disk
 * (fsync) before its promise resolves.
 */
export class SqliteEventStore implements EventStore {
  private readonly commits: CommitSignal;
  private readonly reader: Reader;
  private readonly earlier: EarlierAppends;
  private readonly appender: Appender;
  private readonly db: Opened['db'];
  private readonly inPlace: FileInPlace | null;
  /** Once known it stays: what can't be appended now is not appended later by surprise. */
  private damaged: StoreUnavailable | null;

  private constructor(
    { db, damage }: Opened,
    private readonly options: SqliteEventStoreOptions,
  ) {
    this.db = db;
    this.inPlace = options.file === IN_MEMORY ? null : new FileInPlace(options.file);
    this.damaged =
      damage === null
        ? null
        : unavailable('corrupt', `${options.file} is damaged, so nothing is written to it: ${damage}`);
    this.commits = new CommitSignal(db);
    this.reader = new Reader(db, options.names);
    this.earlier = new EarlierAppends(db);
    this.appender = new Appender({
      db,
      earlier: this.earlier,
      clock: options.clock ?? (() => new Date().toISOString()),
      lockTries: options.lockTries ?? DEFAULT_LOCK_TRIES,
      reach: options.failpoint ?? (() => undefined),
      onCommitted: () => this.commits.wakeAll(),
      damage: () => this.damage(),
    });
    this.damage();
  }

  /**
   * Opens the log, makes it or migrates its schema, and asserts `synchronous = FULL`. Synchronous. What is {@link damage | damaged} is opened for reading only.
   * @throws StoreUnavailable `not-a-store`, `newer-schema`, `corrupt`, `locked`, `read-only`, `disk-full` or `io-error`
   */
  static open(options: SqliteEventStoreOptions): SqliteEventStore {
    const { file, maxFileBytes, readonly = false, check = false } = options;
    const opened = openConnection({ file, readonly, check, ...(maxFileBytes !== undefined && { maxFileBytes }) });
    try {
      return translated(`opening ${file}`, () => new SqliteEventStore(opened, options));
    } catch (error) {
      opened.db.close();
      throw error;
    }
  }

  async append(request: AppendRequest): Promise<Appended> {
    this.assertOpen();
    const encoded = encode(request, this.options.names);
    if (this.options.readonly) throw unavailable('read-only', `${this.options.file} was opened for reading only`);
    return this.appender.append(encoded);
  }

  async findAppend(
    stream: StreamName,
    commandId: string,
  ): Promise<(Appended & { readonly fingerprint: string }) | null> {
    this.assertOpen();
    return translated(`reading ${stream}`, () => {
      const found = this.earlier.findByName(stream, commandId);
      return found ? { ...found.answer, fingerprint: found.fingerprint() } : null;
    });
  }

  async readStream(stream: StreamName, options?: ReadStreamOptions): Promise<StreamSlice> {
    this.assertOpen();
    return translated(`reading ${stream}`, () => this.reader.readStream(stream, options));
  }

  async readAll(options: ReadAllOptions): Promise<AllSlice> {
    this.assertOpen();
    return translated('reading the log', () => this.reader.readAll(options));
  }

  subscribe(options: SubscribeOptions): AsyncIterable<AllSlice> {
    const readAll = (range: ReadAllOptions): AllSlice =>
      translated('reading the log', () => this.reader.readAll(range));
    return follow({ readAll }, this.commits, options);
  }

  async head(): Promise<Position> {
    this.assertOpen();
    return translated('reading the head', () => this.reader.head());
  }

  async newest(): Promise<Newest | null> {
    this.assertOpen();
    return translated('reading the head', () => this.reader.newest());
  }

  damage(): StoreUnavailable | null {
    const misplaced = this.damaged === null ? (this.inPlace?.misplaced() ?? null) : null;
    if (misplaced !== null)
      this.damaged = unavailable(
        'lost',
        `${misplaced} is not the file any more that was opened: it was removed or replaced`,
      );
    return this.damaged;
  }

  async verify(options: VerifyOptions = {}): Promise<ChainReport> {
    this.assertOpen();
    return new Verification(this.db, options, () => this.assertOpen()).run();
  }

  /** Writes what still waits, ends the subscriptions and closes the file. Doing it twice does nothing. */
  async close(): Promise<void> {
    if (!this.db.open) return;
    this.appender.close();
    this.commits.close();
    this.db.close();
  }

  private assertOpen(): void {
    if (!this.db.open) throw unavailable('closed', `the store ${this.options.file} is closed`);
  }
}
