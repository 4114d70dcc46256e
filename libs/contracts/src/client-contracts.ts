import { type Decider, type Decision, type ForgoingEvent, type Issued, isRefusal } from '@billtrail/kernel';
import type { ContractToAnalyse } from './analysis/stretches.js';
import type { ContractCommand } from './commands.js';
import { contract } from './contract.js';
import { type ContractState, evolveContract } from './contract-state.js';
import type { ContractEvent, ContractsListed } from './events.js';

/** A command with the client's contracts that were recorded before its own stream began; empty: none were, or that stream has begun. */
export type AmongContracts<C extends ContractCommand = ContractCommand> = C & {
  readonly former: ContractsListed['data']['contracts'];
};

/** All contracts of a client. */
export interface ClientContracts {
  /** Those from before the common stream are named in it. */
  readonly isListed: boolean;
  readonly contracts: ReadonlyMap<string, ContractState>;
}

/** An event of `contracts-{client}`, or of a `contract-{id}` from before that stream began; a request to change a contract for days that have passed has no effect yet. */
export type ClientContractsEvent = ContractEvent | ContractsListed | ForgoingEvent;

const UNKNOWN: ContractState = { status: 'unknown' };

/**
 * The contracts of a client together: stream `contracts-{client}`. Which of them are in force on which days is decided on all of them at once, so
 * that no two overlap; and so is what rests on these days, as that no block is bought after the end: however many processes decide at the same time.
 */
export const clientContracts: Decider<AmongContracts, ClientContracts, ClientContractsEvent> = {
  initialState: { isListed: false, contracts: new Map() },
  decide(command, state) {
    const decision = decideAmong(command, state);
    if (isRefusal(decision) || decision.length === 0) return decision;
    return [...listed(command, state), ...decision];
  },
  evolve(state, event) {
    if (event.type === 'ContractsListed') return { ...state, isListed: true };
    if (!isOfContract(event)) return state;
    const { contractId } = event.data;
    const after = evolveContract(stateOf(state, contractId), event);
    return { ...state, contracts: new Map(state.contracts).set(contractId, after) };
  },
};

function isOfContract(event: ContractEvent | ForgoingEvent): event is ContractEvent {
  return 'contractId' in event.data;
}

/** A contract of the client; `unknown` where it has none of the id. */
export function stateOf({ contracts }: ClientContracts, contractId: string): ContractState {
  return contracts.get(contractId) ?? UNKNOWN;
}

/** The client's contracts but for one. */
export function contractsBeside({ contracts }: ClientContracts, contractId: string): readonly ContractToAnalyse[] {
  return [...contracts.values()].flatMap((one) =>
    one.status === 'unknown' || one.contractId === contractId
      ? []
      : [{ ...one, lastDay: one.status === 'terminated' ? one.lastDay : null }],
  );
}

/** How the stream of a client with earlier contracts begins; nothing where they are listed, or there are none. */
export function listed(
  { at, former }: Pick<AmongContracts & Issued, 'at' | 'former'>,
  state: ClientContracts,
): readonly ContractsListed[] {
  const clientId = ownerOf(state);
  if (state.isListed || former.length === 0 || clientId === null) return [];
  return [{ type: 'ContractsListed', data: { clientId, contracts: former }, occurredAt: at }];
}

function ownerOf({ contracts }: ClientContracts): string | null {
  for (const one of contracts.values()) if (one.status !== 'unknown') return one.clientId;
  return null;
}

function decideAmong(
  { former: _former, ...command }: AmongContracts & Issued,
  state: ClientContracts,
): Decision<ContractEvent> {
  const own = stateOf(state, command.contractId);
  const known = { beside: contractsBeside(state, command.contractId) };
  return contract.decide({ ...command, ...known }, own);
}
