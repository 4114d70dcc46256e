import type { CopiedIn, StoredAppend, WholeLog } from './capabilities.js';
import { LogNotEmpty } from './errors.js';

/**
 * Copies a log into another one, of which `own` is what it holds: the beginning of the same, or nothing. `write` is given so many events at once, and ends when they are on the disk.
 * @throws LogNotEmpty where it holds anything else
 */
export async function copyInto(
  log: WholeLog,
  own: AsyncIterable<StoredAppend>,
  eventsAtOnce: number,
  write: (appends: readonly StoredAppend[]) => Promise<void>,
): Promise<CopiedIn> {
  const mine = own[Symbol.asyncIterator]();
  const nextOfMine = async () => ((await mine.next()) as { readonly value?: StoredAppend }).value;
  let held = 0;
  let written = 0;
  let waiting: StoredAppend[] = [];
  const writeAll = async () => {
    await write(waiting);
    written += countOf(waiting);
    waiting = [];
  };
  let isBehind = false;
  for await (const append of log.appends()) {
    const there = isBehind ? undefined : await nextOfMine();
    if (there !== undefined) {
      if (textOf(there) !== textOf(append)) throw differing(there);
      held += append.events.length;
      continue;
    }
    isBehind = true;
    waiting.push(append);
    if (countOf(waiting) >= eventsAtOnce) await writeAll();
  }
  const beyond = isBehind ? undefined : await nextOfMine();
  if (beyond !== undefined) throw differing(beyond);
  if (waiting.length > 0) await writeAll();
  return { written, held };
}

function countOf(appends: readonly StoredAppend[]): number {
  return appends.reduce((sum, { events }) => sum + events.length, 0);
}

/** The log holds this append, which the other does not have there. */
export function differing({ stream, events }: StoredAppend): LogNotEmpty {
  return new LogNotEmpty(stream, events[0]?.version ?? 0);
}

/** All that is stored of an append. */
export function textOf({
  stream,
  actor,
  commandId,
  fingerprint,
  correlationId,
  causationId,
  recordedAt,
  events,
}: StoredAppend) {
  const shared = [stream, actor.id, actor.role, commandId, fingerprint, correlationId, causationId, recordedAt];
  const each = events.map(({ id, version, storedName, schemaVersion, occurredAt, json }) => [
    id,
    version,
    storedName,
    schemaVersion,
    occurredAt,
    json,
  ]);
  return JSON.stringify([shared, each]);
}
