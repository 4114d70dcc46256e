import { join } from 'node:path';
import { SqliteEventStore, type EventStore, type Position, type StreamName } from '@billtrail/event-store';
import { ReadModels, ReadModelStopped, type CatchUpProgress } from '@billtrail/read-models';
import { systemClock, type Clock } from './clock.js';
import type { Surroundings } from './command-path/command-definition.js';
import { StreamTurns } from './command-path/stream-turns.js';
import { configurationOf, todayOf } from './configuration.js';
import { makeDataFolder } from './data-folder.js';
import { CompleteIssues } from './policies/complete-issues.js';
import { RecordGaps } from './policies/record-gaps.js';
import { RecordSla } from './policies/record-sla.js';
import { storedNames } from './stored-events.js';

export interface ApplicationOptions {
  /** Folder of the embedded store. `:memory:` for a test. */
  readonly dataDir: string;
  readonly clock?: Clock;
  /** Follow the log and run the policies as it grows, as a server does. Without it, {@link Billtrail.settle} does so when asked. */
  readonly follow?: boolean;
  /** Called when following has stopped by a failure: a server should end, and be started again. */
  readonly onFailure?: (error: unknown) => void;
}

export interface SettleOptions {
  readonly onProgress?: (progress: CatchUpProgress) => void;
}

const MILLISECONDS_OF_A_MINUTE = 60_000;

/** The log, the read models and the policies of one data folder, and their life: open, follow or settle, close. */
export class Billtrail implements Surroundings {
  private readonly recordGaps: RecordGaps;
  private readonly completeIssues: CompleteIssues;
  private readonly recordSla: RecordSla;
  private readonly turns = new StreamTurns();
  /** No further round of the policies begins. */
  private readonly closing = new AbortController();
  /** The log is followed no longer. */
  private readonly stopping = new AbortController();
  private following: Promise<void> | null = null;
  private policies: Promise<void> = Promise.resolve();
  private policiesWaiting = false;

  private constructor(
    readonly store: EventStore,
    readonly models: ReadModels,
    readonly clock: Clock,
    private readonly onFailure: (error: unknown) => void,
  ) {
    this.recordGaps = new RecordGaps(this);
    this.completeIssues = new CompleteIssues(this);
    this.recordSla = new RecordSla(this);
  }

  /** @throws StoreUnavailable, ReadModelsUnavailable */
  static async open({
    dataDir,
    clock = systemClock,
    follow = false,
    onFailure,
  }: ApplicationOptions): Promise<Billtrail> {
    const inMemory = dataDir === ':memory:';
    if (!inMemory) makeDataFolder(dataDir);
    const store = SqliteEventStore.open({
      file: inMemory ? ':memory:' : join(dataDir, 'events.db'),
      names: storedNames,
      clock,
    });
    try {
      const models = await ReadModels.open({ file: inMemory ? ':memory:' : join(dataDir, 'read-models.db'), store });
      const billtrail = new Billtrail(
        store,
        models,
        clock,
        onFailure ??
          ((error) => {
            throw error;
          }),
      );
      if (follow) billtrail.follow();
      return billtrail;
    } catch (error) {
      await store.close();
      throw error;
    }
  }

  /** Until the read models hold everything up to `position`; without it, everything that the log holds now. */
  async upToDate(position?: Position): Promise<void> {
    if (this.following) await this.models.waitFor(position ?? (await this.store.head()));
    else await this.catchUp();
  }

  inTurn<Result>(stream: StreamName, work: () => Promise<Result>): Promise<Result> {
    return this.turns.take(stream, work);
  }

  /** Brings the read models to the end of the log, lets the policies act on them, and again until nothing is left to do. */
  async settle(options: SettleOptions = {}): Promise<Position> {
    await this.catchUp(options);
    await this.runPolicies(() => this.catchUp());
    return this.models.position();
  }

  /** Lets the policies end their round while the log is still followed, ends following, and closes the files. */
  async close(): Promise<void> {
    this.closing.abort();
    await this.policies.catch(() => undefined);
    this.stopping.abort();
    await this.following?.catch(() => undefined);
    await this.models.close();
    await this.store.close();
  }

  /** A read model that has stopped must not answer as if it were complete. */
  private async catchUp(options: SettleOptions = {}): Promise<void> {
    await this.models.catchUp(options);
    const stopped = this.models.status().find((model) => model.state === 'stopped');
    if (stopped)
      throw new ReadModelStopped(stopped.name, stopped.errorPosition, stopped.error ?? 'for no known reason');
  }

  private follow(): void {
    const { signal } = this.stopping;
    this.following = this.models.follow(signal).catch((error: unknown) => this.fail(error));
    const stopListening = this.models.onSettled(() => this.wakePolicies());
    // Gaps become due by the day and SLA targets by the minute, also when nothing happens.
    const everyMinute = setInterval(() => this.wakePolicies(), MILLISECONDS_OF_A_MINUTE);
    everyMinute.unref();
    this.closing.signal.addEventListener('abort', () => {
      stopListening();
      clearInterval(everyMinute);
    });
    this.wakePolicies();
  }

  /** One run at a time, and one more for all that woke it meanwhile. */
  private wakePolicies(): void {
    if (this.policiesWaiting || this.closing.signal.aborted) return;
    this.policiesWaiting = true;
    this.policies = this.policies
      .then(() => {
        this.policiesWaiting = false;
        if (this.closing.signal.aborted) return undefined;
        // Nobody waits for a policy to answer: it waits as long as the read models go on.
        return this.runPolicies((position) => this.models.waitFor(position, { steps: Infinity }));
      })
      .catch((error: unknown) => this.fail(error));
  }

  private async runPolicies(untilSeen: (position: Position) => Promise<unknown>): Promise<void> {
    if ((await this.completeIssues.run()) > 0) await untilSeen(await this.store.head());
    const slaRecorded = await this.recordSla.run(this.clock());
    if (slaRecorded !== null) await untilSeen(slaRecorded);
    for (let looked = 1; looked > 0 && !this.closing.signal.aborted;) {
      const round = await this.recordGaps.round(todayOf(await configurationOf(this.store), this.clock()));
      if (round.appended !== null) await untilSeen(round.appended);
      looked = round.looked;
    }
  }

  private fail(error: unknown): void {
    if (!this.closing.signal.aborted) this.onFailure(error);
  }
}
