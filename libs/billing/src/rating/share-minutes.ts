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
  const shares = weights.map((weight) => Math.floor((minutes * weight) / total));
  let left = minutes - shares.reduce((sum, share) => sum + share, 0);
  const byRemainder = weights
    .map((weight, index) => ({ index, remainder: (minutes * weight) % total }))
    .sort((a, b) => b.remainder - a.remainder || a.index - b.index);
  for (const { index } of byRemainder) {
    if (left === 0) break;
    shares[index] = at(shares, index, 'the share of some minutes') + 1;
    left -= 1;
  }
  invariant(left === 0, 'the shares of some minutes are not the minutes');
  return shares;
}
