import { isRefusal, refuse, type Refusal, type Role } from '@billtrail/kernel';
import { streamName } from '@billtrail/event-store';
import { ticketDecider, type TicketCommand } from '@billtrail/ticketing';
import {
  define,
  type CommandClass,
  type CommandDefinition,
  type CommandPorts,
} from '../command-path/command-definition.js';
import type { CommandContext } from '../command-path/command-envelope.js';
import { clientOf, clientOfTicket, contractProblem } from './references.js';
import * as commands from './ticket.commands.js';

const decider = ticketDecider();

/** Who works on tickets, who dispatches them, who decides what is charged. */
const WORKERS: readonly Role[] = ['support', 'operations'];
const DISPATCHERS: readonly Role[] = ['operations'];
const CHARGERS: readonly Role[] = ['operations', 'accounts'];

function ticketCommand<C extends TicketCommand>(command: CommandClass<C>, roles: readonly Role[]): CommandDefinition {
  return define({
    command,
    roles,
    stream: (given: C) => streamName('ticket', given.ticketId),
    decider,
    prepare: withKnownReferences,
  });
}

/** A ticket can name only clients and contracts that exist; a client's user has access only to the client's own tickets. */
async function withKnownReferences<C extends TicketCommand>(
  command: C,
  context: CommandContext,
  { store }: CommandPorts,
): Promise<C | Refusal> {
  const named = command as { clientId?: string | null; contractId?: string | null };
  if (context.actor.role === 'client') {
    const owner = command.type === 'RequestTicket' ? named.clientId : await clientOfTicket(store, command.ticketId);
    if (context.clientId === undefined || owner !== context.clientId) {
      return refuse('TicketNotFound', `No ticket ${command.ticketId}.`, 'Check the id.', {
        ticketId: command.ticketId,
      });
    }
  }
  if (typeof named.clientId === 'string') {
    const client = await clientOf(store, named.clientId);
    if (isRefusal(client)) return client;
  }
  if (typeof named.contractId === 'string') {
    const problem = await contractProblem(store, named.contractId, named.clientId ?? null);
    if (problem) return problem;
  }
  return command;
}

export const ticketDefinitions: readonly CommandDefinition[] = [
  ticketCommand(commands.RequestTicket, [...WORKERS, 'client']),
  ticketCommand(commands.TriageTicket, DISPATCHERS),
  ticketCommand(commands.ReclassifyTicket, DISPATCHERS),
  ticketCommand(commands.AssignTicket, DISPATCHERS),
  ticketCommand(commands.ReprioritiseTicket, DISPATCHERS),
  ticketCommand(commands.CancelTicket, DISPATCHERS),
  ticketCommand(commands.StartWork, WORKERS),
  ticketCommand(commands.PendTicketOnClient, WORKERS),
  ticketCommand(commands.PendTicketOnThirdParty, WORKERS),
  ticketCommand(commands.ResumeTicket, WORKERS),
  ticketCommand(commands.ResolveTicket, WORKERS),
  ticketCommand(commands.RequestServiceVerification, WORKERS),
  ticketCommand(commands.ApproveServiceVerification, ['client', 'system']),
  ticketCommand(commands.RejectServiceVerification, ['client', 'operations']),
  ticketCommand(commands.CloseTicket, DISPATCHERS),
  ticketCommand(commands.ReopenTicket, [...WORKERS, 'client']),
  ticketCommand(commands.AddNote, WORKERS),
  ticketCommand(commands.StartTimer, WORKERS),
  ticketCommand(commands.StopTimer, WORKERS),
  ticketCommand(commands.LogTimeEntry, WORKERS),
  ticketCommand(commands.CorrectTimeEntry, WORKERS),
  ticketCommand(commands.ApproveTimeEntry, DISPATCHERS),
  ticketCommand(commands.RejectTimeEntry, DISPATCHERS),
  ticketCommand(commands.OverrideTimeEntryPrice, ['accounts']),
  ticketCommand(commands.VoidTimeEntry, WORKERS),
  ticketCommand(commands.RecordMaterialUsage, WORKERS),
  ticketCommand(commands.CorrectMaterialUsage, WORKERS),
  ticketCommand(commands.VoidMaterialUsage, WORKERS),
  ticketCommand(commands.RecordExpense, WORKERS),
  ticketCommand(commands.CorrectExpense, WORKERS),
  ticketCommand(commands.VoidExpense, WORKERS),
  ticketCommand(commands.DeclareNoCharge, CHARGERS),
];
