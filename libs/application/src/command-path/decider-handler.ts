import { CommandHandler, type ICommandHandler } from '@nestjs/cqrs';
import { isRefusal } from '@billtrail/kernel';
import { isOfRequest, type StreamName } from '@billtrail/event-store';
import { CommandEnvelope, type CommandAnswer } from './command-envelope.js';
import type { CommandDefinition } from './command-definition.js';
import { CommandRegistry } from './command-registry.js';
import { refusedByRole } from './refused-by-role.js';
import { decideAndAppend } from './decide-and-append.js';
import { carryOutRequest, isCarriedOutBefore } from './carry-out-request.js';
import { idempotencyKeyReused } from './idempotency-key.js';
import { warningsIfKnown } from './warnings.js';
import { definitionOfRequest } from '../commands/forgoing-acts.js';
import { Billtrail } from '../billtrail.js';

/**
 * Runs every command: authorise, look for a repeat, decide and append (`decide-and-append.ts`); then, of one that forgoes money, wait for the verdict and carry
 * it out; then what follows in other streams, and warnings.
 */
@CommandHandler(CommandEnvelope)
export class DeciderHandler implements ICommandHandler<CommandEnvelope> {
  constructor(
    private readonly registry: CommandRegistry,
    private readonly ports: Billtrail,
  ) {}

  /** @throws ClaimTaken where another request under the same key was first. */
  async execute(envelope: CommandEnvelope): Promise<CommandAnswer> {
    const { command, context } = envelope;
    const definition = this.registry.definitionOf(command);
    let recorded = await this.record(envelope);
    // The same was asked for a moment ago, and stands: it has its effect first.
    if (await isCarriedOutBefore(this.ports, definitionOfRequest, recorded)) recorded = await this.record(envelope);
    if (isRefusal(recorded)) return recorded;
    const accepted = definition.forgoes ? await carryOutRequest(this.ports, definition, context, recorded) : recorded;
    if (isRefusal(accepted) || accepted.waits === true) return accepted;
    const followed = definition.follow ? await definition.follow(command, context, this.ports) : null;
    if (isRefusal(followed)) return followed;
    const { warn } = definition;
    const warnings = warn ? { warnings: await warningsIfKnown(() => warn(command, this.ports)) } : {};
    return { ...accepted, position: followed ?? accepted.position, ...warnings };
  }

  /** All up to the command's own append: what a process leaves behind that is killed then. A policy completes it, or the command sent again. */
  async record(envelope: CommandEnvelope): Promise<CommandAnswer> {
    const { command, context } = envelope;
    const definition = this.registry.definitionOf(command);
    const notAllowed = await refusedByRole(definition, command, context, this.ports);
    if (notAllowed !== null) return notAllowed;
    const stream = envelope.claimed?.stream ?? (await definition.stream(command, this.ports));
    return this.ports.inTurn(stream, () => this.once(stream, definition, envelope));
  }

  /** Replays the stored answer if this command was already carried out. */
  private async once(
    stream: StreamName,
    definition: CommandDefinition,
    { command, context, asked, claimed }: CommandEnvelope,
  ): Promise<CommandAnswer> {
    const loaded = await this.ports.store.load(stream, context.commandId);
    const { done } = loaded;
    if (!done)
      return decideAndAppend(this.ports, definition, { command, context, asked, claimed, carriedOut: null }, loaded);
    if (!isOfRequest(done, command.constructor.name, asked, command)) return idempotencyKeyReused(context);
    return { stream, version: done.version, last: done.position, position: done.position, repeated: true };
  }
}
