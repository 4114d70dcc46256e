import { randomBytes } from 'node:crypto';
import { sql, type ColumnType, type Transaction } from 'kysely';
import { newMark } from './vault-state.js';
import type { Instant, Role } from '@billtrail/kernel';
import type { WhyShut } from './home.js';
import type { SecretName } from './port.js';
import { VaultUnavailable } from './vault-unavailable.js';

/** The tables of the vault, the same in each database. */
export interface Tables {
  readonly vault_schema: { readonly version: number };
  readonly api_keys: {
    readonly id: string;
    readonly hash: string;
    readonly person_id: string;
    readonly role: Role;
    readonly created_at: Instant;
    /** Names with blanks between; empty: everything. */
    readonly scope: string;
    /** 1 or 0. */
    readonly read_only: number;
    readonly rate_per_minute: number | null;
    readonly is_first: number;
    readonly expires_at: Instant | null;
    readonly last_used_at: Instant | null;
  };
  readonly persons: {
    readonly id: string;
    readonly name: string | null;
    readonly email: string | null;
    /** With blanks between. */
    readonly roles: string;
    readonly client_id: string | null;
    readonly registered_at: Instant;
    /** Of their stream: the last one that stated something of them, and the last one of each that may be stated alone. */
    readonly version: Whole;
    readonly name_version: Whole;
    readonly email_version: Whole;
    readonly roles_version: Whole;
  };
  /** Of keys that are here, and of keys that are not: they may come from an older file. */
  readonly key_revocations: { readonly key_id: string; readonly revoked_at: Instant };
  /** The key as base64. `after_loss`: the position at which the loss of the one before was told; 0: it is the first. */
  readonly stream_keys: { readonly stream: string; readonly after_loss: Whole; readonly key: string };
  /** Streams of which keys are gone for good: what none opens up to a position is lost. */
  readonly stream_key_losses: { readonly stream: string; readonly lost_up_to: Whole };
  /** One row: how often the vault was written to, and the marks of the last times, the newest first. */
  readonly vault_state: { readonly id: number; readonly changes: Whole; readonly marks: string };
  /** Requests of a key that has a rate, since its present minute began (`begun`, milliseconds). */
  readonly key_requests: { readonly key_id: string; readonly begun: Whole; readonly count: number };
  /** As base64. */
  readonly secrets: { readonly name: SecretName; readonly secret: string };
  /** One row. `place`: the hash of the home, NULL: none; `adopter`: of a place that is adopting it, which is the home once the log says so. */
  readonly log_home: {
    readonly id: number;
    readonly vault_id: string;
    readonly place: string | null;
    readonly place_told: string | null;
    readonly adopter: string | null;
    readonly adopter_told: string | null;
    readonly log_id: string | null;
    readonly shut_id: string | null;
    readonly shut_why: WhyShut | null;
    /** 1 or 0. */
    readonly asks_for_numbers: number;
  };
  /** The last number that is known of a series, and the position of its event, as its text. */
  readonly last_numbers: { readonly series: string; readonly number: Whole; readonly position: string };
  /** One row, or none. The position is its text. */
  readonly log_checkpoint: { readonly id: number; readonly position: string };
}

/** PostgreSQL gives a whole number that may be large as a text. */
type Whole = ColumnType<number | string, number, number>;

/** Of a vault that begins. */
function newVaultId(): string {
  return randomBytes(16).toString('hex');
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
  async (db) => {
    const { schema } = db;
    await schema.alterTable('api_keys').renameColumn('actor_id', 'person_id').execute();
    const add = (name: string, type: 'text' | 'integer', preset?: string | number) =>
      schema
        .alterTable('api_keys')
        .addColumn(name, type, (column) => (preset === undefined ? column : column.notNull().defaultTo(preset)))
        .execute();
    await add('scope', 'text', '');
    await add('read_only', 'integer', 0);
    await add('rate_per_minute', 'integer');
    await add('is_first', 'integer', 0);
    await add('expires_at', 'text');
    await add('last_used_at', 'text');
    await schema
      .createTable('persons')
      .addColumn('id', 'text', (column) => column.primaryKey().notNull())
      .addColumn('name', 'text')
      .addColumn('email', 'text')
      .addColumn('roles', 'text', (column) => column.notNull())
      .addColumn('client_id', 'text')
      .addColumn('registered_at', 'text', (column) => column.notNull())
      .addColumn('version', 'bigint', (column) => column.notNull())
      .execute();
    // Whose keys there were before is a person who is to be named.
    await sql`INSERT INTO persons (id, roles, registered_at, version)
      SELECT person_id, MIN(role), MIN(created_at), 0 FROM api_keys GROUP BY person_id`.execute(db);
    const further = sql<{ person_id: string; role: string }>`SELECT DISTINCT person_id, role FROM api_keys
      JOIN persons ON persons.id = person_id WHERE role <> persons.roles`;
    for (const { person_id, role } of (await further.execute(db)).rows)
      await sql`UPDATE persons SET roles = roles || ${` ${role}`} WHERE id = ${person_id}`.execute(db);
  },
  async (db) => {
    for (const name of ['name_version', 'email_version', 'roles_version'])
      await db.schema
        .alterTable('persons')
        .addColumn(name, 'bigint', (column) => column.notNull().defaultTo(0))
        .execute();
    await sql`UPDATE persons SET name_version = version, email_version = version, roles_version = version`.execute(db);
  },
  async ({ schema }) => {
    await schema
      .createTable('key_requests')
      .addColumn('key_id', 'text', (column) => column.primaryKey().notNull())
      .addColumn('begun', 'bigint', (column) => column.notNull())
      .addColumn('count', 'integer', (column) => column.notNull())
      .execute();
  },
  async (db) => {
    let home = db.schema
      .createTable('log_home')
      .addColumn('id', 'integer', (column) => column.primaryKey().notNull())
      .addColumn('vault_id', 'text', (column) => column.notNull());
    for (const name of ['place', 'place_told', 'adopter', 'adopter_told', 'log_id', 'shut_id', 'shut_why'] as const)
      home = home.addColumn(name, 'text');
    await home.addColumn('asks_for_numbers', 'integer', (column) => column.notNull()).execute();
    await db.insertInto('log_home').values({ id: 1, vault_id: newVaultId(), asks_for_numbers: 0 }).execute();
    await db.schema
      .createTable('last_numbers')
      .addColumn('series', 'text', (column) => column.primaryKey().notNull())
      .addColumn('number', 'bigint', (column) => column.notNull())
      .addColumn('position', 'text', (column) => column.notNull())
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
