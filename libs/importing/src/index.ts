export * from './input-refused.js';
export * from './limits.js';
export { readTicketHistoryMapping, type TicketHistoryMapping } from './mapping/ticket-history-mapping.js';
export { ROW_FATES, type RowFate } from './history/apply-row.js';
export { importTicketHistory, type ImportProgress, type ImportRequest } from './history/import-ticket-history.js';
export { ticketHistory, type RowOutcome, type TicketHistory } from './history/ticket-history.js';
export type { ImportReport, RejectedRow, StatedTimes } from './history/report.js';
