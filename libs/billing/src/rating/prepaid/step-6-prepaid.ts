import { Decimal, type LocalDate, type Minutes, Money, minorUnitDigits } from '@billtrail/kernel';
import { type Piece, cutInto, flatShares, isFlat, quantityFor } from '../items/part-splitting.js';
import type { BillableItem, ClientPeriodFacts } from '../facts.js';
import type { DrawPrepaid, PricedPart, Reprice } from '../items/priced-part.js';
import type { Draw } from './prepaid-facts.js';
import { PrepaidStock, type Supply, available, frozenDraws, prepaidAmount } from './prepaid-stock.js';
import { standingOf } from '../standing.js';
import type { TraceStep } from '../trace.js';

/**
 * Step 6 of rating.md: work whose coverage rule says `prepaid` draws on the blocks and allotments of its contract, earliest expiry first (none
 * last), then earliest purchase, in the order of rating (work date, then log position). A block is asked only if the work date lies
 * inside it. Minutes are drawn by time alone, and not by time that has one price whatever its minutes; money by whatever has a price, at the price
 * of the work. What no block covers is overage: time at the overage rate, all else (and one price whatever the minutes) at its own price. Frozen draws of the period and of later ones were taken before.
 */
export const drawPrepaid: DrawPrepaid = (parts, facts, reprice) => {
  const stock = new PrepaidStock(facts);
  const drawn = parts.some((part) => part.outcome === 'prepaid')
    ? parts.flatMap((part) => (part.outcome === 'prepaid' ? drawOn(stock, part, reprice) : [part]))
    : parts;
  return { parts: drawn, balances: stock.balances() };
};

/** What of a part is not covered yet. */
interface Rest {
  /** null for materials and expenses. */
  readonly minutes: Minutes | null;
  readonly quantity: Decimal;
  /** At the price of the work, not of overage. */
  readonly exact: Money;
  /** True for time that has one price whatever its minutes. */
  readonly isFlat: boolean;
}

interface Taken {
  readonly supply: Supply;
  /** In the unit of the supply. */
  readonly amount: Decimal;
  readonly leftAfter: Decimal;
  readonly piece: Piece;
  /** What was asked until then, this draw last. */
  readonly tried: readonly string[];
}

function drawOn(stock: PrepaidStock, part: PricedPart, reprice: Reprice): readonly PricedPart[] {
  const day = part.assessed.date;
  let rest: Rest = {
    minutes: part.billableMinutes,
    quantity: new Decimal(part.quantity),
    exact: part.exact,
    isFlat: isFlat(part),
  };
  const taken: Taken[] = [];
  const tried: string[] = [];
  const isAlone = standingOf(part.assessed.work) === 'alone';
  if (isAlone) tried.push('the time was rejected, so it draws on nothing');
  for (const supply of isAlone ? [] : stock.of(part.inForce.contract.contractId)) {
    if (isCovered(rest)) break;
    const obstacle = obstacleTo(supply, day, rest);
    if (obstacle !== null) {
      tried.push(`${supply.name}: ${obstacle}`);
      continue;
    }
    const take = supply.currency === null ? takeMinutes(supply, rest) : takeMoney(supply, rest);
    supply.left = supply.left.minus(take.amount);
    tried.push(`${supply.name}: drawn ${amountText(take.amount, supply)}`);
    taken.push({ supply, amount: take.amount, leftAfter: supply.left, piece: take.piece, tried: [...tried] });
    rest = take.rest;
  }
  return partsOf(part, day, taken, rest, tried, reprice);
}

/** Nothing is left to draw for: a piece of no minutes or of no price takes nothing from a block. */
function isCovered(rest: Rest): boolean {
  if (rest.isFlat) return rest.exact.rounded().isZero();
  return rest.minutes === null ? rest.quantity.isZero() || rest.exact.rounded().isZero() : rest.minutes === 0;
}

function obstacleTo(supply: Supply, day: LocalDate, rest: Rest): string | null {
  if (day < supply.firstDay) return `not before ${supply.firstDay}`;
  if (supply.lastDay !== null && day > supply.lastDay) return `expired on ${supply.lastDay}`;
  if (supply.currency === null && rest.minutes === null) return 'holds time, and this is not time';
  if (supply.currency === null && rest.isFlat) return 'holds time, and this has one price whatever its minutes';
  if (supply.currency !== null && supply.currency !== rest.exact.currency) return `holds ${supply.currency}`;
  if (supply.currency !== null && rest.exact.rounded().isZero()) return 'holds money, and the work costs none';
  if (drawable(supply).isZero()) return supply.left.isZero() ? 'used up' : 'the rest is drawn by later invoiced work';
  return null;
}

/** Whole minutes, or money in whole minor units, that can be drawn now. */
function drawable(supply: Supply): Decimal {
  const digits = supply.currency === null ? 0 : minorUnitDigits(supply.currency);
  return available(supply).toDecimalPlaces(digits, Decimal.ROUND_DOWN);
}

interface Take {
  readonly amount: Decimal;
  readonly piece: Piece;
  readonly rest: Rest;
}

function takeMinutes(supply: Supply, rest: Rest): Take {
  const minutes = rest.minutes ?? 0;
  const drawn = Math.min(minutes, drawable(supply).toNumber());
  return {
    amount: new Decimal(drawn),
    piece: { billableMinutes: drawn, quantity: ZERO },
    rest: {
      minutes: minutes - drawn,
      quantity: ZERO,
      exact: rest.exact.times(minutes - drawn).dividedBy(minutes),
      isFlat: false,
    },
  };
}

/** The last money of a block covers a part of a minute or a piece: money is exact, and the whole minutes that it pays for are covered. */
function takeMoney(supply: Supply, rest: Rest): Take {
  const price = rest.exact.rounded();
  const left = drawable(supply);
  if (left.gte(price.value)) {
    return {
      amount: price.value,
      piece: { billableMinutes: rest.minutes, quantity: rest.quantity },
      rest: { ...rest, minutes: rest.minutes === null ? null : 0, quantity: ZERO, exact: Money.zero(price.currency) },
    };
  }
  const drawn = Money.of(left, price.currency);
  const minutes =
    rest.minutes === null
      ? null
      : drawn.value.times(rest.minutes).div(rest.exact.value).toDecimalPlaces(0, Decimal.ROUND_DOWN).toNumber();
  const quantity = rest.minutes === null ? quantityFor(rest.quantity, drawn, rest.exact) : ZERO;
  return {
    amount: left,
    piece: { billableMinutes: minutes, quantity },
    rest: {
      ...rest,
      minutes: minutes === null || rest.minutes === null ? null : rest.minutes - minutes,
      quantity: rest.quantity.minus(quantity),
      exact: rest.exact.minus(drawn),
    },
  };
}

const ZERO = new Decimal(0);

/** The parts of the draws in their order, then the overage. */
function partsOf(
  part: PricedPart,
  day: LocalDate,
  taken: readonly Taken[],
  rest: Rest,
  tried: readonly string[],
  reprice: Reprice,
): readonly PricedPart[] {
  const hasOverage = taken.length === 0 || !isCovered(rest);
  const pieces = taken.map((one) => one.piece);
  if (hasOverage) pieces.push({ billableMinutes: rest.minutes, quantity: rest.quantity });
  const cut = pieces.length === 1 ? [part] : cutInto(part, pieces);
  const ofMoney = taken.some(({ supply }) => supply.currency !== null);
  return cut.map((piece, index) => {
    const draw = taken[index];
    if (draw !== undefined) return coveredPart(piece, day, draw);
    return overagePart(part, piece, ofMoney ? rest : null, tried, reprice);
  });
}

function coveredPart(piece: PricedPart, day: LocalDate, taken: Taken): PricedPart {
  const { supply, amount, leftAfter, tried } = taken;
  const { work } = piece.assessed;
  const step: TraceStep = {
    step: 'prepaid',
    text: `${amountText(amount, supply)} drawn on ${supply.name}${supply.lastDay === null ? '' : `, good until ${supply.lastDay}`}: ${amountText(leftAfter, supply)} left`,
    facts: {
      outcome: 'covered',
      ...supply.source,
      unit: supply.currency ?? 'minutes',
      drawn: amount.toFixed(),
      left: leftAfter.toFixed(),
      expiresOn: supply.expiresOn,
      tried,
    },
  };
  const zero = Money.zero(piece.exact.currency);
  return {
    ...piece,
    unitPrice: zero,
    exact: zero,
    steps: [...piece.steps, step],
    draw: {
      source: supply.source,
      workItemId: work.workItemId,
      workDate: day,
      amount: prepaidAmount(amount, supply.currency),
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
  tried: readonly string[],
  reprice: Reprice,
): PricedPart {
  const step: TraceStep = {
    step: 'prepaid',
    text: tried.length === 0 ? 'overage: the contract has nothing prepaid' : `overage: ${tried.join('; ')}`,
    facts: { outcome: 'overage', tried },
  };
  if (piece.billableMinutes === null || whole.billableMinutes === null) {
    return { ...piece, exact: rest?.exact ?? piece.exact, steps: [...piece.steps, step] };
  }
  if (isFlat(whole)) {
    const exact = rest?.exact ?? whole.exact;
    const share = exact.equals(whole.exact) ? {} : { flatShare: flatShares(whole, exact, whole.exact)[0] };
    return { ...piece, ...share, exact, steps: [...piece.steps, step] };
  }
  const priced = reprice(whole, piece.billableMinutes);
  const exact = rest === null ? priced.exact : openShare(priced.exact, whole, piece.billableMinutes, rest);
  return { ...piece, unitPrice: priced.unitPrice, exact, steps: [...priced.steps, step] };
}

function openShare(overage: Money, whole: PricedPart, minutes: Minutes, rest: Rest): Money {
  if (whole.exact.isZero() || minutes === 0) return overage;
  const ofMinutes = whole.exact.times(minutes);
  return overage.times(rest.exact.value.times(whole.billableMinutes ?? 0)).dividedBy(ofMinutes.value);
}

function amountText(amount: Decimal, supply: Supply): string {
  return supply.currency === null ? `${amount.toFixed()} min` : Money.of(amount, supply.currency).toString();
}

/**
 * The statement of a period: every draw with its item, the frozen ones first, as they are taken first, then in the order of the items.
 */
export function drawsOf(
  items: readonly BillableItem[],
  facts: Pick<ClientPeriodFacts, 'invoiced' | 'writtenOff'>,
): readonly Draw[] {
  const frozen = frozenDraws(facts);
  const known = new Set(frozen.map((draw) => draw.itemId));
  const now = items.flatMap(({ itemId, draw }) =>
    draw === undefined || known.has(itemId) ? [] : [{ ...draw, itemId, frozen: false }],
  );
  return [...frozen, ...now];
}
