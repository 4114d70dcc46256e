import { dirname, join } from 'node:path';
import type { Instant } from '@billtrail/kernel';
import type { KeyClaimed } from '../claims.js';
import { CommandIdReused } from '../errors.js';
import { StoreUnavailable } from '../store-unavailable.js';
import type {
  AllSlice,
  AppendRequest,
  Appended,
  Claim,
  Claimed,
  Done,
  EventStore,
  Loaded,
  Newest,
  ReadAllOptions,
  ReadStreamOptions,
  RecordedEvent,
  StreamName,
  StreamSlice,
  SubscribeOptions,
} from '../port.js';
import type { Position } from '../position.js';
import { allKnown, Sealing, type StreamKeys } from '../sealing.js';
import type { Capabilities, Chain, ChainReport, VerifyOptions } from '../capabilities.js';
import type { StoredNames } from '../stored-names.js';
import { Appender, type ReachFailpoint } from './appender.js';
import type { EarlierAppend } from './earlier-appends.js';
import { FolderLease } from './folder-lease.js';
import { hasPath, type OpenedFile } from './open-file.js';
import { LogCopying } from './log-copying.js';
import { OpenLog } from './open-log.js';
import { translated, unavailable } from './problems.js';
import { checkSize, encode } from '../requests.js';
import { openConnection } from './schema.js';
import { CommitSignal, follow } from './subscription.js';
import { Verification } from './verification.js';

export interface SqliteEventStoreOptions {
  /** Path of the log; it is made where it does not exist. `:memory:` for a log that lives as long as the store. */
  readonly file: string;
  readonly names: StoredNames;
  /** The keys under which personal fields are sealed from here on. Without them nothing is sealed, and what is sealed can't be read. */
  readonly keys?: StreamKeys;
  /** Gives `recordedAt`. Without it: the clock of the machine, in UTC, to the millisecond. */
  readonly clock?: () => Instant;
  /** Refuse (`ClockSuspect`) what would be recorded far from the last event. Without it: where the clock is the machine's; one that is set may jump. */
  readonly suspectClock?: boolean;
  /** Milliseconds of a clock that never goes back, for how long appends wait. Without it: the one of the process. */
  readonly tick?: () => number;
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
/** Beside the log. */
const LEASE = 'server.lock';
/** No version of the file that anybody has seen. */
const NONE_SEEN = -1;

/**
 * The event store in one SQLite file. Several processes may write to the same file on one machine; each append is on the disk
 * (fsync) before its promise resolves.
 */
export class SqliteEventStore implements EventStore, Chain {
  private readonly commits: CommitSignal;
  private readonly appender: Appender;
  private readonly copying: LogCopying;
  /** A log in memory is of one process. */
  private readonly lease: FolderLease | null;
  private readonly sealing: Sealing;
  private readonly tick: () => number;
  private log: OpenLog;
  private isClosed = false;
  /** Once known it stays: what can't be appended now is not appended later by surprise. */
  private damaged: StoreUnavailable | null;

  private constructor(
    { db, damage }: OpenedFile,
    private readonly options: SqliteEventStoreOptions,
  ) {
    this.log = new OpenLog(db, options.file, options.names);
    this.damaged =
      damage === null
        ? null
        : unavailable('corrupt', `${options.file} is damaged, so nothing is written to it: ${damage}`);
    this.tick = options.tick ?? (() => performance.now());
    this.sealing = new Sealing(options.names, options.keys ?? null);
    this.commits = new CommitSignal(() => (this.log.db.open ? this.log.dataVersion() : NONE_SEEN));
    this.appender = new Appender({
      log: () => this.log,
      reopen: () => this.reopen(),
      clock: options.clock ?? (() => new Date().toISOString()),
      suspectClock: options.suspectClock ?? options.clock === undefined,
      tick: this.tick,
      lockTries: options.lockTries ?? DEFAULT_LOCK_TRIES,
      reach: options.failpoint ?? (() => undefined),
      onCommitted: () => this.commits.wakeAll(),
      damage: () => this.damage(),
      onRefused: (error) => this.notice(error),
    });
    this.lease = hasPath(options.file) ? new FolderLease(join(dirname(options.file), LEASE)) : null;
    this.copying = new LogCopying({
      log: () => this.opened(),
      assertWritable: () => this.assertWritable(),
      onCommitted: () => this.commits.wakeAll(),
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

  async append(request: AppendRequest, claims: readonly Claim[] = []): Promise<Appended> {
    this.assertOpen();
    const since = this.tick();
    const encoded = encode(request, claims, this.options.names);
    this.assertNotReadOnly();
    const asked = this.sealing.sealed(encoded);
    const isAtHand = !(asked instanceof Promise);
    const sealed = isAtHand ? asked : await asked;
    if (!isAtHand) this.assertOpen();
    if (sealed !== encoded) checkSize(sealed);
    return this.appender.append(sealed, since).catch((error: unknown) => this.repeated(request, error));
  }

  async load(stream: StreamName, commandId: string, options?: ReadStreamOptions): Promise<Loaded> {
    this.assertOpen();
    const { slice, earlier } = this.reading(stream, () => this.log.load(stream, commandId, options));
    return { ...(await this.whole(slice)), done: await this.done(stream, earlier) };
  }

  async claimed(key: StreamName): Promise<Claimed | null> {
    const { events } = await this.readStream(key, { limit: 1 });
    const claim = (events[0] as KeyClaimed | undefined)?.data;
    if (claim === undefined) return null;
    return { key, ...claim, ...(await this.sealing.askedFor(claim.stream, claim.fingerprint)) };
  }

  async readStream(stream: StreamName, options?: ReadStreamOptions): Promise<StreamSlice> {
    this.assertOpen();
    return this.whole(this.reading(stream, () => this.log.reader.readStream(stream, options)));
  }

  async readAll(options: ReadAllOptions): Promise<AllSlice> {
    this.assertOpen();
    return this.readOn(options);
  }

  subscribe(options: SubscribeOptions): AsyncIterable<AllSlice> {
    return follow((range) => this.readOn(range), this.commits, options);
  }

  async head(): Promise<Position> {
    this.assertOpen();
    return this.reading('the head', () => this.log.reader.head());
  }

  async eventAt(position: Position): Promise<RecordedEvent | null> {
    this.assertOpen();
    const event = this.reading('the log', () => this.log.reader.eventAt(position));
    return event && ((await this.sealing.opened([event]))[0] as RecordedEvent);
  }

  async newest(): Promise<Newest | null> {
    this.assertOpen();
    return this.reading('the head', () => this.log.reader.newest());
  }

  damage(): StoreUnavailable | null {
    const misplaced = this.damaged === null ? (this.log.inPlace?.misplaced() ?? null) : null;
    if (misplaced !== null)
      this.damaged = unavailable(
        'lost',
        `${misplaced} is not the file any more that was opened: it was removed or replaced`,
      );
    return this.damaged;
  }

  capability<Name extends keyof Capabilities>(name: Name): Capabilities[Name] | null {
    const own: { readonly [One in keyof Capabilities]: Capabilities[One] | null } = {
      chain: this,
      copying: this.copying,
      lease: this.lease,
    };
    return own[name];
  }

  async verify(options: VerifyOptions = {}): Promise<ChainReport> {
    this.assertOpen();
    const { log } = this;
    const assertSame = () => {
      this.assertOpen();
      if (log !== this.log) throw unavailable('io-error', 'the disk failed and the log was opened anew meanwhile');
    };
    return new Verification(log.db, options, assertSame).run();
  }

  /** Writes what still waits, ends the subscriptions and closes the file. Doing it twice does nothing. */
  async close(): Promise<void> {
    if (this.isClosed) return;
    this.appender.close();
    this.isClosed = true;
    this.commits.close();
    this.log.db.close();
  }

  /** Null: the command did nothing before. */
  private async done(stream: StreamName, earlier: EarlierAppend | null): Promise<Done | null> {
    return earlier && { ...earlier.answer, ...(await this.sealing.askedFor(stream, earlier.fingerprint)) };
  }

  /** An append of which no type lists personal fields may repeat one that was decided otherwise, whose fingerprint is under the key of the stream. */
  private async repeated({ stream, commandId, fingerprint }: AppendRequest, error: unknown): Promise<Appended> {
    if (!(error instanceof CommandIdReused)) throw error;
    const earlier = this.reading(stream, () => this.log.earlier.findByName(stream, commandId));
    if (earlier === undefined || !(await this.sealing.askedFor(stream, earlier.fingerprint)).isFor(fingerprint))
      throw error;
    return earlier.answer;
  }

  private async whole<Slice extends StreamSlice>(slice: Slice): Promise<Slice> {
    return { ...slice, events: allKnown(slice.stream, await this.sealing.opened(slice.events)) };
  }

  private readOn(options: ReadAllOptions): AllSlice | Promise<AllSlice> {
    const slice = this.reading('the log', () => this.opened().reader.readAll(options));
    const events = this.sealing.opened(slice.events);
    return events instanceof Promise ? events.then((all) => ({ ...slice, events: all })) : { ...slice, events };
  }

  /** Damage that a question meets is known from then on: what is written into such a file may be found by nobody. */
  private reading<Found>(what: string, read: () => Found): Found {
    try {
      return translated(`reading ${what}`, read);
    } catch (error) {
      this.notice(error);
      throw error;
    }
  }

  private notice(error: unknown): void {
    if (error instanceof StoreUnavailable && error.problem === 'corrupt') this.damaged ??= error;
  }

  private assertNotReadOnly(): void {
    if (this.options.readonly) throw unavailable('read-only', `${this.options.file} was opened for reading only`);
  }

  private assertWritable(): void {
    this.assertOpen();
    this.assertNotReadOnly();
    const damage = this.damage();
    if (damage !== null) throw damage;
  }

  /** @throws StoreUnavailable where it was closed, or the disk failed and still does. */
  private assertOpen(): void {
    this.opened();
  }

  private opened(): OpenLog {
    if (this.isClosed) throw unavailable('closed', `the store ${this.options.file} is closed`);
    if (!this.log.db.open) this.reopen();
    return this.log;
  }

  /** After a disk that failed: nothing is written before what is there has been read anew and made sure of. */
  private reopen(): void {
    const { file, names, maxFileBytes } = this.options;
    translated(`opening ${file} after its disk failed`, () => {
      this.log.db.close();
      const { db, damage } = openConnection({
        file,
        readonly: false,
        check: false,
        ...(maxFileBytes !== undefined && { maxFileBytes }),
      });
      const log = new OpenLog(db, file, names);
      try {
        if (damage !== null) throw unavailable('corrupt', `${file} is damaged: ${damage}`);
        log.makeSure();
      } catch (error) {
        db.close();
        throw error;
      }
      this.log = log;
    });
  }
}
