import { START, type Position, type RecordedEvent } from '@billtrail/event-store';
import type { ReadDatabase } from '../database/read-database.js';
import type { Checkpoint, Checkpoints } from './checkpoints.js';
import { FenceLost, ReadModelStopped } from './errors.js';
import type { Projection, Projector } from './projection.js';

/** What the environment can do to a transaction; it says nothing about the event at hand. */
const NOT_THE_EVENTS_FAULT = /^SQLITE_(BUSY|LOCKED|FULL|IOERR|READONLY|CORRUPT|NOTADB|CANTOPEN|NOMEM|PROTOCOL)/;

function isEnvironmental(error: unknown): boolean {
  if (error instanceof FenceLost) return true;
  const code = (error as { code?: unknown } | null)?.code;
  return typeof code === 'string' && NOT_THE_EVENTS_FAULT.test(code);
}

/** How often another process may be quicker at one and the same batch before something must be wrong. */
const MAX_TURNS = 100;

function isSame(one: Checkpoint, other: Checkpoint): boolean {
  return (
    one.epoch === other.epoch &&
    one.position === other.position &&
    one.settled === other.settled &&
    one.error === other.error
  );
}

/** One read model with its checkpoint. Each batch is one transaction: rows and checkpoint together, or neither. */
export class RunningModel {
  private readonly handled: ReadonlySet<string>;
  private projector: Projector;
  private checkpoint: Checkpoint;
  /** What others had written when the projector was started or last at work: what it remembers is of those rows. */
  private known: number;

  private constructor(
    readonly projection: Projection,
    private readonly database: ReadDatabase,
    private readonly checkpoints: Checkpoints,
    checkpoint: Checkpoint,
  ) {
    this.handled = new Set(projection.types);
    this.checkpoint = checkpoint;
    this.known = database.writtenByOthers();
    this.projector = projection.start(database);
  }

  /** Creates the tables, or empties them where another schema version filled them. `head` is the log's end now. */
  static open(projection: Projection, database: ReadDatabase, checkpoints: Checkpoints, head: Position): RunningModel {
    const checkpoint = database.transaction(() => {
      const found = checkpoints.read(projection.name);
      if (found?.schemaVersion === projection.schemaVersion) return found;
      return emptied(projection, database, checkpoints, found, head);
    });
    return new RunningModel(projection, database, checkpoints, checkpoint);
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
   * Takes over what another process did to this read model since: a server and a command line may project into one file, in turns. What the
   * projector remembers then belongs to other rows, so it starts anew. A step of rating moves no checkpoint, so the file itself is asked.
   */
  adopt(): void {
    const stored = this.checkpoints.read(this.name);
    const writtenByOthers = this.database.writtenByOthers();
    if (stored === undefined || (writtenByOthers === this.known && isSame(stored, this.checkpoint))) return;
    this.checkpoint = stored;
    this.known = writtenByOthers;
    this.projector = this.projection.start(this.database);
  }

  /** Empties it, to be filled from the start of the log. */
  restart(head: Position): void {
    this.checkpoint = this.database.transaction(() =>
      emptied(this.projection, this.database, this.checkpoints, this.checkpoint, head),
    );
    // The statements of the projector belong to tables that are gone.
    this.projector = this.projection.start(this.database);
  }

  /**
   * Applies what is new to it in `events` (the log after `after`, up to `next`) and moves on to `next`. On a poison event: up to the one
   * before, then stops. A model that is still behind `after` must not jump over what lies between, and is left alone.
   */
  project(after: Position, events: readonly RecordedEvent[], next: Position): void {
    this.inTurns(() => {
      const { position } = this.checkpoint;
      if (this.isStopped || next <= position || position < after) return;
      try {
        this.applyAll(events, next);
      } catch (error) {
        if (isEnvironmental(error)) throw error;
        this.applyOneByOne(events, next);
      }
    });
  }

  /** One step of the work that events left behind. True while more is left. */
  settle(deadline: number, now: () => number): boolean {
    return this.inTurns(() => {
      const { settled, position } = this.checkpoint;
      if (this.isStopped || !this.projector.settle || settled === position) return false;
      try {
        return this.transaction(() => {
          const more = this.projector.settle!(deadline, now);
          return { more, to: more ? {} : this.complete(this.checkpoint.position) };
        });
      } catch (error) {
        if (isEnvironmental(error)) throw error;
        this.stop(error, null);
        return false;
      }
    });
  }

  /** Works on the newest checkpoint; where another process was quicker, nothing was written, and it looks again. */
  private inTurns<Result>(work: () => Result): Result {
    for (let turn = 1; ; turn++) {
      this.adopt();
      try {
        return work();
      } catch (error) {
        if (!(error instanceof FenceLost) || turn === MAX_TURNS) throw error;
      }
    }
  }

  private applyAll(events: readonly RecordedEvent[], next: Position): void {
    const from = this.checkpoint.position;
    this.transaction(() => {
      for (const event of events) {
        if (event.position > from && this.handled.has(event.type)) this.projector.apply(event);
      }
      const waiting = this.projector.unsettled?.() ?? false;
      return { more: waiting, to: { position: next, ...(waiting ? {} : this.complete(next)) } };
    });
  }

  private applyOneByOne(events: readonly RecordedEvent[], next: Position): void {
    for (const event of events) {
      if (event.position <= this.checkpoint.position || !this.handled.has(event.type)) continue;
      try {
        this.applyAll([event], event.position);
      } catch (error) {
        if (isEnvironmental(error)) throw error;
        this.stop(error, event);
        return;
      }
    }
    if (this.checkpoint.position < next) this.applyAll([], next);
  }

  private stop(error: unknown, event: RecordedEvent | null): void {
    const what = event === null ? '' : `${event.type} (${event.id}, ${event.stream} version ${event.version}): `;
    const why = error instanceof Error ? error.message : String(error);
    this.advance({ error: `${what}${why}`, errorPosition: event?.position ?? null });
  }

  /** Rows are complete up to `position`; a rebuild that has come to its end is over. */
  private complete(position: Position): Partial<Checkpoint> {
    const { rebuildUntil } = this.checkpoint;
    return { settled: position, rebuildUntil: rebuildUntil !== null && position >= rebuildUntil ? null : rebuildUntil };
  }

  private advance(to: Partial<Checkpoint>): void {
    this.checkpoint = this.database.transaction(() => this.checkpoints.advance(this.name, this.checkpoint, to));
  }

  /** `work` and the move of the checkpoint in one transaction; the checkpoint in memory follows only after the commit. */
  private transaction(work: () => { readonly more: boolean; readonly to: Partial<Checkpoint> }): boolean {
    try {
      const { more, after } = this.database.transaction(() => {
        if (this.database.writtenByOthers() !== this.known) throw new FenceLost(this.name);
        const done = work();
        return { more: done.more, after: this.checkpoints.advance(this.name, this.checkpoint, done.to) };
      });
      this.checkpoint = after;
      return more;
    } catch (error) {
      // What it remembers may come from rows that were rolled back.
      this.projector = this.projection.start(this.database);
      throw error;
    }
  }
}

/** Inside a transaction: the tables made anew and the checkpoint at the start. */
function emptied(
  projection: Projection,
  database: ReadDatabase,
  checkpoints: Checkpoints,
  found: Checkpoint | undefined,
  head: Position,
): Checkpoint {
  if (found?.schemaVersion === projection.schemaVersion) projection.beforeRebuild?.(database);
  for (const table of projection.tables.toReversed()) database.exec(`DROP TABLE IF EXISTS ${table}`);
  for (const definition of projection.definitions()) database.exec(definition.compile().sql);
  return checkpoints.restart(
    projection.name,
    projection.schemaVersion,
    found === undefined || head === START ? null : head,
  );
}
