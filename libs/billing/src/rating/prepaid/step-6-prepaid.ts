import { Decimal, Money, flat } from '@billtrail/kernel';
import type { FrozenWork } from '../../settled/settled-work.js';
import { isFlat, quantityFor } from '../items/part-splitting.js';
import type { DrawPrepaid, PricedPart, Reprice } from '../items/priced-part.js';
import { isRatedWhole, standingOf } from '../standing.js';
import { type DrawnBefore, DrawnBeforeByWork } from './drawn-before.js';
import { type Taken, amountText, partsOf } from './drawn-parts.js';
import { drawable, misfitOf, obstacleTo, saying } from './obstacles.js';
import { PrepaidStock, withdrawn } from './prepaid-stock.js';
import { type Rest, isCovered, nothingOf, takeMinutes, takeMoney, together } from './rest.js';

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
  const drawnBefore = new DrawnBeforeByWork();
  const drawings = parts.map((part) => (part.outcome === 'prepaid' ? begin(stock, part, drawnBefore) : null));
  // What is not asked for again goes back before anything is drawn: it may be drawn by whatever lies in the days of its block.
  for (const frozen of rated) for (const { key, left } of drawnBefore.of(frozen).draws) stock.giveBack(key, left);
  const drawn = parts.flatMap((part, index) => {
    const drawing = drawings[index] ?? null;
    return drawing === null ? [part] : drawOn(stock, drawing, reprice);
  });
  return { parts: drawn, balances: stock.balances() };
};

const NOTHING_RATED: readonly FrozenWork[] = [];

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
function begin(stock: PrepaidStock, part: PricedPart, drawnBefore: DrawnBeforeByWork): Drawing {
  const rest: Rest = {
    minutes: part.billableMinutes,
    quantity: new Decimal(part.quantity),
    exact: part.exact,
    isFlat: isFlat(part),
  };
  const drawing: Drawing = { part, rest, kept: null, taken: [], tried: [] };
  const { frozen } = part.assessed;
  if (frozen === null || !isRatedWhole(part.assessed)) return drawing;
  const before = drawnBefore.of(frozen);
  const day = part.assessed.date;
  for (const own of before.draws) {
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
  const [kept, tail] = keptOf(part, drawing.rest, before);
  return { ...drawing, kept, rest: tail };
}

/** What of the rest was asked before, and what is new. */
function keptOf(part: PricedPart, rest: Rest, before: DrawnBefore): readonly [Rest, Rest] {
  const all = part.billableMinutes ?? 0;
  if (rest.minutes !== null && !rest.isFlat) {
    const minutes = Math.min(rest.minutes, before.overageMinutes);
    before.overageMinutes -= minutes;
    const added = rest.minutes - minutes;
    const ofAdded = all === 0 ? rest.exact : part.exact.times(added).dividedBy(all);
    const exact = minutes === 0 || ofAdded.compare(rest.exact) > 0 ? rest.exact : ofAdded;
    const tail = { ...rest, minutes: added, exact: added === 0 ? Money.zero(exact.currency) : exact };
    return [{ ...rest, minutes, exact: rest.exact.minus(tail.exact) }, tail];
  }
  const money = Decimal.max(Decimal.min(rest.exact.value, before.overageMoney), 0);
  before.overageMoney = before.overageMoney.minus(money);
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

function drawOn(stock: PrepaidStock, drawing: Drawing, reprice: Reprice): readonly PricedPart[] {
  const { part, kept, taken, tried } = drawing;
  const day = part.assessed.date;
  let { rest } = drawing;
  const isAlone = standingOf(part.assessed.work) === 'alone';
  const supplies = isAlone ? [] : stock.of(part.inForce.contract.contractId);
  if (isAlone) tried.push('the time was rejected, so it draws on nothing');
  else if (supplies.length > 0 && kept === null && isCovered(rest)) tried.push('there is nothing to draw for');
  for (const supply of supplies) {
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
