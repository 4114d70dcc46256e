import { join } from 'node:path';
import { openPostgresVault, openSqliteVault, type Vault } from '@billtrail/vault';
import type { StoresSetting } from '../stores-setting.js';
import { makeDataFolder } from '../data-folder.js';
import { removeMergedCopies } from './merge-vault.js';
import { takeOverKeys } from './take-over-keys.js';

export interface VaultOptions extends Pick<StoresSetting, 'vaultUrl'> {
  /** Folder of the embedded store. `:memory:` for a test. */
  readonly dataDir: string;
  /** Look through the file whole before it is used. */
  readonly checkFiles?: boolean;
}

export interface OpenedVault {
  readonly vault: Vault;
  /** What whoever starts it should know: that keys of an earlier version were taken over. */
  readonly notices: readonly string[];
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
