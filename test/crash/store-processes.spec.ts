import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Position, SqliteEventStore, START, type RecordedEvent } from '@billtrail/event-store';
import { live } from './store-life.js';
import { NAMES, commandIdOf, eventCountOf } from './store-workload.js';

const PROCESSES = 3;
const CALLERS = 4;
const APPENDS = 40;

let folder: string;
let file: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'billtrail-processes-'));
  file = join(folder, 'log.db');
});
afterEach(() => rmSync(folder, { recursive: true }));

const commandIds = Array.from({ length: PROCESSES }, (_, process) =>
  Array.from({ length: CALLERS }, (_caller, caller) =>
    Array.from({ length: APPENDS }, (_append, n) => commandIdOf(`process${process}`, caller, n)),
  ),
).flat(2);
const totalEvents = commandIds.reduce((sum, commandId) => sum + eventCountOf(commandId), 0);

describe.each([
  ['any version', false],
  ['the exact version, tried again after a conflict', true],
])('several processes append to the same streams of one file, expecting %s', (_what, exact) => {
  it('all that was acknowledged is there, the chain verifies, and a subscriber in yet another process gets each event once', async () => {
    // The children begin on a file that does not exist: making the schema is a race as well.
    const lives = Promise.all(
      Array.from({ length: PROCESSES }, (_, process) =>
        live({ file, life: `process${process}`, callers: CALLERS, appendsPerCaller: APPENDS, exact }),
      ),
    );
    const store = SqliteEventStore.open({ file, names: NAMES });
    const ending = new AbortController();
    const seen: RecordedEvent[] = [];
    for await (const slice of store.subscribe({ after: START, batchSize: 7, signal: ending.signal })) {
      seen.push(...slice.events);
      if (seen.length >= totalEvents) ending.abort();
    }

    const acknowledged = (await lives).flatMap((life) => life.acknowledged);
    expect(await lives).toMatchObject(Array.from({ length: PROCESSES }, () => ({ done: true, errors: '' })));
    if (exact) expect((await lives).some((life) => life.conflicts > 0)).toBe(true);
    expect(acknowledged.map((each) => each.commandId).sort()).toEqual([...commandIds].sort());
    expect(seen.map((event) => event.position)).toEqual(Array.from({ length: totalEvents }, (_, n) => n + 1));
    for (const { commandId, position, version } of acknowledged) {
      const events = seen.filter((event) => event.commandId === commandId);
      expect(events).toHaveLength(eventCountOf(commandId));
      const last = events.at(-1)!;
      expect([String(Position.of(last)), last.version]).toEqual([position, version]);
    }
    const report = await store.verify();
    expect(report).toMatchObject({ events: totalEvents, findings: [] });
    await store.close();
  });
});
