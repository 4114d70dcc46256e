import { rmSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { latest, PositionUnknown, START, type EventStore, type Position } from '@billtrail/event-store';
import { comparedTables } from './compared/compared-rows.js';
import { Comparison, type Difference } from './compared/comparison.js';
import { FoundEqual } from './compared/found-equal.js';
import { FileSchema, type SchemaDifference } from './compared/file-schema.js';
import { KeyedHash } from './compared/keyed-hash.js';
import { rowDifferences, type RowDifferences } from './compared/row-differences.js';
import { ReadDatabase } from './database/read-database.js';
import { PROJECTIONS, ReadModels, SHARED_TABLES } from './read-models.js';
import { CHECKPOINTS, type Checkpoint } from './runner/checkpoints.js';
import { ReadModelsBehind } from './runner/errors.js';
import type { CatchUpOptions } from './runner/runner.js';

/** How often it begins again because another process has written, or is in the middle of it. */
const MAX_TRIES = 50;
const MILLISECONDS_BETWEEN = 100;

/** What of the read models is not as it should be. */
export interface ReadModelsCompared extends RowDifferences {
  /** What of the file this program did not make, or made otherwise. */
  readonly schema: readonly SchemaDifference[];
  /** Read models that can't be compared, for nobody has filled them from this log with this version. */
  readonly unfilled: readonly string[];
  /** Money facts that are not those that were kept. */
  readonly facts: readonly Difference[];
}

/** The file of the read models, and the key that their money facts are kept under. */
export interface KeptReadModels {
  readonly file: string;
  readonly comparedUnder: Buffer;
}

/**
 * Folds the log anew into `file`, which must not be there and is removed again, up to where the read models have read it, and compares these with it. Theirs is only
 * read: what is found stays there as evidence. @throws ReadModelsBehind where they never stand still; ReadModelsUnavailable
 */
export async function comparedWithLog(
  store: EventStore,
  kept: KeptReadModels,
  file: string,
  onProgress?: CatchUpOptions['onProgress'],
): Promise<ReadModelsCompared> {
  const database = new ReadDatabase(kept.file, { isReadOnly: true });
  try {
    const schema = new FileSchema(database, TABLES, SHARED_TABLES);
    const fresh = await ReadModels.open({ file, store });
    try {
      for (let tries = 0; tries < MAX_TRIES; tries++) {
        const unfilled = await unfilledOf(store, database, schema);
        const upTo = latest([START, ...checkpointsIn(database, schema).map(({ position }) => position)]);
        if (unfilled.length === 0) await fresh.catchUp({ upTo, ...(onProgress && { onProgress }) });
        const found = database.beside(file, 'fresh', () =>
          database.snapshot(() => differences({ database, schema, kept, unfilled, upTo })),
        );
        if (found !== null) return found;
        await pause(MILLISECONDS_BETWEEN);
      }
      throw new ReadModelsBehind(await store.head(), fresh.position());
    } finally {
      await fresh.close();
    }
  } finally {
    database.close();
    for (const end of ['', '-wal', '-shm']) rmSync(`${file}${end}`, { force: true });
  }
}

const TABLES = PROJECTIONS.flatMap((one) => one.tables);

interface Looked {
  readonly database: ReadDatabase;
  readonly schema: FileSchema;
  readonly kept: KeptReadModels;
  readonly unfilled: readonly string[];
  readonly upTo: Position;
}

/** In one snapshot; null: they stand at several positions, or have gone on. */
function differences({ database, schema, kept, unfilled, upTo }: Looked): ReadModelsCompared | null {
  const differing = schema.differing();
  // A table that is another one, or none, can't be read.
  const others = new Set(differing.filter(({ object }) => object === 'table').map(({ name }) => name));
  const isReadable = [...TABLES, ...SHARED_TABLES].every(({ name }) => !others.has(name));
  if (!isReadable || unfilled.length > 0)
    return { schema: differing, unfilled, facts: [], ...rowDifferences(database, 'fresh', []) };
  if (!checkpointsIn(database, schema).every(({ position }) => position.is(upTo))) return null;
  const comparison = new Comparison(
    database,
    new KeyedHash(kept.comparedUnder),
    comparedTables(PROJECTIONS),
    schema,
    new FoundEqual(database),
  );
  return { schema: differing, unfilled, facts: comparison.all(), ...rowDifferences(database, 'fresh', TABLES) };
}

/** Those without a checkpoint, those of another version, and those whose checkpoint is not of this log. */
async function unfilledOf(store: EventStore, database: ReadDatabase, schema: FileSchema): Promise<readonly string[]> {
  const checkpoints = new Map(checkpointsIn(database, schema).map((one) => [one.name, one]));
  const unfilled: string[] = [];
  for (const { name, schemaVersion } of PROJECTIONS) {
    const found = checkpoints.get(name);
    if (found?.schemaVersion !== schemaVersion || !(await isOfLog(store, found.position))) unfilled.push(name);
  }
  return unfilled;
}

async function isOfLog(store: EventStore, position: Position): Promise<boolean> {
  try {
    await store.eventAt(position);
    return true;
  } catch (error) {
    if (error instanceof PositionUnknown) return false;
    throw error;
  }
}

function checkpointsIn(database: ReadDatabase, schema: FileSchema): readonly Checkpoint[] {
  if (schema.differing().some(({ name }) => name === CHECKPOINTS.name)) return [];
  const ours = new Set(PROJECTIONS.map(({ name }) => name));
  return database
    .rows(CHECKPOINTS, '')
    .all()
    .filter(({ name }) => ours.has(name));
}
