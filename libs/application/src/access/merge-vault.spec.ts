import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { Actor } from '@billtrail/kernel';
import { openSqliteVault } from '@billtrail/vault';
import { Billtrail } from '../billtrail.js';

const ROOT: Actor = { id: 'os:root', role: 'admin' };

describe('a copy of the vault that is merged into it', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'merge-vault-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const copies = () => readdirSync(folder).filter((name) => name.startsWith('merging-'));
  const opened = () => Billtrail.open({ dataDir: folder });

  it('is refused where it never followed a log, and says that it has no checkpoint', async () => {
    const file = join(folder, 'other-vault.db');
    await (await openSqliteVault({ file })).close();
    const billtrail = await opened();
    for (const one of [file, join(folder, 'events.db')])
      expect(await billtrail.mergeVault(one, ROOT)).toMatchObject({
        code: 'VaultWithoutCheckpoint',
        message: expect.stringContaining('has no checkpoint'),
      });
    await billtrail.close();
    expect(copies()).toEqual([]);
  });

  it('has its API keys told that no event tells of: whoever merged them may act by them', async () => {
    const billtrail = await opened();
    const by = { actor: ROOT, key: null };
    await billtrail.persons.register({ personId: 'bea', name: 'Bea', roles: ['accounts'] }, by);
    const role = 'accounts' as const;
    await billtrail.persons.makeKey('bea', { role, readOnly: false, expiresInDays: 30 }, by);
    await billtrail.vault.follow({ revocations: [], losses: [], checkpoint: await billtrail.store.head() });
    copyFileSync(join(folder, 'vault.db'), join(folder, 'copy.db'));
    copyFileSync(join(folder, 'vault.db-wal'), join(folder, 'copy.db-wal'));
    const copy = await openSqliteVault({ file: join(folder, 'copy.db') });
    const forged = {
      hash: Buffer.alloc(32, 'f').toString('base64url'),
      personId: 'bea',
      role,
      createdAt: '2020-01-01T00:00:00Z',
    };
    await copy.addKeys([forged]);
    await copy.close();
    const keysTold = async () =>
      (await billtrail.store.readStream('person-bea')).events.filter(({ type }) => type === 'KeyMade');
    expect(await keysTold()).toHaveLength(1);
    for (let times = 0; times < 2; times++)
      expect(await billtrail.mergeVault(join(folder, 'copy.db'), { id: 'mallory', role: 'admin' })).toMatchObject({
        apiKeys: 1 - times,
      });
    const [, told] = await keysTold();
    expect(await keysTold()).toHaveLength(2);
    expect(told).toMatchObject({ actor: { id: 'mallory' }, data: { role, replaces: null } });
    const made = (await billtrail.persons.told('bea'))?.keyedBy.map(({ actorId }) => actorId);
    expect(made).toEqual(['mallory', 'os:root']);
    await billtrail.close();
  });

  it('is left by nobody who was killed meanwhile, and by whoever is at it', async () => {
    const { pid: ended } = spawnSync(process.execPath, ['--version']);
    const left = (pid: number) => `merging-${pid}-x`;
    for (const name of [...[ended, process.pid, process.ppid].map(left), 'merging-x']) {
      mkdirSync(join(folder, name));
      writeFileSync(join(folder, name, 'vault.db'), 'keys');
    }
    await (await opened()).close();
    expect(copies()).toEqual([left(process.ppid)]);
  });
});
