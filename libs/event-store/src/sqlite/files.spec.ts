import {
  chmodSync,
  closeSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import Database from 'better-sqlite3';
import { NAMES, everything, note, request } from '../contract-suite/fixtures.js';
import { SqliteEventStore, type SqliteEventStoreOptions } from './sqlite-event-store.js';

let folder: string;
let file: string;
const opened: SqliteEventStore[] = [];

function open(more: Partial<SqliteEventStoreOptions> = {}): SqliteEventStore {
  const store = SqliteEventStore.open({ file, names: NAMES, ...more });
  opened.push(store);
  return store;
}

async function grow(store: SqliteEventStore, from: number, to: number): Promise<void> {
  for (let n = from; n < to; n += 100) {
    const notes = Array.from({ length: 100 }, (_, index) => note(`${n + index} ${'x'.repeat(300)}`));
    await store.append(request(`ticket-${n % 700}`, `c${n}`, notes));
  }
}

/** Copies all that the `-wal` holds into the file. */
function checkpointed(): void {
  const other = new Database(file);
  other.pragma('wal_checkpoint(TRUNCATE)');
  other.close();
}

/** Puts the files of a running store where a process would have left them that was killed. */
function killed(into: string): void {
  for (const end of ['', '-wal']) copyFileSync(`${file}${end}`, `${into}${end}`);
}

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'billtrail-files-'));
  file = join(folder, 'log.db');
});
afterEach(async () => {
  for (const store of opened.splice(0)) await store.close();
  rmSync(folder, { recursive: true });
});

describe('a file that was not closed is looked through before it takes a write', () => {
  it('a backup copied over it, beside the -wal of later events, is read only, and nothing of the files changes (G1)', async () => {
    const store = open();
    await grow(store, 0, 2_000);
    const backup = join(folder, 'backup.db');
    checkpointed();
    copyFileSync(file, backup);
    await grow(store, 2_000, 9_000);
    checkpointed();
    await grow(store, 9_000, 9_300);
    const left = join(folder, 'left.db');
    killed(left);
    copyFileSync(backup, left);
    const before = [readFileSync(left), readFileSync(`${left}-wal`)];

    file = left;
    const restored = open();
    expect(restored.damage()).toMatchObject({ problem: 'corrupt', remedy: expect.stringContaining('-wal') });
    await expect(restored.append(request('ticket-1', 'late', [note('late')]))).rejects.toMatchObject({
      problem: 'corrupt',
    });
    await restored.close();
    expect([readFileSync(left), readFileSync(`${left}-wal`)]).toEqual(before);

    // The remedy: all three files removed, the backup put there.
    for (const end of ['', '-wal', '-shm']) rmSync(`${left}${end}`, { force: true });
    copyFileSync(backup, left);
    const mended = open();
    expect(mended.damage()).toBeNull();
    expect(await mended.newest()).toMatchObject({ position: { at: 2_000 } });
    expect(await mended.append(request('ticket-1', 'late', [note('late')]))).toMatchObject({ position: { at: 2_001 } });
  });

  it('what a killed process left whole goes on', async () => {
    await grow(open(), 0, 300);
    const left = join(folder, 'left.db');
    killed(left);
    file = left;
    const again = open();
    expect(again.damage()).toBeNull();
    expect(await everything(again)).toHaveLength(300);
    expect((await again.verify()).findings).toEqual([]);
  });

  it('random bytes in one that was closed are found where it is asked for, and at once where it is open elsewhere (Z3)', async () => {
    const store = open();
    await grow(store, 0, 900);
    await store.close();
    const handle = openSync(file, 'r+');
    writeSync(handle, Buffer.alloc(8192, 0x5a), 0, 8192, 8192 * 12);
    closeSync(handle);
    const unchecked = open();
    expect(unchecked.damage()).toBeNull();
    await expect(everything(unchecked)).rejects.toMatchObject({ problem: 'corrupt' });
    expect(unchecked.damage()).toMatchObject({ problem: 'corrupt' });
    const late = unchecked.append(request('ticket-late', 'late', [note('late')]));
    await expect(late).rejects.toMatchObject({ problem: 'corrupt' });
    const checked = open({ check: true });
    expect(checked.damage()).toMatchObject({ problem: 'corrupt', message: expect.stringContaining('is damaged') });
    await expect(checked.append(request('ticket-1', 'late', [note('late')]))).rejects.toMatchObject({
      problem: 'corrupt',
    });
  });

  it('a whole one is opened as ever, whether it is looked through or not', async () => {
    expect(open({ check: true }).damage()).toBeNull();
    expect(open({ check: true, file: ':memory:' }).damage()).toBeNull();
    expect(await open().newest()).toBeNull();
    expect(open({ check: true, readonly: true }).damage()).toBeNull();
  });
});

describe('a file that is lost while it is open (Z5)', () => {
  const append = (store: SqliteEventStore, id: string) => store.append(request('ticket-1', id, [note(id)]));
  const losses: readonly (readonly [what: string, lose: () => void])[] = [
    ['removed', () => rmSync(file)],
    ['its -wal removed', () => rmSync(`${file}-wal`)],
    ['moved away', () => renameSync(file, `${file}.away`)],
    [
      'replaced',
      () => {
        copyFileSync(file, `${file}.copy`);
        renameSync(`${file}.copy`, file);
      },
    ],
  ];

  it.each(losses)('%s: the next append is refused, and every one after it', async (_what, lose) => {
    const store = open();
    await append(store, 'a');
    lose();
    await expect(append(store, 'b')).rejects.toMatchObject({
      problem: 'lost',
      remedy: expect.stringContaining('Stop'),
    });
    if (existsSync(`${file}.away`)) renameSync(`${file}.away`, file);
    await expect(append(store, 'b')).rejects.toMatchObject({ problem: 'lost' });
    expect(await everything(store)).toHaveLength(1);
  });

  it('lost between the write and the answer, an append is not acknowledged', async () => {
    let losing = false;
    const store = open({
      failpoint: (reached) => {
        if (losing && reached === 'before-commit') rmSync(file);
      },
    });
    await append(store, 'a');
    losing = true;
    await expect(append(store, 'b')).rejects.toMatchObject({ problem: 'lost' });
    // Its row is in a file that nobody will open again: it is no answer to a retry.
    await expect(append(store, 'b')).rejects.toMatchObject({ problem: 'lost' });
  });

  it('is noticed without a write', async () => {
    const store = open();
    await append(store, 'a');
    expect(store.damage()).toBeNull();
    rmSync(file);
    expect(store.damage()).toMatchObject({ problem: 'lost', message: expect.stringContaining(file) });
  });
});

describe('only the owner reads the files (Z7)', () => {
  const modes = () => ['', '-wal', '-shm'].map((end) => statSync(`${file}${end}`).mode & 0o777);

  it('new ones, and those that an earlier version left open to others', async () => {
    const store = open();
    await store.append(request('ticket-1', 'a', [note('a')]));
    expect(modes()).toEqual([0o600, 0o600, 0o600]);
    await store.close();
    chmodSync(file, 0o644);
    const again = open();
    await again.append(request('ticket-1', 'b', [note('b')]));
    expect(modes()).toEqual([0o600, 0o600, 0o600]);
  });

  it('a tool that only reads changes no mode', async () => {
    await open().close();
    chmodSync(file, 0o644);
    open({ readonly: true });
    expect(statSync(file).mode & 0o777).toBe(0o644);
    const text = join(folder, 'text');
    writeFileSync(text, 'Dear diary');
    expect(() => SqliteEventStore.open({ file: text, names: NAMES, readonly: true })).toThrow('not');
  });
});
