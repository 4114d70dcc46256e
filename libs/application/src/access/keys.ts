import { createHash, randomBytes } from 'node:crypto';
import { refuse, type Instant, type Refusal, type Role } from '@billtrail/kernel';
import { keyIdOf, type NewApiKey, type Vault } from '@billtrail/vault';

const PREFIX = 'bt_';
const RANDOM_BYTES = 32;
/** Whose the first key is: who is named first is this person. */
export const FIRST_PERSON = 'owner';
const FIRST_KEY_HOURS = 24;
export const HOURS_OF_A_DAY = 24;
const MILLISECONDS_OF_AN_HOUR = 3_600_000;

export interface MadeKey {
  /** Names it from now on. */
  readonly keyId: string;
  /** The key itself. It can't be shown again. */
  readonly key: string;
}

/** A key of 256 random bits, and the hash that is kept of it. */
export function newKey(): MadeKey & { readonly hash: string } {
  const key = PREFIX + randomBytes(RANDOM_BYTES).toString('base64url');
  const hash = hashOf(key);
  return { key, keyId: keyIdOf(hash), hash };
}

export function looksLikeAKey(text: string): boolean {
  return text.startsWith(PREFIX);
}

export function hashOf(key: string): string {
  return createHash('sha256').update(key).digest('base64url');
}

/** Puts a key into the vault, of a person who need not be known yet. What the log is to tell of it, its caller records. @throws VaultUnavailable */
export async function makeKey(
  vault: Vault,
  personId: string,
  role: Role,
  at: Instant,
  more: Omit<NewApiKey, 'hash' | 'personId' | 'role' | 'createdAt'> = {},
): Promise<MadeKey> {
  const { key, keyId, hash } = newKey();
  await vault.addKeys([{ personId, role, hash, createdAt: at, ...more }]);
  return { key, keyId };
}

/** A first key, or what may be said of the one that there is; null: there are persons with keys. */
export type FirstKey = { readonly key: string; readonly expiresAt: Instant } | 'made before' | null;

/** Makes the first key of a new installation: where nobody has a key, or only first ones that have expired unused. @throws VaultUnavailable */
export async function makeFirstKey(vault: Vault, at: Instant): Promise<FirstKey> {
  const keys = await vault.keys();
  if (keys.some(({ isFirst }) => !isFirst)) return null;
  if (keys.some(({ expiresAt, revokedAt }) => revokedAt === null && !hasCome(expiresAt, at))) return 'made before';
  const expiresAt = hoursLater(at, FIRST_KEY_HOURS);
  const { key, hash } = newKey();
  const first = { personId: FIRST_PERSON, role: 'admin', hash, createdAt: at, isFirst: true, expiresAt } as const;
  // Of nodes that start at the same moment one makes it, and the others are told of that.
  return (await vault.addFirstKey(first)) ? { key, expiresAt } : makeFirstKey(vault, at);
}

/** null never comes. */
export function hasCome(moment: Instant | null, at: Instant): boolean {
  return moment !== null && Date.parse(moment) <= Date.parse(at);
}

export function hoursLater(at: Instant, hours: number): Instant {
  return new Date(Date.parse(at) + hours * MILLISECONDS_OF_AN_HOUR).toISOString();
}

export function hoursBetween(from: Instant, to: Instant): number {
  return (Date.parse(to) - Date.parse(from)) / MILLISECONDS_OF_AN_HOUR;
}

export function keyUnknown(keyId: string): Refusal {
  return refuse(
    'KeyUnknown',
    `No key with id ${keyId}.`,
    'See the keys and their ids: GET /v1/keys, or billtrail key list',
    { keyId },
  );
}
