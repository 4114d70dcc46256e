import type { TicketCommand } from './commands.js';
import type { Stage, TicketEvent } from './events.js';

/** One move of the lifecycle: from which stages it is legal, where it leads, and the command that asks for it. */
export interface Transition {
  readonly from: readonly Stage[];
  readonly to: Stage;
  readonly command: TicketCommand['type'] | null;
}

/**
 * The lifecycle of domain.md: Request -> Triage -> Assigned -> In Progress <-> Pending Client / Pending Third Party -> Resolved ->
 * SVR Pending -> Closed. Which of these moves also has to pass gates is told in gates.ts; Resolved -> Closed is here because it
 * is the gate `service-verified` that forbids it.
 *
 * An event outside of this table leaves the stage as it is. Histories hold moves from any stage to any stage: `to` is true of
 * them too, `from` then tells that they were irregular.
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
  // Again in SVR Pending: work that came since needs a new report.
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

/** The stage that an event leads to; null when it leaves the stage as it is. */
export function stageAfter(event: TicketEvent): Stage | null {
  return isTransition(event) ? TRANSITIONS[event.type].to : null;
}

/** The commands that lead on from a stage, gates aside. */
export function commandsFrom(stage: Stage): TicketCommand['type'][] {
  return Object.values<Transition>(TRANSITIONS).flatMap(({ from, command }) =>
    command !== null && from.includes(stage) ? [command] : [],
  );
}
