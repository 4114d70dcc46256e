import { type Minutes, at, invariant } from '@billtrail/kernel';

/**
 * Splits whole minutes over weights by largest remainder: whole parts that sum to the whole. Equal remainders go to the earlier part. All
 * weights zero: everything is the first part's.
 */
export function shareMinutes(minutes: Minutes, weights: readonly number[]): Minutes[] {
  let total = 0;
  for (const weight of weights) {
    invariant(weight >= 0, 'a weight of minutes is negative');
    total += weight;
  }
  if (total === 0) return weights.map((_, index) => (index === 0 ? minutes : 0));
  const shares: Minutes[] = [];
  const remainders: number[] = [];
  let left = minutes;
  for (const weight of weights) {
    const share = Math.floor((minutes * weight) / total);
    shares.push(share);
    remainders.push((minutes * weight) % total);
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

const REMAINDER = 'the remainder of a share';
