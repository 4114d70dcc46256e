import type { Decider, DomainEvent, Refusal, Role } from '@billtrail/kernel';
import type { EventStore, Position, StreamName } from '@billtrail/event-store';
import type { ReadModels } from '@billtrail/read-models';
import type { Clock } from '../clock.js';
import type { CommandContext, CommandWarning } from './command-envelope.js';

/** What a command may look at before it is decided, beyond its own stream. */
export interface Surroundings {
  readonly store: EventStore;
  readonly models: ReadModels;
  readonly clock: Clock;
  /** Resolves when the read models hold everything that the log holds now. */
  upToDate(): Promise<void>;
  /** Runs the work alone among this process's writers of a stream. It must not ask for another turn. */
  inTurn<Result>(stream: StreamName, work: () => Promise<Result>): Promise<Result>;
}

export type CommandClass<C extends object = object> = new () => C;

/** Everything the generic handler must know of a command. A new command is one of these, its class, its decision and its spec. */
export interface CommandDefinition<C extends object = object, D = object> {
  readonly command: CommandClass<C>;
  /** Who may. `admin` may everything; the rest is listed. */
  readonly roles: readonly Role[];
  readonly stream: (command: C) => StreamName;
  /**
   * Commands that look at each other's streams take one turn, taken before that of their own stream, so that of two at once the second sees the
   * first. The name need not be that of a stream. Absent: the turn of the own stream is enough.
   */
  readonly turn?: StreamName;
  readonly decider: Decider<D, unknown, DomainEvent>;
  /** Completes the command with facts from other streams or read models, or refuses. Absent: it is decided as it came. */
  readonly prepare?: (command: C, context: CommandContext, around: Surroundings) => Promise<D | Refusal>;
  /** What must follow in other streams before the caller is answered; a policy does the same after a crash. Answers the last position. */
  readonly follow?: (command: C, context: CommandContext, around: Surroundings) => Promise<Position>;
  /** What the caller should look at, now that it is carried out. A repeat is told what holds then. */
  readonly warn?: (command: C, around: Surroundings) => Promise<readonly CommandWarning[]>;
}

/** Binds the types of one definition and forgets them, so that definitions of all aggregates stand in one table. */
export function define<C extends object, D, S, E extends DomainEvent>(definition: {
  command: CommandClass<C>;
  roles: readonly Role[];
  stream: (command: C) => StreamName;
  turn?: StreamName;
  decider: Decider<D, S, E>;
  prepare?: (command: C, context: CommandContext, around: Surroundings) => Promise<D | Refusal>;
  follow?: (command: C, context: CommandContext, around: Surroundings) => Promise<Position>;
  warn?: (command: C, around: Surroundings) => Promise<readonly CommandWarning[]>;
}): CommandDefinition {
  return definition as unknown as CommandDefinition;
}
