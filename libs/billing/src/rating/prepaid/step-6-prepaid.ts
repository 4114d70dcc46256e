import { Decimal, type LocalDate, Money, at, invariant } from '@billtrail/kernel';
import { isFlat, quantityFor } from '../items/part-splitting.js';
import type { PricedPart, Reprice } from '../items/priced-part.js';
import { isRatedAgain, standingOf } from '../standing.js';
import type { DrawnBefore } from './drawn-before.js';
import { type Weigh } from './burn.js';
import { type Said, type Taken, amountText, partsOf } from './drawn-parts.js';
import { drawable, misfitOf, obstacleTo, skipReason } from './obstacles.js';
import { type PrepaidStock } from './prepaid-stock.js';
import { type Supply, withdrawn } from './supply.js';
import { type Rest, isCovered, nothingOf, takeMinutes, takeMoney, together } from './rest.js';

/**
 * Step 6 of rating.md: work whose coverage rule says `prepaid` draws on the blocks and allotments of its contract, earliest expiry first (none
 * last), then earliest purchase, in the order of rating (work date, then log position). A block is asked only if the work date lies
 * inside it. Minutes are drawn by time alone, and not by time that has one price whatever its minutes; money by whatever has a price, at the
 * price of the work. What no block covers is overage: time at the overage rate, all else (and one price whatever the minutes) at its own
 * price. Draws that are settled, of the period and of later ones, were taken before. `weigh`: how many minutes a minute of work draws.
 *
 * Prepaid work that was corrected after it was frozen keeps what it had drawn, as far as it needs it and its day allows; what it needs no
 * more goes back to where it came from. What was asked of it beyond stays overage; what it grew by draws like new work. What was voided gives
 * all back. `givingBack`: what work that is rated again, or is gone, had drawn.
 */
export function drawPrepaid(
  parts: readonly PricedPart[],
  stock: PrepaidStock,
  reprice: Reprice,
  givingBack: readonly DrawnBefore[],
  weigh: Weigh,
): readonly PricedPart[] {
  if (parts.every((part) => part.outcome !== 'prepaid') && givingBack.length === 0) return parts;
  const drawings = parts.map((part) => (part.outcome === 'prepaid' ? begin(stock, part, weigh) : null));
  // What is not asked for again goes back before anything is drawn: it may be drawn by whatever lies in the days of its block.
  for (const { draws } of givingBack) for (const draw of draws) stock.giveBack(draw);
  const drawn: PricedPart[] = [];
  drawings.forEach((drawing, index) => {
    if (drawing === null) drawn.push(at(parts, index, 'a priced part'));
    else drawn.push(...drawOn(stock, drawing, reprice, weigh));
  });
  return drawn;
}

const NOTHING = new Decimal(0);

/** How far the drawing of one part has come. */
interface Drawing {
  readonly part: PricedPart;
  rest: Rest;
  /** What of the price was asked before and stays overage; null: the part was not frozen. */
  kept: Rest | null;
  readonly taken: Taken[];
  readonly tried: Said[];
}

/** Work that was frozen first takes again what it had drawn. What was asked of it beyond that stays overage: only an increase draws anew. */
function begin(stock: PrepaidStock, part: PricedPart, weigh: Weigh): Drawing {
  const rest: Rest = {
    minutes: part.billableMinutes,
    // Of time the minutes are the quantity.
    quantity: part.billableMinutes === null ? new Decimal(part.quantity) : NOTHING,
    exact: part.exact,
    isFlat: isFlat(part),
  };
  const drawing: Drawing = { part, rest, kept: null, taken: [], tried: [] };
  const { earlier } = part.assessed;
  if (earlier === null || !isRatedAgain(part.assessed)) return drawing;
  const before = earlier.drawnBefore();
  for (const own of before.draws) {
    const supply = stock.find(own) ?? withdrawn(own.source, own.currency, stock.burnOfWithdrawn(own.key));
    if (isCovered(drawing.rest)) break;
    const weight = weigh(supply, part);
    const isTooLittle = supply.currency === null ? own.left.lt(weight) : own.left.isZero();
    if (isTooLittle || misfitOf(supply, dayFor(supply, part), drawing.rest) !== null) continue;
    const take =
      supply.currency === null ? takeMinutes(own.left, drawing.rest, weight) : takeMoney(own.left, drawing.rest);
    own.left = own.left.minus(take.amount);
    invariant(!own.left.isNegative(), 'work takes more again of a block than it had drawn');
    const { amount, piece } = take;
    drawing.tried.push(() => `${supply.name}: ${amountText(amount, supply)} drawn before it was corrected`);
    drawing.taken.push({ supply, amount, weight, leftAfter: supply.left, piece, tried: [...drawing.tried] });
    drawing.rest = take.rest;
  }
  const [kept, tail] = keptOf(part, drawing.rest, before);
  return { ...drawing, kept, rest: tail };
}

/** What of the rest was asked before, and what is new. */
function keptOf(part: PricedPart, rest: Rest, before: DrawnBefore): readonly [Rest, Rest] {
  if (rest.minutes !== null && !rest.isFlat) {
    const all = part.billableMinutes;
    invariant(all !== null, 'minutes are open of time alone');
    const minutes = Math.min(rest.minutes, before.overageMinutes);
    before.overageMinutes -= minutes;
    const added = rest.minutes - minutes;
    invariant(minutes >= 0 && added >= 0, 'more minutes of overage are kept than are open');
    const ofAdded = all === 0 ? rest.exact : part.exact.times(added).dividedBy(all);
    const exact = minutes === 0 || ofAdded.compare(rest.exact) > 0 ? rest.exact : ofAdded;
    const tail = { ...rest, minutes: added, exact: added === 0 ? Money.zero(exact.currency) : exact };
    return [{ ...rest, minutes, exact: rest.exact.minus(tail.exact) }, tail];
  }
  const money = Decimal.max(Decimal.min(rest.exact.value, before.overageMoney), 0);
  before.overageMoney = before.overageMoney.minus(money);
  const exact = Money.of(money, rest.exact.currency);
  const open = rest.exact.minus(exact);
  invariant(!open.isNegative() || rest.exact.isNegative(), 'more money of overage is kept than is open');
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

/** A block is good on the contract's days; an allotment is one of the billing period, which goes by the days where work is done. */
function dayFor({ source }: Supply, { assessed }: PricedPart): LocalDate {
  return source.from === 'block' ? assessed.contractDate : assessed.date;
}

function drawOn(stock: PrepaidStock, drawing: Drawing, reprice: Reprice, weigh: Weigh): readonly PricedPart[] {
  const { part, kept, taken, tried } = drawing;
  const day = part.assessed.date;
  let { rest } = drawing;
  const isAlone = standingOf(part.assessed.work) === 'alone';
  const isGiven = part.assessed.work.courtesy?.isAll === true;
  const supplies = isAlone || isGiven ? [] : stock.of(part.inForce.contract.contractId);
  if (isAlone) tried.push('the time was rejected, so it draws on nothing');
  else if (isGiven) tried.push('all of the work is given as a courtesy, so it draws on nothing');
  else if (supplies.length > 0 && kept === null && isCovered(rest)) tried.push('there is nothing to draw for');
  for (const supply of supplies) {
    if (isCovered(rest)) break;
    const weight = weigh(supply, part);
    const obstacle = obstacleTo(supply, dayFor(supply, part), rest, weight);
    if (obstacle !== null) {
      tried.push(skipReason(supply, obstacle));
      continue;
    }
    const free = drawable(supply);
    const take = supply.currency === null ? takeMinutes(free, rest, weight) : takeMoney(free, rest);
    supply.left = supply.left.minus(take.amount);
    invariant(!supply.left.isNegative(), 'more is drawn on a block than it holds');
    const { amount } = take;
    tried.push(() => `${supply.name}: drawn ${amountText(amount, supply)}`);
    taken.push({ supply, amount, weight, leftAfter: supply.left, piece: take.piece, tried: [...tried] });
    rest = take.rest;
  }
  if (!isAlone) stock.due.after(part, supplies, taken.length > 0, rest, weigh);
  return partsOf(part, day, taken, kept === null ? rest : together(kept, rest), tried, reprice);
}
