import {
  storedEventTypes,
  type DomainEvent,
  type ForgoingEvent,
  type Instant,
  type LocalDate,
  type Minutes,
  type MoneyJson,
} from '@billtrail/kernel';
import type { Classification, Priority } from './classification.js';
import type { SlaBreached, SlaBreachWithdrawn, SlaWarned } from './sla/events.js';

/** The nine stages, in the order of a plain run. */
export const STAGES = [
  'request',
  'triage',
  'assigned',
  'in-progress',
  'pending-client',
  'pending-third-party',
  'resolved',
  'svr-pending',
  'closed',
] as const;
export type Stage = (typeof STAGES)[number];

/**
 * On a transition that history holds although a rule forbids it (an import, a gate switched off): the codes of the rules it broke.
 * Absent on a regular transition.
 */
interface Move {
  readonly irregular?: readonly string[];
}

/** In events with texts that name parts and licences. */
interface Written {
  /**
   * The words of the configuration then that were found in its texts, in its spelling, sorted; rating reads these and no text. Absent: an older version
   * recorded it, and rating searches the texts themselves.
   */
  readonly materialWords?: readonly string[];
}

export interface TimeEntryFacts {
  readonly engineerId: string;
  /** The role the engineer worked in: with the work type it determines the price. */
  readonly engineerRole: string;
  readonly workType: string;
  /** Actual minutes worked. */
  readonly minutes: Minutes;
  /** The day of the work, in the client's time zone. */
  readonly workDate: LocalDate;
  readonly startedAt: Instant | null;
  readonly endedAt: Instant | null;
  /** Billable minutes as the engineer stated them, before minimum and increment; null: the actual ones. */
  readonly statedBillableMinutes: Minutes | null;
  /** Declared rate class (`business`, `after-hours`, `weekend`, `holiday`, or one that a calendar names); null: the class of its date. */
  readonly rateClass: string | null;
  readonly description: string;
}

export interface MaterialFacts {
  readonly itemCode: string;
  readonly description: string;
  /** Decimal string, more than zero. */
  readonly quantity: string;
  readonly unit: string;
  readonly unitCost: MoneyJson | null;
  /** What of the unit cost is tax that is claimed back. Absent: the unit cost is net. */
  readonly taxIncluded?: MoneyJson;
  readonly listPrice: MoneyJson | null;
  readonly serialNumber: string | null;
  readonly underWarranty: boolean;
  /** Number of the claim at whoever replaces them. Absent: they are sold, or were recorded before a claim was asked for. */
  readonly warrantyClaim?: string;
  readonly workDate: LocalDate;
}

export interface ExpenseFacts {
  readonly description: string;
  /** Of each unit; without a quantity, of the whole. */
  readonly cost: MoneyJson;
  /** What of the cost is tax that is claimed back: then the cost is gross. Absent: it is net. */
  readonly taxIncluded?: MoneyJson;
  /** Decimal string, more than zero: kilometres, nights. Absent: one. */
  readonly quantity?: string;
  /** What the quantity counts: `km`. Absent: `expense`. */
  readonly unit?: string;
  /** By which the rate card may price or limit it: `mileage`, `meals`. Absent: none. */
  readonly expenseType?: string;
  readonly receiptReference: string | null;
  readonly workDate: LocalDate;
}

export type TicketRequested = DomainEvent<
  'TicketRequested',
  Classification &
    Move &
    Written & {
      readonly ticketId: string;
      /** The number people know it by, if it differs from the id. */
      readonly reference: string | null;
      readonly summary: string;
      readonly description: string | null;
      readonly requestedBy: string | null;
      /** The system it came from; null: it was requested here. */
      readonly source: string | null;
    }
>;
/** Who agreed to what less is asked of work that was approved, or whose ticket was resolved. */
interface Agreed {
  /** Absent: nobody had to. */
  readonly secondPerson?: string;
}
export type TicketTriaged = DomainEvent<'TicketTriaged', Classification & Move & Agreed>;
/** The corrected classification, at any stage (a contract found late, a wrong client). The stage stays. */
export type TicketReclassified = DomainEvent<
  'TicketReclassified',
  Classification & Agreed & { readonly reason: string | null }
>;
/** Back in the queue as a bare request. No command does this; histories of other systems do. */
export type TicketReturned = DomainEvent<'TicketReturned', Move>;
/** `engineerId` is null only in histories that name a team and nobody in it. */
export type TicketAssigned = DomainEvent<
  'TicketAssigned',
  Move & { readonly engineerId: string | null; readonly team: string | null }
>;
/** Another engineer or team takes over. The stage stays. */
export type TicketReassigned = DomainEvent<
  'TicketReassigned',
  { readonly engineerId: string | null; readonly team: string | null }
>;
export type WorkStarted = DomainEvent<'WorkStarted', Move>;
export type TicketPendedOnClient = DomainEvent<'TicketPendedOnClient', Move & { readonly reason: string | null }>;
export type TicketPendedOnThirdParty = DomainEvent<
  'TicketPendedOnThirdParty',
  Move & { readonly reason: string | null }
>;
export type TicketResumed = DomainEvent<'TicketResumed', Move>;
/** Whether the work is what the contract is for. */
export const SCOPES = ['in-contract', 'out-of-scope'] as const;
export type Scope = (typeof SCOPES)[number];

export type TicketResolved = DomainEvent<
  'TicketResolved',
  Move &
    Written & {
      readonly resolution: string | null;
      readonly materials: 'listed' | 'none-used' | null;
      readonly scope: Scope | null;
    }
>;
/**
 * Operations decided on the scope of the ticket's work, whatever was declared: `out-of-scope` rates what the contract would give away by the next
 * contract in the chain, or by its card; `in-contract` leaves it to the contract.
 */
export type ScopeClassified = DomainEvent<
  'ScopeClassified',
  Agreed & { readonly scope: Scope; readonly reason: string; readonly classifiedBy: string }
>;
/** Work of a ticket, by id. */
export interface WorkOfTicket {
  readonly ticketId: string;
  readonly workItemIds: readonly string[];
}

export type ServiceVerificationRequested = DomainEvent<
  'ServiceVerificationRequested',
  Move & {
    /** The work that the report shows, by id, as recorded when it was generated. */
    readonly workItemIds: readonly string[];
    /** That of the tickets which were merged into this one. Absent: none were, or they had none. */
    readonly merged?: readonly WorkOfTicket[];
  }
>;
export type ServiceVerificationApproved = DomainEvent<
  'ServiceVerificationApproved',
  { readonly approvedBy: string; readonly silent: boolean }
>;
export type ServiceVerificationRejected = DomainEvent<
  'ServiceVerificationRejected',
  { readonly rejectedBy: string; readonly reason: string }
>;
export type TicketClosed = DomainEvent<'TicketClosed', Move>;
export type TicketCancelled = DomainEvent<
  'TicketCancelled',
  Move & { readonly as: 'cancelled' | 'duplicate'; readonly duplicateOf: string | null; readonly reason: string | null }
>;
/**
 * The ticket and another are one request: from here on what counts for a whole ticket counts for both, and new work goes there. Its events stay what they are.
 * Of two merges that would close a circle the later in the log has no effect.
 */
export type TicketMerged = DomainEvent<'TicketMerged', Agreed & { readonly into: string; readonly reason: string }>;
/** Takes a merge back: the ticket is in the stage again in which it was merged, with its own work. */
export type TicketSplit = DomainEvent<
  'TicketSplit',
  {
    readonly from: string;
    readonly stage: Stage;
    readonly reason: string;
    /** The other ticket reached its resolution while this one was part of it: its work is held. Absent: it did not, or it was recorded before that was told. */
    readonly wasResolved?: true;
  }
>;
export type TicketReopened = DomainEvent<'TicketReopened', Move & { readonly reason: string | null }>;
export type TicketReprioritised = DomainEvent<'TicketReprioritised', Agreed & { readonly priority: Priority }>;
export type NoteAdded = DomainEvent<
  'NoteAdded',
  Written & {
    readonly noteId: string;
    readonly author: string;
    readonly text: string;
    readonly visibility: 'internal' | 'client';
  }
>;
export type TimerStarted = DomainEvent<
  'TimerStarted',
  { readonly timerId: string; readonly engineerId: string; readonly startedAt: Instant }
>;
/** A timer that ended; its time entry, if it left one, follows in the same append. */
export type TimerStopped = DomainEvent<'TimerStopped', { readonly timerId: string; readonly stoppedAt: Instant }>;
/** `loggedBy` is the person who entered it: neither they nor the engineer may approve it. */
export type TimeEntryLogged = DomainEvent<
  'TimeEntryLogged',
  TimeEntryFacts & { readonly timeEntryId: string; readonly loggedBy: string }
>;
/** All facts, corrected. The entry is unapproved again: an approval was for the facts before. */
export type TimeEntryCorrected = DomainEvent<
  'TimeEntryCorrected',
  TimeEntryFacts & Agreed & { readonly timeEntryId: string; readonly reason: string; readonly correctedBy: string }
>;
/** How work was approved. */
export interface Approved {
  readonly approvedBy: string;
  /** What was approved: 1 as recorded first, one more with each correction. Absent: an older version recorded it, and it was what stood then. */
  readonly version?: number;
  /** Whoever approved it did or entered it, where the organisation allows that. Absent: somebody else approved. */
  readonly isOwnWork?: true;
  /** Nobody looked at it: a rule of the configuration approved it. Absent: a person did. */
  readonly rule?: RuleNamed;
}
/** A rule as it was in force. */
export interface RuleNamed {
  readonly name: string;
  /** The position of the configuration that has it. */
  readonly configuredAt: number;
}
/** Not to be billed as entered: it is to be corrected or voided. It remains recorded work. */
export interface Rejected extends Agreed {
  readonly rejectedBy: string;
  /** Of the configuration. Absent: none was given. */
  readonly reasonCode?: string;
  readonly reason: string;
  /** As in {@link Approved}. */
  readonly version?: number;
}
export type TimeEntryApproved = DomainEvent<'TimeEntryApproved', Approved & { readonly timeEntryId: string }>;
export type TimeEntryRejected = DomainEvent<'TimeEntryRejected', Rejected & { readonly timeEntryId: string }>;
/**
 * An hourly price for this entry, whatever the contract's rate card says; null: the card's again. A later correction of the entry ends it,
 * as it ends the approval: it was set for the facts before.
 */
export type TimeEntryPriceOverridden = DomainEvent<
  'TimeEntryPriceOverridden',
  {
    readonly timeEntryId: string;
    readonly pricePerHour: MoneyJson | null;
    readonly reason: string;
    readonly overriddenBy: string;
    /** Who agreed to a price that takes off more than the limit. Absent: nobody had to. */
    readonly secondPerson?: string;
  }
>;
export type TimeEntryVoided = DomainEvent<
  'TimeEntryVoided',
  Agreed & { readonly timeEntryId: string; readonly reason: string }
>;
/** `recordedBy` is the person who entered it, and may not approve it. Absent: it was recorded before goods were approved, and needs no approval. */
export type MaterialUsed = DomainEvent<
  'MaterialUsed',
  MaterialFacts & { readonly materialUsageId: string; readonly recordedBy?: string }
>;
/** All facts, corrected: it awaits approval, whatever it did before. `correctedBy` absent: it was corrected before goods were approved, and needs none. */
export type MaterialUsageCorrected = DomainEvent<
  'MaterialUsageCorrected',
  MaterialFacts & Agreed & { readonly materialUsageId: string; readonly reason: string; readonly correctedBy?: string }
>;
export type MaterialUsageApproved = DomainEvent<
  'MaterialUsageApproved',
  Approved & { readonly materialUsageId: string }
>;
export type MaterialUsageRejected = DomainEvent<
  'MaterialUsageRejected',
  Rejected & { readonly materialUsageId: string }
>;
export type MaterialUsageVoided = DomainEvent<
  'MaterialUsageVoided',
  Agreed & { readonly materialUsageId: string; readonly reason: string }
>;
/** Of goods too: see {@link MaterialUsed}. */
export type ExpenseIncurred = DomainEvent<
  'ExpenseIncurred',
  ExpenseFacts & { readonly expenseId: string; readonly recordedBy?: string }
>;
/** See {@link MaterialUsageCorrected}. */
export type ExpenseCorrected = DomainEvent<
  'ExpenseCorrected',
  ExpenseFacts & Agreed & { readonly expenseId: string; readonly reason: string; readonly correctedBy?: string }
>;
export type ExpenseApproved = DomainEvent<'ExpenseApproved', Approved & { readonly expenseId: string }>;
export type ExpenseRejected = DomainEvent<'ExpenseRejected', Rejected & { readonly expenseId: string }>;
export type ExpenseVoided = DomainEvent<
  'ExpenseVoided',
  Agreed & { readonly expenseId: string; readonly reason: string }
>;
/**
 * Accounts give an amount of a piece of work for nothing, or all that it came to: the client reads why. It is an amount that somebody agreed to, so a later
 * correction leaves it; what the work comes to beyond it is asked for.
 */
export type CourtesyGranted = DomainEvent<
  'CourtesyGranted',
  {
    readonly workItemId: string;
    readonly amount: MoneyJson;
    /** True where it was all that the work came to: then it draws nothing of what is prepaid. */
    readonly isAll: boolean;
    /** For the client. */
    readonly reason: string;
    /** For the house. */
    readonly comment: string | null;
    readonly grantedBy: string;
    readonly secondPerson: string | null;
  }
>;
/** The supplier gave money back for goods under warranty: the claim ends by as much. */
export type SupplierCreditRecorded = DomainEvent<
  'SupplierCreditRecorded',
  {
    readonly materialUsageId: string;
    /** Net of tax, of all pieces. */
    readonly amount: MoneyJson;
    /** Number of the supplier's document. */
    readonly reference: string;
    readonly creditedOn: LocalDate;
    readonly recordedBy: string;
  }
>;
/** The work is asked for again as it is priced. */
export type CourtesyWithdrawn = DomainEvent<
  'CourtesyWithdrawn',
  { readonly workItemId: string; readonly reason: string; readonly withdrawnBy: string }
>;
/** The work of the whole ticket is free of charge, with a reason; declared before its resolution. */
export type NoChargeDeclared = DomainEvent<
  'NoChargeDeclared',
  Agreed & { readonly reasonCode: string; readonly reason: string; readonly declaredBy: string }
>;

export type TicketEvent =
  | TicketRequested
  | TicketTriaged
  | TicketReclassified
  | TicketReturned
  | TicketAssigned
  | TicketReassigned
  | WorkStarted
  | TicketPendedOnClient
  | TicketPendedOnThirdParty
  | TicketResumed
  | TicketResolved
  | ServiceVerificationRequested
  | ServiceVerificationApproved
  | ServiceVerificationRejected
  | TicketClosed
  | TicketCancelled
  | TicketReopened
  | TicketMerged
  | TicketSplit
  | TicketReprioritised
  | NoteAdded
  | TimerStarted
  | TimerStopped
  | TimeEntryLogged
  | TimeEntryCorrected
  | TimeEntryApproved
  | TimeEntryRejected
  | TimeEntryPriceOverridden
  | TimeEntryVoided
  | MaterialUsed
  | MaterialUsageCorrected
  | MaterialUsageApproved
  | MaterialUsageRejected
  | MaterialUsageVoided
  | ExpenseIncurred
  | ExpenseCorrected
  | ExpenseApproved
  | ExpenseRejected
  | ExpenseVoided
  | CourtesyGranted
  | CourtesyWithdrawn
  | SupplierCreditRecorded
  | NoChargeDeclared
  | ForgoingEvent
  | ScopeClassified
  | SlaWarned
  | SlaBreached
  | SlaBreachWithdrawn;

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
  TicketSplit: { storedName: 'ticket-split', personalFields: ['reason'] },
  TicketReprioritised: { storedName: 'ticket-reprioritised', personalFields: ['secondPerson'] },
  NoteAdded: { storedName: 'note-added', ...WITH_WORDS, personalFields: ['author', 'text'] },
  TimerStarted: { storedName: 'timer-started', personalFields: ['engineerId'] },
  TimerStopped: { storedName: 'timer-stopped', personalFields: [] },
  TimeEntryLogged: { storedName: 'time-entry-logged', personalFields: ['engineerId', 'description', 'loggedBy'] },
  TimeEntryCorrected: {
    storedName: 'time-entry-corrected',
    personalFields: ['engineerId', 'description', 'reason', 'correctedBy', 'secondPerson'],
  },
  TimeEntryApproved: { storedName: 'time-entry-approved', personalFields: ['approvedBy'] },
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
  MaterialUsageApproved: { storedName: 'material-usage-approved', personalFields: ['approvedBy'] },
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
  ExpenseApproved: { storedName: 'expense-approved', personalFields: ['approvedBy'] },
  ExpenseRejected: { storedName: 'expense-rejected', personalFields: ['rejectedBy', 'reason', 'secondPerson'] },
  ExpenseVoided: { storedName: 'expense-voided', personalFields: ['reason', 'secondPerson'] },
  CourtesyGranted: {
    storedName: 'courtesy-granted',
    personalFields: ['reason', 'comment', 'grantedBy', 'secondPerson'],
  },
  SupplierCreditRecorded: { storedName: 'supplier-credit-recorded', personalFields: ['recordedBy'] },
  CourtesyWithdrawn: { storedName: 'courtesy-withdrawn', personalFields: ['reason', 'withdrawnBy'] },
  NoChargeDeclared: { storedName: 'no-charge-declared', personalFields: ['reason', 'declaredBy', 'secondPerson'] },
  ScopeClassified: { storedName: 'scope-classified', personalFields: ['reason', 'classifiedBy', 'secondPerson'] },
  SlaWarned: { storedName: 'sla-warned', personalFields: [] },
  SlaBreached: { storedName: 'sla-breached', personalFields: [] },
  SlaBreachWithdrawn: { storedName: 'sla-breach-withdrawn', personalFields: [] },
});
