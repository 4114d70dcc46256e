export * from './read-models.js';
export { comparedWithLog, type ReadModelsCompared } from './compared-with-log.js';
export { toldOfSchema } from './compared/file-schema.js';
export { foldAgain } from './folded-again.js';
export { neededOf, readModelsAsOf, type AskedAbout, type NeededOfLog } from './as-of.js';
export { isDamagedFile } from './database/read-database.js';
export { ReadModelsUnavailable } from './database/read-models-unavailable.js';
export { RowUnreadable } from './database/row-unreadable.js';
export * from './runner/errors.js';
export type { GivenPerson } from './approvals/known-people.js';
export type { GivenUp, GivenUpOfTicket } from './approvals/given-up.js';
export { NotKnown } from './parking/not-known.js';
export type { NotKnownOf } from './parking/parked.js';
export type { ParkedInShort, ParkedStream } from './parking/known.js';
export type { CatchUpProgress, ReadModelStatus } from './runner/runner.js';
export {
  decodeCursor,
  encodeCursor,
  InvalidPageRequest,
  MAX_PAGE,
  pageLimit,
  pageOf,
  pageOfList,
  type Page,
  type PageRequest,
} from './database/paging.js';
export type { DueGap } from './gap-ledger/query.js';
export type { ItemPlace } from './billable-items/query.js';
export type { KeyedGap } from './billable-items/rows.js';
export type { LapseLine, Prepaid, ReturnLine, StatementLine } from './prepaid/query.js';
export type { DueForRenewal, EndingContract } from './contract-terms/query.js';
export type { CrossedMerge } from './ticket-merges/query.js';
export type { MilestoneShown } from './milestones/query.js';
export { APPROVAL_STATES, type Approval, type ApprovalState, type MineToDecide } from './approvals/query.js';
export { whyLapsed } from './approvals/tables.js';
export { forgoneBy, toForgo, toForgoIt } from './approvals/to-forgo.js';
export { whyItWaits } from './approvals/why-it-waits.js';
export type { WaitingRequest } from './approvals/waiting.js';
export type { EngineerDay, RecordedPiece, WorkFilter } from './work/query.js';
export type { Gap } from './gaps/query.js';
export { GAP_STATES, type GapState, type Leak } from './gaps/tables.js';
export type { CreditShown } from './invoices/credit-shown.js';
export type { DocumentAsked, DocumentFacts, FactsOfWork, MonthNotKnown } from './document-facts/query.js';
export { MONEY_FACT_TYPES } from './rating-facts/money-facts.js';
export { NotSettled } from './runner/settled.js';
export type { Invoice } from './invoices/query.js';
export type { DocumentOfItem } from './invoices/documents-query.js';
export type { CreditNote, CreditOfItem, NumberedCredit } from './invoices/credit-notes-query.js';
export {
  CREDIT_NOTE_STATUSES,
  INVOICE_STATUSES,
  type CreditNoteStatus,
  type InvoiceStatus,
} from './invoices/tables.js';
export { inOrderOfLog, type TicketOutcome, type TimelineEntry } from './ticket-timeline/query.js';
export { FATES, type Fate } from './reconciliation/fates.js';
export type { ChargesAccounted, DocumentsAccounted } from './reconciliation/money.js';
export type { GapSum, Reconciliation } from './reconciliation/query.js';
export { SLA_STATES, type DueTicket, type SlaFilter, type SlaState, type SlaStatus } from './sla/query.js';
export { readModelsDiffer, type RestsOn } from './compared/comparison.js';
