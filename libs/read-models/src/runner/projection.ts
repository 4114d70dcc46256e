import type { CompiledQuery } from 'kysely';
import type { DomainEvent } from '@billtrail/kernel';
import type { RecordedEvent } from '@billtrail/event-store';
import type { ReadDatabase } from '../database/read-database.js';

/** A statement that Kysely's schema builder can compile. */
export interface TableDefinition {
  compile(): CompiledQuery;
}

/**
 * A read model as the runner sees it. Its rows are a function of the events alone: not of the clock, not of where the batches were cut.
 */
export interface Projection {
  /** Also the name of its checkpoint: never reused for something else. */
  readonly name: string;
  /** Raise it when the tables or the meaning of their rows change: the read model is then rebuilt at the next start. */
  readonly schemaVersion: number;
  /** The types it handles; all others are not even read. */
  readonly types: readonly string[];
  /** Tables whose rows are derived from the log: dropped and filled again by a rebuild. */
  readonly tables: readonly string[];
  /** What creates all its tables and indexes, in order. */
  definitions(): readonly TableDefinition[];
  /** Before its tables are dropped for a rebuild: what must outlive them. */
  beforeRebuild?(database: ReadDatabase): void;
  /** Makes its statements. The tables exist. */
  start(database: ReadDatabase): Projector;
}

/** A projection at work on one connection. All three run inside the runner's transaction. */
export interface Projector {
  apply(event: RecordedEvent): void;
  /**
   * Works off part of what events have marked as stale, within `deadline` (milliseconds, of the runner's clock) as far as one step allows.
   * True while something is left. Absent: rows are complete as soon as the events are applied.
   */
  settle?(deadline: number, now: () => number): boolean;
  /** True while rows wait for {@link settle}. */
  unsettled?(): boolean;
}

/** A recorded event of a closed union: `type` narrows `data`. */
export type RecordedOf<Event extends DomainEvent> = Event extends DomainEvent ? RecordedEvent<Event> : never;

/** An event told by its type. The store checked the stored name; the shape is the upcasters' promise. */
export function eventOf<Event extends DomainEvent>(event: RecordedEvent): RecordedOf<Event> {
  return event as RecordedOf<Event>;
}
