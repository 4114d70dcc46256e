import { Decimal, type Minutes, type Money, at, invariant } from '@billtrail/kernel';
import type { WorkToCover } from '@billtrail/contracts';
import { matches, partToMatch } from '../coverage/matching.js';
import { cutInto, flatShares, isFlat, quantityFor } from '../items/part-splitting.js';
import type { PricedPart } from '../items/priced-part.js';
import { shareMinutes } from '../share-minutes.js';
import { standingOf } from '../standing.js';
import { type CapAsked, type CapUsage, askOf, capsOfPart } from './cap-usage.js';
import { OwnRoom, isCorrected } from './own-room.js';
import type { Room } from './room.js';

/**
 * Step 7 of rating.md: a not-to-exceed cap lets work through, in the order of rating, until its amount is billed; of the piece that meets it the
 * part up to the cap is billed, and what is above is a part of its own, written down by the contract's rule or a gap `cap-exceeded`
 * (R10). Labour, materials and expenses count together, at their discounted and rounded nets. What is on invoices counts first,
 * that of later periods too. What is drawn on a block is not held. Of several caps the one with the least room holds, a gap before a
 * write-down. Work that was corrected after it was frozen asks for room as far as it is more than what is frozen of it: what was invoiced is
 * never given back because of a cap, and what the correction took off makes room.
 */
export function holdToCaps(parts: readonly PricedPart[], usage: CapUsage): readonly PricedPart[] {
  if (!parts.some((part) => part.inForce.version.terms.caps !== undefined)) return parts;
  const own = new OwnRoom(parts, usage);
  const held: PricedPart[] = [];
  for (const part of parts) hold(usage, own, part, held);
  return held;
}

function hold(usage: CapUsage, own: OwnRoom, part: PricedPart, held: PricedPart[]): void {
  const asked = askOf(part);
  const isHeld = part.draw === null && standingOf(part.assessed.work) !== 'alone';
  const rooms = isHeld ? roomsOf(usage, own, part, asked) : NO_ROOMS;
  const tightest = tightestOf(rooms);
  if (tightest === null) {
    held.push(part);
    return;
  }
  const net = part.exact.rounded();
  const fits = net.compare(tightest.left) <= 0;
  const billed = fits ? net : tightest.left;
  invariant(billed.compare(net) <= 0, 'a cap lets more through than is asked');
  for (const room of rooms) if (room !== null) usage.use(room.cap, asked, own.beyond(room.cap, part, billed));
  if (fits) held.push(within(part, tightest, net));
  else if (isCorrected(part)) held.push(heldBack(part, tightest, net));
  else held.push(...cutAtCap(part, tightest, net));
}

/** What each cap lets through of the work; null: the cap is not about it. */
function roomsOf(usage: CapUsage, own: OwnRoom, part: PricedPart, asked: CapAsked): Rooms {
  const caps = capsOfPart(part);
  if (caps.length === 0) return NO_ROOMS;
  let work: WorkToCover | null = null;
  return caps.map((cap) => {
    if (cap.match !== undefined && !matches(cap.match, (work ??= partToMatch(part)))) return null;
    const room = usage.roomOf(cap, asked);
    const more = own.of(cap, part);
    return more.isZero() ? room : { ...room, left: room.left.plus(more) };
  });
}

type Rooms = readonly (Room | null)[];
const NO_ROOMS: Rooms = [];

/** Corrected work is not cut: what is asked for it is a difference, and that is what is cut. */
function heldBack(part: PricedPart, room: Room, net: Money): PricedPart {
  const above = net.minus(room.left);
  return { ...part, heldBack: { above, rule: room.cap.above, under: { room, amount: above, isAbove: true } } };
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
  const asAbove = (piece: PricedPart): PricedPart => ({
    ...piece,
    cap: { room, amount: above, isAbove: true },
    aboveCap: room.cap.above,
  });
  if (room.left.isZero()) return [asAbove(part)];
  const minutes =
    part.billableMinutes === null
      ? null
      : leavingSome(shareMinutes(part.billableMinutes, [Number(room.left.toMinor()), Number(above.toMinor())]));
  const whole = new Decimal(part.quantity);
  const quantity = quantityFor(whole, room.left, net);
  invariant(!above.isNegative() && !above.isZero(), 'a part is cut at a cap that it does not meet');
  invariant(quantity.lte(whole), 'a cap lets more through of a quantity than there is');
  const pieces = cutInto(part, [
    { billableMinutes: minutes === null ? null : at(minutes, 0, 'the minutes below the cap'), quantity },
    {
      billableMinutes: minutes === null ? null : at(minutes, 1, 'the minutes above the cap'),
      quantity: whole.minus(quantity),
    },
  ]);
  const actual = pieces.map(({ actualMinutes }) => actualMinutes ?? 0);
  const [billed, rest] = leavingSome(actual).map((actualMinutes, index): PricedPart => {
    const piece = at(pieces, index, 'a part beside the cap');
    return piece.actualMinutes === null ? piece : { ...piece, actualMinutes };
  });
  invariant(billed !== undefined && rest !== undefined, 'a part is cut at a cap in two');
  const [ofBilled, ofRest] = isFlat(part) ? flatShares(part, room.left, net) : [];
  return [
    { ...within(billed, room, room.left), ...shareOf(ofBilled), exact: room.left },
    { ...asAbove(rest), ...shareOf(ofRest), exact: above },
  ];
}

/**
 * Each part has a minute at least, what lies above the cap before the other: without any nothing would be left of it once the other part is frozen.
 */
function leavingSome(minutes: readonly Minutes[]): readonly [Minutes, Minutes] {
  const [below, above] = [at(minutes, 0, 'the minutes below the cap'), at(minutes, 1, 'the minutes above the cap')];
  if (above === 0 && below > 0) return [below - 1, 1];
  return below === 0 && above > 1 ? [1, above - 1] : [below, above];
}

function shareOf(share: string | undefined): Pick<PricedPart, 'flatShare'> {
  return share === undefined ? {} : { flatShare: share };
}

function within(part: PricedPart, room: Room, amount: Money): PricedPart {
  return { ...part, cap: { room, amount, isAbove: false } };
}
