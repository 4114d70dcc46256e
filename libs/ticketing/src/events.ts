import type { Agreed, DomainEvent, ForgoingEvent } from '@billtrail/kernel';
import type { Classification, Priority } from './classification.js';
import type { TimerEvent, WorkItemEvent } from './events/work.js';
import type { SlaBreached, SlaBreachWithdrawn, SlaWarned } from './sla/events.js';

export * from './events/work.js';

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
  Agreed & {
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
  | TimerEvent
  | WorkItemEvent
  | NoChargeDeclared
  | ForgoingEvent
  | ScopeClassified
  | SlaWarned
  | SlaBreached
  | SlaBreachWithdrawn;
