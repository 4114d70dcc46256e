import {
  type Decider,
  type Decision,
  type Issued,
  type Partly,
  type Problem,
  type Refusal,
  isRefusal,
  refuse,
  unreachable,
} from '@billtrail/kernel';
import { canonical } from './canonical.js';
import type {
  ActivateContract,
  ContractCommand,
  PublishContractVersion,
  TerminateContract,
  VersionAsked,
} from './commands.js';
import { renew, resume, suspend } from './contract-life.js';
import { overlapBy } from './contract-overlaps.js';
import { endedBefore, malformed, unknownContract } from './contract-refusals.js';
import { type ContractState, type KnownContract, evolveContract } from './contract-state.js';
import { differencesOfTerms } from './differences.js';
import type { ContractEvent, ContractVersion } from './events.js';
import { filled, filledTerms } from './filled-terms.js';
import { MAX_CONTRACT_VERSIONS } from './limits.js';
import { declareReached, withdrawDeclaration } from './milestones.js';
import { recordNotice, withdrawNotice } from './notice.js';
import { purchaseBlock, recordCount, withdrawBlock } from './prepaid-and-counts.js';
import { returnBlock } from './prepaid-return.js';
import { raisedFrom } from './price-increase.js';
import { problemsNoted } from './problems.js';
import { stateContract } from './state-contract.js';
import { problemsOfTerms } from './terms.js';
import { type DaySpan, VersionTimeline } from './version-timeline.js';

type VersionRead = Partly<Pick<VersionAsked, 'effectiveFrom' | 'effectiveTo' | 'terms'>> &
  Pick<VersionAsked, 'clientCurrency' | 'clientClasses' | 'shared'>;

/** What a version says that can't be meant, in its days and its terms. */
export function problemsOfVersion({
  effectiveFrom,
  effectiveTo,
  terms = {},
  clientCurrency,
  clientClasses,
  shared,
}: VersionRead): readonly Problem[] {
  const days = problemsNoted((note) => {
    if (typeof effectiveTo === 'string' && effectiveFrom !== undefined && effectiveTo < effectiveFrom)
      note('effectiveTo', `is before effectiveFrom ${effectiveFrom}`);
  });
  return [
    ...days,
    ...problemsOfTerms(filledTerms(terms, clientCurrency ?? null), {
      clientCurrency: clientCurrency ?? null,
      clientClasses: clientClasses ?? null,
      shared: shared ?? null,
      effectiveFrom,
    }),
  ];
}

function contractMalformed(contractId: string, problems: readonly Problem[]): Refusal | null {
  return malformed('ContractMalformed', 'The contract', contractId, problems);
}

function saysTheSame(
  version: ContractVersion | undefined,
  command: ActivateContract | PublishContractVersion,
): boolean {
  return (
    version !== undefined &&
    version.effectiveFrom === command.effectiveFrom &&
    version.effectiveTo === command.effectiveTo &&
    canonical(version.terms) === canonical(command.terms)
  );
}

function activate(command: ActivateContract & Issued, state: ContractState): Decision<ContractEvent> {
  const { contractId, clientId, name, priority, effectiveFrom, effectiveTo, terms } = command;
  const refusal = contractMalformed(contractId, problemsOfVersion(command));
  if (refusal) return refusal;
  if (state.status !== 'unknown') {
    const repeated = state.clientId === clientId && state.name === name && state.priority === priority;
    if (repeated && saysTheSame(state.versions[0], command)) return [];
    return refuse(
      'ContractAlreadyActive',
      `Contract ${contractId} exists already, with other terms.`,
      `Publish a new version: POST /v1/contracts/${contractId}/versions, or use another id.`,
      { contractId },
    );
  }
  const occurredAt = command.occurredAt ?? command.at;
  return [
    { type: 'ContractActivated', data: { contractId, clientId, name, priority }, occurredAt },
    {
      type: 'ContractVersionPublished',
      data: { contractId, versionNumber: 1, effectiveFrom, effectiveTo, terms },
      occurredAt,
    },
  ];
}

function publish(command: PublishContractVersion & Issued, state: ContractState): Decision<ContractEvent> {
  const { contractId, effectiveFrom, effectiveTo, terms, increase } = command;
  if (state.status === 'unknown') return unknownContract(contractId);
  const refusal = contractMalformed(contractId, problemsOfVersion(command));
  if (refusal) return refusal;
  if (saysTheSame(state.versions.at(-1), command)) return [];
  const twice = increase === undefined ? null : increasedTwice(command, increase, state);
  if (twice !== null) return twice;
  const ended = endedBefore(state, effectiveFrom, 'a version');
  if (ended) return ended;
  if (state.versions.length >= MAX_CONTRACT_VERSIONS) {
    return refuse(
      'TooManyVersions',
      `Contract ${contractId} has ${state.versions.length} versions, the most a contract can have.`,
      'Terminate it and activate a new contract with the current terms.',
      { contractId, limit: MAX_CONTRACT_VERSIONS },
    );
  }
  const versionNumber = state.versions.length + 1;
  const increased = increase === undefined ? {} : { increase };
  const version: ContractVersion = { versionNumber, effectiveFrom, effectiveTo, terms, ...increased };
  const hole = holeBy(version, state);
  if (hole !== undefined) return leavesHole(contractId, hole);
  return [
    {
      type: 'ContractVersionPublished',
      data: { contractId, ...version },
      occurredAt: command.occurredAt ?? command.at,
    },
  ];
}

/** An increase of prices is laid on once: quiet where it is a repeat, refused where it raises a price again, or is of a version that is not in force any more. */
function increasedTwice(
  { contractId, effectiveFrom, terms }: PublishContractVersion,
  { percent, ofVersion }: NonNullable<PublishContractVersion['increase']>,
  { versions }: KnownContract,
): Decision<ContractEvent> | null {
  const isRepeat = versions.some(
    (one) =>
      one.effectiveFrom === effectiveFrom &&
      one.increase?.percent === percent &&
      one.increase.ofVersion === ofVersion &&
      canonical(one.terms) === canonical(terms),
  );
  if (isRepeat) return [];
  const present = new VersionTimeline({ versions, lastDay: null }).publishedFor(effectiveFrom);
  if (present?.versionNumber !== ofVersion)
    return refuse(
      'IncreaseOutdated',
      `Contract ${contractId} has other terms on ${effectiveFrom} than those whose prices were to be increased.`,
      'Ask for the increase again: POST /v1/contracts/uplift',
      { contractId, effectiveFrom, ofVersion },
    );
  const raised = raisedFrom(versions, effectiveFrom, present);
  const again = differencesOfTerms(present.terms, terms).find(({ path }) => raised.has(path));
  if (again === undefined) return null;
  return refuse(
    'PricesIncreasedAlready',
    `The price ${again.path} of contract ${contractId} was increased by ${raised.get(again.path) ?? ''} % from ${effectiveFrom} already.`,
    `Publish the terms that are meant: POST /v1/contracts/${contractId}/versions`,
    { contractId, effectiveFrom, path: again.path },
  );
}

/** Days between versions that the new one would leave without terms. Days that had none before don't count. */
function holeBy(version: ContractVersion, state: KnownContract): DaySpan | undefined {
  const before = new VersionTimeline({ versions: state.versions, lastDay: null }).holes();
  const after = new VersionTimeline({ versions: [...state.versions, version], lastDay: null }).holes();
  const isOld = (hole: DaySpan): boolean =>
    before.some((old) => old.from <= hole.from && (old.to ?? '') >= (hole.to ?? ''));
  return after.find((hole) => !isOld(hole));
}

function leavesHole(contractId: string, { from, to }: DaySpan): Refusal {
  return refuse(
    'VersionLeavesHole',
    `Contract ${contractId} would have no terms from ${from} to ${to}, between two versions, and work on those days no price.`,
    'Start the version on the day after the previous one ends, leave its last day open, or renew the previous one first.',
    { contractId, from, to },
  );
}

function terminate(command: TerminateContract & Issued, state: ContractState): Decision<ContractEvent> {
  const { contractId, lastDay, reason, releasesCommitments } = command;
  if (state.status === 'unknown') return unknownContract(contractId);
  const isReleased = releasesCommitments === true;
  if (state.status === 'terminated' && state.lastDay === lastDay && (state.releasesCommitments === true) === isReleased)
    return [];
  const start = state.versions.map((version) => version.effectiveFrom).sort()[0];
  if (start !== undefined && lastDay < start) {
    return refuse(
      'TerminationBeforeStart',
      `Contract ${contractId} starts on ${start}, so it can't end on ${lastDay}.`,
      `Choose ${start} or a later day.`,
      { contractId, start, lastDay },
    );
  }
  return [
    {
      type: 'ContractTerminated',
      data: { contractId, lastDay, reason, ...(isReleased ? { releasesCommitments } : {}) },
      occurredAt: command.occurredAt ?? command.at,
    },
  ];
}

/** The terms between the organisation and a client, as one of its `contracts-{client}`. A change is a new version, never an edit. */
export const contract: Decider<ContractCommand, ContractState, ContractEvent> = {
  initialState: { status: 'unknown' },
  decide(asked, state) {
    const command = filled(asked);
    const decision = decideAlone(command, state);
    return isRefusal(decision) ? decision : (overlapBy(command, state, decision) ?? decision);
  },
  evolve: evolveContract,
};

/** The decision from the contract's own events. */
function decideAlone(command: ContractCommand & Issued, state: ContractState): Decision<ContractEvent> {
  switch (command.type) {
    case 'ActivateContract':
      return activate(command, state);
    case 'PublishContractVersion':
      return publish(command, state);
    case 'TerminateContract':
      return terminate(command, state);
    case 'RenewContract':
      return renew(command, state);
    case 'SuspendContract':
      return suspend(command, state);
    case 'ResumeContract':
      return resume(command, state);
    case 'PurchasePrepaidBlock':
      return purchaseBlock(command, state);
    case 'ReturnPrepaidBlock':
      return returnBlock(command, state);
    case 'WithdrawPrepaidBlock':
      return withdrawBlock(command, state);
    case 'RecordCount':
      return recordCount(command, state);
    case 'DeclareMilestoneReached':
      return declareReached(command, state);
    case 'WithdrawMilestoneDeclaration':
      return withdrawDeclaration(command, state);
    case 'RecordNotice':
      return recordNotice(command, state);
    case 'WithdrawNotice':
      return withdrawNotice(command, state);
    case 'StateContract':
      return stateContract(command, state, (part, present) => contract.decide(part, present));
    default:
      return unreachable(command);
  }
}
