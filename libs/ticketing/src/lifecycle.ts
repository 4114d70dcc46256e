import type { TicketCommand } from './commands.js';
import type { Stage, TicketEvent } from './events.js';

/** One move of the lifecycle: the stages it is legal from, the stage it leads to, and the command that asks for it. */
export interface Transition {
  readonly from: readonly Stage[];
  readonly to: Stage;
  readonly command: TicketCommand['type'] | null;
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
  TicketRequested: { from: [], to: 'request', command: 'RequestTicket' },
  TicketReturned: { from: [], to: 'request', command: null },
  TicketTriaged: { from: ['request'], to: 'triage', command: 'TriageTicket' },
  TicketAssigned: { from: ['triage'], to: 'assigned', command: 'AssignTicket' },
  WorkStarted: { from: ['assigned'], to: 'in-progress', command: 'StartWork' },
  TicketPendedOnClient: { from: ['in-progress'], to: 'pending-client', command: 'PendTicketOnClient' },
  TicketPendedOnThirdParty: { from: ['in-progress'], to: 'pending-third-party', command: 'PendTicketOnThirdParty' },
  TicketResumed: { from: ['pending-client', 'pending-third-party'], to: 'in-progress', command: 'ResumeTicket' },
  TicketResolved: {
    from: ['in-progress', 'pending-client', 'pending-third-party'],
    to: 'resolved',
    command: 'ResolveTicket',
  },
  // Allowed again in SVR Pending: work added since needs a new report.
  ServiceVerificationRequested: {
    from: ['resolved', 'svr-pending'],
    to: 'svr-pending',
    command: 'RequestServiceVerification',
  },
  ServiceVerificationRejected: { from: ['svr-pending'], to: 'in-progress', command: 'RejectServiceVerification' },
  TicketClosed: { from: ['resolved', 'svr-pending'], to: 'closed', command: 'CloseTicket' },
  TicketCancelled: { from: ['request', 'triage'], to: 'closed', command: 'CancelTicket' },
  TicketReopened: { from: ['resolved', 'svr-pending', 'closed'], to: 'in-progress', command: 'ReopenTicket' },
} as const satisfies Partial<Record<TicketEvent['type'], Transition>>;

export type TransitionType = keyof typeof TRANSITIONS;
export type TransitionEvent = Extract<TicketEvent, { type: TransitionType }>;

export function isTransition(event: TicketEvent): event is TransitionEvent {
  return event.type in TRANSITIONS;
}

/** The stage that an event leads to; null if it leaves the stage as it is. */
export function stageAfter(event: TicketEvent): Stage | null {
  return isTransition(event) ? TRANSITIONS[event.type].to : null;
}

/** The commands allowed in a stage, gates aside. */
export function commandsFrom(stage: Stage): TicketCommand['type'][] {
  return Object.values<Transition>(TRANSITIONS).flatMap(({ from, command }) =>
    command !== null && from.includes(stage) ? [command] : [],
  );
}
