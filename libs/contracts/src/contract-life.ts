import { type Decision, type Issued, refuse } from '@billtrail/kernel';
import type { RenewContract, ResumeContract, SuspendContract } from './commands.js';
import { endedBefore, malformed, unknownContract } from './contract-refusals.js';
import type { ContractState } from './contract-state.js';
import type { ContractEvent } from './events.js';
import { Inspection, MAX_TEXT_LENGTH } from './problems.js';
import { MAX_CONTRACT_VERSIONS } from './limits.js';

export function renew(command: RenewContract & Issued, state: ContractState): Decision<ContractEvent> {
  const { contractId, versionNumber, effectiveTo } = command;
  if (state.status === 'unknown') return unknownContract(contractId);
  const inspection = new Inspection();
  inspection.wholeNumber('versionNumber', versionNumber, 1, MAX_CONTRACT_VERSIONS);
  if (effectiveTo !== null) inspection.lastDay('effectiveTo', effectiveTo);
  const refusal = malformed('RenewalMalformed', 'The renewal', contractId, inspection.problems);
  if (refusal) return refusal;
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
  if (version.effectiveTo === null || (effectiveTo !== null && effectiveTo < version.effectiveTo)) {
    return refuse(
      'RenewalNotLater',
      `Version ${versionNumber} of contract ${contractId} is in force ${untilWhen(version.effectiveTo)}, and a renewal can only extend it.`,
      'Choose a later day, publish a new version, or terminate the contract.',
      { contractId, versionNumber, present: version.effectiveTo, asked: effectiveTo },
    );
  }
  if (state.status === 'terminated' && (effectiveTo === null || effectiveTo > state.lastDay)) {
    return refuse(
      'ContractEnded',
      `Contract ${contractId} ended on ${state.lastDay}; a renewal ${untilWhen(effectiveTo)} would go beyond it.`,
      'Terminate the contract on a later day first, or activate a new one.',
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

function untilWhen(day: string | null): string {
  return day === null ? 'open-ended' : `until ${day}`;
}

export function suspend(command: SuspendContract & Issued, state: ContractState): Decision<ContractEvent> {
  const { contractId, from, reason } = command;
  if (state.status === 'unknown') return unknownContract(contractId);
  const inspection = new Inspection();
  inspection.date('from', from);
  inspection.text('reason', reason, MAX_TEXT_LENGTH);
  const refusal = malformed('SuspensionMalformed', 'The suspension', contractId, inspection.problems);
  if (refusal) return refusal;
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
        ? `Resume the contract first: POST /contracts/${contractId}/resume`
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
  const inspection = new Inspection();
  inspection.date('resumedOn', resumedOn);
  const refusal = malformed('SuspensionMalformed', 'The resumption', contractId, inspection.problems);
  if (refusal) return refusal;
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
