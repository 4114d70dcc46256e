import { setImmediate as nextTurn } from 'node:timers/promises';
import { invariant } from '@billtrail/kernel';
import {
  START,
  earliest,
  latest,
  type EventStore,
  type Position,
  type RecordedEvent,
  type StreamKeys,
} from '@billtrail/event-store';
import type { FileSchema, SchemaDifference } from '../compared/file-schema.js';
import type { KeptSums } from '../compared/kept-sums.js';
import type { ReadDatabase } from '../database/read-database.js';
import { ParkedStreams } from '../parking/parked-streams.js';
import { Checkpoints } from './checkpoints.js';
import { ReadModelsBehind, type ReadModelStopped } from './errors.js';
import type { Projection } from './projection.js';
import { LatestPositions } from './latest-positions.js';
import { emptied, foreignTo, healedOf, opened } from './opening.js';
import { DerivedModel, LogModel } from './running-model.js';
import { Waiters } from './waiters.js';

/** Events of one read while catching up, and while following live, where requests wait for the event loop. */
export const CATCH_UP_BATCH = 10_000;
export const LIVE_BATCH = 200;
/** How long one step of rating may hold the event loop while following live. One client-period is never split. */
export const LIVE_STEP_MS = 10;
export const CATCH_UP_STEP_MS = 300;
/**
 * How many steps a caller waits for: a step is a live batch of events or a live step of rating, so that larger ones count as several.
 * About ten seconds of a quiet machine's work, which a busy one may take its time for.
 */
export const MAX_STEPS_WAITED = 1_000;
/**
 * While behind, rating waits until the end, so that a client-period is rated once and not once a batch; but at most for this many events, where there are figures that
 * somebody may ask for. What is filled from the start is rated at its end.
 */
export const MAX_UNRATED_EVENTS = 200_000;

export interface CatchUpProgress {
  /** All read models have applied the events up to here. */
  readonly position: Position;
  readonly target: Position;
  /** `events`: the log is being read. `rating`: what the events left behind is being rated. */
  readonly phase: 'events' | 'rating';
}

export interface CatchUpOptions {
  /** Without it: the end of the log now. */
  readonly upTo?: Position;
  readonly onProgress?: (progress: CatchUpProgress) => void;
}

/** How a read model stands. */
export interface ReadModelStatus {
  readonly name: string;
  readonly state: 'live' | 'rebuilding' | 'stopped';
  /** Its rows are complete up to here. */
  readonly position: Position;
  /** Why it stopped, with the event that it could not take; null while it runs. */
  readonly error: string | null;
  readonly errorPosition: Position | null;
}

export interface RunnerOptions {
  readonly database: ReadDatabase;
  readonly store: EventStore;
  readonly projections: readonly Projection[];
  readonly now: () => number;
  /** Asked at the start whether what was sealed can be opened now. */
  readonly keys?: Pick<StreamKeys, 'keysOf'>;
  /** Keeps what the rows are compared by. Absent: nothing is compared. */
  readonly sums?: KeptSums;
  /** What the file is to be made of. Absent: nobody else has the file. */
  readonly schema?: FileSchema;
}

/** For which read models were emptied at the opening. */
export interface FoundAtOpening {
  /** They were filled from another log. */
  readonly foreign: readonly string[];
  /** The hash over all that was kept of them is missing, does not fit, or is of another vault. */
  readonly rootless: readonly string[];
  /** What of the file this program did not make, or made otherwise: all were. */
  readonly strange: readonly SchemaDifference[];
}

/** Carries the log into the read models: one read for all of them, one transaction for each. Then works out what is derived from their rows. */
export class Runner {
  private readonly waiters = new Waiters();
  private readonly latest = new LatestPositions();
  private readonly listeners = new Set<(position: Position) => void>();
  private readonly types: readonly string[];
  private readonly folded: readonly LogModel[];
  private readonly derived: readonly DerivedModel[];
  private turn: Promise<void> = Promise.resolve();
  /** Why the runner no longer follows the log; null while it does, or has not begun to. */
  private ended: Error | null = null;

  private constructor(
    private readonly options: RunnerOptions,
    private readonly checkpoints: Checkpoints,
    private readonly models: readonly (LogModel | DerivedModel)[],
    readonly found: FoundAtOpening,
  ) {
    this.types = [...new Set(options.projections.flatMap((one) => (one.derivedFrom === undefined ? one.types : [])))];
    this.folded = models.filter((model) => model instanceof LogModel);
    this.derived = models.filter((model) => model instanceof DerivedModel);
  }

  /** Read models of another log, or of one that was cut and has grown anew, are emptied: `found` names them. */
  static async open(options: RunnerOptions): Promise<Runner> {
    // Of a damaged log not even the end may be readable: what the read models hold is all that can be answered.
    const head = options.store.damage() === null ? await options.store.head() : START;
    const checkpoints = new Checkpoints(options.database, options.sums ?? null);
    const foreign =
      options.store.damage() === null ? await foreignTo(options.store, options.projections, checkpoints) : [];
    const parked = new ParkedStreams(options.database);
    const healed = options.store.damage() === null ? await healedOf(options.store, parked, options.keys ?? null) : [];
    // Nobody can say what the rows were.
    const rootless = options.sums?.withoutRoot((name) => checkpoints.read(name)?.position) ?? [];
    const anew = [...foreign, ...healed, ...rootless];
    // Beside a damaged log nothing is emptied that could not be filled again.
    const schema = options.store.damage() === null ? (options.schema ?? null) : null;
    const { models, strange } = opened(options.projections, options.database, checkpoints, { head, anew, schema });
    return new Runner(options, checkpoints, models, { foreign, rootless, strange });
  }

  /** The read models are complete up to here: the least of all. */
  position(): Position {
    return earliest(this.models.map((model) => model.state.position));
  }

  hasRead(position: Position): boolean {
    return this.latest.has(position);
  }

  timesFilled(): number {
    return this.checkpoints.epochs();
  }

  status(): readonly ReadModelStatus[] {
    return this.models.map(({ name, state }) => ({
      name,
      state: state.error !== null ? 'stopped' : state.rebuildUntil !== null ? 'rebuilding' : 'live',
      position: state.position,
      error: state.error,
      errorPosition: state.errorPosition,
    }));
  }

  async waitFor(position: Position, steps: number): Promise<void> {
    const reached = this.position();
    if (!position.isAfter(reached)) return;
    const over = this.stopped() ?? this.ended;
    if (over) throw over;
    if (steps === 0) throw new ReadModelsBehind(position, reached);
    await this.waiters.wait(position, steps);
  }

  onComplete(listener: (position: Position) => void): () => void {
    this.listeners.add(listener);
    return () => this.listeners.delete(listener);
  }

  async catchUp(options: CatchUpOptions): Promise<Position> {
    return this.exclusively(async () => {
      for (const model of this.models) model.retry();
      await this.readUpTo(options.upTo ?? (await this.options.store.head()), options.onProgress);
      return this.position();
    });
  }

  async follow(signal: AbortSignal): Promise<void> {
    this.ended = null;
    try {
      await this.catchUp({});
      let after = this.applied();
      const slices = this.options.store.subscribe({ after, batchSize: LIVE_BATCH, types: this.types, signal });
      let unrated = 0;
      for await (const slice of slices) {
        await this.exclusively(async () => {
          this.project(after, slice.events, slice.next);
          after = slice.next;
          unrated += slice.events.length;
          // A rebuild between two slices has its own way to the end; what it left is read here.
          if (slice.next.isAfter(this.applied())) await this.readUpTo(slice.next);
          if (!slice.atEnd && unrated < MAX_UNRATED_EVENTS) return;
          unrated = 0;
          await this.derive(LIVE_STEP_MS);
        });
      }
      this.ended = new Error('Billtrail is closing and no longer follows the log');
    } catch (error) {
      this.ended = error as Error;
      throw error;
    } finally {
      // Nobody carries the read models on: who waits would wait for ever.
      if (this.ended) this.waiters.fail(this.ended);
    }
  }

  async rebuild(names: readonly string[] | undefined, onProgress: CatchUpOptions['onProgress']): Promise<void> {
    await this.exclusively(async () => {
      const damage = this.options.store.damage();
      // What they hold is all that is left to answer from.
      if (damage !== null) throw damage;
      const head = await this.options.store.head();
      const known = this.models.map((model) => model.name);
      const unknown = names?.find((name) => !known.includes(name));
      if (unknown !== undefined) throw new Error(`No read model "${unknown}". Known: ${known.join(', ')}.`);
      const schema = this.options.schema ?? null;
      emptied(this.options.projections, names ?? known, this.options.database, this.checkpoints, head, schema);
      for (const model of this.models) model.adopt();
      await this.readUpTo(head, onProgress);
    });
  }

  async empty(names: readonly string[]): Promise<void> {
    await this.exclusively(async () => {
      emptied(
        this.options.projections,
        names,
        this.options.database,
        this.checkpoints,
        await this.options.store.head(),
      );
      for (const model of this.models) model.adopt();
    });
  }

  /** Ends when nothing is running any more. */
  async idle(): Promise<void> {
    await this.turn;
  }

  private async readUpTo(target: Position, onProgress?: CatchUpOptions['onProgress']): Promise<void> {
    const head = await this.options.store.head();
    const furthest = latest(this.models.map((model) => model.state.position));
    invariant(
      !furthest.isAfter(head),
      () => `the read models are at ${furthest}, and the log that they were opened on ends at ${head}`,
    );
    let unrated = 0;
    for (let after = this.applied(); target.isAfter(after);) {
      const slice = await this.options.store.readAll({ after, upTo: target, limit: CATCH_UP_BATCH, types: this.types });
      // Requests have their turn between the read models: of a large batch each takes a while.
      await this.projectInTurns(after, slice.events, slice.next);
      unrated += slice.events.length;
      after = slice.next;
      onProgress?.({ position: after, target, phase: 'events' });
      if (unrated >= MAX_UNRATED_EVENTS && !this.isFillingDerived()) {
        await this.derive(CATCH_UP_STEP_MS, () => onProgress?.({ position: after, target, phase: 'rating' }));
        unrated = 0;
      }
      await nextTurn();
      // Another process may have begun a rebuild meanwhile: what it has not done yet is done here.
      if (!target.isAfter(after)) after = earliest([after, this.applied()]);
    }
    await this.derive(CATCH_UP_STEP_MS, () => onProgress?.({ position: this.applied(), target, phase: 'rating' }));
  }

  private isFillingDerived(): boolean {
    return this.derived.some(({ state }) => state.rebuildUntil !== null || state.position.is(START));
  }

  /** A slice of the log: what lies after `after`, up to `next`. */
  private project(after: Position, events: readonly RecordedEvent[], next: Position): void {
    for (const model of this.folded) model.project(after, events, next);
    this.projected(events);
  }

  private async projectInTurns(after: Position, events: readonly RecordedEvent[], next: Position): Promise<void> {
    for (const model of this.folded) {
      model.project(after, events, next);
      await nextTurn();
    }
    this.projected(events);
  }

  private projected(events: readonly RecordedEvent[]): void {
    this.latest.read(events);
    this.announce();
    this.waiters.stepped(Math.ceil(events.length / LIVE_BATCH), this.position());
  }

  private async derive(stepMs: number, onStep?: () => void): Promise<void> {
    const { now } = this.options;
    for (const model of this.derived) {
      while (model.derive(now() + stepMs, now)) {
        onStep?.();
        this.waiters.stepped(stepMs / LIVE_STEP_MS, this.position());
        await nextTurn();
      }
    }
    this.announce();
  }

  private announce(): void {
    const stopped = this.stopped();
    if (stopped) this.waiters.fail(stopped);
    const position = this.position();
    this.waiters.reached(position);
    for (const listener of this.listeners) listener(position);
  }

  /** All that are folded from the log and run have applied the events up to here. */
  private applied(): Position {
    const running = this.folded.filter((model) => !model.isStopped);
    const stopped = this.stopped();
    if (running.length === 0 && stopped) throw stopped;
    return earliest(running.map((model) => model.state.position));
  }

  private stopped(): ReadModelStopped | null {
    for (const model of this.models) {
      const reason = model.stoppedBecause();
      if (reason) return reason;
    }
    return null;
  }

  /** One at a time: catching up, a slice of the live log, a rebuild. */
  private async exclusively<Result>(work: () => Promise<Result>): Promise<Result> {
    const before = this.turn;
    let done = (): void => undefined;
    this.turn = new Promise((resolve) => (done = resolve));
    await before;
    try {
      return await work();
    } finally {
      done();
    }
  }
}
