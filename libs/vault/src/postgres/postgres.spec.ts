import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import pg from 'pg';
import { SqliteEventStore, StoredNames } from '@billtrail/event-store';
import { describeVaultContract } from '../contract-suite/index.js';
import { startPostgres } from '../testing/local-postgres.js';
import { VaultStreamKeys } from '../vault-stream-keys.js';
import { VaultUnavailable } from '../vault-unavailable.js';
import { openPostgresVault } from './open-postgres-vault.js';

const TABLES = [
  'persons',
  'api_keys',
  'key_revocations',
  'stream_keys',
  'stream_key_losses',
  'log_checkpoint',
  'vault_state',
];

const postgres = await startPostgres();
if (typeof postgres === 'string') {
  const missing = `NOT RUN: the vault on PostgreSQL, for ${postgres}`;
  if (process.env['BILLTRAIL_WITHOUT_POSTGRES'] === '1') process.stderr.write(`${missing}\n`);
  else
    it('a vault on PostgreSQL', () => {
      throw new Error(`${missing}. Without it: BILLTRAIL_WITHOUT_POSTGRES=1 npm test`);
    });
} else {
  afterAll(() => postgres.stop());

  describeVaultContract('PostgreSQL', async () => {
    const url = await postgres.newDatabase();
    const vault = await openPostgresVault(url);
    const query = async (sql: string) => {
      const client = new pg.Client({ connectionString: url });
      await client.connect();
      await client.query(sql);
      await client.end();
    };
    return {
      vault,
      again: () => openPostgresVault(url),
      copied: async () => {
        await query(
          `CREATE SCHEMA copy; ${TABLES.map((name) => `CREATE TABLE copy.${name} AS TABLE ${name}`).join('; ')}`,
        );
        const back = TABLES.map((name) => `TRUNCATE ${name}; INSERT INTO ${name} SELECT * FROM copy.${name}`);
        return () => query(`BEGIN; ${back.join('; ')}; COMMIT`);
      },
      dispose: () => vault.close(),
    };
  });

  describe('a vault on PostgreSQL', () => {
    it('is made once by processes that open it at the same moment', async () => {
      const url = await postgres.newDatabase();
      const vaults = await Promise.all(Array.from({ length: 5 }, () => openPostgresVault(url)));
      expect(await Promise.all(vaults.map((vault) => vault.keys()))).toEqual([[], [], [], [], []]);
      await Promise.all(vaults.map((vault) => vault.close()));
    });

    it('holds the keys of a log that several processes seal and open', async () => {
      const url = await postgres.newDatabase();
      const folder = mkdtempSync(join(tmpdir(), 'billtrail-vault-'));
      const names = new StoredNames([{ type: 'Note', storedName: 'note', schemaVersion: 1, personalFields: ['text'] }]);
      const openedBy = async () => {
        const vault = await openPostgresVault(url);
        const file = join(folder, 'events.db');
        return { vault, log: SqliteEventStore.open({ file, names, keys: new VaultStreamKeys(vault) }) };
      };
      const processes = [await openedBy(), await openedBy()];
      await Promise.all(
        processes.map(({ log }, index) =>
          log.append({
            stream: 'ticket-1',
            expected: 'any',
            events: [{ type: 'Note', data: { text: `Ana asked ${index}` }, occurredAt: '2026-03-02T09:00:00Z' }],
            actor: { id: 'owner', role: 'admin' },
            commandId: `c-${index}`,
            correlationId: 'c',
            causationId: null,
            fingerprint: '1:c',
          }),
        ),
      );
      for (const { log } of processes) {
        const { events } = await log.readStream('ticket-1');
        expect(events.map(({ data }) => (data as { text: string }).text).sort()).toEqual([
          'Ana asked 0',
          'Ana asked 1',
        ]);
      }
      for (const { log, vault } of processes) {
        await log.close();
        await vault.close();
      }
      rmSync(folder, { recursive: true });
    });

    it('whose database is not there is refused by name', async () => {
      const url = (await postgres.newDatabase()).replace(/vault_\d+/, 'nowhere');
      await expect(openPostgresVault(url)).rejects.toThrow(/"nowhere" does not exist.*BILLTRAIL_VAULT_URL/);
    });
  });
}

describe('the URL of a vault on PostgreSQL', () => {
  it.each([
    ['of something else', 'mysql://ana:hunter2@localhost/vault', /none of a PostgreSQL database/],
    ['of a server that is not there', 'postgresql://ana:hunter2@127.0.0.1:1/vault', /can't be used: .*ECONNREFUSED/],
  ])('%s is refused by name, without the secret in it', async (_what, url, message) => {
    const refused: unknown = await openPostgresVault(url).catch((error: unknown) => error);
    expect(refused).toBeInstanceOf(VaultUnavailable);
    expect((refused as VaultUnavailable).message).toMatch(message);
    expect(`${(refused as VaultUnavailable).stack}`).not.toContain('hunter2');
  });
});
