import type { Statement } from 'better-sqlite3';
import { invariant } from '@billtrail/kernel';
import { Position, START } from '@billtrail/event-store';
import type { ReadDatabase } from '../database/read-database.js';
import { integer, orNull, table, text, type Column, type RowOf } from '../database/table.js';
import { FenceLost } from './errors.js';

/** A position as its text, with the first digits of the id of its event: they tell its log from another. */
function position(): Column<Position> {
  return {
    declared: 'TEXT NOT NULL',
    sorts: 'string',
    write: String,
    read: (cell) => {
      const read = Position.parse(String(cell));
      invariant(read !== null, () => `${String(cell)} is no position`);
      return read;
    },
  };
}

export const CHECKPOINTS = table(
  'checkpoints',
  {
    name: text(),
    schemaVersion: integer(),
    /** Raised by every rebuild, so that a runner from before it can't mistake an equal position for its own. */
    epoch: integer(),
    /** The rows are complete up to here. */
    position: position(),
    /** While it is being rebuilt: where the log ended when the rebuild began. A crash leaves it, and the next run goes on. */
    rebuildUntil: orNull(position()),
    error: orNull(text()),
    errorPosition: orNull(position()),
  },
  { compared: 'never', key: ['name'] },
);
export type Checkpoint = RowOf<typeof CHECKPOINTS>;

/** What keeps the hashes that rows are compared by, in the transaction that moves their checkpoint. */
export interface SumsOfRows {
  watch(model: string): void;
  forget(): void;
  restart(model: string): void;
  keep(model: string, before: Position, position: Position): void;
}

/** The checkpoints of all read models, in their own file, each moved in the transaction of its rows, with what these are compared by. */
export class Checkpoints {
  private readonly stored;
  private readonly sumOfEpochs;
  private readonly put;
  private readonly move: Statement;

  constructor(
    database: ReadDatabase,
    /** null: nothing is compared. */
    readonly sums: SumsOfRows | null = null,
  ) {
    const [created = ''] = CHECKPOINTS.created;
    const found = database.createdAs(CHECKPOINTS.name);
    // An earlier version wrote others, which say nothing here: what they were of is filled anew.
    if (found !== null && found !== created) database.exec(`DROP TABLE ${CHECKPOINTS.name}`);
    if (found !== created) database.exec(created);
    this.stored = database.rows(CHECKPOINTS, 'WHERE name = ?');
    this.sumOfEpochs = database.statement<[], bigint | number | null>('SELECT sum(epoch) FROM checkpoints').pluck();
    this.put = database.insert(CHECKPOINTS, 'OR REPLACE');
    this.move = database.statement(
      `UPDATE checkpoints SET position = ?, rebuild_until = ?, error = ?, error_position = ?
       WHERE name = ? AND position = ? AND epoch = ?`,
    );
  }

  read(name: string): Checkpoint | undefined {
    return this.stored.get(name);
  }

  /** The sum of all epochs: it grows with each rebuild, by whatever process. */
  epochs(): number {
    return Number(this.sumOfEpochs.get());
  }

  /** Back to the start, in the transaction that empties the tables. */
  restart(name: string, schemaVersion: number, rebuildUntil: Position | null): Checkpoint {
    const epoch = (this.read(name)?.epoch ?? 0) + 1;
    const start = { position: START, error: null, errorPosition: null };
    const checkpoint = { name, schemaVersion, epoch, rebuildUntil, ...start };
    this.put(checkpoint);
    this.sums?.restart(name);
    return checkpoint;
  }

  /** Moves the checkpoint from `before`. @throws FenceLost where it is no longer there. */
  advance(before: Checkpoint, to: Partial<Omit<Checkpoint, 'name' | 'epoch' | 'schemaVersion'>>): Checkpoint {
    const after = { ...before, ...to };
    const { position: reached, rebuildUntil, error, errorPosition } = after;
    const { changes } = this.move.run(
      String(reached),
      rebuildUntil?.toString() ?? null,
      error,
      errorPosition?.toString() ?? null,
      before.name,
      String(before.position),
      before.epoch,
    );
    if (changes !== 1) throw new FenceLost(before.name);
    this.sums?.keep(before.name, before.position, reached);
    return after;
  }
}
