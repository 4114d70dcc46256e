import { Decimal, type Minutes, Money, at, invariant } from '@billtrail/kernel';
import type { Assessed } from '../rating/assessed.js';
import type { InForce } from '../rating/coverage/placement.js';
import type { PricedAt } from '../rating/price/price.js';
import type { PricedLine } from './as-one-line.js';
import type { RecheckCandidate } from './recheck.js';

/** What a price comes to with the discount of then. */
export function lessThen({ exact, discount }: PricedAt, { basis }: PricedLine): Money {
  const before = discount === null ? exact : Money.of(discount.exactBefore, exact.currency);
  if (basis.discount === null) return before.rounded();
  const { beforeMinimumPercent, afterMinimumPercent } = basis.discount;
  const left = new Decimal(100).minus(beforeMinimumPercent).minus(afterMinimumPercent);
  return before.times(left).dividedBy(100).rounded();
}

/** What the tiers of a line come to, less its discount; null: it has none, or was frozen before they were kept. */
export function inTiersThen({ basis, net: { currency } }: PricedLine): Money | null {
  const { tiers } = basis.price ?? {};
  if (tiers === undefined || basis.adjustment !== null) return null;
  if (basis.discount !== null) return Money.of(basis.discount.exact, currency).rounded();
  const inTier = tiers.map(({ minutes, pricePerHour }) => Money.of(pricePerHour, currency).times(minutes));
  return Money.sum(inTier, currency).dividedBy(60).rounded();
}

/** True of what nobody was asked for. */
export function isForgone({ line: { net }, forgone }: RecheckCandidate): boolean {
  return !forgone.isZero() && forgone.equals(Money.from(net));
}

export function isCharged({ line: { basis } }: RecheckCandidate): boolean {
  return basis.price?.mode !== 'tiers' && basis.price?.charged === true;
}

/** True of a part of one price whatever the minutes, which a block of money or a cap cut. */
export function isPartOfFlat({ line, draws }: RecheckCandidate): boolean {
  const { price, cap } = line.basis;
  return price?.mode === 'flat' && price.charged && (cap !== null || draws.length > 0);
}

export function firstOf(stretches: readonly Assessed[]): Assessed {
  return at(stretches, 0, 'a stretch that a line carries');
}

/** 0 of materials and expenses. */
export function minutesOf({ itemId, kind, billableMinutes }: PricedLine): Minutes {
  if (kind !== 'time') return 0;
  invariant(billableMinutes !== null, () => `line ${itemId} asks for time, and holds no minutes`);
  return billableMinutes;
}

export function wasOverage(line: PricedLine): boolean {
  return line.basis.prepaid === 'overage';
}

/** True where the contract has a block or an allotment for the day of the work: then it draws, and asks nothing. */
export function hasPrepaidFor({ contract, version }: InForce, { contractDate: date, work }: Assessed): boolean {
  if (version.terms.prepaid?.allotment !== undefined) return true;
  return (contract.blocks ?? []).some(
    ({ purchasedOn, expiresOn, amount }) =>
      purchasedOn <= date &&
      (expiresOn === null || expiresOn >= date) &&
      (work.kind === 'time' || amount.unit === 'money'),
  );
}
