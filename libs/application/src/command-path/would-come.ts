import { randomUUID } from 'node:crypto';
import { isRefusal, type Actor } from '@billtrail/kernel';
import type { CommandDefinition, CommandPorts } from './command-definition.js';
import type { CommandAnswer, CommandContext } from './command-envelope.js';
import { decideAndAppend } from './decide-and-append.js';
import { refusedByRole } from './refused-by-role.js';
import { validated } from './validate.js';

/** What would come of a command if it were sent now: decided as ever, by the same rules on what there is, and not recorded. */
export async function wouldCome(
  ports: CommandPorts,
  definition: CommandDefinition,
  input: object,
  { actor, clientId }: { readonly actor: Actor; readonly clientId: string | undefined },
): Promise<CommandAnswer> {
  const command = await validated(definition.command, input);
  if (isRefusal(command)) return command;
  const id = randomUUID();
  const context: CommandContext = {
    actor,
    at: ports.clock(),
    commandId: id,
    correlationId: id,
    causationId: null,
    ...(clientId === undefined ? {} : { clientId }),
  };
  const notAllowed = await refusedByRole(definition, command, context, ports);
  if (notAllowed !== null) return notAllowed;
  const stream = await definition.stream(command, ports);
  const loaded = await ports.store.readStream(stream);
  const asked = { command, context, asked: input, claimed: null, carriedOut: null, isOnlyAsked: true } as const;
  return decideAndAppend(ports, definition, asked, loaded);
}
