import { Body, Controller, Param } from '@nestjs/common';
import { ApiBearerAuth, ApiTags } from '@nestjs/swagger';
import { ticketCommands as tickets } from '@billtrail/application';
import { For } from '../access/access-policy.js';
import { FromCaller, type Caller } from '../http/caller.js';
import { Commands } from '../http/commands.js';
import { Writes } from '../http/writes.js';

/** The lifecycle of a ticket. The roles allowed for each command are in the command's definition. */
@ApiTags('Tickets')
@ApiBearerAuth()
@Controller('tickets')
@For('operations', 'support', 'accounts', 'client')
export class TicketsController {
  constructor(private readonly commands: Commands) {}

  @Writes('Request a ticket', '', tickets.RequestTicket, [], 201)
  request(@FromCaller() caller: Caller, @Body() body: unknown) {
    return this.commands.send(tickets.RequestTicket, caller, body, {}, { ticketId: caller.newId('t') });
  }

  @Writes('Triage a ticket: set client, category and priority', ':ticketId/triage', tickets.TriageTicket, ['ticketId'])
  triage(@FromCaller() caller: Caller, @Param('ticketId') ticketId: string, @Body() body: unknown) {
    return this.commands.send(tickets.TriageTicket, caller, body, { ticketId });
  }

  @Writes('Correct client, contract, category or priority', ':ticketId/reclassify', tickets.ReclassifyTicket, [
    'ticketId',
  ])
  reclassify(@FromCaller() caller: Caller, @Param('ticketId') ticketId: string, @Body() body: unknown) {
    return this.commands.send(tickets.ReclassifyTicket, caller, body, { ticketId });
  }

  @Writes('Assign an engineer to a ticket', ':ticketId/assign', tickets.AssignTicket, ['ticketId'])
  assign(@FromCaller() caller: Caller, @Param('ticketId') ticketId: string, @Body() body: unknown) {
    return this.commands.send(tickets.AssignTicket, caller, body, { ticketId });
  }

  @Writes('Change the priority of a ticket', ':ticketId/reprioritise', tickets.ReprioritiseTicket, ['ticketId'])
  reprioritise(@FromCaller() caller: Caller, @Param('ticketId') ticketId: string, @Body() body: unknown) {
    return this.commands.send(tickets.ReprioritiseTicket, caller, body, { ticketId });
  }

  @Writes('Start work on a ticket', ':ticketId/start', tickets.StartWork, ['ticketId'])
  start(@FromCaller() caller: Caller, @Param('ticketId') ticketId: string, @Body() body: unknown) {
    return this.commands.send(tickets.StartWork, caller, body, { ticketId });
  }

  @Writes('Put a ticket on hold for the client', ':ticketId/pend-on-client', tickets.PendTicketOnClient, ['ticketId'])
  pendOnClient(@FromCaller() caller: Caller, @Param('ticketId') ticketId: string, @Body() body: unknown) {
    return this.commands.send(tickets.PendTicketOnClient, caller, body, { ticketId });
  }

  @Writes('Put a ticket on hold for a third party', ':ticketId/pend-on-third-party', tickets.PendTicketOnThirdParty, [
    'ticketId',
  ])
  pendOnThirdParty(@FromCaller() caller: Caller, @Param('ticketId') ticketId: string, @Body() body: unknown) {
    return this.commands.send(tickets.PendTicketOnThirdParty, caller, body, { ticketId });
  }

  @Writes('Resume a ticket on hold', ':ticketId/resume', tickets.ResumeTicket, ['ticketId'])
  resume(@FromCaller() caller: Caller, @Param('ticketId') ticketId: string, @Body() body: unknown) {
    return this.commands.send(tickets.ResumeTicket, caller, body, { ticketId });
  }

  @Writes('Resolve a ticket, declaring work, materials and scope', ':ticketId/resolve', tickets.ResolveTicket, [
    'ticketId',
  ])
  resolve(@FromCaller() caller: Caller, @Param('ticketId') ticketId: string, @Body() body: unknown) {
    return this.commands.send(tickets.ResolveTicket, caller, body, { ticketId });
  }

  @Writes(
    'Send the service verification report',
    ':ticketId/service-verification',
    tickets.RequestServiceVerification,
    ['ticketId'],
  )
  requestVerification(@FromCaller() caller: Caller, @Param('ticketId') ticketId: string, @Body() body: unknown) {
    return this.commands.send(tickets.RequestServiceVerification, caller, body, { ticketId });
  }

  @Writes(
    'Approve the service verification report as the client',
    ':ticketId/service-verification/approve',
    tickets.ApproveServiceVerification,
    ['ticketId'],
  )
  approveVerification(@FromCaller() caller: Caller, @Param('ticketId') ticketId: string, @Body() body: unknown) {
    return this.commands.send(tickets.ApproveServiceVerification, caller, body, { ticketId });
  }

  @Writes(
    'Reject the service verification report',
    ':ticketId/service-verification/reject',
    tickets.RejectServiceVerification,
    ['ticketId'],
  )
  rejectVerification(@FromCaller() caller: Caller, @Param('ticketId') ticketId: string, @Body() body: unknown) {
    return this.commands.send(tickets.RejectServiceVerification, caller, body, { ticketId });
  }

  @Writes('Close a ticket', ':ticketId/close', tickets.CloseTicket, ['ticketId'])
  close(@FromCaller() caller: Caller, @Param('ticketId') ticketId: string, @Body() body: unknown) {
    return this.commands.send(tickets.CloseTicket, caller, body, { ticketId });
  }

  @Writes('Cancel a ticket or close it as a duplicate', ':ticketId/cancel', tickets.CancelTicket, ['ticketId'])
  cancel(@FromCaller() caller: Caller, @Param('ticketId') ticketId: string, @Body() body: unknown) {
    return this.commands.send(tickets.CancelTicket, caller, body, { ticketId });
  }

  @Writes('Reopen a ticket', ':ticketId/reopen', tickets.ReopenTicket, ['ticketId'])
  reopen(@FromCaller() caller: Caller, @Param('ticketId') ticketId: string, @Body() body: unknown) {
    return this.commands.send(tickets.ReopenTicket, caller, body, { ticketId });
  }

  @Writes('Add a note to a ticket', ':ticketId/notes', tickets.AddNote, ['ticketId'], 201)
  addNote(@FromCaller() caller: Caller, @Param('ticketId') ticketId: string, @Body() body: unknown) {
    return this.commands.send(tickets.AddNote, caller, body, { ticketId }, { noteId: caller.newId('n') });
  }

  @Writes('Declare a ticket free of charge with a reason', ':ticketId/no-charge', tickets.DeclareNoCharge, ['ticketId'])
  declareNoCharge(@FromCaller() caller: Caller, @Param('ticketId') ticketId: string, @Body() body: unknown) {
    return this.commands.send(tickets.DeclareNoCharge, caller, body, { ticketId });
  }
}
