import { fold, isRefusal, type LocalDate, type Refusal, type Role } from '@billtrail/kernel';
import { releasedCommitments } from '@billtrail/billing';
import { streamName } from '@billtrail/event-store';
import {
  contract as contractDecider,
  amountOf,
  amountText,
  warningsOfBlocks,
  warningsOfCommitments,
  warningsOfOneTimeFees,
  warningsOfCount,
  warningsOfNotice,
  warningsOfRenewedTerm,
  warningsOfTerms,
  type ContractCommand,
  type ContractEvent,
  type ContractTerms,
  type ContractToAnalyse,
  type KnownContract,
  type SharedTerms,
  type StateContract,
} from '@billtrail/contracts';
import {
  define,
  type CommandClass,
  type CommandDefinition,
  type CommandPorts,
  type CommandRoute,
} from '../command-path/command-definition.js';
import type { CommandContext, CommandWarning } from '../command-path/command-envelope.js';
import { billToProblem } from './bill-to.js';
import { namesKnown } from './known-names.js';
import { knownOfClient } from './rate-class.js';
import { clientOf } from './references.js';

/**
 * The rate card must be in the client's currency, the terms may name rate classes of its calendars, and no other contract of the client may overlap at the same
 * priority: the decision needs all three.
 */
export async function withClient<C extends { readonly contractId: string }>(
  command: C,
  clientId: string,
  ports: CommandPorts,
): Promise<
  | (C & {
      clientCurrency: string;
      clientClasses: readonly string[];
      shared: SharedTerms;
      beside: readonly ContractToAnalyse[];
    })
  | Refusal
> {
  const client = await clientOf(ports.store, clientId);
  if (isRefusal(client)) return client;
  for (const { billTo } of termsIn(command)) {
    const problem = await billToProblem(ports.store, billTo, client);
    if (problem) return problem;
  }
  await ports.upToDate();
  const contracts = await ports.models.billableItems.contractsOf(clientId);
  const beside = contracts.filter(({ contractId }) => contractId !== command.contractId);
  return {
    ...command,
    clientCurrency: client.currency,
    ...(await knownOfClient(ports.store, client)),
    beside,
  };
}

/** The terms that a command states, of each version. */
function termsIn(command: object): readonly ContractTerms[] {
  const { terms, parts = [] } = command as { readonly terms?: ContractTerms; readonly parts?: readonly object[] };
  return [...(terms === undefined ? [] : [terms]), ...parts.flatMap(termsIn)];
}

/** Warnings about the current terms. Contracts of the client that the read models do not have yet are left out. */
export async function warnOfTerms({ contractId }: { contractId: string }, ports: CommandPorts) {
  const contract = await contractNow(contractId, ports);
  if (contract === null) return [];
  const contracts = await ports.models.billableItems.contractsOf(contract.clientId);
  const beside = contracts.filter((one) => one.contractId !== contractId);
  return [
    ...warningsOfTerms(contract, beside, await namesKnown(ports, contract.clientId)),
    ...warningsOfRenewedTerm(contract),
    ...warningsOfBlocks(contract, await leftOfBlocks(contract, ports)),
  ];
}

/** In words, of each block of which something is left. */
async function leftOfBlocks({ contractId, blocks }: ContractNow, ports: CommandPorts): Promise<Map<string, string>> {
  const left = new Map<string, string>();
  for (const { blockId } of blocks) {
    const found = await ports.models.prepaid.balance({ from: 'block', contractId, blockId });
    if (found !== null && !amountOf(found.left).isZero()) left.set(blockId, amountText(found.left));
  }
  return left;
}

export async function warnOfCount(
  { contractId, countOf }: { contractId: string; countOf: string },
  ports: CommandPorts,
) {
  const contract = await contractNow(contractId, ports);
  return contract === null ? [] : warningsOfCount(contract, countOf);
}

export async function warnOfNotice({ contractId }: { contractId: string }, ports: CommandPorts) {
  const contract = await contractNow(contractId, ports);
  return contract === null ? [] : warningsOfNotice(contract);
}

/** What stays owed after a termination, or what it released. */
export async function warnOfTermination(
  { contractId, lastDay }: { contractId: string; lastDay: LocalDate },
  ports: CommandPorts,
): Promise<readonly CommandWarning[]> {
  const contract = await contractNow(contractId, ports);
  if (contract === null) return [];
  const remedy = `To forgo the rest: POST /contracts/${contractId}/terminate with "releasesCommitments": true and the reason.`;
  const commitments =
    contract.releasesCommitments === true
      ? warningsOfReleases(contract)
      : warningsOfCommitments(contract, lastDay, remedy);
  return [...commitments, ...warningsOfOneTimeFees(contract)];
}

function warningsOfReleases({
  blocks: _blocks,
  withdrawnBlocks: _withdrawn,
  milestones: _milestones,
  ...contract
}: ContractNow) {
  const { contractId } = contract;
  const counts = contract.counts.map((count) => ({ ...count, eventId: '' }));
  return releasedCommitments({ ...contract, counts }).map(({ chargeId, name, until, net }): CommandWarning => {
    const worth = net === null ? 'what nobody recorded a count for' : `${net.amount} ${net.currency} before tax`;
    const message = `${name} (${chargeId}) of contract ${contractId} was committed until ${until}, and this termination forgoes the rest: ${worth}. To keep it owed: POST /contracts/${contractId}/terminate with the same last day and without "releasesCommitments".`;
    return { code: 'CommitmentReleased', message, details: { contractId, chargeId, until, net } };
  });
}

/** What stays owed during a suspension. */
export async function warnOfSuspension(
  { contractId, from }: { contractId: string; from: LocalDate },
  ports: CommandPorts,
) {
  const contract = await contractNow(contractId, ports);
  const remedy = `To forgo the rest, publish a version without the commitment: POST /contracts/${contractId}/versions`;
  return contract === null ? [] : warningsOfCommitments(contract, from, remedy);
}

type ContractNow = ContractToAnalyse & KnownContract & { readonly releasesCommitments?: boolean };

async function contractNow(contractId: string, { store }: CommandPorts): Promise<ContractNow | null> {
  const { events } = await store.readStream(streamName('contract', contractId));
  const state = fold(contractDecider, events as readonly ContractEvent[]);
  if (state.status === 'unknown') return null;
  return { ...state, lastDay: state.status === 'terminated' ? state.lastDay : null };
}

export async function withItsClient<C extends { readonly contractId: string }>(
  command: C,
  _context: CommandContext,
  ports: CommandPorts,
): Promise<C | Refusal> {
  const { events } = await ports.store.readStream(streamName('contract', command.contractId), { limit: 1 });
  const activated = events[0]?.data as Extract<ContractEvent, { type: 'ContractActivated' }>['data'] | undefined;
  // Without a contract the decider refuses.
  return activated ? withClient(command, activated.clientId, ports) : command;
}

export async function withStatedClient(
  command: StateContract,
  _context: CommandContext,
  ports: CommandPorts,
): Promise<StateContract | Refusal> {
  const activation = command.parts.find((part) => part.type === 'ActivateContract');
  // Without an activation the decider refuses, unless the contract exists.
  return activation ? withClient(command, activation.clientId, ports) : command;
}

const contractStream = (command: { contractId: string }) => streamName('contract', command.contractId);

/** A command that may change the days a contract is in force. Such commands read the client's other contracts, so they take turns. */
export function ofDaysInForce<C extends ContractCommand>(
  command: CommandClass<C>,
  route: CommandRoute | null,
  prepare: (command: C, context: CommandContext, ports: CommandPorts) => Promise<C | Refusal>,
  warn?: (command: C, ports: CommandPorts) => Promise<readonly CommandWarning[]>,
): CommandDefinition {
  const turn = streamName('contracts', 'in-force');
  return define({
    command,
    roles: ['accounts'],
    stream: contractStream,
    decider: contractDecider,
    turn,
    ...(route && { route }),
    prepare,
    ...(warn === undefined ? {} : { warn }),
  });
}

/** A command decided from the contract's own stream alone. */
export function ofContract<C extends ContractCommand>(
  command: CommandClass<C>,
  roles: readonly Role[],
  route: CommandRoute,
  warn?: (command: C, ports: CommandPorts) => Promise<readonly CommandWarning[]>,
): CommandDefinition {
  return define({
    command,
    roles,
    route,
    stream: contractStream,
    decider: contractDecider,
    ...(warn === undefined ? {} : { warn }),
  });
}
