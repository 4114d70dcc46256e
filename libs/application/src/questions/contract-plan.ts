import { addTo, at, invariant, isRefusal, type LocalDate, type Refusal } from '@billtrail/kernel';
import {
  contract as contractDecider,
  differencesOfTerms,
  type ContractCommand,
  type ContractEvent,
  type ContractState,
  type StateContract,
  type TermsDifference,
} from '@billtrail/contracts';
import { versionOn, type ContractFacts } from '@billtrail/billing';
import type { CommandPorts } from '../command-path/command-definition.js';
import { forgoesBeforehand, type ForgoesBeforehand } from '../commands/back-dated.js';
import { readContracts, recordedContract } from '../commands/contract-streams.js';
import { knownOfClient } from '../commands/rate-class.js';
import { clientOf } from '../commands/references.js';
import { moneyOf, type MonthOfPlan } from './plan-money.js';
import { renewed, supposedContract } from './supposed-contract.js';

/** A version that would be published, compared with the one in force on its first day. */
export interface PlannedVersion {
  readonly versionNumber: number;
  readonly effectiveFrom: LocalDate;
  readonly effectiveTo: LocalDate | null;
  /** null: no version of the contract is in force on that day. */
  readonly inPlaceOf: number | null;
  /** Empty if it replaces none. */
  readonly differences: readonly TermsDifference[];
}

/** What applying a contract would record, and the change of rated amounts. */
export interface ContractPlan {
  readonly contractId: string;
  readonly clientId: string;
  readonly isNew: boolean;
  /** The events that would be recorded. Empty: nothing is new. */
  readonly events: readonly ContractEvent['type'][];
  readonly versions: readonly PlannedVersion[];
  /** Months of the client whose rated amounts would change, once the contracts before it are as they would be. */
  readonly money: readonly MonthOfPlan[];
  /** What it asks less for work that was approved or resolved, on days that have passed; null: nothing. */
  readonly forgoes: ForgoesBeforehand | null;
}

/** The commands of a file, contract by contract, in the order of the file. */
export function contractsOf(
  commands: readonly ContractCommand[],
): readonly { readonly contractId: string; readonly parts: StateContract['parts'] }[] {
  const byId = new Map<string, StateContract['parts'][number][]>();
  for (const command of commands) {
    if (command.type === 'StateContract') continue;
    const known = byId.get(command.contractId);
    if (known === undefined) byId.set(command.contractId, [command]);
    else known.push(command);
  }
  return [...byId].map(([contractId, parts]) => ({ contractId, parts }));
}

/**
 * What the contracts of a file would change, without recording anything. Returns the first refusal of any of them, so that a file is
 * activated as a whole or not at all. Refuses: ClientNotFound, and what `StateContract` refuses.
 */
export async function planContracts(
  ports: CommandPorts,
  commands: readonly ContractCommand[],
): Promise<readonly ContractPlan[] | Refusal> {
  await ports.upToDate();
  const decided: Decided[] = [];
  // Each contract is compared with those before it as they would be by then.
  const planned = new Map<string, ContractFacts>();
  for (const { contractId, parts } of contractsOf(commands)) {
    const plan = await decidedOf(ports, contractId, parts, planned);
    if (isRefusal(plan)) return plan;
    decided.push(plan);
  }
  const money = await moneyOfAll(ports, decided);
  return decided.map(({ plan, contract }) => ({ ...plan, money: (contract && money.get(contract)) ?? [] }));
}

interface Decided {
  readonly plan: Omit<ContractPlan, 'money'>;
  readonly contract: ContractFacts | null;
}

async function decidedOf(
  ports: CommandPorts,
  contractId: string,
  parts: StateContract['parts'],
  planned: Map<string, ContractFacts>,
): Promise<Decided | Refusal> {
  const activation = parts.find((part) => part.type === 'ActivateContract');
  const client = activation === undefined ? null : await clientOf(ports.store, activation.clientId);
  if (isRefusal(client)) return client;
  const before = await recordedContract(ports.store, contractId);
  const issued = { at: ports.clock(), by: { id: 'contract-plan', role: 'system' } } as const;
  const recordedBeside =
    activation === undefined ? [] : await ports.models.billableItems.contractsOf(activation.clientId);
  const beside = [...recordedBeside.filter((one) => !planned.has(one.contractId)), ...planned.values()];
  const ofClient = client === null ? { clientClasses: null, shared: null } : await knownOfClient(ports.store, client);
  const known = { clientCurrency: client?.currency ?? null, ...ofClient };
  const asked = { type: 'StateContract', contractId, parts, ...known, beside } as const;
  const decision = contractDecider.decide({ ...asked, ...issued }, before);
  if (isRefusal(decision)) return decision;
  const after = decision.reduce(contractDecider.evolve, before);
  invariant(after.status !== 'unknown', `contract ${contractId} is unknown after its own decision`);
  const owner = client ?? (await clientOf(ports.store, after.clientId));
  if (isRefusal(owner)) return owner;
  const others = beside.filter((one) => one.contractId !== contractId);
  const ofOwner = await ports.models.billableItems.contractsOf(after.clientId);
  const contract = supposedContract(
    renewed(after, issued, { clientTimeZone: owner.timeZone, beside: others }),
    ofOwner.find((one) => one.contractId === contractId) ?? null,
  );
  if (contract !== null) planned.set(contractId, contract);
  const now = { at: issued.at, models: ports.models };
  const forgoes = forgoesBeforehand((await readContracts(ports, after.clientId)).state, decision, now);
  if (isRefusal(forgoes)) return forgoes;
  const plan = {
    forgoes,
    contractId,
    clientId: contract?.clientId ?? '',
    isNew: before.status === 'unknown',
    events: decision.map(({ type }) => type),
    versions: decision.flatMap((event) =>
      event.type === 'ContractVersionPublished' ? [plannedOf(event, before)] : [],
    ),
  };
  return { plan, contract };
}

/** By contract; none of those that would record nothing. */
async function moneyOfAll(
  ports: CommandPorts,
  decided: readonly Decided[],
): Promise<ReadonlyMap<ContractFacts, readonly MonthOfPlan[]>> {
  const byClient = new Map<string, ContractFacts[]>();
  for (const { plan, contract } of decided)
    if (contract !== null && plan.events.length > 0) addTo(byClient, contract.clientId, contract);
  const money = new Map<ContractFacts, readonly MonthOfPlan[]>();
  for (const [clientId, contracts] of byClient) {
    const months = await moneyOf(ports, clientId, contracts);
    contracts.forEach((contract, index) => money.set(contract, at(months, index, 'the months of a contract')));
  }
  return money;
}

function plannedOf(
  { data }: Extract<ContractEvent, { type: 'ContractVersionPublished' }>,
  before: ContractState,
): PlannedVersion {
  const { versionNumber, effectiveFrom, effectiveTo, terms } = data;
  const contract = supposedContract(before, null);
  const present = contract === null ? null : versionOn(contract, effectiveFrom);
  return {
    versionNumber,
    effectiveFrom,
    effectiveTo,
    inPlaceOf: present?.versionNumber ?? null,
    differences: present === null ? [] : differencesOfTerms(present.terms, terms),
  };
}
