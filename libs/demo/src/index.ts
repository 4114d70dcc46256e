export * from './demo-month.js';
export { DEMO_SEED, generateMonth } from './generate-month.js';
