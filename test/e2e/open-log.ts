import { join } from 'node:path';
import { storedNames } from '@billtrail/application';
import { SqliteEventStore, type StoredNames } from '@billtrail/event-store';
import { openSqliteVault, VaultStreamKeys } from '@billtrail/vault';

/** The log of a data folder, opened as another process does: with the keys of its vault. `now` is the clock. */
export async function openLog(
  dataDir: string,
  now: string,
  names: StoredNames = storedNames,
): Promise<{ readonly store: SqliteEventStore; close(): Promise<void> }> {
  const vault = await openSqliteVault({ file: join(dataDir, 'vault.db') });
  const file = join(dataDir, 'events.db');
  const store = SqliteEventStore.open({ file, names, keys: new VaultStreamKeys(vault), clock: () => now });
  return {
    store,
    close: async () => {
      await store.close();
      await vault.close();
    },
  };
}
