import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeEventStoreContract, type OpenStore } from '../contract-suite/index.js';
import { SqliteEventStore } from './sqlite-event-store.js';

const open: OpenStore = async (names) => {
  const folder = mkdtempSync(join(tmpdir(), 'billtrail-store-'));
  const file = join(folder, 'log.db');
  let store = SqliteEventStore.open({ file, names });
  return {
    get store() {
      return store;
    },
    reopen: async (newNames = names) => {
      await store.close();
      store = SqliteEventStore.open({ file, names: newNames });
      return store;
    },
    dispose: async () => {
      await store.close();
      rmSync(folder, { recursive: true });
    },
  };
};

describeEventStoreContract('SQLite', open);
