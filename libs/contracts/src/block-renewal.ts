import { type Issued, type LocalDate, addDays, dayMonthsLater, isRefusal } from '@billtrail/kernel';
import type { ContractState } from './contract-state.js';
import { contract as contractDecider } from './contract.js';
import type { ContractEvent } from './events.js';
import { VersionTimeline } from './version-timeline.js';

/** That work takes the rest of a contract's blocks, as rating found it. */
export interface BlockDue {
  readonly contractId: string;
  /** The day of the work, in the zone of the contract: the new block is bought on it. */
  readonly on: LocalDate;
  readonly workItemId: string;
  /** The block that the new one is like. */
  readonly follows: string;
  /** How many blocks the contract had had when this was found: where there are others by now, it is out of date. */
  readonly ofBlocks: number;
}

/** Buys the block that is due, of the size and at the price of the one that it follows. None where another was bought since, or the contract takes none on that day. */
export function renewedBlock(
  state: ContractState,
  { contractId, on, workItemId, follows, ofBlocks }: BlockDue,
  issued: Issued,
): readonly ContractEvent[] {
  if (state.status === 'unknown') return [];
  const { blocks, withdrawnBlocks, versions } = state;
  const template = blocks.find(({ blockId }) => blockId === follows);
  if (template === undefined || blocks.length + withdrawnBlocks.length !== ofBlocks) return [];
  const timeline = new VersionTimeline({ versions, lastDay: state.status === 'terminated' ? state.lastDay : null });
  const renewal = timeline.publishedFor(on)?.terms.prepaid?.renewBlocks;
  if (renewal === undefined) return [];
  const { amount, price, burn } = template;
  const { goodForMonths } = renewal;
  const decision = contractDecider.decide(
    {
      type: 'PurchasePrepaidBlock',
      contractId,
      blockId: freeId([...blocks, ...withdrawnBlocks].map(({ blockId }) => blockId)),
      amount,
      purchasedOn: on,
      expiresOn: goodForMonths === undefined ? null : addDays(dayMonthsLater(on, goodForMonths), -1),
      price,
      ...(burn === undefined ? {} : { burn }),
      renews: { blockId: follows, workItemId },
      ...issued,
    },
    state,
  );
  return isRefusal(decision) ? [] : decision;
}

function freeId(taken: readonly string[]): string {
  for (let number = 1; ; number += 1) {
    const id = `renewed-${number}`;
    if (!taken.includes(id)) return id;
  }
}
