import { Money, addDays, isRefusal, type LocalDate, type Refusal, type Role } from '@billtrail/kernel';
import { givenBackBy, releasedCommitments, type ContractFacts } from '@billtrail/billing';
import type { StreamSlice } from '@billtrail/event-store';
import {
  clientContracts,
  amountOf,
  amountText,
  termEndOf,
  warningsOfBlocks,
  warningsOfCommitments,
  warningsOfDroppedMilestones,
  warningsOfOneTimeFees,
  warningsOfCount,
  warningsOfNotice,
  warningsOfRenewedTerm,
  warningsOfTerms,
  type AmongContracts,
  type ClientContracts,
  type ClientContractsEvent,
  type ContractCommand,
  type ContractTerms,
  type ContractToAnalyse,
  type KnownContract,
  type SharedTerms,
} from '@billtrail/contracts';
import {
  define,
  type CommandClass,
  type CommandDefinition,
  type CommandPorts,
  type CommandRoute,
  type Forgoes,
} from '../command-path/command-definition.js';
import type { CommandWarning } from '../command-path/command-envelope.js';
import { forgoneByTerms } from './back-dated.js';
import { billToProblem } from './bill-to.js';
import { namesKnown } from './known-names.js';
import { knownOfClient } from './rate-class.js';
import { clientOf } from './references.js';
import {
  claimsOfContract,
  clientOfContract,
  contractsStream,
  contractsToList,
  contractStream,
  historyOfClient,
  recordedContract,
} from './contract-streams.js';
import { warningsIfKnown } from '../command-path/warnings.js';

/** The rate card must be in the client's currency, and the terms may name rate classes of its calendars: the decision needs both. */
async function withClient<C extends ContractCommand>(
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

/** Warnings about the current terms. Of contracts of the client that the read models do not have yet nothing is said; where they are not known, a warning says so. */
export async function warnOfTerms({ contractId }: { contractId: string }, ports: CommandPorts) {
  const contract = await contractNow(contractId, ports);
  if (contract === null) return [];
  const names = await namesKnown(ports, contract.clientId);
  const beside: ContractToAnalyse[] = [];
  const ofBlocks = await warningsIfKnown(async () => {
    const all = await ports.models.billableItems.contractsOf(contract.clientId);
    beside.push(...all.filter((one) => one.contractId !== contractId));
    return warningsOfBlocks(contract, await leftOfBlocks(contract, ports));
  });
  return [
    ...warningsOfTerms(contract, beside, names),
    ...warningsOfRenewedTerm(contract),
    ...warningsOfDroppedMilestones(contract),
    ...ofBlocks,
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

export async function warnOfNotice(
  { contractId }: { contractId: string },
  ports: CommandPorts,
): Promise<readonly CommandWarning[]> {
  const contract = await contractNow(contractId, ports);
  if (contract === null) return [];
  const { reversedUntil } = contract;
  const end = termEndOf(contract);
  if (typeof reversedUntil !== 'string' || end === null) return warningsOfNotice(contract);
  const { versionNumber } = end.version;
  const renewed = (is: ContractFacts): ContractFacts => ({
    ...is,
    versions: is.versions.map((one) =>
      one.versionNumber === versionNumber ? { ...one, effectiveTo: reversedUntil } : one,
    ),
  });
  return warningsIfKnown<CommandWarning>(async () => {
    const back = await givenBackOf(contract, { from: addDays(end.lastDay, 1), was: renewed }, ports);
    return warningsOfNotice(contract, back?.net ?? null);
  });
}

/** What a version gives back of what was invoiced, besides what there is to say of its terms. */
export async function warnOfVersion(
  { contractId, effectiveFrom }: { contractId: string; effectiveFrom: LocalDate },
  ports: CommandPorts,
): Promise<readonly CommandWarning[]> {
  const warnings = await warnOfTerms({ contractId }, ports);
  const contract = await contractNow(contractId, ports);
  if (contract === null) return warnings;
  const last = Math.max(...contract.versions.map(({ versionNumber }) => versionNumber));
  const without = (is: ContractFacts): ContractFacts => ({
    ...is,
    versions: is.versions.filter(({ versionNumber }) => versionNumber !== last),
  });
  const remedy = `What a version would change is told before by POST /v1/what-if. If it is wrong, publish another one from the same day: POST /v1/contracts/${contractId}/versions`;
  const told = { what: `Version ${last} of contract ${contractId} from ${effectiveFrom}`, remedy };
  return [...warnings, ...(await warningsOfChange(contract, { from: effectiveFrom, was: without }, told, ports))];
}

/** What stays owed after a termination, or what it released, and what it gives back of what was invoiced. */
export async function warnOfTermination(
  { contractId, lastDay }: { contractId: string; lastDay: LocalDate },
  ports: CommandPorts,
): Promise<readonly CommandWarning[]> {
  const contract = await contractNow(contractId, ports);
  if (contract === null) return [];
  const remedy = `To forgo the rest: POST /v1/contracts/${contractId}/terminate with "releasesCommitments": true and the reason.`;
  const commitments =
    contract.releasesCommitments === true
      ? warningsOfReleases(contract)
      : warningsOfCommitments(contract, lastDay, remedy);
  return [
    ...commitments,
    ...warningsOfOneTimeFees(contract),
    ...(await warningsIfKnown(() => warningsOfInvoicedDays(contract, lastDay, ports))),
  ];
}

/** Of what invoices ask for days after the end: in money. */
async function warningsOfInvoicedDays(
  contract: ContractNow,
  lastDay: LocalDate,
  ports: CommandPorts,
): Promise<readonly CommandWarning[]> {
  const { contractId } = contract;
  const endless = (is: ContractFacts): ContractFacts => ({ ...is, lastDay: null, releasesCommitments: false });
  const back = await givenBackOf(contract, { from: addDays(lastDay, 1), was: endless }, ports);
  if (back === null) return [];
  const { net, days, chargeIds } = back;
  const message = `Contract ${contractId} ends on ${lastDay}, and invoices charge for later days (${days}). ${net.amount} ${net.currency} before tax will be credited. If the day is wrong, terminate it again with a later last day: POST /v1/contracts/${contractId}/terminate`;
  return [{ code: 'InvoicedAfterEnd', message, details: { contractId, lastDay, net, chargeIds } }];
}

/** How a contract was before a change, from how it is, and the first day from which that matters. */
interface Change {
  readonly from: LocalDate;
  readonly was: (is: ContractFacts) => ContractFacts;
}

/** A change that gives back money of invoices says how much. */
export async function warningsOfChange(
  contract: ContractNow,
  change: Change,
  { what, remedy }: { readonly what: string; readonly remedy: string },
  ports: CommandPorts,
): Promise<readonly CommandWarning[]> {
  const { contractId } = contract;
  return warningsIfKnown<CommandWarning>(async () => {
    const back = await givenBackOf(contract, change, ports);
    if (back === null) return [];
    const { net, days, chargeIds } = back;
    const message = `${what} makes what invoices ask for less (${days}): ${net.amount} ${net.currency} before tax will be credited. ${remedy}`;
    return [{ code: 'InvoicedAndLess', message, details: { contractId, from: change.from, net, chargeIds } }];
  });
}

/** What goes back in all of what invoices ask for by a contract, with the charges; null: nothing does. */
async function givenBackOf({ contractId, clientId }: ContractNow, { from, was }: Change, ports: CommandPorts) {
  const { charges, billableItems, rated } = ports.models;
  rated.check({ clientId });
  const periods = charges.periodsInvoicedNow(clientId, contractId, from);
  if (periods.length === 0) return null;
  await ports.upToDateToMend();
  const facts = await Promise.all(periods.map((period) => billableItems.periodFacts(clientId, period)));
  const found = facts.flatMap((one) => {
    const is = one.contracts.find((other) => other.contractId === contractId);
    return (is && givenBackBy(one, { was: was(is), is })) ?? [];
  });
  const [first] = found;
  if (first === undefined) return null;
  const net = Money.sum(
    found.map((one) => Money.from(one.net)),
    first.net.currency,
  );
  const lastDays = new Map<string, LocalDate>();
  const given = found.flatMap((one) => one.charges);
  for (const { name, to } of given) if (to > (lastDays.get(name) ?? '')) lastDays.set(name, to);
  const days = [...lastDays].map(([name, to]) => `${name} to ${to}`).join(', ');
  return { net: net.toJSON(), days, chargeIds: given.map(({ chargeId }) => chargeId) };
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
    const message = `${name} (${chargeId}) of contract ${contractId} was committed until ${until}, and this termination forgoes the rest: ${worth}. To keep it owed: POST /v1/contracts/${contractId}/terminate with the same last day and without "releasesCommitments".`;
    return { code: 'CommitmentReleased', message, details: { contractId, chargeId, until, net } };
  });
}

/** What stays owed during a suspension, and what it gives back of what was invoiced. */
export async function warnOfSuspension(
  { contractId, from }: { contractId: string; from: LocalDate },
  ports: CommandPorts,
): Promise<readonly CommandWarning[]> {
  const contract = await contractNow(contractId, ports);
  if (contract === null) return [];
  const remedy = `To forgo the rest, publish a version without the commitment: POST /v1/contracts/${contractId}/versions`;
  const active = (is: ContractFacts): ContractFacts => ({
    ...is,
    suspensions: (is.suspensions ?? []).filter((one) => one.from !== from),
  });
  const told = {
    what: `The suspension of contract ${contractId} from ${from}`,
    remedy: `It goes on being charged from the day that it is resumed on: POST /v1/contracts/${contractId}/resume`,
  };
  return [
    ...warningsOfCommitments(contract, from, remedy),
    ...(await warningsOfChange(contract, { from, was: active }, told, ports)),
  ];
}

type ContractNow = ContractToAnalyse & KnownContract & { readonly releasesCommitments?: boolean };

export async function contractNow(contractId: string, { store }: CommandPorts): Promise<ContractNow | null> {
  const state = await recordedContract(store, contractId);
  if (state.status === 'unknown') return null;
  return { ...state, lastDay: state.status === 'terminated' ? state.lastDay : null };
}

type Sent = Pick<ContractCommand, 'type' | 'contractId'>;

/** The client that a command is about: the one that it names, or whose contract it is; null: there is no such contract. */
async function clientOfCommand(command: Sent, { store }: CommandPorts): Promise<string | null> {
  return activationIn(command)?.clientId ?? (await clientOfContract(store, command.contractId));
}

function activationIn(sent: Sent) {
  const command = sent as ContractCommand;
  if (command.type === 'ActivateContract') return command;
  return command.type === 'StateContract' ? command.parts.find((part) => part.type === 'ActivateContract') : undefined;
}

/** Adds to a command what it is decided with, besides what is recorded of the contracts. */
export async function amongContracts(command: ContractCommand, ports: CommandPorts): Promise<AmongContracts | Refusal> {
  const clientId = await clientOfCommand(command, ports);
  // Without a contract the decider refuses.
  if (clientId === null) return { ...command, former: [] };
  const known = STATING_TERMS.has(command.type) ? await withClient(command, clientId, ports) : command;
  if (isRefusal(known)) return known;
  await ports.upToDateToMend();
  return { ...known, former: await contractsToList(ports, clientId) };
}

const STATING_TERMS: ReadonlySet<ContractCommand['type']> = new Set([
  'ActivateContract',
  'PublishContractVersion',
  'TerminateContract',
  'RenewContract',
  'StateContract',
]);

/** How a command about a contract is decided: among all contracts of its client, and recorded with them. */
export const decidedAmongContracts = {
  stream: async (asked: Sent, ports: CommandPorts) => {
    const clientId = await clientOfCommand(asked, ports);
    return clientId === null ? contractStream(asked.contractId) : contractsStream(clientId);
  },
  history: ({ former }: AmongContracts, common: StreamSlice, { store }: CommandPorts) =>
    historyOfClient(store, common, former),
  decider: clientContracts,
} as const;

/** What another day, count or block of a contract takes from what was worked or asked for days that have passed. */
export const forgoesByTerms: Forgoes<AmongContracts, ClientContracts, ClientContractsEvent> = {
  act: 'back-date',
  beforehand: ['ContractsListed'],
  of: (_known, state, decided, now) => forgoneByTerms(state, decided, now),
};

/** A command about a contract. `route`: null where it is not sent over HTTP. */
export function ofContract<C extends ContractCommand>(
  command: CommandClass<C>,
  roles: readonly Role[],
  route: CommandRoute | null,
  warn?: (command: C, ports: CommandPorts) => Promise<readonly CommandWarning[]>,
): CommandDefinition {
  return define({
    command,
    roles,
    ...decidedAmongContracts,
    prepare: (asked, _context, ports) => amongContracts(asked, ports),
    // What it forgoes is worked out on read models that know all that is recorded of the contracts.
    collect: (known: AmongContracts, _context, models, from) => models.settled(from, () => known),
    forgoes: forgoesByTerms,
    claims: async (asked, { store }) => {
      const activation = activationIn(asked);
      return activation === undefined ? [] : claimsOfContract(store, activation);
    },
    ...(route && { route }),
    ...(warn === undefined ? {} : { warn }),
  });
}
