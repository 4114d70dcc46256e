import { type Decider, type Decision, type Issued, isId, unreachable } from '@billtrail/kernel';
import type { DescriptionCommand, TicketCommand } from './commands.js';
import { decideMove, decideRequest, isInWork, withInput } from './decide-moves.js';
import { decideTime } from './decide-time.js';
import { decideGoods } from './decide-work.js';
import type { TicketEvent } from './events.js';
import { evolveTicket } from './evolve.js';
import { DEFAULT_TICKET_POLICY, type TicketPolicy } from './gates.js';
import { routeOf } from './next-steps.js';
import { blankField, no } from './refusals.js';
import { sameData } from './same-data.js';
import { NOT_REQUESTED, type Ticket, type TicketState } from './state.js';
import { occurredAtRule } from './work-rules.js';

/**
 * A ticket from request to closing, with all the work on it. `policy` says which gates are on and for how long a closed ticket can be
 * reopened. A command that changes nothing yields no events.
 */
export function ticketDecider(
  policy: TicketPolicy = DEFAULT_TICKET_POLICY,
): Decider<TicketCommand, TicketState, TicketEvent> {
  return {
    initialState: NOT_REQUESTED,
    evolve: evolveTicket,
    decide: (command, state) => decideTicket(command, state, policy),
  };
}

function decideTicket(
  command: TicketCommand & Issued,
  state: TicketState,
  policy: TicketPolicy,
): Decision<TicketEvent> {
  const untimely = occurredAtRule(command.occurredAt ?? command.at, command.at);
  if (untimely !== null) return untimely;
  if (command.type === 'RequestTicket') return decideRequest(command, state.stage === 'not-requested' ? null : state);
  if (state.stage === 'not-requested') {
    return no('TicketUnknown', `No ticket ${command.ticketId}.`, 'Check the id, or request the ticket: POST /tickets', {
      ticketId: command.ticketId,
    });
  }
  switch (command.type) {
    case 'ReclassifyTicket':
    case 'ReprioritiseTicket':
    case 'AddNote':
    case 'DeclareNoCharge':
      return decideDescription(command, state);
    case 'StartTimer':
    case 'StopTimer':
    case 'LogTimeEntry':
    case 'CorrectTimeEntry':
    case 'ApproveTimeEntry':
    case 'RejectTimeEntry':
    case 'OverrideTimeEntryPrice':
    case 'VoidTimeEntry':
      return decideTime(command, state);
    case 'RecordMaterialUsage':
    case 'CorrectMaterialUsage':
    case 'VoidMaterialUsage':
    case 'RecordExpense':
    case 'CorrectExpense':
    case 'VoidExpense':
      return decideGoods(command, state);
    case 'TriageTicket':
    case 'AssignTicket':
    case 'StartWork':
    case 'PendTicketOnClient':
    case 'PendTicketOnThirdParty':
    case 'ResumeTicket':
    case 'ResolveTicket':
    case 'RequestServiceVerification':
    case 'ApproveServiceVerification':
    case 'RejectServiceVerification':
    case 'CloseTicket':
    case 'CancelTicket':
    case 'ReopenTicket':
      return decideMove(command, state, policy);
    default:
      return unreachable(command);
  }
}

/** Commands that describe a ticket, at any stage, without moving it. */
function decideDescription(command: DescriptionCommand & Issued, ticket: Ticket): Decision<TicketEvent> {
  const occurredAt = command.occurredAt ?? command.at;
  const { record } = ticket;
  switch (command.type) {
    case 'ReclassifyTicket': {
      const classification = withInput(record.classification, command);
      if (sameData(classification, record.classification)) return [];
      return [{ type: 'TicketReclassified', data: { ...classification, reason: command.reason ?? null }, occurredAt }];
    }
    case 'ReprioritiseTicket': {
      if (record.classification.priority === command.priority) return [];
      return [{ type: 'TicketReprioritised', data: { priority: command.priority }, occurredAt }];
    }
    case 'AddNote': {
      const { noteId, text, visibility } = command;
      const blank = blankField({ noteId, text });
      if (blank !== null) return blank;
      if (!isId(noteId)) {
        return no('FieldInvalid', `${noteId} is not a valid note id.`, 'Use letters, digits and . _ ~ : -', {
          field: 'noteId',
        });
      }
      const data = { noteId, author: command.by.id, text, visibility };
      const known = record.notes.get(noteId);
      if (known === undefined) return [{ type: 'NoteAdded', data, occurredAt }];
      if (sameData(known, data)) return [];
      return no('NoteExists', `The ticket has another note with id ${noteId}.`, 'Use another id.', { noteId });
    }
    case 'DeclareNoCharge': {
      const { reasonCode, reason } = command;
      const blank = blankField({ reasonCode, reason });
      if (blank !== null) return blank;
      if (record.noCharge?.reasonCode === reasonCode && record.noCharge.reason === reason) return [];
      if (!isInWork(ticket) && ticket.stage !== 'request' && ticket.stage !== 'triage') {
        return no(
          'TicketAlreadyResolved',
          "A resolved ticket can't be declared free of charge.",
          `Reopen it: ${routeOf(ticket, 'reopen')}, or ask Accounts to write the work off.`,
          { stage: ticket.stage },
        );
      }
      return [{ type: 'NoChargeDeclared', data: { reasonCode, reason, declaredBy: command.by.id }, occurredAt }];
    }
    default:
      return unreachable(command);
  }
}
