export * from './demo-month.js';
export { DEMO_SEED, MAX_DEMO_TICKETS, generateMonth } from './generate-month.js';
