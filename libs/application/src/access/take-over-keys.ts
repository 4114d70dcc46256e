import { existsSync, readFileSync, renameSync } from 'node:fs';
import { ROLES, type Role } from '@billtrail/kernel';
import { VaultUnavailable, type NewApiKey, type Vault } from '@billtrail/vault';

/**
 * Takes the keys that an earlier version kept in a file into the vault, all in one transaction, and renames the file to `.moved`. Gives what to tell
 * of it; nothing where there is no file. Interrupted between the two, the next start does both again.
 * @throws VaultUnavailable where the file holds no keys
 */
export async function takeOverKeys(file: string, vault: Vault): Promise<readonly string[]> {
  if (!existsSync(file)) return [];
  const keys = keysIn(file);
  await vault.addKeys(keys);
  renameSync(file, `${file}.moved`);
  return [`The vault has taken over the ${keys.length} keys of ${file}, which is ${file}.moved now`];
}

function keysIn(file: string): readonly NewApiKey[] {
  try {
    const { keys } = JSON.parse(readFileSync(file, 'utf8')) as { readonly keys: readonly NewApiKey[] };
    if (keys.every(isKey)) return keys;
  } catch {
    // Told below, with a remedy.
  }
  throw new VaultUnavailable(
    `${file} does not contain API keys`,
    'Restore it, or delete it and make new keys: billtrail key new --role admin',
  );
}

function isKey({ hash, actorId, role, createdAt }: Partial<NewApiKey>): boolean {
  return [hash, actorId, createdAt].every((text) => typeof text === 'string') && ROLES.includes(role as Role);
}
