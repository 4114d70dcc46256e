import { Decimal, type Minutes, Money, invariant } from '@billtrail/kernel';
import { type Piece, quantityFor } from '../items/part-splitting.js';

/** What of a part is not covered yet. */
export interface Rest {
  /** null for materials and expenses. */
  readonly minutes: Minutes | null;
  readonly quantity: Decimal;
  /** At the price of the work, not of overage. */
  readonly exact: Money;
  /** True for time that has one price whatever its minutes. */
  readonly isFlat: boolean;
}

/** Nothing is left to draw for: a piece of no minutes or of no price takes nothing from a block. */
export function isCovered(rest: Rest): boolean {
  if (rest.isFlat) return rest.exact.rounded().isZero();
  return rest.minutes === null ? rest.quantity.isZero() || rest.exact.rounded().isZero() : rest.minutes === 0;
}

export function nothingOf(rest: Rest): Rest {
  const minutes = rest.minutes === null ? null : 0;
  return { ...rest, minutes, quantity: ZERO, exact: Money.zero(rest.exact.currency) };
}

export function together(one: Rest, other: Rest): Rest {
  const minutes = one.minutes === null || other.minutes === null ? null : one.minutes + other.minutes;
  const quantity = one.quantity.plus(other.quantity);
  return { ...one, minutes, quantity, exact: one.exact.plus(other.exact) };
}

interface Take {
  readonly amount: Decimal;
  readonly piece: Piece;
  readonly rest: Rest;
}

/**
 * As many whole minutes as what is left pays for, each at its weight: so what a line draws is always its minutes times the weight. A part of a minute's
 * weight that nothing else draws stays in the block.
 */
export function takeMinutes(left: Decimal, rest: Rest, weight: Decimal): Take {
  const { minutes } = rest;
  invariant(minutes !== null && minutes > 0, 'minutes are drawn for minutes that are open');
  invariant(left.gte(weight), 'minutes are drawn on a block that holds none');
  const drawn = Math.min(minutes, left.div(weight).floor().toNumber());
  return {
    amount: weight.times(drawn),
    piece: { billableMinutes: drawn, quantity: ZERO },
    rest: {
      minutes: minutes - drawn,
      quantity: ZERO,
      exact: drawn === minutes ? Money.zero(rest.exact.currency) : rest.exact.times(minutes - drawn).dividedBy(minutes),
      isFlat: false,
    },
  };
}

/** The last money of a block covers a part of a minute or a piece: money is exact, and the whole minutes that it pays for are covered. */
export function takeMoney(left: Decimal, rest: Rest): Take {
  const price = rest.exact.rounded();
  invariant(!left.isNegative() && !left.isZero(), 'money is drawn on a block that holds none');
  if (left.gte(price.value)) {
    return {
      amount: price.value,
      piece: { billableMinutes: rest.minutes, quantity: rest.quantity },
      rest: { ...rest, minutes: rest.minutes === null ? null : 0, quantity: ZERO, exact: Money.zero(price.currency) },
    };
  }
  const drawn = Money.of(left, price.currency);
  const [minutes, open] = rest.minutes === null ? [null, null] : cutMinutes(rest.minutes, drawn, rest.exact);
  const quantity = quantityFor(rest.quantity, drawn, rest.exact);
  invariant(drawn.compare(rest.exact) <= 0, 'more money is drawn for work than it costs');
  return {
    amount: left,
    piece: { billableMinutes: minutes, quantity },
    rest: {
      ...rest,
      minutes: open,
      quantity: rest.quantity.minus(quantity),
      exact: rest.exact.minus(drawn),
    },
  };
}

/** The whole minutes that money pays for, and those that it does not. */
function cutMinutes(minutes: Minutes, drawn: Money, exact: Money): readonly [paid: Minutes, open: Minutes] {
  const paid = drawn.value.times(minutes).div(exact.value).toDecimalPlaces(0, Decimal.ROUND_DOWN).toNumber();
  return [paid, minutes - paid];
}

const ZERO = new Decimal(0);
