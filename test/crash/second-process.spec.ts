import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from '@jest/globals';
import {
  SqliteEventStore,
  type AppendRequest,
  type Claim,
  type EventStore,
  type StoredNames,
} from '@billtrail/event-store';
import { describeEventStoreContract } from '@billtrail/event-store/contract-suite';
import { SecondProcess } from './second-process.js';

let second: SecondProcess;
beforeAll(async () => {
  second = await SecondProcess.start();
});
afterAll(() => second.stop());

/** A log that the second process writes and this one reads. */
async function ofBoth(file: string, names: StoredNames): Promise<EventStore> {
  const reader = SqliteEventStore.open({ file, names });
  const writer = await second.open(file, names);
  const both = {
    append: (request: AppendRequest, claims?: readonly Claim[]) => writer.append(request, claims),
    close: async () => {
      await writer.close();
      await reader.close();
    },
  };
  return new Proxy<EventStore>(reader, {
    get(target, name) {
      const member: unknown = Reflect.get(name in both ? both : target, name);
      return typeof member === 'function' ? (member.bind(target) as unknown) : member;
    },
  });
}

describeEventStoreContract('SQLite, written by a second process', async (names) => {
  const folder = mkdtempSync(join(tmpdir(), 'billtrail-second-'));
  const file = join(folder, 'log.db');
  let store = await ofBoth(file, names);
  return {
    get store() {
      return store;
    },
    seals: false,
    reopen: async (newNames = names) => {
      await store.close();
      store = await ofBoth(file, newNames);
      return store;
    },
    dispose: async () => {
      await store.close();
      rmSync(folder, { recursive: true });
    },
  };
});
