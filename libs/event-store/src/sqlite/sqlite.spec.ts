import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeEventStoreContract, type OpenStore } from '../contract-suite/index.js';
import { RandomlyStepping, RandomSteps } from '../contract-suite/random-steps.js';
import { KeysInMemory } from '../contract-suite/keys-in-memory.js';
import type { EventStore } from '../port.js';
import type { StreamKeys } from '../sealing.js';
import { SqliteEventStore } from './sqlite-event-store.js';

/** A log of its own for each, in a file; `asTold` is how its store is seen. */
const opening =
  (asTold: () => (store: EventStore) => EventStore, keysOf: () => StreamKeys | null = () => null): OpenStore =>
  async (names) => {
    const keys = keysOf();
    const folder = mkdtempSync(join(tmpdir(), 'billtrail-store-'));
    const file = join(folder, 'log.db');
    const told = asTold();
    const openStore = (of = names): EventStore =>
      told(SqliteEventStore.open({ file, names: of, ...(keys && { keys }) }));
    let store = openStore();
    return {
      get store() {
        return store;
      },
      seals: keys !== null,
      reopen: async (newNames = names) => {
        await store.close();
        store = openStore(newNames);
        return store;
      },
      dispose: async () => {
        await store.close();
        rmSync(folder, { recursive: true });
      },
    };
  };

describeEventStoreContract(
  'SQLite',
  opening(() => (store) => store),
);
describeEventStoreContract(
  'SQLite, its positions in random steps',
  opening(() => {
    const steps = new RandomSteps();
    return (store) => new RandomlyStepping(store, steps);
  }),
);
describeEventStoreContract(
  'SQLite, personal fields sealed',
  opening(
    () => (store) => store,
    () => new KeysInMemory(),
  ),
);
