import type { Issued } from '@billtrail/kernel';
import { contract as contractDecider, reachedMilestones, renewalsDue, type ContractState } from '@billtrail/contracts';
import type { ContractFacts } from '@billtrail/billing';

/** In place of the event that recorded a block or a count: nothing did. */
const SUPPOSED = 'supposed';

/**
 * A contract that is only supposed, as rating takes it; null: it was never activated. `recorded`: the contract as it is; what it has and the supposed one
 * has too names the event that recorded it, and a count the day on which that was (laws L6, K22). null: there is none.
 */
export function supposedContract(state: ContractState, recorded: ContractFacts | null): ContractFacts | null {
  if (state.status === 'unknown') return null;
  const { status: _status, published: _published, withdrawnBlockIds: _ids, ...known } = state;
  const { renewals: _renewals, reversedUntil: _until, milestones: _milestones, ...kept } = known;
  const reached = new Set(reachedMilestones(state).map(({ milestoneId }) => milestoneId));
  const { blocks = [], withdrawnBlocks = [], counts = [] } = recorded ?? {};
  const recordedBlocks = new Map([...blocks, ...withdrawnBlocks].map((block) => [block.blockId, block]));
  const sourced = <Block extends { readonly blockId: string }>(block: Block) => ({
    ...block,
    eventId: recordedBlocks.get(block.blockId)?.eventId ?? SUPPOSED,
  });
  return {
    lastDay: null,
    ...kept,
    blocks: state.blocks.map(sourced),
    withdrawnBlocks: state.withdrawnBlocks.map(sourced),
    // A contract keeps its counts in the order in which they were recorded.
    counts: state.counts.map((count, index) => counts[index] ?? { ...count, eventId: SUPPOSED }),
    // No file and no version declares one; one that was declared may be withdrawn.
    ...(recorded?.milestones === undefined
      ? {}
      : { milestones: recorded.milestones.filter((one) => reached.has(one.milestoneId)) }),
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
