import { Command } from '@nestjs/cqrs';
import type { Actor, Instant, Refusal } from '@billtrail/kernel';
import type { Claimed, Position, StreamName, StreamVersion } from '@billtrail/event-store';
import { NOT_ADOPTED } from '../gate/gate.js';

/** Who sends a command, when, and under which ids. Set by the caller (HTTP, CLI, a policy); the domain looks nothing up. */
export interface CommandContext {
  readonly actor: Actor;
  readonly at: Instant;
  /** A command takes effect once per command id and stream, however often it is sent. Where there is an {@link idempotencyKey} it is made of that. */
  readonly commandId: string;
  /**
   * What the caller calls the request: under it there is one effect, over all streams of this caller. Absent: nobody sends it again, or only to the same
   * stream under the same command id.
   */
  readonly idempotencyKey?: string;
  readonly correlationId: string;
  readonly causationId: string | null;
  /** The client the actor belongs to (role `client`): such an actor has no access to other clients. */
  readonly clientId?: string;
  /** The position of the stream's last event that the caller has seen (`If-Match`), as its text; absent: decide on the stream as it is. */
  readonly ifMatch?: string;
}

/** Something in a command the caller may not have intended. The command was carried out. */
export interface CommandWarning {
  /** Stable. */
  readonly code: string;
  readonly message: string;
  readonly details: Readonly<Record<string, unknown>>;
}

/** The answer to a command that was carried out. */
export interface Accepted {
  readonly stream: StreamName;
  readonly version: StreamVersion;
  /** The position of the stream's last event as the command left it: what `ifMatch` is compared with. */
  readonly last: Position;
  /** Read with `atLeast` this position to see the effect. */
  readonly position: Position;
  /** True if the same command was already carried out; this is its first answer. */
  readonly repeated: boolean;
  /** True: it was recorded as a request, and has no effect until a second person agrees. */
  readonly waits?: true;
  /** Only from commands that can have warnings; empty if there are none. */
  readonly warnings?: readonly CommandWarning[];
}

export type CommandAnswer = Accepted | Refusal;

/** Codes of refusals that say nothing of what was asked: the same may be taken a moment later, or once an operator has mended something (503 over HTTP). */
export const PASSING_REFUSALS = ['ReadModelsDiffer', 'StreamContended', 'DocumentUnderWay'] as const;

/** Whether nothing may be made of a refusal but to try again: a gate that is shut says nothing of what was asked either. */
export function isPassing({ code }: Refusal): boolean {
  return code === NOT_ADOPTED || (PASSING_REFUSALS as readonly string[]).includes(code);
}

/** A command with its context, as the CommandBus carries it. One handler runs them all (ADR 5). */
export class CommandEnvelope<C extends object = object> extends Command<CommandAnswer> {
  constructor(
    readonly command: C,
    readonly context: CommandContext,
    /** The command as its caller sent it, without what was looked up: it tells a repeat from another request. */
    readonly asked: object = command,
    /** What its key was claimed for, so that nobody looks for the stream again. null: it has no key, or the key is free. */
    readonly claimed: Pick<Claimed, 'stream' | 'fingerprint'> | null = null,
  ) {
    super();
  }
}
