import { type Decider, type Decision, isRefusal, type Issued } from '@billtrail/kernel';
import { APPROVING, type ApprovingCommand } from './approving.js';
import type { Decisions } from './decisions.js';
import { COURTESIES, type CourtesyCommand } from './courtesy.js';
import { DESCRIPTIONS, type DescriptionCommand } from './description.js';
import type { TicketEvent } from './events.js';
import { DEFAULT_TICKET_POLICY, type TicketPolicy } from './gates.js';
import { GOODS, type GoodsCommand } from './goods.js';
import { withMaterialWords } from './material-words.js';
import { MERGING, type MergingCommand, refusedByMerge } from './merging.js';
import { MOVES, type RequestTicket, type TransitionCommand, decideRequest } from './moves.js';
import { no } from './refusals.js';
import { NOT_REQUESTED, type Ticket, type TicketState, evolveTicket } from './state.js';
import { TIME, type TimeCommand } from './time.js';
import { WARRANTY, type WarrantyCommand } from './warranty.js';
import { occurredAtRule } from './work-rules.js';

type LaterCommand =
  | TransitionCommand
  | DescriptionCommand
  | TimeCommand
  | GoodsCommand
  | ApprovingCommand
  | CourtesyCommand
  | WarrantyCommand
  | MergingCommand;
export type TicketCommand = RequestTicket | LaterCommand;

/** How every command is decided but the first: a ticket can be requested only where none is. */
const DECISIONS: Decisions<LaterCommand> = {
  ...MOVES,
  ...DESCRIPTIONS,
  ...TIME,
  ...GOODS,
  ...APPROVING,
  ...COURTESIES,
  ...WARRANTY,
  ...MERGING,
};

/**
 * A ticket from request to closing, with all the work on it. `policy` says which gates are on and for how long a closed ticket can be
 * reopened, and which words are looked for in its texts. A command that changes nothing yields no events.
 */
export function ticketDecider(
  policy: TicketPolicy = DEFAULT_TICKET_POLICY,
): Decider<TicketCommand, TicketState, TicketEvent> {
  return {
    initialState: NOT_REQUESTED,
    evolve: evolveTicket,
    decide: (command, state) => withWordsFound(decideTicket(command, state, policy), policy),
  };
}

function withWordsFound(decision: Decision<TicketEvent>, { materialWords }: TicketPolicy): Decision<TicketEvent> {
  if (isRefusal(decision) || materialWords === undefined) return decision;
  return decision.map((event) => withMaterialWords(event, materialWords));
}

/** A ticket with the work of those that were merged into it, where whoever sends the command looked them up. */
function withMerged(ticket: Ticket, command: LaterCommand): Ticket {
  const merged = 'merged' in command ? command.merged : undefined;
  return merged === undefined ? ticket : { ...ticket, record: { ...ticket.record, merged } };
}

function decideTicket(
  command: TicketCommand & Issued,
  state: TicketState,
  policy: TicketPolicy,
): Decision<TicketEvent> {
  const occurredAt = command.occurredAt ?? command.at;
  const untimely = occurredAtRule(occurredAt, command.at);
  if (untimely !== null) return untimely;
  if (command.type === 'RequestTicket') return decideRequest(command, state.stage === 'not-requested' ? null : state);
  if (state.stage === 'not-requested') {
    return no(
      'TicketUnknown',
      `No ticket ${command.ticketId}.`,
      'Check the id, or request the ticket: POST /v1/tickets',
      {
        ticketId: command.ticketId,
      },
    );
  }
  const elsewhere = refusedByMerge(command.type, state);
  if (elsewhere !== null) return elsewhere;
  // The table decides each command by its own type; TypeScript can't follow that through a union.
  return DECISIONS[command.type](command as never, withMerged(state, command), occurredAt, policy);
}
