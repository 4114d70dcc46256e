import {
  daysOf,
  fold,
  invariant,
  isRefusal,
  monthOf,
  monthsBetween,
  monthsLater,
  refuse,
  type Currency,
  type LocalDate,
  type Month,
  type Refusal,
} from '@billtrail/kernel';
import { streamName } from '@billtrail/event-store';
import {
  DEFAULT_PRIORITY,
  contract as contractDecider,
  type ContractEvent,
  type ContractTerms,
} from '@billtrail/contracts';
import {
  whatIf,
  type CarriedOver,
  type ClientPeriodFacts,
  type ContractFacts,
  type Supposed,
} from '@billtrail/billing';
import type { CommandPorts } from '../command-path/command-definition.js';
import { clientAskedFor } from '../commands/references.js';

/** Which client-period, and of it which work. */
interface Asked {
  readonly clientId: string;
  readonly period: Month;
  /** Only this piece of work is compared; absent: the whole period. */
  readonly workItemId?: string;
  /** True: what is on drafts and invoices is rated again too. Absent: it stays as it is. */
  readonly thaw?: boolean;
}

/** One more version of a contract, or a contract that does not exist yet. */
export interface SupposedVersion {
  readonly contractId: string;
  /** Of a contract that does not exist yet; absent: as where a contract is activated without one. */
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

/**
 * Rates a client-period as if one more version of a contract were published, or a new contract activated. Refuses: ClientNotFound,
 * WorkItemNotFound, and what publishing or activating it would refuse, in the same words.
 */
export async function whatIfVersion(
  ports: CommandPorts,
  { version, ...asked }: Asked & { readonly version: SupposedVersion },
): Promise<WhatIfAnswer | Refusal> {
  const client = await clientAskedFor(ports, asked.clientId);
  if (isRefusal(client)) return client;
  const contract = await published(ports, asked.clientId, client.currency, version);
  return isRefusal(contract) ? contract : answered(ports, asked, contract, version.effectiveFrom);
}

/** Rates a client-period as if a contract were as it is given, with all its versions. Refuses: ClientNotFound, ContractOfAnotherClient, WorkItemNotFound. */
export async function whatIfContract(
  ports: CommandPorts,
  { contract, ...asked }: Asked & { readonly contract: ContractFacts },
): Promise<WhatIfAnswer | Refusal> {
  const client = await clientAskedFor(ports, asked.clientId);
  if (isRefusal(client)) return client;
  if (contract.clientId !== asked.clientId) return ofAnotherClient(contract, asked.clientId);
  const from = contract.versions.map(({ effectiveFrom }) => effectiveFrom).sort()[0];
  return answered(ports, asked, contract, from ?? daysOf(asked.period).first);
}

/**
 * Rates every period from the first one affected to the one asked about, each with the carry-over of the one before: blocks, roll-overs
 * and caps span months, so the answer is what publishing would give.
 */
async function answered(
  ports: CommandPorts,
  { clientId, period, workItemId, thaw = false }: Asked,
  contract: ContractFacts,
  from: LocalDate,
): Promise<WhatIfAnswer | Refusal> {
  await ports.upToDate();
  const { billableItems } = ports.models;
  let carriedOver: CarriedOver | undefined;
  for (const earlier of await periodsBefore(ports, clientId, period, monthOf(from))) {
    const facts = await billableItems.periodFacts(clientId, earlier);
    carriedOver = whatIf(facts, { contract: asOfNow(facts, contract) }, { thaw, carriedOver }).result.carriedOver;
  }
  const facts = await billableItems.periodFacts(clientId, period);
  if (workItemId !== undefined && !facts.work.some((one) => one.workItemId === workItemId)) {
    const message = `No work item ${workItemId} for client ${clientId} in ${period}.`;
    return refuse('WorkItemNotFound', message, 'Check the id, the client and the period.', { workItemId });
  }
  const supposition = { contract: asOfNow(facts, contract), ...(workItemId === undefined ? {} : { workItemId }) };
  const { differences, totals, net } = whatIf(facts, supposition, { thaw, carriedOver });
  return { clientId, period, contractId: contract.contractId, differences, totals, net };
}

/** Affected periods before the one asked about: from the first day of the terms, but none before there was anything to rate. */
async function periodsBefore(
  { models }: CommandPorts,
  clientId: string,
  asked: Month,
  from: Month,
): Promise<readonly Month[]> {
  const before = monthsLater(asked, -1);
  const [first] = await models.billableItems.periods({ clientId });
  // An allotment rolls over from the month before, even if nothing was done in it.
  const known = first === undefined || first.period > before ? before : first.period;
  return monthsBetween(from > known ? from : known, before);
}

/** The hypothetical contract, with the recorded blocks and counts of the real one. */
function asOfNow({ contracts }: ClientPeriodFacts, contract: ContractFacts): ContractFacts {
  const { blocks, withdrawnBlocks, counts } = contracts.find((one) => one.contractId === contract.contractId) ?? {};
  return {
    ...contract,
    ...(contract.blocks === undefined && blocks !== undefined ? { blocks } : {}),
    ...(contract.withdrawnBlocks === undefined && withdrawnBlocks !== undefined ? { withdrawnBlocks } : {}),
    ...(contract.counts === undefined && counts !== undefined ? { counts } : {}),
  };
}

/** The contract as the decider would leave it: it refuses a hypothetical version for the same reasons as a real one. */
async function published(
  { store, clock }: CommandPorts,
  clientId: string,
  clientCurrency: Currency,
  { contractId, priority = DEFAULT_PRIORITY, ...version }: SupposedVersion,
): Promise<ContractFacts | Refusal> {
  const { events } = await store.readStream(streamName('contract', contractId));
  const before = fold(contractDecider, events as readonly ContractEvent[]);
  if (before.status !== 'unknown' && before.clientId !== clientId) return ofAnotherClient(before, clientId);
  const asked = { contractId, clientCurrency, ...version, at: clock(), by: SUPPOSER };
  const decision = contractDecider.decide(
    before.status === 'unknown'
      ? { ...asked, type: 'ActivateContract', clientId, name: contractId, priority }
      : { ...asked, type: 'PublishContractVersion' },
    before,
  );
  if (isRefusal(decision)) return decision;
  const after = decision.reduce(contractDecider.evolve, before);
  invariant(after.status !== 'unknown', `contract ${contractId} is unknown after its own decision`);
  const { name, versions, suspensions } = after;
  const lastDay = after.status === 'terminated' ? after.lastDay : null;
  return { contractId, clientId, name, priority: after.priority, lastDay, versions, suspensions };
}

/** An actor for decisions that are not recorded. */
const SUPPOSER = { id: 'what-if', role: 'system' } as const;

function ofAnotherClient(
  { contractId, clientId }: Pick<ContractFacts, 'contractId' | 'clientId'>,
  asked: string,
): Refusal {
  const message = `Contract ${contractId} belongs to client ${clientId}, not to ${asked}.`;
  return refuse('ContractOfAnotherClient', message, "Use one of the client's own contracts.", { contractId });
}
