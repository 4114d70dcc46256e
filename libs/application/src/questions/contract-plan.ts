import {
  Money,
  fold,
  isRefusal,
  monthOf,
  type LocalDate,
  type MoneyJson,
  type Month,
  type Refusal,
} from '@billtrail/kernel';
import { streamName } from '@billtrail/event-store';
import {
  contract as contractDecider,
  differencesOfTerms,
  type ContractCommand,
  type ContractEvent,
  type ContractState,
  type StateContract,
  type TermsDifference,
} from '@billtrail/contracts';
import { versionOn, whatIf, type CarriedOver, type ClientPeriodFacts, type ContractFacts } from '@billtrail/billing';
import type { CommandPorts } from '../command-path/command-definition.js';
import { clientOf } from '../commands/references.js';
import { supposedContract } from './supposed-contract.js';

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
  /**
   * Months of the client whose rated amounts would change. `net`: the change for what is on no document yet; `frozen`: the change for what
   * is on documents, which stay as they are; each such line opens a gap `contract-mismatch`.
   */
  readonly money: readonly { readonly period: Month; readonly net: MoneyJson; readonly frozen: MoneyJson }[];
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
  const plans: ContractPlan[] = [];
  // Each contract is compared with those before it as they would be by then.
  const planned = new Map<string, ContractFacts>();
  for (const { contractId, parts } of contractsOf(commands)) {
    const plan = await planOf(ports, contractId, parts, planned);
    if (isRefusal(plan)) return plan;
    plans.push(plan);
  }
  return plans;
}

async function planOf(
  ports: CommandPorts,
  contractId: string,
  parts: StateContract['parts'],
  planned: Map<string, ContractFacts>,
): Promise<ContractPlan | Refusal> {
  const activation = parts.find((part) => part.type === 'ActivateContract');
  const client = activation === undefined ? null : await clientOf(ports.store, activation.clientId);
  if (isRefusal(client)) return client;
  const { events: recorded } = await ports.store.readStream(streamName('contract', contractId));
  const before = fold(contractDecider, recorded as readonly ContractEvent[]);
  const issued = { at: ports.clock(), by: { id: 'contract-plan', role: 'system' } } as const;
  const recordedBeside =
    activation === undefined ? [] : await ports.models.billableItems.contractsOf(activation.clientId);
  const beside = [...recordedBeside.filter((one) => !planned.has(one.contractId)), ...planned.values()];
  const asked = { type: 'StateContract', contractId, parts, clientCurrency: client?.currency ?? null, beside } as const;
  const decision = contractDecider.decide({ ...asked, ...issued }, before);
  if (isRefusal(decision)) return decision;
  const after = decision.reduce(contractDecider.evolve, before);
  const clientId = after.status === 'unknown' ? '' : after.clientId;
  const contract = supposedContract(after);
  if (contract !== null) planned.set(contractId, contract);
  return {
    contractId,
    clientId,
    isNew: before.status === 'unknown',
    events: decision.map(({ type }) => type),
    versions: decision.flatMap((event) =>
      event.type === 'ContractVersionPublished' ? [plannedOf(event, before)] : [],
    ),
    money: decision.length === 0 ? [] : await moneyOf(ports, clientId, contract),
  };
}

function plannedOf(
  { data }: Extract<ContractEvent, { type: 'ContractVersionPublished' }>,
  before: ContractState,
): PlannedVersion {
  const { versionNumber, effectiveFrom, effectiveTo, terms } = data;
  const contract = supposedContract(before);
  const present = contract === null ? null : versionOn(contract, effectiveFrom);
  return {
    versionNumber,
    effectiveFrom,
    effectiveTo,
    inPlaceOf: present?.versionNumber ?? null,
    differences: present === null ? [] : differencesOfTerms(present.terms, terms),
  };
}

async function moneyOf(
  { models }: CommandPorts,
  clientId: string,
  contract: ContractFacts | null,
): Promise<ContractPlan['money']> {
  if (contract === null) return [];
  const first = contract.versions.map(({ effectiveFrom }) => monthOf(effectiveFrom)).sort()[0] ?? '';
  const found: ContractPlan['money'][number][] = [];
  // Each period starts with the carry-over of the one before, per supposition.
  const carryOvers: Record<'open' | 'now' | 'thawed', CarriedOver | undefined> = {
    open: undefined,
    now: undefined,
    thawed: undefined,
  };
  const suppose = (facts: ClientPeriodFacts, which: keyof typeof carryOvers, supposed: ContractFacts): MoneyJson => {
    const options = { thaw: which !== 'open', carriedOver: carryOvers[which] };
    const { result, net } = whatIf(facts, { contract: supposed }, options);
    carryOvers[which] = result.carriedOver;
    return net;
  };
  for (const { period } of await models.billableItems.periods({ clientId })) {
    if (period < first) continue;
    const facts = await models.billableItems.periodFacts(clientId, period);
    const net = suppose(facts, 'open', contract);
    const asItIs = facts.contracts.find(({ contractId }) => contractId === contract.contractId);
    // Documents may already differ under the current contract; that is not caused by this one.
    const already = asItIs === undefined ? null : suppose(facts, 'now', asItIs);
    const frozen = minus(minus(suppose(facts, 'thawed', contract), already), net);
    if (!isZero(net) || !isZero(frozen)) found.push({ period, net, frozen });
  }
  return found;
}

function minus(one: MoneyJson, other: MoneyJson | null): MoneyJson {
  return other === null ? one : Money.from(one).minus(Money.from(other)).toJSON();
}

function isZero(money: MoneyJson): boolean {
  return Money.from(money).isZero();
}
