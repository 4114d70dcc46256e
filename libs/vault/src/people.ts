import type { Kysely, Transaction } from 'kysely';
import { compareTexts, ROLES, type Instant, type Role } from '@billtrail/kernel';
import { keyIdOf } from './key-id.js';
import type { ApiKey, KeyOfPerson, KeyRevocation, NewApiKey, Person, SignInEnding, StatedOfPerson } from './port.js';
import { rowsInStatements } from './statements.js';
import type { Tables } from './tables.js';

type KeyRow = Tables['api_keys'] & { readonly revoked_at: Instant | null };
type PersonRow = Omit<Tables['persons'], `${string}version`> & { readonly version: number | string };

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

/** Whether it was added: where another key, that is no first one or has not ended, is there, it is not. */
export async function insertFirstKey(db: Transaction<Tables>, key: NewApiKey): Promise<boolean> {
  const hasEnded = ({ isFirst, expiresAt, revokedAt }: ApiKey): boolean =>
    isFirst && (revokedAt !== null || (expiresAt !== null && Date.parse(expiresAt) <= Date.parse(key.createdAt)));
  if (!(await keysOf(db)).every(hasEnded)) return false;
  await insertKeys(db, [key]);
  return true;
}

/** Whether the replaced key was there until now: of two that take the place of one, the first does. */
export async function insertKeyInPlaceOf(
  db: Transaction<Tables>,
  { keyId, revokedAt }: KeyRevocation,
  key: NewApiKey,
): Promise<boolean> {
  const revoked = await db.selectFrom('key_revocations').select('key_id').where('key_id', '=', keyId).execute();
  if (revoked.length > 0) return false;
  await db.insertInto('key_revocations').values({ key_id: keyId, revoked_at: revokedAt }).execute();
  await insertKeys(db, [key]);
  return true;
}

/** Ends sign-ins, unless that ends the last one of a kind: such a key, and then nothing has changed. null: it is done. */
export async function endUnlessLast(
  db: Transaction<Tables>,
  ending: SignInEnding,
  isOfKind: (key: ApiKey) => boolean,
): Promise<ApiKey | null> {
  const persons = new Map((await personsIn(db)).map((person) => [person.id, person]));
  const signsIn = (await keysOf(db)).filter(
    (key) => key.revokedAt === null && persons.get(key.personId)?.roles.includes(key.role) && isOfKind(key),
  );
  const isLost = ({ id, personId, role }: ApiKey): boolean =>
    'keyId' in ending ? id === ending.keyId : personId === ending.personId && !ending.keeps.includes(role);
  const [last] = signsIn;
  if (last !== undefined && signsIn.every(isLost)) return last;
  if ('keyId' in ending) {
    const { keyId, revokedAt } = ending;
    await db
      .insertInto('key_revocations')
      .values({ key_id: keyId, revoked_at: revokedAt })
      .onConflict((conflict) => conflict.doNothing())
      .execute();
    return null;
  }
  const { personId, keeps } = ending;
  const held = persons.get(personId)?.roles ?? [];
  const kept = held.filter((role) => keeps.includes(role)).join(' ');
  await db.updateTable('persons').set({ roles: kept }).where('id', '=', personId).execute();
  return null;
}

/**
 * Makes persons of whom nothing is known but their keys, and lets them have the roles of all of these. Whoever something is recorded of has the roles that were
 * stated: a key that is late brings none back.
 */
async function addUnnamed(db: Transaction<Tables>, keys: readonly NewApiKey[]): Promise<void> {
  const found = new Map<string, { roles: Set<string>; since: Instant }>();
  for (const { personId, role, createdAt } of keys) {
    const one = found.get(personId) ?? { roles: new Set(), since: createdAt };
    found.set(personId, { roles: one.roles.add(role), since: createdAt < one.since ? createdAt : one.since });
  }
  for (const some of rowsInStatements([...found.keys()])) {
    const held = await db.selectFrom('persons').select(['id', 'roles', 'version']).where('id', 'in', some).execute();
    const heldBy = new Map(held.map((person) => [person.id, person]));
    for (const id of some) {
      const { roles, since } = found.get(id)!;
      const before = heldBy.get(id);
      if (before !== undefined && Number(before.version) > 0) continue;
      const all = [...new Set([...(before?.roles.split(' ') ?? []), ...roles])].filter((role) => role !== '').join(' ');
      if (before !== undefined) await db.updateTable('persons').set({ roles: all }).where('id', '=', id).execute();
      else
        await db
          .insertInto('persons')
          .values(rowOfPerson(unnamed(id, all, since)))
          .execute();
    }
  }
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
  const { id: _, ...stated } = rowOfPerson(person);
  await db
    .insertInto('persons')
    .values(rowOfPerson(person))
    .onConflict((conflict) => conflict.column('id').doUpdateSet(stated).where('persons.version', '<', person.version))
    .execute();
}

/** Each column that is stated, unless a later version has stated it. */
export async function changePerson(
  db: Transaction<Tables>,
  id: string,
  version: number,
  { name, email, roles }: StatedOfPerson,
): Promise<Person | null> {
  const isOlder = (column: 'name_version' | 'email_version' | 'roles_version' | 'version') =>
    db.updateTable('persons').where('id', '=', id).where(column, '<', version);
  if (name !== undefined) await isOlder('name_version').set({ name, name_version: version }).execute();
  if (email !== undefined) await isOlder('email_version').set({ email, email_version: version }).execute();
  if (roles !== undefined)
    await isOlder('roles_version')
      .set({ roles: roles.join(' '), roles_version: version })
      .execute();
  await isOlder('version').set({ version }).execute();
  return (await personsIn(db, id))[0] ?? null;
}

function unnamed(id: string, roles: string, registeredAt: Instant) {
  return { id, name: null, email: null, roles: roles.split(' ') as Role[], clientId: null, registeredAt, version: 0 };
}

function rowOfPerson({ id, name, email, roles, clientId, registeredAt, version }: Person) {
  return {
    id,
    name,
    email,
    roles: roles.join(' '),
    client_id: clientId,
    registered_at: registeredAt,
    version,
    name_version: version,
    email_version: version,
    roles_version: version,
  };
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

/** Parts of the API that were renamed since keys were limited to them. */
const NOW_CALLED: Readonly<Record<string, string>> = { 'forgoing-requests': 'approvals' };

function keyOf(row: KeyRow): ApiKey {
  return {
    id: row.id,
    hash: row.hash,
    personId: row.person_id,
    role: row.role,
    scope: row.scope === '' ? [] : [...new Set(row.scope.split(' ').map((part) => NOW_CALLED[part] ?? part))],
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
