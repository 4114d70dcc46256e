import { isRefusal } from '@billtrail/kernel';
import type { ContractFileCheck, KnownNames } from '@billtrail/contracts';
import { checkContractFile, readContracts } from '@billtrail/input';
import type { CommandPorts } from '../command-path/command-definition.js';
import { namesKnown } from '../commands/known-names.js';
import { clientOf } from '../commands/references.js';

/** Checks a contract file against what is recorded: tax categories, rate classes of the clients' calendars, their sites, clients that pay, categories of tickets, and what they name of the configuration. */
export async function checkAgainst(ports: CommandPorts, document: unknown): Promise<ContractFileCheck> {
  const { clients } = readContracts(document);
  const named = clients.flatMap(({ contracts }) =>
    contracts.flatMap(({ versions }) => versions.flatMap(({ terms }) => terms.billTo ?? [])),
  );
  const payers: string[] = [];
  for (const clientId of new Set(named)) {
    if (!isRefusal(await clientOf(ports.store, clientId))) payers.push(clientId);
  }
  const known = new Map<string, KnownNames>();
  for (const { clientId } of clients) known.set(clientId, { ...(await namesKnown(ports, clientId)), payers });
  return checkContractFile(document, (clientId) => known.get(clientId) ?? {});
}
