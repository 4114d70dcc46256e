import {
  EventStoreDbEventStore,
  isConnectionString,
  SqliteEventStore,
  type EventStore,
  type StreamKeys,
} from '@billtrail/event-store';
import type { Clock } from './clock.js';
import { storedNames } from './stored-events.js';

export interface LogOptions {
  readonly keys: StreamKeys;
  readonly clock?: Clock;
  readonly suspectClock?: boolean;
  /** Compare the clock with that of an EventStoreDB, which is the same machine's for a file. */
  readonly comparesClock?: boolean;
  /** Look through the file whole, as at the start of a server. */
  readonly check?: boolean;
  /** A file is opened for reading only. */
  readonly readonly?: boolean;
}

/** Opens the log: `where` is the path of a file, `:memory:`, or the connection string of an EventStoreDB. @throws StoreUnavailable */
export async function openLog(
  where: string,
  { check, readonly, comparesClock, ...options }: LogOptions,
): Promise<EventStore> {
  const shared = { ...options, names: storedNames };
  if (isConnectionString(where))
    return EventStoreDbEventStore.open({
      ...shared,
      ...(comparesClock !== undefined && { comparesClock }),
      url: where,
    });
  const ofFile = { ...(check !== undefined && { check }), ...(readonly !== undefined && { readonly }) };
  return SqliteEventStore.open({ ...shared, ...ofFile, file: where });
}
