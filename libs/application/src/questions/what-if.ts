import {
  daysOf,
  invariant,
  isRefusal,
  monthOf,
  monthsBetween,
  monthsLater,
  refuse,
  type LocalDate,
  type Month,
  type Refusal,
  type TimeZone,
} from '@billtrail/kernel';
import {
  DEFAULT_PRIORITY,
  contract as contractDecider,
  type ContractCommand,
  type ContractState,
  type ContractTerms,
  type ContractToAnalyse,
  type StateContract,
} from '@billtrail/contracts';
import {
  whatIf,
  withBought,
  type BoughtBlock,
  type CarriedOver,
  type ContractFacts,
  type Supposed,
  type Supposition,
} from '@billtrail/billing';
import type { CommandPorts } from '../command-path/command-definition.js';
import { forgoesFrom, type ForgoesBeforehand } from '../commands/back-dated.js';
import { recordedContract } from '../commands/contract-streams.js';
import { knownOfClient } from '../commands/rate-class.js';
import { clientAskedFor, type ClientDetails } from '../commands/references.js';
import { renewed, supposedContract } from './supposed-contract.js';
import { SupposedFacts } from './supposed-facts.js';

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
  /** What it would ask less in all months for work that was approved or resolved, on days that have passed; null: nothing. */
  readonly forgoes: ForgoesBeforehand | null;
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
  const contract = await published(ports, client, version);
  return isRefusal(contract) ? contract : answered(ports, asked, contract, version.effectiveFrom);
}

/**
 * Rates a client-period as if a contract were stated as in a file: what the file does not mention stays as it is. Refuses: ClientNotFound,
 * ContractOfAnotherClient, WorkItemNotFound, and what activating the file would refuse, in the same words.
 */
export async function whatIfStated(
  ports: CommandPorts,
  { contractId, parts, ...asked }: Asked & Pick<StateContract, 'contractId' | 'parts'>,
): Promise<WhatIfAnswer | Refusal> {
  const client = await clientAskedFor(ports, asked.clientId);
  if (isRefusal(client)) return client;
  const before = await recordedContract(ports.store, contractId);
  if (before.status !== 'unknown' && before.clientId !== asked.clientId) return ofAnotherClient(before, asked.clientId);
  const others = await besideOf(ports, asked.clientId, contractId);
  const { beside } = others;
  const known = { clientCurrency: client.currency, ...(await knownOfClient(ports.store, client)) };
  const stated = { type: 'StateContract', contractId, parts, ...known, beside } as const;
  const after = decided(ports, stated, others, before, client.timeZone);
  if (isRefusal(after)) return after;
  if (after.clientId !== asked.clientId) return ofAnotherClient(after, asked.clientId);
  const from = after.versions.map(({ effectiveFrom }) => effectiveFrom).sort()[0];
  return answered(ports, asked, after, from ?? daysOf(asked.period).first);
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
  await ports.upToDate({ clientId });
  const { billableItems } = ports.models;
  const supposedFacts = await SupposedFacts.of(ports, clientId, [contract]);
  const bought: BoughtBlock[] = [];
  const supposing = async (month: Month): Promise<Supposition> => {
    return { contract: withBought(contract, bought), facts: await supposedFacts.ofPeriod(month) };
  };
  let carriedOver: CarriedOver | undefined;
  for (const earlier of await periodsBefore(ports, clientId, period, contract, monthOf(from))) {
    const facts = await billableItems.periodFacts(clientId, earlier);
    const then = whatIf(facts, await supposing(earlier), { thaw, carriedOver });
    bought.push(...then.bought);
    ({ carriedOver } = then.result);
  }
  const facts = await billableItems.periodFacts(clientId, period);
  if (workItemId !== undefined && !facts.work.some((one) => one.workItemId === workItemId)) {
    const message = `No work item ${workItemId} for client ${clientId} in ${period}.`;
    return refuse('WorkItemNotFound', message, 'Check the id, the client and the period.', { workItemId });
  }
  const supposition = { ...(await supposing(period)), ...(workItemId === undefined ? {} : { workItemId }) };
  const { differences, totals, net } = whatIf(facts, supposition, { thaw, carriedOver });
  const forgoes = forgoesFrom(contract, from, { at: ports.clock(), models: ports.models });
  if (isRefusal(forgoes)) return forgoes;
  return { clientId, period, contractId: contract.contractId, differences, totals, net, forgoes };
}

/** Affected periods before the one asked about: from the first day of the terms, but none before there was anything to rate. */
async function periodsBefore(
  { models }: CommandPorts,
  clientId: string,
  asked: Month,
  contract: ContractFacts,
  from: Month,
): Promise<readonly Month[]> {
  const before = monthsLater(asked, -1);
  const [first] = await models.billableItems.periods({ clientId });
  // An allotment rolls over from the month before, even if nothing was done in it.
  const known = first === undefined || first.period > before ? before : first.period;
  // A cap on a ticket counts what was asked under it in any period, also before the version that brings it.
  const isSinceEver = capsTickets(contract);
  return monthsBetween(from > known && !isSinceEver ? from : known, before);
}

function capsTickets({ versions }: ContractFacts): boolean {
  return versions.some(({ terms }) => terms.caps?.some(({ scope }) => scope === 'ticket') === true);
}

/** The contract as the decider would leave it: it refuses a hypothetical version for the same reasons as a real one. */
async function published(
  ports: CommandPorts,
  client: ClientDetails,
  { contractId, priority = DEFAULT_PRIORITY, ...version }: SupposedVersion,
): Promise<ContractFacts | Refusal> {
  const before = await recordedContract(ports.store, contractId);
  const { clientId, currency: clientCurrency, timeZone } = client;
  if (before.status !== 'unknown' && before.clientId !== clientId) return ofAnotherClient(before, clientId);
  const others = await besideOf(ports, clientId, contractId);
  const { beside } = others;
  const known = await knownOfClient(ports.store, client);
  const asked = { contractId, clientCurrency, ...known, beside, ...version };
  return decided(
    ports,
    before.status === 'unknown'
      ? { ...asked, type: 'ActivateContract', clientId, name: contractId, priority }
      : { ...asked, type: 'PublishContractVersion' },
    others,
    before,
    timeZone,
  );
}

/** The client's other contracts: at one priority they must not overlap. Beside them the contract as it is recorded. */
async function besideOf(ports: CommandPorts, clientId: string, contractId: string): Promise<Beside> {
  await ports.upToDate({ clientId });
  const contracts = await ports.models.billableItems.contractsOf(clientId);
  return {
    beside: contracts.filter((one) => one.contractId !== contractId),
    recorded: contracts.find((one) => one.contractId === contractId) ?? null,
  };
}

type Beside = { readonly beside: readonly ContractToAnalyse[]; readonly recorded: ContractFacts | null };

/** The contract as it would be, renewed where it renews by itself. */
function decided(
  { clock }: CommandPorts,
  command: ContractCommand,
  { beside, recorded }: Beside,
  before: ContractState,
  clientTimeZone: TimeZone,
): ContractFacts | Refusal {
  const issued = { at: clock(), by: SUPPOSER };
  const decision = contractDecider.decide({ ...command, ...issued }, before);
  if (isRefusal(decision)) return decision;
  const after = renewed(decision.reduce(contractDecider.evolve, before), issued, { clientTimeZone, beside });
  const supposed = supposedContract(after, recorded);
  invariant(supposed, `contract ${command.contractId} is unknown after its own decision`);
  return supposed;
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
