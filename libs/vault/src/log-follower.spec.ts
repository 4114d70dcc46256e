import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import {
  SqliteEventStore,
  START,
  StoredNames,
  StoreUnavailable,
  UnknownStoredEvent,
  type EventStore,
  type StoreProblem,
} from '@billtrail/event-store';
import { LOST_KEYS, storedAccessEvents } from './access-events.js';
import { keyIdOf } from './key-id.js';
import { LogFollower } from './log-follower.js';
import type { Vault } from './port.js';
import { openSqliteVault } from './sqlite/open-sqlite-vault.js';
import { VaultStreamKeys } from './vault-stream-keys.js';
import { VaultIncomplete, VaultUnavailable } from './vault-unavailable.js';

const AT = '2026-03-02T09:00:00Z';
const NOTE = { type: 'Note', storedName: 'note', schemaVersion: 1, personalFields: [] };
const SECRET = { type: 'Secret', storedName: 'secret', schemaVersion: 1, personalFields: ['text'] };
const NAMES = new StoredNames(storedAccessEvents, [NOTE, SECRET]);
const HASHES = ['a', 'b'].map((letter) => Buffer.alloc(32, letter).toString('base64url'));
const [ANA, BEN] = HASHES as [string, string];

const closing: { close(): Promise<void> }[] = [];
const closedAtEnd = <Closed extends { close(): Promise<void> }>(opened: Closed): Closed => {
  closing.push(opened);
  return opened;
};

const newLog = () => closedAtEnd(SqliteEventStore.open({ file: ':memory:', names: NAMES, clock: () => AT }));
async function newVault(): Promise<Vault> {
  const vault = closedAtEnd(await openSqliteVault({ file: ':memory:' }));
  await vault.addKeys(HASHES.map((hash) => ({ hash, personId: 'ana', role: 'admin', createdAt: AT }) as const));
  return vault;
}

let commands = 0;
async function append(log: EventStore, stream: string, type: string, data: object): Promise<void> {
  const commandId = `c-${++commands}`;
  await log.append({
    stream,
    expected: 'any',
    events: [{ type, data, occurredAt: AT }],
    actor: { id: 'owner', role: 'admin' },
    commandId,
    correlationId: commandId,
    causationId: null,
    fingerprint: commandId,
  });
}
const noted = (log: EventStore, text: string) => append(log, 'ticket-1', 'Note', { text });
const revoked = (log: EventStore, hash: string) =>
  append(log, `access-${keyIdOf(hash)}`, 'KeyRevoked', { keyId: keyIdOf(hash) });
const isRevoked = async (vault: Vault, hash: string) => (await vault.keyWith(hash))?.revokedAt !== null;

describe('a vault that follows the log', () => {
  let log: EventStore;
  let vault: Vault;
  beforeEach(async () => {
    log = newLog();
    vault = await newVault();
  });
  afterEach(async () => {
    for (const opened of closing.splice(0)) await opened.close();
  });

  it('from its start to its end, and on from its checkpoint', async () => {
    await noted(log, 'one');
    await revoked(log, ANA);
    const follower = await LogFollower.start(vault, log);
    expect([await isRevoked(vault, ANA), await isRevoked(vault, BEN)]).toEqual([true, false]);
    expect(await vault.checkpoint()).toEqual(await log.head());
    expect([follower.hadAnotherLog, follower.trouble()]).toEqual([false, null]);
    await noted(log, 'two');
    await revoked(log, BEN);
    await LogFollower.start(vault, log);
    expect(await isRevoked(vault, BEN)).toBe(true);
  });

  it('restored from an older copy: its revived keys are revoked again before anyone signs in (G2)', async () => {
    await revoked(log, ANA);
    await LogFollower.start(vault, log);
    const older = await newVault();
    expect(await isRevoked(older, ANA)).toBe(false);
    await LogFollower.start(older, log);
    expect(await isRevoked(older, ANA)).toBe(true);
  });

  it('beside a log that was restored from an older copy and has grown anew: named, and what was revoked stays so (G2)', async () => {
    await noted(log, 'one');
    await revoked(log, ANA);
    await LogFollower.start(vault, log);
    const regrown = newLog();
    for (const text of ['one', 'other', 'third']) await noted(regrown, text);
    await revoked(regrown, BEN);
    const follower = await LogFollower.start(vault, regrown);
    expect(follower.hadAnotherLog).toBe(true);
    expect([await isRevoked(vault, ANA), await isRevoked(vault, BEN)]).toEqual([true, true]);
    expect(await vault.checkpoint()).toEqual(await regrown.head());
    expect((await LogFollower.start(vault, regrown)).hadAnotherLog).toBe(false);
  });

  it('beside an empty log where there was one: named, and followed anew', async () => {
    await revoked(log, ANA);
    await LogFollower.start(vault, log);
    const empty = newLog();
    expect((await LogFollower.start(vault, empty)).hadAnotherLog).toBe(true);
    expect(await vault.checkpoint()).toEqual(START);
    await revoked(empty, BEN);
    await LogFollower.start(vault, empty);
    expect(await isRevoked(vault, BEN)).toBe(true);
  });

  it('as it grows, until it is told to stop; and keeps how far it has come', async () => {
    const follower = await LogFollower.start(vault, log);
    const stopping = new AbortController();
    const following = follower.follow(stopping.signal);
    await revoked(log, ANA);
    while (!(await isRevoked(vault, ANA))) await new Promise(setImmediate);
    await noted(log, 'after it');
    while ((await log.head()).at !== 2) await new Promise(setImmediate);
    await follower.catchUp();
    stopping.abort();
    await following;
    await follower.save();
    expect(await vault.checkpoint()).toMatchObject({ at: 2 });
  });

  it('lets nobody sign in where the log says of keys what it does not know', async () => {
    await append(log, 'access-x', 'Note', {});
    const older = Object.assign(Object.create(log) as EventStore, {
      readAll: async (options: Parameters<EventStore['readAll']>[0]) => {
        const slice = await log.readAll(options);
        return { ...slice, events: slice.events.map((event) => ({ ...event, unknown: 'nobody knows it' })) };
      },
    });
    const follower = await LogFollower.start(vault, older);
    expect(follower.trouble()).toBeInstanceOf(UnknownStoredEvent);
    expect(await vault.checkpoint()).toEqual(START);
  });

  /** The log, which can't be read as long as `problem` is one. */
  const unreadable = (of: EventStore, state: { problem: StoreProblem | null }): EventStore => {
    const assertReadable = () => {
      if (state.problem !== null) throw new StoreUnavailable(state.problem, 'it can not be read', 'Try again');
    };
    return Object.assign(Object.create(of) as EventStore, {
      readAll: async (options: Parameters<EventStore['readAll']>[0]) => {
        assertReadable();
        return of.readAll(options);
      },
      eventAt: async (position: Parameters<EventStore['eventAt']>[0]) => {
        assertReadable();
        return of.eventAt(position);
      },
    });
  };

  it.each(['locked', 'io-error'] as const)(
    'restored from an older copy, beside a log that is %s just then: nobody signs in until it was read',
    async (problem) => {
      await revoked(log, ANA);
      const state: { problem: StoreProblem | null } = { problem };
      const follower = await LogFollower.start(vault, unreadable(log, state));
      expect(follower.trouble()).toMatchObject({ problem });
      expect(follower.damagedLog()).toBeNull();
      state.problem = null;
      const stopping = new AbortController();
      const following = follower.follow(stopping.signal);
      while (follower.trouble() !== null) await new Promise(setImmediate);
      expect(await isRevoked(vault, ANA)).toBe(true);
      stopping.abort();
      await following;
    },
  );

  it.each(['corrupt', 'lost'] as const)('beside a log that is %s keeps what it has, which is told', async (problem) => {
    const follower = await LogFollower.start(vault, unreadable(log, { problem }));
    expect(follower.trouble()).toBeNull();
    expect(follower.damagedLog()).toMatchObject({ problem });
  });

  it('goes on with the keys that it knows where a log that was read can not be read again', async () => {
    const state: { problem: StoreProblem | null } = { problem: null };
    const follower = await LogFollower.start(vault, unreadable(log, state));
    state.problem = 'io-error';
    await expect(follower.catchUp()).rejects.toThrow(StoreUnavailable);
    const stopping = new AbortController();
    const following = follower.follow(stopping.signal);
    await new Promise(setImmediate);
    expect(follower.trouble()).toBeNull();
    stopping.abort();
    await following;
  });

  it('whose disk is full loses no revocation: it is taken over once there is room', async () => {
    let isFull = true;
    const narrow: Vault = Object.assign(Object.create(vault) as Vault, {
      follow: (followed: Parameters<Vault['follow']>[0]) =>
        isFull ? Promise.reject(new VaultUnavailable('full', 'Free some space')) : vault.follow(followed),
    });
    const follower = await LogFollower.start(narrow, log);
    await revoked(log, ANA);
    await expect(follower.catchUp()).rejects.toThrow(VaultUnavailable);
    await noted(log, 'later');
    isFull = false;
    await follower.catchUp();
    expect(await isRevoked(vault, ANA)).toBe(true);
  });
});

describe('the keys of streams in a vault that follows the log', () => {
  let folder: string;
  const file = (name: string) => join(folder, name);
  /** A vault and the log, opened with it, as a server does. */
  const opened = async (vaultFile = 'vault.db', logFile = 'events.db') => {
    const vault = closedAtEnd(await openSqliteVault({ file: file(vaultFile) }));
    const keys = new VaultStreamKeys(vault);
    const log = closedAtEnd(SqliteEventStore.open({ file: file(logFile), names: NAMES, keys, clock: () => AT }));
    const follower = await LogFollower.start(vault, log);
    keys.makeOnlyUnless(() => follower.makesNoKeys());
    return { vault, log, follower, tell: (stream: string) => append(log, stream, 'Secret', { text: 'psst' }) };
  };
  const closeAll = async () => {
    for (const each of closing.splice(0).toReversed()) await each.close();
  };
  const accept = (log: EventStore, streams: readonly string[]) =>
    append(log, `access-${LOST_KEYS}`, 'StreamKeysLost', { streams });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'billtrail-follower-'));
  });
  afterEach(async () => {
    await closeAll();
    rmSync(folder, { recursive: true });
  });

  /** A vault that was copied before the keys of `ticket-2` and `ticket-3` were made: `older.db`; and one that holds all. */
  async function forked(): Promise<void> {
    const before = await opened();
    await before.tell('ticket-1');
    await before.follower.save();
    await closeAll();
    copyFileSync(file('vault.db'), file('older.db'));
    const after = await opened();
    for (const stream of ['ticket-2', 'ticket-3', 'ticket-2']) await after.tell(stream);
    await closeAll();
  }

  it('an older vault: told, at each start, and no new key until the right one is back', async () => {
    await forked();
    for (let start = 1; start <= 2; start++) {
      const { vault, follower, tell } = await opened('older.db');
      expect(follower.incomplete()).toMatchObject({ name: 'VaultIncomplete', streams: ['ticket-2', 'ticket-3'] });
      await expect(tell('ticket-4')).rejects.toThrow(VaultIncomplete);
      await expect(tell('ticket-2')).rejects.toThrow(VaultIncomplete);
      expect([...(await vault.streamKeys(['ticket-2', 'ticket-4'])).keys()]).toEqual([]);
      await tell('ticket-1');
      await follower.save();
      await closeAll();
    }
    const { follower, tell } = await opened();
    expect(follower.incomplete()).toBeNull();
    await tell('ticket-4');
  });

  it('a revocation meanwhile is taken over, and the next start looks for the keys again', async () => {
    await forked();
    const { vault, log, follower } = await opened('older.db');
    await vault.addKeys([{ hash: ANA, personId: 'ana', role: 'admin', createdAt: AT }]);
    await revoked(log, ANA);
    await follower.catchUp();
    expect(await isRevoked(vault, ANA)).toBe(true);
    await closeAll();
    expect((await opened('older.db')).follower.incomplete()?.streams).toHaveLength(2);
  });

  it('an empty vault, and that of another log, lack all of them', async () => {
    await forked();
    expect((await opened('empty.db')).follower.incomplete()?.streams).toHaveLength(3);
    const other = await opened('other.db', 'other-events.db');
    await other.tell('ticket-1');
    await other.follower.catchUp();
    await other.follower.save();
    const { follower } = await opened('other.db');
    expect([follower.hadAnotherLog, follower.incomplete()?.streams]).toEqual([
      true,
      ['ticket-1', 'ticket-2', 'ticket-3'],
    ]);
  });

  it('accepted as lost: new keys are made at once and from then on; what is lost after it is told again', async () => {
    await forked();
    const { log, follower, tell } = await opened('older.db');
    await accept(log, ['ticket-2', 'ticket-3']);
    await follower.catchUp();
    expect(follower.incomplete()).toBeNull();
    await tell('ticket-4');
    await closeAll();
    expect((await opened('older.db')).follower.incomplete()).toBeNull();
    await closeAll();
    // The vault that had them all lacks what was made after the loss was accepted.
    expect((await opened()).follower.incomplete()?.streams).toEqual(['ticket-4']);
  });

  it('accepted as lost: each stream goes on under a new key, also for a new vault', async () => {
    await forked();
    const texts = async ({ log }: Awaited<ReturnType<typeof opened>>) => {
      const { events } = await log.readStream('ticket-2');
      return events.map(({ data }) => (data as { text: string }).text);
    };
    const older = await opened('older.db');
    await accept(older.log, ['ticket-2', 'ticket-3']);
    await older.follower.catchUp();
    await older.tell('ticket-2');
    expect(await texts(older)).toEqual(['(lost)', '(lost)', 'psst']);
    await closeAll();
    expect(await texts(await opened('older.db'))).toEqual(['(lost)', '(lost)', 'psst']);
    await closeAll();
    // One that holds no key at all learns from the log what was given up, and what was not.
    const empty = await opened('empty.db');
    expect(empty.follower.incomplete()?.streams).toEqual(['ticket-1', 'ticket-2']);
    expect(await empty.log.readStream('ticket-3')).toMatchObject({ events: [{ data: { text: '(lost)' } }] });
  });

  it('accepted as lost in a log that was restored since to before it: they are missing again', async () => {
    await forked();
    for (const end of ['', '-wal'])
      if (existsSync(file(`events.db${end}`))) copyFileSync(file(`events.db${end}`), file(`kept.db${end}`));
    const { log, follower } = await opened('older.db');
    await accept(log, ['ticket-2', 'ticket-3']);
    await follower.catchUp();
    await follower.save();
    await closeAll();
    const { follower: again } = await opened('older.db', 'kept.db');
    expect(again.hadAnotherLog).toBe(true);
    expect(again.incomplete()?.streams).toEqual(['ticket-2', 'ticket-3']);
  });

  it('a log that can not be read at the start: no key is made until it was read', async () => {
    await forked();
    const { vault, log } = await opened();
    const locked = Object.assign(Object.create(log) as EventStore, {
      readAll: () => Promise.reject(new StoreUnavailable('locked', 'it is locked', 'Try again')),
    });
    const follower = await LogFollower.start(vault, locked);
    expect(follower.makesNoKeys()).toMatchObject({ name: 'VaultUnavailable' });
    Object.assign(locked, { readAll: (options: Parameters<EventStore['readAll']>[0]) => log.readAll(options) });
    await follower.catchUp();
    expect(follower.makesNoKeys()).toBeNull();
  });
});
