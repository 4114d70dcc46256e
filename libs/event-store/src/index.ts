export * from './port.js';
export * from './capabilities.js';
export * from './position.js';
export * from './errors.js';
export * from './claims.js';
export { fingerprintOf, isOfRequest } from './fingerprint.js';
export * from './store-unavailable.js';
export { withinBounds } from './within-bounds.js';
export * from './stored-names.js';
export { whyUnread } from './sealing.js';
export type { KeysByStream, KeysOfStream, StreamKeys } from './sealing.js';
export { KEY_BYTES } from './sealed-data.js';
export { CutStore } from './cut-store.js';
export { PartStore } from './part-store.js';
export * from './sqlite/sqlite-event-store.js';
export {
  assertConnectionString,
  credentialsIn,
  hasEncodedUser,
  isConnectionString,
} from './eventstoredb/connecting.js';
export { ClusterPreparation, type ClusterStep } from './eventstoredb/preparing-cluster.js';
export { EventStoreDbEventStore } from './eventstoredb/eventstoredb-event-store.js';
export { recordingTime } from './recording-time.js';
export { FileInPlace, hasPath, openFile, writeAhead } from './sqlite/open-file.js';
export { LeaseUnavailable, type Lease } from './lease.js';
export { FAILPOINTS, type Carried, type Failpoint } from './sqlite/appender.js';
