export * from './events.js';
export * from './commands.js';
export * from './state.js';
export * from './lifecycle.js';
export * from './gates.js';
export * from './refusals.js';
export { MAX_CLOCK_SKEW_MINUTES, MAX_ENTRY_MINUTES } from './work-rules.js';
export * from './ticket.js';
export * from './record-history.js';
