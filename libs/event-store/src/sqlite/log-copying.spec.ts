import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import type { WholeLog } from '../capabilities.js';
import { everything, NAMES, note, request, time } from '../contract-suite/fixtures.js';
import { LogNotEmpty } from '../errors.js';
import { SqliteEventStore, type SqliteEventStoreOptions } from './sqlite-event-store.js';

const EVENTS = 3_000;

describe('copying whole logs in files', () => {
  let folder: string;
  let from: SqliteEventStore;
  const stores: SqliteEventStore[] = [];
  const open = (name: string, more: Partial<SqliteEventStoreOptions> = {}) => {
    const store = SqliteEventStore.open({ file: join(folder, name), names: NAMES, ...more });
    stores.push(store);
    return store;
  };
  const copying = (store: SqliteEventStore) => store.capability('copying')!;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'billtrail-copying-'));
    from = open('from.db');
    for (let n = 0; n < EVENTS; n += 500)
      await from.append(
        request(
          `ticket-${n % 1_000}`,
          `c${n}`,
          Array.from({ length: 500 }, (_, m) => time(n + m)),
        ),
      );
  });
  afterEach(async () => {
    for (const store of stores.splice(0)) await store.close();
    rmSync(folder, { recursive: true });
  });

  it('ends at the same chain value, and at the same positions', async () => {
    const to = open('to.db');
    await copying(to).copyIn(copying(from).copyOut());
    expect((await to.verify()).headHash).toBe((await from.verify()).headHash);
    expect(await everything(to)).toEqual(await everything(from));
  });

  it('of a process that was killed between two commits, goes on in the next', async () => {
    const to = open('to.db');
    const log = copying(from).copyOut();
    const killedAfter: WholeLog = {
      ...log,
      appends: async function* () {
        let count = 0;
        for await (const append of log.appends()) {
          // As the system leaves the files of a process that ends here.
          if (count++ === 3)
            for (const end of ['', '-wal']) copyFileSync(join(folder, `to.db${end}`), join(folder, `left.db${end}`));
          yield append;
        }
      },
    };
    await copying(to).copyIn(killedAfter);
    const left = open('left.db');
    expect(await copying(left).copyIn(log)).toEqual({ written: 2_000, held: 1_000 });
    expect((await left.verify()).headHash).toBe((await from.verify()).headHash);
  });

  it('by two processes into one file: each event once, and who was overtaken is told', async () => {
    const log = copying(from).copyOut();
    const both = ['one', 'other'].map(() => open('to.db'));
    const outcomes = await Promise.allSettled(both.map((store) => copying(store).copyIn(log)));
    const refused = outcomes.flatMap((one) => (one.status === 'rejected' ? [one.reason as unknown] : []));
    expect(refused).toEqual([expect.any(LogNotEmpty)]);
    expect(await copying(both[0]!).copyIn(log)).toMatchObject({ written: expect.any(Number) });
    expect((await both[1]!.verify()).headHash).toBe((await from.verify()).headHash);
  });

  it('leaves out what is recorded in the log behind it meanwhile', async () => {
    const log = copying(from).copyOut();
    await from.append(request('ticket-1', 'later', [note('later')]));
    expect(await copying(open('to.db')).copyIn(log)).toEqual({ written: EVENTS, held: 0 });
  });

  it.each([
    ['an event', 'DELETE FROM events WHERE position = 700', 'events_never_go'],
    ['an append', 'DELETE FROM appends WHERE append = 1000', 'appends_never_go'],
    ['its last append', 'DELETE FROM appends WHERE append = 3000', 'appends_never_go'],
  ])('hands on no log that lacks %s', async (_what, loss, trigger) => {
    const raw = new Database(join(folder, 'from.db'));
    raw.exec(`DROP TRIGGER ${trigger}; ${loss}`);
    raw.close();
    await expect(copying(open('to.db')).copyIn(copying(from).copyOut())).rejects.toMatchObject({ problem: 'corrupt' });
  });

  it('is refused where nothing can be written', async () => {
    await open('to.db').close();
    const to = open('to.db', { readonly: true });
    await expect(copying(to).copyIn(copying(from).copyOut())).rejects.toMatchObject({ problem: 'read-only' });
    const lost = open('lost.db');
    for (const end of ['', '-wal', '-shm']) rmSync(join(folder, `lost.db${end}`), { force: true });
    await expect(copying(lost).copyIn(copying(from).copyOut())).rejects.toMatchObject({ problem: 'lost' });
  });

  it('stops at a file that may not grow, and goes on once it may', async () => {
    const small = open('to.db', { maxFileBytes: 400_000 });
    const log = copying(from).copyOut();
    await expect(copying(small).copyIn(log)).rejects.toMatchObject({ problem: 'disk-full' });
    await small.close();
    const { written, held } = await copying(open('to.db')).copyIn(log);
    expect([written + held, held % 1_000]).toEqual([EVENTS, 0]);
  });
});
