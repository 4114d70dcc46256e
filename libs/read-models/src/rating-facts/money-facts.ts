import type { ConfigurationPublished } from '@billtrail/billing';
import type { ACCOUNT_TYPES } from './account-facts.js';
import type { CLIENT_TYPES } from './client-facts.js';
import type { CONTRACT_TYPES } from './contract-facts.js';
import type { TICKET_TYPES } from './ticket-facts.js';

type FactType =
  | (typeof TICKET_TYPES)[number]
  | (typeof CLIENT_TYPES)[number]
  | (typeof CONTRACT_TYPES)[number]
  | (typeof ACCOUNT_TYPES)[number]
  | ConfigurationPublished['type'];

/** Of each fact that rating folds, whether it can change what work or a charge is worth, or who is invoiced for it. A new one must be put here. */
const MOVES_MONEY: Readonly<Record<FactType, boolean>> = {
  TicketRequested: true,
  TicketTriaged: true,
  TicketReclassified: true,
  TicketReprioritised: true,
  TicketMerged: true,
  TicketSplit: true,
  TicketResolved: true,
  TicketReopened: true,
  TicketCancelled: true,
  TicketAssigned: false,
  WorkStarted: false,
  TicketPendedOnClient: false,
  TicketPendedOnThirdParty: false,
  TicketResumed: false,
  TicketReturned: false,
  ServiceVerificationRequested: false,
  ServiceVerificationRejected: false,
  TicketClosed: false,
  NoteAdded: false,
  NoChargeDeclared: true,
  ScopeClassified: true,
  TimeEntryLogged: true,
  TimeEntryCorrected: true,
  TimeEntryApproved: true,
  TimeEntryRejected: true,
  TimeEntryPriceOverridden: true,
  TimeEntryVoided: true,
  MaterialUsed: true,
  MaterialUsageCorrected: true,
  MaterialUsageApproved: true,
  MaterialUsageRejected: true,
  MaterialUsageVoided: true,
  ExpenseIncurred: true,
  ExpenseCorrected: true,
  ExpenseApproved: true,
  ExpenseRejected: true,
  ExpenseVoided: true,
  CourtesyGranted: true,
  CourtesyWithdrawn: true,
  SupplierCreditRecorded: false,
  SupplierCreditWithdrawn: false,
  SlaWarned: false,
  SlaBreached: true,
  SlaBreachWithdrawn: true,
  ClientRegistered: true,
  ClientDetailsChanged: true,
  SiteRegistered: true,
  SiteDetailsChanged: true,
  ContractActivated: true,
  ContractVersionPublished: true,
  ContractRenewed: true,
  ContractRenewalReversed: true,
  ContractSuspended: true,
  ContractResumed: true,
  PrepaidBlockPurchased: true,
  PrepaidBlockReturned: true,
  PrepaidBlockWithdrawn: true,
  CountRecorded: true,
  MilestoneReached: true,
  MilestoneDeclarationWithdrawn: true,
  NoticeRecorded: true,
  NoticeWithdrawn: true,
  ContractTerminated: true,
  // A draft claims what is on it, at the price that it has anyway.
  InvoiceDrafted: false,
  InvoiceLinesAdded: false,
  InvoiceDraftDiscarded: false,
  InvoiceIssueRequested: true,
  InvoiceIssueWithdrawn: true,
  // Asked for: nothing is taken back before the note is issued.
  CreditNoteLinesAdded: false,
  CreditNoteIssueWithdrawn: false,
  CreditNoteIssued: true,
  WorkWrittenOff: true,
  ConfigurationPublished: true,
};

/** The events that documents rest on. */
export const MONEY_FACT_TYPES: readonly string[] = Object.entries(MOVES_MONEY).flatMap(([type, moves]) =>
  moves ? [type] : [],
);
