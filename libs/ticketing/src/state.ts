import type { Instant, MoneyJson } from '@billtrail/kernel';
import type { Classification } from './classification.js';
import type {
  ExpenseFacts,
  MaterialFacts,
  NoChargeDeclared,
  NoteAdded,
  TicketRequested,
  TicketResolved,
  TimeEntryFacts,
} from './events.js';

export type Approval = 'unapproved' | 'approved' | 'rejected';

/** A work item in its current state. `original` is what was recorded first: it tells a repeat from another item with the same id. */
export type RecordedWork = { readonly voided: boolean } & (
  | {
      readonly kind: 'time';
      readonly facts: TimeEntryFacts;
      readonly original: TimeEntryFacts;
      readonly approval: Approval;
      /** The people who entered or corrected it. */
      readonly writtenBy: readonly string[];
      /** The price set for it; null: the rate card's. */
      readonly priceOverride: { readonly pricePerHour: MoneyJson; readonly reason: string } | null;
    }
  | { readonly kind: 'material'; readonly facts: MaterialFacts; readonly original: MaterialFacts }
  | { readonly kind: 'expense'; readonly facts: ExpenseFacts; readonly original: ExpenseFacts }
);

export interface Timer {
  readonly engineerId: string;
  readonly startedAt: Instant;
  readonly running: boolean;
}

/** A service verification report: the work it shows, and what the client said. */
export interface Verification {
  readonly workItemIds: readonly string[];
  readonly outcome: 'awaited' | 'approved' | 'rejected';
}

export type Resolution = Omit<TicketResolved['data'], 'irregular'>;

/** What a ticket knows at every stage. */
export interface TicketRecord {
  /** null only if an imported history lacks its beginning. */
  readonly requested: TicketRequested['data'] | null;
  readonly classification: Classification;
  readonly engineerId: string | null;
  readonly team: string | null;
  /** Time entries, material usages and expenses by id, voided ones too: an id is never used twice. */
  readonly workItems: ReadonlyMap<string, RecordedWork>;
  readonly timers: ReadonlyMap<string, Timer>;
  readonly notes: ReadonlyMap<string, NoteAdded['data']>;
  readonly noCharge: NoChargeDeclared['data'] | null;
  /** The latest resolution; it stays when the ticket is reopened. */
  readonly resolution: Resolution | null;
  /** The latest service verification; a new resolution clears it. */
  readonly verification: Verification | null;
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
  resolution: null,
  verification: null,
};

/** Ids of the work items that count: all but the voided, in the order in which they were recorded. */
export function liveWorkItemIds(record: TicketRecord): string[] {
  return [...record.workItems].flatMap(([id, item]) => (item.voided ? [] : [id]));
}
