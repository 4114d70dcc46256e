export * from './terms.js';
export * from './published-cards.js';
export * from './published-service-levels.js';
export * from './contracts-to-analyse.js';
export { filledTerms } from '../filled-terms.js';
