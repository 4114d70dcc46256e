import type { LocalDate } from '@billtrail/kernel';
import type { ContractFacts } from '@billtrail/billing';
import type { StateContract } from '@billtrail/contracts';
import type { CommandPorts } from '../command-path/command-definition.js';
import type { CommandWarning } from '../command-path/command-envelope.js';
import { contractNow, warnOfSuspension, warnOfTermination, warnOfTerms, warningsOfChange } from './contract-command.js';
import { lastRecorded } from './contract-streams.js';

/** What the statement of a contract gives back of what was invoiced, by its versions, its rests and its end, besides what there is to say of its terms. */
export async function warnOfStatement(
  { contractId, parts }: Pick<StateContract, 'contractId' | 'parts'>,
  ports: CommandPorts,
): Promise<readonly CommandWarning[]> {
  const warnings = [...(await warnOfTerms({ contractId }, ports)), ...(await warningsOfVersions(contractId, ports))];
  for (const part of parts) {
    if (part.type === 'TerminateContract') warnings.push(...(await warnOfTermination(part, ports)));
    if (part.type === 'SuspendContract') warnings.push(...(await warnOfSuspension(part, ports)));
  }
  return warnings;
}

/** Of all versions that were published with the last one, together. */
async function warningsOfVersions(contractId: string, ports: CommandPorts): Promise<readonly CommandWarning[]> {
  const contract = await contractNow(contractId, ports);
  if (contract === null) return [];
  const published = new Map<number, LocalDate>();
  for (const event of await lastRecorded(ports.store, contractId))
    if (event.type === 'ContractVersionPublished') published.set(event.data.versionNumber, event.data.effectiveFrom);
  const [from] = [...published.values()].sort();
  if (from === undefined) return [];
  const without = (is: ContractFacts): ContractFacts => ({
    ...is,
    versions: is.versions.filter(({ versionNumber }) => !published.has(versionNumber)),
  });
  const named = [...published.keys()].join(', ');
  const what = `What is stated of contract ${contractId} from ${from} (version ${named})`;
  const remedy = `What a version would change is told before by POST /v1/what-if. If it is wrong, state the contract again with another one from the same day, or publish that: POST /v1/contracts/${contractId}/versions`;
  return warningsOfChange(contract, { from, was: without }, { what, remedy }, ports);
}
