import { type LocalDate, addDays } from '@billtrail/kernel';
import type { ContractTerms, ContractVersion } from '@billtrail/contracts';
import type { UnpricedReason } from '../../item/basis.js';
import type { Step } from '../../item/trace.js';
import type { ContractFacts } from '../facts.js';
import { unpricedStep } from './placement.js';

/** A contract with the version of it that is in force, as it is stated. */
export interface Chosen {
  readonly contract: ContractFacts;
  readonly version: ContractVersion;
}

/** One link of the chain that work goes along: a contract to ask, or the reason why the chain ends there. */
export type ChosenLink =
  | { readonly inForce: Chosen; readonly step: Step }
  | { readonly inForce: null; readonly reason: UnpricedReason; readonly step: Step };

/**
 * The version of a contract in force on a day, or null. A version holds from its first day to its last; one without a last day holds
 * until the next later start of any version of the contract; none holds after the contract's last day.
 * Of several that cover the day, the one published last wins.
 */
export function versionOn(
  contract: Pick<ContractFacts, 'versions' | 'lastDay'>,
  day: LocalDate,
): ContractVersion | null {
  return versionAt(contract, () => day);
}

/** The day of a moment, in the zone of the terms that are asked. */
export type DayUnder = (terms: ContractTerms) => LocalDate;

/** The same for work at a moment: every version is asked for the day in its own zone, so that a change of zone leaves no hole. */
function versionAt(contract: Pick<ContractFacts, 'versions' | 'lastDay'>, dayUnder: DayUnder): ContractVersion | null {
  let latest: ContractVersion | null = null;
  for (const version of contract.versions) {
    const day = dayUnder(version.terms);
    if (version.effectiveFrom > day || (contract.lastDay !== null && day > contract.lastDay)) continue;
    const { effectiveTo } = version;
    if (effectiveTo === null ? isSucceeded(contract, version, dayUnder) : isOver(contract, effectiveTo, day, dayUnder))
      continue;
    if (latest === null || version.versionNumber > latest.versionNumber) latest = version;
  }
  return latest;
}

/**
 * True after a version's last day. Where the next version begins on the day after it in another zone, the one before holds until it does: whoever changes
 * the zone leaves no hour between two days without a contract.
 */
function isOver(
  contract: Pick<ContractFacts, 'versions'>,
  effectiveTo: LocalDate,
  day: LocalDate,
  dayUnder: DayUnder,
): boolean {
  if (day <= effectiveTo) return false;
  const next = addDays(effectiveTo, 1);
  return !contract.versions.some((other) => other.effectiveFrom === next && dayUnder(other.terms) < next);
}

function isSucceeded(contract: Pick<ContractFacts, 'versions'>, version: ContractVersion, dayUnder: DayUnder): boolean {
  return contract.versions.some(
    (other) => other.effectiveFrom > version.effectiveFrom && other.effectiveFrom <= dayUnder(other.terms),
  );
}

/** True on a day on which the contract rests: its work goes along the chain. */
export function isSuspendedOn(contract: ContractFacts, day: LocalDate): boolean {
  return (contract.suspensions ?? []).some(
    ({ from, resumedOn }) => day >= from && (resumedOn === null || day < resumedOn),
  );
}

function named(inForce: Chosen): string {
  return `${inForce.contract.contractId} version ${inForce.version.versionNumber}`;
}

/**
 * Step 1 of rating.md: the contracts to ask, in order. The one named on the ticket goes first (it must be the client's and in force on
 * the work date), then those in force by declared priority, lowest number first. `workDate` is the client's day; `dayUnder` the one of
 * each version, where the moment of the work is known. Several with one priority match equally: the chain ends there
 * without a price. `excluded` by one link sends work on to the next.
 */
export function contractChain(
  contracts: readonly ContractFacts[],
  clientId: string,
  explicitContractId: string | null,
  workDate: LocalDate,
  dayUnder: DayUnder = () => workDate,
): readonly ChosenLink[] {
  const inForce: Chosen[] = [];
  for (const contract of contracts) {
    const version = contract.clientId === clientId ? versionAt(contract, dayUnder) : null;
    if (version !== null && !isSuspendedOn(contract, dayUnder(version.terms))) inForce.push({ contract, version });
  }
  const facts: ChoiceFacts = { workDate, inForce };
  const chain: ChosenLink[] = [];
  if (explicitContractId !== null) {
    const explicit = inForce.find((one) => one.contract.contractId === explicitContractId);
    if (explicit === undefined) return [explicitNotInForce(contracts, clientId, explicitContractId, facts)];
    chain.push(link(explicit, 'ticket', facts, dayUnder));
  }
  chain.push(
    ...byPriority(
      inForce.filter((one) => one.contract.contractId !== explicitContractId),
      facts,
      dayUnder,
    ),
  );
  if (chain.length > 0) return chain;
  return [ending('no-contract', () => `no contract of the client is in force on ${workDate}`, facts)];
}

interface ChoiceFacts {
  readonly workDate: LocalDate;
  readonly inForce: readonly Chosen[];
}

/** The same as a step states it. */
function stated({ workDate, inForce }: ChoiceFacts): { readonly workDate: LocalDate; readonly inForce: string[] } {
  return { workDate, inForce: inForce.map((one) => `${named(one)} priority ${one.contract.priority}`).sort() };
}

function ending(reason: UnpricedReason, text: () => string, facts: ChoiceFacts, more: object = {}): ChosenLink {
  return {
    inForce: null,
    reason,
    step: () => unpricedStep('contract', reason, text(), { ...stated(facts), ...more }),
  };
}

function link(one: Chosen, chosenBy: 'ticket' | 'priority', facts: ChoiceFacts, dayUnder: DayUnder): ChosenLink {
  return {
    inForce: one,
    step: () => {
      const workDate = dayUnder(one.version.terms);
      const { contractId, name, priority } = one.contract;
      const version = one.version.versionNumber;
      const how =
        chosenBy === 'ticket' ? 'named on the ticket' : `priority ${priority} of ${facts.inForce.length} in force`;
      return {
        step: 'contract',
        text: `contract ${name} (${contractId}), version ${version} in force on ${workDate}: ${how}`,
        facts: { ...stated(facts), workDate, contractId, contractName: name, contractVersion: version, chosenBy },
      };
    },
  };
}

function byPriority(inForce: readonly Chosen[], facts: ChoiceFacts, dayUnder: DayUnder): readonly ChosenLink[] {
  const links: ChosenLink[] = [];
  for (const priority of [...new Set(inForce.map((one) => one.contract.priority))].sort((a, b) => a - b)) {
    const equals = inForce.filter((one) => one.contract.priority === priority);
    const [only] = equals;
    if (only !== undefined && equals.length === 1) {
      links.push(link(only, 'priority', facts, dayUnder));
      continue;
    }
    const names = equals.map(named).sort();
    const text = () =>
      `contracts ${names.join(' and ')} are in force on ${facts.workDate} with one priority, ${priority}: name one on the ticket`;
    links.push(ending('contracts-match-equally', text, facts, { equal: names }));
    break;
  }
  return links;
}

function explicitNotInForce(
  contracts: readonly ContractFacts[],
  clientId: string,
  contractId: string,
  facts: ChoiceFacts,
): ChosenLink {
  const isOwn = contracts.some((contract) => contract.contractId === contractId && contract.clientId === clientId);
  return isOwn
    ? ending(
        'contract-not-in-force',
        () => `contract ${contractId}, named on the ticket, is not in force on ${facts.workDate}`,
        facts,
        { contractId },
      )
    : ending(
        'contract-of-another-client',
        () => `contract ${contractId}, named on the ticket, is not one of client ${clientId}`,
        facts,
        { contractId },
      );
}
