import { join } from 'node:path';
import { openPostgresVault, openSqliteVault, type Vault } from '@billtrail/vault';
import { makeDataFolder } from '../data-folder.js';
import { removeMergedCopies } from './merge-vault.js';
import { takeOverKeys } from './take-over-keys.js';

export interface VaultOptions {
  /** Folder of the embedded store. `:memory:` for a test. */
  readonly dataDir: string;
  /** PostgreSQL database of the vault, a secret; without it the vault is `vault.db` in the data folder. */
  readonly vaultUrl?: string;
  /** Look through the file whole before it is used. */
  readonly checkFiles?: boolean;
}

export interface OpenedVault {
  readonly vault: Vault;
  /** What whoever starts it should know: that keys of an earlier version were taken over. */
  readonly notices: readonly string[];
}

/** Where the environment says that the vault is. */
export function vaultSetting(
  environment: Readonly<Record<string, string | undefined>>,
): Pick<VaultOptions, 'vaultUrl'> {
  const url = environment['BILLTRAIL_VAULT_URL'] ?? '';
  return url === '' ? {} : { vaultUrl: url };
}

/** Opens the vault of a data folder, and takes over what an earlier version kept beside it. @throws VaultUnavailable, StoreUnavailable */
export async function openVault({ dataDir, vaultUrl, checkFiles = false }: VaultOptions): Promise<OpenedVault> {
  if (dataDir === ':memory:') return { vault: await openSqliteVault({ file: dataDir }), notices: [] };
  makeDataFolder(dataDir);
  removeMergedCopies(dataDir);
  const vault =
    vaultUrl === undefined
      ? await openSqliteVault({ file: join(dataDir, 'vault.db'), check: checkFiles })
      : await openPostgresVault(vaultUrl);
  try {
    return { vault, notices: await takeOverKeys(join(dataDir, 'access.json'), vault) };
  } catch (error) {
    await vault.close();
    throw error;
  }
}
