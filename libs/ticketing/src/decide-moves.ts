import { type Decision, type Issued, isId, unreachable } from '@billtrail/kernel';
import type { RequestTicket, TransitionCommand } from './commands.js';
import type { Classification } from './classification.js';
import type { TicketEvent } from './events.js';
import { type TicketPolicy, rulesBrokenBy } from './gates.js';
import type { TransitionEvent } from './lifecycle.js';
import { notFromHere } from './next-steps.js';
import { blankField, no } from './refusals.js';
import { type Ticket, UNCLASSIFIED, liveWorkItemIds } from './state.js';
import { sameData } from './same-data.js';

/** Commands that move a ticket to another stage, except the first. */
export function decideMove(
  command: Exclude<TransitionCommand, RequestTicket> & Issued,
  ticket: Ticket,
  policy: TicketPolicy,
): Decision<TicketEvent> {
  const occurredAt = command.occurredAt ?? command.at;
  const { record, stage } = ticket;
  const move = (event: TransitionEvent): Decision<TicketEvent> => decideBy(event, ticket, policy);
  switch (command.type) {
    case 'TriageTicket': {
      const data = withInput(record.classification, command);
      if (stage === 'triage' && sameData(data, record.classification)) return [];
      return move({ type: 'TicketTriaged', data, occurredAt });
    }
    case 'AssignTicket': {
      const data = { engineerId: command.engineerId, team: command.team ?? null };
      const blank = blankField({ engineerId: command.engineerId });
      if (blank !== null) return blank;
      if (!isInWork(ticket)) return move({ type: 'TicketAssigned', data, occurredAt });
      if (data.engineerId === record.engineerId && data.team === record.team) return [];
      return [{ type: 'TicketReassigned', data, occurredAt }];
    }
    case 'StartWork':
      return stage === 'in-progress' ? [] : move({ type: 'WorkStarted', data: {}, occurredAt });
    case 'PendTicketOnClient': {
      const reason = command.reason ?? null;
      if (stage === 'pending-client' && ticket.reason === reason) return [];
      return move({ type: 'TicketPendedOnClient', data: { reason }, occurredAt });
    }
    case 'PendTicketOnThirdParty': {
      const reason = command.reason ?? null;
      if (stage === 'pending-third-party' && ticket.reason === reason) return [];
      return move({ type: 'TicketPendedOnThirdParty', data: { reason }, occurredAt });
    }
    case 'ResumeTicket':
      return stage === 'in-progress' ? [] : move({ type: 'TicketResumed', data: {}, occurredAt });
    case 'ResolveTicket': {
      const { resolution = null, materials = null, scope = null } = command;
      const data = { resolution, materials, scope };
      if (stage === 'resolved' && sameData(data, ticket.resolution)) return [];
      return move({ type: 'TicketResolved', data, occurredAt });
    }
    case 'RequestServiceVerification': {
      const workItemIds = liveWorkItemIds(record);
      if (stage === 'svr-pending' && sameData(workItemIds, ticket.verification.workItemIds)) return [];
      return move({ type: 'ServiceVerificationRequested', data: { workItemIds }, occurredAt });
    }
    case 'ApproveServiceVerification':
      return decideApproval(command, ticket, occurredAt);
    case 'RejectServiceVerification': {
      const blank = blankField({ reason: command.reason });
      if (blank !== null) return blank;
      if (stage === 'in-progress' && record.verification?.outcome === 'rejected') return [];
      const data = { rejectedBy: command.by.id, reason: command.reason };
      return move({ type: 'ServiceVerificationRejected', data, occurredAt });
    }
    case 'CloseTicket':
      if (stage === 'closed' && ticket.closedAs === 'completed') return [];
      return move({ type: 'TicketClosed', data: {}, occurredAt });
    case 'CancelTicket': {
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
      if (stage === 'closed' && ticket.closedAs === command.as && ticket.duplicateOf === duplicateOf) return [];
      return move({
        type: 'TicketCancelled',
        data: { as: command.as, duplicateOf, reason: command.reason },
        occurredAt,
      });
    }
    case 'ReopenTicket': {
      if (stage === 'in-progress') return [];
      const engineerId = command.engineerId ?? record.engineerId;
      const taken: Ticket = { ...ticket, record: { ...record, engineerId } };
      const reopened = decideBy(
        { type: 'TicketReopened', data: { reason: command.reason ?? null }, occurredAt },
        taken,
        policy,
      );
      if ('refused' in reopened || engineerId === record.engineerId) return reopened;
      return [...reopened, { type: 'TicketReassigned', data: { engineerId, team: record.team }, occurredAt }];
    }
    default:
      return unreachable(command);
  }
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

/** True while the ticket is worked on: assigned and not resolved. */
export function isInWork({ stage }: Ticket): boolean {
  return (
    stage === 'assigned' || stage === 'in-progress' || stage === 'pending-client' || stage === 'pending-third-party'
  );
}

/** The classification with the fields of a command; a field that is absent or null keeps its value. */
export function withInput(known: Classification, input: Partial<Classification>): Classification {
  return {
    clientId: input.clientId ?? known.clientId,
    contractId: input.contractId ?? known.contractId,
    siteId: input.siteId ?? known.siteId,
    category: input.category ?? known.category,
    ticketType: input.ticketType ?? known.ticketType,
    priority: input.priority ?? known.priority,
  };
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

function decideApproval(
  { by }: Extract<TransitionCommand, { type: 'ApproveServiceVerification' }> & Issued,
  ticket: Ticket,
  occurredAt: string,
): Decision<TicketEvent> {
  const { stage, record } = ticket;
  if ((stage === 'svr-pending' || stage === 'closed') && record.verification?.outcome === 'approved') return [];
  if (stage !== 'svr-pending') {
    return notFromHere(ticket, 'there is no report to approve', ['svr-pending'], { stage });
  }
  if (by.role !== 'client' && by.role !== 'system') {
    return no(
      'ApprovalNotByClient',
      'Only a contact of the client can approve a service verification report.',
      'Ask the client to approve it.',
      { role: by.role },
    );
  }
  return [
    { type: 'ServiceVerificationApproved', data: { approvedBy: by.id, silent: by.role === 'system' }, occurredAt },
  ];
}
