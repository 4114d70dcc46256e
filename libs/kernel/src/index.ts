export * from './refusal.js';
export * from './event.js';
export * from './decider.js';
export * from './ids.js';
export * from './time.js';
export * from './money.js';
export * from './minutes.js';
export * from './business-calendar.js';
