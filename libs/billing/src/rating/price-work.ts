import { addTo, at, invariant } from '@billtrail/kernel';
import type { CapUsage } from './caps/cap-usage.js';
import { lessCutBefore } from './caps/rest-of-cut.js';
import { holdToCaps } from './caps/step-7-caps.js';
import { give } from './courtesies.js';
import type { Assessed } from './assessed.js';
import type { PricedWork, UnpricedWork } from './items/item-maker.js';
import { pricedPart, repriceWith } from './items/parts.js';
import type { PricedPart } from './items/priced-part.js';
import { isUnderWarranty, recordedQuantity } from './items/step-8-item.js';
import { weighWith } from './prepaid/burn.js';
import type { DrawnBefore } from './prepaid/drawn-before.js';
import type { PrepaidStock } from './prepaid/prepaid-stock.js';
import { drawPrepaid } from './prepaid/step-6-prepaid.js';
import type { Pricers } from './price/pricing.js';
import { type PricingLedger, ScopesOfWork } from './price/pricing-scopes.js';
import { type RoundingLedger, billableTimes } from './time/times-to-round.js';

/**
 * What work shares with other work: scopes of minimum and increment, scopes of prices, blocks and allotments, caps. It holds what was used before;
 * the steps read it and add to it, in the order of rating. Whoever knows what is settled fills it.
 */
export interface Ledger {
  readonly rounding: RoundingLedger;
  readonly pricing: PricingLedger;
  readonly stock: PrepaidStock;
  /** What settled work that is rated again, or is gone, had drawn: what is not asked for again goes back. */
  readonly givingBack: readonly DrawnBefore[];
  readonly caps: CapUsage;
}

/** Steps 4 to 7 of rating.md for the work of a client-period, in the order of rating; then what is given as a courtesy. */
export function priceWork(assessed: readonly Assessed[], ledger: Ledger, pricers: Pricers): PricedWork {
  const { priced, unpriced } = priceAll(assessed, ledger, pricers);
  const drawn = drawPrepaid(priced, ledger.stock, repriceWith(pricers), ledger.givingBack, weighWith(pricers));
  const parts = new Map<Assessed, PricedPart[]>();
  for (const part of give(holdToCaps(lessCutBefore(drawn), ledger.caps), assessed)) addTo(parts, part.assessed, part);
  return { parts, unpriced };
}

/** Steps 4 and 5. */
function priceAll(
  assessed: readonly Assessed[],
  ledger: Ledger,
  pricers: Pricers,
): { readonly priced: readonly PricedPart[]; readonly unpriced: PricedWork['unpriced'] } {
  const times = billableTimes(assessed, ledger.rounding);
  const scopes = new ScopesOfWork(ledger.pricing);
  const priced: PricedPart[] = [];
  const unpriced = new Map<Assessed, UnpricedWork>();
  assessed.forEach((one, index) => {
    const { placement, work } = one;
    if (placement === null || (placement.as !== 'billable' && placement.as !== 'prepaid')) return;
    if (isUnderWarranty(work)) return;
    const time = at(times, index, 'the rounded time of work');
    invariant((time === null) === (work.kind !== 'time'), 'time that is billable was not rounded');
    const { inForce } = placement;
    const quantity = time === null ? recordedQuantity(one) : '';
    const minutes = time === null ? 0 : time.minutes;
    const price = pricers.of(inForce.version.terms).price(one, minutes, quantity, scopes.of(one));
    const part = pricedPart(one, placement.as, inForce, time, price);
    if (part !== null) priced.push(part);
    else if (price.unpriced !== null) unpriced.set(one, { price, time });
  });
  return { priced, unpriced };
}
