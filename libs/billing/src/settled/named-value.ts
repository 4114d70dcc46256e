import { Decimal } from '@billtrail/kernel';
import type { FrozenItem } from '../item/frozen-item.js';

/** A stretch of what work is worth: from one net up to another. */
export interface ValueStretch {
  readonly from: Decimal;
  readonly to: Decimal;
}

/** What written-off parts of work name of its whole value. */
export interface NamedValue {
  readonly stretches: readonly ValueStretch[];
  /** What was written off below zero, beyond what it takes back of other parts; 0 or less. */
  readonly below: Decimal;
}

export const NAMES_NOTHING: NamedValue = { stretches: [], below: new Decimal(0) };

/** A settled item at its value, and whether it was written off and never asked. */
export interface ValuedPart {
  readonly item: FrozenItem;
  readonly isForgone: boolean;
}

interface Piece extends ValueStretch {
  readonly isForgone: boolean;
}

/**
 * Which stretches of the value of work its write-offs name. Items are laid on each other in the order in which they came: the work itself first, at the
 * bottom. An adjustment reaches down from what the work was worth when it was made (its basis says it; of older ones: from what lies there), over what
 * nothing else holds by then: so it names the same whether what lay below is on an invoice, or was credited to be billed again. A decrease takes from
 * the top of what is of its kind. What is above a cap lies above all that the cap lets through, also where that came later.
 *
 * `parts` in their order.
 */
export function namedValue(parts: readonly ValuedPart[]): NamedValue {
  let pieces: readonly Piece[] = [];
  /** What is above a cap, as if nothing lay below it. */
  let above: readonly Piece[] = [];
  let below = new Decimal(0);
  for (const { item, isForgone } of parts) {
    if (item.net === null) continue;
    const net = new Decimal(item.net.amount);
    if (net.isNegative()) {
      const fromAbove = takenOff(above, net.negated(), isForgone);
      const taken = takenOff(pieces, fromAbove.left, isForgone);
      above = fromAbove.pieces;
      ({ pieces } = taken);
      if (isForgone) below = below.minus(taken.left);
    } else if (net.gt(0) && isAboveCap(item)) above = laidOn(above, net, null, isForgone);
    else if (net.gt(0)) pieces = laidOn(pieces, net, worthThen(item)?.minus(sumOf(above)) ?? null, isForgone);
  }
  const top = topOf(pieces);
  const lifted = above.map(({ from, to, ...one }) => ({ ...one, from: from.plus(top), to: to.plus(top) }));
  return { stretches: [...pieces, ...lifted].filter((piece) => piece.isForgone), below };
}

function isAboveCap({ basis: { cap } }: FrozenItem): boolean {
  return (cap?.above ?? null) !== null;
}

function sumOf(pieces: readonly Piece[]): Decimal {
  return pieces.reduce((sum, { from, to }) => sum.plus(to.minus(from)), new Decimal(0));
}

/** What of the value that is named still stands where the work is worth a net. */
export function standingOf({ stretches, below }: NamedValue, net: Decimal): Decimal {
  return stretches.reduce((sum, { from, to }) => sum.plus(Decimal.max(0, Decimal.min(net, to).minus(from))), below);
}

/** What the whole work was worth when an adjustment was made. null: the item is none, or its basis does not say it. */
function worthThen({ basis: { adjustment } }: FrozenItem): Decimal | null {
  const now = adjustment?.from?.now ?? [];
  return now.length === 0 ? null : now.reduce((sum, { net }) => sum.plus(net.amount), new Decimal(0));
}

function topOf(pieces: readonly Piece[]): Decimal {
  return pieces.reduce((top, { to }) => Decimal.max(top, to), new Decimal(0));
}

/** With as much more, from a height down over what is free; what finds no room there lies on top. */
function laidOn(pieces: readonly Piece[], net: Decimal, height: Decimal | null, isForgone: boolean): readonly Piece[] {
  const laid: Piece[] = [];
  let left = net;
  let to = height ?? topOf(pieces).plus(net);
  const fromTop = [...pieces].sort((a, b) => b.to.comparedTo(a.to));
  for (const [index, held] of [...fromTop, { from: new Decimal(0), to: new Decimal(0) }].entries()) {
    const from = Decimal.max(held.to, to.minus(left));
    if (from.lt(to)) {
      laid.push({ from, to, isForgone });
      left = left.minus(to.minus(from));
    }
    if (left.isZero() || index === fromTop.length) break;
    to = Decimal.min(to, held.from);
  }
  const all = [...pieces, ...laid];
  if (left.isZero()) return all;
  const top = topOf(all);
  return [...all, { from: top, to: top.plus(left), isForgone }];
}

/** Without as much of one kind, from its top. */
function takenOff(
  pieces: readonly Piece[],
  net: Decimal,
  isForgone: boolean,
): { readonly pieces: readonly Piece[]; readonly left: Decimal } {
  let left = net;
  const fromTop = [...pieces].sort((a, b) => b.to.comparedTo(a.to));
  const kept = fromTop.map((piece) => {
    if (piece.isForgone !== isForgone) return piece;
    const to = Decimal.max(piece.from, piece.to.minus(left));
    left = left.minus(piece.to.minus(to));
    return { ...piece, to };
  });
  return { pieces: kept.filter(({ from, to }) => from.lt(to)), left };
}
