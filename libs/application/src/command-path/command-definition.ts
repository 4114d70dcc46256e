import type { Decider, DomainEvent, ForgoingAct, ForgoingFacts, Instant, Refusal, Role } from '@billtrail/kernel';
import type { Claim, EventStore, Position, StreamName, StreamSlice } from '@billtrail/event-store';
import type { NotSettled, ReadModels } from '@billtrail/read-models';
import type { Clock } from '../clock.js';
import type { NumberingGate } from '../gate/gate.js';
import type { CommandContext, CommandWarning } from './command-envelope.js';

/** Whose facts somebody waits for. */
export interface OfClient {
  readonly clientId: string;
}

/** What a command or question can reach beyond its own stream. */
export interface CommandPorts {
  readonly store: EventStore;
  readonly models: ReadModels;
  readonly clock: Clock;
  readonly gate: NumberingGate;
  /**
   * Resolves once the read models have caught up with the position; without one, with the log as it is now. Then what time alone brings is appended on the way,
   * without a turn: a command may wait for this in its own. It fails (`PolicyFailed`) where that could not be recorded of the client that is named, or of any.
   */
  upToDate(to?: Position | OfClient): Promise<void>;
  /** As `upToDate()`, for a command that may be the remedy: what time brings and can't be recorded is told as a trouble, and stops nobody here. */
  upToDateToMend(): Promise<void>;
  /** Runs the work with no other writer of the stream in this process: it saves deciding in vain, and no rule depends on it. It must not take another turn. */
  inTurn<Result>(stream: StreamName, work: () => Promise<Result>): Promise<Result>;
}

/** What the value of an act may rest on besides, of the moment of its decision: it waits for nothing. */
export interface AtDecision {
  readonly at: Instant;
  readonly models: ReadModels;
}

/** What an act forgoes, which is held to a limit. */
export interface Forgoes<D = object, S = unknown, E extends DomainEvent = DomainEvent> {
  readonly act: ForgoingAct;
  /** From what was decided, and on what; null: nothing that has a value. */
  readonly of: (
    facts: D,
    state: S,
    decided: readonly E[],
    now: AtDecision,
  ) => Omit<ForgoingFacts, 'act'> | Refusal | null;
  /** What is recorded with the request already, for it says only what is there. Absent: nothing. */
  readonly beforehand?: readonly E['type'][];
}

export type CommandClass<C extends object = object> = new () => C;

/** Where a command is sent over HTTP, by POST. */
export interface CommandRoute {
  /** Begins with a verb, at most 60 characters. */
  readonly summary: string;
  /** Below the path of its family. Its parameters (`:timeEntryId`) are fields of the command. */
  readonly path: string;
  /** It adds something: the answer is 201. */
  readonly adds?: true;
  /** The id that a caller may leave out, and how one that is made for them begins: `{ noteId: 'n' }`. */
  readonly makes?: Readonly<Record<string, string>>;
}

/** Commands with one path and heading in the API. */
export interface CommandFamily {
  readonly heading: string;
  /** `tickets/:ticketId`; its parameters are fields of every command in it. */
  readonly path: string;
  readonly commands: readonly CommandDefinition[];
}

/** Everything that the generic handler and the API need to know about a command. */
export interface CommandDefinition<C extends object = object, D = object> {
  readonly command: CommandClass<C>;
  /** The roles that may send it, besides `admin`. */
  readonly roles: readonly Role[];
  /** Somebody may send it in the place of a person of these roles who named them (`inPlaceOf`), whatever their own role in the house is. */
  readonly byDelegates?: true;
  /** Absent: it is not sent over HTTP, or its controller looks something up first. */
  readonly route?: CommandRoute;
  /** Of the stream that it is recorded in; what the id of something names may have to be looked up. */
  readonly stream: (command: C, ports: CommandPorts) => StreamName | Promise<StreamName>;
  /** What the decider folds, where other streams hold parts of it. Absent: the stream's own events. */
  readonly history?: (prepared: D, own: StreamSlice, ports: CommandPorts) => Promise<readonly DomainEvent[]>;
  readonly decider: Decider<D, unknown, DomainEvent>;
  /**
   * It forgoes money. Only a request is recorded, and what was decided follows where its verdict says that it stands, or once a second person has approved it
   * (ADR 20). Absent: it forgoes none.
   */
  readonly forgoes?: Forgoes<D>;
  /** It vouches for the clock of the machine, and is recorded also where that is suspected. */
  readonly acceptsClock?: true;
  /**
   * Adds facts from other streams or read models to the command, or refuses. It may wait, so what it adds must not depend on each other. Absent: it is decided as
   * sent. `loaded`: its stream, as it was read when the command came in: it may have gone on since.
   */
  readonly prepare?: (
    command: C,
    context: CommandContext,
    ports: CommandPorts,
    loaded: StreamSlice,
  ) => Promise<D | Refusal>;
  /**
   * Adds facts that must be of one moment, right before the decision: it reads them from one snapshot of the read models, which must have seen the position
   * `from`, and waits for nothing. `own`: the stream as it was read. Absent: it is decided as prepared.
   */
  readonly collect?: (
    prepared: D,
    context: CommandContext,
    models: ReadModels,
    from: Position,
    own: StreamSlice,
  ) => D | Refusal | NotSettled;
  /**
   * What is taken for good with the append beside the stream, such as an id; or why it can't be, which is told before anything is prepared. A refused
   * command, or one that changes nothing, takes nothing.
   */
  readonly claims?: (command: C, ports: CommandPorts) => Promise<readonly Claim[] | Refusal>;
  /**
   * What is under way on its stream, and refuses it with this code, is completed, and the command is decided again. Whatever comes of it is no answer to the command.
   */
  readonly completes?: {
    readonly code: string;
    readonly complete: (ports: CommandPorts, stream: StreamName) => Promise<void>;
  };
  /**
   * What must be recorded in other streams before the caller is answered; after a crash a policy does it, or the command sent again. Returns the last
   * position; null: there was nothing.
   */
  readonly follow?: (command: C, context: CommandContext, ports: CommandPorts) => Promise<Position | null | Refusal>;
  /** Warnings for the caller after the command was carried out. A repeat gets those that hold by then. What it throws is told as a warning too. */
  readonly warn?: (command: C, ports: CommandPorts) => Promise<readonly CommandWarning[]>;
}

/** Checks the types of one definition and erases them, so that the definitions of all aggregates fit in one table. */
export function define<C extends object, D, S, E extends DomainEvent, P = D>(definition: {
  command: CommandClass<C>;
  roles: readonly Role[];
  byDelegates?: true;
  route?: CommandRoute;
  stream: (command: C, ports: CommandPorts) => StreamName | Promise<StreamName>;
  history?: (prepared: P, own: StreamSlice, ports: CommandPorts) => Promise<readonly E[]>;
  decider: Decider<D, S, E>;
  forgoes?: Forgoes<D, S, E>;
  acceptsClock?: true;
  prepare?: (command: C, context: CommandContext, ports: CommandPorts, loaded: StreamSlice) => Promise<P | Refusal>;
  claims?: (command: C, ports: CommandPorts) => Promise<readonly Claim[] | Refusal>;
  collect?: (
    prepared: P,
    context: CommandContext,
    models: ReadModels,
    from: Position,
    own: StreamSlice,
  ) => D | Refusal | NotSettled;
  completes?: CommandDefinition['completes'];
  follow?: (command: C, context: CommandContext, ports: CommandPorts) => Promise<Position | null | Refusal>;
  warn?: (command: C, ports: CommandPorts) => Promise<readonly CommandWarning[]>;
}): CommandDefinition {
  return definition as unknown as CommandDefinition;
}
