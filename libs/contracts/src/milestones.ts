import { type Decision, type Issued, localDateIn, refuse } from '@billtrail/kernel';
import type { DeclareMilestoneReached, WithdrawMilestoneDeclaration } from './commands.js';
import { malformed, unknownContract } from './contract-refusals.js';
import type { ContractState, KnownContract } from './contract-state.js';
import type { ContractEvent, ReachedMilestone } from './events.js';
import { problemsNoted } from './problems.js';

/** Where no zone is known, a day has begun as soon as it has anywhere. */
const EASTERNMOST = 'Pacific/Kiritimati';

export function declareReached(
  command: DeclareMilestoneReached & Issued,
  state: ContractState,
): Decision<ContractEvent> {
  const { contractId, milestoneId, reachedOn, acceptedBy } = command;
  if (state.status === 'unknown') return unknownContract(contractId);
  const withIt = state.versions.filter(({ terms }) => terms.milestones?.some(({ id }) => id === milestoneId));
  const first = withIt.map(({ effectiveFrom }) => effectiveFrom).sort()[0];
  if (first === undefined) return unknownMilestone(milestoneId, state);
  const zone = withIt.at(-1)?.terms.timeZone ?? EASTERNMOST;
  const today = localDateIn(zone, command.at);
  const problems = problemsNoted((note) => {
    if (reachedOn > today) note('reachedOn', `is after today, ${today}: what is planned is not reached yet`);
    if (reachedOn < first) note('reachedOn', `is before ${first}, the first day of a version with the milestone`);
  });
  const refusal = malformed('MilestoneMalformed', 'The declaration', contractId, problems);
  if (refusal) return refusal;
  const before = declared(milestoneId, state);
  if (before?.isWithdrawn !== true && before !== undefined) {
    if (before.reachedOn === reachedOn && before.acceptedBy === acceptedBy) return [];
    return refuse(
      'MilestoneReachedBefore',
      `Milestone ${milestoneId} of contract ${contractId} was declared reached on ${before.reachedOn} already.`,
      `Withdraw that declaration first: POST /v1/contracts/${contractId}/milestones/${milestoneId}/withdraw`,
      { contractId, milestoneId, reachedOn: before.reachedOn },
    );
  }
  return [
    {
      type: 'MilestoneReached',
      data: { contractId, milestoneId, reachedOn, acceptedBy },
      occurredAt: command.occurredAt ?? command.at,
    },
  ];
}

export function withdrawDeclaration(
  command: WithdrawMilestoneDeclaration & Issued,
  state: ContractState,
): Decision<ContractEvent> {
  const { contractId, milestoneId, reason } = command;
  if (state.status === 'unknown') return unknownContract(contractId);
  const before = declared(milestoneId, state);
  if (before === undefined)
    return refuse(
      'MilestoneNotReached',
      `Milestone ${milestoneId} of contract ${contractId} was never declared reached.`,
      `See which are: GET /v1/contracts/${contractId}/milestones`,
      { contractId, milestoneId },
    );
  if (before.isWithdrawn === true) return [];
  return [
    {
      type: 'MilestoneDeclarationWithdrawn',
      data: { contractId, milestoneId, reason },
      occurredAt: command.occurredAt ?? command.at,
    },
  ];
}

/** The declarations that stand. */
export function reachedMilestones({ milestones = [] }: Pick<KnownContract, 'milestones'>): readonly ReachedMilestone[] {
  return milestones.filter(({ isWithdrawn }) => isWithdrawn !== true);
}

function declared(milestoneId: string, { milestones = [] }: KnownContract) {
  return milestones.find((one) => one.milestoneId === milestoneId);
}

function unknownMilestone(milestoneId: string, { contractId, versions }: KnownContract) {
  const known = [...new Set(versions.flatMap(({ terms }) => (terms.milestones ?? []).map(({ id }) => id)))];
  return refuse(
    'MilestoneUnknown',
    `No version of contract ${contractId} has a milestone ${milestoneId}${known.length === 0 ? '' : `; there are ${known.join(', ')}`}.`,
    `Check the id: GET /v1/contracts/${contractId}/milestones, or publish a version with it: POST /v1/contracts/${contractId}/versions`,
    { contractId, milestoneId, known },
  );
}
