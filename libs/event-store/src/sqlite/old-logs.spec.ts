import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { NAMES, everything, note, request } from '../contract-suite/fixtures.js';
import { CommandIdReused, InvalidStoreRequest } from '../errors.js';
import { SqliteEventStore } from './sqlite-event-store.js';

describe('what was recorded under earlier rules', () => {
  let dir: string;
  let store: SqliteEventStore;
  const open = () => SqliteEventStore.open({ file: join(dir, 'events.db'), names: NAMES });
  beforeEach(async () => {
    dir = mkdtempSync(join(tmpdir(), 'old-log-'));
    store = open();
    await store.append(request('ticket-1', 'a', [note('1'), note('2')]));
  });
  afterEach(async () => {
    await store.close();
    rmSync(dir, { recursive: true });
  });
  async function asIfOld(sql: string): Promise<void> {
    await store.close();
    const db = new Database(join(dir, 'events.db'));
    db.exec(`DROP TRIGGER appends_never_change; ${sql}`);
    db.close();
    store = open();
  }

  it('without a fingerprint is read, and is for nothing that can be asked', async () => {
    await asIfOld('UPDATE appends SET fingerprint = NULL');
    expect(await everything(store)).toHaveLength(2);
    const { done } = await store.load('ticket-1', 'a');
    expect(done).toMatchObject({ version: 2, repeated: true });
    expect(done?.isFor(request('ticket-1', 'a', [note('1'), note('2')]).fingerprint)).toBe(false);
  });

  it('without a fingerprint is known again by its events', async () => {
    await asIfOld('UPDATE appends SET fingerprint = NULL');
    const again = request('ticket-1', 'a', [note('1'), note('2')], { fingerprint: '1:any' });
    expect(await store.append(again)).toMatchObject({ version: 2, repeated: true });
    for (const events of [[note('1')], [note('1'), note('3')]])
      await expect(store.append({ ...again, events })).rejects.toEqual(new CommandIdReused('ticket-1', 'a'));
  });

  it('under longer names is read as it is; nothing is added to it', async () => {
    const long = `ticket-${'é'.repeat(243)}`;
    await asIfOld(`UPDATE streams SET name = '${long}'`);
    expect((await everything(store)).map(({ stream }) => stream)).toEqual([long, long]);
    expect((await store.load(long, 'a')).done).toMatchObject({ version: 2 });
    await expect(store.append(request(long, 'b', [note('3')]))).rejects.toThrow(InvalidStoreRequest);
  });
});
