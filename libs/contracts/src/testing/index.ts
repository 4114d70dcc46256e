export * from './published-card.js';
export * from './published-cards.js';
export * from './published-service-levels.js';
