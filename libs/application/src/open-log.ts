import {
  assertConnectionString,
  EventStoreDbEventStore,
  isConnectionString,
  SqliteEventStore,
  type EventStore,
  type StreamKeys,
} from '@billtrail/event-store';
import type { Clock } from './clock.js';
import { storedNames } from './stored-events.js';

export interface StoreSetting {
  /** Connection string of an EventStoreDB that holds the log, a secret; without it the log is `events.db` in the data folder. */
  readonly storeUrl?: string;
}

/**
 * Where the environment says that the log is. Nothing else is taken for it: a path would be the file of another log, and the read models would be filled from that.
 * @throws StoreUnavailable where it says nothing to connect to
 */
export function storeSetting(environment: Readonly<Record<string, string | undefined>>): StoreSetting {
  const url = environment['BILLTRAIL_STORE'] ?? '';
  if (url === '') return {};
  assertConnectionString(url);
  return { storeUrl: url };
}

export interface LogOptions {
  readonly keys: StreamKeys;
  readonly clock?: Clock;
  readonly suspectClock?: boolean;
  /** Look through the file whole, as at the start of a server. */
  readonly check?: boolean;
  /** A file is opened for reading only. */
  readonly readonly?: boolean;
}

/** Opens the log: `where` is the path of a file, `:memory:`, or the connection string of an EventStoreDB. @throws StoreUnavailable */
export async function openLog(where: string, { check, readonly, ...options }: LogOptions): Promise<EventStore> {
  const shared = { ...options, names: storedNames };
  if (isConnectionString(where)) return EventStoreDbEventStore.open({ ...shared, url: where });
  const ofFile = { ...(check !== undefined && { check }), ...(readonly !== undefined && { readonly }) };
  return SqliteEventStore.open({ ...shared, ...ofFile, file: where });
}
