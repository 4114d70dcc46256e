import type { Issued } from '@billtrail/kernel';
import { contract as contractDecider, renewalsDue, type ContractState } from '@billtrail/contracts';
import type { ContractFacts } from '@billtrail/billing';

/** In place of the event that recorded a block or a count: nothing did. */
const SUPPOSED = 'supposed';

/** A contract that is only supposed, as rating takes it; null: it was never activated. */
export function supposedContract(state: ContractState): ContractFacts | null {
  if (state.status === 'unknown') return null;
  const { contractId, clientId, name, priority, versions, suspensions, blocks, withdrawnBlocks, counts } = state;
  return {
    contractId,
    clientId,
    name,
    priority,
    lastDay: state.status === 'terminated' ? state.lastDay : null,
    versions,
    suspensions,
    blocks: blocks.map((block) => ({ ...block, eventId: SUPPOSED })),
    withdrawnBlocks: withdrawnBlocks.map((block) => ({ ...block, eventId: SUPPOSED })),
    counts: counts.map((count) => ({ ...count, eventId: SUPPOSED })),
  };
}

/** The contract once the policy has looked: terms that have passed are renewed, where the contract renews by itself. */
export function renewed(
  state: ContractState,
  issued: Issued,
  client: Parameters<typeof renewalsDue>[2],
): ContractState {
  return renewalsDue(state, issued, client).reduce(contractDecider.evolve, state);
}
