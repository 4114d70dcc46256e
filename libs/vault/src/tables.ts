import { sql, type ColumnType, type Transaction } from 'kysely';
import { newMark } from './vault-state.js';
import type { Instant, Role } from '@billtrail/kernel';
import type { SecretName } from './port.js';
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
  /** The key as base64. `after_loss`: the position at which the loss of the one before was told; 0: it is the first. */
  readonly stream_keys: { readonly stream: string; readonly after_loss: Whole; readonly key: string };
  /** Streams of which keys are gone for good: what none opens up to a position is lost. */
  readonly stream_key_losses: { readonly stream: string; readonly lost_up_to: Whole };
  /** One row: how often the vault was written to, and the marks of the last times, the newest first. */
  readonly vault_state: { readonly id: number; readonly changes: Whole; readonly marks: string };
  /** As base64. */
  readonly secrets: { readonly name: SecretName; readonly secret: string };
  /** One row, or none. The position is its text. */
  readonly log_checkpoint: { readonly id: number; readonly position: string };
}

/** PostgreSQL gives a whole number that may be large as a text. */
type Whole = ColumnType<number | string, number, number>;

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
  async (db) => {
    const { schema } = db;
    await schema.alterTable('stream_keys').renameTo('only_stream_keys').execute();
    await schema
      .createTable('stream_keys')
      .addColumn('stream', 'text', (column) => column.notNull())
      .addColumn('after_loss', 'bigint', (column) => column.notNull())
      .addColumn('key', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('one_stream_key_after_a_loss', ['stream', 'after_loss'])
      .execute();
    await sql`INSERT INTO stream_keys (stream, after_loss, key) SELECT stream, 0, key FROM only_stream_keys`.execute(
      db,
    );
    await schema.dropTable('only_stream_keys').execute();
    await schema
      .createTable('stream_key_losses')
      .addColumn('stream', 'text', (column) => column.primaryKey().notNull())
      .addColumn('lost_up_to', 'bigint', (column) => column.notNull())
      .execute();
  },
  async (db) => {
    await db.schema
      .createTable('vault_state')
      .addColumn('id', 'integer', (column) => column.primaryKey().notNull())
      .addColumn('changes', 'bigint', (column) => column.notNull())
      .addColumn('marks', 'text', (column) => column.notNull())
      .execute();
    await db.insertInto('vault_state').values({ id: 1, changes: 0, marks: newMark() }).execute();
  },
  async ({ schema }) => {
    await schema
      .createTable('secrets')
      .addColumn('name', 'text', (column) => column.primaryKey().notNull())
      .addColumn('secret', 'text', (column) => column.notNull())
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
