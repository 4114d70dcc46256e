import type { Statement } from 'better-sqlite3';
import type { Position } from '@billtrail/event-store';
import type { ReadDatabase } from '../database/read-database.js';
import { integer, orNull, table, text, type RowOf } from '../database/table.js';
import { FenceLost } from './errors.js';

export const CHECKPOINTS = table(
  'checkpoints',
  {
    name: text(),
    schemaVersion: integer(),
    /** Raised by every rebuild, so that a runner from before it can't mistake an equal position for its own. */
    epoch: integer(),
    /** The rows are complete up to here. */
    position: integer(),
    /** The id of the event there, which tells its log from another; null before the first event, and where an earlier version of Billtrail wrote it. */
    eventId: orNull(text()),
    /** While it is being rebuilt: where the log ended when the rebuild began. A crash leaves it, and the next run goes on. */
    rebuildUntil: orNull(integer()),
    error: orNull(text()),
    errorPosition: orNull(integer()),
  },
  { key: ['name'] },
);
export type Checkpoint = RowOf<typeof CHECKPOINTS>;

/** The checkpoints of all read models, in their own file, each moved in the transaction of its rows. */
export class Checkpoints {
  private readonly stored;
  private readonly put;
  private readonly move: Statement;

  constructor(database: ReadDatabase) {
    if (!database.tables().includes(CHECKPOINTS.name)) for (const sql of CHECKPOINTS.created) database.exec(sql);
    else if (!database.columns(CHECKPOINTS.name).includes('event_id'))
      database.exec(`ALTER TABLE ${CHECKPOINTS.name} ADD COLUMN event_id TEXT`);
    this.stored = database.rows(CHECKPOINTS, 'WHERE name = ?');
    this.put = database.insert(CHECKPOINTS, 'OR REPLACE');
    this.move = database.statement(
      `UPDATE checkpoints SET position = ?, event_id = ?, rebuild_until = ?, error = ?, error_position = ?
       WHERE name = ? AND position = ? AND epoch = ?`,
    );
  }

  read(name: string): Checkpoint | undefined {
    return this.stored.get(name);
  }

  /** Back to the start, in the transaction that empties the tables. */
  restart(name: string, schemaVersion: number, rebuildUntil: Position | null): Checkpoint {
    const epoch = (this.read(name)?.epoch ?? 0) + 1;
    const start = { position: 0, eventId: null, error: null, errorPosition: null };
    const checkpoint = { name, schemaVersion, epoch, rebuildUntil, ...start };
    this.put(checkpoint);
    return checkpoint;
  }

  /** Moves the checkpoint from `before`. @throws FenceLost where it is no longer there. */
  advance(before: Checkpoint, to: Partial<Omit<Checkpoint, 'name' | 'epoch' | 'schemaVersion'>>): Checkpoint {
    const after = { ...before, ...to };
    const { position, eventId, rebuildUntil, error, errorPosition } = after;
    const { changes } = this.move.run(
      position,
      eventId,
      rebuildUntil,
      error,
      errorPosition,
      before.name,
      before.position,
      before.epoch,
    );
    if (changes !== 1) throw new FenceLost(before.name);
    return after;
  }
}
