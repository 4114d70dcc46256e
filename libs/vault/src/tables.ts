import { sql, type ColumnType, type Transaction } from 'kysely';
import { newMark } from './vault-state.js';
import { rowsInStatements } from './statements.js';
import type { Instant, Role } from '@billtrail/kernel';
import type { NewApiKey, SecretName } from './port.js';
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
    readonly version: Whole;
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
    const keys = await db.selectFrom('api_keys').select(['person_id', 'role', 'created_at']).execute();
    await addUnnamed(
      db,
      keys.map(({ person_id, role, created_at }) => ({ personId: person_id, role, createdAt: created_at })),
    );
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

/** Makes persons of whom nothing is known but their keys, and lets those that are there have the roles of theirs. */
export async function addUnnamed(
  db: Transaction<Tables>,
  keys: readonly Pick<NewApiKey, 'personId' | 'role' | 'createdAt'>[],
): Promise<void> {
  const found = new Map<string, { roles: Set<string>; since: Instant }>();
  for (const { personId, role, createdAt } of keys) {
    const one = found.get(personId) ?? { roles: new Set(), since: createdAt };
    found.set(personId, { roles: one.roles.add(role), since: createdAt < one.since ? createdAt : one.since });
  }
  for (const some of rowsInStatements([...found.keys()])) {
    const held = await db.selectFrom('persons').select(['id', 'roles']).where('id', 'in', some).execute();
    const rolesOf = new Map(held.map(({ id, roles }) => [id, roles]));
    for (const id of some) {
      const { roles, since } = found.get(id)!;
      const before = rolesOf.get(id);
      const all = [...new Set([...(before?.split(' ') ?? []), ...roles])].filter((role) => role !== '').join(' ');
      if (before === undefined)
        await db
          .insertInto('persons')
          .values({ id, name: null, email: null, roles: all, client_id: null, registered_at: since, version: 0 })
          .execute();
      else if (before !== all) await db.updateTable('persons').set({ roles: all }).where('id', '=', id).execute();
    }
  }
}
