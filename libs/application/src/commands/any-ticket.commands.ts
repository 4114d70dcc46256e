import { IsOptional } from 'class-validator';
import {
  addDays,
  isRefusal,
  refuse,
  type Decider,
  type Instant,
  type LocalDate,
  type Refusal,
  type Role,
} from '@billtrail/kernel';
import { streamName, type Position, type StreamSlice } from '@billtrail/event-store';
import type { ReadModels } from '@billtrail/read-models';
import type { BillingConfiguration } from '@billtrail/billing';
import {
  ticketDecider,
  ticketPolicyOf,
  type TicketCommand,
  type TicketPolicy,
  type TicketEvent,
  type TicketState,
} from '@billtrail/ticketing';
import {
  define,
  type CommandClass,
  type CommandDefinition,
  type CommandPorts,
  type CommandRoute,
  type Forgoes,
} from '../command-path/command-definition.js';
import type { CommandContext, CommandWarning } from '../command-path/command-envelope.js';
import { wasResolvedAsPart, workOfMerged } from './merges.js';
import { configurationOf, todayOf } from '../configuration.js';
import { quantityMissing } from './expense-quantity.js';
import { rateClassProblem } from './rate-class.js';
import { clientOf, clientOfTicket, contractProblem, siteProblem } from './references.js';
import { IsAnId, IsAnInstant } from './fields.js';

export interface UnderPolicy {
  readonly policy: TicketPolicy;
}

/** A ticket under the policy that the configuration states, which is found when the command is prepared. */
export const ticketUnderPolicy: Decider<TicketCommand & UnderPolicy, TicketState, TicketEvent> = {
  ...ticketDecider(),
  decide: ({ policy, ...command }, state) => ticketDecider(policy).decide(command, state),
};

/** Who works on tickets, who dispatches them, who decides what is charged. */
export const WORKERS: readonly Role[] = ['support', 'operations'];
export const DISPATCHERS: readonly Role[] = ['operations'];
export const CHARGERS: readonly Role[] = ['operations', 'accounts'];

/** The fields of every ticket command: the ticket, and when it happened if that was not just now. */
export abstract class TicketCommandFields {
  @IsAnId()
  ticketId: string;
  /** Business time; by default the time of the request. Back-dated work is normal. */
  @IsOptional()
  @IsAnInstant()
  occurredAt?: Instant;
}

/** Whose the ticket is, or ever was, as its own events say. */
export type ClientsOfTicket = readonly string[];

export function clientsOf({ events }: Pick<StreamSlice, 'events'>): ClientsOfTicket {
  const named = events.map(({ data }) => (data as { readonly clientId?: string | null }).clientId ?? null);
  return [...new Set(named.filter((clientId) => clientId !== null))];
}

/** `look`: adds what the decision needs of the rating, or refuses; all of one moment. `forgoes`: from what was looked at. `warn`: after it was carried out. */
export function ticketCommand<C extends TicketCommand, L extends object = object>(
  command: CommandClass<C>,
  roles: readonly Role[],
  route: CommandRoute,
  look?: (given: C, context: CommandContext, models: ReadModels, clientIds: ClientsOfTicket) => L | Refusal,
  forgoes?: Forgoes<C & L>,
  warn?: (given: C, ports: CommandPorts) => Promise<readonly CommandWarning[]>,
): CommandDefinition {
  return define({
    command,
    roles,
    route,
    stream: (given: C) => streamName('ticket', given.ticketId),
    decider: ticketUnderPolicy,
    ...(warn && { warn }),
    ...(forgoes && { forgoes: forgoes as unknown as Forgoes<TicketCommand & UnderPolicy, TicketState, TicketEvent> }),
    prepare: async (given: C, context, ports) => {
      const known = await preparedTicket(given, context, ports);
      if (!isRefusal(known) && look !== undefined) await ports.upToDate();
      return known;
    },
    ...(look && {
      collect: (
        known: TicketCommand & UnderPolicy,
        context: CommandContext,
        models: ReadModels,
        from: Position,
        own: StreamSlice,
      ) =>
        models.settled(from, () => {
          const looked = look(known as unknown as C, context, models, clientsOf(own));
          return isRefusal(looked) ? looked : { ...known, ...looked };
        }),
    }),
  });
}

/** Both tell of all the work that the ticket stands for. */
const ASKS_FOR_MERGED: ReadonlySet<TicketCommand['type']> = new Set(['ResolveTicket', 'RequestServiceVerification']);

/** A command with what it is decided on: that what it names is there, where it tells of all work of the ticket, that of merged ones, and where it takes a merge back, what came of that. */
export async function preparedTicket(
  given: TicketCommand,
  context: CommandContext,
  ports: CommandPorts,
): Promise<(TicketCommand & UnderPolicy) | Refusal> {
  const known = await withKnownReferences(given, context, ports);
  if (isRefusal(known)) return known;
  if (given.type === 'SplitTicket')
    return { ...known, wasResolved: await wasResolvedAsPart(given.ticketId, ports.store) } as TicketCommand &
      UnderPolicy;
  if (!ASKS_FOR_MERGED.has(given.type)) return known;
  return { ...known, merged: await workOfMerged(given.ticketId, ports) } as TicketCommand & UnderPolicy;
}

/** A ticket can name only clients and contracts that exist, and sites of its client; a client's user has access only to the client's own tickets, and does what they do now. */
export async function withKnownReferences(
  command: TicketCommand,
  context: CommandContext,
  ports: CommandPorts,
): Promise<(TicketCommand & UnderPolicy) | Refusal> {
  const { store } = ports;
  if (context.actor.role === 'client') {
    const owner = command.type === 'RequestTicket' ? command.clientId : await clientOfTicket(store, command.ticketId);
    if (context.clientId === undefined || owner !== context.clientId) {
      return refuse('TicketNotFound', `No ticket ${command.ticketId}.`, 'Check the id.', {
        ticketId: command.ticketId,
      });
    }
    if ((command.occurredAt ?? null) !== null) return datedByServer();
  }
  if ('clientId' in command && typeof command.clientId === 'string') {
    const client = await clientOf(store, command.clientId);
    if (isRefusal(client)) return client;
  }
  if ('contractId' in command && typeof command.contractId === 'string') {
    const problem = await contractProblem(store, command.contractId, command.clientId ?? null);
    if (problem) return problem;
  }
  if ('siteId' in command && typeof command.siteId === 'string') {
    const clientId = command.clientId ?? (await clientOfTicket(store, command.ticketId)) ?? null;
    if (clientId === null) {
      return refuse(
        'SiteWithoutClient',
        `Site ${command.siteId} is named, but ticket ${command.ticketId} has no client, and a site is a place of a client.`,
        `Name the client as well as the site, now or later: POST /v1/tickets/${command.ticketId}/reclassify`,
        { ticketId: command.ticketId, siteId: command.siteId },
      );
    }
    const problem = await siteProblem(store, command.siteId, clientId);
    if (problem) return problem;
  }
  if ('rateClass' in command && typeof command.rateClass === 'string') {
    const problem = await rateClassProblem({ ...command, rateClass: command.rateClass }, ports);
    if (problem) return problem;
  }
  if ('expenseType' in command && typeof command.expenseType === 'string' && (command.quantity ?? null) === null) {
    const problem = await quantityMissing({ ...command, expenseType: command.expenseType }, ports);
    if (problem) return problem;
  }
  const configuration = await configurationOf(store);
  if ('workDate' in command) {
    const late = workDateProblem(command.workDate, configuration, context.at);
    if (late !== null) return late;
  }
  return { ...command, policy: ticketPolicyOf(configuration) };
}

/** A target that was missed before the ticket came would be a service credit of the client's own making. */
function datedByServer(): Refusal {
  return refuse(
    'OccurredAtNotTaken',
    "What a client's user does is dated by the clock of the server.",
    'Leave occurredAt out. If it happened at another time, say so in the description.',
  );
}

/** null: the organisation takes work of that day. Days ahead are refused whatever it says. */
function workDateProblem(
  workDate: LocalDate | null | undefined,
  configuration: BillingConfiguration,
  at: Instant,
): Refusal | null {
  const { workDaysBack } = configuration;
  if (workDaysBack === undefined || workDate === null || workDate === undefined) return null;
  const earliest = addDays(todayOf(configuration, at), -workDaysBack);
  if (workDate >= earliest) return null;
  return refuse(
    'WorkDateTooEarly',
    `${workDate} is more than ${workDaysBack} days ago.`,
    `Send a work date from ${earliest} on, or have \`workDaysBack\` raised in the configuration.`,
    { workDate, earliest },
  );
}
