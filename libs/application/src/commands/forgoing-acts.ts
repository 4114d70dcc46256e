import { invariant, type ForgoingAct } from '@billtrail/kernel';
import type { CommandDefinition, Forgoes } from '../command-path/command-definition.js';
import { accountDefinitions } from './account.definitions.js';
import { clientFamily } from './client.commands.js';
import { configurationFamily } from './configuration.definitions.js';
import { contractFamily } from './contract.commands.js';
import { gapFamily } from './gap.definitions.js';
import { ticketFamily } from './ticket.commands.js';
import { workFamily } from './work.commands.js';

type OfForgoing = CommandDefinition & { readonly forgoes: Forgoes };

const DEFINITIONS: readonly OfForgoing[] = [
  ...gapFamily.commands,
  ...accountDefinitions,
  ...workFamily.commands,
  ...ticketFamily.commands,
  ...contractFamily.commands,
  ...clientFamily.commands,
  ...configurationFamily.commands,
].filter((definition): definition is OfForgoing => definition.forgoes !== undefined);

/** The command by which a request was asked for and is carried out: that of its act, or where there are several, the one that was sent. */
export function definitionOfRequest({ act, asked }: { readonly act: ForgoingAct; readonly asked: object }): OfForgoing {
  const { type } = asked as { readonly type?: string };
  const ofAct = DEFINITIONS.filter(({ forgoes }) => forgoes.act === act);
  const definition = ofAct.find(({ command }) => command.name === type) ?? (ofAct.length === 1 ? ofAct[0] : undefined);
  invariant(definition !== undefined, () => `no command carries out ${act}, asked for as ${type ?? 'no command'}`);
  return definition;
}
