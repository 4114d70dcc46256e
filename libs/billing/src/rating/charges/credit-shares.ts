import { Money, invariant } from '@billtrail/kernel';
import { isShareOf } from '../../item/item-key.js';
import type { ChargeLedger, EarlierCharge } from './charge-ledger.js';

/** A part of a service credit: what of it is in one tax category, or what none has room for. */
export interface Share {
  readonly taxCategory: string;
  readonly value: Money;
  readonly isLeftOver: boolean;
}

/** The stated category where it has room for all, or nothing is charged; else the one in which most remains, and the next; then what none has room for. */
export function sharesOf(stated: string, value: Money, rooms: ReadonlyMap<string, Money>): readonly Share[] {
  const zero = Money.zero(value.currency);
  const whole = { taxCategory: stated, value, isLeftOver: false };
  if ([...rooms.values()].every((room) => room.compare(zero) <= 0)) return [whole];
  if ((rooms.get(stated) ?? zero).compare(value) >= 0) return [whole];
  const byRoom = [...rooms].filter(([, room]) => room.compare(zero) > 0).sort(([, a], [, b]) => b.compare(a));
  const shares: Share[] = [];
  let left = value;
  for (const [taxCategory, room] of byRoom) {
    if (left.isZero()) break;
    const taken = room.compare(left) < 0 ? room : left;
    shares.push({ taxCategory, value: taken, isLeftOver: false });
    left = left.minus(taken);
  }
  if (!left.isZero()) shares.push({ taxCategory: stated, value: left, isLeftOver: true });
  const sum = Money.sum(
    shares.map((share) => share.value),
    value.currency,
  );
  invariant(sum.equals(value), () => `shares of ${sum.toString()} are made of a credit of ${value.toString()}`);
  return shares;
}

export function take(rooms: Map<string, Money>, taxCategory: string, value: Money): void {
  const room = rooms.get(taxCategory);
  if (room !== undefined) rooms.set(taxCategory, room.minus(value));
}

/** What documents carry of a credit, in whichever tax categories; it stands, and takes its room. */
export function settledShares(whole: string, book: ChargeLedger, rooms: Map<string, Money>): readonly EarlierCharge[] {
  const settled = book
    .earlierOfKind('service-credit')
    .filter(({ chargeId, basis }) => chargeId === whole || (basis.credit !== undefined && isShareOf(chargeId, whole)));
  for (const { chargeId, taxCategory, net, basis } of settled) {
    if (basis.credit?.isLeftOver !== true) take(rooms, taxCategory, net.negated());
    book.stands(chargeId);
  }
  return settled;
}

/** What of a credit a share is, where it is not all. */
export function inPart(value: Money, share: Share): string {
  if (share.value.equals(value)) return '';
  const where = share.isLeftOver ? 'for which no tax category has room' : `in tax category ${share.taxCategory}`;
  return `, of which ${share.value.toString()} ${where}`;
}
