import { invariant, type ForgoingAct } from '@billtrail/kernel';
import type { CommandDefinition, Forgoes } from '../command-path/command-definition.js';
import { accountDefinitions } from './account.definitions.js';
import { gapFamily } from './gap.definitions.js';
import { workFamily } from './work.commands.js';

type OfForgoing = CommandDefinition & { readonly forgoes: Forgoes };

const DEFINITIONS: ReadonlyMap<ForgoingAct, OfForgoing> = new Map(
  [...gapFamily.commands, ...accountDefinitions, ...workFamily.commands]
    .filter((definition): definition is OfForgoing => definition.forgoes !== undefined)
    .map((definition) => [definition.forgoes.act, definition] as const),
);

/** The command by which an act that forgoes money is asked for and carried out. */
export function definitionOfAct(act: ForgoingAct): OfForgoing {
  const definition = DEFINITIONS.get(act);
  invariant(definition !== undefined, () => `no command carries out ${act}`);
  return definition;
}
