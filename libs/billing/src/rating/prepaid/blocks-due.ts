import { type Decimal, monthOf } from '@billtrail/kernel';
import { type BlockDue, MAX_RENEWED_BLOCKS, amountOf } from '@billtrail/contracts';
import type { BlockFacts } from '../facts.js';
import type { PricedPart } from '../items/priced-part.js';
import { standingOf } from '../standing.js';
import type { Weigh } from './burn.js';
import { drawable } from './obstacles.js';
import { currencyOf } from './prepaid-amount.js';
import { type Rest, isCovered } from './rest.js';
import { NOTHING, type Supply } from './supply.js';

/**
 * Which contracts need another block, because their terms renew blocks and firm work leaves less than they say, or would be overage: for each contract the
 * first such work of the period. The block is bought by an event, and then rating finds it; so nothing is drawn here that was not bought.
 */
export class BlocksDue {
  private readonly due = new Map<string, BlockDue>();

  get all(): readonly BlockDue[] {
    return [...this.due.values()];
  }

  /** `rest`: what of the part nothing covered; `hasDrawn`: it drew on something. */
  after(part: PricedPart, supplies: readonly Supply[], hasDrawn: boolean, rest: Rest, weigh: Weigh): void {
    const { assessed, inForce } = part;
    const { contract, version } = inForce;
    const renewal = version.terms.prepaid?.renewBlocks;
    if (renewal === undefined || this.due.has(contract.contractId)) return;
    const currency = currencyOf(renewal.below);
    const hasOverage = !isCovered(rest);
    const isForUnit = currency === null ? rest.minutes !== null && !rest.isFlat : rest.exact.currency === currency;
    if (!isForUnit || standingOf(assessed.work) !== 'firm' || (!hasOverage && !hasDrawn)) return;
    const { contractDate: on, work } = assessed;
    const blocks = contract.blocks ?? [];
    const follows = lastOf(blocks.filter(({ amount }) => currencyOf(amount) === currency));
    if (follows === null) return;
    const all = [...blocks, ...(contract.withdrawnBlocks ?? [])];
    const renewed = all.filter(({ renews }) => renews !== undefined);
    const forIt = renewed.filter(({ renews }) => renews?.workItemId === work.workItemId);
    // What a person gave back is not bought again for the same work.
    if (forIt.some(({ returns = [], withdrawn }) => returns.length > 0 || withdrawn !== undefined)) return;
    if (!hasOverage && (forIt.length > 0 || leftOn(on, supplies, currency).gte(amountOf(renewal.below)))) return;
    const inMonth = renewed.filter(({ purchasedOn }) => monthOf(purchasedOn) === monthOf(on)).length;
    if (inMonth >= (renewal.atMostPerPeriod ?? MAX_RENEWED_BLOCKS)) return;
    // A block of which not a minute of the work can be drawn would be bought in vain.
    const { burn } = follows;
    const weight = weigh({ currency, ...(burn === undefined ? {} : { burn }) }, part);
    if (currency === null && amountOf(follows.amount).lt(weight)) return;
    const { contractId } = contract;
    const { workItemId } = work;
    this.due.set(contractId, { contractId, on, workItemId, follows: follows.blockId, ofBlocks: all.length });
  }
}

/** The one purchased last. */
function lastOf(blocks: readonly BlockFacts[]): BlockFacts | null {
  return blocks.reduce<BlockFacts | null>(
    (last, one) => (last === null || one.purchasedOn >= last.purchasedOn ? one : last),
    null,
  );
}

/** Of blocks that have not expired by a day, those that were bought later with them: they are there already. */
function leftOn(day: string, supplies: readonly Supply[], currency: Supply['currency']): Decimal {
  return supplies.reduce((sum, supply) => {
    const counts =
      supply.source.from === 'block' &&
      supply.currency === currency &&
      (supply.lastDay === null || supply.lastDay >= day);
    return counts ? sum.plus(drawable(supply)) : sum;
  }, NOTHING);
}
