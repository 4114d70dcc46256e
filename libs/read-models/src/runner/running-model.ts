import {
  Position,
  StoreUnavailable,
  categoryOf,
  earliest,
  whyUnread,
  type RecordedEvent,
  type WhyUnread,
} from '@billtrail/event-store';
import type { ReadDatabase } from '../database/read-database.js';
import type { Checkpoint, Checkpoints } from './checkpoints.js';
import { FenceLost, ReadModelStopped } from './errors.js';
import { whyNotTaken } from '../parking/not-taken.js';
import { ParkedPeriods } from '../parking/parked-periods.js';
import { ParkedStreams, type WhyParked } from '../parking/parked-streams.js';
import type { Deriving, DerivedProjection, Folding, LogProjection, ProjectionOf } from './projection.js';

/** What the environment can do to a transaction; it says nothing about the event at hand. */
const NOT_THE_EVENTS_FAULT = /^SQLITE_(BUSY|LOCKED|FULL|IOERR|READONLY|CORRUPT|NOTADB|CANTOPEN|NOMEM|PROTOCOL)/;

function isEnvironmental(error: unknown): boolean {
  if (error instanceof FenceLost || error instanceof StoreUnavailable) return true;
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && NOT_THE_EVENTS_FAULT.test(code);
}

const WHY_PARKED: Readonly<Record<WhyUnread, WhyParked>> = {
  newer: 'unknown',
  sealed: 'sealed',
  unlifted: 'unlifted',
};

/** How often another process may be quicker at one and the same batch before something must be wrong. */
const MAX_TURNS = 100;

function isSame(one: Checkpoint, other: Checkpoint): boolean {
  return one.epoch === other.epoch && one.position.is(other.position) && one.error === other.error;
}

/** One read model with its checkpoint. Each batch is one transaction: rows and checkpoint together, or neither. */
abstract class RunningModel<Working> {
  protected working: Working;
  private checkpoint: Checkpoint;
  /** What others had written when it was started or last at work: what it remembers is of those rows. */
  private known: number;

  constructor(
    private readonly projection: ProjectionOf<Working>,
    protected readonly database: ReadDatabase,
    private readonly checkpoints: Checkpoints,
    checkpoint: Checkpoint,
  ) {
    this.checkpoint = checkpoint;
    this.known = database.writtenByOthers();
    this.working = this.begun();
  }

  get name(): string {
    return this.projection.name;
  }

  get state(): Checkpoint {
    return this.checkpoint;
  }

  get isStopped(): boolean {
    return this.checkpoint.error !== null;
  }

  /** Why it stopped; null while it runs. */
  stoppedBecause(): ReadModelStopped | null {
    const { error, errorPosition } = this.checkpoint;
    return error === null ? null : new ReadModelStopped(this.name, errorPosition, error);
  }

  /** A new run tries again what stopped the last one: the code may be another now. */
  retry(): void {
    this.adopt();
    if (this.isStopped) this.advance({ error: null, errorPosition: null });
  }

  /**
   * Takes over what another process did to this read model since: a server and a command line may project into one file, in turns. What is
   * remembered then belongs to other rows, so it starts anew. A step of rating moves no checkpoint, so the file itself is asked.
   */
  adopt(): void {
    const stored = this.checkpoints.read(this.name);
    const writtenByOthers = this.database.writtenByOthers();
    if (stored === undefined || (writtenByOthers === this.known && isSame(stored, this.checkpoint))) return;
    this.checkpoint = stored;
    this.known = writtenByOthers;
    this.working = this.begun();
  }

  private begun(): Working {
    this.checkpoints.sums?.watch(this.name);
    return this.projection.start(this.database);
  }

  protected stop(error: unknown, event: RecordedEvent | null): void {
    const what = event === null ? '' : `${event.type} (${event.id}, ${event.stream} version ${event.version}): `;
    const why = error instanceof Error ? error.message : String(error);
    this.advance({ error: `${what}${why}`, errorPosition: event && Position.of(event) });
  }

  /** Works on the newest checkpoint; where another process was quicker, nothing was written, and it looks again. */
  protected inTurns<Result>(work: () => Result): Result {
    for (let turn = 1; ; turn++) {
      this.adopt();
      try {
        return work();
      } catch (error) {
        if (!(error instanceof FenceLost) || turn === MAX_TURNS) throw error;
      }
    }
  }

  /**
   * `work` and the move of the checkpoint to where it says, in one transaction; null: it stays. The checkpoint in memory follows only after
   * the commit. A rebuild that has come to its end is over.
   */
  protected transaction(work: () => Position | null): void {
    try {
      this.checkpoint = this.database.transaction(() => {
        if (this.database.writtenByOthers() !== this.known) throw new FenceLost(this.name);
        const position = work() ?? this.checkpoint.position;
        const { rebuildUntil: until } = this.checkpoint;
        const rebuildUntil = until?.isAfter(position) ? until : null;
        return this.checkpoints.advance(this.checkpoint, { position, rebuildUntil });
      });
    } catch (error) {
      // What it remembers may come from rows that were rolled back.
      this.checkpoints.sums?.forget();
      this.working = this.begun();
      throw error;
    }
  }

  private advance(to: Partial<Checkpoint>): void {
    this.checkpoint = this.database.transaction(() => this.checkpoints.advance(this.checkpoint, to));
  }
}

/** A read model that is folded from the log. */
export class LogModel extends RunningModel<Folding> {
  private readonly handled: ReadonlySet<string>;
  private readonly categories: ReadonlySet<string> | 'all';
  private readonly parked: ParkedStreams;

  constructor(projection: LogProjection, database: ReadDatabase, checkpoints: Checkpoints, checkpoint: Checkpoint) {
    super(projection, database, checkpoints, checkpoint);
    this.handled = new Set(projection.types);
    this.categories = projection.categories === 'all' ? 'all' : new Set(projection.categories);
    this.parked = new ParkedStreams(database);
  }

  /**
   * Applies what is new to it in `events` (the log after `after`, up to `next`) and moves on to `next`. On a poison event: up to the one
   * before, then stops. A model that is still behind `after` must not jump over what lies between, and is left alone.
   */
  project(after: Position, events: readonly RecordedEvent[], next: Position): void {
    this.inTurns(() => {
      const { position } = this.state;
      if (this.isStopped || !next.isAfter(position) || after.isAfter(position)) return;
      try {
        this.applyAll(events, next);
      } catch (error) {
        if (isEnvironmental(error)) throw error;
        this.applyOneByOne(events, next);
      }
    });
  }

  private applyAll(events: readonly RecordedEvent[], next: Position): void {
    const from = this.state.position.at;
    this.transaction(() => {
      for (const event of events) {
        if (event.position <= from) continue;
        if (event.unknown !== undefined) this.passOver(event, WHY_PARKED[whyUnread(event)], event.unknown);
        else if (this.handled.has(event.type)) this.working.apply(event);
      }
      return next;
    });
  }

  private reads({ unknown, type, stream }: RecordedEvent): boolean {
    if (unknown === undefined) return this.handled.has(type);
    return this.categories === 'all' || this.categories.has(categoryOf(stream));
  }

  private passOver(event: RecordedEvent, why: WhyParked, cause: string): void {
    if (!this.reads(event)) return;
    this.parked.park(this.name, event, why, cause);
    this.working.applyUnknown?.(event);
  }

  private applyOneByOne(events: readonly RecordedEvent[], next: Position): void {
    for (const event of events) {
      if (event.position <= this.state.position.at || !this.reads(event)) continue;
      try {
        this.applyAll([event], Position.of(event));
      } catch (error) {
        if (isEnvironmental(error)) throw error;
        // After a hole what follows may not fit, and nothing is told of the client anyway.
        if (this.parked.isOn(this.name, event.stream)) continue;
        const found = whyNotTaken(error);
        if (found === null) {
          this.stop(error, event);
          return;
        }
        this.transaction(() => {
          this.passOver(event, found.why, `${event.type}: ${found.cause}`);
          return Position.of(event);
        });
      }
    }
    if (next.isAfter(this.state.position)) this.applyAll([], next);
  }
}

/** A read model that is worked out from the rows of others. */
export class DerivedModel extends RunningModel<Deriving> {
  private readonly parked: ParkedPeriods;
  /** What is parked is to be tried again, whether or not anything came. */
  private isToTryAgain = false;
  /** Where the source stood when what is parked of the clients of whom something came was tried again. */
  private triedAt: Position | null = null;

  constructor(
    projection: DerivedProjection,
    database: ReadDatabase,
    checkpoints: Checkpoints,
    checkpoint: Checkpoint,
    private readonly sources: readonly (LogModel | DerivedModel)[],
  ) {
    super(projection, database, checkpoints, checkpoint);
    this.parked = new ParkedPeriods(database, projection.name);
  }

  /** The code may be another now: what it could not take is tried again too. */
  override retry(): void {
    super.retry();
    // Whoever reads what another could not take works on after it.
    this.isToTryAgain = this.parked.isAnyOfAll();
  }

  override adopt(): void {
    for (const source of this.sources) source.adopt();
    super.adopt();
  }

  /** One step of what is marked. True while more is left; else its rows are complete as far as those of its sources go. */
  derive(deadline: number, now: () => number): boolean {
    return this.inTurns(() => {
      const position = earliest(this.sources.map(({ state }) => state.position));
      if (this.isStopped || (this.state.position.is(position) && !this.isToTryAgain)) return false;
      let isMore = false;
      try {
        this.transaction(() => {
          const isNew = this.triedAt?.is(position) !== true;
          if ((isNew || this.isToTryAgain) && this.parked.isAny()) this.working.markParked(this.isToTryAgain);
          isMore = this.working.derive(deadline, now);
          return isMore ? null : position;
        });
        this.triedAt = position;
        this.isToTryAgain = false;
        return isMore;
      } catch (error) {
        if (isEnvironmental(error)) throw error;
        this.stop(error, null);
        return false;
      }
    });
  }
}
