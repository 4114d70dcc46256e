import { sql, type Transaction } from 'kysely';
import type { Instant, Role } from '@billtrail/kernel';
import { VaultUnavailable } from './vault-unavailable.js';

/** The tables of the vault, the same in each database. */
export interface Tables {
  readonly vault_schema: { readonly version: number };
  readonly api_keys: {
    readonly id: string;
    readonly hash: string;
    readonly actor_id: string;
    readonly role: Role;
    readonly created_at: Instant;
  };
  /** Of keys that are here, and of keys that are not: they may come from an older file. */
  readonly key_revocations: { readonly key_id: string; readonly revoked_at: Instant };
  /** The key as base64. */
  readonly stream_keys: { readonly stream: string; readonly key: string };
  /** One row, or none. The position is its text. */
  readonly log_checkpoint: { readonly id: number; readonly position: string };
}

/** One entry for each version of the schema, in order. Never change one that was released. */
const MIGRATIONS: readonly ((db: Transaction<Tables>) => Promise<void>)[] = [
  async ({ schema }) => {
    await schema
      .createTable('api_keys')
      .addColumn('id', 'text', (column) => column.primaryKey().notNull())
      .addColumn('hash', 'text', (column) => column.notNull().unique())
      .addColumn('actor_id', 'text', (column) => column.notNull())
      .addColumn('role', 'text', (column) => column.notNull())
      .addColumn('created_at', 'text', (column) => column.notNull())
      .execute();
    await schema
      .createTable('key_revocations')
      .addColumn('key_id', 'text', (column) => column.primaryKey().notNull())
      .addColumn('revoked_at', 'text', (column) => column.notNull())
      .execute();
    await schema
      .createTable('log_checkpoint')
      .addColumn('id', 'integer', (column) => column.primaryKey().notNull())
      .addColumn('position', 'text', (column) => column.notNull())
      .execute();
  },
  async ({ schema }) => {
    await schema
      .createTable('stream_keys')
      .addColumn('stream', 'text', (column) => column.primaryKey().notNull())
      .addColumn('key', 'text', (column) => column.notNull())
      .execute();
  },
];

/** Makes the tables, or brings them to the present version. @throws VaultUnavailable where a newer version of Billtrail wrote them. */
export async function migrate(
  db: Transaction<Tables>,
  lock: (transaction: Transaction<Tables>) => Promise<void>,
): Promise<void> {
  await lock(db);
  await sql`CREATE TABLE IF NOT EXISTS vault_schema (version integer NOT NULL)`.execute(db);
  const row = await db.selectFrom('vault_schema').select('version').executeTakeFirst();
  const from = row?.version ?? 0;
  const version = MIGRATIONS.length;
  if (from > version)
    throw new VaultUnavailable(
      `the vault has schema version ${from}, this version of Billtrail knows up to ${version}`,
      'Run the version of Billtrail that wrote it, or a newer one',
    );
  for (const migration of MIGRATIONS.slice(from)) await migration(db);
  if (row === undefined) await db.insertInto('vault_schema').values({ version }).execute();
  else if (from < version) await db.updateTable('vault_schema').set({ version }).execute();
}
