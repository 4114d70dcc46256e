import { IsOptional } from 'class-validator';
import { PRIORITIES, SCOPES, type Priority, type Scope } from '@billtrail/ticketing';
import type * as ticketing from '@billtrail/ticketing';
import type { CommandFamily } from '../command-path/command-definition.js';
import { CHARGERS, DISPATCHERS, TicketCommandFields, WORKERS, ticketCommand } from './any-ticket.commands.js';
import { warnOfForgoneOfOthers } from './forgone-ends.js';
import { CommandName, IsAnId, IsLine, IsOneOf, IsText } from './fields.js';
import { mergeCommand, onWholeTicket } from './whole-ticket.js';

/** A field that is absent keeps its value; so does null, but for the contract and the site, which it takes off. */
abstract class ClassificationFields extends TicketCommandFields {
  @IsOptional()
  @IsAnId()
  clientId?: string | null;
  /** The contract that is asked first; null: those of the client in their order. */
  @IsOptional()
  @IsAnId()
  contractId?: string | null;
  /** The site where the work is done; null: at the client. */
  @IsOptional()
  @IsAnId()
  siteId?: string | null;
  @IsOptional()
  @IsLine(100)
  category?: string | null;
  @IsOptional()
  @IsLine(100)
  ticketType?: string | null;
  @IsOptional()
  @IsOneOf(PRIORITIES)
  priority?: Priority | null;
}

export class RequestTicket extends ClassificationFields implements ticketing.RequestTicket {
  @CommandName('RequestTicket')
  readonly type = 'RequestTicket';
  /** The number people know it by, if it differs from the id. */
  @IsOptional()
  @IsLine(100)
  reference?: string | null;
  @IsLine()
  summary: string;
  @IsOptional()
  @IsText()
  description?: string | null;
  @IsOptional()
  @IsLine(100)
  requestedBy?: string | null;
  /** The system it came from, if it was not requested here. */
  @IsOptional()
  @IsLine(100)
  source?: string | null;
}

export class TriageTicket extends ClassificationFields implements ticketing.TriageTicket {
  @CommandName('TriageTicket')
  readonly type = 'TriageTicket';
}

/** Corrects the classification at any stage: a contract found late, a wrong client. */
export class ReclassifyTicket extends ClassificationFields implements ticketing.ReclassifyTicket {
  @CommandName('ReclassifyTicket')
  readonly type = 'ReclassifyTicket';
  @IsOptional()
  @IsLine()
  reason?: string | null;
}

export class AssignTicket extends TicketCommandFields implements ticketing.AssignTicket {
  @CommandName('AssignTicket')
  readonly type = 'AssignTicket';
  @IsAnId()
  engineerId: string;
  @IsOptional()
  @IsLine(100)
  team?: string | null;
}

export class StartWork extends TicketCommandFields implements ticketing.StartWork {
  @CommandName('StartWork')
  readonly type = 'StartWork';
}

abstract class PendFields extends TicketCommandFields {
  @IsOptional()
  @IsLine()
  reason?: string | null;
}

export class PendTicketOnClient extends PendFields implements ticketing.PendTicketOnClient {
  @CommandName('PendTicketOnClient')
  readonly type = 'PendTicketOnClient';
}

export class PendTicketOnThirdParty extends PendFields implements ticketing.PendTicketOnThirdParty {
  @CommandName('PendTicketOnThirdParty')
  readonly type = 'PendTicketOnThirdParty';
}

export class ResumeTicket extends TicketCommandFields implements ticketing.ResumeTicket {
  @CommandName('ResumeTicket')
  readonly type = 'ResumeTicket';
}

export class ResolveTicket extends TicketCommandFields implements ticketing.ResolveTicket {
  @CommandName('ResolveTicket')
  readonly type = 'ResolveTicket';
  @IsOptional()
  @IsText()
  resolution?: string | null;
  /** Whether materials are listed on the ticket, or none were used. */
  @IsOptional()
  @IsOneOf(['listed', 'none-used'])
  materials?: 'listed' | 'none-used' | null;
  /** Whether the work was in the contract. */
  @IsOptional()
  @IsOneOf(SCOPES)
  scope?: Scope | null;
}

export class RequestServiceVerification extends TicketCommandFields implements ticketing.RequestServiceVerification {
  @CommandName('RequestServiceVerification')
  readonly type = 'RequestServiceVerification';
}

export class ApproveServiceVerification extends TicketCommandFields implements ticketing.ApproveServiceVerification {
  @CommandName('ApproveServiceVerification')
  readonly type = 'ApproveServiceVerification';
}

export class RejectServiceVerification extends TicketCommandFields implements ticketing.RejectServiceVerification {
  @CommandName('RejectServiceVerification')
  readonly type = 'RejectServiceVerification';
  @IsLine()
  reason: string;
}

export class CloseTicket extends TicketCommandFields implements ticketing.CloseTicket {
  @CommandName('CloseTicket')
  readonly type = 'CloseTicket';
}

export class CancelTicket extends TicketCommandFields implements ticketing.CancelTicket {
  @CommandName('CancelTicket')
  readonly type = 'CancelTicket';
  @IsOneOf(['cancelled', 'duplicate'])
  as: 'cancelled' | 'duplicate';
  @IsOptional()
  @IsAnId()
  duplicateOf?: string | null;
  @IsLine()
  reason: string;
}

export class ReopenTicket extends TicketCommandFields implements ticketing.ReopenTicket {
  @CommandName('ReopenTicket')
  readonly type = 'ReopenTicket';
  /** The engineer who takes it; by default the one who had it. */
  @IsOptional()
  @IsAnId()
  engineerId?: string | null;
  @IsOptional()
  @IsLine()
  reason?: string | null;
}

export class ReprioritiseTicket extends TicketCommandFields implements ticketing.ReprioritiseTicket {
  @CommandName('ReprioritiseTicket')
  readonly type = 'ReprioritiseTicket';
  @IsOneOf(PRIORITIES)
  priority: Priority;
}

export class AddNote extends TicketCommandFields implements ticketing.AddNote {
  @CommandName('AddNote')
  readonly type = 'AddNote';
  @IsAnId()
  noteId: string;
  @IsText()
  text: string;
  @IsOneOf(['internal', 'client'])
  visibility: 'internal' | 'client' = 'internal';
}

export class DeclareNoCharge extends TicketCommandFields implements ticketing.DeclareNoCharge {
  @CommandName('DeclareNoCharge')
  readonly type = 'DeclareNoCharge';
  @IsLine(50)
  reasonCode: string;
  @IsLine()
  reason: string;
}

/** Decides whether the work was in the contract, whatever was declared: out of scope, it is billed by the next contract or by the card. */
export class ClassifyScope extends TicketCommandFields implements ticketing.ClassifyScope {
  @CommandName('ClassifyScope')
  readonly type = 'ClassifyScope';
  @IsOneOf(SCOPES)
  scope: Scope;
  @IsLine()
  reason: string;
}

/** Merges the ticket into another of its client: what counts for a whole ticket counts for both, and its history stays. */
export class MergeTicket extends TicketCommandFields implements ticketing.MergeTicket {
  @CommandName('MergeTicket')
  readonly type = 'MergeTicket';
  /** The ticket that goes on. */
  @IsAnId()
  into: string;
  @IsLine()
  reason: string;
}

/** Takes the merge of the ticket back: it is in the stage again in which it was merged, with its own work. */
export class SplitTicket extends TicketCommandFields implements ticketing.SplitTicket {
  @CommandName('SplitTicket')
  readonly type = 'SplitTicket';
  @IsLine()
  reason: string;
}

/** The lifecycle of a ticket. */
export const ticketFamily: CommandFamily = {
  heading: 'Tickets',
  path: 'tickets',
  commands: [
    ticketCommand(RequestTicket, [...WORKERS, 'client'], {
      summary: 'Request a ticket',
      path: '',
      adds: true,
      makes: { ticketId: 't' },
    }),
    onWholeTicket(
      TriageTicket,
      DISPATCHERS,
      {
        summary: 'Triage a ticket: set client, category and priority',
        path: ':ticketId/triage',
      },
      'reclassify',
    ),
    onWholeTicket(
      ReclassifyTicket,
      DISPATCHERS,
      {
        summary: 'Correct client, contract, category or priority',
        path: ':ticketId/reclassify',
      },
      'reclassify',
      warnOfForgoneOfOthers,
    ),
    ticketCommand(AssignTicket, DISPATCHERS, { summary: 'Assign an engineer to a ticket', path: ':ticketId/assign' }),
    onWholeTicket(
      ReprioritiseTicket,
      DISPATCHERS,
      {
        summary: 'Change the priority of a ticket',
        path: ':ticketId/reprioritise',
      },
      'reclassify',
    ),
    ticketCommand(StartWork, WORKERS, { summary: 'Start work on a ticket', path: ':ticketId/start' }),
    ticketCommand(PendTicketOnClient, WORKERS, {
      summary: 'Put a ticket on hold for the client',
      path: ':ticketId/pend-on-client',
    }),
    ticketCommand(PendTicketOnThirdParty, WORKERS, {
      summary: 'Put a ticket on hold for a third party',
      path: ':ticketId/pend-on-third-party',
    }),
    ticketCommand(ResumeTicket, WORKERS, { summary: 'Resume a ticket on hold', path: ':ticketId/resume' }),
    ticketCommand(ResolveTicket, WORKERS, {
      summary: 'Resolve a ticket, declaring work, materials and scope',
      path: ':ticketId/resolve',
    }),
    ticketCommand(RequestServiceVerification, WORKERS, {
      summary: 'Send the service verification report',
      path: ':ticketId/service-verification',
    }),
    ticketCommand(ApproveServiceVerification, ['client', 'system'], {
      summary: 'Approve the service verification report as the client',
      path: ':ticketId/service-verification/approve',
    }),
    ticketCommand(RejectServiceVerification, ['client', 'operations'], {
      summary: 'Reject the service verification report',
      path: ':ticketId/service-verification/reject',
    }),
    ticketCommand(CloseTicket, DISPATCHERS, { summary: 'Close a ticket', path: ':ticketId/close' }),
    ticketCommand(CancelTicket, DISPATCHERS, {
      summary: 'Cancel a ticket or close it as a duplicate',
      path: ':ticketId/cancel',
    }),
    ticketCommand(ReopenTicket, [...WORKERS, 'client'], { summary: 'Reopen a ticket', path: ':ticketId/reopen' }),
    ticketCommand(AddNote, WORKERS, {
      summary: 'Add a note to a ticket',
      path: ':ticketId/notes',
      adds: true,
      makes: { noteId: 'n' },
    }),
    onWholeTicket(
      DeclareNoCharge,
      CHARGERS,
      {
        summary: 'Declare a ticket free of charge with a reason',
        path: ':ticketId/no-charge',
      },
      'no-charge',
    ),
    mergeCommand(MergeTicket, DISPATCHERS, {
      summary: 'Merge a ticket into another of its client',
      path: ':ticketId/merge',
    }),
    onWholeTicket(
      SplitTicket,
      DISPATCHERS,
      {
        summary: 'Split a merged ticket from the other again',
        path: ':ticketId/split',
      },
      'reclassify',
    ),
    onWholeTicket(
      ClassifyScope,
      DISPATCHERS,
      {
        summary: 'Classify work as out of scope, or as in the contract',
        path: ':ticketId/scope',
      },
      'reclassify',
    ),
  ],
};
