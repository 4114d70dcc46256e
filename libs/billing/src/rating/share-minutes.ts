import { type Minutes, at, invariant } from '@billtrail/kernel';

/**
 * Splits whole minutes over whole weights by largest remainder: whole parts that sum to the whole. Equal remainders go to the earlier part. All
 * weights zero: everything is the first part's. Minutes that are taken back are split as those that were given.
 */
export function shareMinutes(minutes: Minutes, weights: readonly number[]): Minutes[] {
  if (minutes < 0) return shareMinutes(-minutes, weights).map((share) => (share === 0 ? 0 : -share));
  let total = 0;
  for (const weight of weights) {
    invariant(Number.isSafeInteger(weight) && weight >= 0, 'a weight of minutes is no whole number');
    total += weight;
  }
  if (total === 0) return weights.map((_, index) => (index === 0 ? minutes : 0));
  const shares: Minutes[] = [];
  const remainders: number[] = [];
  let left = minutes;
  // Where the weights are money, a product may have more digits than a number holds.
  const large = Number.isSafeInteger(minutes * total) ? null : weights.reduce((sum, one) => sum + BigInt(one), 0n);
  for (const weight of weights) {
    const [share, remainder] =
      large === null ? divided(minutes * weight, total) : dividedLarge(BigInt(minutes) * BigInt(weight), large);
    shares.push(share);
    remainders.push(remainder);
    left -= share;
  }
  for (; left > 0; left -= 1) {
    let largest = 0;
    for (let index = 1; index < remainders.length; index += 1)
      if (at(remainders, index, REMAINDER) > at(remainders, largest, REMAINDER)) largest = index;
    invariant(at(remainders, largest, REMAINDER) > 0, 'the shares of some minutes are not the minutes');
    shares[largest] = at(shares, largest, 'the share of some minutes') + 1;
    remainders[largest] = 0;
  }
  return shares;
}

function divided(product: number, total: number): readonly [share: number, remainder: number] {
  return [Math.floor(product / total), product % total];
}

/** Of remainders that large only the order counts. */
function dividedLarge(product: bigint, total: bigint): readonly [share: number, remainder: number] {
  return [Number(product / total), Number(product % total)];
}

const REMAINDER = 'the remainder of a share';
