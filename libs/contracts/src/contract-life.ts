import { type Decision, type Issued, type LocalDate, type Refusal, refuse } from '@billtrail/kernel';
import type { RenewContract, ResumeContract, SuspendContract } from './commands.js';
import { endedBefore, unknownContract } from './contract-refusals.js';
import type { ContractState, KnownContract } from './contract-state.js';
import type { ContractEvent, ContractVersion } from './events.js';
import { versionSpans } from './version-timeline.js';

export function renew(command: RenewContract & Issued, state: ContractState): Decision<ContractEvent> {
  const { contractId, versionNumber, effectiveTo } = command;
  if (state.status === 'unknown') return unknownContract(contractId);
  const version = state.versions.find((one) => one.versionNumber === versionNumber);
  if (version === undefined) {
    return refuse(
      'VersionUnknown',
      `Contract ${contractId} has no version ${versionNumber}.`,
      `Use a number from 1 to ${state.versions.length}.`,
      { contractId, versionNumber, versions: state.versions.length },
    );
  }
  if (version.effectiveTo === effectiveTo) return [];
  if (version.effectiveTo === null || (effectiveTo !== null && effectiveTo < version.effectiveTo))
    return notLater(command, version, state);
  if (state.status === 'terminated' && (effectiveTo === null || effectiveTo > state.lastDay)) {
    return refuse(
      'ContractEnded',
      `Contract ${contractId} ended on ${state.lastDay}; a renewal ${untilWhen(effectiveTo)} would go beyond it.`,
      version.effectiveTo < state.lastDay
        ? `Renew it until ${state.lastDay} at most, terminate the contract on a later day first, or activate a new one.`
        : 'Terminate the contract on a later day first, or activate a new one.',
      { contractId, lastDay: state.lastDay, asked: effectiveTo },
    );
  }
  return [
    {
      type: 'ContractRenewed',
      data: { contractId, versionNumber, effectiveTo },
      occurredAt: command.occurredAt ?? command.at,
    },
  ];
}

function notLater(
  { contractId, versionNumber, effectiveTo: asked }: RenewContract,
  version: ContractVersion,
  state: KnownContract & { readonly lastDay?: LocalDate },
): Refusal {
  const { lastDay = null } = state;
  const next = versionSpans(state.versions).find((one) => one.version.versionNumber === versionNumber)?.to ?? null;
  const present = earlierOf(next, lastDay);
  const why =
    version.effectiveTo !== null
      ? `is in force ${untilWhen(present)}, and a renewal can only extend it`
      : `has no last day of its own: ${sayWhy(next, lastDay)}`;
  return refuse(
    'RenewalNotLater',
    `Version ${versionNumber} of contract ${contractId} ${why}.`,
    remedyOf(version, next, lastDay),
    { contractId, versionNumber, present, asked },
  );
}

function sayWhy(next: LocalDate | null, lastDay: LocalDate | null): string {
  if (lastDay !== null && (next === null || lastDay <= next))
    return `it is in force until the contract ends on ${lastDay}`;
  return next === null
    ? 'it is in force until something follows it'
    : `it is in force until ${next}, when another version follows`;
}

/** What lets the version, or the contract, go on for longer, or for less long. */
function remedyOf({ effectiveTo }: ContractVersion, next: LocalDate | null, lastDay: LocalDate | null): string {
  if (effectiveTo !== null) return 'Choose a later day, publish a new version, or terminate the contract.';
  if (lastDay !== null)
    return 'To move its end, terminate the contract on another day; to go on after it, activate a new one.';
  return next === null
    ? 'There is nothing to renew. To end the contract, terminate it; to change its terms, publish a new version.'
    : 'Renew the version that follows, or publish a new one.';
}

function earlierOf(one: LocalDate | null, other: LocalDate | null): LocalDate | null {
  if (one === null || other === null) return one ?? other;
  return one < other ? one : other;
}

function untilWhen(day: string | null): string {
  return day === null ? 'open-ended' : `until ${day}`;
}

export function suspend(command: SuspendContract & Issued, state: ContractState): Decision<ContractEvent> {
  const { contractId, from, reason } = command;
  if (state.status === 'unknown') return unknownContract(contractId);
  // A suspension resumed on its first day has no days, so nothing overlaps it.
  const overlapped = state.suspensions.find(
    (one) => one.resumedOn === null || (one.resumedOn > from && one.resumedOn > one.from),
  );
  if (overlapped?.resumedOn === null && overlapped.from === from) return [];
  if (overlapped !== undefined) {
    return refuse(
      'SuspensionsOverlap',
      `Contract ${contractId} is suspended from ${overlapped.from} ${overlapped.resumedOn === null ? 'until it is resumed' : `to ${overlapped.resumedOn}`}; a suspension from ${from} would overlap.`,
      overlapped.resumedOn === null
        ? `Resume the contract first: POST /v1/contracts/${contractId}/resume`
        : `Choose ${overlapped.resumedOn} or a later day: a suspension lasts until the contract is resumed.`,
      { contractId, present: overlapped, from },
    );
  }
  const ended = endedBefore(state, from, 'a suspension');
  if (ended) return ended;
  return [
    {
      type: 'ContractSuspended',
      data: { contractId, from, reason },
      occurredAt: command.occurredAt ?? command.at,
    },
  ];
}

export function resume(command: ResumeContract & Issued, state: ContractState): Decision<ContractEvent> {
  const { contractId, resumedOn } = command;
  if (state.status === 'unknown') return unknownContract(contractId);
  const present = state.suspensions.find((one) => one.resumedOn === null);
  if (present === undefined) {
    if (state.suspensions.at(-1)?.resumedOn === resumedOn) return [];
    return refuse('ContractNotSuspended', `Contract ${contractId} is not suspended.`, 'There is nothing to resume.', {
      contractId,
    });
  }
  if (resumedOn < present.from) {
    return refuse(
      'ResumptionBeforeSuspension',
      `Contract ${contractId} is suspended from ${present.from}, so it can't resume on ${resumedOn}.`,
      `Choose ${present.from} (which undoes the suspension) or a later day.`,
      { contractId, from: present.from, resumedOn },
    );
  }
  return [{ type: 'ContractResumed', data: { contractId, resumedOn }, occurredAt: command.occurredAt ?? command.at }];
}
