import { isRefusal, refuse, type Actor, type Refusal } from '@billtrail/kernel';
import { decidesAs } from '../deciding/in-place-of.js';
import type { CommandDefinition, CommandPorts } from './command-definition.js';
import type { CommandContext } from './command-envelope.js';

/** Whoever sends a command may, by their role, or by that of the person in whose place they decide; null: they may. Refuses: NotADelegate, NotAllowed. */
export async function refusedByRole(
  { roles, byDelegates }: Pick<CommandDefinition, 'roles' | 'byDelegates'>,
  command: object,
  { actor, at }: Pick<CommandContext, 'actor' | 'at'>,
  { store }: Pick<CommandPorts, 'store'>,
): Promise<Refusal | null> {
  const { inPlaceOf = null } = command as { readonly inPlaceOf?: string | null };
  const isInPlace = byDelegates === true && inPlaceOf !== null;
  // Nearly all act by their own right: then nothing is read, and whoever was first stays first.
  const as = isInPlace ? await decidesAs({ store }, command, actor, at, roles) : actor;
  if (isRefusal(as)) return as;
  return refusedAs(as, roles, command);
}

function refusedAs({ role }: Actor, roles: CommandDefinition['roles'], command: object): Refusal | null {
  if (role === 'admin' || roles.includes(role)) return null;
  return refuse(
    'NotAllowed',
    `The role ${role} can't do this.`,
    `It takes one of these roles: ${[...roles, 'admin'].join(', ')}.`,
    { role, command: command.constructor.name },
  );
}
