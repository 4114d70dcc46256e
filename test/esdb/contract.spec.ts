import { randomUUID } from 'node:crypto';
import { EventStoreDbEventStore, type EventStore } from '@billtrail/event-store';
import { describeEventStoreContract, KeysInMemory, type OpenStore } from '@billtrail/event-store/contract-suite';
import { ProtocolServer } from './protocol-server.js';

/** A real server in place of ours: each log has streams of its own there. */
const { BILLTRAIL_TEST_ESDB: REAL } = process.env;

const opening =
  (keysOf: () => KeysInMemory | null): OpenStore =>
  async (names) => {
    const keys = keysOf();
    const server = REAL === undefined ? await ProtocolServer.start() : null;
    const at = REAL ?? server!.url;
    const url = `${at}${at.includes('?') ? '&' : '?'}streamPrefix=suite_${randomUUID().slice(0, 8)}`;
    const openStore = (of = names) => EventStoreDbEventStore.open({ url, names: of, ...(keys && { keys }) });
    let store: EventStore = await openStore();
    return {
      get store() {
        return store;
      },
      seals: keys !== null,
      reopen: async (newNames = names) => {
        await store.close();
        store = await openStore(newNames);
        return store;
      },
      dispose: async () => {
        await store.close();
        await server?.stop();
      },
    };
  };

const where = REAL === undefined ? 'as the protocol server speaks it' : 'a real one';
describeEventStoreContract(
  `EventStoreDB, ${where}`,
  opening(() => null),
);
// Sealing is done before the adapter: what it has to do with it is in its own spec, and the whole suite again is for a real server.
if (REAL !== undefined || process.env['BILLTRAIL_TEST_SEALED'] === '1')
  describeEventStoreContract(
    `EventStoreDB, ${where}, personal fields sealed`,
    opening(() => new KeysInMemory()),
  );
