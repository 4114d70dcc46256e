import { assertConnectionString } from '@billtrail/event-store';
import { assertVaultUrl, VaultUnavailable } from '@billtrail/vault';

export interface StoresSetting {
  /** Connection string of an EventStoreDB that holds the log, a secret; without it the log is `events.db` in the data folder. */
  readonly storeUrl?: string;
  /** PostgreSQL database of the vault, a secret; without it the vault is `vault.db` in the data folder. */
  readonly vaultUrl?: string;
  /** The name of the home of the log, in the place of machine and path, where these come and go. */
  readonly homeName?: string;
}

/** What BILLTRAIL_VAULT_URL says where the vault stays in the data folder of a single node beside an EventStoreDB. */
const IN_THE_FOLDER = 'folder';

/**
 * Where the environment says that the log and the vault are. Nothing else than a connection string is taken for the log: a path would be the file of another one, and the read models
 * would be filled from that. Beside an EventStoreDB it must be said where the vault is: a second node with a vault of its own would seal under keys that nobody else holds.
 * @throws StoreUnavailable where it says nothing to connect to; VaultUnavailable where it says nothing of the vault of nodes
 */
export function storesSetting(environment: Readonly<Record<string, string | undefined>>): StoresSetting {
  const { BILLTRAIL_STORE: storeUrl = '', BILLTRAIL_VAULT_URL: vaultUrl = '' } = environment;
  const homeName = environment['BILLTRAIL_HOME']?.trim() ?? '';
  const home = homeName === '' ? {} : { homeName };
  const vault = vaultUrl === '' || vaultUrl === IN_THE_FOLDER ? {} : { vaultUrl };
  if (vault.vaultUrl !== undefined) assertVaultUrl(vault.vaultUrl);
  if (storeUrl === '') return { ...vault, ...home };
  assertConnectionString(storeUrl);
  if (vaultUrl === '') throw new VaultNotShared();
  return { ...vault, ...home, storeUrl };
}

/** The log is on an EventStoreDB, which any number of nodes can use, and each would have a vault of its own. */
class VaultNotShared extends VaultUnavailable {
  override readonly name = 'VaultNotShared';
  constructor() {
    super(
      'the log is on an EventStoreDB (BILLTRAIL_STORE), and BILLTRAIL_VAULT_URL does not say where its nodes have their vault',
      `Set it to postgresql://USER:PASSWORD@HOST:PORT/DATABASE, the same on each node; to the word ${IN_THE_FOLDER} only where this is the single node, and stays it`,
    );
  }
}
