import { isRefusal, refuse, type Currency, type LocalDate, type Month, type Refusal } from '@billtrail/kernel';
import { problemsOfTerms, type ContractTerms } from '@billtrail/contracts';
import { whatIf, type ClientPeriodFacts, type ContractFacts, type Supposed } from '@billtrail/billing';
import type { Surroundings } from '../command-path/command-definition.js';
import { clientOf } from '../commands/references.js';

/** Which client-period, and of it which work. */
interface Asked {
  readonly clientId: string;
  readonly period: Month;
  /** Only this piece of work is compared; absent: the whole period. */
  readonly workItemId?: string;
  /** True: what is on drafts and invoices is rated too, as if it were not. Absent: it stays as it is. */
  readonly thaw?: boolean;
}

/** One more version of a contract, or a contract that does not exist yet. */
export interface SupposedVersion {
  readonly contractId: string;
  /** Of a contract that does not exist yet; absent: asked before all others. */
  readonly priority?: number;
  readonly effectiveFrom: LocalDate;
  readonly effectiveTo: LocalDate | null;
  readonly terms: ContractTerms;
}

/** What would be different: item by item, and in all. Nothing is recorded. */
export interface WhatIfAnswer extends Pick<Supposed, 'differences' | 'totals' | 'net'> {
  readonly clientId: string;
  readonly period: Month;
  readonly contractId: string;
}

/** Rates a client-period as if one more version of a contract were published. Refuses: ClientNotFound, ContractMalformed. */
export async function whatIfVersion(
  around: Surroundings,
  { version, ...asked }: Asked & { readonly version: SupposedVersion },
): Promise<WhatIfAnswer | Refusal> {
  const facts = await factsOf(around, asked);
  if (isRefusal(facts)) return facts;
  const malformed = malformedTerms(version, facts.currency);
  return malformed ?? answered(facts, asked, withVersion(facts, version));
}

/** Rates a client-period as if a contract were as it is given, with all its versions. Refuses: ClientNotFound, ContractOfAnotherClient. */
export async function whatIfContract(
  around: Surroundings,
  { contract, ...asked }: Asked & { readonly contract: ContractFacts },
): Promise<WhatIfAnswer | Refusal> {
  const facts = await factsOf(around, asked);
  if (isRefusal(facts)) return facts;
  if (contract.clientId !== asked.clientId) {
    const { contractId } = contract;
    const message = `Contract ${contractId} is of client ${contract.clientId}, not of ${asked.clientId}.`;
    return refuse('ContractOfAnotherClient', message, 'Name a contract of the client.', { contractId });
  }
  return answered(facts, asked, contract);
}

/** The facts of now: the read models are first brought to the end of the log. */
async function factsOf(around: Surroundings, { clientId, period }: Asked): Promise<ClientPeriodFacts | Refusal> {
  const client = await clientOf(around.store, clientId);
  if (isRefusal(client)) return client;
  await around.upToDate();
  return around.models.billableItems.periodFacts(clientId, period);
}

function answered(
  facts: ClientPeriodFacts,
  { clientId, period, workItemId, thaw = false }: Asked,
  contract: ContractFacts,
): WhatIfAnswer {
  const supposition = { contract, ...(workItemId === undefined ? {} : { workItemId }) };
  const { differences, totals, net } = whatIf(facts, supposition, { thaw });
  return { clientId, period, contractId: contract.contractId, differences, totals, net };
}

function malformedTerms({ contractId, terms, effectiveFrom, effectiveTo }: SupposedVersion, currency: Currency) {
  const problems = [...problemsOfTerms(terms, currency)];
  if (effectiveTo !== null && effectiveTo < effectiveFrom)
    problems.push({ path: 'effectiveTo', problem: 'is before effectiveFrom' });
  if (problems.length === 0) return null;
  return refuse(
    'ContractMalformed',
    `The supposed version of contract ${contractId} can't be rated: ${problems.length} problems.`,
    'Correct what `problems` names.',
    { problems },
  );
}

function withVersion({ contracts, clientId }: ClientPeriodFacts, version: SupposedVersion): ContractFacts {
  const { contractId, effectiveFrom, effectiveTo, terms, priority = 0 } = version;
  const known = contracts.find((one) => one.contractId === contractId);
  const contract: ContractFacts = known ?? {
    contractId,
    clientId,
    name: contractId,
    priority,
    lastDay: null,
    versions: [],
  };
  const versionNumber = Math.max(0, ...contract.versions.map((one) => one.versionNumber)) + 1;
  return { ...contract, versions: [...contract.versions, { versionNumber, effectiveFrom, effectiveTo, terms }] };
}
