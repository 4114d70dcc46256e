import { Decimal, Money, type MoneyJson, invariant, unreachable } from '@billtrail/kernel';
import type { LinePart } from '../item/frozen-item.js';

/** A part of a line before its amount is worked out; `amount`: it is stated, and not worked out. */
export type LineFigure = Omit<LinePart, 'amount'> & { readonly amount?: MoneyJson };

/** How far the sum of a line has come: what is rounded, and what is not rounded yet. */
interface Running {
  readonly rounded: Money;
  /** Exactly; of a prorated price that of all days that are charged alike up to its last. */
  readonly exact: Money;
  /** Of that what is for the days before. */
  readonly exactBefore: Money;
}

/**
 * The parts of a line with their amounts: what each adds to the rounded sum so far. Where they don't come to the net, for a unit price is shown without
 * some of its digits, a last part says by how much.
 */
export function workedOut(figures: readonly LineFigure[], net: Money): readonly LinePart[] {
  const parts: LinePart[] = [];
  let running = nothing(net.currency);
  for (const figure of figures) {
    const next = after(running, figure);
    const amount = totalOf(next).minus(totalOf(running));
    running = next;
    if (!amount.isZero() || isPrice(figure) || figure.label === 'tier')
      parts.push({ ...figure, amount: amount.toJSON() });
  }
  const rest = net.minus(totalOf(running));
  return rest.isZero() ? parts : [...parts, { ...partOf('rounding'), amount: rest.toJSON() }];
}

/** What the figures of a line come to so far. */
export function sumSoFar(figures: readonly LineFigure[], currency: string): Money {
  return totalOf(figures.reduce(after, nothing(currency)));
}

/** A part without figures. */
export function partOf(label: LinePart['label']): Omit<LinePart, 'amount'> {
  return { label, quantity: null, unitPrice: null };
}

function nothing(currency: string): Running {
  const zero = Money.zero(currency);
  return { rounded: zero, exact: zero, exactBefore: zero };
}

function isPrice({ label }: LineFigure): boolean {
  return label === 'price';
}

/** Each part works on the sum of those before it. The next price of a line begins a sum of its own. */
function after(running: Running, figure: LineFigure): Running {
  const { exact, exactBefore } = running;
  switch (figure.label) {
    case 'price':
      return { ...nothing(exact.currency), rounded: totalOf(running), exact: priceOf(figure) };
    case 'tier':
      return { ...running, exact: exact.plus(priceOf(figure)) };
    case 'proration': {
      const { days, ofDays, daysBefore = '0' } = figure;
      if (days === undefined || ofDays === undefined) return withStated(running, figure);
      return {
        ...running,
        exact: exact.times(new Decimal(daysBefore).plus(days)).dividedBy(ofDays),
        exactBefore: exact.times(daysBefore).dividedBy(ofDays),
      };
    }
    case 'discount': {
      if (figure.percent === undefined) return withStated(running, figure);
      const left = new Decimal(100).minus(figure.percent);
      return {
        ...running,
        exact: exact.times(left).dividedBy(100),
        exactBefore: exactBefore.times(left).dividedBy(100),
      };
    }
    case 'on-top':
    case 'counted':
      return { ...running, exact: exact.plus(statedBy(figure)) };
    case 'tiers':
    case 'limit':
    case 'elsewhere':
    case 'left-over':
    case 'cap':
    case 'courtesy':
    case 'paid-before':
    case 'billed-before':
    case 'adjustment':
    case 'rounding':
      return withStated(running, figure);
    default:
      return unreachable(figure.label);
  }
}

function withStated(running: Running, figure: LineFigure): Running {
  return { ...nothing(running.exact.currency), rounded: totalOf(running).plus(statedBy(figure)) };
}

function totalOf({ rounded, exact, exactBefore }: Running): Money {
  return rounded.plus(exact.rounded()).minus(exactBefore.rounded());
}

function statedBy({ label, amount }: LineFigure): Money {
  invariant(amount !== undefined, () => `part ${label} of a line states no amount`);
  return Money.from(amount);
}

/** Of hours the minutes count. */
function priceOf({ label, quantity, unitPrice, minutes, perMinutes = 60 }: LineFigure): Money {
  invariant(unitPrice !== null && quantity !== null, () => `part ${label} of a line has no price`);
  const each = Money.from(unitPrice);
  return minutes === undefined ? each.times(quantity) : each.times(minutes).dividedBy(perMinutes);
}
