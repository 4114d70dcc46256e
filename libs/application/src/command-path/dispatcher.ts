import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { isRefusal, type Actor } from '@billtrail/kernel';
import { ClaimTaken, isOfRequest } from '@billtrail/event-store';
import { commandIdOf, idempotencyKeyReused, keyOf } from './idempotency-key.js';
import { CommandEnvelope, type CommandAnswer, type CommandContext } from './command-envelope.js';
import type { CommandClass } from './command-definition.js';
import { Billtrail } from '../billtrail.js';
import type { Target } from './target.js';
import { validated } from './validate.js';

/** A context in which the caller may omit everything but the actor: ids are generated, the time is now. A command id is not looked at beside a key. */
export type DispatchContext = { readonly actor: Actor } & {
  readonly [K in keyof CommandContext]?: CommandContext[K] | undefined;
};

/** How often a request is looked at again because the same key was claimed by another one at the same time. */
const MAX_ATTEMPTS = 3;

/**
 * The single entry point for commands from HTTP and CLI: takes plain input, asks what its key was claimed for, looks up what is not sent, validates it and
 * sends it on.
 */
@Injectable()
export class CommandDispatcher {
  constructor(
    private readonly bus: CommandBus,
    private readonly ports: Billtrail,
  ) {}

  async dispatch<C extends object>(
    type: CommandClass<C>,
    input: object,
    context: DispatchContext,
    target?: Target,
  ): Promise<CommandAnswer> {
    const { actor, idempotencyKey } = context;
    // One key is one command, on whatever stream: a caller can't call it otherwise the next time.
    const commandId =
      idempotencyKey === undefined ? (context.commandId ?? randomUUID()) : commandIdOf(actor, idempotencyKey);
    const whole: CommandContext = {
      actor,
      at: context.at ?? this.ports.clock(),
      commandId,
      correlationId: context.correlationId ?? commandId,
      causationId: context.causationId ?? null,
      ...(context.clientId === undefined ? {} : { clientId: context.clientId }),
      ...(context.ifMatch === undefined ? {} : { ifMatch: context.ifMatch }),
      ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
    };
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.once(type, input, whole, target);
      } catch (error) {
        // Another request under this key was first: the claim says whether it was the same.
        if (!(error instanceof ClaimTaken) || attempt === MAX_ATTEMPTS) throw error;
      }
    }
  }

  private async once<C extends object>(
    type: CommandClass<C>,
    input: object,
    context: CommandContext,
    target: Target | undefined,
  ): Promise<CommandAnswer> {
    const asked = { ...input, ...target?.by };
    const key = keyOf(context);
    const claimed = key === null ? null : await this.ports.store.claimed(key);
    if (claimed && !isOfRequest(claimed, type.name, asked, asked)) return idempotencyKeyReused(context);
    const found = claimed ? target?.of(claimed.stream) : await target?.find();
    const command = await validated(type, { ...input, ...found });
    if (isRefusal(command)) return command;
    return this.bus.execute(new CommandEnvelope(command, context, asked, claimed));
  }
}
