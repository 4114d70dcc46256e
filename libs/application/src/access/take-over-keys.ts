import { existsSync, readFileSync, renameSync } from 'node:fs';
import { isId, isInstant, ROLES, type Role } from '@billtrail/kernel';
import { VaultUnavailable, type NewApiKey, type Vault } from '@billtrail/vault';

/** SHA-256 as base64url. */
const HASH = /^[\w-]{43}$/;

/**
 * Takes the keys that an earlier version kept in a file into the vault, all in one transaction, and renames the file to `.moved`. Gives what to tell
 * of it; nothing where there is no file. Interrupted between the two, the next start does both again.
 * @throws VaultUnavailable where the file holds no keys, or one that can't be one
 */
export async function takeOverKeys(file: string, vault: Vault): Promise<readonly string[]> {
  if (!existsSync(file)) return [];
  const keys = keysIn(file);
  const held = new Set((await vault.keys()).map(({ hash }) => hash));
  const added = new Set(keys.map(({ hash }) => hash).filter((hash) => !held.has(hash))).size;
  await vault.addKeys(keys);
  renameSync(file, `${file}.moved`);
  return [
    `The vault has taken over ${added === 1 ? 'one key' : `${added} keys`} of ${file}, which is ${file}.moved now`,
  ];
}

function keysIn(file: string): readonly NewApiKey[] {
  const keys = entriesIn(file);
  if (keys === null) throw refused(file, 'does not contain API keys');
  for (const [index, key] of keys.entries()) {
    const wrong = wrongIn(key ?? {});
    if (wrong !== null) throw refused(file, `does not contain API keys alone: of entry ${index + 1}, ${wrong}`);
  }
  return (keys as readonly KeptKey[]).map(({ hash, actorId, role, createdAt }) => {
    return { hash, personId: actorId, role, createdAt };
  });
}

/** As an earlier version kept it. */
interface KeptKey extends Pick<NewApiKey, 'hash' | 'role' | 'createdAt'> {
  readonly actorId: string;
}

/** Null: it is no such file. */
function entriesIn(file: string): readonly unknown[] | null {
  try {
    const { keys } = JSON.parse(readFileSync(file, 'utf8')) as { readonly keys: unknown };
    return Array.isArray(keys) ? keys : null;
  } catch {
    return null;
  }
}

/** What of a key could not have been made by an earlier version; null: nothing. */
function wrongIn({ hash, actorId, role, createdAt }: Partial<Record<keyof KeptKey, unknown>>): string | null {
  if (typeof hash !== 'string' || !HASH.test(hash)) return 'the hash is no SHA-256 in base64url';
  if (typeof actorId !== 'string' || !isId(actorId)) return 'the actorId is no id';
  if (!ROLES.includes(role as Role)) return 'the role is none';
  if (typeof createdAt !== 'string' || !isInstant(createdAt)) return 'createdAt is no instant';
  return null;
}

function refused(file: string, what: string): VaultUnavailable {
  return new VaultUnavailable(
    `${file} ${what}`,
    'Restore it, or delete it and make a key anew: billtrail person add YOUR-NAME --role admin',
  );
}
