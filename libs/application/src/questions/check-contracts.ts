import type { ContractFileCheck, KnownNames } from '@billtrail/contracts';
import { checkContractFile, readContracts } from '@billtrail/input';
import type { CommandPorts } from '../command-path/command-definition.js';
import { namesKnown } from '../commands/known-names.js';

/** Checks a contract file against what is recorded: tax categories, rate classes of the clients' calendars, their sites, categories of tickets. */
export async function checkAgainst(ports: CommandPorts, document: unknown): Promise<ContractFileCheck> {
  const known = new Map<string, KnownNames>();
  for (const { clientId } of readContracts(document).clients) known.set(clientId, await namesKnown(ports, clientId));
  return checkContractFile(document, undefined, (clientId) => known.get(clientId) ?? {});
}
