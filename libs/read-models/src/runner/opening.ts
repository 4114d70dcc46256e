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
import { EARLIER_PARKED, PARKED, ParkedStreams, type InStream } from '../parking/parked-streams.js';
import type { FileSchema, SchemaDifference } from '../compared/file-schema.js';
import { ROOTS, SUMS } from '../compared/sums.js';
import { CHECKPOINTS, type Checkpoint, type Checkpoints } from './checkpoints.js';
import type { Projection } from './projection.js';
import { DerivedModel, LogModel } from './running-model.js';

/** Where a file has one of them, an earlier version filled the file: its checkpoints may be unknown now, and some of its tables are none any more. */
const EARLIER = new Set(['read_models', ...EARLIER_PARKED]);

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
    // Known, but sealed without a key, or not to be lifted: another cause than before.
    if ((await whyUnread(store, newer))?.kind !== 'newer')
      for (const model of parked.modelsWithout(newer)) healed.add(model);
  for (const { model, ...event } of parked.unlifted())
    if (!healed.has(model) && (await whyUnread(store, event)) === null) healed.add(model);
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
 * Facts come before what is derived from them. `head` is the log's end now; `anew` are emptied whatever filled them. Where the file is not made as this program makes it, all are:
 * `strange` tells what it was.
 */
export function opened(
  projections: readonly Projection[],
  database: ReadDatabase,
  checkpoints: Checkpoints,
  {
    head,
    anew,
    schema,
  }: { readonly head: Position; readonly anew: readonly string[]; readonly schema: FileSchema | null },
): { readonly models: readonly (LogModel | DerivedModel)[]; readonly strange: readonly SchemaDifference[] } {
  for (const [index, { name, derivedFrom }] of projections.entries()) {
    const before = new Set(projections.slice(0, index).map((one) => one.name));
    const missing = derivedFrom?.find((one) => !before.has(one));
    invariant(missing === undefined, `${name} is derived from ${missing}, which is not there`);
  }
  const outdated = projections
    .filter(({ name, schemaVersion }) => checkpoints.read(name)?.schemaVersion !== schemaVersion || anew.includes(name))
    .map(({ name }) => name);
  // No version ever made one: nobody can say what they did to the rows.
  const made = schema?.differing().filter(({ object }) => object === 'trigger' || object === 'view') ?? [];
  emptied(projections, outdated, database, checkpoints, head, made.length === 0 ? null : schema);
  // Another version may have had other tables.
  if (outdated.length > 0 || database.tables().some((name) => EARLIER.has(name))) dropOthers(projections, database);
  const strange = [...made, ...(schema?.differing() ?? [])];
  emptied(projections, [], database, checkpoints, head, schema);
  const models = new Map<string, LogModel | DerivedModel>();
  for (const projection of projections) {
    const checkpoint = checkpoints.read(projection.name);
    invariant(checkpoint !== undefined, `read model ${projection.name} has no checkpoint`);
    models.set(projection.name, modelOf(projection, models, [database, checkpoints, checkpoint]));
  }
  return { models: [...models.values()], strange };
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
 * derived from facts that stay is marked, and worked out from them. Where the file differs from a `schema` that is given, all are emptied, and it is made as it is to be.
 */
export function emptied(
  projections: readonly Projection[],
  names: readonly string[],
  database: ReadDatabase,
  checkpoints: Checkpoints,
  head: Position,
  schema: FileSchema | null = null,
): void {
  const meant = new Set(names);
  for (const { name, derivedFrom = [] } of projections) if (derivedFrom.some((one) => meant.has(one))) meant.add(name);
  // Another process may hold the file for as long as it likes: whoever has nothing to write does not wait for it.
  if (meant.size === 0 && (schema === null || schema.differing().length === 0)) return;
  try {
    database.transaction(() => {
      if (schema !== null && schema.differing().length > 0) {
        schema.clear();
        for (const { name } of projections) meant.add(name);
      }
      for (const one of projections) if (meant.has(one.name)) empty(one, database, checkpoints, head);
    });
  } catch (error) {
    checkpoints.sums?.forget();
    throw error;
  }
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
  for (const name of database.tables())
    if (!names.has(name)) database.exec(`DROP TABLE "${name.replaceAll('"', '""')}"`);
}
