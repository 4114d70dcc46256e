import { type LocalDate, Money, type MoneyJson, addDays, daysOf, monthOf, monthsBetween } from '@billtrail/kernel';
import type { ContractFacts } from '../facts.js';
import { exactFee } from './fee.js';
import { stretchesWithin } from './recurring.js';
import { clipped } from './stretch.js';

/** A charge whose commitment a termination released. */
export interface ReleasedCommitment {
  /** Id of the term, and its name. */
  readonly chargeId: string;
  readonly name: string;
  readonly until: LocalDate;
  /** What it would still cost from the day after the contract's last one to the end of the commitment, before tax; null: nobody recorded a count. */
  readonly net: MoneyJson | null;
}

/** What a termination released, by the counts and terms of now: of each committed charge of its last day. */
export function releasedCommitments(contract: ContractFacts): readonly ReleasedCommitment[] {
  const { lastDay } = contract;
  if (lastDay === null || contract.releasesCommitments !== true) return [];
  const held: ContractFacts = { ...contract, releasesCommitments: false };
  const onLastDay = stretchesWithin(contract, monthOf(lastDay)).filter(
    ({ days }) => days.from <= lastDay && lastDay <= days.to,
  );
  return onLastDay.flatMap(({ charge, days }) => {
    const { id, name, commitment } = charge;
    if (commitment?.increaseOnly !== true || commitment.until <= lastDay) return [];
    const { until } = commitment;
    const freed = monthsBetween(monthOf(lastDay), monthOf(until)).flatMap((month) => {
      const { first, last } = daysOf(month);
      return stretchesWithin(held, month)
        .filter((one) => one.charge.id === id)
        .flatMap((one) => clipped(one, { from: first > lastDay ? first : addDays(lastDay, 1), to: last }));
    });
    const { currency } = days.version.terms.rateCard;
    const net = freed.some(({ count }) => count === null)
      ? null
      : Money.sum(freed.map(exactFee), currency).rounded().toJSON();
    return [{ chargeId: id, name, until, net }];
  });
}
