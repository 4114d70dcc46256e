export * from './port.js';
export { keyIdOf } from './key-id.js';
export { VaultUnavailable } from './vault-unavailable.js';
export { openSqliteVault } from './sqlite/open-sqlite-vault.js';
export { openPostgresVault } from './postgres/open-postgres-vault.js';
