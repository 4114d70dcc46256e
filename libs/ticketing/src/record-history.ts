import { type Instant, unreachable } from '@billtrail/kernel';
import { markIrregular } from './moves.js';
import type { Classification } from './classification.js';
import type { Scope, Stage, TicketEvent, TicketRequested } from './events.js';

import { DEFAULT_TICKET_POLICY, type TicketPolicy, rulesBrokenBy } from './gates.js';
import type { TransitionEvent } from './lifecycle.js';
import { type Ticket, type TicketState, UNCLASSIFIED, evolveTicket, liveWorkItemIds } from './state.js';

/**
 * A move as another system tells it: the ticket stood in stage `to` from `occurredAt` on. Everything else is optional: give
 * what the export holds, and leave the rest out.
 */
export interface HistoricMove {
  readonly ticketId: string;
  readonly to: Stage;
  /** The time of the move in the history. */
  readonly occurredAt: Instant;
  /** Record the move also when the ticket is in that stage already (a second Closed row): irregular. */
  readonly again?: boolean;
  /** To `request`, and for a history that begins later: what was requested. */
  readonly requested?: Partial<
    Omit<TicketRequested['data'], 'irregular' | 'materialWords' | 'ticketId' | keyof Classification>
  >;
  /** To `request` and `triage`: known fields of the classification; the others keep their value. */
  readonly classification?: Partial<Classification>;
  /** To `assigned`; elsewhere the assignment before stays. */
  readonly engineerId?: string | null;
  readonly team?: string | null;
  /** To a pending stage, to `in-progress` after a resolution, to a cancelled `closed`. */
  readonly reason?: string | null;
  /** To `resolved`. */
  readonly resolution?: string | null;
  readonly materials?: 'listed' | 'none-used' | null;
  readonly scope?: Scope | null;
  /** To `closed`: without an end of its work. Absent: completed. */
  readonly closedAs?: 'cancelled' | 'duplicate';
  readonly duplicateOf?: string | null;
}

/** Code of the mark on a ticket whose history lacks its request: the request is recorded at the time of its first move. */
export const REQUEST_MISSING = 'RequestMissing';

/**
 * Records what happened, whether it was allowed or not: the events of a historic move, judged by the rules that judge live
 * commands. A move that a command would have been refused is kept, with the codes of all rules that it broke in `irregular`.
 *
 * Any stage can follow any stage. Of a move to the stage in which the ticket is already, nothing is recorded, unless `again` asks
 * for it. A history that does not begin with the request gets one, marked {@link REQUEST_MISSING}. Fold the events with
 * `ticketDecider().evolve` and pass the new state to the next move.
 */
export function recordMove(
  state: TicketState,
  move: HistoricMove,
  policy: TicketPolicy = DEFAULT_TICKET_POLICY,
): readonly TicketEvent[] {
  if (state.stage === 'not-requested') {
    const requested = requestOf(move);
    if (move.to === 'request') return [requested];
    const marked = markIrregular(requested, [REQUEST_MISSING]);
    const begun = evolveTicket(state, marked);
    return [marked, ...recordMove(begun, move, policy)];
  }
  if (state.stage === move.to && move.again !== true) return [];
  const event = eventOf(move, state);
  const broken = rulesBrokenBy(event, state, policy).map(({ refusal }) => refusal.code);
  return [markIrregular(event, broken)];
}

function requestOf(move: HistoricMove): TicketRequested {
  const { requested = {}, ticketId, occurredAt } = move;
  return {
    type: 'TicketRequested',
    data: {
      ticketId,
      ...UNCLASSIFIED,
      ...move.classification,
      reference: requested.reference ?? null,
      summary: requested.summary ?? '',
      description: requested.description ?? null,
      requestedBy: requested.requestedBy ?? null,
      source: requested.source ?? null,
    },
    occurredAt,
  };
}

/** The event that leads to the stage of the move; into In Progress it depends on where the ticket comes from. */
function eventOf(move: HistoricMove, ticket: Ticket): TransitionEvent {
  const { to, occurredAt, reason = null } = move;
  const { record } = ticket;
  switch (to) {
    case 'request':
      return { type: 'TicketReturned', data: {}, occurredAt };
    case 'triage':
      return { type: 'TicketTriaged', data: { ...record.classification, ...move.classification }, occurredAt };
    case 'assigned': {
      const { engineerId = record.engineerId, team = record.team } = move;
      return { type: 'TicketAssigned', data: { engineerId, team }, occurredAt };
    }
    case 'in-progress':
      return intoProgress(ticket, reason, occurredAt);
    case 'pending-client':
      return { type: 'TicketPendedOnClient', data: { reason }, occurredAt };
    case 'pending-third-party':
      return { type: 'TicketPendedOnThirdParty', data: { reason }, occurredAt };
    case 'resolved': {
      const { resolution = null, materials = null, scope = null } = move;
      return { type: 'TicketResolved', data: { resolution, materials, scope }, occurredAt };
    }
    case 'svr-pending':
      return { type: 'ServiceVerificationRequested', data: { workItemIds: liveWorkItemIds(record) }, occurredAt };
    case 'closed': {
      if (move.closedAs === undefined) return { type: 'TicketClosed', data: {}, occurredAt };
      const data = { as: move.closedAs, duplicateOf: move.duplicateOf ?? null, reason };
      return { type: 'TicketCancelled', data, occurredAt };
    }
    default:
      return unreachable(to);
  }
}

function intoProgress(ticket: Ticket, reason: string | null, occurredAt: Instant): TransitionEvent {
  switch (ticket.stage) {
    case 'pending-client':
    case 'pending-third-party':
      return { type: 'TicketResumed', data: {}, occurredAt };
    case 'resolved':
    case 'svr-pending':
    case 'closed':
      return { type: 'TicketReopened', data: { reason }, occurredAt };
    case 'request':
    case 'triage':
    case 'assigned':
    case 'in-progress':
      return { type: 'WorkStarted', data: {}, occurredAt };
    default:
      return unreachable(ticket);
  }
}
