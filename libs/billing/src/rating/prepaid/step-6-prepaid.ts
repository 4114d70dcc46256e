import { Decimal, type LocalDate, type Minutes, Money, flat, minorUnitDigits, unreachable } from '@billtrail/kernel';
import { type Piece, cutInto, flatShares, isFlat, quantityFor } from '../items/part-splitting.js';
import type { BillableItem, ClientPeriodFacts } from '../facts.js';
import type { FrozenWork } from '../items/frozen.js';
import type { DrawPrepaid, PricedPart, Reprice } from '../items/priced-part.js';
import type { Draw } from './prepaid-facts.js';
import {
  type Obstacle,
  PrepaidStock,
  type Supply,
  amountOf,
  available,
  frozenDraws,
  prepaidAmount,
  withdrawn,
} from './prepaid-stock.js';
import { type Purse, Purses } from './purses.js';
import { isRatedWhole, standingOf } from '../standing.js';
import type { TraceStep } from '../trace.js';

/**
 * Step 6 of rating.md: work whose coverage rule says `prepaid` draws on the blocks and allotments of its contract, earliest expiry first (none
 * last), then earliest purchase, in the order of rating (work date, then log position). A block is asked only if the work date lies
 * inside it. Minutes are drawn by time alone, and not by time that has one price whatever its minutes; money by whatever has a price, at the
 * price of the work. What no block covers is overage: time at the overage rate, all else (and one price whatever the minutes) at its own
 * price. Frozen draws of the period and of later ones were taken before.
 *
 * Prepaid work that was corrected after it was frozen keeps what it had drawn, as far as it needs it and its day allows; what it needs no
 * more goes back to where it came from. What was asked of it beyond stays overage; what it grew by draws like new work. What was voided gives
 * all back.
 */
export const drawPrepaid: DrawPrepaid = (parts, facts, reprice, rated = NOTHING_RATED) => {
  const stock = new PrepaidStock(facts);
  if (parts.every((part) => part.outcome !== 'prepaid') && rated.length === 0)
    return { parts, balances: stock.balances() };
  const purses = new Purses();
  const drawings = parts.map((part) => (part.outcome === 'prepaid' ? begin(stock, part, purses) : null));
  // What is not asked for again goes back before anything is drawn: it may be drawn by whatever lies in the days of its block.
  for (const frozen of rated) for (const { key, left } of purses.of(frozen).draws) stock.giveBack(key, left);
  const drawn = parts.flatMap((part, index) => {
    const drawing = drawings[index] ?? null;
    return drawing === null ? [part] : drawOn(stock, drawing, reprice);
  });
  return { parts: drawn, balances: stock.balances() };
};

const NOTHING_RATED: readonly FrozenWork[] = [];

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

/** How far the drawing of one part has come. */
interface Drawing {
  readonly part: PricedPart;
  rest: Rest;
  /** What of the price was asked before and stays overage; null: the part was not frozen. */
  kept: Rest | null;
  readonly taken: Taken[];
  readonly tried: string[];
}

/** Work that was frozen first takes again what it had drawn. What was asked of it beyond that stays overage: only an increase draws anew. */
function begin(stock: PrepaidStock, part: PricedPart, purses: Purses): Drawing {
  const rest: Rest = {
    minutes: part.billableMinutes,
    quantity: new Decimal(part.quantity),
    exact: part.exact,
    isFlat: isFlat(part),
  };
  const drawing: Drawing = { part, rest, kept: null, taken: [], tried: [] };
  const { frozen } = part.assessed;
  if (frozen === null || !isRatedWhole(part.assessed)) return drawing;
  const purse = purses.of(frozen);
  const day = part.assessed.date;
  for (const own of purse.draws) {
    const supply = stock.find(own.key) ?? withdrawn(own.source, own.currency);
    if (isCovered(drawing.rest)) break;
    if (own.left.isZero() || misfitOf(supply, day, drawing.rest) !== null) continue;
    const take = supply.currency === null ? takeMinutes(own.left, drawing.rest) : takeMoney(own.left, drawing.rest);
    own.left = own.left.minus(take.amount);
    const { amount, piece } = take;
    drawing.tried.push(`${supply.name}: ${amountText(amount, supply)} drawn before it was corrected`);
    drawing.taken.push({ supply, amount, leftAfter: supply.left, piece, tried: [...drawing.tried] });
    drawing.rest = take.rest;
  }
  const [kept, tail] = keptOf(part, drawing.rest, purse);
  return { ...drawing, kept, rest: tail };
}

/** What of the rest was asked before, and what is new. */
function keptOf(part: PricedPart, rest: Rest, purse: Purse): readonly [Rest, Rest] {
  const all = part.billableMinutes ?? 0;
  if (rest.minutes !== null && !rest.isFlat) {
    const minutes = Math.min(rest.minutes, purse.overageMinutes);
    purse.overageMinutes -= minutes;
    const added = rest.minutes - minutes;
    const ofAdded = all === 0 ? rest.exact : part.exact.times(added).dividedBy(all);
    const exact = minutes === 0 || ofAdded.compare(rest.exact) > 0 ? rest.exact : ofAdded;
    const tail = { ...rest, minutes: added, exact: added === 0 ? Money.zero(exact.currency) : exact };
    return [{ ...rest, minutes, exact: rest.exact.minus(tail.exact) }, tail];
  }
  const money = Decimal.max(Decimal.min(rest.exact.value, purse.overageMoney), 0);
  purse.overageMoney = purse.overageMoney.minus(money);
  const exact = Money.of(money, rest.exact.currency);
  const open = rest.exact.minus(exact);
  // Less than half a unit of money is no increase: the price before was rounded.
  if (open.rounded().isZero()) return [rest, nothingOf(rest)];
  if (money.isZero()) return [nothingOf(rest), rest];
  const share = open.value.div(rest.exact.value);
  const minutes = rest.minutes === null ? null : share.times(rest.minutes).floor().toNumber();
  const quantity = quantityFor(rest.quantity, open, rest.exact);
  return [
    {
      ...rest,
      minutes: rest.minutes === null || minutes === null ? null : rest.minutes - minutes,
      quantity: rest.quantity.minus(quantity),
      exact,
    },
    { ...rest, minutes, quantity, exact: open },
  ];
}

function nothingOf(rest: Rest): Rest {
  const minutes = rest.minutes === null ? null : 0;
  return { ...rest, minutes, quantity: ZERO, exact: Money.zero(rest.exact.currency) };
}

function together(one: Rest, other: Rest): Rest {
  const minutes = one.minutes === null || other.minutes === null ? null : one.minutes + other.minutes;
  const quantity = one.quantity.plus(other.quantity);
  return { ...one, minutes, quantity, exact: one.exact.plus(other.exact) };
}

function drawOn(stock: PrepaidStock, drawing: Drawing, reprice: Reprice): readonly PricedPart[] {
  const { part, kept, taken, tried } = drawing;
  const day = part.assessed.date;
  let { rest } = drawing;
  const isAlone = standingOf(part.assessed.work) === 'alone';
  if (isAlone) tried.push('the time was rejected, so it draws on nothing');
  for (const supply of isAlone ? [] : stock.of(part.inForce.contract.contractId)) {
    if (isCovered(rest)) break;
    const obstacle = obstacleTo(supply, day, rest);
    if (obstacle !== null) {
      tried.push(saying(supply, obstacle));
      continue;
    }
    const take = supply.currency === null ? takeMinutes(drawable(supply), rest) : takeMoney(drawable(supply), rest);
    supply.left = supply.left.minus(take.amount);
    tried.push(flat(`${supply.name}: drawn ${amountText(take.amount, supply)}`));
    taken.push({ supply, amount: take.amount, leftAfter: supply.left, piece: take.piece, tried: [...tried] });
    rest = take.rest;
  }
  return partsOf(part, day, taken, kept === null ? rest : together(kept, rest), tried, reprice);
}

/** Nothing is left to draw for: a piece of no minutes or of no price takes nothing from a block. */
function isCovered(rest: Rest): boolean {
  if (rest.isFlat) return rest.exact.rounded().isZero();
  return rest.minutes === null ? rest.quantity.isZero() || rest.exact.rounded().isZero() : rest.minutes === 0;
}

/** Why the work is none that the supply is for. */
function misfitOf(supply: Supply, day: LocalDate, rest: Rest): Obstacle | null {
  if (day < supply.firstDay) return 'too-early';
  if (supply.lastDay !== null && day > supply.lastDay) return 'expired';
  if (supply.currency === null && rest.minutes === null) return 'not-time';
  if (supply.currency === null && rest.isFlat) return 'one-price';
  if (supply.currency !== null && supply.currency !== rest.exact.currency) return 'other-currency';
  if (supply.currency !== null && rest.exact.rounded().isZero()) return 'costs-nothing';
  return null;
}

function obstacleTo(supply: Supply, day: LocalDate, rest: Rest): Obstacle | null {
  const misfit = misfitOf(supply, day, rest);
  if (misfit !== null || !drawable(supply).isZero()) return misfit;
  return supply.left.isZero() ? 'used-up' : 'held';
}

/** What is said of a block that was asked in vain: one text for all work that it is told of. */
function saying(supply: Supply, obstacle: Obstacle): string {
  let text = supply.sayings.get(obstacle);
  if (text === undefined) supply.sayings.set(obstacle, (text = flat(`${supply.name}: ${inWords(supply, obstacle)}`)));
  return text;
}

function inWords({ firstDay, lastDay, currency }: Supply, obstacle: Obstacle): string {
  switch (obstacle) {
    case 'too-early':
      return `not before ${firstDay}`;
    case 'expired':
      return `expired on ${lastDay}`;
    case 'not-time':
      return 'holds time, and this is not time';
    case 'one-price':
      return 'holds time, and this has one price whatever its minutes';
    case 'other-currency':
      return `holds ${currency}`;
    case 'costs-nothing':
      return 'holds money, and the work costs none';
    case 'used-up':
      return 'used up';
    case 'held':
      return 'the rest is drawn by later invoiced work';
    default:
      return unreachable(obstacle);
  }
}

/** Whole minutes, or money in whole minor units, that can be drawn now. */
function drawable(supply: Supply): Decimal {
  const digits = supply.currency === null ? 0 : minorUnitDigits(supply.currency);
  const free = available(supply);
  return free.decimalPlaces() <= digits ? free : free.toDecimalPlaces(digits, Decimal.ROUND_DOWN);
}

interface Take {
  readonly amount: Decimal;
  readonly piece: Piece;
  readonly rest: Rest;
}

function takeMinutes(left: Decimal, rest: Rest): Take {
  const minutes = rest.minutes ?? 0;
  const drawn = Math.min(minutes, left.toNumber());
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
function takeMoney(left: Decimal, rest: Rest): Take {
  const price = rest.exact.rounded();
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
    text: flat(
      `${amountText(amount, supply)} drawn on ${supply.name}${supply.lastDay === null ? '' : `, good until ${supply.lastDay}`}: ${amountText(leftAfter, supply)} left`,
    ),
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
  if (piece.billableMinutes === null || whole.billableMinutes === null) {
    const exact = rest?.exact ?? piece.exact;
    return { ...piece, exact, steps: [...piece.steps, overageStep(tried, whole.exact, exact)] };
  }
  if (isFlat(whole)) {
    const exact = rest?.exact ?? whole.exact;
    const share = exact.equals(whole.exact) ? {} : { flatShare: flatShares(whole, exact, whole.exact)[0] };
    return { ...piece, ...share, exact, steps: [...piece.steps, overageStep(tried, whole.exact, exact)] };
  }
  const priced = reprice(whole, piece.billableMinutes);
  const exact = rest === null ? priced.exact : openShare(priced.exact, whole, piece.billableMinutes, rest);
  const steps = [...priced.steps, overageStep(tried, priced.exact, exact)];
  return { ...piece, unitPrice: priced.unitPrice, exact, steps };
}

/** Where money of a block paid a part of the price of what is left, the step says how much, so that the amount can be worked out from it. */
function overageStep(tried: readonly string[], before: Money, exact: Money): TraceStep {
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

function openShare(overage: Money, whole: PricedPart, minutes: Minutes, rest: Rest): Money {
  if (whole.exact.isZero() || minutes === 0) return overage;
  const ofMinutes = whole.exact.times(minutes);
  return overage.times(rest.exact.value.times(whole.billableMinutes ?? 0)).dividedBy(ofMinutes.value);
}

function amountText(amount: Decimal, supply: Supply): string {
  return supply.currency === null ? `${amount.toFixed()} min` : Money.of(amount, supply.currency).toString();
}

/**
 * The statement of a period: every draw with its item, the frozen ones first, as they are taken first, then what is given back of them, then in
 * the order of the items.
 */
export function drawsOf(
  items: readonly BillableItem[],
  facts: Pick<ClientPeriodFacts, 'invoiced' | 'writtenOff'>,
): readonly Draw[] {
  const frozen = frozenDraws(facts);
  const known = new Set(frozen.map((draw) => draw.itemId));
  const taken: Draw[] = [];
  const returned: Draw[] = [];
  for (const { itemId, draw } of items) {
    if (draw === undefined || known.has(itemId)) continue;
    const { source, workItemId, workDate, amount } = draw;
    const now = { source, workItemId, workDate, amount, frozen: false, itemId };
    if (amountOf(amount).isNegative()) returned.push(now);
    else taken.push(now);
  }
  return [...frozen, ...returned, ...taken];
}
