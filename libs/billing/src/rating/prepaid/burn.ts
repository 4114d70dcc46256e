import { type Burn, burnWeight } from '@billtrail/contracts';
import { Decimal } from '@billtrail/kernel';
import type { PricedPart } from '../items/priced-part.js';
import type { Pricers } from '../price/pricing.js';
import type { Supply } from './supply.js';

/** Minutes of a supply that a minute of work draws. Of money it says nothing: there the price is drawn. */
export type Weigh = (
  supply: Pick<Supply, 'burn' | 'currency'>,
  part: Pick<PricedPart, 'assessed' | 'inForce'>,
) => Decimal;

export const AS_WORKED = new Decimal(1);

/** By what the block itself says, else by the terms of the version that the work is under. */
export function weighWith(pricers: Pricers): Weigh {
  return ({ burn, currency }, { assessed, inForce }) => {
    const { work, rateClass } = assessed;
    const { terms } = inForce.version;
    const stated: Burn | undefined = burn ?? terms.prepaid?.burn;
    if (stated === undefined || currency !== null || work.kind !== 'time') return AS_WORKED;
    return burnWeight(stated, { workType: work.workType, rateClass }, () =>
      pricers.of(terms).multiplierOf(assessed, work),
    );
  };
}
