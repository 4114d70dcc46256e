import { Decimal, type Month, addTo, at, monthsLater } from '@billtrail/kernel';
import { type PrepaidAmount, amountOf, periodsRolledOver } from '@billtrail/contracts';
import type { PrepaidSource } from '../../item/draw.js';
import type { ContractFacts } from '../facts.js';
import { type Grant, grantsOf } from './grants.js';
import { currencyOf, prepaidAmount } from './prepaid-amount.js';
import { NOTHING } from './supply.js';

/** The unused base of an earlier month, as it goes into a period. */
export interface RolledBase {
  readonly month: Month;
  readonly grant: Grant;
  readonly source: PrepaidSource;
  /** What of it can be drawn from the first day of the period on, or was drawn and is settled. */
  readonly left: PrepaidAmount;
  /** Above the limit of the terms. Zero: nothing. */
  readonly lapsed: Decimal;
  /** True where it goes on into the next period too. */
  readonly goesOn: boolean;
}

interface Standing extends Omit<RolledBase, 'left' | 'lapsed'> {
  readonly before: PrepaidAmount;
  left: Decimal;
}

/** What is known of the base of a month before the period. */
export interface KnownBase {
  /** What the period before carried over of it; undefined: that knew nothing of it. */
  readonly carried: PrepaidAmount | undefined;
  /** What settled work of this and later periods drew: it does not lapse. */
  readonly settled: (amount: PrepaidAmount) => Decimal;
}

/**
 * Unused bases of earlier months that can be drawn in a period, the oldest first. At the end of each month no more goes on than its terms say, of all
 * bases together: what is above lapses, the oldest first, for that would have lapsed soonest. A month that nobody had to rate, for want of work, used
 * nothing of its base: it goes on whole. One that is older than what was carried over was before the client's first period, or used up.
 */
export function rolledInto(
  contract: ContractFacts,
  period: Month,
  known: (source: PrepaidSource) => KnownBase,
): readonly RolledBase[] {
  const longest = Math.max(
    0,
    ...contract.versions.map(({ terms: { prepaid } }) =>
      prepaid?.allotment === undefined ? 0 : periodsRolledOver(prepaid.allotment),
    ),
  );
  const byAllotment = new Map<string, Standing[]>();
  for (let back = longest; back >= 1; back -= 1)
    for (const one of basesOf(contract, monthsLater(period, -back), period, back, known))
      addTo(byAllotment, one.grant.allotment.id, one);
  return [...byAllotment.values()].flatMap((bases) => {
    const firstKnown = bases.findIndex((one) => known(one.source).carried !== undefined);
    const alive = firstKnown === -1 ? bases : bases.slice(firstKnown);
    for (let last = 0; last < alive.length; last += 1) holdToLimit(alive.slice(0, last + 1));
    return alive.map(({ before, left, ...one }) => {
      const kept = Decimal.min(Decimal.max(left, known(one.source).settled(before)), amountOf(before));
      return { ...one, left: prepaidAmount(kept, currencyOf(before)), lapsed: amountOf(before).minus(kept) };
    });
  });
}

function basesOf(
  contract: ContractFacts,
  month: Month,
  period: Month,
  back: number,
  known: (source: PrepaidSource) => KnownBase,
): readonly Standing[] {
  const { contractId } = contract;
  return grantsOf(contract, month).flatMap((grant): readonly Standing[] => {
    const { allotment } = grant;
    const lives = periodsRolledOver(allotment);
    if (lives < back) return [];
    const source: PrepaidSource = { from: 'allotment', contractId, allotmentId: allotment.id, month };
    const before = known(source).carried ?? allotment.base;
    return [{ month, grant, source, before, left: amountOf(before), goesOn: monthsLater(month, lives) > period }];
  });
}

/** By the terms of the last of them, whose month ends: the newest keep what they have as far as it reaches. */
function holdToLimit(bases: readonly Standing[]): void {
  const { rollOverAtMost: limit } = at(bases, bases.length - 1, 'the base of a month').grant.allotment;
  if (limit === undefined) return;
  let room = amountOf(limit);
  for (const base of bases.toReversed()) {
    if (currencyOf(base.before) !== currencyOf(limit)) continue;
    base.left = Decimal.min(base.left, room);
    room = Decimal.max(room.minus(base.left), NOTHING);
  }
}
