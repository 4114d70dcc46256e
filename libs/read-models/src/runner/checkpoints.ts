import type { Statement } from 'better-sqlite3';
import type { Position } from '@billtrail/event-store';
import type { ReadDatabase } from '../database/read-database.js';
import { FenceLost } from './errors.js';

export interface Checkpoint {
  readonly schemaVersion: number;
  /** Raised by every rebuild, so that a runner from before it can't mistake an equal position for its own. */
  readonly epoch: number;
  /** The events up to here are applied. */
  readonly position: Position;
  /** The rows are complete up to here: nothing waits to be rated. */
  readonly settled: Position;
  /** While it is being rebuilt: where the log ended when the rebuild began. A crash leaves it, and the next run goes on. */
  readonly rebuildUntil: Position | null;
  readonly error: string | null;
  readonly errorPosition: Position | null;
}

interface Row {
  schema_version: number;
  epoch: number;
  position: number;
  settled: number;
  rebuild_until: number | null;
  error: string | null;
  error_position: number | null;
}

const TABLE = `
  CREATE TABLE IF NOT EXISTS read_models (
    name TEXT PRIMARY KEY,
    schema_version INTEGER NOT NULL,
    epoch INTEGER NOT NULL,
    position INTEGER NOT NULL,
    settled INTEGER NOT NULL,
    rebuild_until INTEGER,
    error TEXT,
    error_position INTEGER
  ) STRICT, WITHOUT ROWID`;

/** The checkpoints of all read models, in their own file, each moved in the transaction of its rows. */
export class Checkpoints {
  private readonly select: Statement<[string], Row>;
  private readonly insert: Statement;
  private readonly move: Statement;

  constructor(database: ReadDatabase) {
    database.exec(TABLE);
    this.select = database.statement('SELECT * FROM read_models WHERE name = ?');
    this.insert = database.statement(
      `INSERT INTO read_models (name, schema_version, epoch, position, settled, rebuild_until)
       VALUES (?, ?, ?, 0, 0, ?)
       ON CONFLICT (name) DO UPDATE SET schema_version = excluded.schema_version, epoch = excluded.epoch, position = 0, settled = 0,
         rebuild_until = excluded.rebuild_until, error = NULL, error_position = NULL`,
    );
    this.move = database.statement(
      `UPDATE read_models SET position = ?, settled = ?, rebuild_until = ?, error = ?, error_position = ?
       WHERE name = ? AND position = ? AND epoch = ?`,
    );
  }

  read(name: string): Checkpoint | undefined {
    const row = this.select.get(name);
    if (!row) return undefined;
    return {
      schemaVersion: row.schema_version,
      epoch: row.epoch,
      position: row.position,
      settled: row.settled,
      rebuildUntil: row.rebuild_until,
      error: row.error,
      errorPosition: row.error_position,
    };
  }

  /** Back to the start of the log, in the transaction that empties the tables. */
  restart(name: string, schemaVersion: number, rebuildUntil: Position | null): Checkpoint {
    const epoch = (this.read(name)?.epoch ?? 0) + 1;
    this.insert.run(name, schemaVersion, epoch, rebuildUntil);
    return { schemaVersion, epoch, position: 0, settled: 0, rebuildUntil, error: null, errorPosition: null };
  }

  /** Moves the checkpoint from `before`. @throws FenceLost where it is no longer there. */
  advance(name: string, before: Checkpoint, to: Partial<Omit<Checkpoint, 'epoch' | 'schemaVersion'>>): Checkpoint {
    const after = { ...before, ...to };
    const { changes } = this.move.run(
      after.position,
      after.settled,
      after.rebuildUntil,
      after.error,
      after.errorPosition,
      name,
      before.position,
      before.epoch,
    );
    if (changes !== 1) throw new FenceLost(name);
    return after;
  }
}
