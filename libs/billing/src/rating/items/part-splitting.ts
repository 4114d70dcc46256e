import { Decimal, type Minutes, Money, at, invariant } from '@billtrail/kernel';
import { shareMinutes } from '../share-minutes.js';
import type { PricedPart } from './priced-part.js';

/** Digits of the quantity of a part of a material: the other part holds the rest exactly. */
const QUANTITY_DIGITS = 6;

/** One piece of a part that is cut: how much of the part's billable minutes, quantity and money it holds. */
export interface Piece {
  /** null for materials and expenses. */
  readonly billableMinutes: Minutes | null;
  readonly quantity: Decimal;
}

/** The pieces of a cut part: actual minutes and standard value follow the billable minutes, or the quantity. */
export function cutInto(part: PricedPart, pieces: readonly Piece[]): readonly PricedPart[] {
  invariant(pieces.length > 1, 'a part is cut into at least two pieces');
  const isTime = part.actualMinutes !== null;
  invariant(arePieces(pieces, part), 'the pieces of a part are not the part');
  const minutes = pieces.map((piece) => piece.billableMinutes ?? 0);
  const actual = isTime ? shareMinutes(part.actualMinutes, minutes) : null;
  const standards = sharedStandard(part.standard, isTime ? minutes : pieces.map(({ quantity }) => quantity));
  return pieces.map((piece, index) => ({
    ...part,
    actualMinutes: actual === null ? null : at(actual, index, 'the actual minutes of a piece'),
    billableMinutes: piece.billableMinutes,
    quantity: piece.billableMinutes === null ? piece.quantity.toFixed() : String(piece.billableMinutes),
    standard: standards === null ? null : at(standards, index, 'the standard value of a piece'),
  }));
}

const NOTHING = new Decimal(0);

/** True where the pieces of a part hold its minutes, or its quantity, and nothing else. */
function arePieces(pieces: readonly Piece[], part: PricedPart): boolean {
  let minutes = 0;
  let quantity = NOTHING;
  for (const piece of pieces) {
    if ((piece.billableMinutes === null) !== (part.billableMinutes === null)) return false;
    if (piece.billableMinutes === null) quantity = quantity.plus(piece.quantity);
    else minutes += piece.billableMinutes;
  }
  return part.billableMinutes === null ? quantity.equals(part.quantity) : minutes === part.billableMinutes;
}

/** Exactly, by minutes or quantity; all of it to the first piece where nothing has a weight. */
function sharedStandard(
  standard: Money | null,
  weights: readonly number[] | readonly Decimal[],
): readonly Money[] | null {
  if (standard === null) return null;
  let total: number | Decimal = 0;
  for (const weight of weights)
    total = typeof weight === 'number' && typeof total === 'number' ? total + weight : new Decimal(total).plus(weight);
  const isNothing = typeof total === 'number' ? total === 0 : total.isZero();
  if (!isNothing) return weights.map((weight) => standard.times(weight).dividedBy(total));
  return weights.map((_, index) => (index === 0 ? standard : Money.zero(standard.currency)));
}

/** True for one price whatever the minutes: no minutes of it have a price of their own, so it is shared by money alone. */
export function isFlat({ price }: Pick<PricedPart, 'price'>): boolean {
  return price.unpriced === null && price.basis.mode === 'flat';
}

/** What of a part's one price an amount stands for, and what is left. */
export function flatShares(part: PricedPart, amount: Money, whole: Money): readonly [string, string] {
  const all = new Decimal(part.flatShare ?? 1);
  const share = quantityFor(all, amount, whole);
  invariant(!share.isNegative() && share.lte(all), 'a share of one price is more than the price');
  return [share.toFixed(), all.minus(share).toFixed()];
}

/** The share of a quantity that an amount of its price stands for, rounded down: the rest is what remains. */
export function quantityFor(
  quantity: Decimal,
  amount: { readonly value: Decimal },
  whole: { readonly value: Decimal },
): Decimal {
  return quantity.times(amount.value).div(whole.value).toDecimalPlaces(QUANTITY_DIGITS, Decimal.ROUND_DOWN);
}
