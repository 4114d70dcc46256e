export * from './events.js';
export { canonical } from './canonical.js';
export * from './commands.js';
export * from './limits.js';
export * from './problems.js';
export * from './tax-id.js';
export * from './site.js';
export * from './tax-treatment.js';
export * from './client.js';
export { inspectStatedCalendar, inspectStatedHolidays } from './inspect/calendar.js';
export * from './shared-calendars.js';
export * from './shared-cards.js';
export * from './shared-terms.js';
export { sharedCalendars, type HolidaySet, type SharedCalendars } from './terms/shared-calendars.js';
export { sharedCards, type SharedCard } from './terms/shared-cards.js';
export * from './terms.js';
export * from './version-timeline.js';
export * from './contract-state.js';
export * from './contract.js';
export {
  type AmongContracts,
  type ClientContracts,
  type ClientContractsEvent,
  clientContracts,
  contractsBeside,
  listed,
  stateOf,
} from './client-contracts.js';
export { reachedMilestones } from './milestones.js';
export * from './differences.js';
export * from './price-increase.js';
export * from './coverage.js';
export * from './rate-classes.js';
export * from './burn.js';
export * from './roll-over.js';
export * from './prepaid-price.js';
export * from './coverage-analysis.js';
export * from './analysis/table.js';
export { chargesTable } from './analysis/charges-table.js';
export * from './contract-file.js';
export * from './contract-shapes.js';
export * from './client-shape.js';
export { slaPolicy } from './terms/service-levels.js';
export * from './contract-warnings.js';
export * from './payment-terms.js';
export * from './invoice-grouping.js';
export * from './renewal.js';
export * from './renewals-due.js';
export * from './block-renewal.js';
