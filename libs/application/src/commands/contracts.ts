/** Every command on clients with their sites, and on contracts. */
export * from './client.commands.js';
export * from './contract.commands.js';
