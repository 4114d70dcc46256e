/** Every command on a ticket. */
export * from './ticket.commands.js';
export * from './work.commands.js';
export * from './approving.commands.js';
export * from './courtesy.commands.js';
