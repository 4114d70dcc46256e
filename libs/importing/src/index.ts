export * from './input-refused.js';
export * from './limits.js';
export { readTicketHistoryMapping, type TicketHistoryMapping } from './mapping/ticket-history-mapping.js';
export { ROW_FATES, type RowFate } from './history/apply-row.js';
export { importTicketHistory, type ImportProgress, type ImportRequest } from './history/import-ticket-history.js';
export { ticketHistory, type RowOutcome, type TicketHistory } from './history/ticket-history.js';
export type { ImportReport, RejectedRow, StatedTimes } from './history/report.js';
export { type LeakageAuditMapping, readLeakageAuditMapping } from './mapping/leakage-audit-mapping.js';
export {
  auditLeakage,
  type AuditRequest,
  type LeakageAudit,
  type LeakTotal,
  type ListedLine,
} from './audit/audit-leakage.js';
export { type AuditGap, type TicketResult, TICKET_OUTCOMES, type TicketOutcome } from './audit/facts.js';
export { type AuditTable, auditTables, auditTitle, type TableColumn } from './audit/audit-tables.js';
export { auditCsv } from './audit/audit-csv.js';
export { auditHtml } from './audit/audit-html.js';
