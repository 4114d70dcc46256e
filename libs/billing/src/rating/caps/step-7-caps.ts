import { Decimal, type Money, flat } from '@billtrail/kernel';
import type { Cap, WorkToCover } from '@billtrail/contracts';
import { matches, partToMatch } from '../coverage/matching.js';
import { cutInto, flatShares, isFlat, quantityFor, shareMinutes } from '../items/part-splitting.js';
import { unpricedStep } from '../coverage/placement.js';
import type { HoldToCaps, PricedPart } from '../items/priced-part.js';
import { standingOf } from '../standing.js';
import type { TraceStep } from '../../item/trace.js';
import { CapUsage, type Room, askOf } from './cap-usage.js';
import { FrozenOwn, isCorrected } from './frozen-own.js';

/**
 * Step 7 of rating.md: a not-to-exceed cap lets work through, in the order of rating, until its amount is billed; of the piece that meets it the
 * part up to the cap is billed, and what is above is a part of its own, written down by the contract's rule or a gap `cap-exceeded`
 * (R10). Labour, materials and expenses count together, at their discounted and rounded nets. What is on invoices counts first,
 * that of later periods too. What is drawn on a block is not held. Of several caps the one with the least room holds, a gap before a
 * write-down. Work that was corrected after it was frozen asks for room as far as it is more than what is frozen of it: what was invoiced is
 * never given back because of a cap, and what the correction took off makes room.
 */
export const holdToCaps: HoldToCaps = (parts, facts) => {
  const usage = new CapUsage(facts);
  if (!parts.some((part) => part.inForce.version.terms.caps !== undefined)) return { parts, caps: usage.handedOver() };
  const frozenOwn = new FrozenOwn(parts, usage);
  const held: PricedPart[] = [];
  for (const part of parts) hold(usage, frozenOwn, part, held);
  return { parts: held, caps: usage.handedOver() };
};

function hold(usage: CapUsage, frozenOwn: FrozenOwn, part: PricedPart, held: PricedPart[]): void {
  const { caps = [] } = part.inForce.version.terms;
  const rooms =
    part.draw !== null || standingOf(part.assessed.work) === 'alone' ? NO_ROOMS : roomsOf(usage, frozenOwn, part, caps);
  const tightest = tightestOf(rooms);
  if (tightest === null) {
    held.push(part);
    return;
  }
  const net = part.exact.rounded();
  const fits = net.compare(tightest.left) <= 0;
  const billed = fits ? net : tightest.left;
  const asked = askOf(part);
  for (const room of rooms) if (room !== null) usage.use(room.cap, asked, frozenOwn.beyond(room.cap, part, billed));
  if (fits) held.push(withStep(part, withinStep(part, tightest, net)));
  else if (isCorrected(part)) held.push(heldBack(part, tightest, net));
  else held.push(...cutAtCap(part, tightest, net));
}

/** What each cap lets through of the work; null: the cap is not about it. */
function roomsOf(usage: CapUsage, frozenOwn: FrozenOwn, part: PricedPart, caps: readonly Cap[]): Rooms {
  const asked = askOf(part);
  let work: WorkToCover | null = null;
  return caps.map((cap) => {
    if (cap.match !== undefined && !matches(cap.match, (work ??= partToMatch(part)))) return null;
    const room = usage.roomOf(cap, asked);
    const own = frozenOwn.of(cap, part);
    return own.isZero() ? room : { ...room, left: room.left.plus(own) };
  });
}

type Rooms = readonly (Room | null)[];
const NO_ROOMS: Rooms = [];

/** Corrected work is not cut: what is asked for it is a difference, and that is what is cut. */
function heldBack(part: PricedPart, room: Room, net: Money): PricedPart {
  const above = net.minus(room.left);
  return { ...part, heldBack: { above, rule: room.cap.above, step: aboveStep(part, room, above) } };
}

/** The room that holds: the smallest; of equal ones a gap before a write-down, so that nothing is forgone in doubt. */
function tightestOf(rooms: Rooms): Room | null {
  let tightest: Room | null = null;
  for (const room of rooms) {
    if (room === null) continue;
    const order = tightest === null ? -1 : room.left.compare(tightest.left);
    if (order < 0 || (order === 0 && room.cap.above === 'gap' && tightest?.cap.above === 'write-down')) tightest = room;
  }
  return tightest;
}

function cutAtCap(part: PricedPart, room: Room, net: Money): readonly PricedPart[] {
  const above = net.minus(room.left);
  const aboveCap = room.cap.above;
  const last = aboveStep(part, room, above);
  if (room.left.isZero()) return [{ ...withStep(part, last), aboveCap }];
  const minutes =
    part.billableMinutes === null
      ? null
      : shareMinutes(part.billableMinutes, [Number(room.left.toMinor()), Number(above.toMinor())]);
  const whole = new Decimal(part.quantity);
  const quantity = quantityFor(whole, room.left, net);
  const [billed, rest] = cutInto(part, [
    { billableMinutes: minutes === null ? null : (minutes[0] ?? 0), quantity },
    { billableMinutes: minutes === null ? null : (minutes[1] ?? 0), quantity: whole.minus(quantity) },
  ]);
  if (billed === undefined || rest === undefined) return [part];
  const [ofBilled, ofRest] = isFlat(part) ? flatShares(part, room.left, net) : [];
  return [
    { ...withStep(billed, withinStep(part, room, room.left)), ...shareOf(ofBilled), exact: room.left },
    { ...withStep(rest, last), ...shareOf(ofRest), exact: above, aboveCap },
  ];
}

function shareOf(share: string | undefined): Pick<PricedPart, 'flatShare'> {
  return share === undefined ? {} : { flatShare: share };
}

function withStep(part: PricedPart, step: TraceStep): PricedPart {
  return { ...part, steps: part.steps.concat(step) };
}

function withinStep(part: PricedPart, { cap, asks, used, left }: Room, billed: Money): TraceStep {
  const { currency } = left;
  return {
    step: 'cap',
    text: flat(`${asks}, ${used.amount} billed before: ${billed.amount} ${currency} billed`),
    facts: {
      contractId: part.inForce.contract.contractId,
      capId: cap.id,
      scope: cap.scope,
      amount: cap.amount,
      usedBefore: used.amount,
      left: left.amount,
      currency,
      billed: billed.amount,
    },
  };
}

function aboveStep(part: PricedPart, { cap, asks, used, left }: Room, above: Money): TraceStep {
  const { currency } = left;
  const text = `${asks}, ${used.amount} billed before: ${above.amount} ${currency} above it`;
  const facts = {
    contractId: part.inForce.contract.contractId,
    capId: cap.id,
    scope: cap.scope,
    amount: cap.amount,
    usedBefore: used.amount,
    left: left.amount,
    currency,
    above: above.amount,
    rule: cap.above,
  };
  if (cap.above === 'gap') return unpricedStep('cap', 'above-cap', `${text} has no price`, facts);
  return { step: 'cap', text: `${text} is written down, as the contract says`, facts };
}
