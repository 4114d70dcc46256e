import { type Decimal, type LocalDate, type Minutes, Money, at, invariant } from '@billtrail/kernel';
import { type Piece, cutInto, flatShares, isFlat } from '../items/part-splitting.js';
import type { PricedPart, Reprice } from '../items/priced-part.js';
import type { Step } from '../../item/trace.js';
import { prepaidAmount } from './prepaid-amount.js';
import { type Supply } from './supply.js';
import { type Rest, isCovered } from './rest.js';

/** What was asked, with its answer; a text that is the same for all work is one text. */
export type Said = string | (() => string);

/** What was drawn on one block. */
export interface Taken {
  readonly supply: Supply;
  /** In the unit of the supply. */
  readonly amount: Decimal;
  /** Minutes of the supply that each minute of the piece draws; one of money. */
  readonly weight: Decimal;
  readonly leftAfter: Decimal;
  readonly piece: Piece;
  /** What was asked until then, this draw last. */
  readonly tried: readonly Said[];
}

/** The parts of the draws in their order, then the overage. */
export function partsOf(
  part: PricedPart,
  day: LocalDate,
  taken: readonly Taken[],
  rest: Rest,
  tried: readonly Said[],
  reprice: Reprice,
): readonly PricedPart[] {
  const hasOverage = taken.length === 0 || !isCovered(rest);
  const pieces = taken.map((one) => one.piece);
  if (hasOverage) pieces.push({ billableMinutes: rest.minutes, quantity: rest.quantity });
  const cut = pieces.length === 1 ? [part] : cutInto(part, pieces);
  const ofMoney = taken.some(({ supply }) => supply.currency !== null);
  return cut.map((piece, index) => {
    if (index < taken.length) return coveredPart(piece, day, at(taken, index, 'a draw'));
    return overagePart(part, piece, ofMoney ? rest : null, tried, reprice);
  });
}

function coveredPart(piece: PricedPart, day: LocalDate, taken: Taken): PricedPart {
  const { supply, amount, weight, leftAfter, tried } = taken;
  const { work } = piece.assessed;
  const isWeighted = !weight.equals(1);
  const weighed = { weight: weight.toFixed(), minutes: piece.billableMinutes };
  const step: Step = () => ({
    step: 'prepaid',
    text: `${isWeighted ? `${piece.billableMinutes} min x ${weight.toFixed()} = ` : ''}${amountText(amount, supply)} drawn on ${supply.name}${supply.lastDay === null ? '' : `, good until ${supply.lastDay}`}: ${amountText(leftAfter, supply)} left`,
    facts: {
      outcome: 'covered',
      ...supply.source,
      unit: supply.currency ?? 'minutes',
      drawn: amount.toFixed(),
      left: leftAfter.toFixed(),
      expiresOn: supply.expiresOn,
      ...(isWeighted ? weighed : {}),
      tried: spoken(tried),
    },
  });
  const zero = Money.zero(piece.exact.currency);
  return {
    ...piece,
    unitPrice: zero,
    exact: zero,
    after: [...piece.after, step],
    prepaid: 'covered',
    draw: {
      source: supply.source,
      workItemId: work.workItemId,
      workDate: day,
      amount: prepaidAmount(amount, supply.currency),
      ...(isWeighted ? { weight: weight.toFixed() } : {}),
      frozen: false,
    },
  };
}

/**
 * What no block covers. Where money covered a part, a fraction of a minute may be paid for: then `rest` tells how much of the price of the
 * remaining minutes is really open.
 */
function overagePart(
  whole: PricedPart,
  piece: PricedPart,
  rest: Rest | null,
  tried: readonly Said[],
  reprice: Reprice,
): PricedPart {
  const asOverage = (
    of: Pick<PricedPart, 'price' | 'unitPrice' | 'after'>,
    before: Money,
    exact: Money,
    flatShare = piece.flatShare,
  ): PricedPart => ({
    ...piece,
    price: of.price,
    unitPrice: of.unitPrice,
    exact,
    after: [...of.after, () => overageStep(tried, before, exact)],
    prepaid: 'overage',
    ...(flatShare === undefined ? {} : { flatShare }),
  });
  if (piece.billableMinutes === null || whole.billableMinutes === null)
    return asOverage(piece, whole.exact, rest?.exact ?? piece.exact);
  if (isFlat(whole)) {
    const exact = rest?.exact ?? whole.exact;
    const isAll = exact.equals(whole.exact);
    return asOverage(piece, whole.exact, exact, isAll ? undefined : flatShares(whole, exact, whole.exact)[0]);
  }
  const priced = reprice(whole, piece.billableMinutes);
  const exact = rest === null ? priced.exact : openShare(priced.exact, whole, piece.billableMinutes, rest);
  const overage = asOverage(priced, priced.exact, exact);
  return exact.equals(priced.exact) ? overage : { ...overage, paidOf: whole.billableMinutes };
}

/** Where money of a block paid a part of the price of what is left, the step says how much, so that the amount can be worked out from it. */
function overageStep(said: readonly Said[], before: Money, exact: Money): ReturnType<Step> {
  const tried = spoken(said);
  const text = tried.length === 0 ? 'overage: the contract has nothing prepaid' : `overage: ${tried.join('; ')}`;
  if (before.equals(exact)) return { step: 'prepaid', text, facts: { outcome: 'overage', tried } };
  const paid = before.minus(exact);
  const exactBefore = before.plain();
  return {
    step: 'prepaid',
    text: `${text}; of ${exactBefore} ${paid.plain(8)} is paid: ${exact.plain(8)} ${exact.currency} is left`,
    facts: { outcome: 'overage', tried, exactBefore, paid: paid.plain(), exact: exact.plain() },
  };
}

function spoken(said: readonly Said[]): readonly string[] {
  return said.map((one) => (typeof one === 'string' ? one : one()));
}

function openShare(overage: Money, whole: PricedPart, minutes: Minutes, rest: Rest): Money {
  if (whole.exact.isZero() || minutes === 0) return overage;
  invariant(whole.billableMinutes !== null, 'only time has minutes of overage');
  const ofMinutes = whole.exact.times(minutes);
  return overage.times(rest.exact.value.times(whole.billableMinutes)).dividedBy(ofMinutes.value);
}

export function amountText(amount: Decimal, supply: Supply): string {
  return supply.currency === null ? `${amount.toFixed()} min` : Money.of(amount, supply.currency).toString();
}
