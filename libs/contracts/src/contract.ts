import {
  type Decider,
  type Decision,
  type Issued,
  type LocalDate,
  type Refusal,
  refuse,
  unreachable,
} from '@billtrail/kernel';
import type { ActivateContract, ContractCommand, PublishContractVersion, TerminateContract } from './commands.js';
import type { ContractEvent, ContractTerms } from './events.js';
import { Inspection, MAX_TEXT_LENGTH, type Problem } from './problems.js';
import { problemsOfTerms } from './terms.js';

/** Most versions of one contract. */
export const MAX_CONTRACT_VERSIONS = 1_000;
/** Highest number of a priority; 0 is asked first. */
export const MAX_PRIORITY = 10_000;

export interface ContractVersion {
  readonly versionNumber: number;
  readonly effectiveFrom: LocalDate;
  readonly effectiveTo: LocalDate | null;
  readonly terms: ContractTerms;
}

interface Known {
  readonly contractId: string;
  readonly clientId: string;
  readonly name: string;
  readonly priority: number;
  readonly versions: readonly ContractVersion[];
}
export type ContractState =
  | { readonly status: 'unknown' }
  | (Known & { readonly status: 'active' })
  | (Known & { readonly status: 'terminated'; readonly lastDay: LocalDate; readonly reason: string });

/** Every problem of a version as asked for: its days and its terms. */
function problemsOfVersion(command: ActivateContract | PublishContractVersion): readonly Problem[] {
  const inspection = new Inspection();
  inspection.id('contractId', command.contractId);
  const fromIsDay = inspection.date('effectiveFrom', command.effectiveFrom);
  if (command.effectiveTo !== null && inspection.date('effectiveTo', command.effectiveTo) && fromIsDay) {
    if (command.effectiveTo < command.effectiveFrom)
      inspection.note('effectiveTo', `lies before effectiveFrom ${command.effectiveFrom}`);
  }
  return [...inspection.problems, ...problemsOfTerms(command.terms, command.clientCurrency ?? null)];
}

function problemsOfContract(command: ActivateContract): readonly Problem[] {
  const inspection = new Inspection();
  inspection.id('clientId', command.clientId);
  inspection.text('name', command.name);
  inspection.wholeNumber('priority', command.priority, 0, MAX_PRIORITY);
  return [...inspection.problems, ...problemsOfVersion(command)];
}

function malformed(contractId: string, problems: readonly Problem[]): Refusal | null {
  if (problems.length === 0) return null;
  return refuse(
    'ContractMalformed',
    `The contract has ${problems.length} problem(s): ${problems.map((p) => `${p.path} ${p.problem}`).join('; ')}.`,
    'Correct what is listed and send the whole contract again; nothing of it was taken.',
    { contractId, problems },
  );
}

/** JSON with sorted keys: equal terms are equal texts, whatever order their properties came in. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    typeof part === 'object' && part !== null && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part,
  );
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
  const refusal = malformed(contractId, problemsOfContract(command));
  if (refusal) return refusal;
  if (state.status !== 'unknown') {
    const repeated = state.clientId === clientId && state.name === name && state.priority === priority;
    if (repeated && saysTheSame(state.versions[0], command)) return [];
    return refuse(
      'ContractAlreadyActive',
      `Contract ${contractId} exists with other terms.`,
      'Publish a new version of it, or activate this contract under another id.',
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

function unknownContract(contractId: string): Refusal {
  return refuse('ContractUnknown', `There is no contract ${contractId}.`, 'Activate the contract first.', {
    contractId,
  });
}

function publish(command: PublishContractVersion & Issued, state: ContractState): Decision<ContractEvent> {
  const { contractId, effectiveFrom, effectiveTo, terms } = command;
  if (state.status === 'unknown') return unknownContract(contractId);
  const refusal = malformed(contractId, problemsOfVersion(command));
  if (refusal) return refusal;
  if (saysTheSame(state.versions.at(-1), command)) return [];
  if (state.status === 'terminated' && effectiveFrom > state.lastDay) {
    return refuse(
      'ContractEnded',
      `Contract ${contractId} ended on ${state.lastDay}; a version from ${effectiveFrom} would never be in force.`,
      'Choose an earlier day, state a later last day of the contract, or activate a new contract.',
      { contractId, lastDay: state.lastDay, effectiveFrom },
    );
  }
  if (state.versions.length >= MAX_CONTRACT_VERSIONS) {
    return refuse(
      'TooManyVersions',
      `Contract ${contractId} has ${state.versions.length} versions; at most ${MAX_CONTRACT_VERSIONS} are allowed.`,
      'Terminate it and activate a new contract with the terms of now.',
      { contractId, limit: MAX_CONTRACT_VERSIONS },
    );
  }
  return [
    {
      type: 'ContractVersionPublished',
      data: { contractId, versionNumber: state.versions.length + 1, effectiveFrom, effectiveTo, terms },
      occurredAt: command.occurredAt ?? command.at,
    },
  ];
}

function terminate(command: TerminateContract & Issued, state: ContractState): Decision<ContractEvent> {
  const { contractId, lastDay, reason } = command;
  if (state.status === 'unknown') return unknownContract(contractId);
  const inspection = new Inspection();
  const dayExists = inspection.date('lastDay', lastDay);
  inspection.text('reason', reason, MAX_TEXT_LENGTH);
  if (inspection.problems.length > 0) {
    return refuse(
      'TerminationMalformed',
      'The termination needs a day that exists and a reason.',
      'Correct what is listed.',
      {
        contractId,
        problems: inspection.problems,
      },
    );
  }
  if (state.status === 'terminated' && state.lastDay === lastDay) return [];
  const start = state.versions.map((version) => version.effectiveFrom).sort()[0];
  if (dayExists && start !== undefined && lastDay < start) {
    return refuse(
      'TerminationBeforeStart',
      `Contract ${contractId} is in force from ${start}; it can't end on ${lastDay}.`,
      `Choose ${start} or a later day.`,
      { contractId, start, lastDay },
    );
  }
  return [
    { type: 'ContractTerminated', data: { contractId, lastDay, reason }, occurredAt: command.occurredAt ?? command.at },
  ];
}

/** Terms in force between the organisation and a client: stream `contract-{id}`. A change is a new version, never an edit. */
export const contract: Decider<ContractCommand, ContractState, ContractEvent> = {
  initialState: { status: 'unknown' },
  decide(command, state) {
    switch (command.type) {
      case 'ActivateContract':
        return activate(command, state);
      case 'PublishContractVersion':
        return publish(command, state);
      case 'TerminateContract':
        return terminate(command, state);
      default:
        return unreachable(command);
    }
  },
  evolve(state, event) {
    switch (event.type) {
      case 'ContractActivated':
        return { status: 'active', ...event.data, versions: [] };
      case 'ContractVersionPublished': {
        if (state.status === 'unknown') return state;
        const { contractId: _contractId, ...version } = event.data;
        return { ...state, versions: [...state.versions, version] };
      }
      case 'ContractTerminated':
        if (state.status === 'unknown') return state;
        return { ...state, status: 'terminated', lastDay: event.data.lastDay, reason: event.data.reason };
      default:
        return unreachable(event);
    }
  },
};
