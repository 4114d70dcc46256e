import { fold, isRefusal, type LocalDate, type Refusal, type Role } from '@billtrail/kernel';
import { releasedCommitments } from '@billtrail/billing';
import { fingerprintOf, WrongExpectedVersion, type Position, type StreamSlice } from '@billtrail/event-store';
import {
  contract as contractDecider,
  clientContracts,
  amountOf,
  amountText,
  warningsOfBlocks,
  warningsOfCommitments,
  warningsOfOneTimeFees,
  warningsOfCount,
  warningsOfNotice,
  warningsOfRenewedTerm,
  warningsOfTerms,
  type AmongContracts,
  type ContractCommand,
  type ContractTerms,
  type ContractToAnalyse,
  type DaysInForceCommand,
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
import {
  clientOfContract,
  contractsStream,
  contractsToList,
  contractStream,
  historyOfClient,
  historyOfContract,
  recordedContract,
  takeContractId,
} from './contract-streams.js';

/** The rate card must be in the client's currency, and the terms may name rate classes of its calendars: the decision needs both. */
async function withClient<C extends DaysInForceCommand>(
  command: C,
  clientId: string,
  ports: CommandPorts,
): Promise<(C & { clientCurrency: string; clientClasses: readonly string[]; shared: SharedTerms }) | Refusal> {
  const client = await clientOf(ports.store, clientId);
  if (isRefusal(client)) return client;
  for (const { billTo } of termsIn(command)) {
    const problem = await billToProblem(ports.store, billTo, client);
    if (problem) return problem;
  }
  return { ...command, clientCurrency: client.currency, ...(await knownOfClient(ports.store, client)) };
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
  const state = await recordedContract(store, contractId);
  if (state.status === 'unknown') return null;
  return { ...state, lastDay: state.status === 'terminated' ? state.lastDay : null };
}

/** The client that a command is about: the one that it names, or whose contract it is; null: there is no such contract. */
async function clientOfCommand(command: DaysInForceCommand, { store }: CommandPorts): Promise<string | null> {
  return activationIn(command)?.clientId ?? (await clientOfContract(store, command.contractId));
}

function activationIn(command: DaysInForceCommand) {
  if (command.type === 'ActivateContract') return command;
  return command.type === 'StateContract' ? command.parts.find((part) => part.type === 'ActivateContract') : undefined;
}

async function amongContracts(command: DaysInForceCommand, ports: CommandPorts): Promise<AmongContracts | Refusal> {
  const clientId = await clientOfCommand(command, ports);
  // Without a contract the decider refuses.
  if (clientId === null) return { ...command, former: [] };
  const known = STATING_TERMS.has(command.type) ? await withClient(command, clientId, ports) : command;
  if (isRefusal(known)) return known;
  await ports.upToDate();
  return { ...known, former: await contractsToList(ports, clientId) };
}

const STATING_TERMS: ReadonlySet<DaysInForceCommand['type']> = new Set([
  'ActivateContract',
  'PublishContractVersion',
  'TerminateContract',
  'RenewContract',
  'StateContract',
]);

interface InForceOptions<C> {
  readonly follow?: CommandDefinition<C & object>['follow'];
  readonly warn?: (command: C, ports: CommandPorts) => Promise<readonly CommandWarning[]>;
}

/** A command that may change the days on which a contract is in force: decided among all contracts of the client. */
export function ofDaysInForce<C extends DaysInForceCommand>(
  command: CommandClass<C>,
  route: CommandRoute | null,
  { warn, follow }: InForceOptions<C> = {},
): CommandDefinition {
  return define({
    command,
    roles: ['accounts'],
    stream: async (asked, ports) => {
      const clientId = await clientOfCommand(asked, ports);
      return clientId === null ? contractStream(asked.contractId) : contractsStream(clientId);
    },
    history: ({ former, contractId }, common, { store }) =>
      historyOfClient(store, common, { toList: former, of: contractId }),
    decider: clientContracts,
    ...(route && { route }),
    prepare: (asked, _context, ports) => amongContracts(asked, ports),
    take: async (asked, context, { store }) => {
      const activation = activationIn(asked);
      if (activation === undefined) return null;
      return takeContractId(store, { contractId: asked.contractId, clientId: activation.clientId }, context);
    },
    ...(follow === undefined ? {} : { follow }),
    ...(warn === undefined ? {} : { warn }),
  });
}

/**
 * The blocks, counts and milestones that a file states of a contract that existed: recorded in its own stream, once it is in force as stated. What is
 * there already is left out, so that the file sent again records what a crash kept from being recorded.
 */
export async function recordTheRest(
  { contractId, parts, ...stated }: StateContract,
  context: CommandContext,
  { store }: CommandPorts,
): Promise<Position | null | Refusal> {
  const rest = parts.filter(({ type }) => !IN_FORCE.has(type));
  const { at, actor, commandId, correlationId, causationId } = context;
  for (;;) {
    const own = await store.readStream(contractStream(contractId));
    const state = fold(contractDecider, await historyOfContract(store, own));
    const events = contractDecider.decide({ ...stated, contractId, parts: rest, at, by: actor }, state);
    if (isRefusal(events)) return events;
    if (events.length === 0) return null;
    const expected = own.version;
    try {
      const { stream } = own;
      const fingerprint = fingerprintOf('StateContract', events);
      const ids = { commandId, correlationId, causationId, fingerprint };
      const appended = await store.append({ stream, expected, events, actor, ...ids });
      return appended.position;
    } catch (error) {
      if (!(error instanceof WrongExpectedVersion)) throw error;
    }
  }
}

const IN_FORCE: ReadonlySet<StateContract['parts'][number]['type']> = new Set([
  'ActivateContract',
  'PublishContractVersion',
  'TerminateContract',
  'RenewContract',
  'SuspendContract',
  'ResumeContract',
  'RecordNotice',
  'WithdrawNotice',
]);

/** How a command is decided from what is recorded of its contract. */
export const decidedAlone = {
  stream: ({ contractId }: { readonly contractId: string }) => contractStream(contractId),
  history: (_asked: object, own: StreamSlice, { store }: CommandPorts) => historyOfContract(store, own),
  decider: contractDecider,
} as const;

/** A command that changes no day on which a contract is in force. */
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
    ...decidedAlone,
    ...(warn === undefined ? {} : { warn }),
  });
}
