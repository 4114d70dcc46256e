import { storedEventTypes, type ForgoingEvent } from '@billtrail/kernel';
import type { TicketEvent } from '../events.js';

/** Version 2 says which material words its texts name. Nobody can tell of what was recorded before: the words of the configuration then were not looked for. */
const WITH_WORDS = { schemaVersion: 2, upcasters: { 1: (data: object) => data } } as const;

/** Version 2 says who recorded or corrected goods, which then await approval. What was recorded before needs none, so that nothing changes that is billed. */
const WITH_WRITER = { schemaVersion: 2, upcasters: { 1: (data: object) => data } } as const;

/** How ticket events are stored; requests to forgo money are on other streams too, and stored as billing says. A stored name never changes; a changed shape raises the schema version and adds an upcaster. */
export const storedTicketEvents = storedEventTypes<Exclude<TicketEvent, ForgoingEvent>>()({
  TicketRequested: {
    storedName: 'ticket-requested',
    ...WITH_WORDS,
    personalFields: ['summary', 'description', 'requestedBy'],
  },
  TicketTriaged: { storedName: 'ticket-triaged', personalFields: ['secondPerson'] },
  TicketReclassified: { storedName: 'ticket-reclassified', personalFields: ['reason', 'secondPerson'] },
  TicketReturned: { storedName: 'ticket-returned', personalFields: [] },
  TicketAssigned: { storedName: 'ticket-assigned', personalFields: ['engineerId'] },
  TicketReassigned: { storedName: 'ticket-reassigned', personalFields: ['engineerId'] },
  WorkStarted: { storedName: 'work-started', personalFields: [] },
  TicketPendedOnClient: { storedName: 'ticket-pended-on-client', personalFields: ['reason'] },
  TicketPendedOnThirdParty: { storedName: 'ticket-pended-on-third-party', personalFields: ['reason'] },
  TicketResumed: { storedName: 'ticket-resumed', personalFields: [] },
  TicketResolved: { storedName: 'ticket-resolved', ...WITH_WORDS, personalFields: ['resolution'] },
  ServiceVerificationRequested: { storedName: 'service-verification-requested', personalFields: [] },
  ServiceVerificationApproved: { storedName: 'service-verification-approved', personalFields: ['approvedBy'] },
  ServiceVerificationRejected: {
    storedName: 'service-verification-rejected',
    personalFields: ['rejectedBy', 'reason'],
  },
  TicketClosed: { storedName: 'ticket-closed', personalFields: [] },
  TicketCancelled: { storedName: 'ticket-cancelled', personalFields: ['reason'] },
  TicketReopened: { storedName: 'ticket-reopened', personalFields: ['reason'] },
  TicketMerged: { storedName: 'ticket-merged', personalFields: ['reason', 'secondPerson'] },
  TicketSplit: { storedName: 'ticket-split', personalFields: ['reason', 'secondPerson'] },
  TicketReprioritised: { storedName: 'ticket-reprioritised', personalFields: ['secondPerson'] },
  NoteAdded: { storedName: 'note-added', ...WITH_WORDS, personalFields: ['author', 'text'] },
  TimerStarted: { storedName: 'timer-started', personalFields: ['engineerId'] },
  TimerStopped: { storedName: 'timer-stopped', personalFields: [] },
  TimeEntryLogged: { storedName: 'time-entry-logged', personalFields: ['engineerId', 'description', 'loggedBy'] },
  TimeEntryCorrected: {
    storedName: 'time-entry-corrected',
    personalFields: ['engineerId', 'description', 'reason', 'correctedBy', 'secondPerson'],
  },
  TimeEntryApproved: { storedName: 'time-entry-approved', personalFields: ['approvedBy', 'inPlaceOf'] },
  TimeEntryRejected: { storedName: 'time-entry-rejected', personalFields: ['rejectedBy', 'reason', 'secondPerson'] },
  TimeEntryPriceOverridden: {
    storedName: 'time-entry-price-overridden',
    personalFields: ['reason', 'overriddenBy', 'secondPerson'],
  },
  TimeEntryVoided: { storedName: 'time-entry-voided', personalFields: ['reason', 'secondPerson'] },
  MaterialUsed: {
    storedName: 'material-used',
    ...WITH_WRITER,
    personalFields: ['description', 'serialNumber', 'recordedBy'],
  },
  MaterialUsageCorrected: {
    storedName: 'material-usage-corrected',
    ...WITH_WRITER,
    personalFields: ['description', 'serialNumber', 'reason', 'correctedBy', 'secondPerson'],
  },
  MaterialUsageApproved: { storedName: 'material-usage-approved', personalFields: ['approvedBy', 'inPlaceOf'] },
  MaterialUsageRejected: {
    storedName: 'material-usage-rejected',
    personalFields: ['rejectedBy', 'reason', 'secondPerson'],
  },
  MaterialUsageVoided: { storedName: 'material-usage-voided', personalFields: ['reason', 'secondPerson'] },
  ExpenseIncurred: {
    storedName: 'expense-incurred',
    ...WITH_WRITER,
    personalFields: ['description', 'receiptReference', 'recordedBy'],
  },
  ExpenseCorrected: {
    storedName: 'expense-corrected',
    ...WITH_WRITER,
    personalFields: ['description', 'receiptReference', 'reason', 'correctedBy', 'secondPerson'],
  },
  ExpenseApproved: { storedName: 'expense-approved', personalFields: ['approvedBy', 'inPlaceOf'] },
  ExpenseRejected: { storedName: 'expense-rejected', personalFields: ['rejectedBy', 'reason', 'secondPerson'] },
  ExpenseVoided: { storedName: 'expense-voided', personalFields: ['reason', 'secondPerson'] },
  CourtesyGranted: {
    storedName: 'courtesy-granted',
    personalFields: ['reason', 'comment', 'grantedBy', 'secondPerson'],
  },
  SupplierCreditRecorded: { storedName: 'supplier-credit-recorded', personalFields: ['recordedBy'] },
  SupplierCreditWithdrawn: { storedName: 'supplier-credit-withdrawn', personalFields: ['reason', 'withdrawnBy'] },
  CourtesyWithdrawn: { storedName: 'courtesy-withdrawn', personalFields: ['reason', 'withdrawnBy'] },
  NoChargeDeclared: { storedName: 'no-charge-declared', personalFields: ['reason', 'declaredBy', 'secondPerson'] },
  ScopeClassified: { storedName: 'scope-classified', personalFields: ['reason', 'classifiedBy', 'secondPerson'] },
  SlaWarned: { storedName: 'sla-warned', personalFields: [] },
  SlaBreached: { storedName: 'sla-breached', personalFields: [] },
  SlaBreachWithdrawn: { storedName: 'sla-breach-withdrawn', personalFields: [] },
});
