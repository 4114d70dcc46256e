import { randomUUID } from 'node:crypto';
import { Injectable } from '@nestjs/common';
import { CommandBus } from '@nestjs/cqrs';
import { isRefusal, type Actor } from '@billtrail/kernel';
import { CommandEnvelope, type CommandAnswer, type CommandContext } from './command-envelope.js';
import type { CommandClass } from './command-definition.js';
import { Billtrail } from '../billtrail.js';
import { validated } from './validate.js';

/** A context in which the caller may omit everything but the actor: ids are generated, the time is now. */
export type DispatchContext = { readonly actor: Actor } & {
  readonly [K in keyof CommandContext]?: CommandContext[K] | undefined;
};

/** The single entry point for commands from HTTP and CLI: takes plain input, validates it and sends it on. */
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
  ): Promise<CommandAnswer> {
    const command = await validated(type, input);
    if (isRefusal(command)) return command;
    const commandId = context.commandId ?? randomUUID();
    return this.bus.execute(
      new CommandEnvelope(command, {
        actor: context.actor,
        at: context.at ?? this.ports.clock(),
        commandId,
        correlationId: context.correlationId ?? commandId,
        causationId: context.causationId ?? null,
        ...(context.clientId === undefined ? {} : { clientId: context.clientId }),
        ...(context.ifMatch === undefined ? {} : { ifMatch: context.ifMatch }),
      }),
    );
  }
}
