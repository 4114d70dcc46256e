import type { Kysely, Transaction } from 'kysely';
import { compareTexts, ROLES, type Instant } from '@billtrail/kernel';
import { keyIdOf } from './key-id.js';
import type { ApiKey, KeyOfPerson, NewApiKey, Person } from './port.js';
import { rowsInStatements } from './statements.js';
import { addUnnamed, type Tables } from './tables.js';

type KeyRow = Tables['api_keys'] & { readonly revoked_at: Instant | null };
type PersonRow = Omit<Tables['persons'], 'version'> & { readonly version: number | string };

const KEY_COLUMNS = [
  'api_keys.id',
  'hash',
  'person_id',
  'role',
  'scope',
  'read_only',
  'rate_per_minute',
  'is_first',
  'created_at',
  'expires_at',
  'last_used_at',
  'revoked_at',
] as const;

/** All keys, the oldest first. */
export async function keysOf(db: Kysely<Tables>): Promise<readonly ApiKey[]> {
  const rows = await db
    .selectFrom('api_keys')
    .leftJoin('key_revocations', 'key_id', 'api_keys.id')
    .select(KEY_COLUMNS)
    .orderBy('created_at')
    .orderBy('api_keys.id')
    .execute();
  return rows.map(keyOf);
}

/** The state of the vault as it is now, and the key with this hash beside it: one question. */
export async function stateAndKey(
  db: Kysely<Tables>,
  hash: string,
): Promise<{ readonly changes: number; readonly marks: string; readonly key: KeyOfPerson | null }> {
  const row = await db
    .selectFrom('vault_state')
    .leftJoin('api_keys', (join) => join.on((of) => of('hash', '=', hash)))
    .leftJoin('key_revocations', 'key_id', 'api_keys.id')
    .leftJoin('persons', 'persons.id', 'person_id')
    .select(['changes', 'marks', ...KEY_COLUMNS])
    .select(['name', 'email', 'roles', 'client_id', 'registered_at', 'version'])
    .executeTakeFirstOrThrow();
  const state = { changes: Number(row.changes), marks: row.marks };
  if (row.id === null) return { ...state, key: null };
  const key = row as KeyRow & PersonRow;
  return { ...state, key: { ...keyOf(key), person: personOf({ ...key, id: key.person_id }) } };
}

export async function insertKeys(db: Transaction<Tables>, keys: readonly NewApiKey[]): Promise<void> {
  await addUnnamed(db, keys);
  for (const some of rowsInStatements(keys.map(rowOf)))
    await db
      .insertInto('api_keys')
      .values(some)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
}

/** Of another copy of the vault: those that it lacks, and none that was revoked in either. How many were taken. */
export async function takeApiKeys(
  db: Transaction<Tables>,
  { apiKeys, persons }: { readonly apiKeys: readonly ApiKey[]; readonly persons: readonly Person[] },
): Promise<number> {
  const there = new Set((await personsIn(db)).map(({ id }) => id));
  for (const person of persons) if (!there.has(person.id)) await savePerson(db, person);
  const revoked = await db.selectFrom('key_revocations').select('key_id').execute();
  const held = await db.selectFrom('api_keys').select('id').execute();
  const stayOut = new Set([...revoked.map(({ key_id }) => key_id), ...held.map(({ id }) => id)]);
  const taken = apiKeys.filter(({ id, revokedAt }) => revokedAt === null && !stayOut.has(id));
  for (const some of rowsInStatements(taken.map(rowOf))) await db.insertInto('api_keys').values(some).execute();
  return taken.length;
}

export async function savePerson(db: Transaction<Tables>, person: Person): Promise<void> {
  const { id, name, email, roles, clientId, registeredAt, version } = person;
  const stated = { name, email, roles: roles.join(' '), client_id: clientId, registered_at: registeredAt, version };
  await db
    .insertInto('persons')
    .values({ id, ...stated })
    .onConflict((conflict) => conflict.column('id').doUpdateSet(stated).where('persons.version', '<', version))
    .execute();
}

export async function personsIn(db: Kysely<Tables>, id?: string): Promise<readonly Person[]> {
  const all = db.selectFrom('persons').selectAll();
  const rows = await (id === undefined ? all : all.where('id', '=', id)).execute();
  // Databases have orders of their own.
  return rows.map(personOf).sort((one, other) => compareTexts(one.id, other.id));
}

function rowOf(key: NewApiKey) {
  const { hash, personId, role, createdAt, scope = [], readOnly = false, isFirst = false } = key;
  return {
    id: keyIdOf(hash),
    hash,
    person_id: personId,
    role,
    created_at: createdAt,
    scope: scope.join(' '),
    read_only: Number(readOnly),
    rate_per_minute: key.ratePerMinute ?? null,
    is_first: Number(isFirst),
    expires_at: key.expiresAt ?? null,
  };
}

function keyOf(row: KeyRow): ApiKey {
  return {
    id: row.id,
    hash: row.hash,
    personId: row.person_id,
    role: row.role,
    scope: row.scope === '' ? [] : row.scope.split(' '),
    readOnly: row.read_only === 1,
    ratePerMinute: row.rate_per_minute,
    isFirst: row.is_first === 1,
    createdAt: row.created_at,
    expiresAt: row.expires_at,
    lastUsedAt: row.last_used_at,
    revokedAt: row.revoked_at,
  };
}

function personOf({ id, name, email, roles, client_id, registered_at, version }: PersonRow): Person {
  const held = new Set(roles.split(' '));
  return {
    id,
    name,
    email,
    roles: ROLES.filter((role) => held.has(role)),
    clientId: client_id,
    registeredAt: registered_at,
    version: Number(version),
  };
}
