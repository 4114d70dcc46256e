import type { Instant } from '@billtrail/kernel';
import type { Classification } from './classification.js';
import type {
  NoChargeDeclared,
  NoteAdded,
  ScopeClassified,
  TicketEvent,
  TicketMerged,
  TicketRequested,
  TicketResolved,
  TicketSplit,
  WorkOfTicket,
} from './events.js';
import { type Timers, type WorkItems, evolveTimers, evolveWorkItems, withEntry } from './recorded-work.js';

/** A service verification report: the work it shows, and what the client said. */
export interface Verification {
  readonly workItemIds: readonly string[];
  /** That of tickets that were merged into this one. Absent: none. */
  readonly merged?: readonly WorkOfTicket[];
  readonly outcome: 'awaited' | 'approved' | 'rejected';
}

export type Resolution = Omit<TicketResolved['data'], 'irregular' | 'materialWords'>;

/** What a ticket that was merged into another brings to it. */
export interface MergedWork {
  readonly ticketId: string;
  readonly workItemIds: readonly string[];
  readonly materialUsageIds: readonly string[];
}

/** What a ticket knows at every stage. */
export interface TicketRecord {
  /** null only if an imported history lacks its beginning. */
  readonly requested: TicketRequested['data'] | null;
  readonly classification: Classification;
  readonly engineerId: string | null;
  readonly team: string | null;
  readonly workItems: WorkItems;
  readonly timers: Timers;
  readonly notes: ReadonlyMap<string, NoteAdded['data']>;
  readonly noCharge: NoChargeDeclared['data'] | null;
  /** The declaration does not cover all work: some was recorded or corrected after it. */
  readonly isWorkSinceNoCharge: boolean;
  /** What Operations decided of its scope since the latest resolution; null: nothing. */
  readonly scope: ScopeClassified['data'] | null;
  /** Operations decided last that its work is out of scope, whatever resolutions said since. */
  readonly isOutOfScope: boolean;
  /** The latest resolution; it stays when the ticket is reopened. */
  readonly resolution: Resolution | null;
  /** The latest service verification; a new resolution clears it. */
  readonly verification: Verification | null;
  /** The ticket that it was taken out of again by the latest split; null: it was in none. */
  readonly splitFrom: string | null;
  /** The tickets that were merged into it, with their live work. Other streams say so: whoever decides is told, and nothing folds it. */
  readonly merged: readonly MergedWork[];
}

/** A ticket by its stage, with what only this stage has. */
export type Ticket = { readonly record: TicketRecord } & (
  | { readonly stage: 'request' | 'triage' | 'assigned' | 'in-progress' }
  | { readonly stage: 'pending-client' | 'pending-third-party'; readonly reason: string | null }
  | { readonly stage: 'resolved'; readonly resolution: Resolution }
  | { readonly stage: 'svr-pending'; readonly verification: Verification }
  | {
      readonly stage: 'closed';
      readonly closedAt: Instant;
      readonly closedAs: 'completed' | 'cancelled' | 'duplicate';
      readonly duplicateOf: string | null;
    }
  | {
      readonly stage: 'closed';
      readonly closedAt: Instant;
      readonly closedAs: 'merged';
      readonly duplicateOf: null;
      readonly mergedInto: string;
      /** How it was until then, for when it is taken out again. */
      readonly before: Ticket;
    }
);

export type TicketState = { readonly stage: 'not-requested' } | Ticket;

export const NOT_REQUESTED: TicketState = { stage: 'not-requested' };

export const UNCLASSIFIED: Classification = {
  clientId: null,
  contractId: null,
  siteId: null,
  category: null,
  ticketType: null,
  priority: null,
};

export const BLANK_RECORD: TicketRecord = {
  requested: null,
  classification: UNCLASSIFIED,
  engineerId: null,
  team: null,
  workItems: new Map(),
  timers: new Map(),
  notes: new Map(),
  noCharge: null,
  isWorkSinceNoCharge: false,
  scope: null,
  isOutOfScope: false,
  resolution: null,
  verification: null,
  splitFrom: null,
  merged: [],
};

/** Ids of the work items that count: all but the voided, in the order in which they were recorded. */
export function liveWorkItemIds(record: TicketRecord): string[] {
  return [...record.workItems].flatMap(([id, item]) => (item.voided ? [] : [id]));
}

export function liveMaterialIds(record: TicketRecord): string[] {
  return [...record.workItems].flatMap(([id, item]) => (item.kind === 'material' && !item.voided ? [id] : []));
}

/** True while the ticket is worked on: assigned and not resolved. */
export function isInWork({ stage }: Ticket): boolean {
  return (
    stage === 'assigned' || stage === 'in-progress' || stage === 'pending-client' || stage === 'pending-third-party'
  );
}

/**
 * The state after an event. It never rejects history: events are accepted in any order, and one that refers to something unknown (a
 * correction without its entry) changes nothing.
 */
export function evolveTicket(state: TicketState, event: TicketEvent): TicketState {
  const ticket: Ticket = state.stage === 'not-requested' ? { stage: 'request', record: BLANK_RECORD } : state;
  const record = ticket.record;
  const same = (changed: TicketRecord): Ticket => ({ ...ticket, record: changed });
  switch (event.type) {
    case 'TicketRequested':
      return {
        stage: 'request',
        record: { ...record, requested: event.data, classification: classificationOf(event.data) },
      };
    case 'TicketTriaged':
      return { stage: 'triage', record: { ...record, classification: classificationOf(event.data) } };
    case 'TicketReclassified':
      return same({ ...record, classification: classificationOf(event.data) });
    case 'TicketReprioritised':
      return same({ ...record, classification: { ...record.classification, priority: event.data.priority } });
    case 'TicketReturned':
      return { stage: 'request', record };
    case 'TicketAssigned':
      return { stage: 'assigned', record: { ...record, engineerId: event.data.engineerId, team: event.data.team } };
    case 'TicketReassigned':
      return same({ ...record, engineerId: event.data.engineerId, team: event.data.team });
    case 'WorkStarted':
    case 'TicketResumed':
      return { stage: 'in-progress', record };
    case 'TicketReopened':
      // The declaration was about the work until then; further work is declared again, or charged.
      return { stage: 'in-progress', record: { ...record, noCharge: null } };
    case 'TicketPendedOnClient':
      return { stage: 'pending-client', record, reason: event.data.reason };
    case 'TicketPendedOnThirdParty':
      return { stage: 'pending-third-party', record, reason: event.data.reason };
    case 'TicketResolved': {
      const { resolution: text, materials, scope } = event.data;
      const resolution = { resolution: text, materials, scope };
      return { stage: 'resolved', record: { ...record, resolution, scope: null, verification: null }, resolution };
    }
    case 'ServiceVerificationRequested': {
      const { workItemIds, merged } = event.data;
      const shown = { workItemIds, ...(merged === undefined ? {} : { merged }) };
      const verification = { ...shown, outcome: 'awaited' } as const;
      return { stage: 'svr-pending', record: { ...record, verification }, verification };
    }
    case 'ServiceVerificationApproved':
      return verified(ticket, 'approved');
    case 'ServiceVerificationRejected':
      return { stage: 'in-progress', record: verified(ticket, 'rejected').record };
    case 'TicketClosed':
      return { stage: 'closed', record, closedAt: event.occurredAt, closedAs: 'completed', duplicateOf: null };
    case 'TicketCancelled': {
      const { as, duplicateOf } = event.data;
      return { stage: 'closed', record, closedAt: event.occurredAt, closedAs: as, duplicateOf };
    }
    case 'TicketMerged':
      return mergedInto(ticket, event);
    case 'TicketSplit':
      return split(ticket, event);
    case 'NoteAdded':
      return same({ ...record, notes: withEntry(record.notes, event.data.noteId, event.data) });
    case 'NoChargeDeclared':
      return same({ ...record, noCharge: event.data, isWorkSinceNoCharge: false });
    case 'ScopeClassified':
      return same({ ...record, scope: event.data, isOutOfScope: event.data.scope === 'out-of-scope' });
    case 'TimerStarted':
    case 'TimerStopped':
      return same({ ...record, timers: evolveTimers(record.timers, event) });
    // Told about the ticket by the clock: no command asks for them (sla/record.ts).
    case 'SlaWarned':
    case 'SlaBreached':
    case 'SlaBreachWithdrawn':
    // Asked for, and without effect.
    case 'ForgoingRequested':
    case 'ForgoingWithdrawn':
    case 'ForgoingApproved':
    case 'ForgoingRefused':
      return ticket;
    default:
      return same({
        ...record,
        workItems: evolveWorkItems(record.workItems, event),
        isWorkSinceNoCharge: record.isWorkSinceNoCharge || 'workDate' in event.data,
      });
  }
}

function mergedInto(ticket: Ticket, { occurredAt, data: { into } }: TicketMerged): Ticket {
  const before = ticket.stage === 'closed' && ticket.closedAs === 'merged' ? ticket.before : ticket;
  const { record } = ticket;
  return {
    stage: 'closed',
    record,
    closedAt: occurredAt,
    closedAs: 'merged',
    duplicateOf: null,
    mergedInto: into,
    before,
  };
}

function split(ticket: Ticket, { data: { from } }: TicketSplit): Ticket {
  const record = { ...ticket.record, splitFrom: from };
  return ticket.stage === 'closed' && ticket.closedAs === 'merged'
    ? { ...ticket.before, record }
    : { ...ticket, record };
}

function classificationOf(data: Classification): Classification {
  const { clientId, contractId, siteId, category, ticketType, priority } = data;
  return { clientId, contractId, siteId, category, ticketType, priority };
}

function verified(ticket: Ticket, outcome: 'approved' | 'rejected'): Ticket {
  const verification = { ...(ticket.record.verification ?? { workItemIds: [] }), outcome };
  const record = { ...ticket.record, verification };
  return ticket.stage === 'svr-pending' ? { ...ticket, record, verification } : { ...ticket, record };
}
