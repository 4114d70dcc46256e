import { fold, isRefusal, type ForgoingAct, type ForgoingFacts, type Refusal, type Role } from '@billtrail/kernel';
import { streamName, type Position, type StreamSlice } from '@billtrail/event-store';
import type { NotSettled, ReadModels } from '@billtrail/read-models';
import {
  mayHoldWork,
  ticketPolicyOf,
  type MergeTicket,
  type TicketCommand,
  type TicketEvent,
} from '@billtrail/ticketing';
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
  preparedTicket,
  ticketUnderPolicy,
  type ClientsOfTicket,
  type UnderPolicy,
} from './any-ticket.commands.js';
import { askedLessIf, type LessOfClient } from './asked-less.js';
import { forgoingOf, type AboutForgone } from './forgone.js';
import { clientsOfParents, eventsOf } from './held-work.js';
import { crossedWarning, mergeTargetOf } from './merges.js';
import { configurationOf } from '../configuration.js';
import { SplitCrossedMerges } from '../policies/split-crossed-merges.js';

type ActOnTicket = Extract<ForgoingAct, 'no-charge' | 'reclassify'>;

/** What is known before the decision. */
type Prepared = TicketCommand &
  UnderPolicy & {
    /** Clients of the tickets that this one is part of. Absent: nothing holds any of its work. */
    readonly ofOthers?: ClientsOfTicket;
  };

/** What the command takes away. Absent: it can't take any. */
type Looked = Prepared & { readonly taken?: LessOfClient & Pick<AboutForgone, 'workBy'> };

/**
 * Says something of a whole ticket by which its client may be asked less: that it is free of charge (of all its work), or how it is classified, or that it is by itself
 * again (of work that was approved, or whose ticket was resolved). That is an act that forgoes money, held to the limits of whoever sends it (ADR 26). Where nothing is asked less, and
 * of a ticket whose work nothing holds, it is recorded at once, and nothing is rated.
 */
export function onWholeTicket<C extends TicketCommand>(
  command: CommandClass<C>,
  roles: readonly Role[],
  route: CommandRoute,
  act: ActOnTicket,
  warn?: (given: C, ports: CommandPorts) => Promise<readonly CommandWarning[]>,
): CommandDefinition {
  return define({
    command,
    roles,
    route,
    stream: (given: C) => streamName('ticket', given.ticketId),
    decider: ticketUnderPolicy,
    forgoes: { act, of: takenAway },
    prepare: async (given: C, context, ports, loaded): Promise<Prepared | Refusal> => {
      const known = await preparedTicket(given, context, ports);
      if (isRefusal(known) || !mayTake(act, given.ticketId, eventsOf(loaded), ports)) return known;
      await ports.upToDateToMend();
      return { ...known, ofOthers: await clientsOfParents(given.ticketId, ports) };
    },
    collect: (known: Prepared, context, models, from, own) => lookAt(known, act, context, models, from, own),
    ...(warn && { warn }),
  });
}

function mayTake(
  act: ActOnTicket,
  ticketId: string,
  events: readonly TicketEvent[],
  about: Pick<CommandPorts, 'models'>,
): boolean {
  return act === 'no-charge' || mayHoldAny(ticketId, events, about);
}

/** Whether anything may hold work of the ticket, or of what was merged into it: a merged ticket's own events say what holds its work, not those of the other. A merge is answered when the read models know it. */
function mayHoldAny(
  ticketId: string,
  events: readonly TicketEvent[],
  { models }: Pick<CommandPorts, 'models'>,
): boolean {
  return mayHoldWork(events) || models.ticketMerges.isAnyMergedInto(ticketId);
}

/**
 * Merging reads the stream of the other ticket. Of merges at once that would close a circle, the last in the log has no effect, and is taken back. What both are asked
 * less as one, of work that was approved, or whose ticket was resolved, is forgone as by another class of the ticket.
 */
export function mergeCommand<C extends MergeTicket>(
  command: CommandClass<C>,
  roles: readonly Role[],
  route: CommandRoute,
): CommandDefinition {
  return define({
    command,
    roles,
    route,
    stream: (given: C) => streamName('ticket', given.ticketId),
    decider: ticketUnderPolicy,
    forgoes: { act: 'reclassify', of: takenAway },
    prepare: async (given: C, _context, ports, loaded): Promise<Prepared & MergeTicket> => {
      const { store } = ports;
      const target = await mergeTargetOf(store, given.into);
      const known = { ...given, target, policy: ticketPolicyOf(await configurationOf(store)) };
      const other = eventsOf(await store.readStream(streamName('ticket', given.into)));
      const isHeld = mayHoldAny(given.ticketId, eventsOf(loaded), ports) || mayHoldAny(given.into, other, ports);
      if (!isHeld) return known;
      await ports.upToDateToMend();
      return { ...known, ofOthers: await clientsOfParents(given.ticketId, ports) };
    },
    collect: (known: Prepared, context, models, from, own) =>
      known.ofOthers === undefined ? known : suppose(known, 'reclassify', context, models, from, own),
    follow: async (_given, _context, ports) => {
      await ports.upToDate(await ports.store.head());
      return new SplitCrossedMerges(ports).run();
    },
    warn: crossedWarning,
  });
}

function lookAt(
  known: Prepared,
  act: ActOnTicket,
  context: CommandContext,
  models: ReadModels,
  from: Position,
  own: StreamSlice,
): Looked | Refusal | NotSettled {
  return mayTake(act, known.ticketId, eventsOf(own), { models })
    ? suppose(known, act, context, models, from, own)
    : known;
}

function suppose(
  known: Prepared,
  act: ActOnTicket,
  context: CommandContext,
  models: ReadModels,
  from: Position,
  own: StreamSlice,
): Looked | Refusal | NotSettled {
  const events = eventsOf(own);
  const decided = ticketUnderPolicy.decide(
    { ...known, at: context.at, by: context.actor },
    fold(ticketUnderPolicy, events),
  );
  if (isRefusal(decided) || decided.length === 0) return known;
  const { ticketId, ofOthers = [] } = known;
  const named = clientsOf({ events: decided as unknown as StreamSlice['events'] });
  const clientIds = [...new Set([...named, ...clientsOf(own), ...ofOthers])];
  return models.settled(from, (): Looked | Refusal => {
    const supposed = {
      ticketId,
      workItemId: null,
      events: decided,
      ...(act === 'reclassify' && { ofHeld: true as const }),
    };
    const taken = askedLessIf(models, supposed, clientIds);
    if (isRefusal(taken)) return taken;
    const tickets = [...new Set([ticketId, ...taken.less.flatMap((part) => part.ticketId ?? [])])];
    const rules = models.approvals.rulesNow(tickets.map((one) => ({ ticketId: one, workItemId: null })));
    return isRefusal(rules) ? rules : { ...known, taken: { ...taken, workBy: rules.workBy } };
  });
}

/** null: it takes nothing away. */
function takenAway(given: TicketCommand): Omit<ForgoingFacts, 'act'> | null {
  const { taken, ticketId } = given as Looked;
  if (taken === undefined) return null;
  const { less, isHeld: _isHeld, ...about } = taken;
  return forgoingOf({ target: ticketId, ...about }, less);
}
