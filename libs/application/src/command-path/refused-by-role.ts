import { refuse, type Refusal } from '@billtrail/kernel';
import type { CommandDefinition } from './command-definition.js';
import type { CommandContext } from './command-envelope.js';

/** null: whoever sends it may. */
export function refusedByRole(
  { roles }: Pick<CommandDefinition, 'roles'>,
  command: object,
  { actor: { role } }: Pick<CommandContext, 'actor'>,
): Refusal | null {
  if (role === 'admin' || roles.includes(role)) return null;
  return refuse(
    'NotAllowed',
    `The role ${role} can't do this.`,
    `It takes one of these roles: ${[...roles, 'admin'].join(', ')}.`,
    { role, command: command.constructor.name },
  );
}
