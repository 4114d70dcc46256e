import { Decimal, type Minutes } from '@billtrail/kernel';
import type { ClientPeriodFacts } from '../client-period.js';
import type { Draw } from '../item/draw.js';
import type { PricedPart } from '../rating/items/priced-part.js';
import type { Weigh } from '../rating/prepaid/burn.js';
import type { BlockFacts } from '../rating/facts.js';

type Contracts = Pick<ClientPeriodFacts, 'contracts'>;

/**
 * Minutes that the draws of a line would take of what is prepaid as work burns now: the block's own way, else that of the terms of now. `minutes`: those of
 * the line that are compared; null: the ones that it drew for.
 */
export function drawnAsWeighedNow(
  draws: readonly Draw[],
  minutes: Minutes | null,
  weigh: Weigh,
  part: Pick<PricedPart, 'assessed' | 'inForce'>,
  facts: Contracts,
): Decimal {
  return draws.reduce((sum, draw) => {
    if (draw.amount.unit !== 'minutes') return sum;
    const { burn } = blockOf(draw, facts) ?? {};
    const weight = weigh({ currency: null, ...(burn === undefined ? {} : { burn }) }, part);
    const covered = minutes ?? new Decimal(draw.amount.minutes).div(draw.weight ?? 1).round();
    return sum.plus(weight.times(covered));
  }, new Decimal(0));
}

/** The block of a draw, be it withdrawn or not. */
function blockOf({ source }: Draw, { contracts }: Contracts): BlockFacts | undefined {
  if (source.from !== 'block') return undefined;
  const contract = contracts.find(({ contractId }) => contractId === source.contractId);
  return [...(contract?.blocks ?? []), ...(contract?.withdrawnBlocks ?? [])].find(
    ({ blockId }) => blockId === source.blockId,
  );
}
