import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { openSqliteVault } from '@billtrail/vault';
import { Billtrail } from '../billtrail.js';

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
      expect(await billtrail.mergeVault(one)).toMatchObject({
        code: 'VaultWithoutCheckpoint',
        message: expect.stringContaining('has no checkpoint'),
      });
    await billtrail.close();
    expect(copies()).toEqual([]);
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
