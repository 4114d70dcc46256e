import { Decimal } from '@billtrail/kernel';
import { BURN_DECIMALS } from './limits.js';
import type { Burn } from './terms/prepaid.js';

/** Work as weights tell it apart. */
interface WorkToBurn {
  readonly workType: string | null;
  readonly rateClass: string | null;
}

/** How many minutes of a block a minute of work draws. `multiplier`: what the card lays on its price. Exact to as many decimals as a block keeps. */
export function burnWeight(burn: Burn | undefined, work: WorkToBurn, multiplier: () => Decimal | string): Decimal {
  if (burn === undefined) return ONE;
  if (burn.by === 'multiplier') {
    const weight = new Decimal(multiplier()).toDecimalPlaces(BURN_DECIMALS);
    return weight.isZero() ? ONE : weight;
  }
  const weights = burn.weights
    .filter((one) => fits(one.workType, work.workType) && fits(one.rateClass, work.rateClass))
    .map(({ weight }) => new Decimal(weight));
  return weights.length === 0 ? ONE : Decimal.max(...weights);
}

const ONE = new Decimal(1);

function fits(wanted: string | undefined, actual: string | null): boolean {
  return wanted === undefined || wanted === actual;
}
