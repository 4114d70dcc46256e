export {
  ACCESS_CATEGORY,
  ADOPTIONS,
  LOST_KEYS,
  storedAccessEvents,
  type KeyRevoked,
  type LogAdopted,
  type NumbersGiven,
  type StreamKeysLost,
} from './access-events.js';
export * from './home.js';
export * from './port.js';
export { KINDS_OF_ACCESS, type AccessAsked, type AccessRecord, type KindOfAccess } from './access-record.js';
export { openAccessRecord } from './sqlite/open-access-record.js';
export { LogFollower, type FollowTrouble } from './log-follower.js';
export { VaultStreamKeys } from './vault-stream-keys.js';
export { keyIdOf } from './key-id.js';
export { VaultIncomplete, VaultUnavailable } from './vault-unavailable.js';
export { openSqliteVault } from './sqlite/open-sqlite-vault.js';
export { assertVaultUrl, openPostgresVault } from './postgres/open-postgres-vault.js';
