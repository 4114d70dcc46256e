import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { NAMES, everything, note, request } from '../contract-suite/fixtures.js';
import { CommandIdReused } from '../errors.js';
import { SqliteEventStore } from './sqlite-event-store.js';

describe('an append of the time when callers gave no fingerprint', () => {
  let dir: string;
  let store: SqliteEventStore;
  const open = () => SqliteEventStore.open({ file: join(dir, 'events.db'), names: NAMES });
  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'fingerprints-'));
    store = open();
    await store.append(request('ticket-1', 'a', [note('1'), note('2')]));
    await store.close();
    const db = new Database(join(dir, 'events.db'));
    db.exec('DROP TRIGGER appends_never_change; UPDATE appends SET fingerprint = NULL');
    db.close();
    store = open();
  });
  afterEach(async () => {
    await store.close();
    rmSync(dir, { recursive: true });
  });

  it('is read, and says that it has none', async () => {
    expect(await everything(store)).toHaveLength(2);
    expect((await store.load('ticket-1', 'a')).done).toMatchObject({ version: 2, repeated: true, fingerprint: null });
  });

  it('is known again by its events', async () => {
    const again = request('ticket-1', 'a', [note('1'), note('2')], { fingerprint: '1:any' });
    expect(await store.append(again)).toMatchObject({ version: 2, repeated: true });
    for (const events of [[note('1')], [note('1'), note('3')]])
      await expect(store.append({ ...again, events })).rejects.toEqual(new CommandIdReused('ticket-1', 'a'));
  });
});
