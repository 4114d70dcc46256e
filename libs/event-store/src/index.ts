export * from './port.js';
export * from './position.js';
export * from './errors.js';
export * from './store-unavailable.js';
export * from './stored-names.js';
export { CutStore } from './cut-store.js';
export * from './sqlite/sqlite-event-store.js';
export { damageOf, keepPrivate, wasLeftOpen } from './sqlite/file-check.js';
export { FAILPOINTS, type Carried, type Failpoint } from './sqlite/appender.js';
