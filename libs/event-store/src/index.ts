export * from './port.js';
export * from './errors.js';
export * from './stored-names.js';
export * from './sqlite/sqlite-event-store.js';
export { FAILPOINTS, type Carried, type Failpoint } from './sqlite/appender.js';
