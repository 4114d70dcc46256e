import { addDays, dayMonthsLater, known } from '@billtrail/kernel';
import { type BlockDue, MAX_RENEWED_BLOCKS } from '@billtrail/contracts';
import type { ClientPeriodFacts } from './client-period.js';
import type { ExplainedItem } from './item/billable-item.js';
import { rateExplained } from './rate.js';
import { versionOn } from './rating/coverage/step-1-contract.js';
import type { BlockFacts, ContractFacts, RatingResult } from './rating/facts.js';

/** A block that would be bought, of which contract. */
export interface BoughtBlock {
  readonly contractId: string;
  readonly block: BlockFacts;
}

/** Rates supposed facts as they would be once the blocks are bought that their terms renew. */
export function rateRenewing(facts: ClientPeriodFacts): {
  readonly result: RatingResult<ExplainedItem>;
  readonly bought: readonly BoughtBlock[];
} {
  const bought: BoughtBlock[] = [];
  let supposed = facts;
  for (;;) {
    const result = rateExplained(supposed);
    const [due] = result.blocksDue;
    if (due === undefined || bought.length >= MAX_RENEWED_BLOCKS) return { result, bought };
    const one = { contractId: due.contractId, block: blockOf(due, supposed, bought.length + 1) };
    bought.push(one);
    supposed = { ...supposed, contracts: supposed.contracts.map((contract) => withBought(contract, [one])) };
  }
}

/** A contract with what would have been bought for it. */
export function withBought(contract: ContractFacts, bought: readonly BoughtBlock[]): ContractFacts {
  const own = bought.flatMap(({ contractId, block }) => (contractId === contract.contractId ? [block] : []));
  return own.length === 0 ? contract : { ...contract, blocks: [...(contract.blocks ?? []), ...own] };
}

function blockOf(
  { contractId, on, follows, workItemId, ofBlocks }: BlockDue,
  { contracts }: ClientPeriodFacts,
  number: number,
): BlockFacts {
  const byId = new Map(contracts.map((one) => [one.contractId, one]));
  const contract = known(byId, contractId, 'the contract of a block that is due');
  const template = known(
    new Map((contract.blocks ?? []).map((one) => [one.blockId, one])),
    follows,
    'the block that another is like',
  );
  const months = versionOn(contract, on)?.terms.prepaid?.renewBlocks?.goodForMonths;
  const { amount, price, burn } = template;
  return {
    blockId: `would-be-renewed-${ofBlocks}-${number}`,
    amount,
    price,
    purchasedOn: on,
    expiresOn: months === undefined ? null : addDays(dayMonthsLater(on, months), -1),
    ...(burn === undefined ? {} : { burn }),
    renews: { blockId: follows, workItemId },
    eventId: `renewal of ${follows}`,
  };
}
