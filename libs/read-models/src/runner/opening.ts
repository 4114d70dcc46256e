import { invariant } from '@billtrail/kernel';
import {
  PositionUnknown,
  START,
  UnknownStoredEvent,
  type EventStore,
  type Position,
  type StreamKeys,
  type StreamName,
} from '@billtrail/event-store';
import type { ReadDatabase } from '../database/read-database.js';
import { PARKED, ParkedStreams, type InStream } from '../parking/parked-streams.js';
import { ROOTS, SUMS } from '../compared/kept-sums.js';
import { CHECKPOINTS, type Checkpoint, type Checkpoints } from './checkpoints.js';
import type { Projection } from './projection.js';
import { DerivedModel, LogModel } from './running-model.js';

/** Where a file has it, an earlier version filled the file: all its checkpoints are unknown now, and some of its tables are none any more. */
const EARLIER_CHECKPOINTS = 'read_models';

/** Those whose checkpoint is not of this log: another event is at its position, or none. A log that was restored, or that is another, shows so. */
export async function foreignTo(
  store: EventStore,
  projections: readonly Projection[],
  checkpoints: Checkpoints,
): Promise<readonly string[]> {
  const foreign: string[] = [];
  for (const { name } of projections) {
    const checkpoint = checkpoints.read(name);
    if (checkpoint === undefined) continue;
    try {
      await store.eventAt(checkpoint.position);
    } catch (error) {
      if (!(error instanceof PositionUnknown)) throw error;
      foreign.push(name);
    }
  }
  return foreign;
}

/**
 * Those that passed over an event that can be read now: it may change any of their rows. Of what this version did not know one event of each kind is read; of
 * what is sealed the vault is asked once for all keys, and a stream is read where it holds one. Without `keys` what is sealed stays parked.
 */
export async function healedOf(
  store: EventStore,
  parked: ParkedStreams,
  keys: Pick<StreamKeys, 'keysOf'> | null,
): Promise<readonly string[]> {
  const healed = new Set(parked.modelsBefore());
  for (const newer of parked.newer())
    // Known, but sealed without a key: another cause than before.
    if ((await whyUnread(store, newer))?.isSealed !== false)
      for (const model of parked.modelsWithout(newer)) healed.add(model);
  if (keys === null) return [...healed];
  const sealed = parked.sealed().filter(({ model }) => !healed.has(model));
  if (sealed.length === 0) return [...healed];
  const held = await keys.keysOf([...new Set(sealed.map(({ stream }) => stream))]);
  const read = new Map<StreamName, boolean>();
  for (const { model, ...event } of sealed) {
    if (healed.has(model) || !held.has(event.stream)) continue;
    const isRead = read.get(event.stream) ?? (await whyUnread(store, event)) === null;
    read.set(event.stream, isRead);
    if (isRead) healed.add(model);
  }
  return [...healed];
}

/** null: the event can be read. */
async function whyUnread(store: EventStore, { stream, version }: InStream): Promise<UnknownStoredEvent | null> {
  try {
    await store.readStream(stream, { from: version, to: version });
    return null;
  } catch (error) {
    if (error instanceof UnknownStoredEvent) return error;
    throw error;
  }
}

/**
 * Opens read models: creates their tables, or empties those that another schema version filled, and all that is derived from them, at once.
 * Facts come before what is derived from them. `head` is the log's end now; `anew` are emptied whatever filled them.
 */
export function opened(
  projections: readonly Projection[],
  database: ReadDatabase,
  checkpoints: Checkpoints,
  { head, anew }: { readonly head: Position; readonly anew: readonly string[] },
): readonly (LogModel | DerivedModel)[] {
  for (const [index, { name, derivedFrom }] of projections.entries()) {
    const before = new Set(projections.slice(0, index).map((one) => one.name));
    const missing = derivedFrom?.find((one) => !before.has(one));
    invariant(missing === undefined, `${name} is derived from ${missing}, which is not there`);
  }
  const outdated = projections.filter(
    ({ name, schemaVersion }) => checkpoints.read(name)?.schemaVersion !== schemaVersion || anew.includes(name),
  );
  emptied(
    projections,
    outdated.map(({ name }) => name),
    database,
    checkpoints,
    head,
  );
  if (database.tables().includes(EARLIER_CHECKPOINTS)) dropOthers(projections, database);
  const models = new Map<string, LogModel | DerivedModel>();
  for (const projection of projections) {
    const checkpoint = checkpoints.read(projection.name);
    invariant(checkpoint !== undefined, `read model ${projection.name} has no checkpoint`);
    models.set(projection.name, modelOf(projection, models, [database, checkpoints, checkpoint]));
  }
  return [...models.values()];
}

function modelOf(
  projection: Projection,
  models: ReadonlyMap<string, LogModel | DerivedModel>,
  parts: readonly [ReadDatabase, Checkpoints, Checkpoint],
): LogModel | DerivedModel {
  if (projection.derivedFrom === undefined) return new LogModel(projection, ...parts);
  const sources = projection.derivedFrom.map((name) => models.get(name)).filter((one) => one !== undefined);
  return new DerivedModel(projection, ...parts, sources);
}

/**
 * Empties read models and what is derived from them, in one transaction: facts of one rebuild beside results of another are never seen. What is
 * derived from facts that stay is marked, and worked out from them.
 */
export function emptied(
  projections: readonly Projection[],
  names: readonly string[],
  database: ReadDatabase,
  checkpoints: Checkpoints,
  head: Position,
): void {
  const meant = new Set(names);
  for (const { name, derivedFrom = [] } of projections) if (derivedFrom.some((one) => meant.has(one))) meant.add(name);
  database.transaction(() => {
    for (const one of projections) if (meant.has(one.name)) empty(one, database, checkpoints, head);
  });
}

function empty(projection: Projection, database: ReadDatabase, checkpoints: Checkpoints, head: Position): void {
  const { name, schemaVersion, tables, derivedFrom } = projection;
  const found = checkpoints.read(name);
  for (const one of tables) database.exec(`DROP TABLE IF EXISTS ${one.name}`);
  for (const sql of tables.flatMap(({ created }) => created)) database.exec(sql);
  if (derivedFrom !== undefined) projection.markAll(database);
  new ParkedStreams(database).forget(name);
  checkpoints.restart(name, schemaVersion, found === undefined || head.is(START) ? null : head);
}

function dropOthers(projections: readonly Projection[], database: ReadDatabase): void {
  const ours = projections.flatMap(({ tables }) => tables.map(({ name }) => name));
  const names = new Set([CHECKPOINTS.name, PARKED.name, SUMS.name, ROOTS.name, ...ours]);
  for (const name of database.tables()) if (!names.has(name)) database.exec(`DROP TABLE ${name}`);
}
