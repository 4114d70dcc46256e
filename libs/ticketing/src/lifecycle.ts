import type { Stage, TicketEvent } from './events.js';

/** One move of the lifecycle: the stages it is legal from, the stage it leads to, and how a caller asks for it. */
export interface Transition {
  readonly from: readonly Stage[];
  readonly to: Stage;
  /** The command that asks for it; null: none does. */
  readonly command: string | null;
  /** What a refusal says can't be done: `so work can't start`. */
  readonly blocked: string;
  /** The move as an order, and its route under the ticket. null: a ticket that is there can't be asked for it. */
  readonly order: string;
  readonly path: string | null;
}

/**
 * The lifecycle of domain.md: Request -> Triage -> Assigned -> In Progress <-> Pending Client / Pending Third Party -> Resolved ->
 * SVR Pending -> Closed. Some moves also have to pass gates, see gates.ts; Resolved -> Closed is listed because the gate
 * `service-verified` is what forbids it.
 *
 * An event outside this table leaves the stage as it is. Imported histories have moves from any stage to any stage: `to` holds for
 * them too, and `from` tells that they were irregular.
 */
export const TRANSITIONS = {
  TicketRequested: {
    from: [],
    to: 'request',
    command: 'RequestTicket',
    blocked: "it can't be requested again",
    order: 'Request it',
    path: null,
  },
  TicketReturned: {
    from: [],
    to: 'request',
    command: null,
    blocked: "it can't go back to the requests",
    order: 'Return it',
    path: null,
  },
  TicketTriaged: {
    from: ['request'],
    to: 'triage',
    command: 'TriageTicket',
    blocked: "it can't be triaged",
    order: 'Triage it',
    path: 'triage',
  },
  TicketAssigned: {
    from: ['triage'],
    to: 'assigned',
    command: 'AssignTicket',
    blocked: "it can't be assigned",
    order: 'Assign it',
    path: 'assign',
  },
  WorkStarted: {
    from: ['assigned'],
    to: 'in-progress',
    command: 'StartWork',
    blocked: "work can't start",
    order: 'Start work',
    path: 'start',
  },
  TicketPendedOnClient: {
    from: ['in-progress'],
    to: 'pending-client',
    command: 'PendTicketOnClient',
    blocked: "it can't be put on hold for the client",
    order: 'Put it on hold for the client',
    path: 'pend-on-client',
  },
  TicketPendedOnThirdParty: {
    from: ['in-progress'],
    to: 'pending-third-party',
    command: 'PendTicketOnThirdParty',
    blocked: "it can't be put on hold for a third party",
    order: 'Put it on hold for a third party',
    path: 'pend-on-third-party',
  },
  TicketResumed: {
    from: ['pending-client', 'pending-third-party'],
    to: 'in-progress',
    command: 'ResumeTicket',
    blocked: 'there is nothing to resume',
    order: 'Resume it',
    path: 'resume',
  },
  TicketResolved: {
    from: ['in-progress', 'pending-client', 'pending-third-party'],
    to: 'resolved',
    command: 'ResolveTicket',
    blocked: "it can't be resolved",
    order: 'Resolve it',
    path: 'resolve',
  },
  // Allowed again in SVR Pending: work added since needs a new report.
  ServiceVerificationRequested: {
    from: ['resolved', 'svr-pending'],
    to: 'svr-pending',
    command: 'RequestServiceVerification',
    blocked: "its service verification report can't be sent",
    order: 'Send the report',
    path: 'service-verification',
  },
  ServiceVerificationRejected: {
    from: ['svr-pending'],
    to: 'in-progress',
    command: 'RejectServiceVerification',
    blocked: 'there is no report to reject',
    order: 'Reject the report',
    path: 'service-verification/reject',
  },
  TicketClosed: {
    from: ['resolved', 'svr-pending'],
    to: 'closed',
    command: 'CloseTicket',
    blocked: "it can't be closed",
    order: 'Close it',
    path: 'close',
  },
  TicketCancelled: {
    from: ['request', 'triage'],
    to: 'closed',
    command: 'CancelTicket',
    blocked: "it can't be cancelled",
    order: 'Cancel it',
    path: 'cancel',
  },
  TicketReopened: {
    from: ['resolved', 'svr-pending', 'closed'],
    to: 'in-progress',
    command: 'ReopenTicket',
    blocked: 'there is nothing to reopen',
    order: 'Reopen it',
    path: 'reopen',
  },
} as const satisfies Partial<Record<TicketEvent['type'], Transition>>;

export type TransitionType = keyof typeof TRANSITIONS;
// The keys of a constant are its own; TypeScript widens them to strings.
export const TRANSITION_TYPES = Object.keys(TRANSITIONS) as readonly TransitionType[];
/** Commands that move a ticket that is there. */
export type MovingCommand = Exclude<(typeof TRANSITIONS)[TransitionType]['command'], 'RequestTicket' | null>;
export type TransitionEvent = Extract<TicketEvent, { type: TransitionType }>;

export function isTransition(event: TicketEvent): event is TransitionEvent {
  return event.type in TRANSITIONS;
}

/** The stage that an event leads to; null if it leaves the stage as it is. */
export function stageAfter(event: TicketEvent): Stage | null {
  if (event.type === 'TicketMerged') return 'closed';
  if (event.type === 'TicketSplit') return event.data.stage;
  return isTransition(event) ? TRANSITIONS[event.type].to : null;
}

/** The commands allowed in a stage, gates aside. */
export function commandsFrom(stage: Stage): string[] {
  return Object.values<Transition>(TRANSITIONS).flatMap(({ from, command }) =>
    command !== null && from.includes(stage) ? [command] : [],
  );
}
