import { fold, isRefusal, type ActOnHeldWork, type ForgoingFacts, type Refusal, type Role } from '@billtrail/kernel';
import { streamName, type Position, type StreamSlice } from '@billtrail/event-store';
import type { NotSettled, ReadModels } from '@billtrail/read-models';
import { heldBy, type TicketCommand, type TicketEvent } from '@billtrail/ticketing';
import {
  define,
  type CommandClass,
  type CommandDefinition,
  type CommandPorts,
  type CommandRoute,
} from '../command-path/command-definition.js';
import type { CommandContext, CommandWarning } from '../command-path/command-envelope.js';
import {
  clientsOf,
  ticketUnderPolicy,
  withKnownReferences,
  type ClientsOfTicket,
  type UnderPolicy,
} from './any-ticket.commands.js';
import { askedLessIf, type LessOfClient } from './asked-less.js';
import { workOf, type AboutWork } from './forgone-ends.js';
import { forgoingOf, type AboutForgone } from './forgone.js';
import { ticketOf } from './merges.js';

/** What is known before the decision. */
type Prepared = TicketCommand &
  UnderPolicy & {
    /** Clients of the tickets that this one is part of. Absent: nothing holds the work. */
    readonly ofOthers?: ClientsOfTicket;
  };

/** What the command takes away. Absent: nothing holds the work, or nothing changes. */
type Looked = Prepared & { readonly taken?: LessOfClient & Pick<AboutForgone, 'workBy'> };

/**
 * Voids, corrects or rejects work. What nobody has approved yet, on a ticket that was never resolved, is changed freely, and nothing is rated. Else, where less would be
 * asked for it, that is an act that forgoes money: an engineer, and whoever did the work, only asks for it, and others are held to their limit (ADR 26).
 */
export function onHeldWork<C extends TicketCommand & AboutWork>(
  command: CommandClass<C>,
  roles: readonly Role[],
  route: CommandRoute,
  act: ActOnHeldWork,
  warn?: (given: C, ports: CommandPorts) => Promise<readonly CommandWarning[]>,
): CommandDefinition {
  return define({
    command,
    roles,
    route,
    stream: (given: C) => streamName('ticket', given.ticketId),
    decider: ticketUnderPolicy,
    ...(warn && { warn }),
    forgoes: { act, of: takenAway },
    prepare: async (given: C, context, ports, loaded): Promise<Prepared | Refusal> => {
      const known = await withKnownReferences(given, context, ports);
      if (isRefusal(known) || heldBy(eventsOf(loaded), workOf(given)) === null) return known;
      await ports.upToDateToMend();
      return { ...known, ofOthers: await clientsOfParents(given.ticketId, ports) };
    },
    collect: lookAtHeld,
  });
}

function lookAtHeld(
  known: Prepared,
  context: CommandContext,
  models: ReadModels,
  from: Position,
  own: StreamSlice,
): Looked | Refusal | NotSettled {
  const workItemId = workOf(known);
  const events = eventsOf(own);
  const held = heldBy(events, workItemId);
  if (held === null) return known;
  const decided = ticketUnderPolicy.decide(
    { ...known, at: context.at, by: context.actor },
    fold(ticketUnderPolicy, events),
  );
  if (isRefusal(decided) || decided.length === 0) return known;
  const { ticketId, ofOthers = [] } = known;
  return models.settled(from, (): Looked | Refusal => {
    const rules = models.approvals.rulesNow([{ ticketId, workItemId }]);
    if (isRefusal(rules)) return rules;
    const clientIds = [...new Set([...clientsOf(own), ...ofOthers])];
    const taken = askedLessIf(models, { ticketId, workItemId, events: decided }, clientIds);
    if (isRefusal(taken)) return taken;
    if (held === 'merge' && !taken.isHeld) return known;
    return { ...known, taken: { ...taken, workBy: rules.workBy } };
  });
}

/** null: it takes nothing away. */
function takenAway(given: TicketCommand): Omit<ForgoingFacts, 'act'> | null {
  const { taken } = given as Looked;
  if (taken === undefined) return null;
  const { less, isHeld: _isHeld, ...about } = taken;
  return forgoingOf({ target: workOf(given), ...about }, less);
}

export function eventsOf({ events }: StreamSlice): readonly TicketEvent[] {
  return events as unknown as readonly TicketEvent[];
}

/** A merged ticket's work is of the client of the one that it is part of. */
export async function clientsOfParents(ticketId: string, { store }: CommandPorts): Promise<ClientsOfTicket> {
  const clientIds: string[] = [];
  const seen = new Set([ticketId]);
  for (let one: string | null = ticketId; one !== null;) {
    const ticket = await ticketOf(store, one);
    one = ticket.stage === 'closed' && ticket.closedAs === 'merged' ? ticket.mergedInto : null;
    if (one === null || seen.has(one)) break;
    seen.add(one);
    clientIds.push(...clientsOf(await store.readStream(streamName('ticket', one))));
  }
  return clientIds;
}
