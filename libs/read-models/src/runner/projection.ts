import type { DomainEvent } from '@billtrail/kernel';
import type { RecordedEvent } from '@billtrail/event-store';
import type { ReadDatabase } from '../database/read-database.js';
import type { Table } from '../database/table.js';

type Created = Pick<Table<unknown>, 'name' | 'created'>;
/** What is known of a table without its rows. */
export type TableOf = Created & Pick<Table<unknown>, 'columns' | 'keyColumns' | 'compared'>;

/** A read model as the runner starts it: what it is at work is `Working`. */
export interface ProjectionOf<Working> {
  /** Also the name of its checkpoint: never reused for something else. */
  readonly name: string;
  /** Raise it when the tables or the meaning of their rows change: the rows are then made anew at the next start. */
  readonly schemaVersion: number;
  /** Dropped and filled again by a rebuild. */
  readonly tables: readonly TableOf[];
  /** Makes its statements. The tables exist. */
  start(database: ReadDatabase): Working;
}

/** A read model that is folded from the log. Its rows are a function of the events alone: not of the clock, not of where the batches were cut. */
export interface LogProjection extends ProjectionOf<Folding> {
  readonly derivedFrom?: never;
  /** The types it handles; all others are not even read. */
  readonly types: readonly string[];
  /** The categories of the streams that they are on. What this version can't read there is passed over, and parks the clients of its stream. */
  readonly categories: readonly string[] | 'all';
}

/**
 * A read model that is worked out from the rows of others, which mark what is to be worked out anew in the transaction of those rows: so a
 * crash keeps the marks, and making it anew does not read the log. Its rows are a function of those rows alone.
 */
export interface DerivedProjection extends ProjectionOf<Deriving> {
  /** The names of the read models whose rows it is worked out from. Whoever empties one of them empties this one, in the same transaction. */
  readonly derivedFrom: readonly string[];
  /** Its tables are empty: marks all that there are facts for. */
  markAll(database: ReadDatabase): void;
}

export type Projection = LogProjection | DerivedProjection;

/** A log projection at work on one connection, inside the runner's transaction. */
export interface Folding {
  apply(event: RecordedEvent): void;
  /** An event that was passed over, of which only the stream and the place in the log say something. */
  applyUnknown?(event: RecordedEvent): void;
}

/** A derived projection at work on one connection, inside the runner's transaction. */
export interface Deriving {
  /**
   * Works off part of what is marked, within `deadline` (milliseconds, of the runner's clock) as far as one step allows. True while something
   * is left.
   */
  derive(deadline: number, now: () => number): boolean;
  /** Marks what is parked, to be tried again: all of it, or what is of the clients of whom something else is marked. */
  markParked(isAll: boolean): void;
}

/** A recorded event of a closed union: `type` narrows `data`. */
export type RecordedOf<Event extends DomainEvent> = Event extends DomainEvent ? RecordedEvent<Event> : never;

/** An event told by its type. The store checked the stored name; the shape is the upcasters' promise. */
export function eventOf<Event extends DomainEvent>(event: RecordedEvent): RecordedOf<Event> {
  return event as RecordedOf<Event>;
}
