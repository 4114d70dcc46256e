export * from './events.js';
export * from './commands.js';
export * from './problems.js';
export * from './tax-id.js';
export * from './client.js';
export * from './terms.js';
export * from './contract.js';
export * from './coverage.js';
