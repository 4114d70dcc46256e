export * from './events.js';
export * from './rating/facts.js';
export * from './rating/trace.js';
