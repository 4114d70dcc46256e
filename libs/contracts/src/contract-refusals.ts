import { type LocalDate, type Problem, type Refusal, refuse } from '@billtrail/kernel';
import type { ContractState } from './contract-state.js';

export function unknownContract(contractId: string): Refusal {
  return refuse(
    'ContractUnknown',
    `No contract with id ${contractId}.`,
    'Check the id, or activate the contract: POST /v1/contracts',
    {
      contractId,
    },
  );
}

export function unknownBlock(contractId: string, blockId: string): Refusal {
  return refuse(
    'PrepaidBlockUnknown',
    `Contract ${contractId} has no block ${blockId}.`,
    'Check the id: GET /v1/prepaid',
    { contractId, blockId },
  );
}

/** Every problem in one refusal; null if there is none. `what` begins the sentence: `The suspension`. */
export function malformed(
  code: string,
  what: string,
  contractId: string,
  problems: readonly Problem[],
): Refusal | null {
  if (problems.length === 0) return null;
  return refuse(
    code,
    `${what} has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}: ${problems.map((p) => `${p.path} ${p.problem}`).join('; ')}.`,
    'Correct what is listed and send it again. Nothing was recorded.',
    { contractId, problems },
  );
}

/** Refuses what would begin after the contract's last day; null if it would not. `what`: `a version`. */
export function endedBefore(state: ContractState, day: LocalDate, what: string): Refusal | null {
  if (state.status !== 'terminated' || day <= state.lastDay) return null;
  return refuse(
    'ContractEnded',
    `Contract ${state.contractId} ended on ${state.lastDay}; ${what} from ${day} would never be in force.`,
    'Choose an earlier day, terminate the contract on a later day, or activate a new one.',
    { contractId: state.contractId, lastDay: state.lastDay, day },
  );
}
