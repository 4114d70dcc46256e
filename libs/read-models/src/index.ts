export * from './read-models.js';
export { readModelsAsOf } from './as-of.js';
export * from './runner/errors.js';
export type { CatchUpOptions, CatchUpProgress, ReadModelStatus } from './runner/runner.js';
export { ReadModelsUnavailable } from './database/read-database.js';
export {
  DEFAULT_PAGE,
  InvalidPageRequest,
  MAX_PAGE,
  MIN_PAGE,
  type Page,
  type PageRequest,
} from './database/paging.js';
export { BillableItemsQuery, MAX_GAP_CHANGES, type GapChange, type ItemFilter } from './billable-items/query.js';
export type { KeyedGap } from './billable-items/rows.js';
export { ChargesQuery, type ChargeFilter } from './charges/query.js';
export { PrepaidQuery, type Prepaid, type PrepaidFilter, type StatementLine } from './prepaid/query.js';
export { MAX_FORECAST_DAYS, type BurnDown } from './prepaid/burn-down.js';
export { UnpricedWorkQuery, type UnpricedFilter, type UnpricedWork } from './unpriced-work/query.js';
export { GapsQuery, ageInDays, type Gap, type GapFilter, type GapTotal } from './gaps/query.js';
export { GAP_STATES, LEAKS, type GapState, type Leak } from './gaps/tables.js';
export {
  InvoicesQuery,
  type Invoice,
  type InvoiceFilter,
  type NumberedCharge,
  type NumberedLine,
} from './invoices/query.js';
export {
  CreditNotesQuery,
  type CreditNote,
  type CreditNoteFilter,
  type CreditOfItem,
  type NumberedCredit,
} from './invoices/credit-notes-query.js';
export {
  CREDIT_NOTE_STATUSES,
  INVOICE_STATUSES,
  type CreditNoteStatus,
  type InvoiceStatus,
} from './invoices/tables.js';
export { TicketTimelineQuery, type TicketOutcome, type TimelineEntry } from './ticket-timeline/query.js';
export { FATES, type Fate } from './reconciliation/fates.js';
export type { ReconciliationScope } from './reconciliation/scope.js';
export type { ChargesAccounted, ChargesHeld, DocumentsAccounted } from './reconciliation/money.js';
export {
  ReconciliationQuery,
  type ClientPeriodReconciliation,
  type GapSum,
  type Reconciliation,
  type TicketFate,
  type TicketFateFilter,
} from './reconciliation/query.js';
export {
  MAX_DUE_TICKETS,
  SLA_STATES,
  SlaQuery,
  type DueTicket,
  type SlaFilter,
  type SlaState,
  type SlaStatus,
} from './sla/query.js';
