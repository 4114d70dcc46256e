import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { ApplicationOptions } from '@billtrail/application';
import type { LogInMemory } from './log-in-memory.js';

/** `eventstoredb`: the houses of tests keep their logs in one, and not in files; `eventstoredb-in-memory`: without the wire between. */
const { BILLTRAIL_TEST_STORE: STORE, BILLTRAIL_TEST_ESDB: REAL } = process.env;
const STORES = ['eventstoredb', 'eventstoredb-in-memory'];
const IN_MEMORY = ':memory:';
/** Is in each folder in which a house was opened. */
const VAULT = 'vault.db';

/** Where a house keeps its log, for as long as it is open. */
export interface LogOfHouse {
  /** Without a connection string it is in the folder. */
  readonly setting: Pick<ApplicationOptions, 'storeUrl' | 'lease' | 'homeName' | 'machine'>;
  /** The house is closed. */
  release(): Promise<void>;
  /** The same, for a house that is opened again. */
  again(): Promise<LogOfHouse>;
}

interface Kept {
  /** In a server of ours: what it holds while nobody has it open. On a real one: the prefix of its streams. */
  readonly prefix: string;
  log: LogInMemory | null;
  server: Promise<{ readonly url: string; stop(): Promise<void> }> | null;
  houses: number;
}

/** By data folder: a house that is opened again finds its log. */
const kept = new Map<string, Kept>();

/** Of the folder: in it, or in an EventStoreDB if the environment says so. One in memory is a new one each time. */
export async function logOfHouse(dataDir: string): Promise<LogOfHouse> {
  if (STORE === undefined) return logWhichIsThere({});
  if (!STORES.includes(STORE)) throw new Error(`BILLTRAIL_TEST_STORE is ${STORES.join(', ')} or not set, not ${STORE}`);
  const prefix = `house_${randomUUID().slice(0, 8)}`;
  // A folder that was emptied begins anew, as its log would in it.
  const before = existsSync(join(dataDir, VAULT)) ? kept.get(dataDir) : undefined;
  const known = before ?? { prefix, log: null, server: null, houses: 0 };
  if (dataDir !== IN_MEMORY) kept.set(dataDir, known);
  known.houses += 1;
  known.server ??= REAL === undefined ? ours(known) : Promise.resolve({ url: REAL, stop: () => Promise.resolve() });
  const { url } = await known.server;
  return {
    setting: { storeUrl: `${url}${url.includes('?') ? '&' : '?'}streamPrefix=${known.prefix}` },
    release: async () => {
      known.houses -= 1;
      if (known.houses > 0) return;
      const server = await known.server;
      known.server = null;
      await server?.stop();
    },
    again: () => logOfHouse(dataDir),
  };
}

/** One that is there whoever has it open. */
export function logWhichIsThere(setting: LogOfHouse['setting']): LogOfHouse {
  const log: LogOfHouse = { setting, release: () => Promise.resolve(), again: () => Promise.resolve(log) };
  return log;
}

/** One for each log: who opens a house must not read the logs of all that were before. */
async function ours(known: Kept): Promise<{ readonly url: string; stop(): Promise<void> }> {
  if (STORE === 'eventstoredb-in-memory') {
    const { connectionStringOf, forgetLog } = await import('./engine-in-memory.js');
    const { LogInMemory: InMemory } = await import('./log-in-memory.js');
    const log = (known.log ??= new InMemory());
    return { url: connectionStringOf(log), stop: async () => forgetLog(log) };
  }
  // Only where it is asked for: it takes long to load.
  const { ProtocolServer } = await import('./protocol-server.js');
  const server = await ProtocolServer.start();
  if (known.log !== null) server.log = known.log;
  known.log = server.log;
  return server;
}
