import { type LocalDate, addDays } from '@billtrail/kernel';
import type { FeeBasis } from '../../item/basis.js';
import { versionOn } from '../coverage/step-1-contract.js';
import type { ContractFacts } from '../facts.js';

/** What no figure tells: how the days of a cycle count, or figures that were not kept. */
const SOMETHING = 'the terms, the days or the counts changed';

/**
 * Why a fee is another than it was asked for, as the client reads it on a document: each of price, count, discount and days that differs, from the first
 * day on which it does. `before`: the figures by which it was asked last; null: they were not kept.
 */
export function whyFeeChanged(
  contract: ContractFacts,
  termId: string,
  before: readonly FeeBasis[] | null,
  now: readonly FeeBasis[],
): string {
  const reasons = new Map<string, string>();
  const tell = (fact: string, reason: string): void => {
    if (!reasons.has(fact)) reasons.set(fact, reason);
  };
  for (const then of inOrder(before ?? []))
    for (const { from, is } of piecesOf(then, now)) {
      if (is === null) {
        tell('days', whyNotCharged(contract, from));
        continue;
      }
      const isTiered = (is.tiers ?? then.tiers) !== undefined;
      // By tiers what a unit comes to changes with the count alone: both are told as one.
      if (is.unitPrice !== then.unitPrice && !isTiered)
        tell('price', `${is.unitPrice} instead of ${then.unitPrice} from ${from} on`);
      if (is.quantity !== then.quantity || (isTiered && pricesOf(is) !== pricesOf(then))) {
        const [priced, pricedThen] = [is, then].map((one) => (isTiered ? ` (${pricesOf(one)})` : ''));
        tell(
          'count',
          `${is.quantity} ${unitOf(contract, termId)}${priced} instead of ${then.quantity}${pricedThen} from ${from} on`,
        );
      }
      if (is.percentOff !== then.percentOff)
        tell('discount', `${is.percentOff} % off instead of ${then.percentOff} % from ${from} on`);
    }
  return reasons.size === 0 ? SOMETHING : [...reasons.values()].join('; ');
}

function inOrder(figures: readonly FeeBasis[]): readonly FeeBasis[] {
  return [...figures].sort((a, b) => (a.from < b.from ? -1 : 1));
}

/** Some days cut by the figures that they have now; null: nothing is charged for them. */
function piecesOf(
  then: FeeBasis,
  now: readonly FeeBasis[],
): readonly { readonly from: LocalDate; readonly is: FeeBasis | null }[] {
  const pieces: { from: LocalDate; is: FeeBasis | null }[] = [];
  let next = then.from;
  for (const is of inOrder(now)) {
    if (is.to < next || is.from > then.to) continue;
    if (is.from > next) pieces.push({ from: next, is: null });
    pieces.push({ from: is.from > next ? is.from : next, is });
    next = addDays(is.to, 1);
  }
  return next > then.to ? pieces : [...pieces, { from: next, is: null }];
}

function whyNotCharged(contract: ContractFacts, day: LocalDate): string {
  const { lastDay, suspensions = [] } = contract;
  if (lastDay !== null && lastDay < day) return `the contract ended on ${lastDay}`;
  const rest = suspensions.find(({ from, resumedOn }) => from <= day && (resumedOn === null || day < resumedOn));
  if (rest !== undefined) {
    const until = rest.resumedOn === null ? 'on' : `to ${addDays(rest.resumedOn, -1)}`;
    return `the contract was suspended from ${rest.from} ${until}`;
  }
  if (versionOn(contract, day) === null) return `no terms are in force from ${day} on`;
  return `not charged from ${day} on`;
}

/** `10 at 30.00, 2 at 25.00`. */
function pricesOf({ quantity, unitPrice, tiers = [{ quantity, price: unitPrice }] }: FeeBasis): string {
  return tiers.map((tier) => `${tier.quantity} at ${tier.price}`).join(', ');
}

function unitOf({ versions }: ContractFacts, termId: string): string {
  const terms = versions.flatMap(({ terms: { recurringCharges = [] } }) => recurringCharges);
  return terms.find(({ id, countOf }) => id === termId && countOf !== undefined)?.countOf ?? 'units';
}
