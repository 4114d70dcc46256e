import {
  copyFileSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
  writeSync,
  closeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import { NAMES, everything, note, request, textsOf } from '../contract-suite/fixtures.js';
import { START } from '../position.js';
import type { AppendRequest } from '../port.js';
import { StoreUnavailable, type StoreProblem } from '../store-unavailable.js';
import type { Failpoint } from './appender.js';
import { asStoreError } from './problems.js';
import { SCHEMA_VERSION } from './schema.js';
import { SqliteEventStore, type SqliteEventStoreOptions } from './sqlite-event-store.js';

let folder: string;
let file: string;
const opened: SqliteEventStore[] = [];

function open(more: Partial<SqliteEventStoreOptions> = {}): SqliteEventStore {
  const store = SqliteEventStore.open({ file, names: NAMES, ...more });
  opened.push(store);
  return store;
}

/** What opening or any other work throws: exactly one clear error, with a remedy. */
function problemOf(work: () => unknown): StoreProblem {
  try {
    work();
  } catch (error) {
    expect(error).toBeInstanceOf(StoreUnavailable);
    const { problem, remedy, message } = error as StoreUnavailable;
    expect(remedy.length).toBeGreaterThan(10);
    expect(message).toContain(remedy);
    return problem;
  }
  throw new Error('nothing was thrown');
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'billtrail-errors-'));
  file = join(folder, 'log.db');
});
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close();
  rmSync(folder, { recursive: true });
});

describe('opening', () => {
  it('asserts that an acknowledged append is on the disk: synchronous FULL in WAL mode, pages of 8 kB', () => {
    open();
    const other = new Database(file);
    expect(other.pragma('journal_mode', { simple: true })).toBe('wal');
    expect(other.pragma('page_size', { simple: true })).toBe(8192);
    other.close();
    // The setting belongs to the connection: where it is not taken, opening must fail.
    const pragma = Database.prototype.pragma;
    Database.prototype.pragma = function (source, options) {
      return source === 'synchronous = FULL' ? undefined : pragma.call(this, source, options);
    };
    try {
      expect(() => open()).toThrow('must be FULL');
    } finally {
      Database.prototype.pragma = pragma;
    }
  });

  it('not a store: another database, a text file, a folder, nothing to read', () => {
    const other = new Database(file);
    other.exec('CREATE TABLE customers (id INTEGER)');
    other.close();
    expect(problemOf(() => open())).toBe('not-a-store');
    writeFileSync(file, 'Dear diary, '.repeat(1000));
    expect(problemOf(() => open())).toBe('not-a-store');
    const before = readFileSync(file, 'utf8');
    expect(before).toBe('Dear diary, '.repeat(1000));
    file = join(folder, 'subfolder');
    mkdirSync(file);
    expect(problemOf(() => open())).toBe('not-a-store');
    file = join(folder, 'nothing.db');
    expect(problemOf(() => open({ readonly: true }))).toBe('not-a-store');
    writeFileSync(file, '');
    expect(problemOf(() => open({ readonly: true }))).toBe('not-a-store');
  });

  it('a database whose header says something else is not a store, even when it is empty', () => {
    const other = new Database(file);
    other.pragma('user_version = 3');
    other.close();
    expect(problemOf(() => open())).toBe('not-a-store');
  });

  it('a newer schema is left alone', async () => {
    await open().close();
    const newer = new Database(file);
    newer.pragma(`user_version = ${SCHEMA_VERSION + 1}`);
    newer.close();
    expect(problemOf(() => open())).toBe('newer-schema');
    expect(problemOf(() => open({ readonly: true }))).toBe('newer-schema');
  });

  it('a folder that does not exist', () => {
    file = join(folder, 'no', 'such', 'log.db');
    expect(problemOf(() => open())).toBe('io-error');
  });

  it('a damaged file is corrupt, at opening or at the first use', async () => {
    const store = open();
    await store.append(
      request(
        'ticket-1',
        'a',
        Array.from({ length: 500 }, (_, n) => note(`${n} ${'x'.repeat(500)}`)),
      ),
    );
    await store.close();
    const size = statSync(file).size;
    const whole = join(folder, 'whole.db');
    copyFileSync(file, whole);
    // The pages of the events overwritten.
    const handle = openSync(file, 'r+');
    writeSync(handle, Buffer.alloc(size - 3 * 8192, 0xa5), 0, size - 3 * 8192, 3 * 8192);
    closeSync(handle);
    await expect(everythingOf()).rejects.toMatchObject({ problem: 'corrupt' });
    // The file cut off.
    copyFileSync(whole, file);
    truncateSync(file, 8192 * 2);
    await expect(everythingOf()).rejects.toMatchObject({ problem: 'corrupt' });
  });

  async function everythingOf(): Promise<unknown> {
    return everything(open());
  }
});

describe('reading only', () => {
  it('reads and verifies, and refuses to append', async () => {
    const writer = open();
    await writer.append(request('ticket-1', 'a', [note('1')]));
    const reader = open({ readonly: true });
    expect(textsOf(await everything(reader))).toEqual(['1']);
    expect((await reader.verify()).findings).toEqual([]);
    await expect(reader.append(request('ticket-1', 'b', [note('2')]))).rejects.toMatchObject({ problem: 'read-only' });
    await writer.append(request('ticket-1', 'c', [note('3')]));
    expect(textsOf(await everything(reader))).toEqual(['1', '3']);
  });
});

describe('another process holds the write lock', () => {
  it('an append waits for it, and is refused as locked after its last try; reading goes on', async () => {
    const store = open({ lockTries: 2 });
    await store.append(request('ticket-1', 'a', [note('1')]));
    const other = new Database(file);
    other.exec('BEGIN IMMEDIATE');
    const asked = [
      store.append(request('ticket-1', 'b', [note('2')])),
      store.append(request('ticket-1', 'c', [note('3')])),
    ];
    for (const outcome of await Promise.allSettled(asked)) {
      expect(outcome).toMatchObject({
        status: 'rejected',
        reason: { problem: 'locked', message: expect.stringContaining('at any of 2 tries') },
      });
    }
    expect(textsOf(await everything(store))).toEqual(['1']);
    other.exec('ROLLBACK');
    expect(await store.append(request('ticket-1', 'b', [note('2')]))).toMatchObject({ version: 2, repeated: false });
    other.close();
  });

  it('an append that waits is carried out when the lock is free, in its order', async () => {
    const store = open();
    const other = new Database(file);
    other.exec('BEGIN IMMEDIATE');
    const asked = [
      store.append(request('ticket-1', 'a', [note('1')])),
      store.append(request('ticket-1', 'b', [note('2')])),
    ];
    // A read is answered while the append waits: the first try has been made by then.
    await new Promise(setImmediate);
    expect(await everything(store)).toEqual([]);
    asked.push(store.append(request('ticket-1', 'c', [note('3')])));
    other.exec('COMMIT');
    other.close();
    expect((await Promise.all(asked)).map((answer) => answer.version)).toEqual([1, 2, 3]);
  });

  it('closing does not wait for it: what could not be written is refused', async () => {
    const store = open();
    const other = new Database(file);
    other.exec('BEGIN IMMEDIATE');
    const asked = Promise.allSettled([store.append(request('ticket-1', 'a', [note('1')]))]);
    await store.close();
    expect(await asked).toMatchObject([{ status: 'rejected', reason: { problem: 'closed' } }]);
    other.close();
  });
});

describe('an append that waits for its turn', () => {
  it('is refused once it waited longer than its decision is good for, and has no effect; one that may wait is written', async () => {
    let now = 0;
    const store = open({ tick: () => now });
    const asked = [
      store.append(request('ticket-1', 'a', [note('1')], { maxWaitMs: 2_000 })),
      store.append(request('ticket-1', 'b', [note('2')])),
      store.append(request('ticket-2', 'c', [note('3')], { maxWaitMs: 2_001 })),
    ];
    // Before the turn of the event loop in which they are written.
    now = 2_001;
    expect(await Promise.allSettled(asked)).toMatchObject([
      { reason: { name: 'DecisionTooOld', message: expect.stringContaining('2001 ms') } },
      { value: { version: 1, repeated: false } },
      { value: { version: 1, repeated: false } },
    ]);
    expect(textsOf(await everything(store))).toEqual(['2', '3']);
    expect(await store.append(request('ticket-1', 'a', [note('1')], { maxWaitMs: 2_000 }))).toMatchObject({
      version: 2,
      repeated: false,
    });
    // A repeat is answered, however long it waited.
    const again = store.append(request('ticket-1', 'a', [note('1')], { maxWaitMs: 2_000 }));
    now = 9_000;
    expect(await again).toMatchObject({ version: 2, repeated: true });
  });
});

describe('the disk is full', () => {
  it('appends are refused, reading goes on, and a retry when there is room has exactly one effect', async () => {
    let store = open({ maxFileBytes: 40 * 8192 });
    const text = 'x'.repeat(20_000);
    const outcomes: string[] = [];
    while (!outcomes.includes('disk-full')) {
      const n = outcomes.length;
      const appended = store.append(request('ticket-1', `c${n}`, [note(`${n}${text}`)]));
      outcomes.push(
        await appended.then(
          () => 'appended',
          (error: unknown) => (error as StoreUnavailable).problem,
        ),
      );
      expect(n).toBeLessThan(40);
    }
    const done = outcomes.length - 1;
    expect(done).toBeGreaterThan(3);
    expect(await everything(store)).toHaveLength(done);
    expect((await store.verify()).findings).toEqual([]);
    expect((await store.load('ticket-1', `c${done}`)).done).toBeNull();
    await expect(store.append(request('ticket-1', `c${done}`, [note(`${done}${text}`)]))).rejects.toMatchObject({
      problem: 'disk-full',
    });
    await store.close();

    store = open();
    for (const repeated of [false, true]) {
      expect(await store.append(request('ticket-1', `c${done}`, [note(`${done}${text}`)]))).toMatchObject({
        version: done + 1,
        repeated,
      });
    }
    expect((await store.verify()).findings).toEqual([]);
  });

  it('all appends of the group that could not be committed are refused, also those that would have fitted', async () => {
    const store = open({ maxFileBytes: 20 * 8192 });
    const outcomes = await Promise.allSettled([
      store.append(request('ticket-1', 'small', [note('small')])),
      store.append(request('ticket-1', 'large', [note('x'.repeat(400_000))])),
    ]);
    expect(outcomes).toMatchObject([{ reason: { problem: 'disk-full' } }, { reason: { problem: 'disk-full' } }]);
    expect(await store.head()).toEqual(START);
    // The new kind and the new stream of the failed group are forgotten too.
    expect(await store.append(request('ticket-1', 'small', [note('small')]))).toMatchObject({
      version: 1,
      repeated: false,
    });
    expect((await store.verify()).findings).toEqual([]);
  });
});

describe('a step of the commit fails', () => {
  const beforeCommit: readonly Failpoint[] = ['before-begin', 'after-begin', 'after-insert', 'before-commit'];

  it.each(beforeCommit)('%s: nothing is acknowledged, nothing is written, a retry is the first', async (name) => {
    let failing = true;
    const store = open({
      failpoint: (reached) => {
        if (failing && reached === name) throw new Database.SqliteError('disk I/O error', 'SQLITE_IOERR_FSYNC');
      },
    });
    const asked = [1, 2, 3].map((n) => request(`ticket-${n}`, `c${n}`, [note(`${n}`)]));
    const claims = [{ key: 'key-1', fingerprint: 'f1' }];
    const send = (each: AppendRequest) => store.append(each, each.commandId === 'c1' ? claims : []);
    const outcomes = await Promise.allSettled(asked.map(send));
    expect(outcomes).toMatchObject(asked.map(() => ({ status: 'rejected', reason: { problem: 'io-error' } })));
    expect(await store.head()).toEqual(START);
    expect(await store.claimed('key-1')).toBeNull();
    failing = false;
    for (const each of asked) expect((await send(each)).repeated).toBe(false);
    expect(await store.claimed('key-1')).toMatchObject({ stream: 'ticket-1', fingerprint: 'f1' });
    expect((await store.verify()).findings).toEqual([]);
  });

  it('after-commit: the acknowledgement is lost, and the retry gets the first answer', async () => {
    let failing = true;
    const store = open({
      failpoint: (reached) => {
        if (failing && reached === 'after-commit') throw new Error('lost');
      },
    });
    await expect(store.append(request('ticket-1', 'a', [note('1')]))).rejects.toThrow('lost');
    failing = false;
    expect(await store.append(request('ticket-1', 'a', [note('1')]))).toMatchObject({ version: 1, repeated: true });
    expect(await everything(store)).toHaveLength(1);
  });
});

describe('the disk fails in COMMIT, which tells neither that the rows are there nor that they are not (G8)', () => {
  const failed = () => new Database.SqliteError('disk I/O error', 'SQLITE_IOERR_FSYNC');
  const asked = [1, 2].map((n) => request(`ticket-${n}`, `c${n}`, [note(`${n}`)]));
  /** Fails once where it is told to. */
  function failing(at: Failpoint, then: () => void = () => undefined): SqliteEventStore {
    let left = 1;
    return open({
      failpoint: (reached) => {
        if (reached !== at || left === 0) return;
        left -= 1;
        then();
        throw failed();
      },
    });
  }

  it('the rows are not there once it is opened anew: refused, and a retry is the first', async () => {
    const store = failing('in-commit');
    const outcomes = await Promise.allSettled(asked.map((each) => store.append(each)));
    expect(outcomes).toMatchObject(asked.map(() => ({ status: 'rejected', reason: { problem: 'io-error' } })));
    expect(await everything(store)).toEqual([]);
    for (const each of asked) expect((await store.append(each)).repeated).toBe(false);
    expect((await store.verify()).findings).toEqual([]);
  });

  it('the rows are there: acknowledged once they were made sure of', async () => {
    const store = failing('in-commit', () => {
      // The COMMIT did write, and its failure is told all the same.
      const { appending } = (store as unknown as { log: { appending: { commit: Database.Statement } } }).log;
      appending.commit.run();
    });
    const outcomes = await Promise.all(asked.map((each) => store.append(each)));
    expect(outcomes).toMatchObject([
      { version: 1, position: { at: 1 }, repeated: false },
      { version: 1, position: { at: 2 }, repeated: false },
    ]);
    for (const each of asked) expect((await store.append(each)).repeated).toBe(true);
    expect(textsOf(await everything(store))).toEqual(['1', '2']);
  });

  it('nobody can tell, for it can’t be opened anew: told with the ids, a refusal beside it stays one, and a retry has one effect', async () => {
    const away = `${file}.away`;
    const store = failing('in-commit', () => {
      renameSync(file, away);
      mkdirSync(file);
    });
    const wrong = { ...request('ticket-1', 'wrong', [note('x')]), expected: 7 };
    const outcomes = await Promise.allSettled([...asked, wrong].map((each) => store.append(each)));
    expect(outcomes).toMatchObject([
      {
        reason: { name: 'OutcomeUnknown', commandIds: ['c1', 'c2'], message: expect.stringContaining('Send it again') },
      },
      { reason: { name: 'OutcomeUnknown' } },
      { reason: { name: 'WrongExpectedVersion' } },
    ]);
    // As long as it can't be opened nothing is taken, and nothing is read that may not be there.
    await expect(store.append(asked[0]!)).rejects.toMatchObject({ name: 'StoreUnavailable' });
    await expect(store.head()).rejects.toMatchObject({ name: 'StoreUnavailable' });
    rmSync(file, { recursive: true });
    renameSync(away, file);
    for (const each of asked) await store.append(each);
    for (const each of asked) expect((await store.append(each)).repeated).toBe(true);
    expect(textsOf(await everything(store))).toEqual(['1', '2']);
    expect((await store.verify()).findings).toEqual([]);
  });

  it('another failure is what it was: a full disk has written nothing', async () => {
    const store = open({
      failpoint: (reached) => {
        if (reached === 'in-commit') throw new Database.SqliteError('database or disk is full', 'SQLITE_FULL');
      },
    });
    await expect(store.append(asked[0]!)).rejects.toMatchObject({ problem: 'disk-full' });
  });
});

describe('every result code of SQLite that the environment can cause', () => {
  it.each([
    ['SQLITE_BUSY', 'locked'],
    ['SQLITE_BUSY_SNAPSHOT', 'locked'],
    ['SQLITE_LOCKED', 'locked'],
    ['SQLITE_FULL', 'disk-full'],
    ['SQLITE_READONLY', 'read-only'],
    ['SQLITE_READONLY_DIRECTORY', 'read-only'],
    ['SQLITE_READONLY_DBMOVED', 'read-only'],
    ['SQLITE_PERM', 'read-only'],
    ['SQLITE_CORRUPT', 'corrupt'],
    ['SQLITE_CORRUPT_INDEX', 'corrupt'],
    ['SQLITE_NOTADB', 'not-a-store'],
    ['SQLITE_IOERR_WRITE', 'io-error'],
    ['SQLITE_IOERR_FSYNC', 'io-error'],
    ['SQLITE_CANTOPEN', 'io-error'],
  ])('%s is %s', (code, problem) => {
    const error = asStoreError(new Database.SqliteError('message', code), 'doing') as StoreUnavailable;
    expect(error).toBeInstanceOf(StoreUnavailable);
    expect(error.problem).toBe(problem);
    expect(error.message).toContain('doing: message');
  });

  it('a bug stays what it is', () => {
    const bug = new Database.SqliteError('no such column', 'SQLITE_ERROR');
    expect(asStoreError(bug, 'doing')).toBe(bug);
  });
});
