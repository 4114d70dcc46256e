import { type Decision, type Issued, isId } from '@billtrail/kernel';
import { type ClassificationInput, withInput } from './classification.js';
import type { About, Decisions } from './decisions.js';
import type { Scope, TicketEvent } from './events.js';
import { type TicketPolicy, rulesBrokenBy } from './gates.js';
import type { MovingCommand, TransitionEvent } from './lifecycle.js';
import { notFromHere, routeOf } from './next-steps.js';
import { blankField, no } from './refusals.js';
import { type MergedWork, type Ticket, type Verification, UNCLASSIFIED, isInWork, liveWorkItemIds } from './state.js';
import { sameData } from './same-data.js';

export interface RequestTicket extends About, ClassificationInput {
  readonly type: 'RequestTicket';
  readonly summary: string;
  readonly description?: string | null;
  readonly reference?: string | null;
  readonly requestedBy?: string | null;
  readonly source?: string | null;
}
export interface TriageTicket extends About, ClassificationInput {
  readonly type: 'TriageTicket';
}
/** Assigns the ticket, or reassigns it to another engineer or team before it is resolved. */
export interface AssignTicket extends About {
  readonly type: 'AssignTicket';
  readonly engineerId: string;
  readonly team?: string | null;
}
export interface StartWork extends About {
  readonly type: 'StartWork';
}
export interface PendTicketOnClient extends About {
  readonly type: 'PendTicketOnClient';
  readonly reason?: string | null;
}
export interface PendTicketOnThirdParty extends About {
  readonly type: 'PendTicketOnThirdParty';
  readonly reason?: string | null;
}
export interface ResumeTicket extends About {
  readonly type: 'ResumeTicket';
}
/** Beside the gates it refuses ScopeDecided: who resolves a ticket does not take back what Operations decided of its scope. */
export interface ResolveTicket extends About {
  readonly type: 'ResolveTicket';
  readonly resolution?: string | null;
  readonly materials?: 'listed' | 'none-used' | null;
  readonly scope?: Scope | null;
  /** The tickets that were merged into it. Absent: none. */
  readonly merged?: readonly MergedWork[];
}
/** Generates the service verification report from the work recorded so far; again if work was added since. */
export interface RequestServiceVerification extends About {
  readonly type: 'RequestServiceVerification';
  /** The tickets that were merged into it. Absent: none. */
  readonly merged?: readonly MergedWork[];
}
/** By a contact of the client, or by the policy for silent approval (role `system`). */
export interface ApproveServiceVerification extends About {
  readonly type: 'ApproveServiceVerification';
}
export interface RejectServiceVerification extends About {
  readonly type: 'RejectServiceVerification';
  readonly reason: string;
}
export interface CloseTicket extends About {
  readonly type: 'CloseTicket';
}
export interface CancelTicket extends About {
  readonly type: 'CancelTicket';
  readonly as: 'cancelled' | 'duplicate';
  /** The other ticket, for a duplicate. */
  readonly duplicateOf?: string | null;
  readonly reason: string;
}
export interface ReopenTicket extends About {
  readonly type: 'ReopenTicket';
  readonly reason?: string | null;
  /** The engineer who takes it; absent: the one who had it. */
  readonly engineerId?: string | null;
}

export type TransitionCommand =
  | TriageTicket
  | AssignTicket
  | StartWork
  | PendTicketOnClient
  | PendTicketOnThirdParty
  | ResumeTicket
  | ResolveTicket
  | RequestServiceVerification
  | ApproveServiceVerification
  | RejectServiceVerification
  | CloseTicket
  | CancelTicket
  | ReopenTicket;

/** Commands that move a ticket to another stage, except the first. */
export const MOVES: Decisions<TransitionCommand> & Record<MovingCommand, unknown> = {
  TriageTicket(command, ticket, occurredAt, policy) {
    const data = withInput(ticket.record.classification, command);
    if (ticket.stage === 'triage' && sameData(data, ticket.record.classification)) return [];
    return decideBy({ type: 'TicketTriaged', data, occurredAt }, ticket, policy);
  },
  AssignTicket(command, ticket, occurredAt, policy) {
    const data = { engineerId: command.engineerId, team: command.team ?? null };
    const blank = blankField({ engineerId: command.engineerId });
    if (blank !== null) return blank;
    if (!isInWork(ticket)) return decideBy({ type: 'TicketAssigned', data, occurredAt }, ticket, policy);
    if (data.engineerId === ticket.record.engineerId && data.team === ticket.record.team) return [];
    return [{ type: 'TicketReassigned', data, occurredAt }];
  },
  StartWork(_command, ticket, occurredAt, policy) {
    return ticket.stage === 'in-progress'
      ? []
      : decideBy({ type: 'WorkStarted', data: {}, occurredAt }, ticket, policy);
  },
  PendTicketOnClient(command, ticket, occurredAt, policy) {
    const reason = command.reason ?? null;
    if (ticket.stage === 'pending-client' && ticket.reason === reason) return [];
    return decideBy({ type: 'TicketPendedOnClient', data: { reason }, occurredAt }, ticket, policy);
  },
  PendTicketOnThirdParty(command, ticket, occurredAt, policy) {
    const reason = command.reason ?? null;
    if (ticket.stage === 'pending-third-party' && ticket.reason === reason) return [];
    return decideBy({ type: 'TicketPendedOnThirdParty', data: { reason }, occurredAt }, ticket, policy);
  },
  ResumeTicket(_command, ticket, occurredAt, policy) {
    return ticket.stage === 'in-progress'
      ? []
      : decideBy({ type: 'TicketResumed', data: {}, occurredAt }, ticket, policy);
  },
  ResolveTicket(command, ticket, occurredAt, policy) {
    const { resolution = null, materials = null, scope = null } = command;
    const data = { resolution, materials, scope };
    if (ticket.stage === 'resolved' && sameData(data, ticket.resolution)) return [];
    const decided = decideBy({ type: 'TicketResolved', data, occurredAt }, ticket, policy);
    if ('refused' in decided || scope !== 'in-contract' || !ticket.record.isOutOfScope) return decided;
    return no(
      'ScopeDecided',
      'Operations classified this ticket as out of scope.',
      `Resolve it with scope \`out-of-scope\`, or ask Operations to reclassify it: ${routeOf(ticket, 'scope')}`,
      { scope: 'out-of-scope' },
    );
  },
  RequestServiceVerification(_command, ticket, occurredAt, policy) {
    const workItemIds = liveWorkItemIds(ticket.record);
    const merged = ticket.record.merged.flatMap(({ ticketId, workItemIds: ids }) =>
      ids.length === 0 ? [] : [{ ticketId, workItemIds: ids }],
    );
    const data = { workItemIds, ...(merged.length === 0 ? {} : { merged }) };
    if (ticket.stage === 'svr-pending' && sameData(data, shownOn(ticket.verification))) return [];
    return decideBy({ type: 'ServiceVerificationRequested', data, occurredAt }, ticket, policy);
  },
  ApproveServiceVerification(command, ticket, occurredAt) {
    const { stage, record } = ticket;
    if ((stage === 'svr-pending' || stage === 'closed') && record.verification?.outcome === 'approved') return [];
    if (stage !== 'svr-pending') {
      return notFromHere(ticket, 'there is no report to approve', ['svr-pending'], { stage });
    }
    if (command.by.role !== 'client' && command.by.role !== 'system') {
      return no(
        'ApprovalNotByClient',
        'Only a contact of the client can approve a service verification report.',
        'Ask the client to approve it.',
        { role: command.by.role },
      );
    }
    return [
      {
        type: 'ServiceVerificationApproved',
        data: { approvedBy: command.by.id, silent: command.by.role === 'system' },
        occurredAt,
      },
    ];
  },
  RejectServiceVerification(command, ticket, occurredAt, policy) {
    const blank = blankField({ reason: command.reason });
    if (blank !== null) return blank;
    if (ticket.stage === 'in-progress' && ticket.record.verification?.outcome === 'rejected') return [];
    const data = { rejectedBy: command.by.id, reason: command.reason };
    return decideBy({ type: 'ServiceVerificationRejected', data, occurredAt }, ticket, policy);
  },
  CloseTicket(_command, ticket, occurredAt, policy) {
    if (ticket.stage === 'closed' && ticket.closedAs === 'completed') return [];
    return decideBy({ type: 'TicketClosed', data: {}, occurredAt }, ticket, policy);
  },
  CancelTicket(command, ticket, occurredAt, policy) {
    const duplicateOf = command.as === 'duplicate' ? (command.duplicateOf ?? null) : null;
    const blank = blankField({ reason: command.reason, ...(command.as === 'duplicate' ? { duplicateOf } : {}) });
    if (blank !== null) return blank;
    if (duplicateOf === command.ticketId) {
      return no(
        'FieldInvalid',
        "A ticket can't be a duplicate of itself.",
        'Send the id of the other ticket in `duplicateOf`.',
        {
          field: 'duplicateOf',
        },
      );
    }
    if (ticket.stage === 'closed' && ticket.closedAs === command.as && ticket.duplicateOf === duplicateOf) return [];
    return decideBy(
      {
        type: 'TicketCancelled',
        data: { as: command.as, duplicateOf, reason: command.reason },
        occurredAt,
      },
      ticket,
      policy,
    );
  },
  ReopenTicket(command, ticket, occurredAt, policy) {
    if (ticket.stage === 'in-progress') return [];
    const engineerId = command.engineerId ?? ticket.record.engineerId;
    const taken: Ticket = { ...ticket, record: { ...ticket.record, engineerId } };
    const reopened = decideBy(
      { type: 'TicketReopened', data: { reason: command.reason ?? null }, occurredAt },
      taken,
      policy,
    );
    if ('refused' in reopened || engineerId === ticket.record.engineerId) return reopened;
    return [...reopened, { type: 'TicketReassigned', data: { engineerId, team: ticket.record.team }, occurredAt }];
  },
};

/** What a report shows. */
function shownOn({ workItemIds, merged }: Verification): Pick<Verification, 'workItemIds' | 'merged'> {
  return { workItemIds, ...(merged === undefined ? {} : { merged }) };
}

/** The first command of every ticket. Repeated with the same content it yields no events. */
export function decideRequest(command: RequestTicket & Issued, known: Ticket | null): Decision<TicketEvent> {
  if (!isId(command.ticketId)) {
    return no('FieldInvalid', `${command.ticketId} is not a valid ticket id.`, 'Use letters, digits and . _ ~ : -', {
      field: 'ticketId',
    });
  }
  const blank = blankField({ summary: command.summary });
  if (blank !== null) return blank;
  const data = {
    ticketId: command.ticketId,
    ...withInput(UNCLASSIFIED, command),
    reference: command.reference ?? null,
    summary: command.summary,
    description: command.description ?? null,
    requestedBy: command.requestedBy ?? null,
    source: command.source ?? null,
  };
  if (known === null) return [{ type: 'TicketRequested', data, occurredAt: command.occurredAt ?? command.at }];
  if (sameData(known.record.requested, data)) return [];
  return no('TicketExists', `Ticket ${command.ticketId} exists already, with other content.`, 'Use another id.', {
    ticketId: command.ticketId,
  });
}

/** Refuses with the first broken rule that stops the move; broken rules whose gate is off are marked on the event. */
function decideBy(event: TransitionEvent, ticket: Ticket, policy: TicketPolicy): Decision<TicketEvent> {
  const broken = rulesBrokenBy(event, ticket, policy);
  const stopping = broken.find((rule) => rule.stops);
  if (stopping !== undefined) return stopping.refusal;
  return [
    markIrregular(
      event,
      broken.map(({ refusal }) => refusal.code),
    ),
  ];
}

/** The event with the codes of the rules it broke; unchanged if there are none. */
export function markIrregular(event: TransitionEvent, codes: readonly string[]): TransitionEvent {
  // The spread keeps the event's type; TypeScript can't follow it through a union.
  return codes.length === 0 ? event : ({ ...event, data: { ...event.data, irregular: codes } } as TransitionEvent);
}
