import { type LocalDate, type Refusal, refuse } from '@billtrail/kernel';
import type { ContractState } from './contract-state.js';
import type { Problem } from './problems.js';

export function unknownContract(contractId: string): Refusal {
  return refuse('ContractUnknown', `There is no contract ${contractId}.`, 'Activate the contract first.', {
    contractId,
  });
}

/** Every problem in one refusal; null where there is none. `what` begins the sentence: `The suspension`. */
export function malformed(
  code: string,
  what: string,
  contractId: string,
  problems: readonly Problem[],
): Refusal | null {
  if (problems.length === 0) return null;
  return refuse(
    code,
    `${what} has ${problems.length} problem(s): ${problems.map((p) => `${p.path} ${p.problem}`).join('; ')}.`,
    'Correct what is listed and send it again; nothing of it was taken.',
    { contractId, problems },
  );
}

/** Refuses what would begin after the contract's last day; null where it would not. `what`: `a version`. */
export function endedBefore(state: ContractState, day: LocalDate, what: string): Refusal | null {
  if (state.status !== 'terminated' || day <= state.lastDay) return null;
  return refuse(
    'ContractEnded',
    `Contract ${state.contractId} ended on ${state.lastDay}; ${what} from ${day} would never be in force.`,
    'Choose an earlier day, state a later last day of the contract, or activate a new contract.',
    { contractId: state.contractId, lastDay: state.lastDay, day },
  );
}
