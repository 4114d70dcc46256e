import {
  chmodSync,
  closeSync,
  mkdtempSync,
  openSync,
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
import { describeVaultContract } from '../contract-suite/index.js';
import type { Vault } from '../port.js';
import { VaultUnavailable } from '../vault-unavailable.js';
import { openSqliteVault, type SqliteVaultOptions } from './open-sqlite-vault.js';

describeVaultContract('SQLite', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'billtrail-vault-'));
  const file = join(folder, 'vault.db');
  const vault = await openSqliteVault({ file });
  return {
    vault,
    again: () => openSqliteVault({ file }),
    copied: async () => {
      const copy = join(folder, 'copy.db');
      const db = new Database(file, { readonly: true });
      await db.backup(copy);
      db.close();
      return async () => {
        for (const end of ['', '-wal', '-shm']) rmSync(`${file}${end}`);
        renameSync(copy, file);
      };
    },
    dispose: async () => {
      await vault.close();
      rmSync(folder, { recursive: true });
    },
  };
});

describe('the file of the vault', () => {
  let folder: string;
  let file: string;
  const opened: Vault[] = [];
  const open = async (more: Partial<SqliteVaultOptions> = {}) => {
    const vault = await openSqliteVault({ file, ...more });
    opened.push(vault);
    return vault;
  };
  const key = { hash: 'x'.repeat(43), personId: 'ana', role: 'admin', createdAt: '2026-03-02T09:00:00Z' } as const;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'billtrail-vault-'));
    file = join(folder, 'vault.db');
  });
  afterEach(async () => {
    for (const vault of opened.splice(0)) await vault.close();
    rmSync(folder, { recursive: true });
  });

  it('can be read by its owner only, with its -wal and -shm, and is closed to others where it was open (Z7)', async () => {
    const modes = () => ['', '-wal', '-shm'].map((end) => statSync(`${file}${end}`).mode & 0o777);
    await (await open()).addKeys([key]);
    expect(modes()).toEqual([0o600, 0o600, 0o600]);
    await opened.pop()?.close();
    chmodSync(file, 0o644);
    await (await open()).addKeys([{ ...key, hash: 'y'.repeat(43) }]);
    expect(modes()).toEqual([0o600, 0o600, 0o600]);
  });

  it.each([
    ['a text', () => writeFileSync(file, 'Dear diary, '.repeat(1_000)), /restore the last backup of vault\.db/],
    ['a folder that is not there', () => void (file = join(folder, 'gone', 'vault.db')), /Check the folder/],
  ])('%s is refused by name, with a remedy', async (_what, spoil, remedy) => {
    spoil();
    await expect(open()).rejects.toMatchObject({ name: 'VaultUnavailable', remedy: expect.stringMatching(remedy) });
  });

  it('with damaged pages is refused where it is looked through', async () => {
    const whole = await open();
    await whole.addKeys(
      Array.from({ length: 2_000 }, (_, n) => ({
        ...key,
        hash: Buffer.from(`${n}`.padStart(32)).toString('base64url'),
      })),
    );
    await whole.close();
    const { size } = statSync(file);
    const handle = openSync(file, 'r+');
    // The last page holds keys: what is asked of the vault below is on earlier ones.
    writeSync(handle, Buffer.alloc(4096, 0x5a), 0, 4096, size - 4096);
    closeSync(handle);
    expect(await (await open()).checkpoint()).toMatchObject({ at: 0 });
    await expect(open({ check: true })).rejects.toThrow(VaultUnavailable);
  });

  it('of an earlier version keeps its keys: whose they are is to be named', async () => {
    const db = new Database(file);
    db.exec(`
      CREATE TABLE vault_schema (version integer NOT NULL);
      INSERT INTO vault_schema VALUES (5);
      CREATE TABLE api_keys (id text PRIMARY KEY NOT NULL, hash text NOT NULL UNIQUE, actor_id text NOT NULL, role text NOT NULL, created_at text NOT NULL);
      CREATE TABLE key_revocations (key_id text PRIMARY KEY NOT NULL, revoked_at text NOT NULL);
      CREATE TABLE log_checkpoint (id integer PRIMARY KEY NOT NULL, position text NOT NULL);
      CREATE TABLE stream_keys (stream text NOT NULL, after_loss bigint NOT NULL, key text NOT NULL, PRIMARY KEY (stream, after_loss));
      CREATE TABLE stream_key_losses (stream text PRIMARY KEY NOT NULL, lost_up_to bigint NOT NULL);
      CREATE TABLE vault_state (id integer PRIMARY KEY NOT NULL, changes bigint NOT NULL, marks text NOT NULL);
      INSERT INTO vault_state VALUES (1, 0, '0f0f0f0f');
      CREATE TABLE secrets (name text PRIMARY KEY NOT NULL, secret text NOT NULL);
      INSERT INTO api_keys VALUES ('k1', 'h1', 'owner', 'admin', '2026-03-02T09:00:00Z'), ('k2', 'h2', 'owner', 'accounts', '2026-03-01T09:00:00Z');
    `);
    db.close();
    const vault = await open();
    expect(await vault.keyWith('h1')).toMatchObject({
      id: 'k1',
      role: 'admin',
      scope: [],
      readOnly: false,
      isFirst: false,
      expiresAt: null,
      person: { id: 'owner', name: null, roles: ['accounts', 'admin'], registeredAt: '2026-03-01T09:00:00Z' },
    });
    expect(await vault.keys()).toHaveLength(2);
  });

  it('of a newer version is refused by name', async () => {
    await (await open()).close();
    const db = new Database(file);
    db.exec('UPDATE vault_schema SET version = 99');
    db.close();
    await expect(open()).rejects.toMatchObject({ message: expect.stringContaining('schema version 99') });
  });

  it('whose lock another process keeps is told as such', async () => {
    const vault = await open({ lockTries: 3 });
    const db = new Database(file);
    db.exec('BEGIN IMMEDIATE');
    await expect(vault.addKeys([key])).rejects.toMatchObject({ remedy: expect.stringContaining('Another process') });
    db.close();
    await vault.addKeys([key]);
  });

  it('that is removed while it is open takes nothing any more, and goes on telling what it holds', async () => {
    const vault = await open();
    await vault.makeStreamKeys(['ticket-1']);
    expect(vault.lost()).toBeNull();
    for (const end of ['', '-wal', '-shm']) rmSync(`${file}${end}`);
    expect(vault.lost()).toMatchObject({ remedy: expect.stringContaining('put the vault back') });
    await expect(vault.makeStreamKeys(['ticket-2'])).rejects.toThrow(VaultUnavailable);
    await expect(vault.addKeys([key])).rejects.toThrow(/was removed/);
    expect((await vault.streamKeys(['ticket-1'])).size).toBe(1);
    expect(await vault.keyWith(key.hash)).toMatchObject({ personId: 'ana' });
    await expect(vault.takeAsItIs()).rejects.toThrow(/was removed/);
  });
});
