import { Command } from '@nestjs/cqrs';
import type { Actor, Instant, Refusal } from '@billtrail/kernel';
import type { Position, StreamName, StreamVersion } from '@billtrail/event-store';

/** Who asks, when, and under which ids. Given by the caller (HTTP, CLI, a policy); the domain looks nothing up. */
export interface CommandContext {
  readonly actor: Actor;
  readonly at: Instant;
  /** One effect per command id and stream, however often it is sent. */
  readonly commandId: string;
  readonly correlationId: string;
  readonly causationId: string | null;
  /** The client whose user the actor is (role `client`): such an actor sees and touches nothing of other clients. */
  readonly clientId?: string;
  /** The stream version the caller has seen (`If-Match`); absent: decide on whatever is there now. */
  readonly expectedVersion?: StreamVersion;
}

/** What the caller may not have meant of a command that was carried out. */
export interface CommandWarning {
  /** Stable. */
  readonly code: string;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** What a command that was carried out answers. */
export interface Accepted {
  readonly stream: StreamName;
  readonly version: StreamVersion;
  /** Read with `atLeast` this position to see the effect. */
  readonly position: Position;
  /** True where the same command had been carried out before; this is the first answer again. */
  readonly repeated: boolean;
  /** Of commands that look for any; empty where there are none. */
  readonly warnings?: readonly CommandWarning[];
}

export type CommandAnswer = Accepted | Refusal;

/** A command with its context, as the CommandBus carries it. One handler runs them all (ADR 5). */
export class CommandEnvelope<C extends object = object> extends Command<CommandAnswer> {
  constructor(
    readonly command: C,
    readonly context: CommandContext,
  ) {
    super();
  }
}
